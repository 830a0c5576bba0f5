/* http_counts.c - see http_counts.h. */
#include "http_counts.h"

#include <stdlib.h>

static void register_route(struct http_counts *counts, size_t i, const char *route)
{
	static const char *const classes[HTTP_STATUS_CLASSES] = {NULL,  NULL,  "2xx",
								 "3xx", "4xx", "5xx"};

	for (int hundred = 2; hundred < HTTP_STATUS_CLASSES; hundred++)
		counts->answers[i][hundred] =
		    metric_counter_with("nurture_http_answers_total",
					metric_labels("route", route, "class", classes[hundred]),
					"HTTP requests answered, by route and class of status.");
}

void http_counts_register(struct http_counts *counts, const struct http_route *routes)
{
	*counts = (struct http_counts){.routes = routes};
	for (size_t i = 0; routes && routes[i].method; i++) {
		if (i == HTTP_ROUTES_MAX)
			abort();
		register_route(counts, i, routes[i].path);
		counts->route_count++;
	}
	register_route(counts, counts->route_count, "none");
}

void http_counts_answer(struct http_counts *counts, const struct http_route *route, int status)
{
	size_t i = counts->route_count;
	int hundred = status / 100;

	if (hundred < 2 || hundred >= HTTP_STATUS_CLASSES)
		return;
	for (size_t at = 0; at < counts->route_count; at++)
		if (route == &counts->routes[at])
			i = at;
	metric_add(counts->answers[i][hundred], 1);
}
