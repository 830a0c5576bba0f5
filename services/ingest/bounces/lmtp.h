/*
 * lmtp.h - one conversation with a mail server that brings bounces: LMTP (RFC
 * 2033) after LHLO, SMTP (RFC 5321) after HELO or EHLO, as a machine that eats
 * bytes and gives answers.  Pure.
 *
 * Strict: a line ends in CRLF and in nothing else.  A bare CR or LF is never
 * an end of anything, so "\n.\n" and its like cannot smuggle a second mail; a
 * mail that has one is refused.  Bounded: 1000 bytes a line, 1 MiB a mail, 10
 * recipients, 20 mistakes.  Mail is taken for bounce+TOKEN@DOMAIN of ours alone.
 */
#ifndef NURTURE_INGEST_BOUNCES_LMTP_H
#define NURTURE_INGEST_BOUNCES_LMTP_H

#include "common/base/buf.h"
#include "common/token/return_token.h"

enum {
	LMTP_LINE_MAX_BYTES = 1000, /* with its CRLF (RFC 5321 4.5.3.1.6) */
	LMTP_MAIL_MAX_BYTES = 1 << 20,
	LMTP_RECIPIENTS_MAX = 10,
	LMTP_MISTAKES_MAX = 20,
};

struct lmtp_options {
	const char *domain; /* behind the '@' of return paths */
	const char *name;   /* of this machine, for the greeting */
	struct token_keys keys;
};

enum lmtp_phase { LMTP_GREETED, LMTP_HELLO, LMTP_SENDER, LMTP_DATA };

struct lmtp {
	const struct lmtp_options *options;
	enum lmtp_phase phase;
	bool is_lmtp;   /* one answer for each recipient */
	bool after_cr;  /* the last byte was CR */
	bool is_broken; /* the mail has a bare CR or LF, a NUL or a line too long */
	bool is_large;  /* it is too large */
	unsigned mistakes;
	size_t line_len;
	char line[LMTP_LINE_MAX_BYTES];
	size_t recipient_count;
	struct return_token recipients[LMTP_RECIPIENTS_MAX];
	struct buf mail;
};

enum lmtp_event {
	LMTP_MORE,  /* all was eaten */
	LMTP_MAIL,  /* a mail is in lmtp->mail, for its recipients: lmtp_answer() goes on */
	LMTP_CLOSE, /* send what is in out, then hang up */
};

/* Writes the greeting to out. */
void lmtp_open(struct lmtp *lmtp, const struct lmtp_options *options, struct buf *out);
/* Answers go to out; *ret_used: how many of the bytes were eaten. */
enum lmtp_event lmtp_feed(struct lmtp *lmtp, struct slice bytes, size_t *ret_used, struct buf *out);
/* What became of the mail: stored[i] says so of each recipient. */
void lmtp_answer(struct lmtp *lmtp, const bool *stored, struct buf *out);
void lmtp_free(struct lmtp *lmtp);

#endif
