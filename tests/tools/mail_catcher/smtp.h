/*
 * smtp.h - the server's half of an SMTP dialogue, as a state machine over
 * bytes.  Strict where it matters: a line ends with CRLF, data ends with
 * CRLF.CRLF, and a bare CR or LF in either is refused.
 */
#ifndef MAIL_CATCHER_SMTP_H
#define MAIL_CATCHER_SMTP_H

#include <fnmatch.h>
#include <stdlib.h>

#include "parse.h"
#include "store.h"

enum {
	SMTP_MAIL_BYTES = 10 << 20,
	SMTP_LINE_BYTES = 64 << 10,
	SMTP_RECIPIENTS = 100,
	SMTP_FAILURES = 32,
};

struct smtp_rules {
	struct {
		const char *pattern, *text; /* text: NULL for the usual */
		int code;
	} failures[SMTP_FAILURES];
	unsigned failure_count;
	int64_t slow_ms;
};

enum smtp_state { SMTP_COMMANDS, SMTP_DATA, SMTP_CLOSING };

struct session {
	enum smtp_state state;
	struct buf in, out;
	bool greeted, mailing, utf8;
	char from[321];
	struct buf to; /* comma-separated */
	unsigned to_count;
	struct buf mail;  /* dots undone */
	bool line_begins; /* the line before ended with CRLF */
	bool bare, too_long;
	int64_t resume_ms; /* --slow-ms: say `held` then; 0: not held */
	char held[64];
};

static void session_open(struct session *s)
{
	*s = (struct session){.in = BUF_MAX(4 * SMTP_LINE_BYTES),
			      .out = BUF_MAX(1 << 20),
			      .to = BUF_MAX(SMTP_RECIPIENTS * 322),
			      .mail = BUF_MAX(SMTP_MAIL_BYTES)};
	buf_text(&s->out, "220 mail-catcher ESMTP\r\n");
}

static void session_close(struct session *s)
{
	buf_free(&s->in);
	buf_free(&s->out);
	buf_free(&s->to);
	buf_free(&s->mail);
}

static void say(struct session *s, const char *line)
{
	buf_text(&s->out, line);
	buf_add(&s->out, "\r\n", 2);
}

static void session_reset(struct session *s)
{
	s->mailing = s->utf8 = false;
	s->to_count = 0;
	buf_reset(&s->to);
	buf_reset(&s->mail);
}

/* NULL when all are known, else the refusal. */
static const char *take_mail_params(struct session *s, const char *params)
{
	while (*params) {
		size_t len;

		params += strspn(params, " ");
		len = strcspn(params, " ");
		if (strncasecmp(params, "SIZE=", 5) == 0) {
			if (strtoull(params + 5, NULL, 10) > SMTP_MAIL_BYTES)
				return "552 5.3.4 larger than SIZE";
		} else if (len == 8 && strncasecmp(params, "SMTPUTF8", 8) == 0) {
			s->utf8 = true;
		} else if (len && strncasecmp(params, "BODY=8BITMIME", len) != 0 &&
			   strncasecmp(params, "BODY=7BIT", len) != 0) {
			return "555 5.5.4 unknown parameter";
		}
		params += len;
	}
	return NULL;
}

static void on_mail(struct session *s, const char *rest)
{
	const char *params, *refusal;

	if (!s->greeted || s->mailing) {
		say(s, s->mailing ? "503 5.5.1 one MAIL at a time" : "503 5.5.1 EHLO first");
		return;
	}
	if (!take_path(rest, s->from, sizeof(s->from), &params)) {
		say(s, "501 5.1.7 expected MAIL FROM:<address>");
		return;
	}
	refusal = take_mail_params(s, params);
	if (!refusal && !s->utf8 && !is_ascii(s->from))
		refusal = "553 5.6.7 SMTPUTF8 was not asked for";
	s->mailing = !refusal;
	say(s, refusal ? refusal : "250 2.1.0 go on");
}

static void on_rcpt(struct session *s, const struct smtp_rules *rules, const char *rest)
{
	char address[321], line[96];
	const char *params;

	if (!s->mailing) {
		say(s, "503 5.5.1 MAIL first");
		return;
	}
	if (!take_path(rest, address, sizeof(address), &params) || !*address || *params) {
		say(s, "501 5.1.3 expected RCPT TO:<address>");
		return;
	}
	if (!s->utf8 && !is_ascii(address)) {
		say(s, "553 5.6.7 SMTPUTF8 was not asked for");
		return;
	}
	for (unsigned i = 0; i < rules->failure_count; i++) {
		int code = rules->failures[i].code;

		if (fnmatch(rules->failures[i].pattern, address, FNM_CASEFOLD) != 0)
			continue;
		if (rules->failures[i].text)
			snprintf(line, sizeof(line), "%d %.80s", code, rules->failures[i].text);
		else
			snprintf(line, sizeof(line), "%d %d.1.1 refused by --fail-rcpt", code,
				 code / 100);
		say(s, line);
		if (code == 421)
			s->state = SMTP_CLOSING;
		return;
	}
	if (s->to_count == SMTP_RECIPIENTS) {
		say(s, "452 4.5.3 too many recipients");
		return;
	}
	if (s->to_count++)
		buf_char(&s->to, ',');
	buf_text(&s->to, address);
	say(s, "250 2.1.5 go on");
}

