/*
 * mail_listen.h - connections of mail servers: a thread each, bounded in
 * number and time.  What is said on them is the caller's.
 *
 * Nobody waits for a slow peer but its own thread: between two pieces of input
 * at most idle_ms, for a whole connection at most session_ms.  One connection
 * more than connections_max, or than connections_per_address of one, is told 421.
 */
#ifndef NURTURE_IO_SMTP_MAIL_LISTEN_H
#define NURTURE_IO_SMTP_MAIL_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct mail_listener;

struct mail_listener_options {
	const char *setting;                               /* what listen is called in refusals */
	const char *listen;                                /* "127.0.0.1:2525"; port 0 picks one */
	unsigned connections_max, connections_per_address; /* peer.h says what an address is */
	int64_t idle_ms, session_ms;
	void *context;
	/*
	 * Begins a conversation, on a thread of its own: feed() and end() get *ret_talk. Answers
	 * go to out.
	 */
	void (*begin)(void *context, void **ret_talk, struct buf *out);
	/* Takes what the peer said. False: what is in out is sent, and the listener hangs up. */
	bool (*feed)(void *talk, struct slice bytes, struct buf *out);
	void (*end)(void *talk);
};

/* Starts to listen. options is copied; context, and what it leads to, must outlive the listener. */
int mail_listener_open(struct mail_listener **ret, const struct mail_listener_options *options,
		       struct err *err);
unsigned short mail_listener_port(const struct mail_listener *listener);
/* Hangs up, waits for the conversations to end, frees. NULL-safe, sets NULL. */
void mail_listener_close(struct mail_listener **listener);

#endif
