/* Tests of what the arbiter is told of a person, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define SHOP POLICY("segments:\n  returning: {orders: {at_least: 2}}\n  at: {country: AT}\n")

#define CLASS(name) "\"message\":{\"class\":\"" name "\"}"

static void only_a_change_is_told(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "message.opened", NULL}, ""},
	    {{"2026-01-01T11:00:00Z", "customer.updated", NULL,
	      "\"email\":\"a@x.example\",\"name\":\"Ann\",\"time_zone\":\"Europe/Vienna\","
	      "\"country\":\"AT\",\"consent\":{\"promotion\":true}"},
	     "contact a@x.example (Ann,Europe/Vienna) +promotion in:at\n"},
	    {{"2026-01-01T12:00:00Z", "message.opened", NULL, "\"email\":\"a@x.example\""}, ""},
	    /* older news of the name and newer of the address, in one event that comes late */
	    {{"2026-01-01T10:30:00Z", "customer.updated", NULL,
	      "\"name\":\"Anna\",\"country\":\"DE\",\"consent\":{\"care\":true}"},
	     "contact a@x.example (Ann,Europe/Vienna) +care +promotion in:at\n"},
	    {{"2026-01-02T10:00:00Z", "order.placed", BUYS("1", "10", "tents")},
	     "contact a@x.example (Ann,Europe/Vienna) +care +promotion bought:tents@2026-01-02 "
	     "in:at\n"},
	    {{"2026-04-02T09:59:59Z", "order.placed", ORDER("2", "10")},
	     "contact a@x.example (Ann,Europe/Vienna) +care +promotion bought:tents@2026-01-02"
	     " in:returning in:at\n"},
	    {{"2026-04-02T10:00:00Z", "message.opened", NULL},
	     "contact a@x.example (Ann,Europe/Vienna) +care +promotion in:returning in:at\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* Of a country with several clocks; a zone that was told counts before it. */
static void a_region_gives_the_zone(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T11:00:00Z", "customer.updated", NULL,
	      "\"email\":\"a@x.example\",\"country\":\"US\",\"region\":\"US-TX\""},
	     "contact a@x.example (,America/Chicago)\n"},
	    {{"2026-01-02T11:00:00Z", "customer.updated", NULL, "\"region\":\"US-TN\""},
	     "contact a@x.example\n"},
	    {{"2026-01-03T11:00:00Z", "customer.updated", NULL, "\"region\":\"US-CA\""},
	     "contact a@x.example (,America/Los_Angeles)\n"},
	    {{"2026-01-04T11:00:00Z", "customer.updated", NULL, "\"time_zone\":\"America/Denver\""},
	     "contact a@x.example (,America/Denver)\n"},
	    /* moved: the region is of the country before */
	    {{"2026-01-05T11:00:00Z", "customer.updated", NULL,
	      "\"country\":\"CA\",\"time_zone\":\"\""},
	     "contact a@x.example (,America/Denver)\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

static void a_region_of_before_is_none(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T11:00:00Z", "customer.updated", NULL,
	      "\"email\":\"a@x.example\",\"country\":\"US\",\"region\":\"US-TX\""},
	     "contact a@x.example (,America/Chicago)\n"},
	    {{"2026-01-02T11:00:00Z", "customer.updated", NULL, "\"country\":\"CA\""},
	     "contact a@x.example\n"},
	    {{"2026-01-03T11:00:00Z", "customer.updated", NULL, "\"region\":\"CA-ON\""},
	     "contact a@x.example (,America/Toronto)\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* The next policy may have the class; that this one has it not is said. */
static void consent_to_no_class_is_told(void **state)
{
	static const struct {
		const char *customer;
		bool is_unknown;
	} said[] = {
	    {"\"consent\":{\"care\":true,\"newsletter\":true}", true},
	    {"\"consent\":{\"newsletter\":false}", true},
	    {"\"consent\":{\"all\":true,\"promotion\":false}", false},
	    {"\"country\":\"AT\"", false},
	};
	struct world world = world_with(SHOP);

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		tell(&world, (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL,
					   said[i].customer});
		assert_int_equal(world.unknown_class, said[i].is_unknown);
	}
	world_free(&world);
}

