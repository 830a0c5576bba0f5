/* Tests of what counts once, however often and in whatever words it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#include "common/base/text.h"
#include "services/segmenter/profile/cases.h"
#include "services/segmenter/profile/dedup.h"

#define SHOP                                                                                       \
	POLICY(                                                                                    \
	    "programmes:\n"                                                                        \
	    "  tips: {owner: c, on: order.delivered, task: tips, class: care, category: order}\n"  \
	    "  sent: {owner: c, on: order.shipped, task: sent, class: care}\n"                     \
	    "  sorry: {owner: c, on: order.late, task: sorry, class: care}\n"                      \
	    "  why: {owner: c, on: order.refunded, task: why, class: care}\n"                      \
	    "  gone: {owner: c, on: order.cancelled, task: gone, class: care}\n"                   \
	    "  edit: {owner: c, on: order.updated, task: edit, class: care}\n"                     \
	    "  wrap: {owner: c, on: order.wrapped, task: wrap, class: care}\n"                     \
	    "  back: {owner: c, on: return.opened, task: back, class: care}\n"                     \
	    "  done: {owner: c, on: return.closed, task: done, class: care}\n"                     \
	    "  low: {owner: c, on: feedback.received, task: low, class: care}\n"                   \
	    "  help: {owner: c, on: order.delivered, wait: 9d, task: help, class: care,"           \
	    " cancel_on: [order.refunded]}\n"                                                      \
	    "  hello: {owner: c, on: say.hello, task: hello, class: care}\n")

#define ASK(what, day, order)                                                                      \
	"request " what " task:" what " due 2026-01-" day "T10:00:00Z order " order
#define AT(day) "2026-01-" day "T10:00:00Z"
#define PARCEL(id, name, count) "\"order\":{\"id\":\"" id "\"" name count "}"
#define NAME(name) ",\"parcel\":\"" name "\""
#define COUNT(count) ",\"parcels\":" #count
#define CASE(id, order) "\"case\":{\"id\":\"" id "\",\"order\":\"" order "\"}"
#define SCORE(order, score) "\"feedback\":{\"order\":\"" order "\",\"score\":" #score "}"

static void what_is_told_twice_is_no_news(void **state)
{
	static const struct scene scenes[] = {
	    {{AT("01"), "order.shipped", ORDER_ID("1")}, ASK("sent", "01", "1") "\n"},
	    {{AT("02"), "order.shipped", ORDER_ID("1")}, ""},
	    {{AT("02"), "order.late", ORDER_ID("1")}, ASK("sorry", "02", "1") "\n"},
	    {{AT("03"), "order.late", ORDER_ID("1")}, ""},
	    {{AT("03"), "order.wrapped", ORDER_ID("1")}, ASK("wrap", "03", "1") "\n"},
	    {{AT("04"), "order.wrapped", ORDER_ID("1")}, ""},
	    {{AT("04"), "order.wrapped", ORDER_ID("2")}, ASK("wrap", "04", "2") "\n"},
	    {{AT("05"), "return.opened", CASE("9", "1")}, ASK("back", "05", "1") "\n"},
	    {{AT("06"), "return.opened", CASE("9", "1")}, ""},
	    {{AT("07"), "return.closed", ORDER_ID("1")}, ASK("done", "07", "1") "\n"},
	    {{AT("08"), "return.closed", CASE("9", "1")}, ""},
	    {{AT("09"), "return.opened", CASE("9", "1")}, ASK("back", "09", "1") "\n"},
	    {{AT("10"), "feedback.received", SCORE("1", 2)}, ASK("low", "10", "1") "\n"},
	    {{AT("11"), "feedback.received", SCORE("1", 2)}, ""},
	    {{AT("12"), "feedback.received", SCORE("1", 4)}, ASK("low", "12", "1") "\n"},
	    {{AT("13"), "order.cancelled", ORDER_ID("1")}, ASK("gone", "13", "1") "\n"},
	    {{AT("14"), "order.cancelled", ORDER_ID("1")}, ""},
	};

	(void)state;
	PLAY(SHOP, scenes);
}

static void an_order_is_delivered_with_its_last_parcel(void **state)
{
	static const struct scene scenes[] = {
	    {{AT("01"), "order.shipped", PARCEL("1", NAME("a"), COUNT(2))},
	     ASK("sent", "01", "1") "\n"},
	    {{AT("01"), "order.late", ORDER_ID("1")}, ASK("sorry", "01", "1") "\n"},
	    {{AT("02"), "order.delivered", PARCEL("1", NAME("a"), "")}, ""},
	    {{AT("03"), "order.delivered", PARCEL("1", NAME("a"), "")}, ""},
	    {{AT("04"), "order.delivered", PARCEL("1", NAME("b"), "")},
	     ASK("tips", "04", "1") "\n" ASK("help", "13", "1") "\n"},
	    {{AT("05"), "order.delivered", ORDER_ID("1")}, ""},
	    /* how many there are, nobody says: all that were named */
	    {{AT("06"), "order.shipped", PARCEL("2", NAME("a"), "")}, ASK("sent", "06", "2") "\n"},
	    {{AT("06"), "order.shipped", PARCEL("2", NAME("b"), "")}, ""},
	    {{AT("07"), "order.delivered", PARCEL("2", NAME("b"), "")}, ""},
	    {{AT("08"), "order.delivered", PARCEL("2", NAME("a"), "")},
	     ASK("tips", "08", "2") "\n" ASK("help", "17", "2") "\n"},
	    /* a delivery that names none is of all */
	    {{AT("09"), "order.delivered", PARCEL("3", "", COUNT(5))},
	     ASK("tips", "09", "3") "\n" ASK("help", "18", "3") "\n"},
	};

	(void)state;
	PLAY(SHOP, scenes);
}

