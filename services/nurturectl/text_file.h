/* text_file.h - a result into a file, whole or not at all. */
#ifndef NURTURE_NURTURECTL_TEXT_FILE_H
#define NURTURE_NURTURECTL_TEXT_FILE_H

#include "common/base/err.h"
#include "common/base/slice.h"

/*
 * Replaces the file only once everything is on disk beside it; "-" is standard
 * output.  ERR_ENVIRONMENT when the disk does not take it.
 */
int text_file_write(const char *path, struct slice bytes, struct err *err);

/* The same piece by piece: put as often as you like, then end it, whatever put has said. */
struct text_file {
	const char *path;
	char *beside; /* what is written until the end; NULL: the path itself */
	int fd;       /* -1: standard output */
};
int text_file_begin(const char *path, struct text_file *ret, struct err *err);
int text_file_put(struct text_file *file, struct slice bytes, struct err *err);
/* is_whole: all of it has been put; else the path stays as it was. */
int text_file_end(struct text_file *file, bool is_whole, struct err *err);

#endif
