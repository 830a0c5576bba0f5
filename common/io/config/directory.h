/* directory.h - the files of a directory that a setting names: templates, pages, words. */
#ifndef NURTURE_IO_CONFIG_DIRECTORY_H
#define NURTURE_IO_CONFIG_DIRECTORY_H

#include "common/base/err.h"
#include "common/base/slice.h"

/* path: "DIRECTORY/FILE", for messages.  text is only there during the call. */
typedef int (*directory_take)(void *context, const char *path, const char *file, struct slice text,
			      struct err *err);

/*
 * Calls take for every file that ends with ending ("": all), sorted by name;
 * names that begin with '.' are passed over, others are told in the log.  ERR_CONFIG when the
 * directory or a file cannot be read or a file is larger than max_bytes; ends with the first error
 * of take.
 */
int directory_read(const char *directory, const char *ending, size_t max_bytes, directory_take take,
		   void *context, struct err *err);

#endif