static void a_part_ends_what_is_about_it(void **state)
{
	static const struct scene scenes[] = {
	    {{AT("01"), "order.placed", BUYS("1", "90", "tents")}, ""},
	    {{AT("01"), "order.late", ORDER_ID("1")}, ASK("sorry", "01", "1") "\n"},
	    {{AT("02"), "order.refunded", ORDER("1", "5")}, ASK("why", "02", "1") "\n"},
	    {{AT("03"), "order.refunded", ORDER("1", "0.00")}, ""},
	    {{AT("03"), "order.delivered", ORDER_ID("1")},
	     ASK("tips", "03", "1") " category tents\n" ASK("help", "12", "1") "\n"},
	    {{AT("04"), "order.refunded",
	      "\"order\":{\"id\":\"1\",\"amount\":\"20\",\"items\":[{\"category\":\"pegs\"},"
	      "{\"category\":\"pegs\"},{\"sku\":\"x\"}]}"},
	     "cancel order 1 about pegs: order.refunded\n" ASK("why", "04", "1") "\n"},
	    /* in another currency nobody can tell how much that was */
	    {{AT("05"), "order.refunded",
	      "\"order\":{\"id\":\"1\",\"amount\":\"500\",\"currency\":\"JPY\"}"},
	     ASK("why", "05", "1") "\n"},
	    {{AT("06"), "order.refunded", ORDER("1", "65")},
	     "cancel order 1: order.refunded\n" ASK("why", "06", "1") "\n"},
	    {{AT("07"), "order.refunded", ORDER_ID("1")}, ""},
	};

	(void)state;
	PLAY(SHOP, scenes);
}

static void assert_spent(struct world *world, const char *time, int orders, const char *spent)
{
	struct seg_facts facts = seg_facts_at(profile_of(world), ms(time));
	char text[32];

	assert_int_equal(facts.orders, orders);
	assert_string_equal(money_text(facts.spent_e4, text, sizeof(text)), spent);
	arena_reset(&world->arena);
}

static void the_newest_word_about_an_order_holds(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	tell(&world, (struct news){AT("02"), "order.placed", BUYS("1", "60", "tents")});
	tell(&world, (struct news){AT("04"), "order.updated", BUYS("1", "110", "pegs")});
	assert_string_equal(take(&world), ASK("edit", "04", "1") "\n");
	tell(&world, (struct news){AT("03"), "order.placed", BUYS("1", "80", "coffee")});
	tell(&world, (struct news){AT("05"), "order.updated", ORDER_ID("1")});
	tell(&world, (struct news){AT("05"), "order.updated", BUYS("1", "110", "pegs")});
	assert_string_equal(take(&world), "");
	assert_spent(&world, AT("06"), 1, "110.00");
	assert_string_equal(profile_of(&world)->categories[0].name, "pegs");
	assert_int_equal(profile_of(&world)->category_count, 1);
	assert_int_equal(profile_of(&world)->orders[0].time_ms, ms(AT("02")));
	/* of an order that is not known yet: it waits */
	tell(&world, (struct news){AT("08"), "order.updated", ORDER("2", "7")});
	assert_spent(&world, AT("08"), 1, "110.00");
	tell(&world, (struct news){AT("07"), "order.placed", ORDER("2", "5")});
	assert_spent(&world, AT("08"), 2, "117.00");
	/* less than was given back already: then it has gone */
	tell(&world, (struct news){AT("09"), "order.refunded", ORDER("1", "50")});
	take(&world);
	tell(&world, (struct news){AT("10"), "order.updated", ORDER("1", "50")});
	assert_string_equal(take(&world), "cancel order 1: order.refunded\n");
	assert_spent(&world, AT("10"), 1, "7.00");
	world_free(&world);
}

