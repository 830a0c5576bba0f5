/*
 * Mails, byte by byte: golden files of every template (UPDATE_GOLDEN=1 writes
 * them anew), and what hostile names and data cannot do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/mail/inbox.h"
#include "common/token/unsubscribe_token.h"
#include "services/email-sender/compose/compose.h"
#include "dkim_test_keys.h"
#include "mail_shape.h"

#define GOLDEN "tests/golden/mail-"
#define KEY "0123456789abcdef"

static struct message_class classes[] = {{.name = "care", .needs_consent = true},
					 {.name = "transactional"}};
static struct policy policy = {.shop = {.name = "Harbour & Sons Outdoor",
					.sender_name = "Harbour",
					.sender_address = "care@harbour.example",
					.postal_address = "1 Quay, Bristol BS1 4RW",
					.website = "",
					.public_url = "https://mail.harbour.example"},
			       .classes = classes,
			       .class_count = 2};
static struct template_set *templates;
static struct composer composer = {.policy = &policy,
				   .token_key = {(const uint8_t *)KEY, sizeof(KEY) - 1}};
static struct compose_room room = COMPOSE_ROOM;

struct letter {
	const char *template, *class_name, *email, *name, *order, *coupon, *id;
	const char *sender, *reply_to;
};

static int compose(struct letter letter, struct mail *ret, struct err *err)
{
	static const char *const names[] = {"order.id",    "coupon", "orders",
					    "public_link", "page",   "unknown"};
	const char *values[] = {letter.order,
				letter.coupon,
				"4",
				"https://reviews.example/harbour?a=1&b=2",
				"https://mail.harbour.example/f/v1.T0KEN.s1g",
				"ignored"};
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Datum data[6], *list[6];

	for (int i = 0; i < 6; i++) {
		nurture__v1__datum__init(&data[i]);
		data[i].name = (char *)(uintptr_t)names[i];
		data[i].value = (char *)(uintptr_t)(values[i] ? values[i] : "");
		list[i] = &data[i];
	}
	request.action = (char *)(uintptr_t)letter.template;
	request.message_class = (char *)(uintptr_t)(letter.class_name ? letter.class_name : "care");
	request.data = list;
	request.n_data = 6;
	dispatch.request = &request;
	dispatch.email = (char *)(uintptr_t)(letter.email ? letter.email : "ann@customers.example");
	dispatch.name = (char *)(uintptr_t)(letter.name ? letter.name : "Ann Archer");
	request.programme = (char *)"p";
	dispatch.sender = (char *)(uintptr_t)(letter.sender ? letter.sender : "");
	dispatch.reply_to = (char *)(uintptr_t)(letter.reply_to ? letter.reply_to : "");
	effect.id = (char *)(uintptr_t)(letter.id ? letter.id : "5d41402abc4b2a76b9719d911017c592");
	effect.dispatch = &dispatch;
	effect.intended_ms = INT64_C(1772366400000);
	return send_compose(&composer, slice_text("c00017"), &effect, &room, ret, err);
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
		assert_false(mail.needs_utf8);
	}
	assert_true(count >= 10);
}

static void hostile_and_odd(void **state)
{
	static const struct {
		const char *file;
		struct letter letter;
	} cases[] = {
	    {"hostile",
	     {.template = "welcome-back",
	      .order = "<script>alert(1)</script>",
	      .name = "Ann\r\nBcc: evil@x.example"}},
	    {"quoted", {.template = "birthday", .name = "Ann \"<b>\" O'Neil, Jr. \\ =?x?"}},
	    {"umlaut",
	     {.template = "birthday",
	      .coupon = "",
	      .name = "J\xc3\xbcrgen Gr\xc3\xb6\xc3\x9f\xc3\xa9"
		      "-Fran\xc3\xa7ois Wei\xc3\x9f \xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x8d"}},
	    {"nameless", {.template = "tips", .name = ""}},
	    {"transactional", {.template = "tips", .class_name = "transactional"}},
	    {"broken-utf8", {.template = "tips", .name = "Ann \xc3\x28"}},
	    {"idna",
	     {.template = "tips",
	      .email = "ann@b\xc3\xbc"
		       "cher.example"}},
	    {"own-sender",
	     {.template = "tips",
	      .sender = "Anna at Harbour <anna@harbour.example>",
	      .reply_to = "Anna <anna@harbour.example>"}},
	    {"foreign-sender", {.template = "tips", .sender = "info@agency.example"}},
	    {"international", {.template = "tips", .email = "m\xc3\xbcller@customers.example"}},
	};
	struct mail mail;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(compose(cases[i].letter, &mail, &err), 0);
		assert_int_equal(mail.needs_utf8, strcmp(cases[i].file, "international") == 0);
		if (!mail.needs_utf8)
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
	    {{.template = "tips", .sender = "Anna <anna@harbour.example>, evil@x.example"},
	     "the mail's own sender: expected \"Name <address>\""},
	    {{.template = "tips", .reply_to = "x@y.example\r\nBcc: z@y.example"},
	     "the mail's own reply-to: expected \"Name <address>\""},
	    {{.template = "tips", .id = "a\r\nBcc: z@y.example"},
	     "the send's id is none: expected 1 to 64 letters, digits or -"},
	    {{.template = "tips",
	      .email = "ann@b\xc3\xbc"
		       "cher..example"},
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
	assert_int_equal(unsubscribe_token_open(&(struct token_keys){.now = composer.token_key},
						slice_of(from, (size_t)(to - from)), &found, &err),
			 0);
	assert_string_equal(found.customer, "c00017");
	assert_string_equal(found.message_class, "care");
	assert_true(inbox_is_key(slice_text(found.inbox)));
}

/* Signatures stand in front, and the mail behind them is the same to the byte. */
static void signed_in_front(void **state)
{
	struct dkim_keys keys = {0};
	struct mail mail;
	struct err err;
	uint8_t *bare;
	size_t len, front;

	(void)state;
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
	len = mail.bytes.len;
	bare = malloc(len);
	memcpy(bare, mail.bytes.bytes, len);
	assert_int_equal(dkim_keys_set_domain(&keys, "harbour.example", &err), 0);
	assert_int_equal(dkim_keys_add(&keys, slice_text("s1"), slice_text(dkim_rfc6376_key), &err),
			 0);
	assert_int_equal(
	    dkim_keys_add(&keys, slice_text("e1"), slice_text(dkim_rfc8463_ed25519_key), &err), 0);
	assert_int_equal(dkim_signer_open(&room.signer, &keys, &err), 0);
	dkim_keys_free(&keys);
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
	check_shape(&mail);
	front = mail.bytes.len - len;
	assert_memory_equal(mail.bytes.bytes + front, bare, len);
	assert_memory_equal(mail.bytes.bytes, "DKIM-Signature: v=1; a=rsa-sha256;", 34);
	assert_non_null(
	    memmem(mail.bytes.bytes, front, "DKIM-Signature: v=1; a=ed25519-sha256;", 38));
	assert_non_null(memmem(mail.bytes.bytes, front, "List-Id:List-Id:", 16));
	dkim_signer_close(&room.signer);
	free(bare);
}

