/* Tests of who is believed about consent: the person, a proof, and what shops echo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"
#include "services/segmenter/profile/consent.h"

#define SHOP POLICY("")

#define CLASS(name) "\"message\":{\"class\":\"" name "\"}"
#define YES(class) "\"consent\":{\"" class "\":true}"
#define NO(class) "\"consent\":{\"" class "\":false}"

static void a_proof_and_a_no_count_by_their_time(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "consent.changed", NULL, YES("all")},
	     "contact +transactional +care +promotion +all\n"},
	    {{"2026-01-03T10:00:00Z", "message.unsubscribed", CLASS("promotion")},
	     "contact +transactional +care -promotion +all\n"},
	    /* said before the no, whenever it is told */
	    {{"2026-01-04T10:00:00Z", "consent.changed", PROOF("2026-01-02T10:00:00Z"),
	      YES("promotion")},
	     ""},
	    /*
	     * a new yes to all does not bring back what was refused by name, though it is told when it
	     * was said; a yes by name does
	     */
	    {{"2026-01-04T10:00:00Z", "consent.changed", PROOF("2026-01-04T10:00:00Z"), YES("all")},
	     "contact +transactional +care -promotion +all\n"},
	    {{"2026-01-05T10:00:00Z", "consent.changed", PROOF("2026-01-05T10:00:00Z"),
	      YES("promotion")},
	     "contact +transactional +care +promotion +all\n"},
	    {{"2026-01-06T10:00:00Z", "message.unsubscribed", NULL},
	     "contact -transactional -care -promotion -all\n"},
	    /* of one instant the no holds */
	    {{"2026-01-06T10:00:00Z", "consent.changed", PROOF("2026-01-06T10:00:00Z"),
	      YES("care")},
	     ""},
	    {{"2026-01-07T10:00:00Z", "consent.changed", PROOF("2026-01-07T10:00:00Z"),
	      YES("care")},
	     "contact -transactional +care -promotion -all\n"},
	    /* and a no of the same instant that comes after the yes */
	    {{"2026-01-07T10:00:00Z", "message.unsubscribed", CLASS("care")},
	     "contact -transactional -care -promotion -all\n"},
	    {{"2026-01-08T10:00:00Z", "consent.changed", PROOF("2026-01-08T10:00:00Z"), YES("all")},
	     "contact +transactional -care +promotion +all\n"},
	    {{"2026-01-09T10:00:00Z", "message.complained", CLASS("promotion")},
	     "contact -transactional -care -promotion -all\n"},
	    {{"2026-01-10T10:00:00Z", "consent.changed", PROOF("2026-01-10T10:00:00Z"),
	      NO("promotion")},
	     "contact -transactional -care -promotion -all\n"}, /* said again, later */
	};
	static const struct scene unknown[] = {
	    {{"2026-01-01T10:00:00Z", "consent.changed", NULL, YES("promotion")},
	     "contact +promotion\n"},
	    /* a class that is not the policy's: nobody shall hear less of a no than was meant */
	    {{"2026-01-02T10:00:00Z", "message.unsubscribed", CLASS("newsletter")},
	     "contact -transactional -care -promotion -all\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
	PLAY_CONTACTS(SHOP, unknown);
}

static void an_echo_gives_only_what_was_never_asked_about(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), YES("promotion")},
	     "contact +promotion\n"},
	    /* an echo may withdraw */
	    {{"2026-01-02T10:00:00Z", "customer.updated", NULL, NO("promotion")},
	     "contact -promotion\n"},
	    /* and never take that back, whoever withdrew and however new it is */
	    {{"2026-01-03T10:00:00Z", "customer.updated", NULL, YES("promotion")}, ""},
	    {{"2026-01-04T10:00:00Z", "order.placed", ORDER_ID("2"), YES("all")},
	     "contact +transactional +care -promotion +all\n"},
	    {{"2026-01-05T10:00:00Z", "consent.changed", NULL, YES("promotion")}, ""},
	    /* a proof anywhere else is none */
	    {{"2026-01-06T10:00:00Z", "customer.updated", PROOF("2026-01-06T10:00:00Z"),
	      YES("promotion")},
	     ""},
	    {{"2026-01-07T10:00:00Z", "consent.changed", PROOF("2026-01-07T10:00:00Z"),
	      YES("promotion")},
	     "contact +transactional +care +promotion +all\n"},
	    /* what was proven may be withdrawn by an echo, by its time */
	    {{"2026-01-06T12:00:00Z", "customer.updated", NULL, NO("promotion")}, ""},
	    {{"2026-01-08T10:00:00Z", "customer.updated", NULL, NO("promotion")},
	     "contact +transactional +care -promotion +all\n"},
	};
	static const struct scene complained[] = {
	    {{"2026-03-01T10:00:00Z", "customer.updated", NULL, YES("all")},
	     "contact +transactional +care +promotion +all\n"},
	    {{"2026-03-03T10:00:00Z", "message.complained", "\"message\":{}"},
	     "contact -transactional -care -promotion -all\n"},
	    {{"2026-03-09T10:00:00Z", "order.placed", ORDER_ID("1"), YES("all")}, ""},
	    {{"2026-03-09T11:00:00Z", "order.placed", ORDER_ID("2"), YES("care")}, ""},
	    /* a no that comes before the first yes stands as well */
	    {{"2026-03-02T10:00:00Z", "customer.updated", NULL, YES("promotion")}, ""},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
	PLAY_CONTACTS(SHOP, complained);
}

