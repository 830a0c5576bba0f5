/*
 * smtp_private.h - a connection, for smtp.c (the dialogue), smtp_connect.c
 * (options, libcurl) and smtp_io.c (bytes and replies) only.
 */
#ifndef NURTURE_IO_SMTP_SMTP_PRIVATE_H
#define NURTURE_IO_SMTP_SMTP_PRIVATE_H

#include "common/base/buf.h"
#include "smtp.h"
#include "smtp_reply.h"

enum { SMTP_MAIL_MAX_BYTES = 4 * 1024 * 1024 };

struct smtp {
	/* as opened */
	char *url, *user, *password, *ca_file; /* url without user and password */
	char *hello, *addresses;               /* of smtp_set_host(): "name:port:addresses" */
	bool is_direct;                        /* mx: */
	bool wants_tls;                        /* or nothing is sent */
	bool may_use_tls;                      /* wants_tls, or takes what is offered */
	bool asks_name;                        /* the certificate is checked */
	int stop_fd;
	struct smtp_timeouts timeouts;

	/* of the connection that there is */
	void *curl; /* NULL: none */
	int fd;
	bool has_pipelining, has_utf8, has_8bit, has_size, has_dsn;
	bool is_used;    /* a mail was begun over it */
	bool needs_rset; /* the server may still hold a piece of an envelope */
	bool was_closed; /* the last failure: the server went away, without a word of ours lost */
	char in[SMTP_REPLY_MAX_BYTES];
	size_t in_len;
	struct buf out;              /* the mail as it goes over the wire */
	struct smtp_answer greeting; /* the first refusal while connecting */
};

/* smtp_connect.c */
void smtp_drop(struct smtp *smtp); /* closes without a word */

/* smtp_io.c. All give 0, or -1 with why in ret->text; then the connection is of no use any more. */

/* Everything; ret_left: how many bytes are certainly not at the server. */
int smtp_write(struct smtp *smtp, const char *bytes, size_t len, int64_t timeout_ms,
	       size_t *ret_left, struct smtp_answer *ret);
/* One reply into code, enhanced and text. */
int smtp_read(struct smtp *smtp, int64_t timeout_ms, struct smtp_answer *ret);
/* True when the server has said something that it was not asked for, or has closed. */
bool smtp_has_input(struct smtp *smtp);

#endif