static void on_data(struct session *s)
{
	if (!s->to_count) {
		say(s, "503 5.5.1 RCPT first");
		return;
	}
	s->state = SMTP_DATA;
	s->line_begins = true;
	s->bare = s->too_long = false;
	say(s, "354 end with CRLF.CRLF");
}

static void on_hello(struct session *s, const char *command, const char *domain)
{
	if (!*domain) {
		say(s, "501 5.5.4 expected a domain");
		return;
	}
	session_reset(s);
	s->greeted = true;
	if ((*command | 0x20) == 'h')
		say(s, "250 mail-catcher");
	else
		buf_printf(&s->out,
			   "250-mail-catcher\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
			   "250-SMTPUTF8\r\n250-SIZE %d\r\n250 ENHANCEDSTATUSCODES\r\n",
			   SMTP_MAIL_BYTES);
}

static void on_command(struct session *s, const struct smtp_rules *rules, const char *line)
{
	const char *rest;

	if ((rest = after(line, "MAIL FROM:"))) {
		on_mail(s, rest);
	} else if ((rest = after(line, "RCPT TO:"))) {
		on_rcpt(s, rules, rest);
	} else if (strcasecmp(line, "DATA") == 0) {
		on_data(s);
	} else if ((rest = after(line, "EHLO ")) || (rest = after(line, "HELO "))) {
		on_hello(s, line, rest);
	} else if (strcasecmp(line, "RSET") == 0) {
		session_reset(s);
		say(s, "250 2.0.0 forgotten");
	} else if (strcasecmp(line, "NOOP") == 0 || after(line, "NOOP ")) {
		say(s, "250 2.0.0 nothing done");
	} else if (strcasecmp(line, "QUIT") == 0) {
		say(s, "221 2.0.0 bye");
		s->state = SMTP_CLOSING;
	} else {
		say(s, "500 5.5.2 unknown command");
	}
}

static void end_of_data(struct session *s, const struct smtp_rules *rules, struct store *store,
			int64_t now_ms)
{
	s->state = SMTP_COMMANDS;
	if (s->bare) {
		say(s, "554 5.6.0 a bare CR or LF is in the mail");
	} else if (s->too_long || buf_failed(&s->mail)) {
		say(s, "552 5.3.4 larger than SIZE");
	} else {
		store_add(store, s->from, s->to.bytes, buf_slice(&s->mail), now_ms);
		snprintf(s->held, sizeof(s->held), "250 2.0.0 caught as %llu",
			 (unsigned long long)store->added);
		if (rules->slow_ms)
			s->resume_ms = now_ms + rules->slow_ms;
		else
			say(s, s->held);
	}
	session_reset(s);
}

/* A line with its end; true at the end of the data. */
static bool data_line(struct session *s, const char *line, size_t len)
{
	bool crlf = len >= 2 && line[len - 2] == '\r';
	bool begins = s->line_begins;

	if (begins && crlf && len == 3 && line[0] == '.')
		return true;
	if (!crlf || memchr(line, '\r', len - 2))
		s->bare = true;
	if (begins && line[0] == '.')
		line++, len--;
	buf_add(&s->mail, line, len);
	s->line_begins = crlf;
	return false;
}

static void command_line(struct session *s, const struct smtp_rules *rules, char *line, size_t len)
{
	if (len < 2 || line[len - 2] != '\r' || memchr(line, '\r', len - 2)) {
		say(s, "554 5.5.2 a bare CR or LF is in the command");
		s->state = SMTP_CLOSING;
	} else if (memchr(line, '\0', len)) {
		say(s, "500 5.5.2 a NUL is in the command");
	} else {
		line[len - 2] = '\0';
		on_command(s, rules, line);
	}
}

/* Goes through the lines that are complete, until one has to wait. */
static void session_work(struct session *s, const struct smtp_rules *rules, struct store *store,
			 int64_t now_ms)
{
	size_t at = 0;

	while (s->state != SMTP_CLOSING && !s->resume_ms) {
		char *line = s->in.bytes ? s->in.bytes + at : NULL;
		char *end = line ? memchr(line, '\n', s->in.len - at) : NULL;
		size_t len = end ? (size_t)(end - line) + 1 : 0;

		if (!end)
			break;
		at += len;
		if (s->state == SMTP_COMMANDS)
			command_line(s, rules, line, len);
		else if (data_line(s, line, len))
			end_of_data(s, rules, store, now_ms);
	}
	if (at) {
		memmove(s->in.bytes, s->in.bytes + at, s->in.len - at);
		s->in.len -= at;
	}
	if (!s->resume_ms && s->in.len > SMTP_LINE_BYTES && s->state != SMTP_CLOSING) {
		say(s, "500 5.5.2 line too long");
		s->state = SMTP_CLOSING;
	}
}

#endif
