/* wire_orders.h - what each order of a profile has several of: refunds and parcels.  See wire.h. */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_ORDERS_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_ORDERS_H

#include "wire_scan.h"

/* Reads them into the orders, which must have been read before. False when that is impossible. */
bool wire_read_refunds(const struct wire_scan *scan, struct seg_profile *profile);
bool wire_read_parcels(const struct wire_scan *scan, struct seg_profile *profile);

#endif
