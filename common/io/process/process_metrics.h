/*
 * process_metrics.h - what every process tells of itself, by the names that Prometheus' own client
 * libraries have: process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds,
 * process_max_fds, process_start_time_seconds.  From /proc; what cannot be read there is left out.
 *
 * https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
#ifndef NURTURE_IO_PROCESS_PROCESS_METRICS_H
#define NURTURE_IO_PROCESS_PROCESS_METRICS_H

#include "common/base/buf.h"

void process_metrics_text(struct buf *out);

#endif
