/*
 * case.h - one random customer: a policy, what happens, and in which order.
 *
 * Everything is a plain value, so that a case can be copied, made smaller and
 * printed; names are indexes into fixed tables.  Times are ms since 1970.
 */
#ifndef NURTURE_TESTS_CASE_H
#define NURTURE_TESTS_CASE_H

#include <stdint.h>
#include <stdio.h>

#include "common/policy/policy.h"

enum {
	CASE_CLASSES = 4, /* receipt (no consent), care, feedback, promotion */
	CASE_PROGRAMMES = 4,
	CASE_CATEGORIES = 4, /* 0 is none */
	CASE_GROUPS = 3,     /* of merging; 0 is none */
	CASE_RULES_MAX = 12,
	CASE_DAYS_MAX = 2,
	CASE_OWN_MAX = 2,
	CASE_EVENTS_MAX = 28,
	CLASS_UNKNOWN = CASE_CLASSES, /* a class that the policy has no longer */
	NOBODY = -1,
};

struct ask {
	int programme, message_class, category, group, order;
	enum channel channel;
	int priority;
	int64_t value_e4, triggered_ms, due_ms, expires_ms, follow_after_ms, reserve_ms;
	int follows; /* another request's number, or NOBODY */
	bool held_out, exempt, always;
	int on_open_case;    /* Nurture__V1__OnOpenCase */
	bool outlives_order; /* the end of its order alone does not end it */
	struct send_window window;
};

struct person {
	bool has_address, bounces, erased, merged, has_case;
	const char *zone, *country;
	int consent[CASE_CLASSES + 1];      /* the last is "all": 0 nothing said, 1 yes, -1 no */
	int64_t bought_ms[CASE_CATEGORIES]; /* 0: never */
	int64_t paused_until_ms;
	struct {
		int64_t limit, window_ms;
	} own[CASE_OWN_MAX];
	unsigned own_count;
};

enum happening_kind {
	ASKED,
	PERSON_CHANGED,
	CANCELLED,
	SENT_ELSEWHERE,
	RELEASED,
	CONFIRMED,
	ASKED_AGAIN,
	DONE,
};

struct happening {
	enum happening_kind kind;
	bool dropped; /* by the shrinker */
	int64_t at_ms;
	int number; /* of the request that it makes or is about */
	int by_programme,
	    by_order; /* CANCELLED: matched as well when not NOBODY; none: everything */
	struct ask ask;
	struct person person;
	int64_t sent_ms; /* SENT_ELSEWHERE, with ask's class, channel and category */
};

struct test_case {
	uint64_t seed;
	int64_t begin_ms, unit_ms;
	struct policy policy; /* points into what follows: case_bind() */
	struct message_class classes[CASE_CLASSES];
	struct cap rules[CASE_RULES_MAX];
	struct quiet_day days[CASE_DAYS_MAX];
	struct category_window goods[1];
	int ids[CASE_EVENTS_MAX]; /* a permutation: id of request i */
	struct happening events[CASE_EVENTS_MAX];
	unsigned event_count;
};

/* Every zone and country that a case names. The caller frees with zones_free(). */
struct zones *case_zones(void);
void case_make(struct test_case *ret, uint64_t seed, const struct zones *zones);
/* After a copy: the policy is to point into this case, not into the other. */
void case_bind(struct test_case *c);
/* Another order of arrival inside each instant, as far as order must not matter. */
void case_permute(struct test_case *c, uint64_t seed);
void case_print(const struct test_case *c, FILE *out);

const char *class_name(int index);
const char *programme_name(int index);
const char *category_name(int index); /* "" for 0 */
const char *group_name(int index);
const char *order_name(int index); /* "" for 0 */
const char *request_name(const struct test_case *c, int number);

/* xorshift64*: 0 to sides - 1 */
uint32_t roll(uint64_t *random, uint32_t sides);
bool chance(uint64_t *random, uint32_t percent);

#endif
