/*
 * profile.h - what is known of one customer, in memory.
 *
 * Everything here is kept so that the order in which events arrive does not
 * matter: lists are sorted by what they are about, values carry the time of
 * the event that said them and the newest wins, sums only add.  What a list
 * drops when it is full is what is oldest by the events' own times.
 *
 * A profile lives in the arena of its step.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_PROFILE_H
#define NURTURE_SEGMENTER_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/policy/parcels.h"
#include "common/policy/refund.h"

enum {
	SEG_ORDERS_MAX = 64,
	SEG_CATEGORIES_MAX = 64, /* a set of categories is a uint64_t */
	SEG_ADDRESSES_MAX = 4,
	SEG_CASES_MAX = 32,
	SEG_UNKNOWN_CONSENTS_MAX = 64, /* of classes that the policy does not have */
	SEG_MOMENTS_MAX = 32,
	SEG_SOFT_BOUNCES_MAX = 10,
	SEG_ALLOWANCES_MAX = 4,
	SEG_EVENTS_MAX = 512,
	SEG_EVENTS_KEPT = 64, /* however old they are */
	SEG_AHEAD_MAX = 16,
	SEG_ERASED_HASHES_MAX = 32,
	SEG_FACTS_MAX = 2048,
};

#define SEG_MOMENT_MS 30000

/* "It never happened": earlier than any time. */
#define SEG_NEVER INT64_MIN

/* When it takes place; all three SEG_NEVER when nobody has said so. */
enum seg_order_date_kind { SEG_STARTS, SEG_ENDS, SEG_ORDER_DATES };
struct seg_order_date {
	int64_t at_ms;
	int64_t told_ms; /* the event that said so */
	int64_t done_ms; /* programmes that hang on it were set off until then; SEG_NEVER: not
			    looked at */
};

struct seg_order {
	const char *id;
	int64_t time_ms; /* when placed; before that is known: the oldest event about it */
	int64_t amount_e4, refunded_e4; /* both in its currency */
	uint64_t categories;
	uint64_t returned;           /* categories of which refunds of a part gave something back */
	unsigned top;                /* 1 + category of the most expensive item; 0: not known */
	int64_t amount_ms, items_ms; /* when the two above were said: the newest word holds */
	uint32_t currency;           /* currency_code(); 0: the shop's, or not said */
	bool placed;
	bool whole_gone; /* cancelled, or refunded without an amount */
	bool foreign;    /* not in the shop's currency */
	/* What was told of it is no news a second time. */
	bool told_shipped, told_cancelled, told_delivered, told_whole_refund;
	int64_t delivered_ms; /* without the name of a parcel */
	int64_t late_ms;      /* when that was said first */
	int64_t gone_ms;      /* newest cancellation or refund, of a part as well */
	struct refunds refunds;
	struct parcels parcels;
	struct seg_order_date dates[SEG_ORDER_DATES];
};

struct seg_older { /* orders that are not kept in detail any more */
	uint64_t orders;
	int64_t spent_e4;
	int64_t first_ms, last_ms;
};

struct seg_category {
	const char *name;
	int64_t older_ms; /* newest order in `older` */
};

struct seg_address {
	const char *text;
	int64_t last_ms, first_ms;
};

/* clang-format off */
#define SEG_ATTRIBUTES(X)                                                                          \
	X(NAME, name)                                                                              \
	X(LOCALE, locale)                                                                          \
	X(TIME_ZONE, time_zone)                                                                    \
	X(COUNTRY, country)                                                                        \
	X(BIRTHDAY, birthday)                                                                      \
	X(PHONE, phone)                                                                            \
	X(ADDRESS, address)                                                                        \
	X(REGION, region)
/* clang-format on */
enum seg_attribute_kind {
#define X(kind, field) SEG_##kind,
	SEG_ATTRIBUTES(X)
#undef X
	    SEG_ATTRIBUTE_COUNT
};

struct seg_attribute {
	const char *text; /* "" when it is not known */
	int64_t time_ms;
	bool is_said; /* by the person on a page of ours; else somebody echoes it */
};

enum seg_word {
	SEG_WITHDRAWN,
	SEG_ECHOED, /* somebody repeats that it was given */
	SEG_PROVEN, /* it was given, and it is known where and when */
};

struct seg_consent {
	const char *message_class; /* or "all" */
	enum seg_word word;
	int64_t time_ms; /* when it was said */
};