/* The value of a header as it stands in the mail, up to its line's end. */
static struct slice header_of(const struct mail *mail, const char *name)
{
	const uint8_t *at = memmem(mail->bytes.bytes, mail->bytes.len, name, strlen(name)), *end;

	assert_non_null(at);
	at += strlen(name);
	end = memchr(at, '\r', mail->bytes.len - (size_t)(at - mail->bytes.bytes));
	return slice_of(at, (size_t)(end - at));
}

/* The return path and a header say whose mail it is; the path is nobody's answer address. */
static void bounces_name_the_mail(void **state)
{
	const struct token_keys keys = {.now = composer.token_key};
	struct return_token found;
	struct mail mail;
	struct err err;
	const char *at;

	(void)state;
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
	assert_string_equal(mail.from, "care@harbour.example");
	assert_null(memmem(mail.bytes.bytes, mail.bytes.len, "X-Nurture-Return", 16));
	composer.bounce_domain = "b.harbour.example";
	assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
	composer.bounce_domain = NULL;
	at = strchr(mail.from, '@');
	assert_string_equal(at, "@b.harbour.example");
	assert_true(
	    return_token_open(&keys, slice_of(mail.from, (size_t)(at - mail.from)), &found));
	assert_string_equal(found.send, "5d41402abc4b2a76b9719d911017c592");
	assert_string_equal(found.customer, "c00017");
	assert_true(return_token_open(&keys, header_of(&mail, "X-Nurture-Return: "), &found));
	assert_string_equal(found.customer, "c00017");
	assert_null(memmem(mail.bytes.bytes, mail.bytes.len, "bounce+", 7));
}

/* Each provider gets the token where its webhooks bring it back from. */
static void providers_bring_the_token_back(void **state)
{
	static const struct {
		enum mail_provider provider;
		const char *before, *after;
	} cases[] = {
	    {MAIL_PROVIDER_MAILGUN, "X-Mailgun-Variables: {\"nurture\":\"", "\"}"},
	    {MAIL_PROVIDER_POSTMARK, "X-PM-Metadata-nurture: ", ""},
	    {MAIL_PROVIDER_SENDGRID, "X-SMTPAPI: {\"unique_args\":{\"nurture\":\"", "\"}}"},
	    {MAIL_PROVIDER_SES, "X-Nurture-Return: ", ""},
	    {MAIL_PROVIDER_SPARKPOST, "X-MSYS-API: {\"metadata\":{\"nurture\":\"", "\"}}"},
	};
	const struct token_keys keys = {.now = composer.token_key};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t after = strlen(cases[i].after);
		struct return_token found;
		struct slice value;
		struct mail mail;
		struct err err;

		composer.provider = cases[i].provider;
		assert_int_equal(compose((struct letter){.template = "tips"}, &mail, &err), 0);
		assert_string_equal(mail.from, "care@harbour.example");
		value = header_of(&mail, cases[i].before);
		assert_memory_equal(value.bytes + value.len - after, cases[i].after, after);
		value.len -= after;
		assert_true(return_token_open(&keys, value, &found));
		assert_string_equal(found.customer, "c00017");
	}
	composer.provider = MAIL_PROVIDER_NONE;
}

