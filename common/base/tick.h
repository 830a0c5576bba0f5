/*
 * tick.h - the mark by which event time travels: a record with no key, no
 * value and the header "nurture-tick" = decimal milliseconds.  It says
 * "nothing earlier than this will follow on this partition".
 */
#ifndef NURTURE_BASE_TICK_H
#define NURTURE_BASE_TICK_H

#define TICK_HEADER "nurture-tick"

#endif
