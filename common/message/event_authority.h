/*
 * event_authority.h - who is believed, and when it counts as said.  Pure.
 *
 * Three kinds of words, the strongest first (docs/authority.md):
 *	PERSON	what a person does on our own pages (known by its type, or by a proof
 *		of ours), and what mail servers and providers tell us: said when it
 *		arrives, whatever time it claims
 *	PROVEN	consent.changed that says where and when the person said so
 *	ECHO	everything else: a shop repeats what it has noted
 * No claimed time counts for more than the arrival of its record.
 */
#ifndef NURTURE_MESSAGE_EVENT_AUTHORITY_H
#define NURTURE_MESSAGE_EVENT_AUTHORITY_H

#include <stdbool.h>

#include "nurture/v1/event.pb-c.h"

enum authority { AUTHORITY_ECHO, AUTHORITY_PROVEN, AUTHORITY_PERSON };

/*
 * The proof.source of our own pages begins so.  Nobody else may say it: over
 * HTTP it is refused, and on Kafka only our services are to write such events.
 */
#define PROOF_OWN_PAGE "nurture:"
bool event_proof_is_ours(const Nurture__V1__Event *event);

enum authority event_authority(const Nurture__V1__Event *event);

/*
 * Puts the event's times right, in place, so that whoever reads it later need
 * not ask: time_ms is the arrival for a PERSON's word, and at most the arrival
 * for others; proof.at_ms at most the arrival.  arrived_ms 0: time is what
 * the records say, and a proof is at most as late as its event.
 * Returns how far the claimed time was ahead of the arrival, in ms; 0: not.
 */
int64_t event_arrive(Nurture__V1__Event *event, int64_t arrived_ms);

#endif
