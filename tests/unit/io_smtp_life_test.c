/*
 * The life of an SMTP connection: many mails over one, idle and replaced, cut
 * off, required to be TLS; and mails that must never leave.
 */
#include <sys/eventfd.h>

#include "smtp_world.h"

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
	static const char *const script[] = {HELLO, GROUP, YES, ".", ">250 ok", GROUP, ">250 ok",
					     ">550 no", ">554 no",
					     /* after a refusal the server is told to forget */
					     "<RSET", GROUP, ">250 ok", YES, ".", ">250 ok", GROUP,
					     YES, ".", ">250 ok", "<QUIT", ">221 bye", NULL};
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
	static const char *const closed[] = {HELLO, GROUP, YES, ".", ">250 ok",    "x",
					     HELLO, GROUP, YES, ".", ">250 again", NULL};
	static const char *const said_421[] = {
	    HELLO, GROUP, YES, ".",          ">250 ok", ">421 idle for too long", "x", HELLO,
	    GROUP, YES,   ".", ">250 again", NULL};
	static const char *const says_421[] = {
	    HELLO, GROUP, YES,   ".", ">250 ok", GROUP,        ">421 idle for too long",
	    "x",   HELLO, GROUP, YES, ".",       ">250 again", NULL};
	static const char *const never_again[] = {
	    HELLO, GROUP,          YES, ".", ">250 ok", GROUP, ">421 no more", "x", HELLO,
	    GROUP, ">421 no more", "e", NULL};
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
		struct smtp_mail bad = {.from = "care@harbour.example",
					.to = cases[i].to,
					.bytes = slice_text(cases[i].bytes)};

		assert_int_equal(smtp_send(smtp, &bad, &answer), -1);
		assert_true(answer.was_invalid);
		assert_string_equal(answer.text, cases[i].why);
		assert_int_equal(send_judge(&answer, "", false).verdict, SEND_REFUSED);
	}
	smtp_close(&smtp);
}

static void international_addresses_need_an_offer(void **state)
{
	static const char *const refuses[] = {HELLO, "<QUIT", NULL};
	static const char *const takes[] = {
	    ">220 x",
	    "<EHLO",
	    "!250-x\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n",
	    "<MAIL FROM:<care@harbour.example> SMTPUTF8 BODY=8BITMIME\r\n",
	    ">250 ok",
	    "<RCPT TO:<m\xc3\xbcller@x.example>",
	    ">250 ok",
	    "<DATA",
	    ">354 go",
	    ".",
	    ">250 ok",
	    NULL};
	struct smtp_mail to_mueller = {.from = "care@harbour.example",
				       .to = "m\xc3\xbcller@x.example",
				       .needs_utf8 = true,
				       .bytes = slice_text("x\r\n")};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp *smtp;

	(void)state;
	for (int i = 0; i < 2; i++) {
		script_start(&server, i ? takes : refuses);
		smtp = open_to(server.url, &impatient, -1);
		smtp_send(smtp, &to_mueller, &answer);
		assert_int_equal(send_judge(&answer, "", false).verdict,
				 i ? SEND_SENT : SEND_REFUSED);
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
		assert_int_equal(send_judge(&answer, "", false).verdict, cases[i].verdict);
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
	    {NULL, SMTP_TLS_AUTO,
	     "SMTP_URL: expected smtp[s]://[user:password@]host[:port], or mx:"},
	    {"mail.example", SMTP_TLS_AUTO,
	     "SMTP_URL: expected smtp[s]://[user:password@]host[:port], or mx: (expected "
	     "scheme://)"},
	    {"smtp://me:sec@ret%@mail.example", SMTP_TLS_AUTO,
	     "SMTP_URL: expected smtp[s]://[user:password@]host[:port], or mx: (expected two "
	     "hexadecimal digits behind each % of the password (a % itself is %25))"},
	    /* What is shown of it is a host, never the rest of a password with an '@' in it. */
	    {"smtp://me:sec@ret@mail.example", SMTP_TLS_OFF,
	     "SMTP_URL: a password may not be sent to mail.example without TLS"},
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
	assert_int_equal(send_judge(&answer, "", false).verdict, SEND_LATER);
	assert_null(strstr(answer.text, "secret"));
	smtp_close(&smtp);
	script_stop(&server);
	assert_string_equal(server.failure, "");
}

static bool say_no(void *context)
{
	++*(int *)context;
	return false;
}

static void a_mail_that_is_withheld_does_not_leave(void **state)
{
	static const char *const script[] = {HELLO, GROUP, YES, "e", NULL};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp_mail withheld = mail;
	struct smtp *smtp;
	int asked = 0;

	(void)state;
	withheld.may_send = say_no;
	withheld.context = &asked;
	script_start(&server, script);
	smtp = open_to(server.url, &impatient, -1);
	assert_int_equal(smtp_send(smtp, &withheld, &answer), -1);
	assert_int_equal(asked, 1);
	assert_true(answer.was_withheld);
	assert_int_equal(answer.stage, SMTP_BODY);
	assert_false(smtp_is_connected(smtp));
	smtp_close(&smtp);
	script_stop(&server);
	assert_string_equal(server.failure, "");
}

static void count(void *context)
{
	++*(int *)context;
}

/* Before it connects, and once for a reply that does not come at once. */
static void others_get_their_turn_while_it_waits(void **state)
{
	static const char *const script[] = {HELLO, GROUP, "h", NULL};
	struct smtp_options options = {.timeouts = impatient, .on_wait = count};
	struct smtp_script server;
	struct smtp_answer answer;
	struct smtp *smtp;
	struct err err;
	int waits = 0;

	(void)state;
	options.context = &waits;
	script_start(&server, script);
	options.url = server.url;
	assert_int_equal(smtp_open(&smtp, &options, &err), 0);
	assert_int_equal(smtp_send(smtp, &mail, &answer), -1);
	assert_string_equal(answer.text, "no answer in time");
	assert_int_equal(waits, 2);
	smtp_close(&smtp);
	script_stop(&server);
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
	    cmocka_unit_test(dots_are_doubled),
	    cmocka_unit_test(one_connection_for_many),
	    cmocka_unit_test(idle_connections_are_replaced),
	    cmocka_unit_test(invalid_mails_never_leave),
	    cmocka_unit_test(international_addresses_need_an_offer),
	    cmocka_unit_test(a_stop_cuts_it_off),
	    cmocka_unit_test(bad_options),
	    cmocka_unit_test(tls_required_means_tls),
	    cmocka_unit_test(a_mail_that_is_withheld_does_not_leave),
	    cmocka_unit_test(others_get_their_turn_while_it_waits),
	    cmocka_unit_test(addresses_stay_out_of_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