/* A thousand orders and the refunds of some, twice, in any order: the sums of once. */
static void a_whole_history_counts_once(void **state)
{
	enum { ORDERS = 1000, FACTS = ORDERS + ORDERS / 4 };
	static const unsigned strides[] = {1, FACTS - 1, 487, 769};
	struct world world = world_with(POLICY(""));

	(void)state;
	for (size_t s = 0; s < sizeof(strides) / sizeof(strides[0]); s++) {
		world_forget(&world);
		world.now_ms = ms("2026-01-01T00:00:00Z");
		for (unsigned n = 0; n < 2 * FACTS; n++) {
			unsigned fact = (unsigned)((uint64_t)n * strides[s] % FACTS);
			bool placed = fact < ORDERS;
			unsigned order = placed ? fact : 4 * (fact - ORDERS);
			char json[512], time[RFC3339_BYTES];
			int64_t time_ms =
			    ms("2020-01-01T00:00:00Z") + order * DAY_MS + (placed ? 0 : 9 * DAY_MS);
			struct err err;

			snprintf(json, sizeof(json),
				 "{\"id\":\"%s-%u\",\"type\":\"order.%s\",\"time\":\"%s\","
				 "\"customer\":{\"id\":\"ann\"},"
				 "\"order\":{\"id\":\"%u\",\"amount\":\"%s\"}}",
				 n < FACTS ? "first"
				 : placed  ? "again"
					   : "first",
				 fact, placed ? "placed" : "refunded", rfc3339_text(time_ms, time),
				 order, placed ? "3" : "1");
			assert_int_equal(world_record(&world, json, time_ms, &err), 0);
		}
		assert_spent(&world, "2026-01-01T00:00:00Z", ORDERS, "2750.00");
	}
	world_free(&world);
}

/* What is older than what can be remembered may be a repeat: it sets nothing off, and counts
 * nowhere. */
static void what_was_forgotten_is_refused(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	tell(&world, (struct news){AT("01"), "say.hello", NULL, NULL, "first"});
	take(&world);
	for (unsigned i = 0; i < 80; i++) {
		char time[RFC3339_BYTES];

		rfc3339_text(ms(AT("02")) + i * DAY_MS, time);
		tell(&world, (struct news){time, "say.nothing"});
	}
	tell(&world, (struct news){AT("01"), "say.hello", NULL, NULL, "first"});
	tell(&world, (struct news){AT("01"), "message.clicked", NULL, NULL, "click"});
	assert_string_equal(take(&world), "");
	assert_int_equal(profile_of(&world)->moments_ever, 0);
	/* an order says itself whether it is known */
	tell(&world, (struct news){AT("01"), "order.placed", ORDER("1", "10")});
	tell(&world, (struct news){AT("02"), "order.delivered", ORDER_ID("1")});
	assert_string_equal(take(&world), ASK("tips", "02", "1") "\n" ASK("help", "11", "1") "\n");
	assert_spent(&world, "2026-04-01T00:00:00Z", 1, "10.00");
	world_free(&world);
}

static void two_sources_may_number_alike(void **state)
{
	struct world world = world_with(SHOP);
	struct err err;

	(void)state;
#define CLOUD(source, day)                                                                         \
	"{\"specversion\":\"1.0\",\"id\":\"77\",\"source\":\"" source "\",\"type\":\"say.hello\"," \
	"\"subject\":\"ann\",\"time\":\"" AT(day) "\",\"data\":{}}"
	assert_int_equal(world_record(&world, CLOUD("/shop", "01"), ms(AT("01")), &err), 0);
	assert_int_equal(world_record(&world, CLOUD("/crm", "02"), ms(AT("02")), &err), 0);
	assert_int_equal(world_record(&world, CLOUD("/shop", "01"), ms(AT("03")), &err), 0);
	assert_string_equal(take(&world), "request hello task:hello due 2026-01-01T10:00:00Z\n"
					  "request hello task:hello due 2026-01-02T10:00:00Z\n");
	/* another body under an id that is taken: told, and nothing comes of it */
	assert_int_equal(world_record(&world, CLOUD("/shop", "04"), ms(AT("04")), &err), -1);
	assert_string_equal(err.text, "$.id: \"77\" was used before with another body");
	world_free(&world);
}

