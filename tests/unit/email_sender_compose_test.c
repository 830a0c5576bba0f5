/*
 * Mails, byte by byte: golden files of every template (UPDATE_GOLDEN=1 writes
 * them anew), what hostile names and data cannot do, and the MIME words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../common/wire/unsubscribe_token.h"
#include "../../services/email-sender/compose.h"
#include "../../services/email-sender/mime.h"

#define GOLDEN "tests/golden/mail-"
#define KEY "0123456789abcdef"

static struct message_class classes[] = {
	{.name = "care", .needs_consent = true}, {.name = "transactional"}};
static struct policy policy = {
	.shop = {.name = "Harbour & Sons Outdoor", .sender_name = "Harbour",
		 .sender_address = "care@harbour.example",
		 .postal_address = "1 Quay, Bristol BS1 4RW",
		 .public_url = "https://mail.harbour.example"},
	.classes = classes, .class_count = 2};
static struct template_set *templates;
static struct composer composer = {.policy = &policy,
				   .token_key = {(const uint8_t *)KEY, sizeof(KEY) - 1}};
static struct compose_room room = COMPOSE_ROOM;

struct letter {
	const char *template, *class_name, *email, *name, *order, *coupon, *id;
};

static int compose(struct letter letter, struct mail *ret, struct err *err)
{
	static const char *const names[] = {"order.id", "coupon", "orders", "rate1", "rate2",
					    "rate3", "rate4", "rate5", "public_link", "page",
					    "unknown"};
	const char *values[] = {letter.order, letter.coupon, "4",
				"https://mail.harbour.example/f/v1.T0KEN.s1g?score=1",
				"https://mail.harbour.example/f/v1.T0KEN.s1g?score=2",
				"https://mail.harbour.example/f/v1.T0KEN.s1g?score=3",
				"https://mail.harbour.example/f/v1.T0KEN.s1g?score=4",
				"https://mail.harbour.example/f/v1.T0KEN.s1g?score=5",
				"https://reviews.example/harbour?a=1&b=2",
				"https://mail.harbour.example/f/v1.T0KEN.s1g", "ignored"};
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Datum data[11], *list[11];

	for (int i = 0; i < 11; i++) {
		nurture__v1__datum__init(&data[i]);
		data[i].name = (char *)(uintptr_t)names[i];
		data[i].value = (char *)(uintptr_t)(values[i] ? values[i] : "");
		list[i] = &data[i];
	}
	request.action = (char *)(uintptr_t)letter.template;
	request.message_class = (char *)(uintptr_t)(letter.class_name ? letter.class_name : "care");
	request.data = list;
	request.n_data = 11;
	dispatch.request = &request;
	dispatch.email = (char *)(uintptr_t)(letter.email ? letter.email : "ann@customers.example");
	dispatch.name = (char *)(uintptr_t)(letter.name ? letter.name : "Ann Archer");
	effect.id = (char *)(uintptr_t)(letter.id ? letter.id : "5d41402abc4b2a76b9719d911017c592");
	effect.dispatch = &dispatch;
	effect.intended_ms = INT64_C(1772366400000);
	return send_compose(&composer, slice_text("c00017"), &effect, &room, ret, err);
}

/* What every mail is, whatever went into it. */
static void check_shape(const struct mail *mail)
{
	const char *at = (const char *)mail->bytes.bytes, *end = at + mail->bytes.len;
	const char *body = memmem(at, mail->bytes.len, "\r\n\r\n", 4);
	unsigned subjects = 0, parts = 0;

	assert_non_null(body);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len;

		assert_non_null(newline);
		assert_true(newline > at && newline[-1] == '\r');
		len = (size_t)(newline - 1 - at);
		assert_null(memchr(at, '\r', len));
		assert_true(len <= 76 || strncmp(at, "List-Unsubscribe: ", 18) == 0);
		for (size_t i = 0; i < len; i++)
			assert_true((at[i] >= ' ' && at[i] < 0x7f) || at[i] == '\t');
		assert_true(len == 0 || at[0] != '.');
		if (at < body) {
			static const char *const known[] = {
				"Date: ", "From: ", "To: ", "Subject: ", "Message-ID: ",
				"List-Unsubscribe: ", "List-Unsubscribe-Post: ", "X-Nurture-Send: ",
				"Auto-Submitted: ", "MIME-Version: ", "Content-Type: ", " ", NULL};
			const char *const *name = known;

			while (*name && strncmp(at, *name, strlen(*name)) != 0)
				name++;
			assert_non_null(*name);
			subjects += strncmp(at, "Subject: ", 9) == 0;
		}
		parts += strncmp(at, "--=_", 4) == 0;
		at = newline + 1;
	}
	assert_int_equal(subjects, 1);
	assert_int_equal(parts, 3);
}

