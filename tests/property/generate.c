/*
 * generate.c - a case from a seed.
 *
 * Times lie on a small grid of one unit (a second to ten days), a few of them
 * a millisecond or a second beside it: so things happen in one instant, and
 * exactly one window after each other, all the time.
 */
#include <string.h>

#include "generate.h"

static const int64_t begins_ms[] = {
    INT64_C(1767571200000), /* 2026-01-05 00:00Z, a Monday */
    INT64_C(1774735200000), /* 2026-03-28 22:00Z, before the clocks go on in Europe */
    INT64_C(1792879200000), /* 2026-10-24 22:00Z, and back */
    INT64_C(1772949600000), /* 2026-03-08 06:00Z, on in America */
    INT64_C(1793502000000), /* 2026-11-01 03:00Z, and back */
    INT64_C(1798747200000), /* 2026-12-31 20:00Z */
    INT64_C(1835380800000), /* 2028-02-28 20:00Z */
};

static const int64_t units_ms[] = {
    SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 30 * MINUTE_MS,
    HOUR_MS,   HOUR_MS,   6 * HOUR_MS,    DAY_MS,         10 * DAY_MS,
};

static int64_t beside(uint64_t *r, int64_t time_ms)
{
	static const int64_t ms[] = {1, -1, SECOND_MS, -SECOND_MS};

	return time_ms + (chance(r, 8) ? ms[roll(r, 4)] : 0);
}

static int64_t remembered_ms(const struct policy *policy)
{
	int64_t longest_ms = policy->ceiling.window_ms;

	for (unsigned i = 0; i < policy->cap_count; i++)
		if (policy->caps[i].window_ms > longest_ms)
			longest_ms = policy->caps[i].window_ms;
	return longest_ms > 8 * DAY_MS ? longest_ms : 8 * DAY_MS;
}

static void make_ask(struct test_case *c, uint64_t *r, struct happening *e)
{
	struct ask *a = &e->ask;
	unsigned channel = roll(r, 20);

	*a = (struct ask){
	    .programme = (int)roll(r, CASE_PROGRAMMES),
	    .message_class = (int)roll(r, CASE_CLASSES),
	    .category = chance(r, 50) ? 0 : 1 + (int)roll(r, 3),
	    .order = (int)roll(r, 3),
	    .channel = channel < 15   ? CHANNEL_EMAIL
		       : channel < 17 ? CHANNEL_TASK
				      : CHANNEL_EXTERNAL,
	    .priority = (int)roll(r, 3) * 10,
	    .value_e4 = chance(r, 70) ? 0 : roll(r, 3) * 10000,
	    /* Mostly now; some come late. */
	    .triggered_ms =
		chance(r, 70) ? e->at_ms : beside(r, e->at_ms - roll(r, 6) * c->unit_ms),
	    .due_ms = beside(r, e->at_ms + (chance(r, 50) ? roll(r, 10) * c->unit_ms : 0)),
	    .follows = NOBODY,
	    .held_out = chance(r, 4),
	    .exempt = chance(r, 10),
	    .outlives_order = chance(r, 10),
	};
	if (chance(r, 10))
		a->on_open_case = 1 + (int)roll(r, 2);
	a->always = a->held_out && chance(r, 50);
	a->expires_ms = beside(r, a->due_ms + (1 + roll(r, 30)) * c->unit_ms);
	a->expires_ms = a->expires_ms > a->due_ms ? a->expires_ms : a->due_ms + 1;
	if (e->number > 0 && a->channel != CHANNEL_EXTERNAL && chance(r, 15)) {
		a->follows = (int)roll(r, (uint32_t)e->number);
		a->follow_after_ms = roll(r, 6) * c->unit_ms;
	}
	if (chance(r, 20)) { /* only mail keeps it */
		/* Often where clocks change. */
		a->window.from_min =
		    chance(r, 40) ? 60 + (int)roll(r, 4) * 30 : (int)roll(r, 47) * 30;
		a->window.to_min = a->window.from_min + 30 * (1 + (int)roll(r, 6));
		a->window.to_min = a->window.to_min > 1440 ? 1440 : a->window.to_min;
	}
	if (a->channel == CHANNEL_EXTERNAL && chance(r, 50))
		a->reserve_ms = (1 + roll(r, 6)) * c->unit_ms;
}

