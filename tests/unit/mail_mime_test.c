/*
 * The words of a mail: quoted-printable bodies, and header values that stay values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/mail/mime.h"

static void quoted_printable(void **state)
{
	static const struct {
		const char *text, *encoded;
	} cases[] = {
	    {"", ""},
	    {"a", "a\r\n"},
	    {"a\n", "a\r\n"},
	    {"a\r\nb\n", "a\r\nb\r\n"},
	    {"\n\n", "\r\n\r\n"},
	    {"a=b", "a=3Db\r\n"},
	    {"a \nb\t\nc d", "a=20\r\nb=09\r\nc d\r\n"},
	    {"a\rb", "a=0Db\r\n"},
	    {".\n..\n", "=2E\r\n=2E.\r\n"},
	    {"From me\nnot From\n", "=46rom me\r\nnot From\r\n"},
	    {"\xc3\xa9", "=C3=A9\r\n"},
	    /* 76 fit; of 77 the last goes below */
	    {"1234567890123456789012345678901234567890123456789012345678901234567890123456",
	     "1234567890123456789012345678901234567890123456789012345678901234567890123456\r\n"},
	    {"12345678901234567890123456789012345678901234567890123456789012345678901234567",
	     "123456789012345678901234567890123456789012345678901234567890123456789012345="
	     "\r\n67\r\n"},
	    {"123456789012345678901234567890123456789012345678901234567890123456789012345.x",
	     "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n="
	     "2Ex\r\n"},
	    {"12345678901234567890123456789012345678901234567890123456789012345678901234\xc3\xa9",
	     "12345678901234567890123456789012345678901234567890123456789012345678901234=\r\n"
	     "=C3=A9\r\n"},
	};
	struct buf out = BUF_MAX(1000);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		mime_quoted_printable(slice_text(cases[i].text), &out);
		assert_string_equal(out.bytes ? out.bytes : "", cases[i].encoded);
	}
	buf_free(&out);
}

/* What RFC 2045 6.7 says a reader does. */
static size_t decode_quoted_printable(const char *at, char *ret)
{
	size_t used = 0;
	unsigned byte;

	while (*at) {
		if (strncmp(at, "=\r\n", 3) == 0) {
			at += 3;
		} else if (*at == '=') {
			assert_int_equal(sscanf(at + 1, "%2X", &byte), 1);
			ret[used++] = (char)byte;
			at += 3;
		} else {
			ret[used++] = *at++;
		}
	}
	return used;
}

static void quoted_printable_comes_back(void **state)
{
	static const char odd[] = "aaaaaaaaaaaaaa    .=\tF\xc3\xa9~\x7f\x1f<>\xff\x80";
	struct buf out = BUF_MAX(10000);
	char text[400], decoded[2000];
	unsigned seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len = (size_t)(rand_r(&seed) % 390);

		for (size_t j = 0; j < len; j++) {
			text[j] = odd[(size_t)rand_r(&seed) % (sizeof(odd) - 1)];
			if (rand_r(&seed) % 100 == 0 && j > 5)
				memcpy(text + j - 5, "From ", 5);
		}
		buf_reset(&out);
		mime_quoted_printable(slice_of(text, len), &out);
		for (const char *line = out.bytes; line && *line;) {
			const char *end = strstr(line, "\r\n");

			assert_non_null(end);
			assert_true(end - line <= 76 && line[0] != '.');
			assert_true(strncmp(line, "From ", 5) != 0);
			assert_true(end == line || (end[-1] != ' ' && end[-1] != '\t'));
			for (const char *at = line; at < end; at++)
				assert_true(*at == '\t' || (*at >= ' ' && *at <= '~'));
			line = end + 2;
		}
		if (len) {
			assert_int_equal(decode_quoted_printable(out.bytes, decoded), len + 2);
			assert_memory_equal(decoded, text, len);
		}
	}
	buf_free(&out);
}

static void header_words(void **state)
{
	static const struct {
		const char *name, *address, *expected;
	} boxes[] = {
	    {"", "a@b.example", "To: a@b.example\r\n"},
	    {"Ann", "a@b.example", "To: \"Ann\" <a@b.example>\r\n"},
	    {"A \"B\" \\", "a@b.example", "To: \"A \\\"B\\\" \\\\\" <a@b.example>\r\n"},
	    {"  Ann  ", "a@b.example", "To: \"Ann\" <a@b.example>\r\n"},
	    {"Z\xc3\xbcrich", "a@b.example", "To: =?utf-8?Q?Z=C3=BCrich?= <a@b.example>\r\n"},
	    {"=?utf-8?Q?x?=", "a@b.example",
	     "To: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= <a@b.example>\r\n"},
	};
	static const struct {
		const char *value, *expected;
	} texts[] = {
	    {"Hello", "Subject: Hello\r\n"},
	    {" Hello\n", "Subject: Hello\r\n"},
	    {"a\r\nBcc: x@y.example", "Subject: =?utf-8?Q?a__Bcc=3A_x=40y=2Eexample?=\r\n"},
	    {"one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
	     "Subject: one two three four five six seven eight nine ten eleven twelve\r\n"
	     " thirteen fourteen\r\n"},
	    {"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
	     "Subject: =?utf-8?Q?=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC?=\r\n"
	     " =?utf-8?Q?=E2=82=AC?=\r\n"},
	};
	struct buf out = BUF_MAX(1000);

	(void)state;
	for (size_t i = 0; i < sizeof(boxes) / sizeof(*boxes); i++) {
		buf_reset(&out);
		mime_mailbox_header("To", slice_text(boxes[i].name), boxes[i].address, &out);
		assert_string_equal(out.bytes, boxes[i].expected);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		buf_reset(&out);
		mime_text_header("Subject", slice_text(texts[i].value), &out);
		assert_string_equal(out.bytes, texts[i].expected);
	}
	buf_reset(&out);
	mime_date_header(0, &out);
	mime_date_header(INT64_C(1772366400999), &out);
	mime_date_header(-1, &out);
	assert_string_equal(out.bytes, "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
				       "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n"
				       "Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quoted_printable),
	    cmocka_unit_test(quoted_printable_comes_back),
	    cmocka_unit_test(header_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
