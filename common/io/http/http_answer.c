/*
 * http_answer.c - the life of one request after its handler was called.
 *
 * libmicrohttpd takes a response only from its own thread, and only from a
 * connection that is not suspended.  So an answer is stored in the request and
 * the connection resumed; the response is queued when libmicrohttpd calls
 * http_on_request() again.  The handler's thread may lose the race with the
 * answer (an acknowledgement can come before the handler returns): that is why
 * the connection is suspended only in http_settle(), under the request's lock.
 * Whoever defers holds the request until his http_answer(), also when somebody
 * else (the deadline, the end of the server) has answered before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "http_server.h"

/* The answers of this thread that wait for http_burst_end(). */
static _Thread_local struct {
	bool is_open;
	struct http_request *first;
} burst;

#define STOPPING "this instance is stopping"
#define FORGOTTEN "the request was not answered" /* a bug in the handler, yet no reason to hang */

struct http_request *http_request_new(struct http_server *server, struct MHD_Connection *connection,
				      const char *path)
{
	struct http_request *request = calloc(1, sizeof(*request));

	if (!request)
		abort();
	request->server = server;
	request->connection = connection;
	request->path = path;
	atomic_init(&request->holders, 1);
	pthread_mutex_init(&request->lock, NULL);
	return request;
}

void http_request_release(struct http_request *request)
{
	if (atomic_fetch_sub(&request->holders, 1) > 1)
		return;
	if (request->response)
		MHD_destroy_response(request->response);
	pthread_mutex_destroy(&request->lock);
	free(request);
}

/* lines: "A: 1\nB: 2". */
static void add_lines(struct MHD_Response *response, const char *lines)
{
	char *copy = strdup(lines), *rest = copy, *line, *value;

	if (!copy)
		abort();
	while ((line = strsep(&rest, "\n")) != NULL) {
		value = strstr(line, ": ");
		if (!value)
			continue;
		*value = '\0';
		MHD_add_response_header(response, line, value + 2);
	}
	free(copy);
}

/* lines: those that the response has already, or NULL. */
static void add_default(struct MHD_Response *response, const char *lines, const char *name,
			const char *value)
{
	if (!lines || !MHD_get_response_header(response, name))
		MHD_add_response_header(response, name, value);
}

static struct MHD_Response *make_response(const struct http_request *request,
					  const char *content_type, const char *extra_header,
					  struct slice body)
{
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.bytes,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		abort();
	if (extra_header)
		add_lines(response, extra_header);
	add_default(response, extra_header, "Content-Type", content_type);
	add_default(response, extra_header, "X-Content-Type-Options", "nosniff");
	add_default(response, extra_header, "Cache-Control", "no-store");
	if (request->id[0])
		add_default(response, extra_header, "X-Request-Id", request->id);
	return response;
}

static struct MHD_Response *make_refusal(const struct http_request *request, const char *why)
{
	char body[256];

	snprintf(body, sizeof(body), "{\"error\":\"unavailable\",\"message\":\"%s\"}\n", why);
	return make_response(request, "application/json", "Retry-After: 1", slice_text(body));
}

static void unlist(struct http_request *request)
{
	struct http_server *server = request->server;

	pthread_mutex_lock(&server->lock);
	if (request->listed) {
		*(request->previous ? &request->previous->next : &server->first) = request->next;
		*(request->next ? &request->next->previous : &server->last) = request->previous;
		request->listed = false;
	}
	pthread_mutex_unlock(&server->lock);
}

/* False when the server is closing: nobody would take it out again. */
static bool list_last(struct http_request *request)
{
	struct http_server *server = request->server;
	bool closing;

	pthread_mutex_lock(&server->lock);
	closing = server->closing;
	if (closing) {
		pthread_mutex_unlock(&server->lock);
		return false;
	}
	request->previous = server->last;
	request->next = NULL;
	*(server->last ? &server->last->next : &server->first) = request;
	server->last = request;
	request->listed = true;
	pthread_mutex_unlock(&server->lock);
	return true;
}

