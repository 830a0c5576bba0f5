/* event.h - the events that http_load publishes: an order of a customer whom nobody knows yet. */
#ifndef HTTP_LOAD_EVENT_H
#define HTTP_LOAD_EVENT_H

#include "common/base/buf.h"
#include "common/base/civil.h"

static void put_event(struct buf *body, int64_t n, int64_t now_us)
{
	char at[RFC3339_BYTES];

	buf_printf(body,
		   "{\"id\":\"bench-%lld\",\"type\":\"order.placed\",\"time\":\"%s\","
		   "\"customer\":{\"id\":\"c%lld\",\"email\":\"c%lld@bench.example\","
		   "\"name\":\"Ann %lld\",\"time_zone\":\"Europe/Vienna\","
		   "\"consent\":{\"all\":true}},\"order\":{\"id\":\"%lld\",\"amount\":\"12.50\","
		   "\"currency\":\"EUR\",\"items\":[{\"sku\":\"beans-1kg\",\"category\":\"coffee\","
		   "\"quantity\":1,\"price\":\"12.50\"}]}}",
		   (long long)n, rfc3339_text(now_us / 1000, at), (long long)n, (long long)n,
		   (long long)n, (long long)n);
}

#endif
