/*
 * wire_tables.h - tables for messages of request.proto: they stand in the
 * ledger as they came in the record.
 */
#ifndef NURTURE_SCHEDULER_WIRE_TABLES_H
#define NURTURE_SCHEDULER_WIRE_TABLES_H

#include "wire_fields.h"

extern const struct wire_table sched_contact_table; /* but for segments */
extern const struct wire_table sched_whole_contact_table;
extern const struct wire_table sched_request_table;
extern const struct wire_table sched_mail_table; /* a Request, but for its data */

#endif
