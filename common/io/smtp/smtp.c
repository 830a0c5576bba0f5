/* smtp.c - see smtp.h: the dialogue.  smtp_connect.c connects, smtp_io.c moves bytes. */
#include "smtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "smtp_internal.h"

enum { LINE_MAX_BYTES = 998 };

const char *smtp_stage_text(enum smtp_stage stage)
{
	static const char *const text[] = {
	    [SMTP_CONNECT] = "connect", [SMTP_MAIL] = "MAIL", [SMTP_RCPT] = "RCPT",
	    [SMTP_DATA] = "DATA",       [SMTP_BODY] = "mail", [SMTP_DOT] = "end of mail",
	};

	return text[stage];
}

bool smtp_is_connected(const struct smtp *smtp)
{
	return smtp->curl != NULL;
}

static int invalid(struct smtp_answer *ret, const char *why)
{
	ret->was_invalid = true;
	snprintf(ret->text, sizeof(ret->text), "%s", why);
	return -1;
}

/* Is it a whole line of legal length, CR and LF at its end and nowhere else? */
static bool is_line(const uint8_t *line, size_t len)
{
	return len >= 2 && len <= LINE_MAX_BYTES + 2 && memchr(line, '\r', len) == line + len - 2;
}

/* Doubles dots and adds the final one; lets only whole CRLF lines of legal length through. */
static int stuff(struct smtp *smtp, struct slice mail, struct smtp_answer *ret)
{
	const uint8_t *at = mail.bytes, *end = mail.bytes + mail.len, *piece = at;

	buf_reset(&smtp->out);
	if (mail.len && memchr(mail.bytes, '\0', mail.len))
		return invalid(ret, "the mail is not made of lines that SMTP can carry");
	while (at < end) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = newline ? (size_t)(newline + 1 - at) : 0;

		if (!is_line(at, len))
			return invalid(ret, "the mail is not made of lines that SMTP can carry");
		if (*at == '.') { /* what is before it goes in one piece, and it comes again */
			buf_add(&smtp->out, piece, (size_t)(at + 1 - piece));
			piece = at;
		}
		at += len;
	}
	buf_add(&smtp->out, piece, (size_t)(end - piece));
	buf_text(&smtp->out, ".\r\n");
	if (buf_failed(&smtp->out))
		return invalid(ret, "the mail is too large");
	return 0;
}

static int check(const struct smtp_mail *mail, struct smtp_answer *ret)
{
	if (!text_is_email(slice_text(mail->from)))
		return invalid(ret, "the sender is not an address");
	if (!text_is_email(slice_text(mail->to)))
		return invalid(ret, "the recipient is not an address");
	return 0;
}

/* The server's answer ends the mail; 421, or a yes to nothing we asked, ends the connection too. */
static int decided(struct smtp *smtp, struct smtp_answer *ret)
{
	if (ret->code == 421 || ret->code < 400)
		smtp_drop(smtp);
	else
		smtp->needs_rset = true;
	return 1;
}

static int lost(struct smtp *smtp)
{
	smtp_drop(smtp);
	return -1;
}

/* The commands are MAIL, RCPT, DATA, and before them RSET if the server may hold an envelope. */
enum { COMMAND_COUNT = 4, COMMAND_BYTES = 700 };
struct commands {
	char text[COMMAND_COUNT][COMMAND_BYTES];
};

static void write_commands(const struct smtp *smtp, const struct smtp_mail *mail,
			   struct commands *ret)
{
	char size[40] = "", report[100] = "";

	if (smtp->has_size)
		snprintf(size, sizeof(size), " SIZE=%zu", mail->bytes.len);
	if (smtp->has_dsn && mail->envelope_id)
		snprintf(report, sizeof(report), " RET=HDRS ENVID=%.64s", mail->envelope_id);
	snprintf(ret->text[0], COMMAND_BYTES, "%s", smtp->needs_rset ? "RSET\r\n" : "");
	snprintf(ret->text[1], COMMAND_BYTES, "MAIL FROM:<%s>%s%s%s%s\r\n", mail->from, size,
		 mail->needs_utf8 ? " SMTPUTF8" : "",
		 mail->needs_utf8 && smtp->has_8bit ? " BODY=8BITMIME" : "", report);
	snprintf(ret->text[2], COMMAND_BYTES, "RCPT TO:<%s>%s\r\n", mail->to,
		 report[0] ? " NOTIFY=FAILURE,DELAY" : "");
	snprintf(ret->text[3], COMMAND_BYTES, "DATA\r\n");
}

static int64_t command_timeout_ms(const struct smtp *smtp, int command)
{
	return command == 3 ? smtp->timeouts.data_ms : smtp->timeouts.command_ms;
}

static enum smtp_stage command_stage(int command)
{
	static const enum smtp_stage stages[COMMAND_COUNT] = {SMTP_MAIL, SMTP_MAIL, SMTP_RCPT,
							      SMTP_DATA};

	return stages[command];
}

static bool is_granted(int command, int code)
{
	return command == 3 ? code == 354 : code / 100 == 2;
}

/*
 * Reads, after a refusal, the replies to the commands that were sent behind the refused one.  A
 * server that would take the mail all the same must not get one: then we hang up.
 */
static void read_rest(struct smtp *smtp, int command)
{
	struct smtp_answer rest;

	for (command++; command < COMMAND_COUNT; command++) {
		if (smtp_read(smtp, command_timeout_ms(smtp, command), &rest) < 0 ||
		    rest.code == 421 || is_granted(3, rest.code)) {
			smtp_drop(smtp);
			return;
		}
	}
}

