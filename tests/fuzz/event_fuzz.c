/*
 * event_fuzz.c - any bytes as an event: what is taken must survive a round
 * trip, and a peek must see the same customer and time.
 */
#include <stdlib.h>

#include "common/base/buf.h"
#include "common/message/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size), customer;
	struct buf first = BUF_MAX(1 << 22), second = BUF_MAX(1 << 22);
	struct arena arena = {0};
	Nurture__V1__Event *event, *again;
	int64_t time_ms;
	struct err err;
	int peeked = event_peek(bytes, &arena, &customer, &time_ms, &err);

	if (event_decode(bytes, &arena, &event, &err) == 0) {
		must(peeked == 0 && time_ms == event->time_ms);
		must(slice_equal(customer, slice_text(event->customer->id)));
		event_encode_json(event, &first);
		must(!buf_failed(&first));
		if (first.len <= EVENT_MAX_BYTES) {
			must(event_decode(buf_slice(&first), &arena, &again, &err) == 0);
			event_encode_json(again, &second);
			must(slice_equal(buf_slice(&first), buf_slice(&second)));
		}
	}
	buf_free(&first);
	buf_free(&second);
	arena_free(&arena);
	return 0;
}
