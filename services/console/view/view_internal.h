/*
 * view_internal.h - what the files of the view share.
 *
 *	view.c		opens, commits, begins anew
 *	readers.c	readers and their snapshots
 *	apply.c		a record of any topic, to whom it belongs
 *	  apply_person.c	  profiles
 *	  apply_moment.c	  events, outcomes, ends, notices
 *	  apply_work.c		  tasks, the desk's state, what waits
 *	  apply_item.c		  what customers have said
 *	  erase.c		  what an erasure takes away
 *	counts.c	how many outcomes of each kind there were
 *	numbers.c	texts and manners by their numbers
 *	tend.c		forgets by time, wipes after erasures
 *	lifting.c	what programmes are worth, by lift.c (pure)
 *	find.c		what somebody typed, as a query
 *	read_*.c	the queries
 *	keep*.c		what is kept of a record (pure)
 */
#ifndef NURTURE_CONSOLE_VIEW_VIEW_INTERNAL_H
#define NURTURE_CONSOLE_VIEW_VIEW_INTERNAL_H

#include <pthread.h>

#include "keep.h"
#include "sql.h"
#include "view.h"

enum { VIEW_PARTITIONS_MAX = 4096 };

/* moment.kind */
enum view_kind { VIEW_KIND_EVENT, VIEW_KIND_OUTCOME, VIEW_KIND_END, VIEW_KIND_NOTICE };

struct view_position {
	int64_t next;
	bool has_moved; /* since the last commit */
};

struct view {
	struct view_options options;
	int lock_file; /* held as long as the view is open; -1: not yet */
	struct sql *sql;
	struct arena arena; /* of the record that is applied */
	bool in_batch;
	bool expects_much;
	bool must_wipe; /* something was erased since the last wipe */
	struct view_position *positions[VIEW_TOPIC_COUNT];
	int32_t partitions[VIEW_TOPIC_COUNT]; /* room of the above */
	struct numbers *numbers;
	struct counts *counts;
	struct tending *tending;
	struct lifting *lifting;

	pthread_mutex_t lock; /* of what follows */
	uint64_t generation;  /* one more with each new file */
	struct view_reader *idle;
	struct view_state state;
	bool is_damaged; /* a reader has found that the file is */
};

struct view_reader {
	struct view *view;
	struct view_reader *next; /* while it is idle */
	struct sql *sql;
	uint64_t generation;
};

/* readers.c: ends those that wait to be used again.  The caller holds view->lock, or is alone. */
void view_free_idle(struct view *view);

/* The number of an id, which is made when it is new. */
int64_t view_pid(struct view *view, struct slice id);
/* 0: nobody has that id. */
int64_t view_pid_known(struct sql *sql, struct slice id);

/* Each takes one record; -1 with ERR_INPUT: it cannot be understood. */
int view_apply_profile(struct view *view, const struct view_record *record, struct err *err);
int view_apply_event(struct view *view, const struct view_record *record, struct err *err);
int view_apply_outcome(struct view *view, const struct view_record *record, struct err *err);
int view_apply_end(struct view *view, const struct view_record *record, struct err *err);
int view_apply_notice(struct view *view, const struct view_record *record, struct err *err);
int view_apply_task(struct view *view, const struct view_record *record, struct err *err);
int view_apply_contact(struct view *view, const struct view_record *record, struct err *err);
int view_apply_desk(struct view *view, const struct view_record *record, struct err *err);
int view_apply_item(struct view *view, const struct view_record *record, struct err *err);

/* apply_item.c */
/* The number of an item; 0: nobody has it. */
int64_t view_item_known(struct sql *sql, int64_t pid, const char *id);
/* Takes away what somebody said up to then. */
void view_drop_items(struct view *view, int64_t pid, int64_t until_ms);
/* Tells the index of words what the batch has brought: before each commit. */
void view_tell_words(struct view *view);

/* apply_work.c: when tasks are due follows from the policy, which may be another one by now. */
void view_refresh_due(struct view *view);
int64_t view_policy_number(const struct view *view);

/* erase.c */
/* Up to when nothing of the id is kept; INT64_MIN: it was never erased. */
int64_t view_erased_ms(struct sql *sql, struct slice id);
/* Takes away what is kept of the id up to then, and remembers it. */
void view_erase(struct view *view, struct slice id, int64_t erased_ms);
/* And all that its events told before, whatever time they claimed. */
void view_erase_events(struct view *view, struct slice id);
/* Forgets the id itself when nothing is kept under it any more. */
void view_forget_empty(struct sql *sql, int64_t pid);
/* When what a moment tells of had begun: an erasure takes what began before it. */
int64_t view_begun_ms(enum view_kind kind, struct slice body, int64_t at_ms, struct arena *arena);
/* The task has its end, as this record says. */
void view_note_end(struct view *view, const struct view_record *record, const char *task,
		   int64_t pid, int64_t at_ms);

/* numbers.c */
struct numbers *numbers_open(void);
void numbers_close(struct numbers **numbers);
/* The number of a text, or of a manner, which is made when it is new. */
int64_t number_of_text(struct view *view, const char *text);
int64_t number_of_manner(struct view *view, struct slice fields);

/* counts.c: outcomes by programme, day and status. */
struct counts *counts_open(void);
void counts_close(struct counts **counts);
void counts_note(struct view *view, const Nurture__V1__Outcome *outcome, int status);
/* Into the tables: before each commit. */
void counts_write(struct view *view);

/* tend.c */
struct tending *tending_open(void);
void tending_close(struct tending **tending);
/* lifting.c */
struct lifting *lifting_open(void);
void lifting_close(struct lifting **lifting);
void lifting_tend(struct view *view, int64_t wall_ms);
/* How long the topic keeps a record; NEVER_MS: for ever. */
int64_t view_kept_ms(enum view_topic topic);

#endif
