/* event_place.h - what proof.source may say. */
#ifndef NURTURE_MESSAGE_EVENT_PLACE_H
#define NURTURE_MESSAGE_EVENT_PLACE_H

#include <stdbool.h>

#include "common/base/slice.h"

enum { EVENT_PLACE_MAX_BYTES = 200 };

/*
 * Where somebody said something: a form, a page, a till, of 1 to 200 bytes.  It is kept to be
 * shown to people, so every character of it is seen as it stands, and nothing in it looks like a
 * page of ours (PROOF_OWN_PAGE) without being one.  Not empty.
 */
bool event_is_place(struct slice text);

#endif