/*
 * A request is remembered until it has expired and a while more, a permit for a
 * week at least: nobody speaks of older ones.
 */
static void forget_the_old(struct test_case *c)
{
	const struct ask *asked[CASE_EVENTS_MAX] = {0};

	for (unsigned i = 0; i < c->event_count; i++) {
		struct happening *e = &c->events[i];
		const struct ask *first = NULL;

		if (e->kind == ASKED_AGAIN && asked[e->number]->expires_ms < e->at_ms)
			e->dropped = true;
		if ((e->kind == RELEASED || e->kind == CONFIRMED) &&
		    asked[e->number]->due_ms < e->at_ms - 7 * DAY_MS)
			e->dropped = true;
		if (e->kind != ASKED)
			continue;
		asked[e->number] = &e->ask;
		first = e->ask.follows == NOBODY ? NULL : asked[e->ask.follows];
		if (first && first->expires_ms < e->at_ms)
			e->ask.follows = NOBODY;
	}
}

/* Who was erased has no allowances any more: nothing is remembered for the sake of long ones. */
static void shorten_allowances(struct test_case *c)
{
	int64_t longest_ms = remembered_ms(&c->policy);
	bool is_erased = false;

	for (unsigned i = 0; i < c->event_count; i++)
		is_erased |= c->events[i].kind == PERSON_CHANGED && c->events[i].person.erased;
	for (unsigned i = 0; is_erased && i < c->event_count; i++)
		for (unsigned k = 0; k < CASE_OWN_MAX; k++)
			if (c->events[i].person.own[k].window_ms > longest_ms)
				c->events[i].person.own[k].window_ms = longest_ms;
}

/* All of one group have one class and are equally exempt: the policy's reader sees to it. */
static void make_group(struct test_case *c, uint64_t *r)
{
	int classes[CASE_GROUPS] = {0, (int)roll(r, CASE_CLASSES), (int)roll(r, CASE_CLASSES)};
	bool exempt = chance(r, 10), merges = chance(r, 40);

	for (unsigned i = 0; merges && i < c->event_count; i++) {
		struct ask *a = &c->events[i].ask;

		if (c->events[i].kind != ASKED || a->channel == CHANNEL_EXTERNAL || chance(r, 30))
			continue;
		a->group = 1 + a->programme / 2;
		a->message_class = classes[a->group];
		a->exempt = exempt;
	}
}

/* The first ones may be longer than any rule; later ones only as long as sends are remembered. */
static void make_allowances(struct test_case *c, uint64_t *r, struct person *p)
{
	const struct person *first = &c->events[0].person;
	int64_t longest_ms = remembered_ms(&c->policy);

	if (p != first && first->own_count) {
		memcpy(p->own, first->own, sizeof(p->own));
		p->own_count = first->own_count;
		return;
	}
	p->own_count = chance(r, 15) ? 1 + roll(r, CASE_OWN_MAX) : 0;
	for (unsigned i = 0; i < p->own_count; i++) {
		p->own[i].limit = 1 + roll(r, 3);
		p->own[i].window_ms = (1 + roll(r, 12)) * c->unit_ms;
		if (p != first && p->own[i].window_ms > longest_ms)
			p->own[i].window_ms = longest_ms;
	}
}

