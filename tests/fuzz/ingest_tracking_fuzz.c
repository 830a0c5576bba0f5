/*
 * ingest_tracking_fuzz.c - any strict JSON as a message of a tracking call: no crash, one verdict, and
 * every event that comes of it is one that anybody could have sent.
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/codec/json.h"
#include "common/message/event.h"
#include "services/ingest/tracking/mapper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ing_tracking_names *make_names(void)
{
	static struct ing_tracking_names names;
	struct err err;

	if (names.consent_count == 0 &&
	    (ing_names_parse(slice_text("Parcel Arrived=order.delivered"), &names, &err) < 0 ||
	     ing_consents_parse(slice_text("m=promotion,n=all"), &names, &err) < 0))
		abort();
	names.sent_class = "promotion";
	return &names;
}

static void check(const struct ing_tracked *tracked, struct arena *arena)
{
	if ((tracked->skip != ING_NOT_SKIPPED) + (tracked->invalid != NULL) +
		(tracked->count > 0) !=
	    1)
		abort();
	for (unsigned i = 0; i < tracked->count; i++) {
		const struct ing_tracked_event *event = &tracked->events[i];
		Nurture__V1__Event *again;
		struct err err;

		if (event_decode(event->value, arena, &again, &err) < 0 ||
		    strcmp(again->customer->id, event->customer) != 0 ||
		    again->time_ms != event->time_ms)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"", "track", "identify", "alias"};
	struct arena arena = {0};
	struct ing_tracked tracked;
	struct ing_tracking_call call = {.sent_at = "", .received_ms = 1773144000000};

	if (size == 0)
		return 0;
	call.type = types[data[0] % 4];
	if (json_is_strict(slice_of(data + 1, size - 1))) {
		struct slice message = slice_trim(slice_of(data + 1, size - 1), " \t\r\n");

		ing_tracking_map(make_names(), &call, message, &arena, &tracked);
		check(&tracked, &arena);
	}
	arena_free(&arena);
	return 0;
}
