/*
 * http.h - an HTTP/1.1 server in our words (libmicrohttpd behind it).
 *
 * Handlers run on the server's threads.  A handler answers at once, or takes
 * the request along (http_defer) and answers later from any thread: that is
 * what "202 only after the acknowledgement" needs.  Requests with conflicting
 * framing (RFC 9112 6.3: two lengths, length and chunks) are refused before a
 * handler sees them; bodies above the route's limit get 413; a deferred
 * request that is not answered within the server's deadline gets 503.
 * /livez, /readyz and /metrics are built in, or have a listener of their own.
 * X-Request-Id is sent back.  A connection that does not bring a whole request
 * within 60 s is closed.
 */
#ifndef NURTURE_IO_HTTP_HTTP_H
#define NURTURE_IO_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct http_server;
struct http_request; /* one request; the server's, valid until it is answered */

typedef void (*http_handler)(void *context, struct http_request *request);

struct http_route {
	const char *method; /* "POST" */
	const char *path;   /* "/v1/events"; a trailing '*' matches any rest */
	size_t body_max_bytes;
	http_handler handler;
	/*
	 * Called when the headers are there and the body is not: may answer
	 * (401, 415, 503 ...), and then the body is thrown away as it comes and
	 * handler is not called.  May be NULL.
	 */
	http_handler admit;
};

struct http_options {
	const char *setting; /* what listen is called in refusals; default "NURTURE_LISTEN" */
	const char *listen;  /* "127.0.0.1:8080", ":8080", "[::1]:8080"; port 0 picks one */
	const struct http_route *routes; /* ends with a NULL method; may be NULL */
	void *context;                   /* for the handlers and ready() */
	/* For /readyz: true, or false with the reason as text. NULL: always ready. */
	bool (*ready)(void *context, char *reason, size_t size);
	/*
	 * Where /livez, /readyz and /metrics are, and nothing else: then listen has them no more.
	 * NULL or "": they are at listen.
	 */
	const char *admin_listen;
	/*
	 * Connections of one address (peer.h) at once, half of them without a whole request;
	 * more are closed, the ones that wait longest first.  Default PEER_CONNECTIONS_DEFAULT.
	 */
	unsigned connections_per_address;
	unsigned threads;    /* default 1 */
	int64_t deadline_ms; /* of deferred answers; default 10 s */
};

int http_open(struct http_server **ret, const struct http_options *options, struct err *err);
unsigned short http_port(const struct http_server *server);
/* Of admin_listen; 0: there is none. */
unsigned short http_admin_port(const struct http_server *server);
/* Stops listening, answers what is deferred with 503, frees. NULL-safe, sets NULL. */
void http_close(struct http_server **server);

struct slice http_body(const struct http_request *request);
/* Returns who is at the other end: the proxy, if there is one. Lives as long as the request. */
struct peer;
const struct peer *http_peer(const struct http_request *request);
const char *http_path(const struct http_request *request);
/* Is it a HEAD, which a route of GET takes too, and which nobody will see the answer of? */
bool http_is_head(const struct http_request *request);
const char *http_header(const struct http_request *request, const char *name); /* or NULL */
/* Calls visit for each header line, in order; name and value live as long as the request. */
void http_each_header(const struct http_request *request,
		      void (*visit)(void *context, struct slice name, struct slice value),
		      void *context);
const char *http_query(const struct http_request *request, const char *name); /* decoded, or NULL */

/*
 * HTTP_ROOM_BYTES of the request's own, zeroes at first: what admit() has found out it may leave
 * there for the handler.
 */
enum { HTTP_ROOM_BYTES = 32 };
void *http_room(struct http_request *request);

/*
 * Answers and ends the request.  extra_header: "Retry-After: 1", several with
 * '\n' between them, or NULL.  body is copied.  Once per request; of a request
 * that was deferred also when the deadline or http_close() came first (then
 * nothing is sent, and it is only let go).
 */
void http_answer(struct http_request *request, int status, const char *content_type,
		 const char *extra_header, struct slice body);
/* Answers {"error": code, "message": message}; extra_header as above. */
void http_refuse(struct http_request *request, int status, const char *code, const char *message,
		 const char *extra_header);
/*
 * The request stays open until http_answer() from any thread, or the deadline.
 * To be called before the request is shown to another thread.
 * The functions above that read the request are for the handler alone: take
 * along what the answer will need.
 */
void http_defer(struct http_request *request);
/*
 * Between these two the answers to deferred requests that the calling thread gives are kept, and
 * sent on their way by the second one: the server's threads then wake up once for many answers. A
 * thread that gives answers in batches calls them around each batch.
 */
void http_burst_begin(void);
void http_burst_end(void);

#endif
