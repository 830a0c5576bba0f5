/* json_internal.h - the scanner, shared by json_scan.c and json_read.c only. */
#ifndef NURTURE_CODEC_JSON_INTERNAL_H
#define NURTURE_CODEC_JSON_INTERNAL_H

#include "common/base/err.h"
#include "common/base/slice.h"

/* cJSON reads at most 63 characters of a number and takes the rest for garbage. */
enum { JSON_NUMBER_BYTES_MAX = 60 };

struct json_scan {
	const uint8_t *begin, *at, *end;
	unsigned depth;
	bool has_blanks;       /* some stood between tokens; the caller may begin anew with it */
	unsigned long_numbers; /* how many cJSON would not read as they stand */
	struct err *err;
};

/* Always -1: "not JSON at byte N: expected WHAT, found 'x'". */
int json_scan_fail(struct json_scan *scan, const char *expected);
void json_scan_blanks(struct json_scan *scan);
/* One value at scan->at, no blanks before it; leaves scan->at behind it. */
int json_scan_value(struct json_scan *scan);
int json_scan_string(struct json_scan *scan);

#endif
