/*
 * mail_catcher_test.c - the tests' own mail server must be strict, or it would
 * hide what a real one refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "golden.h"
#include "tests/tools/mail_catcher/render.h"
#include "tests/tools/mail_catcher/smtp.h"

#define HELLO "EHLO t\r\n"
#define BEGIN HELLO "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"
#define GREETED "220 250-250-250-250-250-250 "
#define BEGUN GREETED "250 250 354 "

static const struct {
	const char *said, *codes; /* of every line of the replies */
	unsigned caught;
} dialogues[] = {
    {"", "220 ", 0},
    {BEGIN "hello\r\n.\r\nQUIT\r\n", BEGUN "250 221 ", 1},
    {BEGIN ".\r\n", BEGUN "250 ", 1},
    {BEGIN "..\r\n...\r\n.\r\n", BEGUN "250 ", 1},
    {BEGIN "a\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\nb\r\n.\r\n",
     BEGUN "250 250 250 250 354 250 ", 2},
    {BEGIN "a\n.\n\r\n.\r\n", BEGUN "554 ", 0},
    {BEGIN "a\n.\r\nb\r\n.\r\n", BEGUN "554 ", 0},
    {BEGIN "a\r\n.\nb\r\n.\r\n", BEGUN "554 ", 0},
    {BEGIN "a\rb\r\n.\r\n", BEGUN "554 ", 0},
    {BEGIN "a\r.\r\n.\r\nNOOP\r\n", BEGUN "554 250 ", 0},
    {"NOOP\nNOOP\r\n", "220 554 ", 0},
    {"HELO t\r\nMAIL FROM:<a b@c>\r\nMAIL FROM:a@b\r\nRCPT TO:<a@b>\r\nDATA\r\n",
     "220 250 501 501 503 503 ", 0},
    {HELLO "MAIL FROM:<a@b> SIZE=10485761\r\nMAIL FROM:<a@b> BODY=9BIT\r\nVRFY x\r\nRSET\r\n",
     GREETED "552 555 500 250 ", 0},
    {HELLO "MAIL FROM:<\xc3\xa9@b>\r\nMAIL FROM:<\xc3\xa9@b> SMTPUTF8 BODY=8BITMIME\r\nRCPT "
	   "TO:<\xc3\xa9@b>\r\n",
     GREETED "553 250 250 ", 0},
    {HELLO "MAIL FROM:<a@b>\r\nRCPT TO:<X@Bounce.example>\r\nRCPT TO:<busy@d>\r\nDATA\r\nRCPT "
	   "TO:<c@d>\r\nDATA\r\n",
     GREETED "250 550 451 503 250 354 ", 0},
    {HELLO "MAIL FROM:<a@b>\r\nRCPT TO:<gone@d>\r\nNOOP\r\n", GREETED "250 421 ", 0},
};

static const struct smtp_rules rules = {
    .failures = {{"*@bounce.example", "5.1.1 no such user", 550},
		 {"busy@*", NULL, 451},
		 {"gone@*", NULL, 421}},
    .failure_count = 3};

