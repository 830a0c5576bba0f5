/*
 * serve_often.c - how often a link may be used, and an address may use links.
 *
 * Every POST becomes an event that all services read, so one link in a loop
 * would cost the shop whatever the loop can do.  To unsubscribe is no question
 * of addresses: mail providers do it for many people from few of them.
 */

#include "common/io/http/peer.h"
#include "common/io/process/clock.h"
#include "serve_internal.h"

enum {
	LINK_PER_MINUTE = 2,
	LINK_BURST = 10,
	SECOND_US = 1000000,
};

void sol_serve_often_open(struct sol_serve *serve)
{
	int64_t per_minute = serve->options.pages_per_address;

	serve->by_link = rate_table_new(rate_of(LINK_PER_MINUTE, LINK_BURST, -1));
	serve->by_address = rate_table_new(rate_of(per_minute, per_minute ? per_minute : 1, -1));
}

void sol_serve_often_close(struct sol_serve *serve)
{
	rate_table_free(&serve->by_link);
	rate_table_free(&serve->by_address);
}

static void refuse(const struct sol_serve *serve, struct http_request *request, int64_t wait_us)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES), headers = BUF_MAX(4096);
	const struct sol_page page = {serve->options.site, serve->options.policy,
				      sol_serve_language(serve, request, "", ""), &out};

	sol_page_too_often(&page);
	buf_printf(&headers, "%s\nRetry-After: %lld", serve->headers,
		   (long long)((wait_us + SECOND_US - 1) / SECOND_US));
	http_answer(request, 429, "text/html; charset=utf-8", headers.bytes, buf_slice(&out));
	buf_free(&headers);
	buf_free(&out);
}

bool sol_serve_link_allows(struct sol_serve *serve, const struct http_request *request)
{
	int64_t wait_us;

	return rate_table_take(serve->by_link, slice_text(http_path(request)),
			       clock_monotonic_ms() * 1000, &wait_us);
}

bool sol_serve_may(struct sol_serve *serve, struct http_request *request, bool by_address,
		   const struct sol_counts *counts)
{
	const struct peer *peer = http_peer(request);
	int64_t now_us = clock_monotonic_ms() * 1000, wait_us;

	if (rate_table_take(serve->by_link, slice_text(http_path(request)), now_us, &wait_us) &&
	    (!by_address ||
	     rate_table_take(serve->by_address, slice_of(peer->bytes, sizeof(peer->bytes)), now_us,
			     &wait_us)))
		return true;
	metric_add(counts->refused, 1);
	refuse(serve, request, wait_us);
	return false;
}