/* It is kept, as another tzdata may know it; that it counts as none is said. */
static void a_zone_that_nobody_knows_is_told(void **state)
{
	static const struct {
		const char *customer;
		bool is_unknown;
	} said[] = {
	    {"\"time_zone\":\"Europe/Vinea\"", true},
	    {"\"time_zone\":\"Europe/Vienna\"", false},
	    {"\"country\":\"AT\"", false},
	};
	struct world world = world_with(SHOP);

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		tell(&world, (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL,
					   said[i].customer});
		assert_int_equal(world.unknown_zone, said[i].is_unknown);
	}
	world_free(&world);
}

static void cases_are_open_until_closed(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.late", ORDER_ID("17")}, "contact open:late:17\n"},
	    {{"2026-01-02T10:00:00Z", "return.opened", "\"case\":{\"order\":\"17\"}"},
	     "contact open:late:17 open:return:17\n"},
	    {{"2026-01-03T10:00:00Z", "complaint.opened",
	      "\"case\":{\"id\":\"9\",\"order\":\"17\"}"},
	     "contact open:late:17 open:complaint:9 open:return:17\n"},
	    {{"2026-01-04T10:00:00Z", "order.delivered", ORDER_ID("17")},
	     "contact open:complaint:9 open:return:17\n"},
	    {{"2026-01-05T10:00:00Z", "return.closed", "\"case\":{\"order\":\"17\"}"},
	     "contact open:complaint:9\n"},
	    {{"2026-01-06T10:00:00Z", "complaint.closed", "\"case\":{\"id\":\"9\"}"}, "contact\n"},
	    /* closed before it was opened, as far as we heard */
	    {{"2026-01-08T10:00:00Z", "complaint.closed", "\"case\":{\"id\":\"10\"}"}, ""},
	    {{"2026-01-07T10:00:00Z", "complaint.opened", "\"case\":{\"id\":\"10\"}"}, ""},
	    /* a parcel that is there is not late any more */
	    {{"2026-01-07T10:00:00Z", "order.late", ORDER_ID("17")}, ""},
	    {{"2026-01-08T10:00:00Z", "order.late", ORDER_ID("19")}, "contact open:late:19\n"},
	    {{"2026-01-09T10:00:00Z", "order.cancelled", ORDER_ID("19")}, "contact\n"},
	    {{"2026-01-08T10:00:00Z", "order.late", ORDER_ID("19")}, ""},
	    /* of one instant: closed */
	    {{"2026-01-10T10:00:00Z", "order.delivered", ORDER_ID("18")}, ""},
	    {{"2026-01-10T10:00:00Z", "order.late", ORDER_ID("18")}, ""},
	    {{"2026-01-10T10:00:00Z", "return.closed", "\"case\":{\"id\":\"11\"}"}, ""},
	    {{"2026-01-10T10:00:00Z", "return.opened", "\"case\":{\"id\":\"11\"}"}, ""},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

static void a_dead_address_is_one_until_there_is_another(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, "\"email\":\"a@x.example\""},
	     "contact a@x.example\n"},
	    {{"2026-01-02T10:00:00Z", "message.bounced", "\"message\":{\"kind\":\"soft\"}"}, ""},
	    {{"2026-01-03T10:00:00Z", "message.bounced", "\"message\":{\"kind\":\"hard\"}"},
	     "contact a@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-04T10:00:00Z", "order.placed", ORDER_ID("1"), "\"email\":\"a@x.example\""},
	     ""},
	    {{"2026-01-05T10:00:00Z", "customer.updated", NULL, "\"email\":\"b@x.example\""},
	     "contact b@x.example\n"},
	    /* it was said of the old address, and comes late */
	    {{"2026-01-04T12:00:00Z", "message.bounced", "\"message\":{\"kind\":\"hard\"}"}, ""},
	    {{"2026-01-06T10:00:00Z", "message.bounced", "\"message\":{\"kind\":\"hard\"}"},
	     "contact b@x.example undeliverable:hard bounce\n"},
	    /* the same one, written otherwise */
	    {{"2026-01-07T10:00:00Z", "customer.updated", NULL, "\"email\":\"b@X.EXAMPLE\""},
	     "contact b@X.EXAMPLE undeliverable:hard bounce\n"},
	    {{"2026-01-08T10:00:00Z", "customer.updated", NULL, "\"email\":\"B@x.example\""},
	     "contact B@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-09T10:00:00Z", "customer.updated", NULL,
	      "\"email\":\"b@b\u00fccher.example\""},
	     "contact b@b\xc3\xbc"
	     "cher.example\n"},
	    {{"2026-01-10T10:00:00Z", "message.bounced", "\"message\":{\"kind\":\"hard\"}"},
	     "contact b@b\xc3\xbc"
	     "cher.example undeliverable:hard bounce\n"},
	    {{"2026-01-11T10:00:00Z", "customer.updated", NULL,
	      "\"email\":\"b@xn--bcher-kva.example\""},
	     "contact b@xn--bcher-kva.example undeliverable:hard bounce\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

#define BOUNCE_OF(kind, email)                                                                     \
	"message.bounced", "\"message\":{\"kind\":\"" kind "\",\"email\":\"" email "\"}"

static void a_bounce_ends_the_address_that_it_names(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, "\"email\":\"a@x.example\""},
	     "contact a@x.example\n"},
	    {{"2026-01-05T10:00:00Z", "customer.updated", NULL, "\"email\":\"b@x.example\""},
	     "contact b@x.example\n"},
	    /* of what was sent to the old one */
	    {{"2026-01-06T10:00:00Z", BOUNCE_OF("hard", "a@X.example")},
	     "inbox email:cbfac86646b35646ab7b undeliverable:hard bounce\n"},
	    {{"2026-01-06T11:00:00Z", BOUNCE_OF("soft", "a@x.example")}, ""},
	    {{"2026-01-06T12:00:00Z", BOUNCE_OF("soft", "a@x.example")}, ""},
	    {{"2026-01-06T13:00:00Z", BOUNCE_OF("soft", "a@x.example")}, ""},
	    {{"2026-01-06T14:00:00Z", BOUNCE_OF("soft", "a@x.example")}, ""},
	    {{"2026-01-06T15:00:00Z", BOUNCE_OF("soft", "a@x.example")}, ""},
	    /* who comes back to it comes back to a dead one */
	    {{"2026-01-07T10:00:00Z", "customer.updated", NULL, "\"email\":\"a@x.example\""},
	     "contact a@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-08T10:00:00Z", "customer.updated", NULL, "\"email\":\"c@x.example\""},
	     "contact c@x.example\n"},
	    /* forwarded to somewhere that is dead */
	    {{"2026-01-09T10:00:00Z", BOUNCE_OF("hard", "elsewhere@y.example")},
	     "contact c@x.example undeliverable:hard bounce\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* More ways to write it than addresses are remembered. */
static void a_dead_address_is_one_in_all_its_spellings(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, "\"email\":\"kit@x.example\""},
	     "contact kit@x.example\n"},
	    {{"2026-01-02T10:00:00Z", BOUNCE_OF("hard", "kit@x.example")},
	     "contact kit@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-03T10:00:00Z", "customer.updated", NULL, "\"email\":\"Kit@x.example\""},
	     "contact Kit@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-04T10:00:00Z", "customer.updated", NULL, "\"email\":\"KIT@x.example\""},
	     "contact KIT@x.example undeliverable:hard bounce\n"},
	    {{"2026-01-05T10:00:00Z", "customer.updated", NULL, "\"email\":\"kit@X.example\""},
	     "contact kit@X.example undeliverable:hard bounce\n"},
	    {{"2026-01-06T10:00:00Z", "customer.updated", NULL, "\"email\":\"kit@x.Example\""},
	     "contact kit@x.Example undeliverable:hard bounce\n"},
	    {{"2026-01-07T10:00:00Z", "customer.updated", NULL, "\"email\":\"kit@x.EXAMPLE\""},
	     "contact kit@x.EXAMPLE undeliverable:hard bounce\n"},
	    {{"2026-01-08T10:00:00Z", "customer.updated", NULL, "\"email\":\"kit2@x.example\""},
	     "contact kit2@x.example\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

static void who_calls_and_writes_needs_more(void **state)
{
	static const struct scene nobody_calls[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, "\"phone\":\"0123\""}, ""},
	};
	static const struct scene calls[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL,
	      "\"phone\":\"0123\",\"address\":\"1 Quay\""},
	     "contact phone:0123 address:\n"},
	    {{"2026-01-02T10:00:00Z", "customer.updated", NULL, "\"phone\":\"0124\""},
	     "contact phone:0124 address:\n"},
	    {{"2026-01-01T11:00:00Z", "customer.updated", NULL, "\"phone\":\"0125\""}, ""},
	    {{"2026-01-03T10:00:00Z", "task.done", "\"task\":{\"id\":\"t1\"}"}, "task done t1\n"},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, nobody_calls);
	PLAY_CONTACTS(
	    SHOP "programmes:\n  call: {owner: c, on: x, task: phone-call, class: care}\n", calls);
}

