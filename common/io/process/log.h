/*
 * log.h - one line of key=value on stderr per event; main files only.
 *
 * 2026-03-01T12:00:00.123Z level=info svc=scheduler event=assigned partition=3
 * Values with blanks are quoted and escaped.  Ids may be logged; names,
 * addresses and anything a customer wrote may not.
 */
#ifndef NURTURE_IO_PROCESS_LOG_H
#define NURTURE_IO_PROCESS_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* service is kept by reference. Level from LOG_LEVEL: error, warn, info (default), debug. */
void log_open(const char *service);
/* event, then key, value pairs of texts, ended by NULL. errno is preserved. Thread-safe. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
/* A number as text, for use as a value; valid for four more calls in this thread. */
const char *log_number(int64_t number);

#endif
