/* scheduler_wire_test.c - the ledger as bytes, and a policy that changes under it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/message/ledger_plain.h"
#include "scheduler_fixture.h"

static void class_is_frozen_by_name(void **state)
{
	(void)state;
	begin();
	assert_int_equal(ask(STORY_BEGIN_MS, "a", "promotion", STORY_BEGIN_MS), 0);
	driver_run(&driver, STORY_BEGIN_MS + HOUR_MS);
	driver.service.policy = new_policy;
	ask(STORY_BEGIN_MS + 2 * HOUR_MS, "b", "promotion", STORY_BEGIN_MS + 2 * HOUR_MS);
	driver_run(&driver, STORY_BEGIN_MS + 2 * HOUR_MS);
	assert_string_equal(last_outcome()->status, "deferred");
	assert_string_equal(last_outcome()->reason->won_by, "a");
	assert_int_equal(last_outcome()->reason->eligible_at_ms, STORY_BEGIN_MS + 20 * HOUR_MS);
	driver_close(&driver);
}

static void class_that_is_gone_ends_what_waits(void **state)
{
	(void)state;
	begin();
	ask(STORY_BEGIN_MS, "a", "news", STORY_BEGIN_MS + DAY_MS);
	driver.service.policy = new_policy;
	driver_run(&driver, STORY_BEGIN_MS + DAY_MS);
	assert_string_equal(last_outcome()->status, "cancelled");
	assert_string_equal(last_outcome()->reason->rule, "class_removed");
	assert_string_equal(last_outcome()->reason->detail, "news");
	driver_close(&driver);
}

/* Read and written by the code that is made from ledger.proto it is the same. */
static void check_schema(struct slice state)
{
	Nurture__V1__Ledger *ledger = nurture__v1__ledger__unpack(NULL, state.len, state.bytes);
	struct arena arena = {0};
	const Nurture__V1__Ledger *plain = ledger_plain(state, &arena);
	uint8_t bytes[1024];

	assert_non_null(ledger);
	assert_string_equal(plain->sends[0]->message_class, "promotion");
	assert_string_equal(plain->waiting[0]->rule, "gap");
	assert_int_equal(plain->waiting[0]->eligible_ms, STORY_BEGIN_MS + 20 * HOUR_MS);
	arena_free(&arena);
	assert_true(state.len <= sizeof(bytes));
	assert_int_equal(nurture__v1__ledger__pack(ledger, bytes), state.len);
	assert_true(slice_equal(slice_of(bytes, state.len), state));
	nurture__v1__ledger__free_unpacked(ledger, NULL);
}

static void request_goes_out_as_it_came(void **state)
{
	static const char *const channels[] = {"email", "task"};
	Nurture__V1__Datum datum = NURTURE__V1__DATUM__INIT, *data[] = {&datum};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	(void)state;
	datum.name = "order.amount";
	datum.value = "12.50";
	request.programme = "p";
	request.message_class = "care";
	request.due_ms = STORY_BEGIN_MS + DAY_MS;
	request.expires_ms = STORY_BEGIN_MS + 2 * DAY_MS;
	request.data = data;
	request.n_data = 1;
	begin();
	for (int i = 0; i < 2; i++) {
		request.id = request.channel = (char *)channels[i];
		driver_request(&driver, STORY_BEGIN_MS, &request);
	}
	driver_run(&driver, STORY_BEGIN_MS + DAY_MS);
	for (size_t i = 0; i < driver.output_count; i++) {
		const struct output *output = &driver.outputs[i];

		if (output->topic == SCHED_OUTCOMES)
			continue;
		assert_non_null(memmem(output->bytes.bytes, output->bytes.len, "12.50", 5));
		if (output->topic == SCHED_TASKS)
			continue;
		assert_string_equal(output->dispatch->dispatch->email, "someone@customers.example");
		assert_int_equal(output->dispatch->time_ms, STORY_BEGIN_MS + DAY_MS);
		assert_string_equal(output->dispatch->dispatch->request->data[0]->name,
				    "order.amount");
	}
	assert_int_equal(driver.output_count, 3);
	driver_close(&driver);
}

static void ledger_is_read_as_it_was_written(void **state)
{
	struct sched_ledger ledger;
	struct slice again;
	struct err err;

	(void)state;
	begin();
	ask(STORY_BEGIN_MS, "a", "promotion", STORY_BEGIN_MS);
	ask(STORY_BEGIN_MS, "b", "promotion", STORY_BEGIN_MS);
	driver_run(&driver, STORY_BEGIN_MS);
	assert_int_equal(sched_ledger_decode(slice_of(driver.state, driver.state_len), old_policy,
					     &driver.batch, &ledger, &err),
			 0);
	assert_int_equal(ledger.send_count, 1);
	assert_int_equal(ledger.waiting_count, 1);
	assert_int_equal(ledger.ended_count, 1);
	assert_int_equal(ledger.waiting[0]->deferrals, 1);
	assert_string_equal(ledger.waiting[0]->last.won_by, "a");
	again = sched_ledger_encode(&ledger, &driver.batch);
	assert_true(slice_equal(again, slice_of(driver.state, driver.state_len)));
	check_schema(again);
	print_message("one send, one waiting: %zu bytes\n", driver.state_len);
	driver_close(&driver);
}

static void unreadable_state_stops_the_service(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {"\x0a", 1},     /* cut off */
	    {"\x1a\x00", 2}, /* a candidate without a request */
	    {"\x22\x08"
	     "12345678",
	     10},            /* an end without its times */
	    {"\x12\x00", 2}, /* a send on no channel */
	    {"\x1a\x0b\x0a\x07\x22\x05"
	     "email\x10\xff\x01",
	     14}, /* cut inside */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin();
		memcpy(driver.state, rows[i].bytes, rows[i].len);
		driver.state_len = rows[i].len;
		assert_int_equal(driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)), -1);
		assert_int_equal(driver.err.kind, ERR_ENVIRONMENT);
		driver_close(&driver);
	}
}

/* Of whatever number a newer field is: what the step has written, the next one reads. */
static void newer_fields(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {"\x22\x04\x0a\x02"
	     "ab",
	     6},                                     /* none */
	    {"\x22\x06\x78\x01\xf8\x07\x01\x00", 8}, /* 15 and 127; then an email of nothing */
	    {"\x22\x06\x98\xfc\x98\xfc\x0a\x01", 8}, /* a key of five bytes */
	    {"\x22\x06\xf8\xff\xff\xff\x0f\x01", 8}, /* the largest there is */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin();
		/* Refused is good, too. */
		if (driver_step(&driver, STEP_RECORD, slice_of(rows[i].bytes, rows[i].len)) >= 0 &&
		    driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)) < 0)
			fail_msg("%zu: %s", i, driver.err.text);
		driver_close(&driver);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(class_is_frozen_by_name),
	    cmocka_unit_test(class_that_is_gone_ends_what_waits),
	    cmocka_unit_test(request_goes_out_as_it_came),
	    cmocka_unit_test(ledger_is_read_as_it_was_written),
	    cmocka_unit_test(unreadable_state_stops_the_service),
	    cmocka_unit_test(newer_fields),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
