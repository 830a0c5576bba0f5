/* message_trace_test.c - traceparent as its page has it, and the request that a record is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/message/record_subject.h"
#include "common/message/trace_context.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "nurture/v1/task.pb-c.h"

#define GOOD "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static void read_and_written(void **state)
{
	struct trace_context context;
	char text[TRACE_TEXT_ROOM];

	(void)state;
	assert_true(trace_context_read(slice_text(GOOD), &context));
	assert_int_equal(context.trace[0], 0x4b);
	assert_int_equal(context.span[7], 0xb7);
	assert_int_equal(context.flags, TRACE_SAMPLED);
	trace_context_text(&context, text);
	assert_string_equal(text, GOOD);
}

static void later_versions_and_flags(void **state)
{
	struct trace_context context;

	(void)state;
	assert_true(trace_context_read(
	    slice_text("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe-more"), &context));
	assert_int_equal(context.flags, 0);
	assert_true(trace_context_read(
	    slice_text("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), &context));
}

static void refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
	    GOOD "-more",
	    GOOD " ",
	    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
	    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
	    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
	    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	    "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
	    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
	};
	struct trace_context context;

	(void)state;
	assert_false(trace_context_read(slice_of(NULL, 0), &context));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (trace_context_read(slice_text(wrong[i]), &context))
			fail_msg("taken: %s", wrong[i]);
}

static void expect(enum record_kind kind, struct slice value, const char *subject)
{
	struct arena arena = {0};
	struct slice found = record_subject(kind, value, &arena);

	assert_true(slice_is(found, subject));
	arena_free(&arena);
}

static void of_json(void **state)
{
	(void)state;
	expect(RECORD_OUTCOME, slice_text("{\"id\":\"o\",\"request\":\"r1\",\"send\":\"s\"}"),
	       "r1");
	expect(RECORD_TASK, slice_text("{\"request\":\"r2\"}"), "r2");
	expect(RECORD_TASK, slice_text("{\"request\":7}"), "");
	expect(RECORD_OUTCOME, slice_text("{\"request\":"), "");
	expect(RECORD_EVENT, slice_text("{\"request\":\"r1\"}"), "");
}

static void of_protobuf(void **state)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__DispatchRecord sent = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	uint8_t bytes[256];

	(void)state;
	request.id = "r3";
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = &request;
	expect(RECORD_REQUEST, slice_of(bytes, nurture__v1__request_record__pack(&record, bytes)),
	       "r3");
	dispatch.request = &request;
	sent.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	sent.dispatch = &dispatch;
	expect(RECORD_DISPATCH, slice_of(bytes, nurture__v1__dispatch_record__pack(&sent, bytes)),
	       "r3");
	outcome.request = task.request = "r4";
	expect(RECORD_OUTCOME, slice_of(bytes, nurture__v1__outcome__pack(&outcome, bytes)), "r4");
	expect(RECORD_TASK, slice_of(bytes, nurture__v1__task__pack(&task, bytes)), "r4");
	expect(RECORD_REQUEST, slice_text("\xff\xff"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(read_and_written), cmocka_unit_test(later_versions_and_flags),
	    cmocka_unit_test(refused),          cmocka_unit_test(of_json),
	    cmocka_unit_test(of_protobuf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
