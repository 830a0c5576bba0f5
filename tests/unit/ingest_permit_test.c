/* ingest_permit_test.c - "may I?": questions, reports and answers as bytes, and who waits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/civil.h"
#include "nurture/v1/request.pb-c.h"
#include "services/ingest/permits/pending_permit.h"
#include "services/ingest/permits/permit.h"

static struct arena arena;

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define ASK "{\"id\":\"a-1\",\"customer\":\"ann\",\"class\":\"promotion\""

static void a_question_becomes_a_request(void **state)
{
	static const char body[] =
	    ASK ",\"category\":\"tents\",\"programme\":\"spring\",\"reserve_for\":\"15m\","
		"\"priority\":70,\"value\":\"12.50\"}";
	struct permit_question question;
	Nurture__V1__RequestRecord *record;
	const Nurture__V1__Request *request;
	struct slice bytes;
	struct err err;

	(void)state;
	assert_int_equal(permit_question_read(slice_text(body), &arena, &question, &err), 0);
	bytes = permit_question_record(&question, "crm", 1000000, &arena);
	record = nurture__v1__request_record__unpack(NULL, bytes.len, bytes.bytes);
	assert_non_null(record);
	assert_int_equal(record->time_ms, 1000000);
	request = record->request;
	assert_string_equal(request->id, permit_name("crm", "a-1", "ann", &arena));
	assert_memory_equal(request->id, "crm/a-1/", 8);
	assert_int_equal(strlen(request->id), 8 + 16);
	assert_string_not_equal(request->id, permit_name("crm", "a-1", "bert", &arena));
	assert_string_equal(request->programme, "spring");
	assert_string_equal(request->message_class, "promotion");
	assert_string_equal(request->channel, "external");
	assert_string_equal(request->category, "tents");
	assert_string_equal(request->owner, "crm");
	assert_int_equal(request->priority, 70);
	assert_int_equal(request->value_e4, 125000);
	assert_int_equal(request->reserve_ms, 15 * MINUTE_MS);
	assert_int_equal(request->triggered_ms, 1000000);
	assert_true(request->due_ms > 0 && request->due_ms < request->triggered_ms);
	assert_int_equal(request->expires_ms, 1000000 + PERMIT_VALID_MS);
	nurture__v1__request_record__free_unpacked(record, NULL);
}

static void what_is_not_said_is_usual(void **state)
{
	struct permit_question question;
	Nurture__V1__RequestRecord *record;
	struct slice bytes;
	struct err err;

	(void)state;
	assert_int_equal(permit_question_read(slice_text(ASK ",\"category\":null,\"value\":null}"),
					      &arena, &question, &err),
			 0);
	bytes = permit_question_record(&question, "crm", 1000000, &arena);
	record = nurture__v1__request_record__unpack(NULL, bytes.len, bytes.bytes);
	assert_string_equal(record->request->programme, "crm");
	assert_string_equal(record->request->category, "");
	assert_int_equal(record->request->priority, 50);
	assert_int_equal(record->request->reserve_ms, 0);
	nurture__v1__request_record__free_unpacked(record, NULL);
}

static void questions_are_refused(void **state)
{
	static const struct {
		const char *body, *why;
	} table[] = {
	    {"", "not JSON"},
	    {"[]", "$: expected a JSON object"},
	    {"{}", "$.id: expected 1 to 128 of A-Z, a-z, 0-9 and . _ ~ : -, found nothing"},
	    {"{\"id\":1}", "$.id: expected 1 to 128 of A-Z, a-z, 0-9 and . _ ~ : -, found 1"},
	    {"{\"id\":\"a/b\"}", "found \"a/b\""},
	    {"{\"id\":\"a b\"}", "found \"a b\""},
	    {"{\"id\":\"a\",\"id\":\"b\"}", "not JSON"},
	    {"{\"id\":\"a\"}", "$.customer: expected 1 to 200 printable bytes, found nothing"},
	    {"{\"id\":\"a\",\"customer\":\"ann\"}", "$.class: expected a class of the policy, "
						    "found nothing"},
	    {ASK ",\"klass\":\"x\"}", "$: found \"klass\", which means nothing here (perhaps "
				      "\"class\")"},
	    {ASK ",\"exempt\":true}", "$: found \"exempt\", which means nothing here"},
	    {ASK ",\"category\":7}", "$.category: expected at most 200 printable bytes, found 7"},
	    {ASK ",\"programme\":\"a\\nb\"}", "$.programme: expected 1 to 200 printable bytes"},
	    {ASK ",\"reserve_for\":\"15\"}",
	     "$.reserve_for: expected a duration from \"1s\" to \"7d\", found \"15\""},
	    {ASK ",\"reserve_for\":\"999ms\"}", "$.reserve_for"},
	    {ASK ",\"reserve_for\":\"8d\"}", "$.reserve_for"},
	    {ASK ",\"reserve_for\":900}", "$.reserve_for"},
	    {ASK ",\"priority\":1.5}", "$.priority: expected a whole number from 0 to 100"},
	    {ASK ",\"priority\":101}", "$.priority"},
	    {ASK ",\"priority\":1e300}", "$.priority"},
	    {ASK ",\"priority\":\"50\"}", "$.priority"},
	    {ASK ",\"value\":12.5}", "$.value: expected an amount like \"12.50\""},
	    {ASK ",\"value\":\"-1\"}", "$.value"},
	    {ASK "} x", "not JSON"},
	};
	struct permit_question question;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (permit_question_read(slice_text(table[i].body), &arena, &question, &err) == 0)
			fail_msg("taken: %s", table[i].body);
		if (!strstr(err.text, table[i].why))
			fail_msg("%s: expected %s, found %s", table[i].body, table[i].why,
				 err.text);
	}
}

static void ids_end_at_128_bytes(void **state)
{
	char id[130];

	(void)state;
	memset(id, 'a', sizeof(id));
	assert_true(permit_id_is_valid(slice_of(id, 128)));
	assert_false(permit_id_is_valid(slice_of(id, 129)));
	assert_false(permit_id_is_valid(slice_of(id, 0)));
	assert_true(permit_id_is_valid(slice_text("A.z_0~9:-")));
	assert_false(permit_id_is_valid(slice_of("a\0b", 3)));
	assert_false(permit_id_is_valid(slice_text("\xc3\xa4")));
}

static void reports(void **state)
{
	static const struct {
		const char *path, *id; /* NULL: none */
		enum permit_report report;
	} table[] = {
	    {"/v1/permits/a-1/confirm", "a-1", PERMIT_CONFIRM},
	    {"/v1/permits/a-1/release", "a-1", PERMIT_RELEASE},
	    {"/v1/permits/a-1", NULL, PERMIT_CONFIRM},
	    {"/v1/permits/a-1/", NULL, PERMIT_CONFIRM},
	    {"/v1/permits//confirm", NULL, PERMIT_CONFIRM},
	    {"/v1/permits/a b/confirm", NULL, PERMIT_CONFIRM},
	    {"/v1/permits/a/confirm/", NULL, PERMIT_CONFIRM},
	    {"/v1/permits/a/b/confirm", NULL, PERMIT_CONFIRM},
	    {"/v1/permits/", NULL, PERMIT_CONFIRM},
	};
	enum permit_report report;
	char *id, *customer;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int r = permit_path_read(table[i].path, &arena, &id, &report);

		assert_int_equal(r, table[i].id ? 0 : -1);
		if (r < 0)
			continue;
		assert_string_equal(id, table[i].id);
		assert_int_equal(report, table[i].report);
	}
	assert_int_equal(
	    permit_report_read(slice_text("{\"customer\":\"ann\"}"), &arena, &customer, &err), 0);
	assert_string_equal(customer, "ann");
	assert_int_equal(permit_report_read(slice_text("{}"), &arena, &customer, &err), -1);
	assert_int_equal(permit_report_read(slice_text("{\"customer\":\"ann\",\"id\":\"a\"}"),
					    &arena, &customer, &err),
			 -1);
}

