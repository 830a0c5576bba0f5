/*
 * The SMTP dialogue against scripted servers: at every state a yes, a refusal,
 * a hang, a close and nonsense; and what the sender makes of each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/eventfd.h>

#include "../../common/io/smtp.h"
#include "../../services/email-sender/classify.h"
#include "smtp_script.h"

#define HELLO ">220 test ESMTP", "<EHLO ", "!250-test\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"
#define PLAIN_HELLO ">220 test ESMTP", "<EHLO ", ">250 test"
#define GROUP "<MAIL FROM:<care@harbour.example> SIZE=", "<RCPT TO:<ann@x.example>", "<DATA"
#define YES ">250 2.1.0 ok", ">250 2.1.5 ok", ">354 go"
#define BODY "Subject: x\r\n\r\nhello\r\n.dot\r\n"

static const struct smtp_mail mail = {
	.from = "care@harbour.example", .to = "ann@x.example",
	.bytes = {(const uint8_t *)BODY, sizeof(BODY) - 1}};

static const struct smtp_timeouts impatient = {.connect_ms = 300, .command_ms = 200,
					       .data_ms = 200, .block_ms = 200, .dot_ms = 200,
					       .quit_ms = 100};

struct dialogue {
	const char *name;
	const char *script[40];
	int code;
	enum smtp_stage stage;
	enum send_verdict verdict;
	const char *enhanced, *text;
	bool still_connected;
};

static const struct dialogue dialogues[] = {
	{"sent", {HELLO, GROUP, YES, ".", ">250 2.0.0 queued", "<QUIT", ">221 bye"},
	 250, SMTP_DOT, SEND_SENT, "2.0.0", "queued", true},
	{"sent without pipelining",
	 {PLAIN_HELLO, "<MAIL FROM:<care@harbour.example>\r\n", ">250 ok", "<RCPT TO:<ann@x.example>",
	  ">250 ok", "<DATA", ">354 go", ".", ">250 queued", "<QUIT", ">221 bye"},
	 250, SMTP_DOT, SEND_SENT, "", "queued", true},
	{"no server", {"x"}, 0, SMTP_CONNECT, SEND_LATER, "", NULL, false},
	{"greeting refused", {">554 5.3.2 go away", "e"}, 554, SMTP_CONNECT, SEND_LATER, NULL,
	 NULL, false},
	{"greeting hangs", {"h"}, 0, SMTP_CONNECT, SEND_LATER, "", NULL, false},
	{"greeting is nonsense", {">hello there", "e"}, 0, SMTP_CONNECT, SEND_LATER, "", NULL, false},
	{"EHLO hangs", {">220 test", "<EHLO", "h"}, 0, SMTP_CONNECT, SEND_LATER, "", NULL, false},
	{"MAIL 5xx", {HELLO, GROUP, ">550 5.7.1 not you", ">503 mail first", ">503 mail first",
		      "<QUIT"},
	 550, SMTP_MAIL, SEND_REFUSED, "5.7.1", "not you", true},
	{"MAIL 4xx", {HELLO, GROUP, ">451 4.3.0 later", ">503 no", ">503 no", "<QUIT"},
	 451, SMTP_MAIL, SEND_LATER, "4.3.0", "later", true},
	{"MAIL 421", {HELLO, GROUP, ">421 4.3.2 shutting down", "e"}, 421, SMTP_MAIL, SEND_LATER,
	 "4.3.2", "shutting down", false},
	{"MAIL 530: it is about us", {HELLO, GROUP, ">530 5.7.0 log in first", ">503 no", ">503 no",
				      "<QUIT"},
	 530, SMTP_MAIL, SEND_LATER, "5.7.0", "log in first", true},
	{"MAIL hangs", {HELLO, GROUP, "h"}, 0, SMTP_MAIL, SEND_LATER, "", "no answer in time", false},
	{"MAIL closes", {HELLO, GROUP, "x"}, 0, SMTP_MAIL, SEND_LATER, "",
	 "the server closed the connection", false},
	{"MAIL nonsense", {HELLO, GROUP, ">what?", "e"}, 0, SMTP_MAIL, SEND_LATER, "",
	 "the server's answer is not SMTP", false},
	{"MAIL 354", {HELLO, GROUP, ">354 go", "e"}, 354, SMTP_MAIL, SEND_LATER, "", "go", false},
	{"RCPT 5xx", {HELLO, GROUP, ">250 ok", "!550-5.1.1 no such\r\n550 5.1.1 user here\r\n",
		      ">554 no recipients", "<QUIT"},
	 550, SMTP_RCPT, SEND_REFUSED, "5.1.1", "no such user here", true},
	{"RCPT 5xx, and DATA is taken: no mail must follow",
	 {HELLO, GROUP, ">250 ok", ">550 5.1.1 no", ">354 go", "e"},
	 550, SMTP_RCPT, SEND_REFUSED, "5.1.1", "no", false},
	{"RCPT 4xx", {HELLO, GROUP, ">250 ok", ">450 4.2.0 greylisted", ">554 none", "<QUIT"},
	 450, SMTP_RCPT, SEND_LATER, "4.2.0", "greylisted", true},
	{"RCPT hangs", {HELLO, GROUP, ">250 ok", "h"}, 0, SMTP_RCPT, SEND_LATER, "",
	 "no answer in time", false},
	{"RCPT closes", {HELLO, GROUP, ">250 ok", "x"}, 0, SMTP_RCPT, SEND_LATER, "", NULL, false},
	{"RCPT refused without pipelining",
	 {PLAIN_HELLO, "<MAIL", ">250 ok", "<RCPT", ">553 no", "<QUIT"},
	 553, SMTP_RCPT, SEND_REFUSED, "", "no", true},
	{"DATA 5xx", {HELLO, GROUP, ">250 ok", ">250 ok", ">554 5.5.0 no", "<QUIT"},
	 554, SMTP_DATA, SEND_REFUSED, "5.5.0", "no", true},
	{"DATA 4xx", {HELLO, GROUP, ">250 ok", ">250 ok", ">452 full", "<QUIT"},
	 452, SMTP_DATA, SEND_LATER, "", "full", true},
	{"DATA answered 250: nothing was asked for", {HELLO, GROUP, ">250 ok", ">250 ok", ">250 ok",
						      "e"},
	 250, SMTP_DATA, SEND_LATER, "", "ok", false},
	{"DATA hangs", {HELLO, GROUP, ">250 ok", ">250 ok", "h"}, 0, SMTP_DATA, SEND_LATER, "",
	 "no answer in time", false},
	{"DATA closes", {HELLO, GROUP, ">250 ok", ">250 ok", "x"}, 0, SMTP_DATA, SEND_LATER, "",
	 NULL, false},
	{"250 before the dot", {HELLO, GROUP, "!250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n", "e"},
	 0, SMTP_BODY, SEND_LATER, "", NULL, false},
	{"dot 5xx", {HELLO, GROUP, YES, ".", ">554 5.7.1 spam", "<QUIT"},
	 554, SMTP_DOT, SEND_REFUSED, "5.7.1", "spam", true},
	{"dot 4xx", {HELLO, GROUP, YES, ".", ">451 4.3.0 later", "<QUIT"},
	 451, SMTP_DOT, SEND_LATER, "4.3.0", "later", true},
	{"dot 421", {HELLO, GROUP, YES, ".", ">421 bye", "e"},
	 421, SMTP_DOT, SEND_LATER, "", "bye", false},
	{"dot hangs", {HELLO, GROUP, YES, ".", "h"}, 0, SMTP_DOT, SEND_IN_DOUBT, "",
	 "no answer in time", false},
	{"dot closes", {HELLO, GROUP, YES, ".", "x"}, 0, SMTP_DOT, SEND_IN_DOUBT, "",
	 "the server closed the connection", false},
	{"dot nonsense", {HELLO, GROUP, YES, ".", "!250-ok\r\n251 ok\r\n", "e"}, 0, SMTP_DOT,
	 SEND_IN_DOUBT, "", "the server's answer is not SMTP", false},
	{"dot bare LF", {HELLO, GROUP, YES, ".", "!250 ok\n", "e"}, 0, SMTP_DOT, SEND_IN_DOUBT, "",
	 "the server's answer is not SMTP", false},
	{"dot 354", {HELLO, GROUP, YES, ".", ">354 more", "e"}, 354, SMTP_DOT, SEND_IN_DOUBT, "",
	 "more", false},
	{"dot half an answer", {HELLO, GROUP, YES, ".", "!250 o", "x"}, 0, SMTP_DOT, SEND_IN_DOUBT,
	 "", NULL, false},
	{"one answer too many", {HELLO, GROUP, YES, ".", "!250 ok\r\n250 ok\r\n", "e"},
	 250, SMTP_DOT, SEND_SENT, "", "ok", false},
};

static struct smtp *open_to(const char *url, const struct smtp_timeouts *timeouts, int stop_fd)
{
	struct smtp_options options = {.url = url, .timeouts = *timeouts, .stop_fd = stop_fd};
	struct smtp *smtp;
	struct err err;

	if (smtp_open(&smtp, &options, &err) < 0)
		fail_msg("%s", err.text);
	return smtp;
}

static void every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dialogues) / sizeof(*dialogues); i++) {
		const struct dialogue *d = &dialogues[i];
		struct smtp_script server;
		struct smtp_answer answer;
		struct smtp *smtp;
		int r;

		script_start(&server, d->script);
		smtp = open_to(server.url, &impatient, -1);
		r = smtp_send(smtp, &mail, &answer);
		print_message("%-45s %d %s: %s\n", d->name, answer.code,
			      smtp_stage_text(answer.stage), answer.text);
		assert_int_equal(answer.code, d->code);
		assert_int_equal(answer.stage, d->stage);
		assert_int_equal(r, d->code && d->stage != SMTP_CONNECT ? 0 : -1);
		assert_int_equal(send_classify(&answer), d->verdict);
		if (d->enhanced)
			assert_string_equal(answer.enhanced, d->enhanced);
		if (d->text)
			assert_string_equal(answer.text, d->text);
		assert_true(answer.text[0]);
		assert_int_equal(smtp_is_connected(smtp), d->still_connected);
		smtp_close(&smtp);
		script_stop(&server);
		assert_string_equal(server.failure, "");
	}
}

static void dots_are_doubled(void **state)
{
	static const char *const script[] = {HELLO, GROUP, YES, ".", ">250 ok", NULL};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp *smtp;

	(void)state;
	script_start(&server, script);
	smtp = open_to(server.url, &impatient, -1);
	assert_int_equal(smtp_send(smtp, &mail, &answer), 0);
	smtp_close(&smtp);
	script_stop(&server);
	assert_string_equal(server.mail, "Subject: x\r\n\r\nhello\r\n..dot\r\n.\r\n");
}

static void one_connection_for_many(void **state)
{
	static const char *const script[] = {
		HELLO, GROUP, YES, ".", ">250 ok", GROUP, ">250 ok", ">550 no", ">554 no",
		/* after a refusal the server is told to forget */
		"<RSET", GROUP, ">250 ok", YES, ".", ">250 ok", GROUP, YES, ".", ">250 ok", "<QUIT",
		">221 bye", NULL};
	static const int codes[] = {250, 550, 250, 250};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp *smtp;

	(void)state;
	script_start(&server, script);
	smtp = open_to(server.url, &impatient, -1);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(smtp_send(smtp, &mail, &answer), 0);
		assert_int_equal(answer.code, codes[i]);
	}
	smtp_close(&smtp);
	script_stop(&server);
	assert_string_equal(server.failure, "");
	assert_int_equal(server.connections, 1);
}