static void a_merged_id_ends(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), "\"email\":\"a@x.example\""},
	     "contact a@x.example\n"},
	    {{"2026-01-02T10:00:00Z", "customer.merged", "\"merge\":{\"into\":\"bob\"}"},
	     "contact a@x.example undeliverable:merged merged\ncancel: customer.merged\n"},
	    {{"2026-01-03T10:00:00Z", "customer.merged", "\"merge\":{\"into\":\"bob\"}"}, ""},
	    {{"2026-01-01T12:00:00Z", "customer.merged", "\"merge\":{\"into\":\"eve\"}"}, ""},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

static void mail_of_other_tools_is_passed_on(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "message.sent_elsewhere",
	      "\"message\":{\"id\":\"m1\",\"class\":\"promotion\",\"category\":\"tents\"}"},
	     "sent elsewhere m1 promotion email tents\n"},
	    {{"2026-01-01T10:00:00Z", "message.sent_elsewhere",
	      "\"message\":{\"class\":\"promotion\",\"channel\":\"external\"}", NULL, "ev"},
	     "sent elsewhere ev promotion external \n"},
	    {{"2026-01-01T10:00:00Z", "message.sent_elsewhere",
	      "\"message\":{\"class\":\"promotion\",\"channel\":\"external\"}", NULL, "ev"},
	     ""},
	};

	(void)state;
	PLAY_CONTACTS(SHOP, scenes);
}