static void a_report_becomes_a_record(void **state)
{
	struct slice bytes = permit_report_record(PERMIT_RELEASE, "crm/a-1", 1000000, &arena);
	Nurture__V1__RequestRecord *record =
	    nurture__v1__request_record__unpack(NULL, bytes.len, bytes.bytes);

	(void)state;
	assert_int_equal(record->body_case, NURTURE__V1__REQUEST_RECORD__BODY_RELEASE);
	assert_string_equal(record->release->request, "crm/a-1");
	nurture__v1__request_record__free_unpacked(record, NULL);
	bytes = permit_report_record(PERMIT_CONFIRM, "crm/a-1", 1000000, &arena);
	record = nurture__v1__request_record__unpack(NULL, bytes.len, bytes.bytes);
	assert_int_equal(record->body_case, NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM);
	nurture__v1__request_record__free_unpacked(record, NULL);
}

static struct slice packed(Nurture__V1__Answer *answer)
{
	size_t len = nurture__v1__answer__get_packed_size(answer);
	uint8_t *bytes = arena_alloc(&arena, len + 1);

	nurture__v1__answer__pack(answer, bytes);
	return slice_of(bytes, len);
}

static void an_answer_is_told(void **state)
{
	Nurture__V1__Answer answer = NURTURE__V1__ANSWER__INIT, *read;
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	struct buf out = BUF_MAX(PERMIT_ANSWER_MAX_BYTES);
	struct err err;

	(void)state;
	answer.time_ms = 7;
	assert_int_equal(permit_answer_read(packed(&answer), &arena, &read, &err), -1);
	answer.outcome = &outcome;
	outcome.status = "sent";
	assert_int_equal(permit_answer_read(packed(&answer), &arena, &read, &err), -1);
	outcome.status = "permitted";
	outcome.at_ms = 1772366400000;
	answer.lapses_ms = 1772366400000 + 15 * MINUTE_MS;
	assert_int_equal(permit_answer_read(packed(&answer), &arena, &read, &err), 0);
	permit_answer_write(read, "a-1", &out);
	assert_string_equal(out.bytes, "{\"permit\":\"a-1\",\"status\":\"permitted\","
				       "\"expires_at\":\"2026-03-01T12:15:00Z\","
				       "\"at\":\"2026-03-01T12:00:00Z\"}\n");
	outcome.status = "refused";
	outcome.reason = &reason;
	reason.rule = "week";
	reason.count = reason.limit = 2;
	reason.window_s = 604800;
	reason.eligible_at_ms = 1772366400000;
	answer.lapses_ms = 0;
	assert_int_equal(permit_answer_read(packed(&answer), &arena, &read, &err), 0);
	buf_reset(&out);
	permit_answer_write(read, "a-1", &out);
	assert_string_equal(out.bytes,
			    "{\"permit\":\"a-1\",\"status\":\"refused\",\"reason\":{\"count\":2,"
			    "\"eligible_at\":\"2026-03-01T12:00:00Z\",\"limit\":2,\"rule\":"
			    "\"week\",\"window_s\":604800},\"at\":\"2026-03-01T12:00:00Z\"}\n");
	buf_free(&out);
}

