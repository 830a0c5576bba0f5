/* io_http_test.c - the HTTP server as seen through raw sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/io/http.h"

#define H "Host: a\r\n"

static struct http_server *server;
static _Atomic int deferred_count;
static unsigned threads;
static int quiet_ms = 150; /* then an answer is thought to be over */

enum { DEADLINE_MS = 1000 };

static void echo(void *context, struct http_request *request)
{
	(void)context;
	http_answer(request, 200, "text/plain", NULL, http_body(request));
}

static void show_query(void *context, struct http_request *request)
{
	const char *value = http_query(request, "q");

	(void)context;
	http_answer(request, 200, "text/plain", "X-One: 1\nX-Two: 2",
		    slice_text(value ? value : "none"));
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

static void *answer_now(void *argument)
{
	http_answer(argument, 202, "text/plain", NULL, slice_text("now"));
	return NULL;
}

/* The answer comes before the handler returns. */
static void defer_and_lose(void *context, struct http_request *request)
{
	pthread_t thread;

	(void)context;
	http_defer(request);
	assert_int_equal(pthread_create(&thread, NULL, answer_now, request), 0);
	pthread_join(thread, NULL);
}

static struct http_request *kept[64];

static void keep(void *context, struct http_request *request)
{
	(void)context;
	http_defer(request);
	kept[deferred_count++] = request;
}

static void admit_known(void *context, struct http_request *request)
{
	(void)context;
	if (!http_header(request, "Authorization"))
		http_refuse(request, 401, "unauthorized", "say \"who\"", NULL);
}

static const struct http_route routes[] = {
    {"POST", "/echo", 1000, echo, NULL},	  {"POST", "/big", 1 << 20, echo, NULL},
    {"GET", "/query", 0, show_query, NULL},	  {"POST", "/defer", 100, defer, NULL},
    {"POST", "/lose", 100, defer_and_lose, NULL}, {"POST", "/keep", 100, keep, NULL},
    {"POST", "/closed", 1000, echo, admit_known}, {"GET", "/any/*", 0, show_query, NULL},
    {0},
};

static bool is_ready;

static bool ready(void *context, char *reason, size_t size)
{
	(void)context;
	if (!is_ready)
		snprintf(reason, size, "kettle is cold");
	return is_ready;
}

static int dial(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(http_port(server))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval patience = {.tv_sec = 10};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void say(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* All that comes until the server closes, or (wait_ms) nothing more comes. */
static bool listen_for(int fd, char *answer, size_t size, int wait_ms)
{
	size_t len = 0;
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n = 1;

	while (len < size - 1 && poll(&wait, 1, wait_ms) > 0) {
		n = recv(fd, answer + len, size - 1 - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	answer[len] = '\0';
	return n <= 0;
}

static int count_of(const char *text, const char *what)
{
	int count = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		count++;
	return count;
}

struct exchange {
	const char *name, *request, *wanted;
	int answers; /* 0: any number of refusals (libmicrohttpd's own may be doubled) */
	bool closes;
};

static void check_exchange(const struct exchange *e)
{
	char answer[8192];
	int fd = dial();
	bool closed;

	say(fd, e->request);
	closed = listen_for(fd, answer, sizeof(answer), quiet_ms);
	close(fd);
	if (!strstr(answer, e->wanted) || closed != e->closes ||
	    (e->answers && count_of(answer, "HTTP/1.1 ") != e->answers) ||
	    (!e->answers && strstr(answer, " 200 ")))
		fail_msg("%s: closed=%d, %d answers:\n%s", e->name, closed,
			 count_of(answer, "HTTP/1.1 "), answer);
}

#define SMUGGLED "POST /echo HTTP/1.1\r\n" H "Content-Length: 8\r\n\r\nsmuggled"

static void test_exchanges(void **state)
{
	static const struct exchange table[] = {
	    {"echo", "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", "\r\n\r\nabc", 1, 0},
	    {"chunks", "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "\r\n\r\nabcde", 1, 0},
	    {"pipelined", "POST /echo HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\naGET /livez HTTP/1.1\r\n" H "\r\nPOST /defer HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n" SMUGGLED, "later", 4, 0},
	    {"no body", "POST /echo HTTP/1.1\r\n" H "\r\n", "200 OK", 1, 0},
	    {"HTTP/1.0", "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nok", "\r\n\r\nok", 1, 1},
	    {"deferred", "POST /defer HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na", "202 Accepted", 1, 0},
	    {"answered before deferred", "POST /lose HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na", "\r\n\r\nnow", 1, 0},
	    {"query", "GET /query?q=a%20b&x HTTP/1.1\r\n" H "\r\n", "\r\n\r\na b", 1, 0},
	    {"extra headers", "GET /query HTTP/1.1\r\n" H "\r\n", "X-One: 1\r\nX-Two: 2\r\n", 1, 0},
	    {"any rest", "GET /any/thing?q=1 HTTP/1.1\r\n" H "\r\n", "\r\n\r\n1", 1, 0},
	    {"request id", "GET /livez HTTP/1.1\r\n" H "X-Request-Id: r-17\r\n\r\n", "X-Request-Id: r-17\r\n", 1, 0},
	    {"bad request id", "GET /livez HTTP/1.1\r\n" H "X-Request-Id: a b\r\n\r\n", "nosniff\r\nCache-Control: no-store\r\nContent-Length", 1, 0},
	    {"unknown path", "GET /nothing HTTP/1.1\r\n" H "\r\n", "404 Not Found", 1, 0},
	    {"method", "DELETE /echo HTTP/1.1\r\n" H "\r\n", "Allow: POST\r\n", 1, 0},
	    {"options", "OPTIONS /echo HTTP/1.1\r\n" H "Origin: x\r\n\r\n", "405 Method Not Allowed", 1, 0},
	    {"live", "GET /livez HTTP/1.1\r\n" H "\r\n", "alive", 1, 0},
	    {"head", "HEAD /livez HTTP/1.1\r\n" H "\r\n", "Content-Length: 6\r\n\r\n", 1, 0},
	    {"metrics", "GET /metrics HTTP/1.1\r\n" H "\r\n", "# TYPE nurture_http_answers_total counter", 1, 0},
	    {"admitted", "POST /closed HTTP/1.1\r\n" H "Authorization: x\r\nContent-Length: 1\r\n\r\na", "\r\n\r\na", 1, 0},
	    {"not admitted, connection kept", "POST /closed HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\naGET /livez HTTP/1.1\r\n" H "\r\n", "say \\\"who\\\"", 2, 0},
	    {"not admitted, not sent", "POST /closed HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", "401 Unauthorized", 1, 1},
	    {"admitted, then sent", "POST /closed HTTP/1.1\r\n" H "Authorization: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na", "100 Continue", 2, 0},
	    {"too large, length", "POST /echo HTTP/1.1\r\n" H "Content-Length: 9999999\r\n\r\n", "413 ", 1, 1},
	    {"too large, chunks", "POST /defer HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n70\r\n0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901\r\n0\r\n\r\n", "413 ", 1, 0},
	    /* What must never be taken for two requests by one parser and one by another. */
	    {"two lengths", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 8\r\n\r\n" SMUGGLED, "expected one Content-Length", 1, 1},
	    {"the same length twice", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED, "400 Bad Request", 1, 1},
	    {"length list", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0, 0\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"length and chunks", "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED, "found both", 1, 1},
	    {"signed length", "POST /echo HTTP/1.1\r\n" H "Content-Length: +0\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"negative length", "POST /echo HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"hex length", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0x0\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"blank before colon", "POST /echo HTTP/1.1\r\n" H "Content-Length : 0\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"other coding", "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED, "400 Bad Request", 1, 1},
	    {"two codings", "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED, "400 Bad Request", 1, 1},
	    {"chunks in 1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED, "400 Bad Request", 1, 1},
	    {"no host", "GET /livez HTTP/1.1\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"two hosts", "GET /livez HTTP/1.1\r\n" H H "\r\n" SMUGGLED, "expected one Host", 1, 1},
	    {"negative chunk", "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", "", 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_exchange(&table[i]);
}

static void test_ready(void **state)
{
	(void)state;
	is_ready = false;
	check_exchange(&(struct exchange){"cold", "GET /readyz HTTP/1.1\r\n" H "\r\n",
					  "kettle is cold", 1, false});
	is_ready = true;
	check_exchange(&(struct exchange){"hot", "GET /readyz HTTP/1.1\r\n" H "\r\n", "200 OK", 1,
					  false});
}

static void test_deadline(void **state)
{
	(void)state;
	deferred_count = 0;
	quiet_ms = DEADLINE_MS + 500;
	check_exchange(&(struct exchange){"no answer", "POST /keep HTTP/1.1\r\n" H "\r\n",
					  "no answer in time", 1, false});
	quiet_ms = 150;
	http_answer(kept[0], 200, "text/plain", NULL, slice_text("too late"));
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
			fds[j] = dial();
		for (int round = 0; round < 3; round++) {
			for (int j = 0; j < counts[i]; j++)
				say(fds[j], "POST /defer HTTP/1.1\r\n" H
					    "Content-Length: 1\r\n\r\na");
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
	static const char whole[] = "POST /defer HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\n0123456789";

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		char part[sizeof(whole)] = {0};
		int fd = dial();

		memcpy(part, whole, len);
		say(fd, part);
		close(fd);
	}
	check_exchange(&(struct exchange){"after them", "GET /livez HTTP/1.1\r\n" H "\r\n", "alive",
					  1, false});
}

static void test_large_body(void **state)
{
	enum { SIZE = 1 << 20 };
	char head[128], *body = malloc(SIZE + 1), *answer = malloc(SIZE + 4096);
	int fd = dial();

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

/* http_close() while requests are deferred: each gets 503, and late answers are harmless. */
static void test_close_with_deferred(void **state)
{
	char answer[4096];
	int fds[16];

	(void)state;
	deferred_count = 0;
	for (int i = 0; i < 16; i++) {
		fds[i] = dial();
		say(fds[i], "POST /keep HTTP/1.1\r\n" H "\r\n");
	}
	for (int i = 0; i < 100 && deferred_count < 16; i++)
		nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
	assert_int_equal(deferred_count, 16);
	http_close(&server);
	assert_null(server);
	for (int i = 0; i < 16; i++) {
		listen_for(fds[i], answer, sizeof(answer), 200);
		assert_non_null(strstr(answer, "503 "));
		http_answer(kept[i], 200, "text/plain", NULL, slice_text("late"));
		close(fds[i]);
	}
	http_close(&server);
}

static void test_listen_errors(void **state)
{
	static const struct {
		const char *listen, *why;
	} table[] = {
	    {"8080", "expected address:port"},
	    {"127.0.0.1:", "expected a port"},
	    {"127.0.0.1:70000", "expected a port of 0 to 65535"},
	    {"127.0.0.1:80x", "expected a port"},
	    {"::1:8080", "expected [address]:port"},
	    {"192.0.2.1:0", "cannot listen on"},
	    {"no.such.host.invalid:1", "listen address"},
	};
	struct http_server *none = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct http_options options = {.listen = table[i].listen};

		assert_int_equal(http_open(&none, &options, &err), -1);
		assert_null(none);
		if (!strstr(err.text, table[i].why))
			fail_msg("%s: %s", table[i].listen, err.text);
	}
}

static void test_every_address(void **state)
{
	struct http_options options = {.listen = ":0"};
	struct http_server *other = NULL;
	struct err err;

	(void)state;
	assert_int_equal(http_open(&other, &options, &err), 0);
	assert_true(http_port(other) > 0);
	http_close(&other);
}

static int open_server(void **state)
{
	struct http_options options = {.listen = "127.0.0.1:0", .routes = routes, .ready = ready,
				       .threads = threads, .deadline_ms = DEADLINE_MS};
	struct err err;

	(void)state;
	if (http_open(&server, &options, &err) == 0)
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exchanges),	      cmocka_unit_test(test_ready),
	    cmocka_unit_test(test_deadline),	      cmocka_unit_test(test_many_connections),
	    cmocka_unit_test(test_gone_clients),      cmocka_unit_test(test_large_body),
	    cmocka_unit_test(test_close_with_deferred), cmocka_unit_test(test_listen_errors),
	    cmocka_unit_test(test_every_address),
	};

	/* One thread, and a pool of them: libmicrohttpd has different code for each. */
	for (threads = 1; threads <= 3; threads += 2)
		if (cmocka_run_group_tests(tests, open_server, NULL) != 0)
			return 1;
	return 0;
}
