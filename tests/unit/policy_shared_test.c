/*
 * Tests of rules that two services share: cases, what an order is worth, what was just bought,
 * what of a person ends a message, how long requests are remembered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/io/kafka/topics.h"
#include "common/policy/case_event.h"
#include "common/policy/contents.h"
#include "common/policy/memory.h"
#include "common/policy/person.h"

struct known {
	const char *name;
	struct case_known known;
};

/* One case of each sort; the list ends without a name. */
static const struct known cases[] = {
    {"return:A", {"A", true, CASE_NEVER_MS}}, /* opened by its order alone */
    {"return:9", {"A", true, 50}},            /* opened by its id, and closed */
    {"return:8", {"A", false, 60}},           /* only closed */
    {"return:B", {"A", true, 70}},            /* its own id is like the order B */
    {"complaint:C", {"", false, 80}},         /* nobody said what it is about */
    {"return:D", {"D", false, 90}},           /* closed by its order before it was opened */
    {NULL, {"", false, 0}},
};

static bool find(const void *list, const char *name, struct case_known *ret)
{
	for (const struct known *known = list; known->name; known++)
		if (strcmp(known->name, name) == 0) {
			*ret = known->known;
			return true;
		}
	return false;
}

static const struct case_list list = {cases, find};

static void an_opening_may_come_after_the_closing(void **state)
{
	static const struct {
		struct case_event event;
		int64_t closed_ms;
	} openings[] = {
	    {{"return.opened", "7", "D"}, 90},               /* all of D was closed */
	    {{"return.opened", "", "D"}, 90},                /* by the order alone as well */
	    {{"complaint.opened", "7", "D"}, CASE_NEVER_MS}, /* but no complaint */
	    {{"return.opened", "7", "A"}, CASE_NEVER_MS},    /* that one is open */
	    {{"return.opened", "7", "B"}, CASE_NEVER_MS},    /* that one is about A */
	    {{"complaint.opened", "7", "C"}, CASE_NEVER_MS}, /* that one may be about anything */
	    {{"return.opened", "7", ""}, CASE_NEVER_MS},
	    {{"return.opened", "7", "E"}, CASE_NEVER_MS},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		assert_int_equal(case_closed_early_ms(&openings[i].event, list, &arena),
				 openings[i].closed_ms);
	arena_free(&arena);
}

static void assert_name(const char *found, const char *expected)
{
	if (expected)
		assert_string_equal(found ? found : "none", expected);
	else
		assert_null(found);
}

static void a_closing_closes_what_it_means(void **state)
{
	static const struct {
		struct case_event event;
		struct case_closing closes;
	} closings[] = {
	    {{"return.closed", "9", "A"}, {"return:9", NULL, false}},
	    {{"return.closed", "9", ""}, {"return:9", NULL, false}},
	    /* nobody opened these: it is the one that A alone opened */
	    {{"return.closed", "7", "A"}, {"return:7", "return:A", false}},
	    {{"return.closed", "8", "A"}, {"return:8", "return:A", false}},
	    {{"complaint.closed", "7", "A"}, {"complaint:7", NULL, false}},
	    {{"return.closed", "7", "E"}, {"return:7", NULL, false}},
	    {{"return.closed", "7", ""}, {"return:7", NULL, false}},
	    {{"return.closed", "", "A"}, {"return:A", NULL, true}},
	    /* the case of that name is about another order, or may be about any */
	    {{"return.closed", "", "B"}, {NULL, NULL, true}},
	    {{"complaint.closed", "", "C"}, {"complaint:C", NULL, true}},
	    {{"return.closed", "", "E"}, {"return:E", NULL, true}},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(closings) / sizeof(closings[0]); i++) {
		struct case_closing closes = case_closing(&closings[i].event, list, &arena);

		assert_name(closes.name, closings[i].closes.name);
		assert_name(closes.unnamed, closings[i].closes.unnamed);
		assert_int_equal(closes.all_of_order, closings[i].closes.all_of_order);
	}
	arena_free(&arena);
}

static void the_newest_word_about_contents_holds(void **state)
{
	static const struct contents_word older = {9, 500, true, true},
					  same_less = {10, 400, true, true},
					  same = {10, 450, true, true},
					  same_more = {10, 500, true, true},
					  newer = {11, 1, true, true},
					  mute = {11, 500, false, false};

	(void)state;
	assert_false(contents_takes_amount(&older, 450, 10));
	assert_false(contents_takes_amount(&same_less, 450, 10));
	assert_false(contents_takes_amount(&same, 450, 10));
	assert_true(contents_takes_amount(&same_more, 450, 10));
	assert_true(contents_takes_amount(&newer, 450, 10));
	assert_false(contents_takes_amount(&mute, 450, 10));
	assert_true(contents_takes_amount(&older, 0, INT64_MIN));

	assert_false(contents_takes_items(&older, 10, true));
	assert_false(contents_takes_items(&same, 10, false));
	assert_true(contents_takes_items(&same_more, 10, true));
	assert_true(contents_takes_items(&newer, 10, false));
	assert_false(contents_takes_items(&mute, 10, true));
	assert_true(contents_takes_items(&older, INT64_MIN, false));
}

static void what_was_just_bought_was_so_for_its_window(void **state)
{
	struct category_window coffee = {.category = "coffee", .window_ms = 14 * DAY_MS};
	struct policy policy = {
	    .just_bought = {.default_ms = 90 * DAY_MS, .categories = &coffee, .category_count = 1}};
	const int64_t bought_ms = 1000 * DAY_MS;

	(void)state;
	assert_int_equal(just_bought_until_ms(&policy, "coffee", bought_ms, bought_ms),
			 bought_ms + 14 * DAY_MS);
	assert_int_equal(
	    just_bought_until_ms(&policy, "coffee", bought_ms, bought_ms + 14 * DAY_MS - 1),
	    bought_ms + 14 * DAY_MS);
	assert_int_equal(
	    just_bought_until_ms(&policy, "coffee", bought_ms, bought_ms + 14 * DAY_MS), 0);
	assert_int_equal(just_bought_until_ms(&policy, "tents", bought_ms, bought_ms + 14 * DAY_MS),
			 bought_ms + 90 * DAY_MS);
	assert_int_equal(just_bought_until_ms(&policy, "", bought_ms, bought_ms), 0);
	assert_int_equal(just_bought_until_ms(&policy, "tents", INT64_MIN, bought_ms), 0);
	policy.just_bought.off = true;
	assert_int_equal(just_bought_until_ms(&policy, "tents", bought_ms, bought_ms - 1), 0);
}

/* Every reason is there; they are taken away one by one, and then the next one ends it. */
static void a_message_ends_for_the_first_reason(void **state)
{
	static const struct message_class news = {.name = "news", .needs_consent = true};
	Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT, *consent = &yes;
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	struct person_message message = {.class_name = "news",
					 .channel = CHANNEL_EMAIL,
					 .triggered_ms = 100,
					 .no_address = "no address"};

	(void)state;
	contact.erased = contact.merged = true;
	contact.erased_ms = 100;
	assert_int_equal(person_ends(&contact, &message), PERSON_ERASED);
	contact.erased = false;
	assert_int_equal(person_ends(&contact, &message), PERSON_ERASED);
	message.triggered_ms = 101;
	assert_int_equal(person_ends(&contact, &message), PERSON_MERGED);
	contact.merged = false;
	assert_int_equal(person_ends(&contact, &message), PERSON_CLASS_REMOVED);
	message.class = &news;
	assert_int_equal(person_ends(&contact, &message), PERSON_NO_CONSENT);
	yes.message_class = (char *)"news";
	yes.given = true;
	contact.consent = &consent;
	contact.n_consent = 1;
	assert_int_equal(person_ends(&contact, &message), PERSON_NO_ADDRESS);
	message.no_address = "";
	assert_int_equal(person_ends(&contact, &message), PERSON_ENDS_NOTHING);
}

static void a_task_needs_neither_consent_nor_address(void **state)
{
	static const struct message_class news = {.name = "news", .needs_consent = true};
	const Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	struct person_message message = {.class = &news,
					 .class_name = "news",
					 .channel = CHANNEL_TASK,
					 .no_address = "no address"};

	(void)state;
	assert_int_equal(person_ends(&contact, &message), PERSON_ENDS_NOTHING);
	message.channel = CHANNEL_EXTERNAL;
	assert_int_equal(person_ends(&contact, &message), PERSON_NO_CONSENT);
}

/* What waits in a topic of requests and mails is known when it is read at last. */
static void requests_are_remembered_longer_than_their_topics_keep_them(void **state)
{
	static const char *const topics[] = {"requests", "asks", "dispatch"};

	(void)state;
	for (const struct topic_plan *plan = topic_plans; plan->name; plan++)
		for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
			if (strcmp(plan->name, topics[i]) == 0)
				assert_true(plan->retention_ms > 0 &&
					    plan->retention_ms < REQUEST_REMEMBERED_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_opening_may_come_after_the_closing),
	    cmocka_unit_test(a_closing_closes_what_it_means),
	    cmocka_unit_test(the_newest_word_about_contents_holds),
	    cmocka_unit_test(what_was_just_bought_was_so_for_its_window),
	    cmocka_unit_test(a_message_ends_for_the_first_reason),
	    cmocka_unit_test(a_task_needs_neither_consent_nor_address),
	    cmocka_unit_test(requests_are_remembered_longer_than_their_topics_keep_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