static void a_dead_letter_is_told(void **state)
{
	struct permit_question question = {.id = "a-1",
					   .customer = "ann",
					   .message_class = "promo",
					   .category = "",
					   .programme = ""};
	struct slice bytes = permit_question_record(&question, "crm", 1000000, &arena);

	(void)state;
	assert_string_equal(permit_dead_name(bytes, &arena),
			    permit_name("crm", "a-1", "ann", &arena));
	bytes = permit_report_record(PERMIT_CONFIRM, "crm/a-1", 1000000, &arena);
	assert_null(permit_dead_name(bytes, &arena));
	assert_null(permit_dead_name(slice_text("{}"), &arena));
	assert_string_equal(
	    permit_dead_reason(slice_text("$.request.message_class: expected a class"), &arena),
	    "$.class: expected a class");
	assert_string_equal(permit_dead_reason(slice_text("$.request.id: expected"), &arena),
			    "$.id: expected");
	assert_string_equal(permit_dead_reason(slice_text("key: expected"), &arena),
			    "key: expected");
}

static void who_waits_is_found(void **state)
{
	static struct ing_pending_permits pending_permits;
	struct ing_pending_permit *first = ing_pending_permit_new("1", "crm/1", "ann"), *found;
	struct ing_pending_permit *again = ing_pending_permit_new("1", "crm/1", "ann");
	struct ing_pending_permit *bert = ing_pending_permit_new("1", "crm/1", "bert");

	(void)state;
	ing_pending_permits_enter(&pending_permits, first);
	ing_pending_permits_enter(&pending_permits, again);
	ing_pending_permits_enter(&pending_permits, bert);
	assert_ptr_equal(pending_permits.oldest, first);
	assert_null(ing_pending_permits_find(&pending_permits, "crm/2", "ann"));
	assert_null(ing_pending_permits_find(&pending_permits, "crm/1", "carl"));
	assert_ptr_equal(ing_pending_permits_find(&pending_permits, "crm/1", "bert"), bert);
	for (int i = 0; i < 2; i++) {
		found = ing_pending_permits_find(&pending_permits, "crm/1", "ann");
		assert_true(found == first || found == again);
		assert_true(ing_pending_permits_take(&pending_permits, found));
		assert_false(ing_pending_permits_take(&pending_permits, found));
	}
	assert_null(ing_pending_permits_find(&pending_permits, "crm/1", "ann"));
	assert_ptr_equal(pending_permits.oldest, bert);
	assert_ptr_equal(pending_permits.newest, bert);
	assert_true(ing_pending_permits_take(&pending_permits, bert));
	assert_null(pending_permits.oldest);
	assert_int_equal(pending_permits.count, 0);
	/* The table's holder passed to us, beside our own. */
	assert_false(ing_pending_permit_release(first));
	assert_true(ing_pending_permit_release(first));
	ing_pending_permit_release(again);
	assert_true(ing_pending_permit_release(again));
	ing_pending_permit_release(bert);
	assert_true(ing_pending_permit_release(bert));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_question_becomes_a_request),
	    cmocka_unit_test(what_is_not_said_is_usual),
	    cmocka_unit_test(questions_are_refused),
	    cmocka_unit_test(ids_end_at_128_bytes),
	    cmocka_unit_test(reports),
	    cmocka_unit_test(a_report_becomes_a_record),
	    cmocka_unit_test(an_answer_is_told),
	    cmocka_unit_test(a_dead_letter_is_told),
	    cmocka_unit_test(who_waits_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, close_arena);
}
