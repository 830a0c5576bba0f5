/*
 * segmenter_expected_test.c - who enters a segment by what the model expects, and on which day:
 * random customers against a look at every day of four years.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define MODEL                                                                                      \
	"model:\n"                                                                                 \
	"  kind: mbg-nbd\n"                                                                        \
	"  orders: {r: 0.639, alpha_days: 51.1, a: 0.821, b: 1.24}\n"                              \
	"  value: {p: 10.83, q: 3.267, v: 6.932}\n"                                                \
	"  rfm: {days: [20, 60, 120, 240], orders: [1, 2, 3, 5], spent: [10, 20, 40.50, 80]}\n"
#define SEGMENTS                                                                                   \
	"segments:\n"                                                                              \
	"  cool: {expected_orders: {within: 90d, at_most: 0.4}}\n"                                 \
	"  warm: {expected_orders: {within: 90d, at_least: 0.6}}\n"                                \
	"  band: {expected_orders: {within: 30d, at_least: 0.1, at_most: 0.2}}\n"                  \
	"  dear: {expected_value: {within: 365d, at_least: \"20.00\"}, orders: {at_least: 2}}\n"   \
	"  risk: {rfm: at_risk}\n"                                                                 \
	"  loyal: {any: [{rfm: loyal}, {rfm: champions}]}\n"
#define PROGRAMME(name)                                                                            \
	"  " name ": {owner: c, on_enter: " name ", task: see, class: care, again_after: 0s}\n"

static const char policy[] = POLICY(MODEL SEGMENTS "programmes:\n" PROGRAMME("cool") PROGRAMME(
    "warm") PROGRAMME("band") PROGRAMME("dear") PROGRAMME("risk") PROGRAMME("loyal"));

enum { ORDERS_MAX = 12, PEOPLE = 40, SEGMENT_COUNT = 6, DAYS = 4 * 365 };

static const struct forecast forecast = {.kind = FORECAST_MBG_NBD,
					 .r = 0.639,
					 .alpha = 51.1,
					 .a = 0.821,
					 .b = 1.24,
					 .p = 10.83,
					 .q = 3.267,
					 .v = 6.932};

/* Orders, ascending; each costs its number and a half. */
struct history {
	int64_t times_ms[ORDERS_MAX];
	int count;
};

static int64_t day_of(const struct history *history, int64_t time_ms)
{
	return (time_ms - history->times_ms[0]) / DAY_MS;
}

static struct forecast_life life_of(const struct history *history, int count, int64_t now_ms)
{
	struct forecast_life life = {.repeats = -1, .days = day_of(history, now_ms)};
	double spent = 0;

	for (int i = 0; i < count; i++) {
		int64_t day = day_of(history, history->times_ms[i]);

		life.repeats += i == 0 || day != life.last;
		life.last = day;
		spent += i + 1.5;
	}
	life.mean = spent / ((double)life.repeats + 1);
	return life;
}

/* After the first count orders, nothing else having happened. */
static void look(const struct history *history, int count, int64_t now_ms, bool ret[SEGMENT_COUNT])
{
	static const int64_t days[] = {20, 60, 120, 240}, orders[] = {1, 2, 3, 5},
			     spent[] = {100000, 200000, 405000, 800000};
	struct forecast_life life = life_of(history, count, now_ms);
	struct forecast_rfm rfm;
	double in_90 = forecast_expected_orders(&forecast, &life, 90);
	double in_30 = forecast_expected_orders(&forecast, &life, 30);
	int64_t spent_e4 = (int64_t)((count * (count + 1) / 2 + count * 0.5) * 10000);
	enum rfm_group group;

	memcpy(rfm.days, days, sizeof(days));
	memcpy(rfm.orders, orders, sizeof(orders));
	memcpy(rfm.spent_e4, spent, sizeof(spent));
	group = forecast_rfm_group(&rfm, (now_ms - history->times_ms[count - 1]) / DAY_MS, count,
				   spent_e4);
	ret[0] = in_90 <= 0.4;
	ret[1] = in_90 >= 0.6;
	ret[2] = in_30 >= 0.1 && in_30 <= 0.2;
	ret[3] = forecast_expected_value(&forecast, &life, 365) >= 20 && count >= 2;
	ret[4] = group == RFM_AT_RISK;
	ret[5] = group == RFM_LOYAL || group == RFM_CHAMPIONS;
}

/* Writes what is entered at an instant; order 0: time has passed, and nothing else. */
static void enter(const struct history *history, int count, int64_t now_ms, int order,
		  bool was[SEGMENT_COUNT], struct buf *out)
{
	static const char *const names[] = {"cool", "warm", "band", "dear", "risk", "loyal"};
	bool is[SEGMENT_COUNT];
	char due[RFC3339_BYTES];

	look(history, count, now_ms, is);
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		if (!is[i] || was[i])
			continue;
		buf_printf(out, "request %s task:see due %s", names[i], rfc3339_text(now_ms, due));
		if (order)
			buf_printf(out, " order %d", order);
		buf_char(out, '\n');
	}
	memcpy(was, is, sizeof(is));
}

