/*
 * orders_identity.h - which orders are read, and how: whether an import may go on.  Pure.
 *
 * How far an import has come is a number of events, which means the same only of the same bytes,
 * read in the same way.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_IDENTITY_H
#define NURTURE_NURTURECTL_SIM_ORDERS_IDENTITY_H

#include "common/base/hash.h"
#include "common/policy/policy.h"
#include "orders_options.h"

/* The texts of the file of orders and of that of events, as they were read: the first two parts. */
void orders_identity_add(struct id_parts *parts, const struct orders *orders);
/*
 * An id of the files' bytes, of each option that says which events they become, and of the shop's
 * time zone, currency and catalogue (NULL: none).  --encoding counts by what it makes of the bytes.  Frees files.
 */
void orders_identity(struct id_parts *files, const struct orders_values *values,
		     const struct shop *shop, const struct catalogue *catalogue, bool also_live,
		     char ret[ID_TEXT_BYTES]);

#endif