/*
 * Sends the envelope. 0: the server waits for the mail. 1: it refused, and its answer is in ret.
 * -1: the connection is lost.
 */
static int send_envelope(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_answer *ret)
{
	struct commands commands;
	char group[COMMAND_COUNT * COMMAND_BYTES] = "";
	size_t left;

	write_commands(smtp, mail, &commands);
	for (int i = 0; i < COMMAND_COUNT && smtp->has_pipelining; i++)
		strcat(group, commands.text[i]);
	if (smtp->has_pipelining &&
	    smtp_write(smtp, group, strlen(group), smtp->timeouts.command_ms, &left, ret) < 0)
		return lost(smtp);
	for (int i = 0; i < COMMAND_COUNT; i++) {
		const char *command = commands.text[i];
		int64_t timeout_ms = command_timeout_ms(smtp, i);

		if (!command[0])
			continue;
		ret->stage = command_stage(i);
		if (!smtp->has_pipelining &&
		    smtp_write(smtp, command, strlen(command), timeout_ms, &left, ret) < 0)
			return lost(smtp);
		if (smtp_read(smtp, timeout_ms, ret) < 0)
			return lost(smtp);
		if (is_granted(i, ret->code))
			continue;
		/* The answer to RSET is not about this mail, but the connection is of no use. */
		if (i == 0) {
			smtp->was_closed = true;
			return lost(smtp);
		}
		if (decided(smtp, ret) && smtp->has_pipelining && smtp->curl)
			read_rest(smtp, i);
		return 1;
	}
	smtp->needs_rset = false;
	return 0;
}

/* Sends the mail after the server's 354, and reads what the server answers to it. */
static int send_body(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_answer *ret)
{
	size_t left;

	*ret = (struct smtp_answer){.stage = SMTP_BODY};
	if (mail->may_send && !mail->may_send(mail->context)) {
		ret->was_withheld = true;
		snprintf(ret->text, sizeof(ret->text), "this side took the mail back");
		return lost(smtp);
	}
	/* A reply that is here before the mail is sent would be taken for the answer to the dot. */
	if (smtp_has_input(smtp)) {
		snprintf(ret->text, sizeof(ret->text),
			 "the server spoke or hung up before the "
			 "mail was sent");
		return lost(smtp);
	}
	if (smtp_write(smtp, smtp->out.bytes, smtp->out.len, smtp->timeouts.block_ms, &left, ret) <
	    0) {
		if (!left)
			ret->stage = SMTP_DOT;
		return lost(smtp);
	}
	ret->stage = SMTP_DOT;
	if (smtp_read(smtp, smtp->timeouts.dot_ms, ret) < 0)
		return lost(smtp);
	if (ret->code / 100 != 2)
		return decided(smtp, ret);
	if (smtp->in_len) /* a reply too many would be read as the answer to the next mail */
		smtp_drop(smtp);
	return 1;
}

static int attempt(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_answer *ret)
{
	int r;

	*ret = (struct smtp_answer){.stage = SMTP_CONNECT};
	if (smtp_connect(smtp, ret) < 0)
		return -1;
	ret->stage = SMTP_MAIL;
	if (mail->needs_utf8 && !smtp->has_utf8)
		return invalid(ret, "the server takes no addresses beyond ASCII (SMTPUTF8)");
	if (smtp_has_input(smtp)) { /* as a rule a 421 while it was idle, and the close */
		smtp->was_closed = true;
		snprintf(ret->text, sizeof(ret->text), "the server closed the connection");
		return lost(smtp);
	}
	smtp->is_used = true;
	r = send_envelope(smtp, mail, ret);
	if (r == 0)
		r = send_body(smtp, mail, ret);
	return r < 0 ? -1 : 0;
}

int smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_answer *ret)
{
	/*
	 * A new connection cannot have been closed unnoticed: what happens on it is this mail's
	 * answer.
	 */
	bool was_idle = smtp->curl != NULL && smtp->is_used;
	int r;

	*ret = (struct smtp_answer){.stage = SMTP_CONNECT};
	if (check(mail, ret) < 0 || stuff(smtp, mail->bytes, ret) < 0)
		return -1;
	smtp->was_closed = false;
	r = attempt(smtp, mail, ret);
	/* The server had hung up before it saw this mail, so nothing was said of the mail. */
	if (was_idle && !smtp->curl && ret->stage == SMTP_MAIL &&
	    ((r < 0 && smtp->was_closed) || ret->code == 421))
		r = attempt(smtp, mail, ret);
	return r;
}

void smtp_hang_up(struct smtp *smtp)
{
	struct smtp_answer answer;
	size_t left;

	if (!smtp->curl)
		return;
	if (smtp_write(smtp, "QUIT\r\n", 6, smtp->timeouts.quit_ms, &left, &answer) == 0)
		smtp_read(smtp, smtp->timeouts.quit_ms, &answer);
	smtp_drop(smtp);
}

void smtp_close(struct smtp **smtp)
{
	if (!*smtp)
		return;
	smtp_hang_up(*smtp);
	buf_free(&(*smtp)->out);
	free((*smtp)->url);
	free((*smtp)->user);
	free((*smtp)->password);
	free((*smtp)->ca_file);
	free((*smtp)->hello);
	free((*smtp)->addresses);
	free(*smtp);
	*smtp = NULL;
}