/* A proof is no later than its event, or one of the year 2099 would hold for ever. */
static void a_proof_is_not_ahead_of_its_event(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "consent.changed", PROOF("2099-01-01T10:00:00Z"),
	      YES("care")},
	     "contact +care\n"},
	    {{"2026-01-02T10:00:00Z", "message.unsubscribed", CLASS("care")}, "contact -care\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* By the wall clock: what is claimed to be later than it came, and what a person does. */
static void a_clock_that_is_ahead_silences_nobody(void **state)
{
	static const char *const claims[] = {"2026-01-01T10:10:00Z", "2026-01-01T11:00:00Z",
					     "2099-01-01T00:00:00Z", "2026-01-01T10:00:00Z"};

	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct world world = world_with(SHOP);

		world.contacts = true;
		hear(&world, "2026-01-01T10:00:00Z",
		     (struct news){claims[i], "order.placed", ORDER_ID("1"), YES("care")});
		assert_true(world.ahead_ms == ms(claims[i]) - ms("2026-01-01T10:00:00Z"));
		assert_string_equal(take(&world), "contact +care\n");
		hear(&world, "2026-01-01T10:00:05Z",
		     (struct news){"2026-01-01T10:00:05Z", "message.unsubscribed", CLASS("care")});
		assert_true(world.ahead_ms == 0);
		assert_string_equal(take(&world), "contact -care\n");
		/* a proof from the same clock counts for no more than when it came */
		hear(&world, "2026-01-01T10:00:05Z",
		     (struct news){claims[i], "consent.changed", PROOF("2099-01-01T00:00:00Z"),
				   YES("care")});
		assert_string_equal(take(&world), "");
		hear(&world, "2026-01-01T10:00:06Z",
		     (struct news){claims[i], "consent.changed", PROOF("2099-01-01T00:00:00Z"),
				   YES("care")});
		assert_string_equal(take(&world), "contact +care\n");
		/* a page whose clock is slow is still heard now */
		hear(&world, "2026-01-01T10:00:07Z",
		     (struct news){"2026-01-01T09:00:00Z", "message.unsubscribed", CLASS("care")});
		assert_string_equal(take(&world), "contact -care\n");
		world_free(&world);
	}
}

static void our_own_page_is_heard_when_it_speaks(void **state)
{
	static const char own[] =
	    "\"proof\":{\"source\":\"nurture:preferences-page\",\"at\":\"2026-01-01T09:00:00Z\"}";
	static const char shop[] =
	    "\"proof\":{\"source\":\"the till\",\"at\":\"2026-01-01T09:00:00Z\"}";
	struct world world = world_with(SHOP);

	(void)state;
	world.contacts = true;
	hear(&world, "2026-01-01T10:00:00Z",
	     (struct news){"2026-01-01T10:00:00Z", "message.unsubscribed", CLASS("care")});
	take(&world);
	hear(&world, "2026-01-01T10:00:09Z",
	     (struct news){"2026-01-01T09:00:00Z", "consent.changed", shop, YES("care")});
	assert_string_equal(take(&world), "");
	hear(&world, "2026-01-01T10:00:10Z",
	     (struct news){"2026-01-01T09:00:00Z", "consent.changed", own, YES("care")});
	assert_string_equal(take(&world), "contact +care\n");
	world_free(&world);
}

