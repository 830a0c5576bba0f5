/* Tests of a person's best hour: what counts, how it fades, ties, zones, and when it is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define BEST(send_time)                                                                            \
	POLICY("send_time: " send_time "\n"                                                        \
	       "programmes:\n"                                                                     \
	       "  p: {owner: o, on: referral.made, email: e, class: care, send_at: best}\n")
#define OPENED "message.opened"
#define CLICKED "message.clicked"

/* The last best hour that was said, or -1; asked of a new customer. */
static int best_hour(const char *policy, const struct news *news, size_t count)
{
	struct world world = world_with(policy);
	const char *lines, *found, *last = NULL;

	world.contacts = true;
	for (size_t i = 0; i < count; i++)
		tell(&world, news[i]);
	lines = take(&world);
	for (; (found = strstr(lines, " best:")); lines = found + 1)
		last = found;
	world_free(&world);
	return last ? atoi(last + 6) : -1;
}

static const struct {
	const char *what, *policy;
	int best;
	struct news news[8];
} rows[] = {
    {"too little",
     BEST("{evidence: 3}"),
     -1,
     {{"2026-01-01T19:10:00Z", OPENED}, {"2026-01-02T19:10:00Z", CLICKED}}},
    {"enough",
     BEST("{evidence: 3}"),
     18, /* 18, 19, 20 are alike: nearest to ten */
     {{"2026-01-01T19:10:00Z", OPENED},
      {"2026-01-02T19:10:00Z", CLICKED},
      {"2026-01-03T19:10:00Z", OPENED}}},
    {"nearest to the fallback, round the clock",
     BEST("{evidence: 1, fallback: \"01:00\"}"),
     0,
     {{"2026-01-01T23:30:00Z", OPENED}}},
    {"as near: the earlier",
     BEST("{evidence: 1, fallback: \"13:30\"}"),
     13,
     {{"2026-01-01T13:00:00Z", OPENED}}},
    {"of two the newer, if only by hours",
     BEST("{evidence: 1, fallback: \"12:00\"}"),
     13,
     {{"2026-01-01T10:30:00Z", OPENED}, {"2026-01-01T14:30:00Z", OPENED}}},
    {"a stretch of three hours",
     BEST("{evidence: 1}"),
     20,
     {{"2026-01-01T19:00:00Z", OPENED},
      {"2026-01-01T20:00:00Z", OPENED},
      {"2026-01-01T21:59:59Z", OPENED},
      {"2026-01-01T09:00:00Z", CLICKED}}},
    {"round the clock",
     BEST("{evidence: 1}"),
     23,
     {{"2026-01-01T22:00:00Z", OPENED},
      {"2026-01-01T23:00:00Z", OPENED},
      {"2026-01-02T00:30:00Z", OPENED},
      {"2026-01-01T09:00:00Z", CLICKED}}},
    {"an order weighs more than a click",
     BEST("{evidence: 1}"),
     16,
     {{"2026-01-01T09:00:00Z", CLICKED}, {"2026-01-01T17:00:00Z", "order.placed", ORDER_ID("1")}}},
    {"a click more than an open",
     BEST("{evidence: 1}"),
     16,
     {{"2026-01-01T09:00:00Z", OPENED}, {"2026-01-01T17:00:00Z", CLICKED}}},
    {"four opens more than an order",
     BEST("{evidence: 1}"),
     10,
     {{"2026-01-01T09:00:00Z", OPENED},
      {"2026-01-01T09:10:00Z", OPENED},
      {"2026-01-01T09:20:00Z", OPENED},
      {"2026-01-01T09:30:00Z", OPENED},
      {"2026-01-01T17:00:00Z", "order.placed", ORDER_ID("1")}}},
    {"midnight is a date",
     BEST("{evidence: 1}"),
     -1,
     {{"2026-01-01T00:00:00Z", "order.placed", ORDER_ID("1")}}},
    {"by her own clock as well",
     BEST("{evidence: 1}"),
     -1,
     {{"2026-01-01T23:00:00Z", "order.placed", ORDER_ID("1"), "\"time_zone\":\"Europe/Vienna\""}}},
    {"a second later is a time",
     BEST("{evidence: 1}"),
     1,
     {{"2026-01-01T00:00:01Z", "order.placed", ORDER_ID("1")}}},
    {"only orders that were placed",
     BEST("{evidence: 1}"),
     -1,
     {{"2026-01-01T12:00:00Z", "order.delivered", ORDER_ID("1")}}},
    {"half after 90 days: a click less than an open",
     BEST("{evidence: 1}"),
     10,
     {{"2026-01-01T17:00:00Z", CLICKED}, {"2026-04-02T09:00:00Z", OPENED}}},
    {"and more than it before",
     BEST("{evidence: 1}"),
     16,
     {{"2026-01-01T17:00:00Z", CLICKED}, {"2026-04-01T09:00:00Z", OPENED}}},
    /* 45 days leave 2^-0.5 = 0.707. */
    {"in between it fades by the same measure: five old opens are less than two clicks",
     BEST("{evidence: 1}"),
     10, /* 5 * 0.707 = 3.54 are less than 4; halfway between the halves would be 3.75 */
     {{"2026-01-01T17:00:00Z", OPENED},
      {"2026-01-01T17:01:00Z", OPENED},
      {"2026-01-01T17:02:00Z", OPENED},
      {"2026-01-01T17:03:00Z", OPENED},
      {"2026-01-01T17:04:00Z", OPENED},
      {"2026-02-15T09:00:00Z", CLICKED},
      {"2026-02-15T09:01:00Z", CLICKED}}},
    {"seven old against five new: 4.95, where a straight line between the halves says 5.25",
     BEST("{evidence: 1}"),
     10,
     {{"2026-01-01T17:00:00Z", "order.placed", ORDER_ID("1")},
      {"2026-01-01T17:01:00Z", "order.placed", ORDER_ID("2")},
      {"2026-01-01T17:02:00Z", OPENED},
      {"2026-02-15T09:00:00Z", CLICKED},
      {"2026-02-15T09:01:00Z", "order.placed", ORDER_ID("3")}}},
    {"after six years a little is left",
     BEST("{evidence: 1}"),
     11, /* 9, 10, 11 weigh the same but for the old one at 12 */
     {{"2020-01-01T12:30:00Z", CLICKED}, {"2026-02-15T10:30:00Z", OPENED}}},
    {"a zone told later counts for all",
     BEST("{evidence: 1}"),
     15, /* 16 in both; not 14, 15 */
     {{"2026-07-01T14:00:00Z", OPENED},
      {"2026-01-01T15:00:00Z", OPENED},
      {"2026-07-02T00:00:00Z", "customer.updated", NULL, "\"time_zone\":\"Europe/Vienna\""}}},
};

