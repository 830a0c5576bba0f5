/*
 * smtp.h - one connection to a mail server, one mail at a time (RFC 5321).
 *
 * libcurl connects, secures and logs in (CONNECT_ONLY); the dialogue is our
 * own, so that what was refused, what was never sent and what is in doubt can
 * be told apart, and MAIL, RCPT and DATA go out in one write.  This file gives
 * facts; what they mean is the caller's.  Not for two threads at once.
 *
 * To a server with a name (smtp://, smtps://) TLS is required and its
 * certificate checked, unless the host is this machine or the options say
 * otherwise.  With the URL "mx:" there is no server yet: smtp_set_host() names
 * one before each connection (mx.h finds them); then TLS is used when it is
 * offered, and no certificate asked for, as is usual between mail servers,
 * unless the options say required.  After any surprise the connection is closed.
 */
#ifndef NURTURE_IO_SMTP_SMTP_H
#define NURTURE_IO_SMTP_SMTP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

enum smtp_tls { SMTP_TLS_AUTO, SMTP_TLS_REQUIRED, SMTP_TLS_OPPORTUNISTIC, SMTP_TLS_OFF };

/* A member that is 0 is as RFC 5321 4.5.3.2 says. */
struct smtp_timeouts {
	int64_t connect_ms; /* all of connecting, TLS, greeting, EHLO and login; 5 min */
	int64_t command_ms; /* MAIL, RCPT, RSET; 5 min */
	int64_t data_ms;    /* DATA; 2 min */
	int64_t block_ms;   /* each 64 KiB of the mail; 3 min */
	int64_t dot_ms;     /* the final dot; 10 min */
	int64_t quit_ms;    /* 1 s: nothing depends on it */
};

struct smtp_options {
	const char *url;             /* smtp[s]://[user:password@]host[:port], or mx: */
	const char *user, *password; /* in place of the URL's; NULL: none */
	enum smtp_tls tls;
	const char *hello;   /* name for EHLO; NULL: the host's */
	const char *ca_file; /* PEM; NULL: the system's */
	struct smtp_timeouts timeouts;
	int stop_fd; /* readable: give up at once; 0 or -1: none */
	/* Called when an answer lets us wait, before we do for long: for what else is to be done. */
	void (*on_wait)(void *context);
	void *context;
};

/* How far it came: the command whose answer decided, or is missing. */
enum smtp_stage { SMTP_CONNECT, SMTP_MAIL, SMTP_RCPT, SMTP_DATA, SMTP_BODY, SMTP_DOT };
const char *smtp_stage_text(enum smtp_stage stage);

enum { SMTP_TEXT_BYTES = 201 };

struct smtp_answer {
	enum smtp_stage stage;      /* DOT: at least part of the final dot may have left */
	int code;                   /* 0: no answer, text says why */
	bool was_invalid;           /* the mail itself: nothing of it was sent, and never can be */
	bool was_stopped;           /* by stop_fd */
	bool was_withheld;          /* by may_send: the server has nothing of the mail */
	char enhanced[12];          /* "5.1.1", or "" */
	char text[SMTP_TEXT_BYTES]; /* printable ASCII; without the codes */
};

struct smtp_mail {
	const char *from, *to;   /* text_is_email, else it is not sent */
	bool needs_utf8;         /* SMTPUTF8 */
	const char *envelope_id; /* letters, digits, ".-_": for reports of delay and failure (RFC
				    3461), where offered; NULL: none */
	struct slice bytes;      /* CRLF lines of at most 998; no dot-stuffing, no final dot */
	/*
	 * Asked when the server waits for the mail, and before the first byte of it leaves.  No
	 * means that we hang up.  NULL: it may.
	 */
	bool (*may_send)(void *context);
	void *context;
};

struct smtp;

/* A server to connect to, which mx.h has found. */
struct smtp_host {
	const char *name; /* what a certificate would be for */
	unsigned port;
	/* "192.0.2.1,[2001:db8::1]": only these are tried, and nothing is looked up */
	const char *addresses;
};

/*
 * Reads the options; connects to nothing yet. ERR_CONFIG, also for authorities
 * that cannot be read. Copies all texts.
 */
int smtp_open(struct smtp **ret, const struct smtp_options *options, struct err *err);
bool smtp_is_connected(const struct smtp *smtp);
bool smtp_url_is_direct(const char *url);
/* Only with the URL mx:, and while not connected. Copies. */
void smtp_set_host(struct smtp *smtp, const struct smtp_host *host);
/*
 * Connects, unless it is connected. 0; or -1, and ret says what stopped it (stage CONNECT).
 */
int smtp_connect(struct smtp *smtp, struct smtp_answer *ret);
/*
 * Sends one mail over the connection, and connects if need be; an idle connection that turns out
 * to be closed is replaced once.  0: the server's own answer is in ret (stage and code); -1: there
 * was none.
 */
int smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_answer *ret);
/* Says QUIT and closes; does nothing when not connected. */
void smtp_hang_up(struct smtp *smtp);
/* Hangs up, and frees. NULL-safe, sets NULL. */
void smtp_close(struct smtp **smtp);

#endif
