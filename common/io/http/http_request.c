/*
 * http_request.c - one request from its first line to its handler.
 *
 * libmicrohttpd calls http_on_request() once with the headers, once for each
 * piece of the body, once at its end, and again after a resume.  A response
 * that is queued in the first call closes the connection; anywhere inside the
 * body none can be queued.  So a refusal waits until the (bounded) body has
 * gone by, unless nobody could tell where the body ends or the client asks
 * before it sends.
 */
#include <ctype.h>
#include <string.h>

#include "common/io/process/clock.h"
#include "http_server.h"

static enum MHD_Result note_header(void *cls, enum MHD_ValueKind kind, const char *name,
				   size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	http_framing_header(cls, slice_of(name, name_len), slice_of(value ? value : "", value_len));
	return MHD_YES;
}

/* Keeps the id, which is sent back, only if it cannot break a header or a log line. */
static void note_id(struct http_request *request)
{
	const char *id = http_header(request, "X-Request-Id");
	size_t len = id ? strlen(id) : 0;

	if (len == 0 || len >= sizeof(request->id))
		return;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)id[i]) || (unsigned char)id[i] >= 0x7f)
			return;
	memcpy(request->id, id, len + 1);
}

static void refuse_route(struct http_request *request, const char *allow)
{
	char header[256] = "Allow: ";

	if (!allow[0]) {
		http_refuse(request, 404, "not_found", "there is nothing at this path", NULL);
		return;
	}
	strncat(header, allow, sizeof(header) - strlen(header) - 1);
	http_refuse(request, 405, "method_not_allowed",
		    "this path does not take this method; see Allow", header);
}

static void refuse_size(struct http_request *request)
{
	struct buf why = BUF_MAX(128);

	buf_printf(&why, "expected at most %zu bytes of body", request->route->body_max_bytes);
	http_refuse(request, 413, "too_large", why.bytes, NULL);
	buf_free(&why);
}

/* Decides what the headers alone decide; may answer. */
static void judge_headers(struct http_request *request, const char *method)
{
	struct http_server *server = request->server;
	char allow[200];

	if (server->closing) {
		http_refuse(request, 503, "stopping", "this instance is stopping",
			    "Connection: close\nRetry-After: 1");
		return;
	}
	request->route = http_find_route(server, method, request->path, allow, sizeof(allow));
	if (!request->route) {
		refuse_route(request, allow);
		return;
	}
	request->body = BUF_MAX(request->route->body_max_bytes);
	if ((uint64_t)request->framing.length_bytes > request->route->body_max_bytes)
		refuse_size(request);
	else if (request->route->admit)
		request->route->admit(server->options.context, request);
}

static enum MHD_Result queue(struct http_request *request)
{
	http_counts_answer(&request->server->counts, request->route, request->status);
	return MHD_queue_response(request->connection, (unsigned)request->status,
				  request->response);
}

static enum MHD_Result begin(struct http_request *request, const char *method, const char *version)
{
	const char *fault;

	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, note_header,
				    &request->framing);
	note_id(request);
	fault = http_framing_fault(&request->framing, version);
	if (fault) {
		http_refuse(request, 400, "bad_framing", fault, "Connection: close");
		return queue(request);
	}
	request->is_head = strcmp(method, "HEAD") == 0;
	judge_headers(request, method);
	if (request->answered &&
	    (request->framing.expects_continue || request->framing.length_bytes > DRAIN_MAX_BYTES))
		return queue(request);
	return MHD_YES;
}

static enum MHD_Result take_body(struct http_request *request, const char *bytes, size_t len)
{
	_Atomic int64_t *total = &request->server->body_bytes;

	if (!request->answered) {
		size_t before = request->body.len;

		if (*total + (int64_t)len > BODIES_MAX_BYTES) {
			http_refuse(request, 503, "overloaded", "too many requests at once",
				    "Retry-After: 1");
		} else {
			buf_add(&request->body, bytes, len);
			atomic_fetch_add(total, (int64_t)(request->body.len - before));
			if (buf_failed(&request->body))
				refuse_size(request);
		}
	}
	if (request->answered)
		request->thrown_away_bytes += len;
	/* MHD_NO closes the connection: no other end is left in the middle of a body. */
	return request->thrown_away_bytes > DRAIN_MAX_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result end(struct http_request *request)
{
	if (!request->handled && !request->answered) {
		request->handled = true;
		request->route->handler(request->server->options.context, request);
		if (!http_settle(request))
			return MHD_YES;
	}
	return queue(request);
}

enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url,
				const char *method, const char *version, const char *upload,
				size_t *upload_bytes, void **held)
{
	struct http_request *request = *held;
	size_t len = *upload_bytes;

	if (!request) {
		request = http_request_new(cls, connection, url);
		request->peer =
		    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
			->socket_context;
		*held = request;
		atomic_fetch_add(&request->server->active, 1);
		return begin(request, method, version);
	}
	if (len) {
		*upload_bytes = 0;
		return take_body(request, upload, len);
	}
	atomic_store(&request->peer->waiting_since_ms, 0);
	return end(request);
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **held,
		       enum MHD_RequestTerminationCode why)
{
	struct http_server *server = cls;
	struct http_request *request = *held;

	(void)connection;
	(void)why;
	if (!request)
		return;
	*held = NULL;
	atomic_store(&request->peer->waiting_since_ms, clock_monotonic_ms());
	atomic_fetch_sub(&server->body_bytes, (int64_t)request->body.len);
	buf_free(&request->body);
	http_request_release(request);
	atomic_fetch_sub(&server->active, 1);
}