/* The server that hung up while we had nothing to say: the mail goes over a new connection. */
static void idle_connections_are_replaced(void **state)
{
	static const char *const closed[] = {HELLO, GROUP, YES, ".", ">250 ok", "x", HELLO, GROUP,
					     YES, ".", ">250 again", NULL};
	static const char *const said_421[] = {HELLO, GROUP, YES, ".", ">250 ok",
					       ">421 idle for too long", "x", HELLO, GROUP, YES, ".",
					       ">250 again", NULL};
	static const char *const says_421[] = {HELLO, GROUP, YES, ".", ">250 ok", GROUP,
					       ">421 idle for too long", "x", HELLO, GROUP, YES, ".",
					       ">250 again", NULL};
	static const char *const never_again[] = {HELLO, GROUP, YES, ".", ">250 ok", GROUP,
						  ">421 no more", "x", HELLO, GROUP,
						  ">421 no more", "e", NULL};
	static const char *const *const scripts[] = {closed, said_421, says_421, never_again};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct smtp_script server;
		struct smtp_answer answer;
		struct smtp *smtp;

		script_start(&server, scripts[i]);
		smtp = open_to(server.url, &impatient, -1);
		assert_int_equal(smtp_send(smtp, &mail, &answer), 0);
		usleep(20000);
		smtp_send(smtp, &mail, &answer);
		if (i < 3)
			assert_string_equal(answer.text, "again");
		else
			assert_int_equal(answer.code, 421);
		smtp_close(&smtp);
		script_stop(&server);
		assert_string_equal(server.failure, "");
		assert_int_equal(server.connections, 2);
	}
}

