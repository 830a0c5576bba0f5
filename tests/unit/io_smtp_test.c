/*
 * The SMTP dialogue against scripted servers: at every state a yes, a refusal,
 * a hang, a close and nonsense; and what the sender makes of each.
 */
#include "smtp_world.h"

struct dialogue {
	const char *name;
	const char *script[40];
	int code;
	enum smtp_stage stage;
	enum send_verdict verdict;
	const char *enhanced, *text;
	bool still_connected;
};

/* clang-format off */
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
	 550, SMTP_MAIL, SEND_LATER, "5.7.1", "not you", true},
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
	 554, SMTP_DOT, SEND_LATER, "5.7.1", "spam", true},
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
/* clang-format on */

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
		assert_int_equal(send_judge(&answer, "", false).verdict, d->verdict);
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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_state)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
