/*
 * book.h - what the desk knows of one customer's tasks, and its bytes (desk.proto).  Pure.
 *
 * Lists: tasks that have no end yet, those that have one, so that nothing opens or ends them
 * again, and words about tasks that nobody has told yet.  The lists are bounded; what goes over
 * pushes out the oldest, but a task that is pushed out gets its end first (life/tell.h).  Besides
 * the notices that a webhook has not taken yet (tell/pending.h).
 */
#ifndef NURTURE_DESK_BOOK_H
#define NURTURE_DESK_BOOK_H

#include "common/base/arena.h"
#include "common/base/civil.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/desk.pb-c.h"

enum {
	DSK_TASKS_MAX = 256,
	DSK_ENDED_MAX = 512,
	DSK_WORDS_MAX = 64,
	DSK_TELLS_MAX = 32,
	DSK_NOTICE_MAX_BYTES = 8 * 1024,
	DSK_STATE_MAX_BYTES = 512 * 1024,
};

/* What expired so long before the desk heard of it is history: nobody is called about it. */
#define DSK_HISTORY_MS DAY_MS
/* How long an erasure is known: longer than a handover is on its way. */
#define DSK_ERASED_MS (8 * DAY_MS)
/* How long a task that has ended is known: longer than anybody repeats a record. */
#define DSK_ENDED_MS (30 * DAY_MS)
/*
 * How late a timer or a task is without anybody having been away; and how long at the most the desk
 * goes on reading before it believes that nobody did what is overdue.
 */
#define DSK_LATE_MS (2 * SECOND_MS)
#define DSK_PATIENCE_MS (10 * MINUTE_MS)
/* How long a word waits for its task: longer than a topic of ours is behind another. */
#define DSK_WORD_MS (8 * DAY_MS)

/* The values are those of DeskWord.kind. */
enum dsk_word { DSK_CLAIMED, DSK_SNOOZED, DSK_DONE, DSK_FAILED, DSK_CANCELLED, DSK_WORD_COUNT };

/* All texts and arrays are the arena's; each array has room for one more. */
struct dsk_book {
	Nurture__V1__DeskTask *tasks;
	Nurture__V1__DeskEnded *ended;
	Nurture__V1__DeskWord *words;
	Nurture__V1__DeskTell *tells;
	size_t task_count, ended_count, word_count, tell_count;
	const char *merged_into;      /* "": the customer has not ended by a merge */
	int64_t merged_ms, erased_ms; /* 0: never */
};

/* No bytes: nothing is known of the customer. */
int dsk_book_decode(struct slice bytes, struct arena *arena, struct dsk_book *ret, struct err *err);
/* An empty book gives no bytes. */
struct slice dsk_book_encode(const struct dsk_book *book, struct arena *arena);

/* NULL when there is none of that id without an end. */
Nurture__V1__DeskTask *dsk_book_task(const struct dsk_book *book, const char *id);
bool dsk_book_has_ended(const struct dsk_book *book, const char *id);
/* Removes the task from the open ones and notes its end; it is known until until_ms. */
void dsk_book_end(struct dsk_book *book, Nurture__V1__DeskTask *task, int64_t until_ms);
/* The oldest word gives way to one more than DSK_WORDS_MAX. */
void dsk_book_add_word(struct dsk_book *book, const Nurture__V1__DeskWord *word);
/* The same with an end that is known already. */
void dsk_book_add_ended(struct dsk_book *book, const Nurture__V1__DeskEnded *ended);
bool dsk_book_is_about(const Nurture__V1__DeskWord *word, const char *id);
/* Takes the oldest word about the task out of the book; false when there is none. */
bool dsk_book_take_word(struct dsk_book *book, const char *id, Nurture__V1__DeskWord *ret);
/* A new one behind the others, all zero; there must be room. */
Nurture__V1__DeskTell *dsk_book_add_tell(struct dsk_book *book, struct arena *arena);
/* Takes one out; those behind it move up. */
void dsk_book_drop_tell(struct dsk_book *book, size_t at);
/* Forgets what is known long enough by now_ms. */
void dsk_book_prune(struct dsk_book *book, int64_t now_ms);
/* When dsk_book_prune() has something to do next; NEVER_MS. */
int64_t dsk_book_prune_ms(const struct dsk_book *book);

#endif
