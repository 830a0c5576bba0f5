/* smtp_io.c - bytes to and replies from the server, with deadlines. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include <curl/curl.h>

#include "common/base/civil.h"
#include "common/io/process/clock.h"
#include "smtp_internal.h"

static int lose(struct smtp_answer *ret, const char *why)
{
	ret->code = 0;
	ret->enhanced[0] = '\0';
	snprintf(ret->text, sizeof(ret->text), "%s", why);
	return -1;
}

enum { SHORT_WAIT_MS = 2 }; /* a server nearby has answered by then */

/*
 * Waits until the socket is ready for events; -1 at the deadline or when we are told to stop.  The
 * deadline is the caller's: bytes that come one by one do not move it.
 */
static int wait_ready(struct smtp *smtp, short events, int64_t deadline_ms, struct smtp_answer *ret)
{
	struct pollfd fds[2] = {{.fd = smtp->fd, .events = events},
				{.fd = smtp->stop_fd, .events = POLLIN}};

	for (;;) {
		int64_t left_ms = deadline_ms - clock_monotonic_ms();
		int timeout = left_ms > HOUR_MS ? (int)HOUR_MS : (int)left_ms;
		int ready;

		if (left_ms <= 0)
			return lose(ret, "no answer in time");
		ready = poll(fds, smtp->stop_fd >= 0 ? 2 : 1, timeout);
		if (ready < 0 && errno != EINTR)
			return lose(ret, "poll failed");
		if (smtp->stop_fd >= 0 && ready > 0 && fds[1].revents) {
			ret->was_stopped = true;
			return lose(ret, "stopped by this side");
		}
		if (ready > 0 && fds[0].revents)
			return 0;
	}
}

int smtp_write(struct smtp *smtp, const char *bytes, size_t len, int64_t timeout_ms,
	       size_t *ret_left, struct smtp_answer *ret)
{
	enum { BLOCK_BYTES = 64 * 1024 };
	int64_t deadline_ms = 0; /* no clock is asked before we have to wait */
	size_t left_then = len;

	for (*ret_left = len; *ret_left;) {
		size_t block = *ret_left < BLOCK_BYTES ? *ret_left : BLOCK_BYTES, sent = 0;
		CURLcode code = curl_easy_send(smtp->curl, bytes + (len - *ret_left), block, &sent);

		*ret_left -= sent;
		if (code == CURLE_OK && sent) {
			/*
			 * The time begins anew only after a whole block: a byte a minute must not
			 * hold us for ever.
			 */
			if (left_then - *ret_left >= BLOCK_BYTES) {
				deadline_ms = 0;
				left_then = *ret_left;
			}
			continue;
		}
		if (code != CURLE_OK && code != CURLE_AGAIN) {
			smtp->was_closed = true;
			/* A TLS record may have left before its failure was noticed. */
			if (smtp->may_use_tls)
				*ret_left -= block;
			return lose(ret, "the connection was lost while writing");
		}
		if (!deadline_ms)
			deadline_ms = clock_monotonic_ms() + timeout_ms;
		if (wait_ready(smtp, POLLOUT, deadline_ms, ret) < 0)
			return -1;
	}
	return 0;
}

/* Adds what has arrived to the buffer. Returns how many bytes, 0 for none yet, -1 for closed. */
static int receive(struct smtp *smtp)
{
	size_t got = 0;
	CURLcode code = curl_easy_recv(smtp->curl, smtp->in + smtp->in_len,
				       sizeof(smtp->in) - smtp->in_len, &got);

	if (code == CURLE_AGAIN)
		return 0;
	if (code != CURLE_OK || got == 0)
		return -1;
	smtp->in_len += got;
	return (int)got;
}

/* Has an answer come within a short while?  If not, others get their turn. */
static void wait_shortly(struct smtp *smtp)
{
	struct pollfd fd = {.fd = smtp->fd, .events = POLLIN};

	if (poll(&fd, 1, SHORT_WAIT_MS) == 0)
		smtp->on_wait(smtp->context);
}

int smtp_read(struct smtp *smtp, int64_t timeout_ms, struct smtp_answer *ret)
{
	int64_t deadline_ms = 0;
	/*
	 * TLS may hold bytes that poll() no longer sees; on a plain socket there are seldom any
	 * yet.
	 */
	bool may_have = smtp->may_use_tls, has_waited = smtp->on_wait == NULL;

	for (;;) {
		int used = smtp_reply_parse(smtp->in, smtp->in_len, ret);
		int got;

		if (used > 0) {
			smtp->in_len -= (size_t)used;
			memmove(smtp->in, smtp->in + used, smtp->in_len);
			return 0;
		}
		if (used < 0)
			return lose(ret, "the server's answer is not SMTP");
		got = may_have ? receive(smtp) : 0;
		if (got < 0) {
			smtp->was_closed = true;
			return lose(ret, "the server closed the connection");
		}
		may_have = true;
		if (got == 0 && !has_waited) {
			has_waited = true;
			wait_shortly(smtp);
		} else if (got == 0) {
			if (!deadline_ms)
				deadline_ms = clock_monotonic_ms() + timeout_ms;
			if (wait_ready(smtp, POLLIN, deadline_ms, ret) < 0)
				return -1;
		}
	}
}

bool smtp_has_input(struct smtp *smtp)
{
	return smtp->in_len > 0 || receive(smtp) != 0;
}
