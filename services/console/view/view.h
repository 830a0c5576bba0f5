/*
 * view.h - what the topics say, across customers: a file of SQLite that may be thrown away at any
 * time and comes back from the topics.
 *
 * One thread writes: it applies records and commits them together with how far each partition was
 * read, so that a kill loses and doubles nothing.  Reading goes on from there, never from a
 * group's offsets.  Any number of threads read, each from a snapshot of its own.
 *
 * Nothing is decided here, and nothing is known that is not on a topic.  What one topic says never
 * depends on how far another was read: whatever the order in which the topics are read, the same
 * records give the same view.
 *
 * Results are the arena's.  Times are ms since 1970.  -1 is ERR_ENVIRONMENT (the file cannot be
 * read or written: exit 111), unless it says otherwise.
 */
#ifndef NURTURE_CONSOLE_VIEW_VIEW_H
#define NURTURE_CONSOLE_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/outcome.h"
#include "common/policy/policy.h"
#include "nurture/v1/card.pb-c.h"
#include "nurture/v1/desk.pb-c.h"
#include "nurture/v1/event.pb-c.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/notice.pb-c.h"
#include "nurture/v1/outcome.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "nurture/v1/task.pb-c.h"

struct view;
struct view_reader;

/* The topics that are read, by their names without the prefix. */
/* clang-format off */
#define VIEW_TOPICS(X)                                                                             \
	X(EVENTS, "events")                                                                        \
	X(OUTCOMES, "outcomes")                                                                    \
	X(TASKS, "tasks")                                                                          \
	X(ENDS, "ends")                                                                            \
	X(NOTICES, "notices")                                                                      \
	X(PROFILES, "profiles")                                                                    \
	X(CONTACTS, "contacts")                                                                    \
	X(DESK, "desk")                                                                            \
	X(FEEDBACK, "feedback")
/* clang-format on */
enum view_topic {
#define X(name, text) VIEW_##name,
	VIEW_TOPICS(X)
#undef X
	    VIEW_TOPIC_COUNT
};
const char *view_topic_name(enum view_topic topic);

/*
 * Writing.
 */

struct view_options {
	/* Of the file; "-wal", "-shm" and "-lock" stand beside it.  Kept by reference. */
	const char *path;
	const struct policy *policy; /* outlives the view; its desk says when tasks are due */
};

/*
 * Opens the file, or makes it.  A file of another version, or that is none of ours but empty, is
 * thrown away; one that is something else is ERR_CONFIG.  One that another process has open is
 * ERR_ENVIRONMENT.
 */
int view_open(struct view **ret, const struct view_options *options, struct err *err);
/*
 * A view to read alone, beside the console that has it.  ERR_CONFIG: there is none, or one of
 * another version.  path is kept by reference; view_close() it.
 */
int view_open_to_look(struct view **ret, const char *path, struct err *err);
/* What was not committed is lost, and will be read again.  All readers must be ended.  NULL-safe,
 * sets NULL. */
void view_close(struct view **view);

/* The offset from which the partition is to be read; 0: from its beginning. */
int64_t view_offset(const struct view *view, enum view_topic topic, int32_t partition);

struct view_record {
	enum view_topic topic;
	int32_t partition;
	int32_t partitions; /* of the topic; 0: not known */
	int64_t offset;
	int64_t stamp_ms;   /* Kafka's; -1: none */
	bool is_for_others; /* a copy that others had not read; the view has read the original */
	struct slice key, value; /* value.bytes NULL: a tombstone */
};
/*
 * Takes a record into the batch.  1: taken.  0: it cannot be understood, for the reason in err; it
 * counts as read.  A record before view_offset() is passed over.
 */
int view_apply(struct view *view, const struct view_record *record, struct err *err);
/* Makes the batch durable and visible.  An empty one costs nothing. */
int view_commit(struct view *view, struct err *err);
/*
 * Between batches: forgets what the topics keep no longer, wipes what was erased off the file.  In
 * pieces of some hundredths of a second; *ret_more says whether there is more to do at once.
 * wall_ms says when; what is old is so by the state's clock, if that has one.
 */
int view_tend(struct view *view, int64_t wall_ms, bool *ret_more, struct err *err);
/* Between batches: whether very much will be read, for which memory is taken, and given back. */
void view_expect(struct view *view, bool very_much);
/* Throws all away: the next records are to be read from view_offset(), which is 0 everywhere. */
int view_begin_anew(struct view *view, struct err *err);
/*
 * Is the file gone, or has a batch or a reader found that it is damaged?  Then whatever failed will
 * fail again until the view was begun anew.
 */
