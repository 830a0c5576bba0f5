/* gz_file.h - a whole file that may be compressed by gzip. */
#ifndef NURTURE_NURTURECTL_SIM_GZ_FILE_H
#define NURTURE_NURTURECTL_SIM_GZ_FILE_H

#include <stddef.h>

#include "common/base/err.h"

/*
 * Reads the file, inflated when its bytes are gzip's (RFC 1952), into memory that the caller frees; a
 * NUL stands behind it.  -1: it cannot be read, is broken or has more than max_bytes.
 */
int gz_file_read(const char *path, size_t max_bytes, char **ret, size_t *ret_len, struct err *err);

#endif
