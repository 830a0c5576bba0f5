/* checkpoint.c - see checkpoint.h. */
#include "checkpoint.h"

#include <inttypes.h>
#include <stdio.h>

struct slice checkpoint_key(void)
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
			   metadata->changelog_offset, metadata->misrouted_count);

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
	int count =
	    sscanf(text,
		   "%" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd32 " %" SCNd64
		   " %" SCNd64 " %" SCNd64,
		   &read.number, &read.clock_ms, &read.progress_ms, &read.decided_ms,
		   &read.partitions, &read.stamp_ms, &read.changelog_offset, &read.misrouted_count);

	if (count < 4)
		return false;
	if (count < 7) {
		read.partitions = 0;
		read.stamp_ms = 0;
		read.changelog_offset = -1;
	}
	if (count < 8)
		read.misrouted_count = 0;
	read_skips(text, &read);
	*ret = read;
	return true;
}

struct version_checkpoint version_of(const Nurture__V1__PartitionCheckpoint *checkpoint)
{
	struct version_checkpoint ret = {0};

	if (!checkpoint)
		return ret;
	snprintf(ret.version, sizeof(ret.version), "%s", checkpoint->version);
	ret.left = checkpoint->left;
	ret.since_ms = checkpoint->since_ms;
	return ret;
}

void index_checkpoint_write(char checkpoint[INDEX_CHECKPOINT_BYTES], uint64_t number,
			    int64_t offset, int64_t wall_ms,
			    const struct version_checkpoint *version)
{
	int len = snprintf(checkpoint, INDEX_CHECKPOINT_BYTES, "%" PRIu64 " %" PRId64 " %" PRId64,
			   number, offset, wall_ms);

	if (*version->version)
		snprintf(checkpoint + len, (size_t)(INDEX_CHECKPOINT_BYTES - len),
			 " %s %" PRIu64 " %" PRId64, version->version, version->left,
			 version->since_ms);
}

bool index_checkpoint_read_version(const char *checkpoint, struct version_checkpoint *ret)
{
	struct version_checkpoint read;

	*ret = (struct version_checkpoint){0};
	if (sscanf(checkpoint, "%*u %*d %*d %23s %" SCNu64 " %" SCNd64, read.version, &read.left,
		   &read.since_ms) != 3)
		return false;
	*ret = read;
	return true;
}

bool index_checkpoint_read(const char *checkpoint, uint64_t *ret_number, int64_t *ret_offset,
			   int64_t *ret_wall_ms)
{
	return sscanf(checkpoint, "%" SCNu64 " %" SCNd64 " %" SCNd64, ret_number, ret_offset,
		      ret_wall_ms) == 3;
}

void index_checkpoint_restoring(char checkpoint[INDEX_CHECKPOINT_BYTES], uint64_t token)
{
	snprintf(checkpoint, INDEX_CHECKPOINT_BYTES, "restoring %016" PRIx64, token);
}