bool view_is_damaged(struct view *view);
/* Has somebody asked for that (view_ask_anew()) since? */
bool view_is_asked_anew(const struct view *view);
/* From another process: the console that has this file shall begin anew. */
int view_ask_anew(const char *path, struct err *err);

/* How far the view is, for the foot of a page and /readyz. */
struct view_state {
	bool is_built;        /* it has caught up with the topics since it was made */
	int64_t behind;       /* records that are still to be read, as far as is known */
	int64_t caught_up_ms; /* when it last had all there was; 0: never */
	int64_t clock_ms;     /* where a clock stands that the events turn; 0: time is the wall's */
};
/* What "now" is for whoever looks at the view. */
static inline int64_t view_now_ms(const struct view_state *state, int64_t wall_ms)
{
	return state->clock_ms ? state->clock_ms : wall_ms;
}
void view_set_state(struct view *view, const struct view_state *state);
struct view_state view_get_state(struct view *view);

/*
 * Reading.  All that a page says comes from one snapshot.
 */

/* Safe from any thread. */
int view_begin(struct view *view, struct view_reader **ret, struct err *err);
/* NULL-safe, sets NULL. */
void view_end(struct view_reader **reader);

/* How somebody was found. */
enum view_match { VIEW_BY_ID, VIEW_BY_ORDER, VIEW_BY_EMAIL, VIEW_BY_PHONE, VIEW_BY_WORDS };

struct view_found {
	const char *id;                             /* under which the person lives */
	const char *name, *email, *phone, *address; /* ""; address: postal */
	enum view_match match;
	const char *order;             /* VIEW_BY_ORDER: its number; else "" */
	int64_t orders, last_order_ms; /* kept ones; 0: none */
};
struct view_people {
	struct view_found *items;
	size_t count;
	bool has_more;
};

enum {
	VIEW_SEARCH_MAX_BYTES = 200,
	VIEW_SEARCH_MAX = 100,
	VIEW_TASKS_OF_MAX = 300, /* of one person */
	VIEW_WAITING_MAX = 300,
	VIEW_SCORE_MAX = 5,
};
/*
 * Who may be meant by what somebody typed: exact ids, orders, addresses and phone numbers first,
 * then beginnings of words of names and postal addresses, without regard of case and diacritics;
 * nobody twice.  text may be anything; what goes beyond VIEW_SEARCH_MAX_BYTES is not looked at.
 */
int view_search(struct view_reader *reader, struct slice text, size_t limit, struct arena *arena,
		struct view_people *ret, struct err *err);

/* One thing that happened to somebody; exactly one of the five is there. */
struct view_moment {
	int64_t at_ms;
	int64_t number;       /* with at_ms its place in time: for view_place */
	const char *customer; /* the id that it was told of, which may have been merged since */
	const Nurture__V1__Event
	    *event; /* without what it says of the person: event->customer->id alone */
	const Nurture__V1__Outcome *outcome;
	const Nurture__V1__End *end;
	const Nurture__V1__Notice *notice;
	const char
	    *winner; /* of an outcome with reason.won_by: that one's programme; "": not known */
};
struct view_moments {
	struct view_moment *items; /* the newest first, an event that was sent twice once */
	size_t count;
	bool has_more;
};
/* Before which moment; VIEW_NEWEST: from the newest on. */
struct view_place {
	int64_t at_ms, number;
};
#define VIEW_NEWEST ((struct view_place){INT64_MAX, INT64_MAX})

struct view_person {
	const char *id; /* under which the person lives; the other ids lead here */
	const char *const *other_ids;
	size_t other_count;
	const Nurture__V1__Card *card; /* NULL: the segmenter knows nothing of the person */
	/* As the scheduler knows it: consent, holds, why the address takes no mail.  NULL: not. */
	const Nurture__V1__Contact *contact;
	struct view_moments last_words; /* the newest feedback with words, at most 3 */
	int64_t heard_7d, heard_30d;    /* mails and permits in so many days before now_ms */
	int64_t tasks_open;
};
/* 1: *ret is the person.  0: nobody knows the id, or it was erased and nothing came since. */
int view_person(struct view_reader *reader, const char *id, int64_t now_ms, struct arena *arena,
		struct view_person *ret, struct err *err);
