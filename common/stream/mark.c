/* mark.c - see mark.h. */
#include "mark.h"

#include <inttypes.h>
#include <stdio.h>

struct slice mark_key(void)
{
	static const char key[] = "\0mark";

	return slice_of(key, sizeof(key) - 1);
}

struct slice shared_key(void)
{
	static const char key[] = "\0shared";

	return slice_of(key, sizeof(key) - 1);
}

void metadata_write(char text[KAFKA_METADATA_BYTES], const struct metadata *metadata)
{
	int len = snprintf(text, KAFKA_METADATA_BYTES,
			   "%" PRIu64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId32 " %" PRId64
			   " %" PRId64 " %" PRId64,
			   metadata->number, metadata->clock_ms, metadata->progress_ms,
			   metadata->decided_ms, metadata->partitions, metadata->stamp_ms,
			   metadata->changelog_offset, metadata->strays);

	for (unsigned i = 0; i < metadata->skip_count; i++)
		len += snprintf(text + len, (size_t)(KAFKA_METADATA_BYTES - len), " !%" PRId64,
				metadata->skips[i]);
}

static void read_skips(const char *text, struct metadata *ret)
{
	while (ret->skip_count < SKIPS_MAX && (text = strchr(text, '!'))) {
		if (sscanf(++text, "%" SCNd64, &ret->skips[ret->skip_count]) == 1)
			ret->skip_count++;
	}
}

bool metadata_read(const char *text, struct metadata *ret)
{
	struct metadata read = {0};
	int count = sscanf(text,
			   "%" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd32 " %" SCNd64
			   " %" SCNd64 " %" SCNd64,
			   &read.number, &read.clock_ms, &read.progress_ms, &read.decided_ms,
			   &read.partitions, &read.stamp_ms, &read.changelog_offset, &read.strays);

	if (count < 4)
		return false;
	if (count < 7) {
		read.partitions = 0;
		read.stamp_ms = 0;
		read.changelog_offset = -1;
	}
	if (count < 8)
		read.strays = 0;
	read_skips(text, &read);
	*ret = read;
	return true;
}

struct version_mark version_of(const Nurture__V1__PartitionMark *mark)
{
	struct version_mark ret = {0};

	if (!mark)
		return ret;
	snprintf(ret.version, sizeof(ret.version), "%s", mark->version);
	ret.left = mark->left;
	ret.since_ms = mark->since_ms;
	return ret;
}

void index_mark_write(char mark[INDEX_MARK_BYTES], uint64_t number, int64_t offset, int64_t wall_ms,
		      const struct version_mark *version)
{
	int len = snprintf(mark, INDEX_MARK_BYTES, "%" PRIu64 " %" PRId64 " %" PRId64, number,
			   offset, wall_ms);

	if (*version->version)
		snprintf(mark + len, (size_t)(INDEX_MARK_BYTES - len), " %s %" PRIu64 " %" PRId64,
			 version->version, version->left, version->since_ms);
}

bool index_mark_read_version(const char *mark, struct version_mark *ret)
{
	struct version_mark read;

	*ret = (struct version_mark){0};
	if (sscanf(mark, "%*u %*d %*d %23s %" SCNu64 " %" SCNd64, read.version, &read.left,
		   &read.since_ms) != 3)
		return false;
	*ret = read;
	return true;
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
