/* event_key.c - see event_key.h. */
#include "event_key.h"

/* An id has no line breaks. */
const char *event_key(const Nurture__V1__Event *event, struct arena *arena)
{
	if (!*event->source)
		return event->id;
	return arena_printf(arena, "%s\n%s", event->id, event->source);
}
