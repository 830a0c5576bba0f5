/* http_builtin.c - finding a route, and the pages that every server has. */
#include <stdio.h>
#include <string.h>

#include "common/io/process/process_metrics.h"
#include "http_server.h"

#define PLAIN "text/plain; charset=utf-8"

enum { METRICS_MAX_BYTES = 4 << 20, REASON_BYTES = 512 };

static void show_live(void *context, struct http_request *request)
{
	(void)context;
	http_answer(request, 200, PLAIN, NULL, slice_text("alive\n"));
}

static bool is_ready(void *context, const struct http_request *request, char reason[REASON_BYTES])
{
	const struct http_options *options = &request->server->options;

	strcpy(reason, "not ready");
	return !options->ready || options->ready(context, reason, REASON_BYTES - 1);
}

static void show_ready(void *context, struct http_request *request)
{
	char reason[REASON_BYTES], line[REASON_BYTES + 1];
	bool ready = is_ready(context, request, reason);

	snprintf(line, sizeof(line), "%s\n", ready ? "ready" : reason);
	http_answer(request, ready ? 200 : 503, PLAIN, NULL, slice_text(line));
}

static void show_metrics(void *context, struct http_request *request)
{
	struct buf text = BUF_MAX(METRICS_MAX_BYTES);
	char reason[REASON_BYTES];

	metrics_text(&text);
	buf_printf(&text,
		   "# HELP nurture_ready What /readyz says: 1 when ready, else 0.\n"
		   "# TYPE nurture_ready gauge\n"
		   "nurture_ready %d\n",
		   is_ready(context, request, reason));
	process_metrics_text(&text);
	if (buf_failed(&text))
		http_refuse(request, 500, "too_many_metrics", "the metrics do not fit", NULL);
	else
		http_answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", NULL,
			    buf_slice(&text));
	buf_free(&text);
}

static const struct http_route builtin[] = {
    {.method = "GET", .path = "/livez", .handler = show_live},
    {.method = "GET", .path = "/readyz", .handler = show_ready},
    {.method = "GET", .path = "/metrics", .handler = show_metrics},
    {0},
};

static bool path_matches(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);

	if (len > 0 && pattern[len - 1] == '*')
		return strncmp(pattern, path, len - 1) == 0;
	return strcmp(pattern, path) == 0;
}

/* HEAD is GET without the body, which libmicrohttpd leaves out. */
static bool method_matches(const char *wanted, const char *method)
{
	return strcmp(wanted, method) == 0 ||
	       (strcmp(wanted, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static const struct http_route *search(const struct http_route *routes, const char *method,
				       const char *path, char *allow, size_t size)
{
	for (const struct http_route *route = routes; route && route->method; route++) {
		size_t used = strlen(allow);

		if (!path_matches(route->path, path))
			continue;
		if (method_matches(route->method, method))
			return route;
		snprintf(allow + used, size - used, "%s%s", used ? ", " : "", route->method);
	}
	return NULL;
}

const struct http_route *http_find_route(const struct http_server *server, const char *method,
					 const char *path, char *ret_allow, size_t size)
{
	const struct http_route *route;

	ret_allow[0] = '\0';
	route = search(server->options.routes, method, path, ret_allow, size);
	if (route || server->admin)
		return route;
	return search(builtin, method, path, ret_allow, size);
}