/* With the request's lock held: lets libmicrohttpd go on with it, now or with the burst. */
static void resume(struct http_request *request)
{
	if (!burst.is_open) {
		MHD_resume_connection(request->connection);
		return;
	}
	atomic_fetch_add(&request->holders, 1);
	request->next_in_burst = burst.first;
	burst.first = request;
}

void http_burst_begin(void)
{
	burst.is_open = true;
}

void http_burst_end(void)
{
	struct http_request *request;

	burst.is_open = false;
	while ((request = burst.first) != NULL) {
		burst.first = request->next_in_burst;
		MHD_resume_connection(request->connection);
		http_request_release(request);
	}
}

/* With the request's lock held and no answer yet. */
static void store(struct http_request *request, int status, struct MHD_Response *response)
{
	request->response = response;
	request->status = status;
	request->answered = true;
	if (!request->suspended)
		return;
	request->suspended = false;
	unlist(request);
	resume(request);
}

void http_answer(struct http_request *request, int status, const char *content_type,
		 const char *extra_header, struct slice body)
{
	bool deferred;

	pthread_mutex_lock(&request->lock);
	deferred = request->deferred;
	/* If the request was answered by the deadline or at the end, the server may be gone. */
	if (!request->answered)
		store(request, status, make_response(request, content_type, extra_header, body));
	pthread_mutex_unlock(&request->lock);
	if (deferred)
		http_request_release(request);
}

void http_refuse(struct http_request *request, int status, const char *code, const char *message,
		 const char *extra_header)
{
	struct buf body = BUF_MAX(4096);

	buf_printf(&body, "{\"error\":\"%s\",\"message\":\"", code);
	for (const char *c = message; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_char(&body, '\\');
		if ((unsigned char)*c >= 0x20)
			buf_char(&body, *c);
	}
	buf_text(&body, "\"}\n");
	http_answer(request, status, "application/json", extra_header, buf_slice(&body));
	buf_free(&body);
}

void http_defer(struct http_request *request)
{
	pthread_mutex_lock(&request->lock);
	if (!request->answered && !request->deferred) {
		request->deferred = true;
		atomic_fetch_add(&request->holders, 1);
	}
	pthread_mutex_unlock(&request->lock);
}

bool http_settle(struct http_request *request)
{
	bool asleep = false;

	pthread_mutex_lock(&request->lock);
	request->deadline_ms = clock_monotonic_ms() + request->server->options.deadline_ms;
	if (!request->answered && request->deferred && list_last(request)) {
		request->suspended = true;
		MHD_suspend_connection(request->connection);
		asleep = true;
	} else if (!request->answered) {
		store(request, 503,
		      make_refusal(request, request->deferred ? STOPPING : FORGOTTEN));
	}
	pthread_mutex_unlock(&request->lock);
	return !asleep;
}

/* Takes the oldest request that is due out of the list, and holds it, so that it cannot go away. */
static struct http_request *take_due(struct http_server *server, int64_t now_ms)
{
	struct http_request *request;

	pthread_mutex_lock(&server->lock);
	request = server->first;
	if (request && request->deadline_ms <= now_ms) {
		server->first = request->next;
		*(request->next ? &request->next->previous : &server->last) = NULL;
		request->listed = false;
		atomic_fetch_add(&request->holders, 1);
	} else {
		request = NULL;
	}
	pthread_mutex_unlock(&server->lock);
	return request;
}

void http_expire(struct http_server *server, int64_t now_ms, const char *why)
{
	struct http_request *request;

	while ((request = take_due(server, now_ms)) != NULL) {
		pthread_mutex_lock(&request->lock);
		if (!request->answered)
			store(request, 503, make_refusal(request, why));
		pthread_mutex_unlock(&request->lock);
		http_request_release(request);
	}
}
