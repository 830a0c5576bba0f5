/* orders_person.h - whom a row is about; orders_row.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_PERSON_H
#define NURTURE_NURTURECTL_SIM_ORDERS_PERSON_H

#include "nurture/v1/event.pb-c.h"
#include "orders_row.h"

/*
 * 1: the customer, all of it in the row's arena.  0: the row names nobody; it was counted.  -1: what
 * it says of them is not understood.
 */
int person_read(struct orders_reader *reader, Nurture__V1__Customer *ret, struct err *err);

#endif
