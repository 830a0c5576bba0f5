/* golden.h - a page byte by byte as tests/golden has it; UPDATE_GOLDEN=1 writes it there. */
#ifndef NURTURE_TESTS_GOLDEN_H
#define NURTURE_TESTS_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/buf.h"

static inline void golden(const char *name, const struct buf *page)
{
	char path[200], *expected = calloc(1, page->len + 2);
	FILE *file;

	assert_false(buf_failed(page));
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "w");
		assert_non_null(file);
		fwrite(page->bytes, 1, page->len, file);
		fclose(file);
	}
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s is missing; UPDATE_GOLDEN=1 writes it", path);
	if (fread(expected, 1, page->len + 1, file) != page->len ||
	    memcmp(page->bytes, expected, page->len) != 0)
		fail_msg("%s differs; UPDATE_GOLDEN=1 writes it anew", path);
	fclose(file);
	free(expected);
}

#endif