/* What cannot be taken says why, and changes nothing. */
static void what_cannot_be_taken_is_refused(void **state)
{
#define BEGIN "{\"id\":\"e\",\"time\":\"2026-01-01T10:00:00Z\",\"type\":"
#define ANN ",\"customer\":{\"id\":\"ann\"}"
	static const struct {
		const char *json, *text;
	} rows[] = {
	    {BEGIN "\"x\",\"customer\":{\"id\":\"bob\"}}",
	     "$.customer.id: expected the record's key, \"ann\", found \"bob\""},
	    {BEGIN "\"return.opened\"" ANN "}", NULL},
	    {BEGIN "\"complaint.closed\"" ANN ",\"case\":{\"reason\":\"r\"}}", NULL},
	    {"nonsense", NULL},
	};
	struct world world = world_with(SHOP);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err;

		assert_int_equal(world_record(&world, rows[i].json, 0, &err), -1);
		if (rows[i].text)
			assert_string_equal(err.text, rows[i].text);
		assert_string_equal(take(&world), "");
		assert_int_equal(world.state_len, 0);
	}
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_change_is_told),
	    cmocka_unit_test(a_region_gives_the_zone),
	    cmocka_unit_test(a_region_of_before_is_none),
	    cmocka_unit_test(consent_to_no_class_is_told),
	    cmocka_unit_test(a_zone_that_nobody_knows_is_told),
	    cmocka_unit_test(cases_are_open_until_closed),
	    cmocka_unit_test(a_dead_address_is_one_until_there_is_another),
	    cmocka_unit_test(a_bounce_ends_the_address_that_it_names),
	    cmocka_unit_test(a_merged_id_ends),
	    cmocka_unit_test(a_dead_address_is_one_in_all_its_spellings),
	    cmocka_unit_test(who_calls_and_writes_needs_more),
	    cmocka_unit_test(mail_of_other_tools_is_passed_on),
	    cmocka_unit_test(what_cannot_be_taken_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
