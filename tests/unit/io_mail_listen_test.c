/* io_mail_listen_test.c - how many connections mail servers may have, in all and from one
 * address. */
#include "common/io/smtp/mail_listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUSY "421 4.3.2 "

enum { ALL = 4, PER_ADDRESS = 2 };

static void begin(void *context, void **ret_talk, struct buf *out)
{
	*ret_talk = context;
	buf_text(out, "220 here\r\n");
}

static bool feed(void *talk, struct slice bytes, struct buf *out)
{
	(void)talk;
	(void)bytes;
	(void)out;
	return false;
}

static void end(void *talk)
{
	(void)talk;
}

static void expect_from(struct mail_listener *listener, unsigned host, const char *wanted,
			int *ret_fd)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	struct timeval patience = {.tv_sec = 5};
	char said[200];
	ssize_t len;

	*ret_fd = socket(AF_INET, SOCK_STREAM, 0);
	from.sin_addr.s_addr = htonl(0x7f000000 + host);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(mail_listener_port(listener));
	setsockopt(*ret_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(bind(*ret_fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(*ret_fd, (struct sockaddr *)&to, sizeof(to)), 0);
	len = recv(*ret_fd, said, sizeof(said) - 1, 0);
	said[len > 0 ? len : 0] = '\0';
	if (strncmp(said, wanted, strlen(wanted)) != 0)
		fail_msg("from %u: expected %s, found %s", host, wanted, said);
}

static void bounds(void **state)
{
	const struct mail_listener_options options = {.setting = "TEST",
						      .listen = "127.0.0.1:0",
						      .connections_max = ALL,
						      .connections_per_address = PER_ADDRESS,
						      .idle_ms = 20000,
						      .session_ms = 20000,
						      .begin = begin,
						      .feed = feed,
						      .end = end};
	struct mail_listener *listener;
	int fds[8];
	struct err err;

	(void)state;
	assert_int_equal(mail_listener_open(&listener, &options, &err), 0);
	expect_from(listener, 1, "220", &fds[0]);
	expect_from(listener, 1, "220", &fds[1]);
	expect_from(listener, 1, BUSY, &fds[2]); /* one address cannot keep the others out */
	expect_from(listener, 2, "220", &fds[3]);
	expect_from(listener, 3, "220", &fds[4]);
	expect_from(listener, 4, BUSY, &fds[5]); /* no more in all */
	close(fds[0]);
	usleep(100000); /* its thread has to see that */
	expect_from(listener, 1, "220", &fds[6]);
	for (int i = 1; i < 7; i++)
		close(fds[i]);
	mail_listener_close(&listener);
	assert_null(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bounds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
