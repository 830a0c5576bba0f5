/*
 * io_http_framing_test.c - what must never be taken for two requests by one
 * parser and for one by another: refused, and the connection closed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "http_client.h"

static struct http_server *server;

static void echo(void *context, struct http_request *request)
{
	(void)context;
	http_answer(request, 200, "text/plain", NULL, http_body(request));
}

static const struct http_route routes[] = {
    {"POST", "/echo", 1000, echo, NULL},
    {0},
};

static void test_ambiguous_framing(void **state)
{
	static const struct exchange table[] = {
	    {"two lengths",
	     "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 8\r\n\r\n" SMUGGLED,
	     "expected one Content-Length", 1, 1},
	    {"the same length twice",
	     "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 1, 1},
	    {"length list", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0, 0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 0, 1},
	    {"length and chunks",
	     "POST /echo HTTP/1.1\r\n" H
	     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
	     "found both", 1, 1},
	    {"signed length", "POST /echo HTTP/1.1\r\n" H "Content-Length: +0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 0, 1},
	    {"negative length", "POST /echo HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 0, 1},
	    {"hex length", "POST /echo HTTP/1.1\r\n" H "Content-Length: 0x0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 0, 1},
	    {"blank before colon",
	     "POST /echo HTTP/1.1\r\n" H "Content-Length : 0\r\n\r\n" SMUGGLED, "400 Bad Request",
	     0, 1},
	    {"other coding",
	     "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 1, 1},
	    {"two codings",
	     "POST /echo HTTP/1.1\r\n" H
	     "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 1, 1},
	    {"chunks in 1.0",
	     "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
	     "400 Bad Request", 1, 1},
	    {"no host", "GET /livez HTTP/1.1\r\n\r\n" SMUGGLED, "400 Bad Request", 0, 1},
	    {"two hosts", "GET /livez HTTP/1.1\r\n" H H "\r\n" SMUGGLED, "expected one Host", 1, 1},
	    {"negative chunk",
	     "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
	     "", 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_exchange(server, &table[i], QUIET_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_ambiguous_framing)};
	struct http_options options = {.listen = "127.0.0.1:0", .routes = routes};
	struct err err;
	int failed;

	if (http_open(&server, &options, &err) < 0) {
		print_error("%s\n", err.text);
		return 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_close(&server);
	return failed;
}
