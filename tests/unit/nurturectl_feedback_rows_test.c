/* nurturectl_feedback_rows_test.c - what customers said, in a table: in, and out again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/message/event.h"
#include "services/nurturectl/voices/feedback_rows.h"

#define NOW_MS INT64_C(1772366400000)

static struct feedback_rows begin(const char *text, struct arena *arena)
{
	struct feedback_rows rows;
	struct err err;

	if (feedback_rows_begin(&rows, slice_text(text), NOW_MS, arena, &err) < 0)
		fail_msg("%s", err.text);
	return rows;
}

static const Nurture__V1__Event *event_of(const struct feedback_row *row, struct arena *arena)
{
	Nurture__V1__Event *event;
	struct err err;

	if (!row->event.len)
		fail_msg("line %d: %s", row->line, row->why.text);
	if (event_decode(row->event, arena, &event, &err) < 0)
		fail_msg("%s", err.text);
	return event;
}

static void test_read(void **state)
{
	struct arena arena = {0};
	struct feedback_rows rows = begin("customer;score;text;tags;at;kind\r\n"
					  "ann; 5 ;\"The \"\"kettle\"\";\nboils\";Product; "
					  "ITDirector ;2026-01-02T03:04:05Z;praise\n"
					  "bob;;quiet;;;\n",
					  &arena);
	const Nurture__V1__Event *event;
	struct feedback_row row;
	struct err err;

	(void)state;
	/* Tags are parted by what parts the cells here: one cell too many. */
	assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 1);
	assert_int_equal(row.event.len, 0);
	assert_non_null(strstr(row.why.text, "7 cells, the first row has 6"));
	assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 1);
	event = event_of(&row, &arena);
	assert_string_equal(event->type, "feedback.received");
	assert_string_equal(event->feedback->source, "import");
	assert_int_equal(event->time_ms, NOW_MS);
	assert_int_equal(event->live_from_ms, 0);
	assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 0);
	rows = begin("customer,score,text,tags,at,kind\n"
		     "ann, 5 ,\"The \"\"kettle\"\",\nboils\",Product; ITDirector "
		     ";,2026-01-02T03:04:05Z,praise\n",
		     &arena);
	assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 1);
	assert_int_equal(row.line, 2);
	event = event_of(&row, &arena);
	assert_string_equal(event->feedback->comment, "The \"kettle\",\nboils");
	assert_int_equal(event->feedback->score, 5);
	assert_int_equal(event->feedback->n_tags, 2);
	assert_string_equal(event->feedback->tags[1], "ITDirector");
	assert_int_equal(event->live_from_ms, NOW_MS);
	arena_free(&arena);
}

static const char *id_of(const char *text, int64_t now_ms, struct arena *arena)
{
	struct feedback_rows rows = begin(text, arena);
	struct feedback_row row;
	struct err err;

	rows.now_ms = now_ms;
	assert_int_equal(feedback_rows_next(&rows, arena, &row, &err), 1);
	return event_of(&row, arena)->id;
}

static void test_ids(void **state)
{
	struct arena arena = {0};
	const char *id = id_of("customer,text\nann,fine\n", NOW_MS, &arena);

	(void)state;
	assert_string_equal(id_of("text,customer\nfine,ann\n", NOW_MS + 5000, &arena), id);
	assert_string_not_equal(id_of("customer,text\nbob,fine\n", NOW_MS, &arena), id);
	assert_string_not_equal(id_of("customer,text\nann,fine!\n", NOW_MS, &arena), id);
	id = id_of("customer,text,id\nann,fine,7\n", NOW_MS, &arena);
	/* Mended afterwards, it is the same item. */
	assert_string_equal(id_of("customer,text,id\nann,fine!,7\n", NOW_MS, &arena), id);
	assert_string_not_equal(id_of("customer,text,id\nann,fine,8\n", NOW_MS, &arena), id);
	arena_free(&arena);
}

static void test_left_out(void **state)
{
	static const struct {
		const char *row, *why;
	} cases[] = {
	    {",5,x,praise,,", "$.customer"},     {"ann,6,x,praise,,", "score"},
	    {"ann,five,x,praise,,", "score"},    {"ann,5,x,prais,,", "$.feedback.kind"},
	    {"ann,5,x,praise,yesterday,", "at"}, {"ann,5,x,praise,,fax", "$.feedback.source"},
	    {"ann,,,praise,,", "$.feedback"},    {"ann,5,x", "3 cells"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[300];
		struct feedback_rows rows;
		struct feedback_row row;
		struct err err;

		snprintf(text, sizeof(text), "customer,score,text,kind,at,source\n%s\n",
			 cases[i].row);
		rows = begin(text, &arena);
		assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 1);
		assert_int_equal(row.event.len, 0);
		assert_int_equal(row.line, 2);
		if (!strstr(row.why.text, cases[i].why))
			fail_msg("%s: %s", cases[i].row, row.why.text);
	}
	arena_free(&arena);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"", "expected a first row"},
	    {"text\nx\n", "expected a column customer"},
	    {"customer,colour\nann,red\n", "unknown column colour"},
	    {"customer,text,text\n", "twice"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct feedback_rows rows;
		struct err err;

		assert_int_equal(
		    feedback_rows_begin(&rows, slice_text(cases[i].text), NOW_MS, &arena, &err),
		    -1);
		if (!strstr(err.text, cases[i].why))
			fail_msg("%s: %s", cases[i].text, err.text);
	}
	arena_free(&arena);
}

/* What was exported can be imported, and no cell is a formula. */
static void test_out(void **state)
{
	Nurture__V1__FeedbackItem item = NURTURE__V1__FEEDBACK_ITEM__INIT;
	const struct view_item found = {
	    .customer = "ann", .person = "ann", .name = "Ann", .item = &item};
	struct buf out = BUF_MAX(4096);
	struct arena arena = {0};
	const Nurture__V1__Event *event;
	struct feedback_rows rows;
	struct feedback_row row;
	char *tags[] = {(char[]){"A"}, (char[]){"B"}};
	struct err err;

	(void)state;
	item.id = (char[]){"i"};
	item.kind = (char[]){"praise"};
	item.source = (char[]){"support"};
	item.state = (char[]){"new"};
	item.text = (char[]){"said \"yes\",\nand no"};
	item.title = (char[]){"=HYPERLINK(1)"};
	item.score = 4;
	item.at_ms = NOW_MS - 1000;
	item.tags = tags;
	item.n_tags = 2;
	feedback_rows_head(&out);
	feedback_rows_put(&found, &out);
	assert_non_null(strstr(out.bytes, "\"'=HYPERLINK(1)\""));
	rows = begin(out.bytes, &arena);
	assert_int_equal(feedback_rows_next(&rows, &arena, &row, &err), 1);
	event = event_of(&row, &arena);
	assert_string_equal(event->feedback->comment, item.text);
	assert_int_equal(event->feedback->score, 4);
	assert_int_equal(event->feedback->n_tags, 2);
	assert_int_equal(event->time_ms, item.at_ms);
	buf_free(&out);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),     cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_left_out), cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
