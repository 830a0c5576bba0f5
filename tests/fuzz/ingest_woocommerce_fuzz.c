/* Any body under any topic of woocommerce: skipped with a reason, or events that every reader takes. */
#include "common/message/event.h"
#include "services/ingest/shops/shop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const topics[] = {"order.created", "order.updated", "customer.updated",
				     "customer.deleted"};
enum { TOPIC_COUNT = sizeof(topics) / sizeof(*topics) };

static void check(const struct shop_events *events, struct arena *arena)
{
	bool has_reason = false;

	for (size_t i = 0; i < events->count; i++) {
		Nurture__V1__Event *event;
		struct err err;

		if (event_decode(events->list[i].value, arena, &event, &err) < 0)
			__builtin_trap();
	}
	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		has_reason = has_reason || events->skipped[i];
	if (!events->count && !has_reason)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shop_source source = SHOP_SOURCE;
	struct shop_delivery delivery = {.action = "update"};
	struct arena arena = {0};
	struct shop_events events;

	if (!size)
		return 0;
	source.shop = "harbour";
	source.key = data[0] & 0x80 ? SHOP_KEY_ID : SHOP_KEY_EMAIL;
	source.takes_tests = source.takes_pending = data[0] & 0x40;
	source.consent_meta = "newsletter";
	delivery.topic = topics[(data[0] & 0x3f) % TOPIC_COUNT];
	delivery.body = slice_of(data + 1, size - 1);
	shop_read(SHOP_WOOCOMMERCE, &source, NULL, &delivery, &arena, &events);
	check(&events, &arena);
	arena_free(&arena);
	return 0;
}
