/*
 * program.h - runs another program, with an argument vector and no shell.
 */
#ifndef NURTURE_IO_PROCESS_PROGRAM_H
#define NURTURE_IO_PROCESS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

/* The first of names (ends with NULL) that PATH has, as a path; false when it has none. */
bool program_find(const char *const *names, char *ret, size_t ret_bytes);

/*
 * Runs argv[0] (a path) to its end and appends its standard output to out (NULL:
 * thrown away); its standard error goes nowhere.  ERR_ENVIRONMENT: it cannot be
 * started, fails, says more than out holds, or is not done after limit_ms: then
 * it and all that it started are ended.
 */
int program_run(const char *const *argv, int64_t limit_ms, struct buf *out, struct err *err);

#endif