static void golden(const char *name, const struct mail *mail)
{
	char path[200], *old = calloc(1, 1 << 20);
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), GOLDEN "%s.eml", name);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "wb");
		assert_non_null(file);
		fwrite(mail->bytes.bytes, 1, mail->bytes.len, file);
		fclose(file);
	}
	file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is not there", path);
	len = fread(old, 1, 1 << 20, file);
	fclose(file);
	if (len != mail->bytes.len || memcmp(old, mail->bytes.bytes, len) != 0)
		fail_msg("%s differs; UPDATE_GOLDEN=1 writes it anew", path);
	free(old);
}

static void every_template(void **state)
{
	const char *const *name = template_set_names(templates);
	unsigned count = 0;
	struct mail mail;
	struct err err;

	(void)state;
	for (; *name; name++, count++) {
		struct letter letter = {.template = *name, .order = "1017", .coupon = "BACK10"};

		if (compose(letter, &mail, &err) < 0)
			fail_msg("%s", err.text);
		check_shape(&mail);
		golden(*name, &mail);
		assert_string_equal(mail.from, "care@harbour.example");
		assert_string_equal(mail.to, "ann@customers.example");
		assert_false(mail.is_international);
	}
	assert_true(count >= 10);
}

static void hostile_and_odd(void **state)
{
	static const struct {
		const char *file;
		struct letter letter;
	} cases[] = {
		{"hostile", {.template = "welcome-back", .order = "<script>alert(1)</script>",
			     .name = "Ann\r\nBcc: evil@x.example"}},
		{"quoted", {.template = "birthday", .name = "Ann \"<b>\" O'Neil, Jr. \\ =?x?"}},
		{"umlaut", {.template = "birthday", .coupon = "",
			    .name = "J\xc3\xbcrgen Gr\xc3\xb6\xc3\x9f\xc3\xa9"
				    "-Fran\xc3\xa7ois Wei\xc3\x9f \xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x8d"}},
		{"nameless", {.template = "tips", .name = ""}},
		{"transactional", {.template = "tips", .class_name = "transactional"}},
		{"broken-utf8", {.template = "tips", .name = "Ann \xc3\x28"}},
		{"international", {.template = "tips", .email = "m\xc3\xbcller@customers.example"}},
	};
	struct mail mail;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(compose(cases[i].letter, &mail, &err), 0);
		if (i == 6)
			assert_true(mail.is_international);
		else
			check_shape(&mail);
		golden(cases[i].file, &mail);
	}
}

/* Python's own reader finds in them what was meant. */
static void others_can_read_them(void **state)
{
	(void)state;
	if (system("python3 -c 'import email' 2>/dev/null") != 0) {
		print_message("skipped: there is no python3\n");
		skip();
	}
	assert_int_equal(system("python3 tests/golden/read_mails.py"), 0);
}

static void cannot_be_composed(void **state)
{
	static const struct {
		struct letter letter;
		const char *why;
	} cases[] = {
		{{.template = "no-such"}, "there is no template \"no-such\""},
		{{.template = "_footer"}, "there is no template \"_footer\""},
		{{.template = "tips", .email = "a@b.example>\r\nRCPT TO:<c@d.example"},
		 "the customer's address is none that mail can be sent to"},
		{{.template = "tips", .email = ""},
		 "the customer's address is none that mail can be sent to"},
	};
	struct mail mail;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(compose(cases[i].letter, &mail, &err), -1);
		assert_string_equal(err.text, cases[i].why);
	}
	policy.shop.public_url = "https://x.example/>\r\nBcc: y";
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), -1);
	assert_string_equal(err.text, "shop.public_url: not a proper URL");
	policy.shop.public_url = "https://mail.harbour.example";
}

static void unsubscribe_links_open(void **state)
{
	struct unsubscribe found;
	struct mail mail;
	struct err err;
	const char *from, *to;

	(void)state;
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
	from = strstr((const char *)mail.bytes.bytes, "List-Unsubscribe: <https://");
	assert_non_null(from);
	from = strstr(from, "/u/") + 3;
	to = strchr(from, '>');
	assert_int_equal(unsubscribe_token_open(composer.token_key,
						slice_of(from, (size_t)(to - from)), &found, &err),
			 0);
	assert_string_equal(found.customer, "c00017");
	assert_string_equal(found.message_class, "care");
}

