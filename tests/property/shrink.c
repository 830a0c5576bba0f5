/* shrink.c - what is not needed for a difference is left out, until all that is left is needed. */
#include <string.h>

#include "facts.h"

enum { WHY_BYTES = 1024 };

/* Keeps the smaller case when it still fails. */
static bool try(struct test_case *c, struct test_case *smaller)
{
	char why[WHY_BYTES];

	case_bind(smaller);
	/* Padding that differs costs one try more.
	 * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
	if (memcmp(c, smaller, sizeof(*c)) == 0)
		return false;
	/* The pointers into itself differ; only what fails as well is taken. */
	if (!case_fails(smaller, why, sizeof(why)))
		return false;
	*c = *smaller;
	case_bind(c);
	return true;
}

static bool drop_events(struct test_case *c)
{
	static struct test_case smaller;
	bool changed = false;

	for (unsigned i = 0; i < c->event_count; i++) {
		if (c->events[i].dropped)
			continue;
		smaller = *c;
		smaller.events[i].dropped = true;
		changed |= try(c, &smaller);
	}
	return changed;
}

static bool drop_rules(struct test_case *c)
{
	static struct test_case smaller;
	bool changed = false;

	for (unsigned i = c->policy.cap_count; i-- > 0;) {
		smaller = *c;
		memmove(&smaller.rules[i], &smaller.rules[i + 1],
			(c->policy.cap_count - i - 1) * sizeof(*c->rules));
		smaller.policy.cap_count--;
		changed |= try(c, &smaller);
	}
	return changed;
}

/* One plain value instead of another; `what` counts them up until none is left. */
static bool plain_policy(struct test_case *c, unsigned what)
{
	switch (what) {
	case 0:
		c->policy.quiet_hours.off = true;
		return true;
	case 1:
		c->policy.quiet_day_count = 0;
		return true;
	case 2:
		c->policy.ceiling.limit = INT64_MAX;
		return true;
	case 3:
		c->policy.just_bought.off = true;
		return true;
	case 4:
		c->policy.just_bought.category_count = 0;
		return true;
	default:
		return false;
	}
}

static bool plain_rule(struct cap *rule, unsigned what)
{
	switch (what) {
	case 0:
		rule->programme = rule->category = "";
		return true;
	case 1:
		rule->classes = 14;
		return true;
	case 2:
		rule->channels = 5;
		return true;
	case 3:
		rule->counts_exempt = true;
		return true;
	default:
		return false;
	}
}

static bool plain_ask(struct ask *ask, unsigned what)
{
	switch (what) {
	case 0:
		ask->category = ask->order = 0;
		return true;
	case 1:
		ask->value_e4 = 0;
		return true;
	case 2:
		ask->group = 0;
		return true;
	case 3:
		ask->exempt = ask->held_out = false;
		return true;
	case 4:
		ask->follows = NOBODY;
		return true;
	case 5:
		ask->window = (struct send_window){0, 0};
		return true;
	case 6:
		ask->priority = 0;
		return true;
	case 7:
		ask->message_class = 1;
		return true;
	default:
		return false;
	}
}

static bool plain_person(struct person *person, unsigned what)
{
	switch (what) {
	case 0:
		person->zone = person->country = "";
		return true;
	case 1:
		memset(person->bought_ms, 0, sizeof(person->bought_ms));
		return true;
	case 2:
		person->paused_until_ms = 0;
		return true;
	case 3:
		person->own_count = 0;
		return true;
	case 4:
		memset(person->consent, 0, sizeof(person->consent));
		person->consent[CASE_CLASSES] = 1;
		return true;
	default:
		return false;
	}
}

static bool make_plain_event(struct test_case *c, unsigned at)
{
	static struct test_case smaller;
	bool changed = false;

	for (unsigned what = 0; smaller = *c, plain_ask(&smaller.events[at].ask, what); what++)
		changed |= try(c, &smaller);
	for (unsigned what = 0; smaller = *c, plain_person(&smaller.events[at].person, what);
	     what++)
		changed |= try(c, &smaller);
	return changed;
}

static bool make_plain(struct test_case *c)
{
	static struct test_case smaller;
	bool changed = false;

	for (unsigned what = 0; smaller = *c, plain_policy(&smaller, what); what++)
		changed |= try(c, &smaller);
	for (unsigned i = 0; i < c->policy.cap_count; i++)
		for (unsigned what = 0; smaller = *c, plain_rule(&smaller.rules[i], what); what++)
			changed |= try(c, &smaller);
	for (unsigned i = 0; i < c->event_count; i++)
		if (!c->events[i].dropped)
			changed |= make_plain_event(c, i);
	return changed;
}

void case_shrink(struct test_case *c)
{
	for (int rounds = 0; rounds < 8; rounds++) {
		bool dropped = drop_events(c);

		dropped = drop_rules(c) || dropped;
		dropped = make_plain(c) || dropped;
		if (!dropped)
			return;
	}
}
