/* wire_dispatch.h - dispatches to bytes. */
#ifndef NURTURE_SCHEDULER_WIRE_DISPATCH_H
#define NURTURE_SCHEDULER_WIRE_DISPATCH_H

#include "nurture/v1/dispatch.pb-c.h"
#include "parts.h"

/* Makes a DispatchRecord; the requests go into it with the bytes in which they came. */
struct slice sched_dispatch_encode(const Nurture__V1__Dispatch *dispatch, struct slice request,
				   const struct sched_explanation *explanation,
				   const struct sched_parts *parts, int64_t time_ms,
				   const char *customer, struct arena *arena);

#endif
