/* RFC 4180: fields, quotes, line ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/codec/csv.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* All rows as "[a][b]\n" with their line numbers, or the error. */
static void read_all(const char *text, struct buf *out)
{
	struct csv csv = csv_of(slice_text(text));
	struct slice fields[CSV_FIELDS_MAX];
	struct arena arena = {0};
	struct err err;
	size_t count;
	int r;

	buf_reset(out);
	buf_text(out, "");
	while ((r = csv_next(&csv, &arena, fields, &count, &err)) > 0) {
		buf_printf(out, "%d", csv.line);
		for (size_t i = 0; i < count; i++)
			buf_printf(out, "[%.*s]", SLICE_ARGS(fields[i]));
		buf_char(out, '\n');
	}
	if (r < 0)
		buf_printf(out, "error: %s", err.text);
	arena_free(&arena);
}

static void rows(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
	    {"", ""},
	    {"a,b\n1,2\n", "1[a][b]\n2[1][2]\n"},
	    {"a,b\r\n1,2", "1[a][b]\n2[1][2]\n"},
	    {"\xef\xbb\xbf"
	     "a\n",
	     "1[a]\n"},
	    {",,\n", "1[][][]\n"},
	    {"\n\nx\n", "1[]\n2[]\n3[x]\n"},
	    {"\"a,b\",c\n", "1[a,b][c]\n"},
	    {"\"say \"\"hi\"\"\"\n", "1[say \"hi\"]\n"},
	    {"\"two\nlines\",x\ny\n", "1[two\nlines][x]\n3[y]\n"},
	    {"\"\",\"\"\r\nz\n", "1[][]\n2[z]\n"},
	    {"a\"b,c\n", "1[a\"b][c]\n"}, /* a quote inside a bare field stands for itself */
	    {"\"open\n", "error: line 1: a quote is not closed"},
	    {"ok\n\"x\"y\n", "1[ok]\nerror: line 2: text behind a closing quote"},
	    {"\"", "error: line 1: a quote is not closed"},
	};
	struct buf out = BUF_MAX(65536);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read_all(cases[i].text, &out);
		assert_string_equal(out.bytes, cases[i].rows);
	}
	buf_free(&out);
}

static void too_many_fields(void **state)
{
	struct buf text = BUF_MAX(65536), out = BUF_MAX(65536);

	(void)state;
	for (int i = 0; i < CSV_FIELDS_MAX; i++)
		buf_char(&text, ',');
	read_all(text.bytes, &out);
	assert_string_equal(out.bytes, "error: line 1: more than 128 fields");
	text.bytes[CSV_FIELDS_MAX - 1] = '\0';
	read_all(text.bytes, &out);
	assert_int_equal(out.len, strlen("1\n") + 2 * CSV_FIELDS_MAX);
	buf_free(&text);
	buf_free(&out);
}

static void marks_of_exports(void **state)
{
	static const struct {
		const char *text;
		char mark;
		int fields;
	} cases[] = {
	    {"a,b\n1,2\n", ',', 2},
	    {"a;b;c\n1,5;2;3\n", ';', 3},
	    {"a\tb\n", '\t', 2},
	    {"a|b|c\n", '|', 3},
	    {"\"a,b\";c\n", ';', 2},
	    {"sep=;\r\na;b\n", ';', 2},
	    {"\xef\xbb\xbfsep=,\na,b\n", ',', 2},
	    {"alone\n", ',', 1},
	};
	struct slice fields[CSV_FIELDS_MAX];
	struct arena arena = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct csv csv = csv_of_export(slice_text(cases[i].text));
		size_t count;

		assert_int_equal(csv.mark, cases[i].mark);
		assert_int_equal(csv_next(&csv, &arena, fields, &count, &err), 1);
		assert_int_equal(count, cases[i].fields);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rows),
					   cmocka_unit_test(too_many_fields),
					   cmocka_unit_test(marks_of_exports)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