static void the_best_hour_follows_from_what_was_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count = 0;
		int best;

		while (count < 8 && rows[i].news[count].time)
			count++;
		best = best_hour(rows[i].policy, rows[i].news, count);
		if (best != rows[i].best)
			fail_msg("%s: %d, expected %d", rows[i].what, best, rows[i].best);
	}
}

/* Only the newest 32 are weighed, but all are evidence. */
static void old_habits_are_forgotten(void **state)
{
	static struct news news[72];
	static char times[72][32];

	(void)state;
	for (unsigned i = 0; i < 72; i++) {
		snprintf(times[i], sizeof(times[i]), "2026-01-0%uT%02u:%02u:00Z", i < 40 ? 1 : 2,
			 i < 40 ? 20 : 8, i % 60);
		news[i] = (struct news){times[i], i < 40 ? CLICKED : OPENED};
	}
	assert_int_equal(best_hour(BEST("{evidence: 72}"), news, 71), -1);
	assert_int_equal(best_hour(BEST("{evidence: 72}"), news, 72), 9);
}

/* A contact is said again when the hour changes, and never where nobody asks for it. */
static void an_hour_is_said_where_it_matters(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T20:00:00Z", OPENED}, "contact best:19\n"},
	    {{"2026-01-02T20:30:00Z", OPENED}, ""},
	    {{"2026-01-03T07:30:00Z", OPENED}, ""},
	    {{"2026-01-04T07:30:00Z", CLICKED}, "contact best:8\n"},
	};
	static const struct scene none[] = {
	    {{"2026-01-01T20:00:00Z", OPENED}, ""},
	    {{"2026-01-02T20:30:00Z", CLICKED}, ""},
	};

	(void)state;
	PLAY_CONTACTS(BEST("{evidence: 1}"), scenes);
	PLAY_CONTACTS(POLICY(""), none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_best_hour_follows_from_what_was_seen),
	    cmocka_unit_test(old_habits_are_forgotten),
	    cmocka_unit_test(an_hour_is_said_where_it_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
