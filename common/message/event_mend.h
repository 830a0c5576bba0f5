/*
 * event_mend.h - an event that a mapper of ours made of somebody else's words, fit to be published.
 * Pure.
 *
 * A shop's own system lets things pass that event_check() refuses: an address without a domain, a
 * country "ZZ", a name of 300 bytes. The fact behind them is true all the same, so what is not
 * needed is taken out instead of losing all of it.
 */
#ifndef NURTURE_MESSAGE_EVENT_MEND_H
#define NURTURE_MESSAGE_EVENT_MEND_H

#include "nurture/v1/event.pb-c.h"

/*
 * Takes out each text that has not the format of its field, and each amount that is finer than its
 * currency; ids and types that must be there stay. Returns how many it took out.
 */
unsigned event_mend(Nurture__V1__Event *event);

#endif
