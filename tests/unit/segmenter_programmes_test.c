/* Tests of what an event sets off, and what ends it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#include "common/base/hash.h"

#define PARCEL_OF_TWO(name) "\"order\":{\"id\":\"1\",\"parcel\":\"" name "\",\"parcels\":2}"

static void the_second_order_sets_off_what_the_first_did_not(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    {{"2026-01-05T10:00:00Z", "order.placed", BUYS("2", "30", "coffee")},
	     "request welcome-back task:basket due 2026-01-05T10:00:00Z order 2 category coffee\n"
	     "request welcome-back email:hello due 2026-01-05T10:00:00Z order 2 category coffee\n"},
	    /* the same event again, and the same order under another event id */
	    {{"2026-01-05T10:00:00Z", "order.placed", BUYS("2", "30", "coffee"), NULL, "e2"}, ""},
	    {{"2026-01-05T11:00:00Z", "order.placed", BUYS("2", "30", "coffee")}, ""},
	};

	(void)state;
	PLAY(HOTEL, scenes);
}

static void a_refund_ends_what_waits_for_its_order(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    /* no items here: the category comes from the order as it was placed */
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request tips email:tips due 2026-01-06T10:00:00Z order 1 category tents\n"},
	    {{"2026-01-04T10:00:00Z", "order.refunded", ORDER_ID("1")},
	     "cancel order 1: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-04T10:00:00Z order 1\n"},
	    /* of an order that nobody knows only the programme can be ended */
	    {{"2026-01-05T10:00:00Z", "order.refunded", ORDER_ID("77")},
	     "cancel tips order 77: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-05T10:00:00Z order 77\n"},
	    {{"2026-01-05T11:00:00Z", "complaint.opened", "\"case\":{\"id\":\"9\"}"},
	     "cancel tips: complaint.opened\n"},
	    /* nothing of it waits any more */
	    {{"2026-01-05T12:00:00Z", "complaint.opened", "\"case\":{\"id\":\"10\"}"}, ""},
	};
	static const struct scene late[] = {
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request tips email:tips due 2026-01-06T10:00:00Z order 1\n"},
	    /* three days to wait and fourteen to live */
	    {{"2026-01-20T09:59:59Z", "complaint.opened",
	      "\"case\":{\"id\":\"9\",\"order\":\"1\"}"},
	     "cancel tips order 1: complaint.opened\n"},
	    {{"2026-01-20T10:00:00Z", "complaint.opened", "\"case\":{\"id\":\"8\"}"}, ""},
	};

	(void)state;
	PLAY(HOTEL, scenes);
	PLAY(HOTEL, late);
}

static void an_event_that_a_cancellation_overtook_sets_nothing_off(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "600", "tents")},
	     "request big task:call due 2026-01-01T10:00:00Z order 1\n"},
	    {{"2026-01-05T12:00:00Z", "order.cancelled", ORDER_ID("2")}, ""},
	    {{"2026-01-05T10:00:00Z", "order.placed", BUYS("2", "30", "coffee")}, ""},
	    /* a delivery that was heard of too late */
	    {{"2026-01-05T13:00:00Z", "order.placed", BUYS("3", "30", "coffee")},
	     "request welcome-back task:basket due 2026-01-05T13:00:00Z order 3 category coffee\n"
	     "request welcome-back email:hello due 2026-01-05T13:00:00Z order 3 category coffee\n"
	     "request regular email:regular due 2026-01-05T13:00:00Z order 3\n"},
	    {{"2026-01-05T15:00:00Z", "order.cancelled", ORDER_ID("3")},
	     "cancel order 3: order.cancelled\n"},
	    {{"2026-01-05T14:00:00Z", "order.delivered", ORDER_ID("3")}, ""},
	    /* but a parcel that comes after a part was refunded is one */
	    {{"2026-01-06T10:00:00Z", "order.refunded", ORDER("1", "5")},
	     "request sorry task:ask-why due 2026-01-06T10:00:00Z order 1\n"},
	    {{"2026-01-07T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request tips email:tips due 2026-01-10T10:00:00Z order 1 category tents\n"},
	};

	(void)state;
	PLAY(HOTEL, scenes);
}

