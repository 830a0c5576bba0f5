/*
 * temp_file.h - a file of this process alone, for what does not fit into memory.
 *
 * It lies in TMPDIR (/tmp when that is not set) and has no name, so it is gone with the process,
 * however that ends.  It is written from the front to the back, and read anywhere.
 */
#ifndef NURTURE_NURTURECTL_BULK_TEMP_FILE_H
#define NURTURE_NURTURECTL_BULK_TEMP_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct temp_file {
	int fd;
	uint64_t bytes; /* that were written */
};

/* -1: TMPDIR is no directory that can be written to (ERR_CONFIG), or the system is out of files. */
int temp_file_open(struct temp_file *ret, struct err *err);
/* Writes behind what is there.  -1: ERR_ENVIRONMENT, the disk is full or broken. */
int temp_file_add(struct temp_file *file, struct slice bytes, struct err *err);
/* Reads up to len bytes from there on; *ret_len is less only at the end. */
int temp_file_read(const struct temp_file *file, uint64_t at, void *to, size_t len, size_t *ret_len,
		   struct err *err);
void temp_file_close(struct temp_file *file);

#endif