/* Nothing becomes a command, and no mail leaves that could be read as two. */
static void invalid_mails_never_leave(void **state)
{
	static const struct {
		const char *to, *bytes;
		const char *why;
	} cases[] = {
		{"u@y.example>\r\nRCPT TO:<evil@z.example", "x\r\n", "the recipient is not an address"},
		{"u y@z.example", "x\r\n", "the recipient is not an address"},
		{"", "x\r\n", "the recipient is not an address"},
		{"u@y.example", "x\n.\nMAIL FROM:<a@b.example>\r\n",
		 "the mail is not made of lines that SMTP can carry"},
		{"u@y.example", "x\r.\r\n", "the mail is not made of lines that SMTP can carry"},
		{"u@y.example", "no end of line", "the mail is not made of lines that SMTP can carry"},
	};
	struct smtp *smtp = open_to("smtp://127.0.0.1:9", &impatient, -1);
	struct smtp_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp_mail bad = {.from = "care@harbour.example", .to = cases[i].to,
					.bytes = slice_text(cases[i].bytes)};

		assert_int_equal(smtp_send(smtp, &bad, &answer), -1);
		assert_true(answer.was_invalid);
		assert_string_equal(answer.text, cases[i].why);
		assert_int_equal(send_classify(&answer), SEND_REFUSED);
	}
	smtp_close(&smtp);
}