/* Whenever that happened: the parcel may be on its way back, or nobody has taken it. */
static void an_order_that_has_gone_sets_nothing_off(void **state)
{
	static const struct scene refunded[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.refunded", ORDER_ID("1")},
	     "cancel order 1: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-03T09:00:00Z", "order.shipped", ORDER_ID("1")}, ""},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")}, ""},
	    {{"2026-01-03T11:00:00Z", "order.placed", BUYS("1", "600", "tents")}, ""},
	};
	static const struct scene by_parts[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.refunded", ORDER("1", "5")},
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-03T10:00:00Z", "order.refunded", ORDER("1", "15")},
	     "cancel order 1: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-03T10:00:00Z order 1\n"},
	    {{"2026-01-04T10:00:00Z", "order.delivered", ORDER_ID("1")}, ""},
	};
	static const struct scene cancelled[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.cancelled", ORDER_ID("1")},
	     "cancel order 1: order.cancelled\n"},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")}, ""},
	    /* nor when it was never heard of */
	    {{"2026-01-02T10:00:00Z", "order.cancelled", ORDER_ID("2")}, ""},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("2")}, ""},
	    /* the next order is another one */
	    {{"2026-01-04T10:00:00Z", "order.placed", BUYS("3", "20", "coffee")}, ""},
	    {{"2026-01-05T10:00:00Z", "order.delivered", ORDER_ID("3")},
	     "request tips email:tips due 2026-01-08T10:00:00Z order 3 category coffee\n"},
	};
	static const struct scene second_parcel[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "tents")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.delivered", PARCEL_OF_TWO("a")}, ""},
	    {{"2026-01-03T10:00:00Z", "order.refunded", ORDER_ID("1")},
	     "cancel order 1: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-03T10:00:00Z order 1\n"},
	    {{"2026-01-04T10:00:00Z", "order.delivered", PARCEL_OF_TWO("b")}, ""},
	};

	(void)state;
	PLAY(HOTEL, refunded);
	PLAY(HOTEL, by_parts);
	PLAY(HOTEL, cancelled);
	PLAY(HOTEL, second_parcel);
}

#define GOODS(id, list) "\"order\":{\"id\":\"" id "\",\"items\":[" list "]}"
#define PART(id, amount, list)                                                                     \
	"\"order\":{\"id\":\"" id "\",\"amount\":\"" amount "\",\"items\":[" list "]}"
#define TENT "{\"category\":\"tents\",\"price\":\"60\"}"
#define PEGS "{\"category\":\"pegs\",\"price\":\"20\"}"
#define MATS "{\"category\":\"mats\",\"price\":\"10\"}"

/* What came back before the rest was there: that is what the rest is about. */
static void a_part_that_came_back_is_not_delivered(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", PART("1", "90", TENT "," PEGS)}, ""},
	    {{"2026-01-02T10:00:00Z", "order.refunded", PART("1", "60", TENT)},
	     "cancel order 1 about tents: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request tips email:tips due 2026-01-06T10:00:00Z order 1 category pegs\n"},
	};
	/* told the other way round, and by an event that says what is in the parcel */
	static const struct scene early[] = {
	    {{"2026-01-02T10:00:00Z", "order.refunded", PART("1", "60", TENT)},
	     "cancel order 1 about tents: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-01T10:00:00Z", "order.placed", PART("1", "90", TENT "," MATS "," PEGS)}, ""},
	    {{"2026-01-03T10:00:00Z", "order.delivered", GOODS("1", TENT "," PEGS "," MATS)},
	     "request tips email:tips due 2026-01-06T10:00:00Z order 1 category pegs\n"},
	};
	/* nobody can tell which of two it is mostly about */
	static const struct scene two_left[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", PART("1", "90", TENT "," MATS "," PEGS)}, ""},
	    {{"2026-01-02T10:00:00Z", "order.refunded", PART("1", "60", TENT)},
	     "cancel order 1 about tents: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request tips email:tips due 2026-01-06T10:00:00Z order 1\n"},
	};
	/* all goods, but not what it cost to send them */
	static const struct scene none_left[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", PART("1", "65", TENT)}, ""},
	    {{"2026-01-02T10:00:00Z", "order.refunded", PART("1", "60", TENT)},
	     "cancel order 1 about tents: order.refunded\n"
	     "request sorry task:ask-why due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-03T10:00:00Z", "order.delivered", ORDER_ID("1")}, ""},
	};

	(void)state;
	PLAY(HOTEL, scenes);
	PLAY(HOTEL, early);
	PLAY(HOTEL, two_left);
	PLAY(HOTEL, none_left);
}

