/*
 * only.h - a header that says who is to read a record.
 *
 * nurturectl repartition copies what was not read to another partition, and
 * one of two readers may have read it before: the header has the names of
 * those who have not, separated by blanks.  All others pass the record over.
 */
#ifndef NURTURE_STREAM_ONLY_H
#define NURTURE_STREAM_ONLY_H

#include <stdbool.h>
#include <string.h>

#include "common/base/slice.h"

#define ONLY_HEADER "nurture-only"
enum { ONLY_MAX_BYTES = 128 };

/*
 * Is `name` one of the names? A record that was written by hand names nobody: then everybody reads
 * it.
 */
static inline bool only_names(struct slice names, const char *service)
{
	size_t len = strlen(service);

	for (size_t at = 0; at + len <= names.len; at++)
		if (memcmp(names.bytes + at, service, len) == 0 &&
		    (at == 0 || names.bytes[at - 1] == ' ') &&
		    (at + len == names.len || names.bytes[at + len] == ' '))
			return true;
	return names.len == 0;
}

#endif
