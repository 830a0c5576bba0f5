/* console_change_test.c - what staff does, as events; and the forms that say it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/message/event.h"
#include "services/console/pages/form.h"
#include "services/console/say/change.h"

#define NOW_MS INT64_C(1764590400000)

static struct con_change change(enum con_action action)
{
	return (struct con_change){.action = action,
				   .customer = "ann",
				   .by = "maria@shop.example",
				   .form = "f1",
				   .now_ms = NOW_MS,
				   .task = "t1",
				   .words = "went well",
				   .channel = "call",
				   .direction = "in",
				   .later = "4h",
				   .order = "17",
				   .kind = "praise",
				   .sku = "kettle",
				   .item = "0123456789abcdef0123456789abcdef",
				   .tag = "Product",
				   .score = 2,
				   .into = "ann-2"};
}

static Nurture__V1__Event *event_of(const struct con_change *one, struct arena *arena)
{
	struct buf json = BUF_MAX(EVENT_MAX_BYTES);
	Nurture__V1__Event *event = NULL;
	struct err err;

	if (con_change_event(one, &json, &err) < 0 ||
	    event_decode(buf_slice(&json), arena, &event, &err) < 0)
		fail_msg("%s", err.text);
	buf_free(&json);
	return event;
}

static void test_events(void **state)
{
	static const struct {
		enum con_action action;
		const char *type;
	} cases[] = {
	    {CON_DO_CLAIM, "task.claimed"},
	    {CON_DO_SNOOZE, "task.snoozed"},
	    {CON_DO_DONE, "task.done"},
	    {CON_DO_FAILED, "task.failed"},
	    {CON_DO_NOTE, "interaction.recorded"},
	    {CON_DO_FEEDBACK, "feedback.received"},
	    {CON_DO_TAG, "feedback.tagged"},
	    {CON_DO_UNTAG, "feedback.tagged"},
	    {CON_DO_ANSWERED, "feedback.answered"},
	    {CON_DO_ARCHIVE, "feedback.archived"},
	    {CON_DO_PAUSE, "preferences.changed"},
	    {CON_DO_RESUME, "preferences.changed"},
	    {CON_DO_MERGE_YES, "customer.merged"},
	    {CON_DO_ERASE_YES, "customer.erased"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct con_change one = change(cases[i].action);
		Nurture__V1__Event *event = event_of(&one, &arena);

		assert_string_equal(event->type, cases[i].type);
		assert_string_equal(event->customer->id, "ann");
		assert_string_equal(event->by, "maria@shop.example");
		assert_int_equal(event->time_ms, NOW_MS);
	}
	arena_free(&arena);
}

static void test_what_is_said(void **state)
{
	Nurture__V1__Allowance own = NURTURE__V1__ALLOWANCE__INIT, *owns[] = {&own};
	struct con_change one = change(CON_DO_SNOOZE);
	struct arena arena = {0};
	Nurture__V1__Event *event = event_of(&one, &arena);

	(void)state;
	assert_int_equal(event->task->until_ms, NOW_MS + 4 * HOUR_MS);
	assert_string_equal(event->task->by, "maria@shop.example");
	/* Quiet leaves alone how often the person wants to hear. */
	own.limit = 1;
	own.window_ms = 30 * DAY_MS;
	one = change(CON_DO_PAUSE);
	one.allowances = owns;
	one.allowance_count = 1;
	event = event_of(&one, &arena);
	assert_int_equal(event->preferences->paused_until_ms, NOW_MS + CON_PAUSE_DAYS * DAY_MS);
	assert_int_equal(event->preferences->n_allowances, 1);
	assert_int_equal(event->preferences->allowances[0]->days, 30);
	one.action = CON_DO_RESUME;
	event = event_of(&one, &arena);
	assert_int_equal(event->preferences->paused_until_ms, 0);
	assert_int_equal(event->preferences->n_allowances, 1);
	arena_free(&arena);
}

/* A form that is sent twice is one event, whenever; another form, word or sender is another. */
static void test_ids(void **state)
{
	struct con_change one = change(CON_DO_NOTE), two = one;
	struct arena arena = {0};
	const char *id = event_of(&one, &arena)->id;

	(void)state;
	two.now_ms += 5000;
	assert_string_equal(event_of(&two, &arena)->id, id);
	assert_true(event_of(&two, &arena)->snapshot);
	two = one;
	two.form = "f2";
	assert_string_not_equal(event_of(&two, &arena)->id, id);
	two = one;
	two.words = "went badly";
	assert_string_not_equal(event_of(&two, &arena)->id, id);
	two = one;
	two.by = "boss@shop.example";
	assert_string_not_equal(event_of(&two, &arena)->id, id);
	two = one;
	two.customer = "bob";
	assert_string_not_equal(event_of(&two, &arena)->id, id);
	arena_free(&arena);
}

static void refuse(struct con_change one)
{
	struct buf json = BUF_MAX(EVENT_MAX_BYTES);
	struct err err;

	assert_int_equal(con_change_event(&one, &json, &err), -1);
	buf_free(&json);
}

static void test_refusals(void **state)
{
	struct con_change one;

	(void)state;
	refuse(change(CON_DO_LOOK));
	refuse(change(CON_DO_ERASE)); /* only asks */
	refuse(change(CON_DO_MERGE));
	refuse(change(CON_ACTION_COUNT));
	one = change(CON_DO_SNOOZE);
	one.later = "400d";
	refuse(one);
	one.later = "soon";
	refuse(one);
	one.later = "";
	refuse(one);
	one = change(CON_DO_CLAIM);
	one.task = "";
	refuse(one);
	one = change(CON_DO_FEEDBACK);
	one.score = 0;
	one.words = one.order = "";
	refuse(one);
	one = change(CON_DO_MERGE_YES);
	one.into = "";
	refuse(one);
	one = change(CON_DO_NOTE);
	one.channel = "a\nb";
	refuse(one);
	one = change(CON_DO_NOTE);
	one.direction = "up";
	refuse(one);
}

static struct con_form form_of(const char *body, struct arena *arena)
{
	struct con_form form;
	struct err err;

	if (con_form_read(slice_text(body), arena, &form, &err) < 0)
		fail_msg("%s", err.text);
	return form;
}

static void test_forms(void **state)
{
	static const char *const elsewhere[] = {
	    "//evil.example",      "https://evil.example", "/people//evil", "/people/a%3Fb",
	    "/people/../sign-out", "/people/a%0d%0aX:+y",  "/people/%5Cx"};
	static const char *const wrong[] = {
	    "do=note&do=erase-yes", "score=6", "score=0", "score=x", "do=%ff", "words=%zz",
	    "form=a&form=b"};
	struct arena arena = {0};
	struct con_form form =
	    form_of("do=done&task=t1&result=a%0D%0Ab%01c&form=f&back=/people/aB-_9", &arena);
	char body[200];

	(void)state;
	assert_int_equal(form.action, CON_DO_DONE);
	assert_string_equal(form.words, "a\nb c");
	assert_string_equal(form.back, "/people/aB-_9");
	assert_int_equal(form_of("do=nothing", &arena).action, CON_ACTION_COUNT);
	assert_int_equal(form_of("", &arena).action, CON_ACTION_COUNT);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		snprintf(body, sizeof(body), "back=%s", elsewhere[i]);
		assert_string_equal(form_of(body, &arena).back, "/");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err err;

		assert_int_equal(con_form_read(slice_text(wrong[i]), &arena, &form, &err), -1);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_events), cmocka_unit_test(test_what_is_said),
	    cmocka_unit_test(test_ids),    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