/* All that happened under any of the person's ids. */
int view_timeline(struct view_reader *reader, const char *id, struct view_place before,
		  size_t limit, struct arena *arena, struct view_moments *ret, struct err *err);

/* What waits in the scheduler for a person. */
struct view_waiting {
	const Nurture__V1__Waiting *waiting; /* why, and from when it is possible */
	const Nurture__V1__Request *request;
	const char *winner; /* as of view_moment */
};
struct view_waitings {
	struct view_waiting *items; /* by when they are possible */
	size_t count;
};
int view_waiting(struct view_reader *reader, const char *id, struct arena *arena,
		 struct view_waitings *ret, struct err *err);

struct view_task {
	const Nurture__V1__Task *task; /* as it was given out, with whom it is about */
	const Nurture__V1__DeskTask
	    *desk;      /* who has it, what was told of it; NULL: no desk knows it */
	int64_t due_ms; /* by when the desk's rules want it to be over, else when it expires */
	bool is_open;   /* it has no end; of one that only expired nobody has said so */
	bool is_overdue;
};
struct view_tasks {
	struct view_task *items; /* by due_ms: what is overdue comes first */
	size_t count;
	bool has_more;
};
/* Tasks without an end; owner NULL: of all teams. */
int view_tasks(struct view_reader *reader, const char *owner, int64_t now_ms, size_t limit,
	       struct arena *arena, struct view_tasks *ret, struct err *err);
/* Those about one person. */
int view_tasks_of(struct view_reader *reader, const char *id, int64_t now_ms, struct arena *arena,
		  struct view_tasks *ret, struct err *err);
/* One of them, also one that has its end: 1, or 0. */
int view_task(struct view_reader *reader, const char *task, int64_t now_ms, struct arena *arena,
	      struct view_task *ret, struct err *err);

/* Feedback of at most this score since then, the newest first. */
int view_low_scores(struct view_reader *reader, int score, int64_t since_ms, size_t limit,
		    struct arena *arena, struct view_moments *ret, struct err *err);
/* An escalation is news for so long, which is as long as its notice is kept. */
#define VIEW_ESCALATED_MS (7 * DAY_MS)
/* Notices of the kind escalation to the team since then, the newest first; team NULL: to any. */
int view_escalated(struct view_reader *reader, const char *team, int64_t since_ms, size_t limit,
		   struct arena *arena, struct view_moments *ret, struct err *err);

enum { VIEW_PLAN_DAYS = 7 };
struct view_programme {
	const char *name;
	const char *owner;               /* as its newest outcome says; "" */
	int64_t outcomes[STATUS_COUNT];  /* how many of each status in the period */
	int64_t waiting;                 /* now */
	int64_t planned[VIEW_PLAN_DAYS]; /* of those, possible on each of the next days in UTC; the
					    first has those that were possible before */
};
struct view_programmes {
	struct view_programme *items; /* by name */
	size_t count;
};
/* What became of every request since the UTC day of since_ms, and what waits at now_ms. */
int view_programmes(struct view_reader *reader, int64_t since_ms, int64_t now_ms,
		    struct arena *arena, struct view_programmes *ret, struct err *err);

enum { VIEW_LIFT_DAYS = 30 };
/* What a programme is worth (docs/measuring.md): of whom some were left alone by chance. */
struct view_lift {
	const char *programme, *variant; /* variant: "" where there are none */
	int64_t people, heard;           /* that were to be told, and that were */
	int64_t held;                    /* that were left alone */
	double mean, mean_held;          /* orders of each in VIEW_LIFT_DAYS */
	double lift;                     /* the difference */
	double low, high;                /* its 95 % interval; NAN: too few people to say */
};
struct view_lifts {
	struct view_lift *items; /* by programme and variant */
	size_t count;
};
/* As they were counted last, once a day; none before the first time. */
int view_lift(struct view_reader *reader, struct arena *arena, struct view_lifts *ret,
	      struct err *err);

struct view_counts {
	int64_t people;                    /* about: ids that were ever met */
	int64_t tasks_open, tasks_overdue; /* of one owner, or of all */
	int64_t low_scores;                /* since since_ms */
	int64_t escalated;                 /* to that owner or to any, within VIEW_ESCALATED_MS */
	int64_t waiting;
};
/* For the line above a page; owner NULL: all. */
int view_counts(struct view_reader *reader, const char *owner, int score, int64_t since_ms,
		int64_t now_ms, struct view_counts *ret, struct err *err);

#endif
