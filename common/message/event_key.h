/*
 * event_key.h - who an event is, for whoever must know it again.  Pure.
 *
 * Its id, within its source where it names one: two publishers may number alike
 * (CloudEvents 1.0, "id").
 */
#ifndef NURTURE_MESSAGE_EVENT_KEY_H
#define NURTURE_MESSAGE_EVENT_KEY_H

#include "common/base/arena.h"
#include "nurture/v1/event.pb-c.h"

/* The key as one text: the event's own id when it names no source, else in the arena. */
const char *event_key(const Nurture__V1__Event *event, struct arena *arena);

#endif
