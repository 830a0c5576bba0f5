/*
 * tick.h - the mark by which event time travels: a record with no key, no
 * value and the header "nurture-tick" = decimal milliseconds.  It says
 * "nothing earlier than this will follow on this partition".
 */
#ifndef NURTURE_BASE_TICK_H
#define NURTURE_BASE_TICK_H

#define TICK_HEADER "nurture-tick"

/*
 * Where every partition of a producer may write to every partition of a topic, a tick says only of
 * one of them that nothing earlier will follow, and a record is in order only beside those of the
 * same one.  Both say then whose they are: the header "nurture-producer" = decimal number of the
 * partition.
 */
#define PRODUCER_HEADER "nurture-producer"

#endif
