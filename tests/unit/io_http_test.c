/* io_http_test.c - the HTTP server as seen through raw sockets: what is answered how. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "http_client.h"

static struct http_server *server;
static unsigned threads;

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

static struct http_request *kept;

static void keep(void *context, struct http_request *request)
{
	(void)context;
	http_defer(request);
	kept = request;
}

static void admit_known(void *context, struct http_request *request)
{
	(void)context;
	if (!http_header(request, "Authorization"))
		http_refuse(request, 401, "unauthorized", "say \"who\"", NULL);
}

static const struct http_route routes[] = {
    {"POST", "/echo", 1000, echo, NULL},    {"GET", "/query", 0, show_query, NULL},
    {"POST", "/defer", 100, defer, NULL},   {"POST", "/lose", 100, defer_and_lose, NULL},
    {"POST", "/keep", 100, keep, NULL},     {"POST", "/closed", 1000, echo, admit_known},
    {"GET", "/any/*", 0, show_query, NULL}, {0},
};

static bool is_ready;

static bool ready(void *context, char *reason, size_t size)
{
	(void)context;
	if (!is_ready)
		snprintf(reason, size, "kettle is cold");
	return is_ready;
}

static void test_exchanges(void **state)
{
	static const struct exchange table[] = {
	    {"echo", "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", "\r\n\r\nabc", 1,
	     0},
	    {"chunks",
	     "POST /echo HTTP/1.1\r\n" H
	     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
	     "\r\n\r\nabcde", 1, 0},
	    {"pipelined",
	     "POST /echo HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\naGET /livez HTTP/1.1\r\n" H
	     "\r\nPOST /defer HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n" SMUGGLED,
	     "later", 4, 0},
	    {"no body", "POST /echo HTTP/1.1\r\n" H "\r\n", "200 OK", 1, 0},
	    {"HTTP/1.0", "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nok", "\r\n\r\nok", 1, 1},
	    {"deferred", "POST /defer HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na", "202 Accepted",
	     1, 0},
	    {"answered before deferred", "POST /lose HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na",
	     "\r\n\r\nnow", 1, 0},
	    {"query", "GET /query?q=a%20b&x HTTP/1.1\r\n" H "\r\n", "\r\n\r\na b", 1, 0},
	    {"extra headers", "GET /query HTTP/1.1\r\n" H "\r\n", "X-One: 1\r\nX-Two: 2\r\n", 1, 0},
	    {"any rest", "GET /any/thing?q=1 HTTP/1.1\r\n" H "\r\n", "\r\n\r\n1", 1, 0},
	    {"request id", "GET /livez HTTP/1.1\r\n" H "X-Request-Id: r-17\r\n\r\n",
	     "X-Request-Id: r-17\r\n", 1, 0},
	    {"bad request id", "GET /livez HTTP/1.1\r\n" H "X-Request-Id: a b\r\n\r\n",
	     "nosniff\r\nCache-Control: no-store\r\nContent-Length", 1, 0},
	    {"unknown path", "GET /nothing HTTP/1.1\r\n" H "\r\n", "404 Not Found", 1, 0},
	    {"method", "DELETE /echo HTTP/1.1\r\n" H "\r\n", "Allow: POST\r\n", 1, 0},
	    {"options", "OPTIONS /echo HTTP/1.1\r\n" H "Origin: x\r\n\r\n",
	     "405 Method Not Allowed", 1, 0},
	    {"live", "GET /livez HTTP/1.1\r\n" H "\r\n", "alive", 1, 0},
	    {"head", "HEAD /livez HTTP/1.1\r\n" H "\r\n", "Content-Length: 6\r\n\r\n", 1, 0},
	    {"metrics", "GET /metrics HTTP/1.1\r\n" H "\r\n",
	     "# TYPE nurture_http_answers_total counter", 1, 0},
	    {"admitted",
	     "POST /closed HTTP/1.1\r\n" H "Authorization: x\r\nContent-Length: 1\r\n\r\na",
	     "\r\n\r\na", 1, 0},
	    {"not admitted, connection kept",
	     "POST /closed HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\naGET /livez HTTP/1.1\r\n" H
	     "\r\n",
	     "say \\\"who\\\"", 2, 0},
	    {"not admitted, not sent",
	     "POST /closed HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
	     "401 Unauthorized", 1, 1},
	    {"too large, length", "POST /echo HTTP/1.1\r\n" H "Content-Length: 9999999\r\n\r\n",
	     "413 ", 1, 1},
	    {"too large, chunks",
	     "POST /defer HTTP/1.1\r\n" H "Transfer-Encoding: "
	     "chunked\r\n\r\n70\r\n0123456789012345678901234567890123456789012345678901234567890123"
	     "456789012345678901234567890123456789012345678901\r\n0\r\n\r\n",
	     "413 ", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_exchange(server, &table[i], QUIET_MS);
}

/*
 * RFC 9110 10.1.1: who waits for the word gets it; who has sent already may do without, and from
 * libmicrohttpd 1.0 on does.
 */
static void test_continue(void **state)
{
	static const char head[] =
	    "POST /closed HTTP/1.1\r\n" H
	    "Authorization: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
	char answer[2000];
	int fd = dial(server);

	(void)state;
	say(fd, head);
	listen_for(fd, answer, sizeof(answer), QUIET_MS);
	assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
	say(fd, "a");
	listen_for(fd, answer, sizeof(answer), QUIET_MS);
	assert_non_null(strstr(answer, "200 OK"));
	say(fd, head);
	say(fd, "b");
	listen_for(fd, answer, sizeof(answer), QUIET_MS);
	assert_non_null(strstr(answer, "200 OK"));
	assert_non_null(strstr(answer, "\r\n\r\nb"));
	close(fd);
}

static void test_ready(void **state)
{
	static const struct exchange cold = {"cold", "GET /readyz HTTP/1.1\r\n" H "\r\n",
					     "kettle is cold", 1, false};
	static const struct exchange hot = {"hot", "GET /readyz HTTP/1.1\r\n" H "\r\n", "200 OK", 1,
					    false};

	(void)state;
	is_ready = false;
	check_exchange(server, &cold, QUIET_MS);
	is_ready = true;
	check_exchange(server, &hot, QUIET_MS);
}

static void test_deadline(void **state)
{
	static const struct exchange kept_waiting = {
	    "no answer", "POST /keep HTTP/1.1\r\n" H "\r\n", "no answer in time", 1, false};

	(void)state;
	check_exchange(server, &kept_waiting, DEADLINE_MS + 500);
	http_answer(kept, 200, "text/plain", NULL, slice_text("too late"));
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
	struct http_options options = {.listen = "127.0.0.1:0",
				       .routes = routes,
				       .ready = ready,
				       .threads = threads,
				       .deadline_ms = DEADLINE_MS};
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
	    cmocka_unit_test(test_exchanges),     cmocka_unit_test(test_ready),
	    cmocka_unit_test(test_continue),      cmocka_unit_test(test_deadline),
	    cmocka_unit_test(test_listen_errors), cmocka_unit_test(test_every_address),
	};

	/* One thread, and a pool of them: libmicrohttpd has different code for each. */
	for (threads = 1; threads <= 3; threads += 2)
		if (cmocka_run_group_tests(tests, open_server, close_server) != 0)
			return 1;
	return 0;
}