static void amounts_and_scores_are_those_of_the_event(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "499.99")}, ""},
	    {{"2026-01-01T11:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"2\",\"amount\":\"90000\",\"currency\":\"JPY\"}"},
	     "request welcome-back task:basket due 2026-01-01T11:00:00Z order 2\n"
	     "request welcome-back email:hello due 2026-01-01T11:00:00Z order 2\n"
	     "request regular email:regular due 2026-01-01T11:00:00Z order 2\n"},
	    {{"2026-01-02T10:00:00Z", "feedback.received", "\"feedback\":{\"score\":3}"}, ""},
	    {{"2026-01-02T11:00:00Z", "feedback.received", "\"feedback\":{\"comment\":\"?\"}"}, ""},
	    {{"2026-01-02T12:00:00Z", "feedback.received",
	      "\"feedback\":{\"score\":2,\"order\":\"1\"}"},
	     "request unhappy task:call due 2026-01-02T12:00:00Z order 1\n"},
	};
	static const struct scene again[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "500")},
	     "request big task:call due 2026-01-01T10:00:00Z order 1\n"},
	    {{"2026-03-31T09:59:59Z", "order.cancelled", ORDER_ID("1")},
	     "request quiet task:look due 2026-01-31T10:00:00Z\n"
	     "cancel order 1: order.cancelled\n"},
	    /* ninety days after the first call, and a millisecond before that */
	    {{"2026-04-01T09:59:59.999Z", "order.placed", ORDER("2", "500")}, ""},
	    {{"2026-04-01T10:00:00Z", "order.cancelled", ORDER_ID("2")},
	     "cancel order 2: order.cancelled\n"},
	    {{"2026-04-01T10:00:00Z", "order.placed", ORDER("3", "500")},
	     "request big task:call due 2026-04-01T10:00:00Z order 3\n"},
	};

	(void)state;
	PLAY(HOTEL, scenes);
	PLAY(HOTEL, again);
}

static void a_new_order_ends_what_an_older_one_set_off(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "20")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.shipped", ORDER_ID("1")},
	     "request more email:more due 2026-01-07T10:00:00Z order 1\n"},
	    {{"2026-01-03T10:00:00Z", "order.placed", ORDER("2", "20")},
	     "cancel more: order.placed\n"
	     "request welcome-back task:basket due 2026-01-03T10:00:00Z order 2\n"
	     "request welcome-back email:hello due 2026-01-03T10:00:00Z order 2\n"},
	};

	(void)state;
	PLAY(HOTEL, scenes);
}

static const char *datum(const Nurture__V1__Request *request, const char *name)
{
	for (size_t i = 0; i < request->n_data; i++)
		if (strcmp(request->data[i]->name, name) == 0)
			return request->data[i]->value;
	return "";
}

/* Every field of a request, once. */
static void a_request_is_complete(void **state)
{
	static const char json[] =
	    "{\"id\":\"ev\",\"type\":\"order.placed\",\"time\":\"2026-01-05T10:00:00Z\","
	    "\"customer\":{\"id\":\"ann\"},\"order\":{\"id\":\"7\",\"amount\":\"12.5\","
	    "\"items\":[{\"category\":\"pegs\",\"price\":\"2\"},{\"category\":\"tents\",\"price\":"
	    "\"9\",\"name\":\"Two-man tent\"},{\"name\":\"Peg\",\"price\":\"0.10\"},"
	    "{\"price\":\"99\"},{\"category\":\"late\",\"price\":\"9.00\"}]}}";
	struct world world = world_with(POLICY(
	    "programmes:\n"
	    "  p: {owner: o, on: order.placed, wait: 2h, email: t, class: promotion, priority: 7,"
	    " expires: 3d, holdout: 12.5%, category: order, exempt: true, offer: {coupon: C}}\n"));
	struct segmenter segmenter = {world.policy};
	struct step step = {.context = &segmenter, .arena = &world.arena, .kind = STEP_RECORD};
	struct ProtobufCAllocator allocator = arena_protobuf(&world.arena);
	const Nurture__V1__Request *r;
	const struct step_output *last;
	char id[ID_TEXT_BYTES];
	struct err err;

	(void)state;
	step.now_ms = ms("2026-01-06T00:00:00Z"); /* it comes late: facts are as of the event */
	step.customer = slice_text("ann");
	step.value = slice_text(json);
	step_prepare(&step);
	assert_int_equal(seg_step(&step, &err), 0);
	for (last = step.outputs; last->next; last = last->next)
		;
	r = nurture__v1__request_record__unpack(&allocator, last->value.len, last->value.bytes)
		->request;
	id_of_texts(id, "p", "email", "t", "ann", "ev", NULL);
	assert_string_equal(r->id, id);
	assert_string_equal(r->message_class, "promotion");
	assert_string_equal(r->channel, "email");
	assert_string_equal(r->action, "t");
	assert_string_equal(r->category, "tents");
	assert_string_equal(r->owner, "o");
	assert_string_equal(r->order, "7");
	assert_int_equal(r->priority, 7);
	assert_int_equal(r->triggered_ms, ms("2026-01-05T10:00:00Z"));
	assert_int_equal(r->due_ms, ms("2026-01-05T12:00:00Z"));
	assert_int_equal(r->expires_ms, ms("2026-01-08T12:00:00Z"));
	assert_int_equal(r->holdout_permille, 125);
	assert_true(r->exempt);
	assert_string_equal(datum(r, "order.id"), "7");
	assert_string_equal(datum(r, "order.amount"), "12.50");
	assert_string_equal(datum(r, "order.product"), "Two-man tent");
	assert_string_equal(datum(r, "coupon"), "C");
	assert_string_equal(datum(r, "orders"), "1");
	assert_string_equal(datum(r, "first_order"), "2026-01-05");
	assert_string_equal(datum(r, "years"), "");
	world_free(&world);
}

