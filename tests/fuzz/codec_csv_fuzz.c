/* Any bytes as a CSV: every row is found once, and no field reaches beyond the text or the
 * arena. */
#include <stdlib.h>

#include "common/codec/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv csv = csv_of(slice_of(data, size));
	struct slice fields[CSV_FIELDS_MAX];
	struct arena arena = {0};
	size_t count, bytes = 0;
	struct err err;
	int line = 0;

	while (csv_next(&csv, &arena, fields, &count, &err) > 0) {
		if (count == 0 || count > CSV_FIELDS_MAX || csv.line <= line)
			abort();
		line = csv.line;
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < fields[i].len; k++)
				bytes += fields[i].bytes[k] != '\0' || 1;
	}
	if (bytes > size)
		abort();
	arena_free(&arena);
	return 0;
}
