/* csv_mark.h - what stands between the fields of a text that does not say.  Pure. */
#ifndef NURTURE_CODEC_CSV_MARK_H
#define NURTURE_CODEC_CSV_MARK_H

#include "common/base/slice.h"

/*
 * Of comma, semicolon, tab and bar the one that stands in the first line most often, outside of
 * quotes; a comma when none does.
 */
char csv_mark(struct slice text);

#endif
