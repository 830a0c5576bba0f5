/* event_type.c - see event_type.h. */
#include "event_type.h"

#include <stdint.h>
#include <string.h>

#include "common/base/text.h"

const char *const event_type_texts[EVENT_TYPE_COUNT] = {
#define X(name, text, needs) text,
    EVENT_TYPES(X)
#undef X
};

/* Without the NUL: nearly every other type has another length. */
static const uint8_t lens[EVENT_TYPE_COUNT] = {
#define X(name, text, needs) sizeof(text) - 1,
    EVENT_TYPES(X)
#undef X
};

static const uint8_t needed[EVENT_TYPE_COUNT + 1] = {
#define X(name, text, needs) EVENT_NEEDS_##needs,
    EVENT_TYPES(X)
#undef X
};

enum event_type event_type_of(const char *text)
{
	size_t len = strlen(text);

	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++)
		if (lens[type] == len && memcmp(text, event_type_texts[type], len) == 0)
			return (enum event_type)type;
	return EVENT_OTHER;
}

bool event_type_is(const char *text, enum event_type type)
{
	return strcmp(text, event_type_texts[type]) == 0;
}

/* Are they the same, but for two letters beside each other that have changed places? */
static bool is_swapped(const char *a, const char *b)
{
	size_t len = strlen(a), at = 0;

	while (at < len && a[at] == b[at])
		at++;
	return strlen(b) == len && at + 1 < len && a[at] == b[at + 1] && a[at + 1] == b[at] &&
	       strcmp(a + at + 2, b + at + 2) == 0;
}

const char *event_type_slip(const char *text)
{
	if (event_type_of(text) != EVENT_OTHER)
		return NULL;
	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++)
		if (is_swapped(text, event_type_texts[type]))
			return event_type_texts[type];
	return text_nearest_within(slice_text(text), event_type_texts, EVENT_TYPE_COUNT, 1);
}

bool event_type_opens_case(const char *text)
{
	return event_type_is(text, EVENT_COMPLAINT_OPENED) ||
	       event_type_is(text, EVENT_RETURN_OPENED) || event_type_is(text, EVENT_ORDER_LATE);
}

bool event_type_follows_parcel(const char *text)
{
	return event_type_is(text, EVENT_ORDER_SHIPPED) ||
	       event_type_is(text, EVENT_ORDER_DELIVERED) || event_type_is(text, EVENT_ORDER_LATE);
}

enum event_needs event_type_needs(enum event_type type)
{
	return (enum event_needs)needed[type];
}