/* Any bytes for a name and data: the mail keeps its shape. */
static void random_bytes(void **state)
{
	unsigned seed = 1;
	struct mail mail;
	struct err err;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		static const char odd[] = "\r\n\t .=?\"<>&\\@,;:_-\xc3\xa9\xe2\x82\xac\xff{}\x7f" "F";
		char name[120], order[120];

		for (int k = 0; k < 2; k++) {
			char *text = k ? order : name;
			size_t len = (size_t)(rand_r(&seed) % 119);

			for (size_t j = 0; j < len; j++)
				text[j] = rand_r(&seed) % 2 ? odd[(size_t)rand_r(&seed) %
								  (sizeof(odd) - 1)]
							    : (char)(1 + rand_r(&seed) % 255);
			text[len] = '\0';
		}
		assert_int_equal(compose((struct letter){.template = "welcome-back", .name = name,
							 .order = order},
					 &mail, &err),
				 0);
		check_shape(&mail);
	}
}

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
		 "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n67\r\n"},
		{"123456789012345678901234567890123456789012345678901234567890123456789012345.x",
		 "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n=2Ex\r\n"},
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
	static const char odd[] = "aaaaaaaaaaaaaa    .=\tF\xc3\xa9";
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

static void bad_templates(void **state)
{
	static const struct {
		const char *file, *text, *why;
	} cases[] = {
		{"x.html.mustache", "a\n{{customer.nme}}",
		 "x.html.mustache:2: the variable \"customer.nme\" is not known; did you mean "
		 "\"customer.name\"?"},
		{"x.txt.mustache", "{{#zzzzzzzzzz}}{{/zzzzzzzzzz}}",
		 "x.txt.mustache:1: the variable \"zzzzzzzzzz\" is not known"},
		{"x.subject.mustache", "{{subject}}",
		 "x.subject.mustache:1: the variable \"subject\" is not known; did you mean "
		 "\"subject\"?"},
		{"x.html.mustache", "{{> _nowhere}}",
		 "x.html.mustache:1: there is no _nowhere.html.mustache"},
		{"_y.txt.mustache", "{{oops.oops}}",
		 "_y.txt.mustache:1: the variable \"oops.oops\" is not known"},
		{"x.html.mustache", "{{#page}}", "x.html.mustache:1: a section is not closed: \"page\""},
		{"x.html.mustache", "\xff", "x.html.mustache: not UTF-8"},
		{"x.html", "", "x.html: expected NAME.subject.mustache, NAME.txt.mustache or "
			       "NAME.html.mustache"},
		{"x.pdf.mustache", "", "x.pdf.mustache: expected NAME.subject.mustache, "
				       "NAME.txt.mustache or NAME.html.mustache"},
		{"z.txt.mustache", "", "z.subject.mustache: missing"},
	};
	static const char *const good[] = {"x.subject.mustache", "x.txt.mustache",
					   "x.html.mustache"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct template_set *set = template_set_new();
		struct err err = {0};
		int r = template_set_add(set, cases[i].file, slice_text(cases[i].text), &err);

		for (int k = 0; k < 3 && r == 0; k++)
			if (strcmp(good[k], cases[i].file) != 0)
				r = template_set_add(set, good[k], slice_text("ok"), &err);
		if (r == 0)
			r = template_set_check(set, &err);
		assert_int_equal(r, -1);
		assert_string_equal(err.text, cases[i].why);
		assert_int_equal(err.kind, ERR_CONFIG);
		template_set_free(set);
	}
}

static void missing_directory(void **state)
{
	struct template_set *set = NULL;
	struct err err;

	(void)state;
	assert_int_equal(template_set_open("no/such", &set, &err), -1);
	assert_string_equal(err.text, "templates no/such: No such file or directory");
	assert_int_equal(template_set_open("tests/unit", &set, &err), -1);
	assert_non_null(strstr(err.text, "templates tests/unit: no templates"));
	assert_null(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template),
		cmocka_unit_test(hostile_and_odd),
		cmocka_unit_test(others_can_read_them),
		cmocka_unit_test(cannot_be_composed),
		cmocka_unit_test(unsubscribe_links_open),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(quoted_printable),
		cmocka_unit_test(quoted_printable_comes_back),
		cmocka_unit_test(header_words),
		cmocka_unit_test(bad_templates),
		cmocka_unit_test(missing_directory),
	};
	struct err err;
	int r;

	if (template_set_open("deploy/templates", &templates, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	composer.templates = templates;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	template_set_free(templates);
	compose_room_free(&room);
	return r;
}