static void international_addresses_need_an_offer(void **state)
{
	static const char *const refuses[] = {HELLO, "<QUIT", NULL};
	static const char *const takes[] = {
		">220 x", "<EHLO", "!250-x\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n",
		"<MAIL FROM:<care@harbour.example> SMTPUTF8 BODY=8BITMIME\r\n", ">250 ok",
		"<RCPT TO:<m\xc3\xbcller@x.example>", ">250 ok", "<DATA", ">354 go", ".", ">250 ok",
		NULL};
	struct smtp_mail to_mueller = {.from = "care@harbour.example",
				       .to = "m\xc3\xbcller@x.example", .needs_utf8 = true,
				       .bytes = slice_text("x\r\n")};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp *smtp;

	(void)state;
	for (int i = 0; i < 2; i++) {
		script_start(&server, i ? takes : refuses);
		smtp = open_to(server.url, &impatient, -1);
		smtp_send(smtp, &to_mueller, &answer);
		assert_int_equal(send_classify(&answer), i ? SEND_SENT : SEND_REFUSED);
		smtp_close(&smtp);
		script_stop(&server);
		assert_string_equal(server.failure, "");
	}
}

static void *stop_soon(void *fd)
{
	usleep(100000);
	eventfd_write(*(int *)fd, 1);
	return NULL;
}