/* A shop tells the same fact in newer words: the first word counts, and nothing is wrong. */
static void a_snapshot_is_told_again(void **state)
{
	struct world world = world_with(SHOP);
	struct err err;

	(void)state;
#define SNAPSHOT(day)                                                                              \
	"{\"id\":\"shopify:harbour:1:hello\",\"type\":\"say.hello\",\"snapshot\":true,\"time\":"   \
	"\"" AT(day) "\",\"customer\":{\"id\":\"ann\"}}"
	assert_int_equal(world_record(&world, SNAPSHOT("01"), ms(AT("01")), &err), 0);
	assert_int_equal(world_record(&world, SNAPSHOT("02"), ms(AT("02")), &err), 0);
	assert_string_equal(take(&world), "request hello task:hello due 2026-01-01T10:00:00Z\n");
	world_free(&world);
}

/* Blanks and the order of fields are no other body; nor is the time of what is stamped on
 * arrival. */
static void the_same_words_are_the_same_body(void **state)
{
	static const char *const same[][2] = {
	    {"{\"id\":\"1\",\"type\":\"say.hello\",\"time\":\"2026-01-01T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\"}}",
	     "{\"customer\": {\"id\": \"ann\"}, \"time\": \"2026-01-01T11:00:00+01:00\","
	     " \"type\": \"say.hello\", \"id\": \"1\"}"},
	    {"{\"id\":\"2\",\"type\":\"message.bounced\",\"time\":\"2026-01-01T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\"},\"message\":{\"kind\":\"soft\",\"detail\":\"a\"}}",
	     "{\"id\":\"2\",\"type\":\"message.bounced\",\"time\":\"2026-01-02T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\"},\"message\":{\"kind\":\"soft\",\"detail\":\"b\"}}"},
	    /* read by the email-sender, and from half a return path */
	    {"{\"id\":\"3\",\"type\":\"message.bounced\",\"time\":\"2026-01-01T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\"},\"message\":{\"kind\":\"hard\",\"request\":\"r\","
	     "\"id\":\"0123456789abcdef0123456789abcdef\",\"class\":\"care\"}}",
	     "{\"id\":\"3\",\"type\":\"message.bounced\",\"time\":\"2026-01-02T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\"},\"message\":{\"kind\":\"hard\","
	     "\"id\":\"0123456789abcdef\",\"detail\":\"5.1.1 nobody\"}}"},
	    /* a second click on our own page */
	    {"{\"id\":\"4\",\"type\":\"customer.updated\",\"time\":\"2026-01-01T10:00:00Z\","
	     "\"customer\":{\"id\":\"ann\",\"locale\":\"de\"},"
	     "\"proof\":{\"source\":\"nurture:preferences-page\",\"at\":\"2026-01-01T10:00:00Z\"}}",
	     "{\"id\":\"4\",\"type\":\"customer.updated\",\"time\":\"2026-01-01T10:00:01Z\","
	     "\"customer\":{\"id\":\"ann\",\"locale\":\"de\"},"
	     "\"proof\":{\"source\":\"nurture:preferences-page\",\"at\":\"2026-01-01T10:00:01Z\"}"
	     "}"},
	};
	struct world world = world_with(SHOP);
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		for (size_t j = 0; j < 2; j++)
			assert_int_equal(world_record(&world, same[i][j], ms(AT("01")), &err), 0);
	assert_int_equal(profile_of(&world)->events.count, 4);
	world_free(&world);
}

/* Each interaction holds anew, as long as the policy says; without a word of it none does. */
static void whoever_was_spoken_to_is_left_alone(void **state)
{
#define SPOKEN(channel) "\"interaction\":{\"channel\":\"" channel "\"}"
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "interaction.recorded", SPOKEN("call")},
	     "contact open:interaction:last\n"},
	    {{"2026-01-02T10:00:00Z", "interaction.recorded", SPOKEN("visit")}, ""},
	    {{"2026-01-04T09:59:59Z", NULL}, ""},
	    {{"2026-01-04T10:00:00Z", NULL}, "contact ended:interaction:last\n"},
	    {{"2026-01-05T10:00:00Z", "interaction.recorded", SPOKEN("call")},
	     "contact open:interaction:last\n"},
	};
	static const struct scene none[] = {
	    {{"2026-01-01T10:00:00Z", "interaction.recorded", SPOKEN("visit")}, ""},
	};

	(void)state;
	PLAY_CONTACTS(POLICY("cases: {interaction: 2d}\n"), scenes);
	PLAY_CONTACTS(POLICY(""), none);
#undef SPOKEN
}

