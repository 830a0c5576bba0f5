/* mark.c - see mark.h. */
#include "mark.h"

#include <inttypes.h>
#include <stdio.h>

struct slice mark_key(void)
{
	static const char key[] = "\0mark";

	return slice_of(key, sizeof(key) - 1);
}

void metadata_write(char metadata[KAFKA_METADATA_BYTES], uint64_t number, int64_t clock_ms,
		    int64_t progress_ms)
{
	snprintf(metadata, KAFKA_METADATA_BYTES, "%" PRIu64 " %" PRId64 " %" PRId64, number,
		 clock_ms, progress_ms);
}

bool metadata_read(const char *metadata, uint64_t *ret_number, int64_t *ret_clock_ms,
		   int64_t *ret_progress_ms)
{
	return sscanf(metadata, "%" SCNu64 " %" SCNd64 " %" SCNd64, ret_number, ret_clock_ms,
		      ret_progress_ms) == 3;
}

void index_mark_write(char mark[INDEX_MARK_BYTES], uint64_t number, int64_t offset,
		      int64_t wall_ms)
{
	snprintf(mark, INDEX_MARK_BYTES, "%" PRIu64 " %" PRId64 " %" PRId64, number, offset,
		 wall_ms);
}

bool index_mark_read(const char *mark, uint64_t *ret_number, int64_t *ret_offset,
		     int64_t *ret_wall_ms)
{
	return sscanf(mark, "%" SCNu64 " %" SCNd64 " %" SCNd64, ret_number, ret_offset,
		      ret_wall_ms) == 3;
}

void index_mark_restoring(char mark[INDEX_MARK_BYTES], uint64_t token)
{
	snprintf(mark, INDEX_MARK_BYTES, "restoring %016" PRIx64, token);
}
