/* scheduler_wire_test.c - the ledger as bytes, and a policy that changes under it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/message/kept_request.h"
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

/* What the shape of a request allows, the next step reads. */
static void datum_of_nothing_waits_as_any_other(void **state)
{
	Nurture__V1__Datum none = NURTURE__V1__DATUM__INIT, name = NURTURE__V1__DATUM__INIT;
	Nurture__V1__Datum *data[] = {&none, &name};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	const Nurture__V1__Request *sent;

	(void)state;
	name.name = "a name that nobody knows";
	request.id = request.programme = "p";
	request.message_class = "care";
	request.channel = "email";
	request.due_ms = STORY_BEGIN_MS + DAY_MS;
	request.expires_ms = STORY_BEGIN_MS + 2 * DAY_MS;
	request.data = data;
	request.n_data = 2;
	begin();
	assert_int_equal(driver_request(&driver, STORY_BEGIN_MS, &request), 0);
	ask(STORY_BEGIN_MS, "b", "care", STORY_BEGIN_MS + 3 * DAY_MS); /* once more from bytes */
	driver_run(&driver, STORY_BEGIN_MS + DAY_MS);
	assert_int_equal(driver.output_count, 1);
	sent = driver.outputs[0].dispatch->dispatch->request;
	assert_int_equal(sent->n_data, 2);
	assert_string_equal(sent->data[0]->name, "");
	assert_string_equal(sent->data[0]->value, "");
	assert_string_equal(sent->data[1]->name, name.name);
	driver_close(&driver);
}

enum { MANY_REQUESTS = 6, MANY_DATA = 1000 };

/* A request with the n-th thousand of names. */
static void ask_much(unsigned n)
{
	static char names[MANY_DATA][16];
	static Nurture__V1__Datum data[MANY_DATA];
	static Nurture__V1__Datum *list[MANY_DATA];
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	char id[16];

	for (unsigned i = 0; i < MANY_DATA; i++) {
		snprintf(names[i], sizeof(names[i]), "n%u", n * MANY_DATA + i);
		nurture__v1__datum__init(&data[i]);
		data[i].name = data[i].value = names[i];
		list[i] = &data[i];
	}
	snprintf(id, sizeof(id), "r%u", n);
	request.id = id;
	request.programme = "p";
	request.message_class = "care";
	request.channel = "email";
	request.due_ms = STORY_BEGIN_MS + (n + 1) * DAY_MS;
	request.expires_ms = request.due_ms + DAY_MS;
	request.data = list;
	request.n_data = MANY_DATA;
	assert_int_equal(driver_request(&driver, STORY_BEGIN_MS, &request), 0);
}

/* Whatever names the requests of a customer have, the state that is written can be read. */
static void any_number_of_words_can_wait(void **state)
{
	char name[16];

	(void)state;
	begin();
	for (unsigned n = 0; n < MANY_REQUESTS; n++)
		ask_much(n);
	driver_run(&driver, STORY_BEGIN_MS + (MANY_REQUESTS + 1) * DAY_MS);
	assert_int_equal(driver.output_count, MANY_REQUESTS);
	for (unsigned n = 0; n < MANY_REQUESTS; n++) {
		const Nurture__V1__Request *sent = driver.outputs[n].dispatch->dispatch->request;

		assert_int_equal(sent->n_data, MANY_DATA);
		snprintf(name, sizeof(name), "n%u", n * MANY_DATA + MANY_DATA - 1);
		assert_string_equal(sent->data[MANY_DATA - 1]->name, name);
		assert_string_equal(sent->data[MANY_DATA - 1]->value, name);
	}
	driver_close(&driver);
}

/* The names of a mail's data are read with its grant, and then it is an unreadable state. */
static void unknown_word_in_the_data_stops_the_service(void **state)
{
	Nurture__V1__Datum datum = NURTURE__V1__DATUM__INIT, *data[] = {&datum};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Ledger *ledger;
	size_t len;

	(void)state;
	datum.name = "a name that nobody knows";
	request.id = request.programme = "p";
	request.message_class = "care";
	request.channel = "email";
	request.due_ms = STORY_BEGIN_MS + DAY_MS;
	request.expires_ms = STORY_BEGIN_MS + 2 * DAY_MS;
	request.data = data;
	request.n_data = 1;
	begin();
	assert_int_equal(driver_request(&driver, STORY_BEGIN_MS, &request), 0);
	ledger = nurture__v1__ledger__unpack(NULL, driver.state_len, driver.state);
	assert_non_null(ledger);
	ledger->candidates[0]->data[0]->name = 1000000;
	len = nurture__v1__ledger__get_packed_size(ledger);
	driver.state = realloc(driver.state, len);
	assert_non_null(driver.state);
	driver.state_len = nurture__v1__ledger__pack(ledger, driver.state);
	nurture__v1__ledger__free_unpacked(ledger, NULL);
	/* So many words of others that all are numbered anew: that must wait. */
	ask_much(1);
	driver.now_ms = STORY_BEGIN_MS + DAY_MS;
	assert_int_equal(driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)), -1);
	assert_int_equal(driver.err.kind, ERR_ENVIRONMENT);
	assert_string_equal(driver.err.text,
			    "state: waiting: the data of request p is not readable");
	driver_close(&driver);
}

/* An older version's Waiting may have any two times: their distance is no number of its own. */
static void times_far_apart_are_kept(void **state)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT, back = request;
	Nurture__V1__Candidate kept = NURTURE__V1__CANDIDATE__INIT;
	const int64_t triggered_ms[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX};

	(void)state;
	request.id = "a";
	request.due_ms = STORY_BEGIN_MS;
	request.expires_ms = STORY_BEGIN_MS + DAY_MS;
	for (size_t i = 0; i < sizeof(triggered_ms) / sizeof(triggered_ms[0]); i++) {
		struct arena arena = {0};
		struct words words = words_of(NULL, 0, &arena);

		request.triggered_ms = triggered_ms[i];
		kept_request_write(&words, &request, &arena, &kept);
		assert_true(kept_request_read(&words, &kept, &arena, &back));
		assert_int_equal(back.triggered_ms, request.triggered_ms);
		assert_int_equal(back.due_ms, request.due_ms);
		assert_int_equal(back.expires_ms, request.expires_ms);
		arena_free(&arena);
	}
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
	    cmocka_unit_test(datum_of_nothing_waits_as_any_other),
	    cmocka_unit_test(any_number_of_words_can_wait),
	    cmocka_unit_test(unknown_word_in_the_data_stops_the_service),
	    cmocka_unit_test(times_far_apart_are_kept),
	    cmocka_unit_test(ledger_is_read_as_it_was_written),
	    cmocka_unit_test(unreadable_state_stops_the_service),
	    cmocka_unit_test(newer_fields),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
