/* ingest_feedback_body_test.c - what customers said, without the envelope of an event. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "common/message/event.h"
#include "services/ingest/events/batch.h"
#include "services/ingest/events/feedback_body.h"

#define NOW_MS INT64_C(1772366400000)

static struct ing_batch read(const char *body, int64_t now_ms, struct arena *arena)
{
	struct ing_fault fault;
	struct ing_batch batch;

	if (ing_batch_read(ING_JSON, ing_feedback_body(slice_text(body), now_ms, arena), arena,
			   &batch, &fault) < 0)
		fail_msg("%s", fault.why.text);
	return batch;
}

static const Nurture__V1__Event *event_of(const struct ing_event *one, struct arena *arena)
{
	Nurture__V1__Event *event;
	struct err err;

	if (one->result.status != ING_ACCEPTED)
		fail_msg("%s %s", one->result.path, one->result.error);
	if (event_decode(one->value, arena, &event, &err) < 0)
		fail_msg("%s", err.text);
	return event;
}

static void test_one(void **state)
{
	struct arena arena = {0};
	const char *body =
	    " {\"customer\": \"ann\", \"kind\": \"praise\", \"score\": 5,"
	    " \"text\": \"It \\\"boils\\\"\", \"sku\": \"kettle\", \"by\": \"maria\"} ";
	struct ing_batch batch = read(body, NOW_MS, &arena);
	const Nurture__V1__Event *event = event_of(&batch.events[0], &arena);
	struct ing_batch again = read(body, NOW_MS + 9000, &arena);

	(void)state;
	assert_false(batch.is_array);
	assert_string_equal(event->type, "feedback.received");
	assert_string_equal(event->customer->id, "ann");
	assert_string_equal(event->by, "maria");
	assert_string_equal(event->feedback->comment, "It \"boils\"");
	assert_string_equal(event->feedback->sku, "kettle");
	assert_string_equal(event->feedback->kind, "praise");
	assert_int_equal(event->feedback->score, 5);
	assert_int_equal(event->time_ms, NOW_MS);
	/* Sent again it is the same; other words under an id that somebody gave are another's. */
	assert_string_equal(event_of(&again.events[0], &arena)->id, event->id);
	assert_false(event->snapshot);
	arena_free(&arena);
}

static void test_many(void **state)
{
	struct arena arena = {0};
	struct ing_batch batch = read(
	    "[{\"customer\":{\"id\":\"ann\",\"email\":\"a@b.example\"},\"comment\":\"x\",\"id\":"
	    "\"7\",\"time\":\"2026-01-02T03:04:05Z\"},\n{\"customer\":\"bob\",\"score\":9},"
	    " 17, {\"score\":1}, {\"customer\":\"eve\",\"kind\":\"prais\",\"text\":\"x\"},"
	    "{\"customer\":\"eve\"}]",
	    NOW_MS, &arena);
	static const char *const paths[] = {NULL,         "$.feedback.score", "$",
					    "$.customer", "$.feedback.kind",  "$.feedback"};

	(void)state;
	assert_true(batch.is_array);
	assert_int_equal(batch.count, 6);
	assert_string_equal(event_of(&batch.events[0], &arena)->customer->email, "a@b.example");
	assert_string_equal(event_of(&batch.events[0], &arena)->id, "7");
	for (size_t i = 1; i < batch.count; i++) {
		assert_int_equal(batch.events[i].result.status, ING_INVALID);
		assert_string_equal(batch.events[i].result.path, paths[i]);
	}
	arena_free(&arena);
}

/* What is no JSON is refused as it would be at /v1/events. */
static void test_broken(void **state)
{
	static const char *const bodies[] = {"",           "{",    "[{\"customer\":\"ann\"",
					     "{\"a\":1}x", "[1,]", "{\"customer\":\"ann\",}"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct slice body = ing_feedback_body(slice_text(bodies[i]), NOW_MS, &arena);
		struct ing_fault fault;
		struct ing_batch batch;

		assert_int_equal(body.len, strlen(bodies[i]));
		if (ing_batch_read(ING_JSON, body, &arena, &batch, &fault) == 0)
			assert_int_not_equal(batch.events[0].result.status, ING_ACCEPTED);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