/* Looks at each instant at which a day of the first or of the last order begins. */
static void look_at_every_day(const struct history *history, struct buf *out)
{
	bool was[SEGMENT_COUNT] = {false};

	for (int i = 0; i < history->count; i++) {
		int64_t from_ms = history->times_ms[i];
		int64_t until_ms = i + 1 < history->count ? history->times_ms[i + 1]
							  : history->times_ms[0] + DAYS * DAY_MS;
		int64_t first_ms = history->times_ms[0];

		enter(history, i + 1, from_ms, i + 1, was, out);
		for (int64_t day = day_of(history, from_ms); day <= DAYS; day++) {
			int64_t of_first_ms = first_ms + day * DAY_MS;
			int64_t of_last_ms = from_ms + (day - day_of(history, from_ms)) * DAY_MS;

			/* The day of the first order begins before or with that of the last. */
			if (of_first_ms > from_ms && of_first_ms < until_ms)
				enter(history, i + 1, of_first_ms, 0, was, out);
			if (of_last_ms > from_ms && of_last_ms < until_ms &&
			    of_last_ms != of_first_ms)
				enter(history, i + 1, of_last_ms, 0, was, out);
		}
	}
}

static struct history random_history(void)
{
	struct history history = {.count = 1 + rand() % ORDERS_MAX};
	int64_t at_ms = ms("2024-03-01T10:20:30.400Z");

	for (int i = 0; i < history.count; i++) {
		history.times_ms[i] = at_ms;
		at_ms += (int64_t)(rand() % 3 == 0 ? 1 + rand() % 20 : 24 * (1 + rand() % 60)) *
			     HOUR_MS +
			 rand() % 1000;
	}
	return history;
}

static void each_turn_is_on_its_day(void **state)
{
	struct world world = world_with(policy);
	size_t turns = 0, lines = 0;

	(void)state;
	srand(7);
	for (int person = 0; person < PEOPLE; person++) {
		struct history history = random_history();
		struct buf expected = BUF_MAX(1 << 20), got = BUF_MAX(1 << 20);

		for (int i = 0; i < history.count; i++) {
			char time[RFC3339_BYTES], order[100];

			rfc3339_text(history.times_ms[i], time);
			snprintf(
			    order, sizeof(order),
			    "\"order\":{\"id\":\"%d\",\"amount\":\"%d.50\",\"currency\":\"EUR\"}",
			    i + 1, i + 1);
			tell(&world, (struct news){time, "order.placed", order});
		}
		world_run(&world, history.times_ms[0] + DAYS * DAY_MS);
		buf_text(&got, take(&world));
		look_at_every_day(&history, &expected);
		buf_char(&expected, '\0');
		buf_char(&got, '\0');
		if (strcmp(got.bytes, expected.bytes) != 0)
			print_error("person %d:\n", person);
		assert_string_equal(got.bytes, expected.bytes);
		for (const char *at = got.bytes; (at = strstr(at, "due ")); at++, lines++)
			;
		for (const char *at = got.bytes; (at = strchr(at, '\n')); at++)
			turns += at[-1] == 'Z';
		buf_free(&expected);
		buf_free(&got);
		world_forget(&world);
	}
	/* Both kinds were there. */
	assert_true(turns > 2 * PEOPLE && lines - turns > PEOPLE);
	world_free(&world);
}

/* Who has ordered nothing is expected to do nothing, and waits for nothing. */
static void nobody_is_expected_without_an_order(void **state)
{
	struct world world = world_with(
	    POLICY(MODEL "segments:\n  none: {expected_orders: {within: 90d, at_most: 1}}\n"
			 "  lead: {rfm: prospects}\n"
			 "programmes:\n" PROGRAMME("none") PROGRAMME("lead")));

	(void)state;
	tell(&world, (struct news){"2026-01-01T00:00:00Z", "customer.updated", NULL,
				   "\"email\":\"a@a.example\""});
	assert_string_equal(take(&world), "request lead task:see due 2026-01-01T00:00:00Z\n");
	assert_true(world.due_ms == NEVER_MS);
	world_free(&world);
}

/* What goes with the order's category: the first that was never bought, and is not just bought. */
static void what_goes_with_it_is_new_to_them(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T00:00:00Z", "order.placed", BUYS("1", "90", "tents")},
	     "request more task:see due 2026-01-01T00:00:00Z order 1 category tents related "
	     "stoves\n"},
	    {{"2026-02-01T00:00:00Z", "order.placed", BUYS("2", "9", "stoves")},
	     "request more task:see due 2026-02-01T00:00:00Z order 2 category stoves\n"},
	    {{"2026-03-01T00:00:00Z", "order.placed", BUYS("3", "90", "tents")},
	     "request more task:see due 2026-03-01T00:00:00Z order 3 category tents related "
	     "lamps\n"},
	    {{"2026-03-02T00:00:00Z", "order.placed", BUYS("4", "9", "torches")},
	     "request more task:see due 2026-03-02T00:00:00Z order 4 category torches\n"},
	    /* Who bought torches counts as having just bought lamps. */
	    {{"2026-03-03T00:00:00Z", "order.placed", BUYS("5", "90", "tents")},
	     "request more task:see due 2026-03-03T00:00:00Z order 5 category tents related "
	     "mats\n"},
	};

	(void)state;
	play("shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\", postal_address: A, "
	     "currency: EUR}\nclasses: {care: {}}\ncaps: off\nquiet_hours: off\n"
	     "just_bought: {default: 90d, related: {torches: [lamps]}}\n" MODEL "  related:\n"
	     "    tents:\n"
	     "      - {category: stoves, people: 90, lift: 3.1, strength: 80.5}\n"
	     "      - {category: lamps, people: 40, lift: 2.1, strength: 30}\n"
	     "      - {category: mats, people: 20, lift: 1.5, strength: 12}\n"
	     "programmes:\n  more: {owner: c, on: order.placed, category: order, task: see, "
	     "class: care, again_after: 0s}\n",
	     false, scenes, sizeof(scenes) / sizeof(scenes[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_turn_is_on_its_day),
	    cmocka_unit_test(nobody_is_expected_without_an_order),
	    cmocka_unit_test(what_goes_with_it_is_new_to_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
