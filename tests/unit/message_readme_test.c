/* message_readme_test.c - every example of proto/README.md is what the readers take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/message/event.h"
#include "common/message/outcome.h"

static void check_line(struct slice line, unsigned *events, unsigned *outcomes, unsigned *tasks)
{
	struct buf again = BUF_MAX(65536);
	struct arena arena = {0};
	Nurture__V1__Outcome *outcome;
	Nurture__V1__Event *event;
	Nurture__V1__Task *task;
	struct err err = {0};

	if (memmem(line.bytes, line.len, "\"status\":", 9)) {
		if (outcome_decode(line, &arena, &outcome, &err) == 0) {
			outcome_encode(outcome, OUTCOME_JSON, &again);
			assert_true(slice_equal(line, buf_slice(&again))); /* it is canonical */
			++*outcomes;
		}
	} else if (memmem(line.bytes, line.len, "{\"action\":", 10)) {
		if (task_decode(line, &arena, &task, &err) == 0) {
			task_encode(task, OUTCOME_JSON, &again);
			assert_true(slice_equal(line, buf_slice(&again)));
			++*tasks;
		}
	} else if (event_decode(line, &arena, &event, &err) == 0) {
		++*events;
	}
	if (err.text[0])
		fail_msg("%.*s: %s", SLICE_ARGS(line), err.text);
	buf_free(&again);
	arena_free(&arena);
}

static void examples_are_taken(void **state)
{
	FILE *file = fopen("proto/README.md", "r");
	unsigned events = 0, outcomes = 0, tasks = 0;
	static char line[65536];
	bool json = false;

	(void)state;
	assert_non_null(file); /* tests run at the top of the tree */
	while (fgets(line, sizeof(line), file)) {
		size_t len = strcspn(line, "\n");

		if (strncmp(line, "```", 3) == 0)
			json = strncmp(line, "```json", 7) == 0;
		else if (json)
			check_line(slice_of(line, len), &events, &outcomes, &tasks);
	}
	fclose(file);
	assert_int_equal(events, 36);
	assert_int_equal(outcomes, 2);
	assert_int_equal(tasks, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(examples_are_taken)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
