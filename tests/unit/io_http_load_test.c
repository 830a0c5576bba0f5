/* io_http_load_test.c - the HTTP server with many, large, broken and parting clients. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "http_client.h"

enum { KEPT = 16 };

static struct http_server *server;
static unsigned threads;
static _Atomic int deferred_count;
static struct http_request *kept[KEPT];

static void echo(void *context, struct http_request *request)
{
	(void)context;
	http_answer(request, 200, "text/plain", NULL, http_body(request));
}

static void *answer_later(void *argument)
{
	nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
	http_answer(argument, 202, "text/plain", NULL, slice_text("later"));
	return NULL;
}

static void defer(void *context, struct http_request *request)
{
	pthread_t thread;

	(void)context;
	http_defer(request);
	assert_int_equal(pthread_create(&thread, NULL, answer_later, request), 0);
	pthread_detach(thread);
}

static void keep(void *context, struct http_request *request)
{
	(void)context;
	http_defer(request);
	kept[deferred_count++] = request;
}

static const struct http_route routes[] = {
    {"POST", "/big", 1 << 20, echo, NULL},
    {"POST", "/defer", 100, defer, NULL},
    {"POST", "/keep", 100, keep, NULL},
    {0},
};

static bool is_alive(void)
{
	char answer[1024];
	int fd = dial(server);

	say(fd, "GET /livez HTTP/1.1\r\n" H "\r\n");
	listen_for(fd, answer, sizeof(answer), QUIET_MS);
	close(fd);
	return strstr(answer, "alive") != NULL;
}

/* Many clients at once, in numbers around the 128 at which an epoll server stalls. */
static void test_many_connections(void **state)
{
	static const int counts[] = {127, 128, 256, 600};
	char answer[4096];
	static int fds[600];

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (int j = 0; j < counts[i]; j++)
			fds[j] = dial(server);
		for (int round = 0; round < 3; round++) {
			for (int j = 0; j < counts[i]; j++)
				say(fds[j],
				    "POST /defer HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na");
			for (int j = 0; j < counts[i]; j++) {
				ssize_t n = recv(fds[j], answer, sizeof(answer) - 1, 0);

				assert_true(n > 0);
				answer[n] = '\0';
				assert_non_null(strstr(answer, "202 Accepted"));
			}
		}
		for (int j = 0; j < counts[i]; j++)
			close(fds[j]);
	}
}

/* Clients that go away at every point must cost nothing. */
static void test_gone_clients(void **state)
{
	static const char whole[] =
	    "POST /defer HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\n0123456789";

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		char part[sizeof(whole)] = {0};
		int fd = dial(server);

		memcpy(part, whole, len);
		say(fd, part);
		close(fd);
	}
	assert_true(is_alive());
}

static void test_large_body(void **state)
{
	enum { SIZE = 1 << 20 };
	char head[128], *body = malloc(SIZE + 1), *answer = malloc(SIZE + 4096);
	int fd = dial(server);

	(void)state;
	memset(body, 'x', SIZE);
	body[SIZE] = '\0';
	snprintf(head, sizeof(head), "POST /big HTTP/1.1\r\n" H "Content-Length: %d\r\n\r\n", SIZE);
	say(fd, head);
	say(fd, body);
	listen_for(fd, answer, SIZE + 4096, 1000);
	assert_non_null(strstr(answer, "200 OK"));
	assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), SIZE);
	/* One byte more: the whole of it is read, so that the reason arrives. */
	snprintf(head, sizeof(head), "POST /big HTTP/1.1\r\n" H "Content-Length: %d\r\n\r\n",
		 SIZE + 1);
	say(fd, head);
	say(fd, body);
	say(fd, "x");
	listen_for(fd, answer, SIZE + 4096, 300);
	assert_non_null(strstr(answer, "413 "));
	close(fd);
	free(body);
	free(answer);
}

/* Opens KEPT connections, and waits until the request of each is deferred. */
static void keep_all(int fds[KEPT])
{
	deferred_count = 0;
	for (int i = 0; i < KEPT; i++) {
		fds[i] = dial(server);
		say(fds[i], "POST /keep HTTP/1.1\r\n" H "\r\n");
	}
	for (int i = 0; i < 2000 && deferred_count < KEPT; i++)
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	assert_int_equal(deferred_count, KEPT);
}

/* Answers of a burst leave with its end, and not before; what is answered after it, at once. */
static void test_burst(void **state)
{
	char answer[4096];
	int fds[KEPT];

	(void)state;
	keep_all(fds);
	http_burst_begin();
	for (int i = 0; i < KEPT - 1; i++)
		http_answer(kept[i], 200, "text/plain", NULL, slice_text("together"));
	listen_for(fds[0], answer, sizeof(answer), 100);
	assert_string_equal(answer, "");
	http_burst_end();
	http_answer(kept[KEPT - 1], 200, "text/plain", NULL, slice_text("together"));
	for (int i = 0; i < KEPT; i++) {
		ssize_t n = recv(fds[i], answer, sizeof(answer) - 1, 0);

		assert_true(n > 0);
		answer[n] = '\0';
		assert_non_null(strstr(answer, "together"));
		close(fds[i]);
	}
}

/* http_close() while requests are deferred: each gets 503, and late answers are harmless. */
static void test_close_with_deferred(void **state)
{
	char answer[4096];
	int fds[KEPT];

	(void)state;
	keep_all(fds);
	http_close(&server);
	assert_null(server);
	for (int i = 0; i < KEPT; i++) {
		listen_for(fds[i], answer, sizeof(answer), 200);
		assert_non_null(strstr(answer, "503 "));
		http_answer(kept[i], 200, "text/plain", NULL, slice_text("late"));
		close(fds[i]);
	}
	http_close(&server);
}

static int open_server(void **state)
{
	struct http_options options = {.listen = "127.0.0.1:0",
				       .routes = routes,
				       .threads = threads,
				       .deadline_ms = 5000,
				       .connections_per_address = 2000};
	struct err err;

	(void)state;
	if (http_open(&server, &options, &err) == 0)
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int close_server(void **state)
{
	(void)state;
	http_close(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_many_connections),    cmocka_unit_test(test_gone_clients),
	    cmocka_unit_test(test_large_body),          cmocka_unit_test(test_burst),
	    cmocka_unit_test(test_close_with_deferred),
	};

	/* One thread, and a pool of them: libmicrohttpd has different code for each. */
	for (threads = 1; threads <= 3; threads += 2)
		if (cmocka_run_group_tests(tests, open_server, close_server) != 0)
			return 1;
	return 0;
}