static void open_store(struct store *store, char *dir)
{
	struct err err;

	strcpy(dir, "/tmp/mail_catcher_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(store_open(store, dir, &err), 0);
}

static void remove_store(struct store *store, const char *dir)
{
	char path[128];

	store_close(store);
	snprintf(path, sizeof(path), "%s/mails.mbox", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/index.jsonl", dir);
	unlink(path);
	rmdir(dir);
}

static void codes_of(const struct session *s, char *codes)
{
	for (const char *line = s->out.bytes; *line; line = strchr(line, '\n') + 1, codes += 4)
		memcpy(codes, line, 4);
	*codes = '\0';
}

static void dialogues_are_answered_however_they_arrive(void **state)
{
	char dir[64], codes[512];
	struct store store;

	(void)state;
	open_store(&store, dir);
	for (size_t i = 0; i < 2 * sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		const char *said = dialogues[i / 2].said;
		size_t step = i % 2 ? 1 : strlen(said) + !*said;
		uint64_t before = store.added;
		struct session session;

		session_open(&session);
		for (size_t at = 0; at < strlen(said); at += step) {
			buf_add(&session.in, said + at, step);
			session_work(&session, &rules, &store, 1000);
		}
		codes_of(&session, codes);
		if (strcmp(codes, dialogues[i / 2].codes) != 0)
			fail_msg("%s: %s", said, codes);
		assert_int_equal(store.added - before, dialogues[i / 2].caught);
		session_close(&session);
	}
	remove_store(&store, dir);
}

static void what_is_caught_can_be_read_back(void **state)
{
	static const char said[] = BEGIN "Subject: =?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?B?w59l?= x\r\n"
					 "X-Nurture-Send: s1\r\n\r\n..dot\r\n.\r\n";
	struct buf mail = BUF_MAX(4096);
	struct session session;
	struct caught caught;
	struct store store;
	char dir[64];
	struct err err;

	(void)state;
	open_store(&store, dir);
	session_open(&session);
	buf_text(&session.in, said);
	session_work(&session, &rules, &store, 1772366400000);
	assert_false(store_find(&store, 1, &caught)); /* not yet written */
	assert_non_null(
	    strstr(store.index.bytes,
		   "\"n\":1,\"nurture_send\":\"s1\",\"offset\":36,\"received_at\":1772366400000,"
		   "\"subject\":\"Gr\xc3\xbc\xc3\x9f"
		   "e x\",\"to\":\"c@d\"}\n"));
	assert_int_equal(store_flush(&store, &err), 0);
	assert_true(store_find(&store, 1, &caught));
	assert_true(store_read(&store, &caught, &mail));
	assert_non_null(strstr(mail.bytes, "\r\n\r\n.dot\r\n"));
	session_close(&session);
	buf_free(&mail);
	remove_store(&store, dir);
}

static void catch_one(struct store *store, int n)
{
	char said[200];
	struct session session;
	struct err err;

	snprintf(said, sizeof(said), BEGIN "Subject: number %d\r\n\r\ntext %d\r\n.\r\n", n, n);
	session_open(&session);
	buf_text(&session.in, said);
	session_work(&session, &rules, store, 1772366400000 + n);
	session_close(&session);
	assert_int_equal(store_flush(store, &err), 0);
}

/* After a restart the page shows what it counts: the last, whole, and no torn one. */
static void a_restart_shows_what_was_caught(void **state)
{
	enum { CAUGHT = STORE_SHOWN + 3 };
	struct buf mail = BUF_MAX(4096);
	struct caught caught;
	struct store store;
	char dir[64], path[128], text[32];
	struct err err;
	FILE *index;

	(void)state;
	open_store(&store, dir);
	for (int n = 1; n <= CAUGHT; n++) {
		catch_one(&store, n);
		if (n != 2 && n != CAUGHT)
			continue;
		store_close(&store);
		snprintf(path, sizeof(path), "%s/index.jsonl", dir);
		index = fopen(path, "a");
		assert_non_null(index);
		fputs("{\"bytes\":17,\"fr", index);
		fclose(index);
		assert_int_equal(store_open(&store, dir, &err), 0);
		assert_int_equal(store.written, n);
		for (int i = 1; i <= n; i++) {
			assert_int_equal(store_find(&store, (uint64_t)i, &caught),
					 i > n - STORE_SHOWN);
			if (i <= n - STORE_SHOWN)
				continue;
			snprintf(text, sizeof(text), "number %d", i);
			assert_string_equal(caught.subject, text);
			assert_string_equal(caught.to, "c@d");
			assert_string_equal(caught.from, "a@b");
			assert_int_equal(caught.received_ms, 1772366400000 + i);
			buf_reset(&mail);
			assert_true(store_read(&store, &caught, &mail));
			snprintf(text, sizeof(text), "\r\n\r\ntext %d\r\n", i);
			assert_non_null(strstr(mail.bytes, text));
		}
	}
	buf_free(&mail);
	remove_store(&store, dir);
}

static void slow_answers_are_held(void **state)
{
	const struct smtp_rules slow = {.slow_ms = 300};
	struct session session;
	struct store store;
	char dir[64];

	(void)state;
	open_store(&store, dir);
	session_open(&session);
	buf_text(&session.in, BEGIN "a\r\n.\r\nQUIT\r\n");
	session_work(&session, &slow, &store, 1000);
	assert_int_equal(session.resume_ms, 1300);
	assert_null(strstr(session.out.bytes, "caught"));
	assert_int_equal(session.state, SMTP_COMMANDS); /* QUIT waits */
	session_close(&session);
	remove_store(&store, dir);
}

static void parts_are_found_and_decoded(void **state)
{
	static const char mail[] =
	    "Content-Type: multipart/mixed;\r\n boundary=\"m\"\r\n\r\npreamble\r\n--m\r\n"
	    "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9 =\r\nau "
	    "lait=3D\r\n--a\r\n"
	    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
	    "base64\r\n\r\n"
	    "PGI+\r\naGk8L2I+\r\n--a--\r\n--m--\r\n";
	struct buf out = BUF_MAX(4096);

	(void)state;
	assert_true(mime_part(slice_text(mail), "text/plain", 0, &out));
	assert_string_equal(out.bytes, "caf\xc3\xa9 au lait=\r\n");
	buf_reset(&out);
	assert_true(mime_part(slice_text(mail), "text/html", 0, &out));
	assert_string_equal(out.bytes, "<b>hi</b>");
	assert_false(mime_part(slice_text(mail), "image/png", 0, &out));
	buf_free(&out);
}

/* Whatever a mail says stays text. */
static void pages_show_mails_as_text(void **state)
{
	static const char mail[] = "Subject: <b>\r\nContent-Type: text/plain\r\n\r\n"
				   "</pre><script>alert(1)</script>\r\n";
	const struct caught caught[] = {{.n = 2,
					 .received_ms = INT64_C(1764590400000),
					 .bytes = sizeof(mail) - 1,
					 .from = "shop@s.example",
					 .to = "\"<i>\"@mail.example",
					 .subject = "<b>"},
					{.n = 1, .received_ms = INT64_C(1764590400000)}};
	struct buf page = BUF_MAX(1 << 20);

	(void)state;
	render_list(caught, 2, 2, false, &page);
	golden("caught.html", &page);
	assert_null(strstr(page.bytes, "<i>"));
	buf_reset(&page);
	render_mail(&caught[0], slice_text(mail), &page);
	golden("caught-mail.html", &page);
	assert_null(strstr(page.bytes, "<script"));
	buf_free(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dialogues_are_answered_however_they_arrive),
	    cmocka_unit_test(what_is_caught_can_be_read_back),
	    cmocka_unit_test(a_restart_shows_what_was_caught),
	    cmocka_unit_test(slow_answers_are_held),
	    cmocka_unit_test(parts_are_found_and_decoded),
	    cmocka_unit_test(pages_show_mails_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