/* With the patience of RFC 5321, somebody has to say that it is over. */
static void a_stop_cuts_it_off(void **state)
{
	static const struct {
		const char *script[12];
		enum send_verdict verdict;
	} cases[] = {{{"h"}, SEND_NOT_SENT},
		     {{HELLO, GROUP, "h"}, SEND_NOT_SENT},
		     {{HELLO, GROUP, YES, "h"}, SEND_IN_DOUBT}};
	static const struct smtp_timeouts patient;

	(void)state;
	for (int i = 0; i < 3; i++) {
		int stop_fd = eventfd(0, 0);
		struct smtp_script server;
		struct smtp_answer answer;
		struct smtp *smtp;
		pthread_t thread;

		script_start(&server, cases[i].script);
		smtp = open_to(server.url, &patient, stop_fd);
		pthread_create(&thread, NULL, stop_soon, &stop_fd);
		assert_int_equal(smtp_send(smtp, &mail, &answer), -1);
		assert_true(answer.was_stopped);
		assert_int_equal(send_classify(&answer), cases[i].verdict);
		pthread_join(thread, NULL);
		smtp_close(&smtp);
		close(stop_fd);
		script_stop(&server);
	}
}

static void bad_options(void **state)
{
	static const struct {
		const char *url;
		enum smtp_tls tls;
		const char *why;
	} cases[] = {
		{NULL, SMTP_TLS_AUTO, "SMTP_URL: expected smtp[s]://[user:password@]host[:port]"},
		{"mail.example", SMTP_TLS_AUTO,
		 "SMTP_URL: expected smtp[s]://[user:password@]host[:port]"},
		{"http://mail.example", SMTP_TLS_AUTO,
		 "SMTP_URL: expected smtp:// or smtps://, found http://"},
		{"smtp://mail.example/path", SMTP_TLS_AUTO,
		 "SMTP_URL: expected nothing behind host and port"},
		{"smtp://me@mail.example", SMTP_TLS_AUTO, "SMTP_URL: a user without a password"},
		{"smtp://me:secret@mail.example", SMTP_TLS_OFF,
		 "SMTP_URL: a password may not be sent to mail.example without TLS"},
	};
	struct smtp *smtp = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp_options options = {.url = cases[i].url, .tls = cases[i].tls};

		assert_int_equal(smtp_open(&smtp, &options, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_string_equal(err.text, cases[i].why);
		assert_null(smtp);
	}
}

/* A server that offers no TLS learns neither sender nor recipient nor password. */
static void tls_required_means_tls(void **state)
{
	static const char *const script[] = {HELLO, "h", NULL};
	struct smtp_options options = {.tls = SMTP_TLS_REQUIRED, .timeouts = impatient};
	struct smtp_script server;
	struct smtp_answer answer;
	char url[100];
	struct smtp *smtp;
	struct err err;

	(void)state;
	script_start(&server, script);
	snprintf(url, sizeof(url), "smtp://me:secret@127.0.0.1:%u", server.port);
	options.url = url;
	assert_int_equal(smtp_open(&smtp, &options, &err), 0);
	assert_int_equal(smtp_send(smtp, &mail, &answer), -1);
	print_message("%s\n", answer.text);
	assert_int_equal(answer.stage, SMTP_CONNECT);
	assert_int_equal(send_classify(&answer), SEND_LATER);
	assert_null(strstr(answer.text, "secret"));
	smtp_close(&smtp);
	script_stop(&server);
	assert_string_equal(server.failure, "");
}

static void addresses_stay_out_of_texts(void **state)
{
	char text[SMTP_TEXT_BYTES] = "<Ann@X.example>: no ann@x.example here";

	(void)state;
	send_redact(text, "ann@x.example");
	assert_string_equal(text, "<<...>>: no <...> here");
	send_redact(text, "");
	assert_string_equal(text, "<<...>>: no <...> here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state),
		cmocka_unit_test(dots_are_doubled),
		cmocka_unit_test(one_connection_for_many),
		cmocka_unit_test(idle_connections_are_replaced),
		cmocka_unit_test(invalid_mails_never_leave),
		cmocka_unit_test(international_addresses_need_an_offer),
		cmocka_unit_test(a_stop_cuts_it_off),
		cmocka_unit_test(bad_options),
		cmocka_unit_test(tls_required_means_tls),
		cmocka_unit_test(addresses_stay_out_of_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
