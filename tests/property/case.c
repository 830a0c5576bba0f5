/* case.c - names, copies and orders of arrival; see case.h. */
#include "case.h"

#include "tests/unit/policy_fixture.h"

const char *class_name(int index)
{
	static const char *const names[] = {"receipt", "care", "feedback", "promotion", "gone"};

	return names[index];
}

const char *programme_name(int index)
{
	static const char *const names[] = {"p0", "p1", "p2", "p3"};

	return names[index];
}

const char *category_name(int index)
{
	static const char *const names[] = {"", "tents", "coffee", "laptops"};

	return names[index];
}

const char *group_name(int index)
{
	static const char *const names[] = {"", "p0+p1", "p2+p3"};

	return names[index];
}

const char *order_name(int index)
{
	static const char *const names[] = {"", "17", "18"};

	return names[index];
}

const char *request_name(const struct test_case *c, int number)
{
	static const char *const names[CASE_EVENTS_MAX] = {
	    "r00", "r01", "r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09",
	    "r10", "r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18", "r19",
	    "r20", "r21", "r22", "r23", "r24", "r25", "r26", "r27"};

	return names[c->ids[number]];
}

uint32_t roll(uint64_t *random, uint32_t sides)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(2685821657736338717)) >> 33) % sides;
}

bool chance(uint64_t *random, uint32_t percent)
{
	return roll(random, 100) < percent;
}

struct zones *case_zones(void)
{
	struct zones *zones = fixture_zones();

	fixture_zone(zones, "America/New_York", "EST5EDT,M3.2.0,M11.1.0");
	fixture_zone(zones, "America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0");
	fixture_zone(zones, "Asia/Kolkata", "IST-5:30");
	fixture_zone(zones, "Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
	zones_add_country(zones, "US", "America/Los_Angeles"); /* fewer people live there */
	zones_add_country(zones, "US", "America/New_York");
	zones_add_country(zones, "IN", "Asia/Kolkata");
	return zones;
}

void case_bind(struct test_case *c)
{
	c->policy.classes = c->classes;
	c->policy.caps = c->rules;
	c->policy.quiet_days = c->days;
	c->policy.just_bought.categories = c->goods;
}

/*
 * Things of one instant are weighed together, whatever came first; only what
 * answers at once (another tool's question), what ends what is there already
 * (a cancellation, a release), and two words about one thing stay in order.
 */
static bool commute(const struct happening *a, const struct happening *b)
{
	const struct happening *first = a->kind < b->kind ? a : b;
	const struct happening *second = first == a ? b : a;

	if (a->at_ms != b->at_ms || second->kind > SENT_ELSEWHERE || a->number == b->number)
		return false;
	if (a->kind == CANCELLED || b->kind == CANCELLED)
		return false;
	if (first->kind == ASKED && first->ask.channel == CHANNEL_EXTERNAL)
		return false;
	if (second->kind == ASKED && second->ask.channel == CHANNEL_EXTERNAL)
		return false;
	return first->kind != PERSON_CHANGED || second->kind != PERSON_CHANGED;
}

void case_permute(struct test_case *c, uint64_t seed)
{
	uint64_t random = seed * 2 + 1;

	for (unsigned k = 0; c->event_count > 1 && k < 4 * c->event_count; k++) {
		struct happening *at = &c->events[roll(&random, c->event_count - 1)], kept = *at;

		if (!commute(&at[0], &at[1]))
			continue;
		at[0] = at[1];
		at[1] = kept;
	}
}
