/*
 * io_http_framing_test.c - what must never be taken for two requests by one
 * parser and for one by another: refused, and the connection closed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "common/io/http/http_framing.h"
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
	     "400 Bad Request", 1,
	     1}, /* from libmicrohttpd 1.0 on it is the library that says so */
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

/* What we say where the library leaves it to us, whatever its version. */
static void test_faults(void **state)
{
	static const struct {
		const char *names[3], *values[3], *version, *why;
	} table[] = {
	    {{"Host"}, {"a"}, "HTTP/1.1", NULL},
	    {{NULL}, {NULL}, "HTTP/1.0", NULL},
	    {{"Host", "Transfer-Encoding"}, {"a", "Chunked"}, "HTTP/1.1", NULL},
	    {{"Host"}, {"a"}, "HTTP/2.0", "expected HTTP/1.0 or HTTP/1.1"},
	    {{"Host", "Content-Length", "transfer-encoding"},
	     {"a", "5", "chunked"},
	     "HTTP/1.1",
	     "expected Content-Length or Transfer-Encoding, found both"},
	    {{"Host", "Content-Length", "content-length"},
	     {"a", "0", "0"},
	     "HTTP/1.1",
	     "expected one Content-Length"},
	    {{"Host", "Content-Length"},
	     {"a", "+1"},
	     "HTTP/1.1",
	     "expected decimal digits as Content-Length"},
	    {{"Host", "Content-Length "},
	     {"a", "1"},
	     "HTTP/1.1",
	     "a header name has a character that is not allowed there"},
	    {{"Host", "Transfer-Encoding"},
	     {"a", "gzip, chunked"},
	     "HTTP/1.1",
	     "expected no other Transfer-Encoding than chunked"},
	    {{"Transfer-Encoding"},
	     {"chunked"},
	     "HTTP/1.0",
	     "expected no Transfer-Encoding with HTTP/1.0"},
	    {{"Host", "host"}, {"a", "a"}, "HTTP/1.1", "expected one Host"},
	    {{NULL}, {NULL}, "HTTP/1.1", "expected one Host"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct http_framing framing = {0};
		const char *found;

		for (int j = 0; j < 3 && table[i].names[j]; j++)
			http_framing_header(&framing, slice_text(table[i].names[j]),
					    slice_text(table[i].values[j]));
		found = http_framing_fault(&framing, table[i].version);
		if (!table[i].why != !found || (found && strcmp(found, table[i].why) != 0))
			fail_msg("%zu: %s", i, found ? found : "taken");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_ambiguous_framing),
					   cmocka_unit_test(test_faults)};
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
