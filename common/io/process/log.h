/*
 * log.h - one line on stderr per event; main files only.
 *
 * 2026-03-01T12:00:00.123Z level=info svc=scheduler event=assigned partition=3
 * Values with blanks are quoted and escaped.  Ids may be logged; names,
 * addresses and anything a customer wrote may not.  Who of the staff looked at
 * whom is the one record of that, so the console names them by their address.
 *
 * With LOG_FORMAT=json the same line is an object with the names of the Elastic
 * Common Schema (https://www.elastic.co/docs/reference/ecs/ecs-field-reference),
 * our own keys under "nurture.":
 * {"@timestamp":"2026-03-01T12:00:00.123Z","log.level":"info","ecs.version":"8.11.0",
 * "service.name":"scheduler","event.action":"assigned","message":"assigned",
 * "nurture.partition":"3"}
 */
#ifndef NURTURE_IO_PROCESS_LOG_H
#define NURTURE_IO_PROCESS_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/*
 * service is kept by reference. Level from LOG_LEVEL: error, warn, info (default), debug; form from
 * LOG_FORMAT: logfmt (default), json.
 */
void log_open(const char *service);
/* event, then key, value pairs of texts, ended by NULL. errno is preserved. Thread-safe. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
/*
 * The same, for what is a record and no message: it is written whatever LOG_LEVEL says, as info.
 */
void log_record(const char *event, ...) __attribute__((sentinel));
/*
 * From now on each line of this thread says so as well (trace=..., ECS: trace.id); NULL: no more.
 * Kept by reference.
 */
void log_trace(const char *trace_id);
/* A number as text, for use as a value; valid for four more calls in this thread. */
const char *log_number(int64_t number);

#endif