struct seg_case {
	const char *id;    /* case_name() */
	const char *order; /* that it is about; "" when nobody said */
	int64_t opened_ms, closed_ms;
};

struct seg_allowance {
	uint32_t limit, days;
};

struct seg_preferences { /* as the newest event says */
	int64_t time_ms;
	int64_t paused_until_ms;                             /* 0: no pause */
	struct seg_allowance allowances[SEG_ALLOWANCES_MAX]; /* by days, each once */
	unsigned count;
};

struct seg_memory { /* of a programme */
	const char *programme;
	int64_t last_ms, expires_ms;
};

struct seg_dedup_entry {
	uint64_t hash;
	int64_t minute; /* since 1970, of the event's time */
	uint32_t body;  /* of an event: hash of what it said; 0: not known */
};

struct seg_ahead {     /* an event that claims to be later than the newest arrival */
	uint64_t hash; /* of its id */
	int64_t claimed_ms;
};

/*
 * A set that forgets: what is oldest leaves it when it is full.  What is not
 * newer than its floor and not in it may have been there.
 */
struct seg_dedup {
	struct seg_dedup_entry *items; /* by (minute, hash) */
	unsigned count, room;
	int64_t floor; /* minute; SEG_NO_FLOOR: nothing was forgotten */
};

#define SEG_NO_FLOOR INT64_MIN

struct seg_profile {
	struct arena *arena;
	struct seg_order *orders; /* by (time, id) */
	unsigned order_count, order_room;
	struct seg_older older;
	struct seg_category *categories; /* by name */
	unsigned category_count, category_room;

	struct seg_address addresses[SEG_ADDRESSES_MAX + 1]; /* by (last seen, text) */
	unsigned address_count;
	struct seg_attribute attributes[SEG_ATTRIBUTE_COUNT];
	struct seg_consent *consents; /* by name */
	unsigned consent_count, consent_room;
	int64_t bounced_ms;       /* newest hard bounce */
	uint64_t bounced_address; /* what bounced, by its hash; 0: what was in use then */
	int64_t *soft_bounces_ms; /* ascending; newer than every open and click */
	unsigned soft_bounce_count, soft_bounce_room;
	/* The newest opens and clicks, ascending: half minutes since 1970, odd for a click. */
	int64_t *moments;
	unsigned moment_count, moment_room;
	uint64_t moments_ever; /* also those that are not kept */
	struct seg_preferences preferences;
	const char *merged_into; /* "" */
	int64_t merged_ms;
	struct seg_case *cases; /* by id */
	unsigned case_count, case_room;

	const char **segments; /* by name */
	unsigned segment_count;
	struct seg_memory *memories; /* by name */
	unsigned memory_count, memory_room;
	uint64_t contact_fingerprint;
	int64_t due_ms; /* SEG_NEVER: nothing is due */

	struct seg_dedup events;
	/* what was counted and has left the lists, and what was told of other things */
	struct seg_dedup facts;

	int64_t live_from_ms; /* SEG_NEVER; what came before sets nothing off */
	int64_t erased_ms;    /* SEG_NEVER; nothing up to it counts */
	struct seg_ahead ahead[SEG_AHEAD_MAX + 1]; /* by claimed_ms */
	unsigned ahead_count;
	uint64_t
	    erased_hashes[SEG_ERASED_HASHES_MAX]; /* that were ahead, and erasures, as they came */
	unsigned erased_hash_count;
};

/* A customer of whom nothing is known. */
struct seg_profile *seg_profile_new(struct arena *arena);

/*
 * Opens a gap at `at` in a list of count items of size bytes with room for
 * *room, moving the list when it is full; returns the list.  The gap is not
 * cleared and the caller counts it.
 */
void *seg_list_open(struct arena *arena, void *list, unsigned count, unsigned *room, size_t size,
		    unsigned at);
/* Takes the item at `at` out; the caller counts. */
void seg_list_close(void *list, unsigned count, size_t size, unsigned at);

static inline int64_t seg_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t seg_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long ago, never less than 0; a stored time may be anything. */
static inline int64_t seg_since(int64_t now_ms, int64_t then_ms)
{
	int64_t since_ms;

	if (__builtin_sub_overflow(now_ms, then_ms, &since_ms))
		return now_ms < then_ms ? 0 : INT64_MAX;
	return since_ms > 0 ? since_ms : 0;
}

/* Sums of money stop at the ends instead of wrapping. */
static inline int64_t seg_sum(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

#endif