/* Everything else that a clock ahead used to make void, or to keep for ever. */
static void nothing_is_later_than_it_came(void **state)
{
	static const struct {
		struct news ahead, now;
		const char *before, *after;
	} rows[] = {
	    {{NULL, "customer.updated", NULL, "\"email\":\"old@x.example\""},
	     {NULL, "message.bounced", "\"message\":{\"kind\":\"hard\"}"},
	     "contact old@x.example\n",
	     "contact old@x.example undeliverable:hard bounce\n"},
	    {{NULL, "customer.updated", NULL, "\"email\":\"old@x.example\""},
	     {NULL, "customer.updated", NULL, "\"email\":\"new@x.example\""},
	     "contact old@x.example\n",
	     "contact new@x.example\n"},
	    {{NULL, "customer.updated", NULL, "\"name\":\"Ann\""},
	     {NULL, "customer.updated", NULL, "\"name\":\"Aaron\""},
	     "contact (Ann,)\n",
	     "contact (Aaron,)\n"},
	    {{NULL, "complaint.opened", "\"case\":{\"id\":\"9\"}"},
	     {NULL, "complaint.closed", "\"case\":{\"id\":\"9\"}"},
	     "contact open:complaint:9\n",
	     "contact\n"},
	    {{NULL, "order.late", ORDER_ID("1")},
	     {NULL, "order.delivered", ORDER_ID("1")},
	     "contact open:late:1\n",
	     "contact\n"},
	    {{NULL, "preferences.changed",
	      "\"preferences\":{\"paused_until\":"
	      "\"2026-03-01T00:00:00Z\"}"},
	     {NULL, "preferences.changed", "\"preferences\":{}"},
	     "contact paused:2026-03-01T00:00:00Z\n",
	     "contact\n"},
	    {{NULL, "customer.updated", NULL, YES("care")},
	     {NULL, "customer.updated", NULL, NO("care")},
	     "contact +care\n",
	     "contact -care\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world = world_with(SHOP);
		struct news ahead = rows[i].ahead, now = rows[i].now;

		world.contacts = true;
		ahead.time = "2099-01-01T00:00:00Z";
		now.time = "2026-01-01T10:00:05Z";
		hear(&world, "2026-01-01T10:00:00Z", ahead);
		assert_string_equal(take(&world), rows[i].before);
		hear(&world, "2026-01-01T10:00:05Z", now);
		assert_string_equal(take(&world), rows[i].after);
		/* told before the bound was there: what is said now holds against it as well */
		world_forget(&world);
		tell(&world, ahead);
		take(&world);
		world.now_ms = ms("2026-01-01T10:00:04Z");
		world.due_ms = NEVER_MS;
		hear(&world, "2026-01-01T10:00:05Z", now);
		assert_string_equal(take(&world), rows[i].after);
		world_free(&world);
	}
}

/* With the event clock time is what the records say, a replay of years as well. */
static void the_event_clock_bounds_nothing(void **state)
{
	static const struct scene scenes[] = {
	    {{"2099-01-01T10:00:00Z", "message.unsubscribed", CLASS("care")}, "contact -care\n"},
	    {{"2099-01-02T10:00:00Z", "consent.changed", PROOF("2099-01-02T10:00:00Z"),
	      YES("care")},
	     "contact +care\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* A full list of classes that the policy does not have still takes a no. */
static void a_no_to_an_unknown_class_finds_room(void **state)
{
	struct world world = world_with(SHOP);
	const struct seg_profile *profile;
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < 80; i++) {
		char consent[64];

		snprintf(consent, sizeof(consent), "\"consent\":{\"x%02u\":%s}", i,
			 i < 70 ? "true" : "false");
		tell(&world,
		     (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL, consent});
	}
	profile = profile_of(&world);
	assert_int_equal(profile->consent_count, SEG_UNKNOWN_CONSENTS_MAX);
	for (unsigned i = 0; i < profile->consent_count; i++)
		refused += profile->consents[i].word == SEG_WITHDRAWN;
	assert_int_equal(refused, 10);
	world_free(&world);
}

/* What others behind the same inbox are told: the newest no, by name or to all. */
static void a_no_is_as_new_as_its_newest_word(void **state)
{
	struct seg_consent words[] = {{"all", SEG_WITHDRAWN, 20}, {"care", SEG_WITHDRAWN, 10}};
	struct seg_profile profile = {.consents = words, .consent_count = 2};

	(void)state;
	assert_int_equal(seg_consent_said_ms(&profile, "care"), 20);
	assert_int_equal(seg_consent_said_ms(&profile, "promotion"), 20);
	words[1].time_ms = 30;
	assert_int_equal(seg_consent_said_ms(&profile, "care"), 30);
	words[0].word = SEG_PROVEN;
	words[0].time_ms = 40;
	assert_int_equal(seg_consent_said_ms(&profile, "care"), 30);
	words[1].word = SEG_ECHOED;
	assert_int_equal(seg_consent_said_ms(&profile, "care"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_proof_and_a_no_count_by_their_time),
	    cmocka_unit_test(an_echo_gives_only_what_was_never_asked_about),
	    cmocka_unit_test(a_proof_is_not_ahead_of_its_event),
	    cmocka_unit_test(a_clock_that_is_ahead_silences_nobody),
	    cmocka_unit_test(our_own_page_is_heard_when_it_speaks),
	    cmocka_unit_test(nothing_is_later_than_it_came),
	    cmocka_unit_test(the_event_clock_bounds_nothing),
	    cmocka_unit_test(a_no_to_an_unknown_class_finds_room),
	    cmocka_unit_test(a_no_is_as_new_as_its_newest_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
