/*
 * smtp_internal.h - a connection, for smtp.c (the dialogue), smtp_options.c (what it is opened
 * with), smtp_connect.c (libcurl) and smtp_io.c (bytes and replies) only.
 */
#ifndef NURTURE_IO_SMTP_SMTP_INTERNAL_H
#define NURTURE_IO_SMTP_SMTP_INTERNAL_H

#include "common/base/buf.h"
#include "smtp.h"
#include "smtp_reply.h"

enum { SMTP_MAIL_MAX_BYTES = 4 * 1024 * 1024 };

struct smtp {
	/* as opened */
	char *url, *user, *password, *ca_file; /* url without user and password */
	char *hello, *addresses;               /* of smtp_set_host(): "name:port:addresses" */
	bool is_direct;                        /* mx: */
	bool wants_tls;                        /* without it nothing is sent */
	bool may_use_tls;                      /* wants_tls, or uses it when it is offered */
	bool asks_name;                        /* the certificate is checked */
	int stop_fd;
	void (*on_wait)(void *context);
	void *context;
	struct smtp_timeouts timeouts;

	/* of the connection that there is */
	void *curl; /* NULL: none */
	int fd;
	bool has_pipelining, has_utf8, has_8bit, has_size, has_dsn;
	bool is_used;    /* a mail was begun over it */
	bool needs_rset; /* the server may still hold a piece of an envelope */
	bool was_closed; /* the last failure was that the server went away */
	char in[SMTP_REPLY_MAX_BYTES];
	size_t in_len;
	struct buf out;              /* the mail as it goes over the wire */
	struct smtp_answer greeting; /* the first refusal while connecting */
};

/* smtp_connect.c */
void smtp_drop(struct smtp *smtp); /* closes without a word */

/*
 * smtp_io.c. All return 0; or -1, and ret->text says why: then the connection is of no use any
 * more.
 */

/* Writes everything; ret_left: how many bytes have certainly not reached the server. */
int smtp_write(struct smtp *smtp, const char *bytes, size_t len, int64_t timeout_ms,
	       size_t *ret_left, struct smtp_answer *ret);
/* Reads one reply into code, enhanced and text. */
int smtp_read(struct smtp *smtp, int64_t timeout_ms, struct smtp_answer *ret);
/* Has the server said something that it was not asked for, or closed? */
bool smtp_has_input(struct smtp *smtp);

#endif
