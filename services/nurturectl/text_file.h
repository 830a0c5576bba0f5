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

#endif
