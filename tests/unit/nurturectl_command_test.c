/* Reading a command line from a table: values, defaults, and every way to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "services/nurturectl/command.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
enum { WORDS_MAX = 8 };

struct values {
	const char *file;
	int64_t number, wait_ms, at_ms;
	bool yes;
};

static const struct command_option options[] = {
    {"file", OPTION_TEXT, offsetof(struct values, file), "FILE", NULL, true, 0, 0, "a file"},
    {"number", OPTION_NUMBER, offsetof(struct values, number), "N", "6", false, 1, 100, "a number"},
    {"wait", OPTION_DURATION_MS, offsetof(struct values, wait_ms), "3d", NULL, false, 0, 0, "wait"},
    {"at", OPTION_TIME_MS, offsetof(struct values, at_ms), "T", NULL, false, 0, 0, "when"},
    {"yes", OPTION_FLAG, offsetof(struct values, yes), NULL, NULL, false, 0, 0, "really"},
    {0}};

static int run(const struct invocation *call, struct err *err)
{
	(void)call;
	(void)err;
	return 0;
}

static const struct command command = {.name = "try",
				       .line = "try it",
				       .arguments = "WHO [WHAT]",
				       .argument_min = 1,
				       .argument_max = 2,
				       .options = options,
				       .values_bytes = sizeof(struct values),
				       .run = run};

static int parse(const char *const *words, struct values *values, struct invocation *call,
		 struct err *err)
{
	char *argv[WORDS_MAX];
	int argc = 0;

	while (words[argc]) {
		argv[argc] = (char *)(uintptr_t)words[argc];
		argc++;
	}
	return command_parse(&command, argc, argv, values, call, err);
}

static void values_and_defaults(void **state)
{
	const char *const few[] = {"ann", "--file", "f", NULL};
	const char *const all[] = {"--number=7", "--wait", "90s", "--at=2026-03-01", "--yes", "ann",
				   "--file=a=b", "bob",    NULL};
	struct invocation call;
	struct values values;
	struct err err;

	(void)state;
	assert_int_equal(parse(few, &values, &call, &err), 0);
	assert_string_equal(values.file, "f");
	assert_int_equal(values.number, 6);
	assert_true(values.wait_ms == OPTION_ABSENT && values.at_ms == OPTION_ABSENT);
	assert_false(values.yes);
	assert_int_equal(call.argument_count, 1);
	assert_null(call.arguments[1]);

	assert_int_equal(command_parse(&command, 8, (char **)(uintptr_t)all, &values, &call, &err),
			 0);
	assert_int_equal(values.number, 7);
	assert_int_equal(values.wait_ms, 90 * SECOND_MS);
	assert_int_equal(values.at_ms, INT64_C(1772323200000));
	assert_true(values.yes);
	assert_string_equal(values.file, "a=b");
	assert_string_equal(call.arguments[0], "ann");
	assert_string_equal(call.arguments[1], "bob");
}

static void dashes_as_arguments(void **state)
{
	const char *const words[] = {"--file", "f", "--", "--yes", "-", NULL};
	struct invocation call;
	struct values values;
	struct err err;

	(void)state;
	assert_int_equal(parse(words, &values, &call, &err), 0);
	assert_string_equal(call.arguments[0], "--yes");
	assert_string_equal(call.arguments[1], "-");
	assert_false(values.yes);
}

static void refusals(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *text;
	} rows[] = {
	    {{"ann"}, "--file FILE is missing: a file"},
	    {{"--file", "f"}, "expected WHO [WHAT]"},
	    {{"a", "b", "c", "--file", "f"}, "\"c\" is too much: expected try WHO [WHAT]"},
	    {{"a", "--fiel", "f"}, "unknown option \"--fiel\"; did you mean \"--file\"?"},
	    {{"a", "--zzzzzz"}, "unknown option \"--zzzzzz\""},
	    {{"a", "-f"}, "unknown option \"-f\""},
	    {{"a", "--file"}, "--file: expected a value: --file FILE"},
	    {{"a", "--file", "f", "--file", "g"}, "--file: given twice"},
	    {{"a", "--yes=1"}, "--yes: takes no value"},
	    {{"a", "--at", "soon"},
	     "--at: expected a time such as 2026-03-01T12:00:00Z or a date, found \"soon\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct invocation call;
		struct values values;
		struct err err;

		assert_int_equal(parse(rows[i].words, &values, &call, &err), -1);
		assert_string_equal(err.text, rows[i].text);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void numbers_out_of_range(void **state)
{
	static const char *const wrong[] = {"0", "101", "x", "", "7 ", "1e1"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		const char *const words[] = {"a", "--number", wrong[i], NULL};
		struct invocation call;
		struct values values;
		struct err err;

		assert_int_equal(parse(words, &values, &call, &err), -1);
		assert_memory_equal(err.text, "--number: ", 10);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void help_wins(void **state)
{
	const char *const words[] = {"--nonsense", "--help", NULL};
	struct buf page = BUF_MAX(65536);
	struct invocation call;
	struct values values;
	struct err err;

	(void)state;
	assert_int_equal(parse(words, &values, &call, &err), 1);
	command_help(&command, &page);
	assert_non_null(strstr(page.bytes, "nurturectl try - try it\n"));
	assert_non_null(strstr(page.bytes, "nurturectl try --file FILE [OPTIONS] WHO [WHAT]\n"));
	assert_non_null(strstr(page.bytes, "a number (default 6)\n"));
	assert_non_null(strstr(page.bytes, "a file (required)\n"));
	buf_free(&page);
}

static void finding_a_command(void **state)
{
	const struct command *const commands[] = {&command, NULL};
	struct err err;

	(void)state;
	assert_ptr_equal(command_find(commands, "try", &err), &command);
	assert_null(command_find(commands, "trz", &err));
	assert_string_equal(err.text, "unknown command \"trz\"; did you mean \"try\"?");
	assert_null(command_find(commands, "elephant", &err));
	assert_string_equal(err.text, "unknown command \"elephant\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_and_defaults),
	    cmocka_unit_test(dashes_as_arguments),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(numbers_out_of_range),
	    cmocka_unit_test(help_wins),
	    cmocka_unit_test(finding_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
