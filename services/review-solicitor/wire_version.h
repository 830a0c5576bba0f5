/* wire_version.h - an order of a ladder as version 2 has it (ladder.proto), and as version 1. Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_WIRE_VERSION_H
#define NURTURE_REVIEW_SOLICITOR_WIRE_VERSION_H

#include "nurture/v1/ladder.pb-c.h"

/* The newest is that of ladders with items, the second that of all others. */
enum { SOL_FIRST_VERSION = 1, SOL_SECOND_VERSION = 2, SOL_VERSION = 3 };

/* In place. */
void sol_order_to_second_version(Nurture__V1__LadderOrder *order);
void sol_order_to_first_version(Nurture__V1__LadderOrder *order);

#endif