/* Any bytes for a name and data: the mail keeps its shape. */
static void random_bytes(void **state)
{
	unsigned seed = 1;
	struct mail mail;
	struct err err;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		static const char odd[] = "\r\n\t .=?\"<>&\\@,;:_-\xc3\xa9\xe2\x82\xac\xff{}\x7f"
					  "F";
		char name[120], order[120];

		for (int k = 0; k < 2; k++) {
			char *text = k ? order : name;
			size_t len = (size_t)(rand_r(&seed) % 119);

			for (size_t j = 0; j < len; j++)
				text[j] = rand_r(&seed) % 2
					      ? odd[(size_t)rand_r(&seed) % (sizeof(odd) - 1)]
					      : (char)(1 + rand_r(&seed) % 255);
			text[len] = '\0';
		}
		assert_int_equal(
		    compose(
			(struct letter){.template = "welcome-back", .name = name, .order = order},
			&mail, &err),
		    0);
		check_shape(&mail);
	}
}

/* Blocks of parts: each with its own data and code, escaped in HTML and not in text. */
static void parts(void **state)
{
	static const struct {
		const char *file, *text;
	} files[] = {
	    {"_hi.html.mustache", "<b>{{customer.first_name}}</b>"},
	    {"_hi.txt.mustache", "{{customer.first_name}}"},
	    {"a.subject.mustache", "A"},
	    {"a.txt.mustache", "a {{coupon}}{{#also}} also({{coupon}}): {{{text}}}{{/also}}"},
	    {"a.html.mustache", "a{{#also}} also: {{{html}}}{{/also}}{{^also}} alone{{/also}}"},
	    {"b.subject.mustache", "B"},
	    {"b.txt.mustache", "b"},
	    {"b.html.mustache", "b"},
	    {"b.block.txt.mustache", "b {{order.id}} {{coupon}} {{> _hi}}, {{subject}}"},
	    {"b.block.html.mustache", "<i>{{order.id}}</i> {{coupon}} {{> _hi}}"},
	};
	struct template_set *set = template_set_new();
	struct composer mine = composer;
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request lead = NURTURE__V1__REQUEST__INIT, other = lead;
	Nurture__V1__Part part = NURTURE__V1__PART__INIT, *list[] = {&part, &part};
	Nurture__V1__Datum datum = {PROTOBUF_C_MESSAGE_INIT(&nurture__v1__datum__descriptor),
				    (char *)"order.id", (char *)"<17>"};
	Nurture__V1__Datum *data[] = {&datum};
	struct slice text;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_int_equal(
		    template_set_add(set, files[i].file, slice_text(files[i].text), &err), 0);
	assert_int_equal(template_set_check(set, &err), 0);
	mine.templates = set;
	effect.id = (char *)"s1";
	effect.dispatch = &dispatch;
	dispatch.email = (char *)"ann@customers.example";
	dispatch.name = (char *)"Ann Archer";
	dispatch.request = &lead;
	dispatch.coupon = (char *)"LEAD-1";
	dispatch.parts = list;
	dispatch.n_parts = 2;
	lead.action = (char *)"a";
	lead.message_class = other.message_class = (char *)"care";
	other.action = (char *)"b";
	other.data = data;
	other.n_data = 1;
	part.request = &other;
	part.coupon = (char *)"PART-2";
	assert_int_equal(
	    send_render(&mine, slice_text("c"), &effect, TEMPLATE_TXT, &room, &text, &err), 0);
	assert_true(slice_equal(text, slice_text("a LEAD-1 also(LEAD-1): b <17> PART-2 Ann, A"
						 " also(LEAD-1): b <17> PART-2 Ann, A")));
	assert_int_equal(
	    send_render(&mine, slice_text("c"), &effect, TEMPLATE_HTML, &room, &text, &err), 0);
	assert_true(slice_equal(text, slice_text("a also: <i>&lt;17&gt;</i> PART-2 <b>Ann</b>"
						 " also: <i>&lt;17&gt;</i> PART-2 <b>Ann</b>")));
	dispatch.n_parts = 0;
	assert_int_equal(
	    send_render(&mine, slice_text("c"), &effect, TEMPLATE_HTML, &room, &text, &err), 0);
	assert_true(slice_equal(text, slice_text("a alone")));
	dispatch.n_parts = 1;
	other.action = (char *)"a";
	assert_int_equal(
	    send_render(&mine, slice_text("c"), &effect, TEMPLATE_HTML, &room, &text, &err), -1);
	assert_string_equal(err.text, "there is no a.block.html.mustache");
	template_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(every_template),
	    cmocka_unit_test(hostile_and_odd),
	    cmocka_unit_test(others_can_read_them),
	    cmocka_unit_test(cannot_be_composed),
	    cmocka_unit_test(unsubscribe_links_open),
	    cmocka_unit_test(random_bytes),
	    cmocka_unit_test(bounces_name_the_mail),
	    cmocka_unit_test(providers_bring_the_token_back),
	    cmocka_unit_test(signed_in_front),
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
