/* policy_refuse_document_test.c - what is wrong with a file before it is a policy. */
#include "policy_refusal.h"

#include "common/base/text.h"

static const struct {
	const char *text;
	const char *error;
} documents[] = {
    {"", "1: the file is empty"},
    {"# nothing but a comment\n", "1: the file is empty"},
    {"just a text", "1: expected a mapping (key: value), found a text"},
    {"- a\n- b\n", "1: expected a mapping (key: value), found a list"},
    {"a: 1\n---\nb: 2\n", "2: a second document; expected one"},
    {"shop: {name: S\ncaps: off\n",
     "2: not readable as YAML: did not find expected ',' or '}', while parsing a flow mapping"},
    {"shop:\n\tname: S\n", "2: not readable as YAML: found character that cannot start any token, "
			   "while scanning for the next token"},
    {"shop: {name: \"S}\n",
     "2: not readable as YAML: found unexpected end of stream, while scanning a quoted scalar"},
    {"%YAML 9.9\n---\na: b\n", "1: not readable as YAML: found incompatible YAML document"},
    {"shop: &s {name: S}\n", "1: shop: an anchor (&); write the value out where it is used"},
    {"shop: {name: S}\ncaps: *s\n", "2: caps: an alias (*); write the value out"},
    {"shop: {name: &n S}\n", "1: shop.name: an anchor (&); write the value out where it is used"},
    {"shop: {<<: {name: S}}\n",
     "1: classes is missing; expected the classes of messages, such as {promotion: {}}"},
    {"? {a: b}\n: c\n", "1: expected a name as key"},
    {"? *a\n: c\n", "1: an alias (*) as a key; write the name out"},
    {"&a shop: {}\n", "1: an anchor (&) or tag (!) at a key; expected a plain name"},
    {"shop: !!str S\n", "1: shop: a tag (!); expected the value alone"},
    {"!shop {name: S}\n", "1: a tag (!); expected the value alone"},
    {"shop: {}\nshop: {}\n", "2: \"shop\" is there twice (first on line 1)"},
    {"shop: {name: a,\n  name: b}\n", "2: shop: \"name\" is there twice (first on line 1)"},
    {"shop:\ncaps: off\n",
     "1: shop: nothing is written here; expected a value ({} for a mapping without entries)"},
    {"shop: {name: ~}\n",
     "1: shop.name: nothing is written here; expected a value ({} for a mapping without entries)"},
    {"shop: {name: \"a\\nb\"}\n",
     "1: shop.name: a control character or line break in a text; expected one line"},
    {"shop:\n  name: |\n    a\n    b\n",
     "2: shop.name: a control character or line break in a text; expected one line"},
    {"shop: {\"a\\tb\": c}\n",
     "1: shop: a control character or line break in a text; expected one line"},
};

static void test_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		refusal_check(slice_text(documents[i].text), documents[i].error);
}

static void test_bytes_that_are_no_text(void **state)
{
	(void)state;
	refusal_check(slice_of("a: b\nc: \xff\n", 10), "2: not UTF-8 text");
	refusal_check(slice_of("a: b\nc: d\0\n", 11), "2: not UTF-8 text");
	refusal_check(slice_of("\xff\xfe"
			       "a\0:\0",
			       6),
		      "1: not UTF-8 text");
	refusal_check(slice_of("a: b\nc: d\1\n", 11),
		      "2: not readable as YAML: control characters are not allowed");
}

/* times x open, a text, times x close */
static struct buf nested(const char *before, const char *open, unsigned times, const char *close)
{
	struct buf text = BUF_MAX(64 * 1024);

	buf_text(&text, before);
	for (unsigned i = 0; i < times; i++)
		buf_text(&text, open);
	buf_text(&text, "x");
	for (unsigned i = 0; i < times; i++)
		buf_text(&text, close);
	buf_char(&text, '\n');
	return text;
}

static void test_depth(void **state)
{
	struct buf fits = nested("\nshop: ", "[", 31, "]"); /* the root is one more */
	struct buf deep = nested("\nshop: ", "[", 32, "]");
	struct buf maps = nested("\n", "{a: ", 1000, "}");
	struct err err;

	(void)state;
	err = refusal_error(buf_slice(&fits));
	assert_string_equal(err.text, "t.yaml:2: classes is missing; expected the classes of "
				      "messages, such as {promotion: {}}");
	err = refusal_error(buf_slice(&deep));
	assert_non_null(strstr(err.text, "t.yaml:2: shop[0][0]"));
	assert_non_null(strstr(err.text, "nested deeper than 32 levels"));
	err = refusal_error(buf_slice(&maps));
	assert_non_null(strstr(err.text, "nested deeper than 32 levels"));
	buf_free(&fits);
	buf_free(&deep);
	buf_free(&maps);
}

static void test_size(void **state)
{
	struct buf text = BUF_MAX(1024 * 1024);

	(void)state;
	buf_text(&text, refusal_base);
	while (text.len < 256 * 1024)
		buf_char(&text, '#');
	assert_string_equal(refusal_error(buf_slice(&text)).text, "");
	buf_char(&text, '#');
	refusal_check(buf_slice(&text), "1: 262145 bytes; expected at most 262144");
	buf_free(&text);
}

static void test_entries(void **state)
{
	struct buf text = BUF_MAX(1024 * 1024);

	(void)state;
	buf_text(&text, "shop: {}\ncaps: [0");
	for (unsigned i = 1; i < 4097; i++)
		buf_text(&text, ", 0");
	buf_text(&text, "]\n");
	refusal_check(buf_slice(&text), "2: caps: more than 4096 entries");
	buf_free(&text);
}

/* However long the words of a file are, the error says where, and is text. */
static void test_long_words(void **state)
{
	struct buf text = BUF_MAX(1024 * 1024);
	struct err err;

	(void)state;
	buf_text(&text, "shop: {\"");
	for (unsigned i = 0; i < 300; i++)
		buf_text(&text, "\xc3\xa9");
	buf_text(&text, "\": {x: {}, x: {}}}\n");
	err = refusal_error(buf_slice(&text));
	assert_memory_equal(err.text, "t.yaml:1: shop....: ", 20);
	assert_true(text_is_utf8(slice_text(err.text)));
	buf_reset(&text);
	buf_text(&text, refusal_base);
	buf_text(&text, "holdout: \"");
	for (unsigned i = 0; i < 300; i++)
		buf_text(&text, "\xe2\x82\xac");
	buf_text(&text, "\"\n");
	err = refusal_error(buf_slice(&text));
	assert_non_null(strstr(err.text, "\xe2\x82\xac...\""));
	assert_true(text_is_utf8(slice_text(err.text)));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_documents), cmocka_unit_test(test_bytes_that_are_no_text),
	    cmocka_unit_test(test_depth),     cmocka_unit_test(test_size),
	    cmocka_unit_test(test_entries),   cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