static void make_person(struct test_case *c, uint64_t *r, struct happening *e, unsigned yes)
{
	static const char *const zones[] = {"Europe/Vienna",       "UTC",
					    "America/New_York",    "Asia/Kolkata",
					    "Australia/Lord_Howe", "Mars/Olympus"};
	static const char *const countries[] = {"US", "US", "IN", "ZZ"};
	struct person *p = &e->person;

	*p = (struct person){
	    .has_address = chance(r, 97),
	    .bounces = chance(r, 2),
	    .erased = chance(r, 2),
	    .merged = chance(r, 2),
	    .has_case = chance(r, 15),
	    .zone = chance(r, 60) ? "" : zones[roll(r, 6)],
	    .country = chance(r, 70) ? "" : countries[roll(r, 4)],
	    .paused_until_ms = chance(r, 12) ? beside(r, e->at_ms + roll(r, 12) * c->unit_ms) : 0,
	};
	for (int i = 0; i <= CASE_CLASSES; i++)
		if (i == CASE_CLASSES || chance(r, 40))
			p->consent[i] = chance(r, yes) ? 1 : chance(r, 50) ? -1 : 0;
	for (int i = 1; i < CASE_CATEGORIES; i++)
		if (chance(r, 15))
			p->bought_ms[i] = beside(r, e->at_ms - roll(r, 10) * c->unit_ms);
	make_allowances(c, r, p);
}

static void make_event(struct test_case *c, uint64_t *r, struct happening *e, int requests)
{
	unsigned what = requests ? roll(r, 100) : 0;

	e->kind = what < 62   ? ASKED
		  : what < 74 ? PERSON_CHANGED
		  : what < 80 ? CANCELLED
		  : what < 88 ? SENT_ELSEWHERE
		  : what < 92 ? RELEASED
		  : what < 95 ? CONFIRMED
		  : what < 97 ? DONE
			      : ASKED_AGAIN;
	e->number = e->kind == ASKED ? requests : requests ? (int)roll(r, (uint32_t)requests) : 0;
	e->by_programme = e->by_order = NOBODY;
	make_ask(c, r, e);
	if (e->kind == SENT_ELSEWHERE && e->ask.channel == CHANNEL_TASK)
		e->ask.channel = CHANNEL_EMAIL;
	if (e->kind == CANCELLED && chance(r, 50)) {
		e->number = NOBODY;
		if (chance(r, 70))
			e->by_programme = (int)roll(r, CASE_PROGRAMMES);
		if (chance(r, e->by_programme == NOBODY ? 80 : 50))
			e->by_order = 1 + (int)roll(r, 2);
	}
	make_person(c, r, e, 85);
	e->sent_ms = beside(r, e->at_ms - (chance(r, 50) ? 0 : roll(r, 12) * c->unit_ms));
	e->sent_ms = e->sent_ms > e->at_ms ? e->at_ms : e->sent_ms;
}

void case_make(struct test_case *ret, uint64_t seed, const struct zones *zones)
{
	uint64_t random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1, *r = &random;
	int64_t at_ms;
	int requests = 0;

	*ret = (struct test_case){.seed = seed};
	for (int i = 0; i < 8; i++)
		roll(r, 2);
	ret->unit_ms = units_ms[roll(r, sizeof(units_ms) / sizeof(*units_ms))];
	ret->begin_ms = begins_ms[roll(r, sizeof(begins_ms) / sizeof(*begins_ms))];
	ret->begin_ms += roll(r, 48) * 30 * MINUTE_MS;
	make_policy(ret, r, zones);
	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		int j = (int)roll(r, (uint32_t)i + 1);

		ret->ids[i] = ret->ids[j];
		ret->ids[j] = i;
	}
	ret->event_count = 3 + roll(r, chance(r, 60) ? 8 : CASE_EVENTS_MAX - 3);
	at_ms = ret->begin_ms;
	for (unsigned i = 0; i < ret->event_count; i++) {
		struct happening *e = &ret->events[i];

		at_ms += chance(r, 55) ? 0 : roll(r, 8) * ret->unit_ms;
		e->at_ms = at_ms = chance(r, 4) ? at_ms + 1 : at_ms;
		make_event(ret, r, e, requests);
		if (i == 0) {
			e->kind = PERSON_CHANGED;
			make_person(ret, r, e, 97);
		}
		requests += e->kind == ASKED;
	}
	make_group(ret, r);
	forget_the_old(ret);
	shorten_allowances(ret);
}