/* What the request of an order says of how long somebody has been here. */
static void years_as_a_customer(void **state)
{
	static const struct {
		const char *first, *now, *years;
	} cases[] = {
	    {"2024-03-10T12:00:00Z", "2025-03-09T12:00:00Z", ""},
	    {"2024-03-10T12:00:00Z", "2025-03-10T08:00:00Z", "1"},
	    {"2024-03-10T12:00:00Z", "2027-03-09T12:00:00Z", "2"},
	    {"2024-03-10T12:00:00Z", "2027-04-01T12:00:00Z", "3"},
	    {"2024-02-29T12:00:00Z", "2026-02-27T12:00:00Z", "1"},
	    {"2024-02-29T12:00:00Z", "2026-02-28T12:00:00Z", "2"},
	    {"2024-02-29T12:00:00Z", "2028-02-28T12:00:00Z", "3"},
	    {"2024-02-29T12:00:00Z", "2028-02-29T12:00:00Z", "4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct world world =
		    world_with(POLICY("programmes:\n  p: {owner: o, on: order.placed, email: t, "
				      "class: promotion}\n"));
		struct ProtobufCAllocator allocator = arena_protobuf(&world.arena);
		struct segmenter segmenter = {world.policy};
		struct step step = {.context = &segmenter, .arena = &world.arena};
		const struct step_output *last;
		struct err err;
		char json[300];

		tell(&world, (struct news){cases[i].first, "order.placed", ORDER("1", "20")});
		snprintf(json, sizeof(json),
			 "{\"id\":\"x\",\"type\":\"order.placed\",\"time\":\"%s\","
			 "\"customer\":{\"id\":\"ann\"},\"order\":{\"id\":\"2\"}}",
			 cases[i].now);
		step.kind = STEP_RECORD;
		step.now_ms = ms(cases[i].now);
		step.customer = slice_text("ann");
		step.value = slice_text(json);
		step.state = slice_of(world.state, world.state_len);
		step_prepare(&step);
		assert_int_equal(seg_step(&step, &err), 0);
		for (last = step.outputs; last->next; last = last->next)
			;
		assert_string_equal(datum(nurture__v1__request_record__unpack(
					      &allocator, last->value.len, last->value.bytes)
					      ->request,
					  "years"),
				    cases[i].years);
		world_free(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_second_order_sets_off_what_the_first_did_not),
	    cmocka_unit_test(a_refund_ends_what_waits_for_its_order),
	    cmocka_unit_test(an_event_that_a_cancellation_overtook_sets_nothing_off),
	    cmocka_unit_test(an_order_that_has_gone_sets_nothing_off),
	    cmocka_unit_test(a_part_that_came_back_is_not_delivered),
	    cmocka_unit_test(amounts_and_scores_are_those_of_the_event),
	    cmocka_unit_test(a_new_order_ends_what_an_older_one_set_off),
	    cmocka_unit_test(a_request_is_complete),
	    cmocka_unit_test(years_as_a_customer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
