/* JSON in one pass: what is usual is read there, and all that is not is left to the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/message/event_internal.h"

#define CUSTOMER "\"customer\":{\"consent\":{\"all\":true,\"care\":false},\"id\":\"c1\"}"
#define REST "\"id\":\"e1\",\"time\":\"2026-03-01T12:00:00Z\",\"type\":\"order.placed\"}"
#define ORDER(items) "{" CUSTOMER ",\"order\":{\"id\":\"o1\",\"items\":[" items "]}," REST

/* In a piece of memory of just this size, so that reading on is noticed. */
static Nurture__V1__Event *read_event(struct slice text, struct arena *arena)
{
	void *heap = malloc(text.len + !text.len), *event = NULL;

	memcpy(heap, text.bytes, text.len);
	if (!shape_read_plain(&event_shape, slice_of(heap, text.len), arena, &event))
		event = NULL;
	free(heap); /* what was read does not point there */
	return event;
}

static void usual(void **state)
{
	static const char text[] =
	    " {\"type\" : \"order.placed\", \"time\":\"2026-03-01T12:00:00Z\",\n\"id\":\"e1\","
	    "\"order\":{\"id\":\"caf\xc3\xa9 with a long name\",\"items\":[{\"quantity\":0},"
	    "{\"category\":\"tents\",\"quantity\":12}]}," CUSTOMER "}\t";
	struct arena arena = {0};
	Nurture__V1__Event *event = read_event(slice_text(text), &arena);

	(void)state;
	assert_non_null(event);
	assert_string_equal(event->type, "order.placed");
	assert_int_equal(event->time_ms, INT64_C(1772366400000));
	assert_string_equal(event->order->id, "caf\xc3\xa9 with a long name");
	assert_int_equal(event->order->n_items, 2);
	assert_string_equal(event->order->items[1]->category, "tents");
	assert_int_equal(event->order->items[1]->quantity, 12);
	assert_int_equal(event->customer->n_consent, 2);
	assert_string_equal(event->customer->consent[1]->message_class, "care");
	assert_true(event->customer->consent[0]->given);
	assert_false(event->customer->consent[1]->given);
	arena_free(&arena);
}

static void left_to_others(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{",
	    "[]",
	    "{\"id\"}",
	    "{\"id\":\"e1\"",
	    "{\"id\":\"e1\"} x",
	    "{\"id\":\"e1\",}",
	    "{\"id\":\"e\\n1\"}",          /* an escape */
	    "{\"id\":\"e\n1\"}",           /* a raw control */
	    "{\"id\":\"12345678\xff\"}",   /* not UTF-8 */
	    "{\"id\":null}",               /* absent */
	    "{\"id\":7}",                  /* no text */
	    "{\"id\":\"a\",\"id\":\"b\"}", /* twice */
	    "{\"new\":1}",                 /* not known */
	    "{\"time\":\"yesterday\"}",
	    "{\"customer\":{\"consent\":{\"all\":true,\"all\":true}}}",
	    "{\"customer\":{\"consent\":{\"all\":1}}}",
	    "{\"preferences\":{\"allowances\":[{\"limit\":1}]}}", /* a number is missing */
	    ORDER("{\"quantity\":-1}"),
	    ORDER("{\"quantity\":1.0}"),
	    ORDER("{\"quantity\":1e2}"),
	    ORDER("{\"quantity\":01}"),
	    ORDER("{\"quantity\":4294967296}"),
	    ORDER("{\"quantity\":12345678901234567890}"),
	    ORDER("7"),
	    ORDER("{},"),
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (read_event(slice_text(texts[i]), &arena))
			fail_msg("taken: %s", texts[i]);
	assert_non_null(read_event(slice_text(ORDER("{}")), &arena));
	arena_free(&arena);
}

static void cut_anywhere(void **state)
{
	static const char text[] = ORDER("{\"quantity\":1},{}");
	struct arena arena = {0};

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++)
		assert_null(read_event(slice_of(text, len), &arena));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usual),
	    cmocka_unit_test(left_to_others),
	    cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