static void cases_end_when_the_policy_says(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.late", ORDER_ID("1")}, "contact open:late:1\n"},
	    {{"2026-01-02T10:00:00Z", "complaint.opened", CASE("9", "1")},
	     "contact open:late:1 open:complaint:9\n"},
	    {{"2026-01-05T10:00:00Z", "order.late", ORDER_ID("1")}, ""},
	    {{"2026-01-11T09:59:59Z", NULL}, ""},
	    {{"2026-01-11T10:00:00Z", NULL}, "contact open:complaint:9 ended:late:1\n"},
	    {{"2026-01-22T10:00:00Z", NULL}, "contact ended:late:1 ended:complaint:9\n"},
	    {{"2026-01-23T10:00:00Z", "complaint.closed", ORDER_ID("1")}, "contact ended:late:1\n"},
	    {{"2026-01-24T10:00:00Z", "order.delivered", ORDER_ID("1")}, "contact\n"},
	    /* the order may close it, also before it was opened, and only what is its own */
	    {{"2026-02-01T10:00:00Z", "return.opened", CASE("R1", "1")},
	     "contact open:return:R1\n"},
	    {{"2026-02-02T10:00:00Z", "return.opened", CASE("R2", "2")},
	     "contact open:return:R1 open:return:R2\n"},
	    {{"2026-02-03T10:00:00Z", "return.closed", ORDER_ID("1")}, "contact open:return:R2\n"},
	    {{"2026-02-03T10:00:00Z", "complaint.closed", ORDER_ID("2")}, ""},
	    {{"2026-02-02T10:00:00Z", "return.opened", CASE("R3", "1")}, ""},
	    {{"2026-02-04T10:00:00Z", "return.closed", CASE("R2", "")}, "contact\n"},
	};

	(void)state;
	PLAY_CONTACTS(POLICY("cases: {late: 10d, complaint: 20d}\n"), scenes);
}

static void tell_case(struct world *world, const char *type, unsigned n, int64_t at_ms,
		      const char *id)
{
	char time[RFC3339_BYTES], rest[64];

	snprintf(rest, sizeof(rest), "\"case\":{\"id\":\"C%u\"}", n);
	tell(world, (struct news){rfc3339_text(at_ms, time), type, rest, NULL, id});
}

static bool is_open(struct world *world, const char *name)
{
	const struct seg_profile *profile = profile_of(world);

	for (unsigned i = 0; i < profile->case_count; i++)
		if (strcmp(profile->cases[i].id, name) == 0)
			return seg_case_is_open(&profile->cases[i]);
	return false;
}

/* A case has left the list, and its opening the events that are known: told again it opens
 * nothing. */
static void a_case_that_was_dropped_stays_closed(void **state)
{
	struct world world = world_with(POLICY(""));
	int64_t first_ms = ms(AT("01")), at_ms = first_ms;

	(void)state;
	for (unsigned i = 0; i < 40; i++, at_ms += 8 * DAY_MS) {
		tell_case(&world, "complaint.opened", i, at_ms, i ? NULL : "first");
		tell_case(&world, "complaint.closed", i, at_ms + DAY_MS, NULL);
	}
	assert_int_equal(profile_of(&world)->case_count, SEG_CASES_MAX);
	assert_true(seg_dedup_forgot(&profile_of(&world)->events, first_ms));
	tell_case(&world, "complaint.opened", 0, first_ms, "first");
	tell_case(&world, "complaint.opened", 0, first_ms, "in other words");
	assert_int_equal(world.ignored, STEP_IGNORED_OLD);
	assert_false(is_open(&world, "complaint:C0"));
	/* one that nobody told before is told late, and the old one is opened anew */
	tell_case(&world, "complaint.opened", 99, first_ms, NULL);
	assert_true(is_open(&world, "complaint:C99"));
	tell_case(&world, "complaint.opened", 0, at_ms, NULL);
	assert_int_equal(world.ignored, STEP_HEARD);
	assert_true(is_open(&world, "complaint:C0"));
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_told_twice_is_no_news),
	    cmocka_unit_test(an_order_is_delivered_with_its_last_parcel),
	    cmocka_unit_test(a_part_ends_what_is_about_it),
	    cmocka_unit_test(the_newest_word_about_an_order_holds),
	    cmocka_unit_test(a_whole_history_counts_once),
	    cmocka_unit_test(what_was_forgotten_is_refused),
	    cmocka_unit_test(two_sources_may_number_alike),
	    cmocka_unit_test(a_snapshot_is_told_again),
	    cmocka_unit_test(the_same_words_are_the_same_body),
	    cmocka_unit_test(whoever_was_spoken_to_is_left_alone),
	    cmocka_unit_test(cases_end_when_the_policy_says),
	    cmocka_unit_test(a_case_that_was_dropped_stays_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
