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

static int write_time(char *text, int len, char mark, int64_t time_ms)
{
	size_t room = (size_t)(KAFKA_METADATA_BYTES - len);

	if (time_ms == INT64_MIN)
		return len + snprintf(text + len, room, "%c-", mark);
	return len + snprintf(text + len, room, "%c%" PRId64, mark, time_ms);
}

static void write_lanes(char *text, int len, const struct metadata *metadata)
{
	len += snprintf(text + len, (size_t)(KAFKA_METADATA_BYTES - len), " ");
	len = write_time(text, len, '@', metadata->point.time_ms);
	len = write_time(text, len, ' ', metadata->point.lane);
	len = write_time(text, len, ' ', metadata->point.offset);
	len = write_time(text, len, ' ', metadata->again_until);
	for (unsigned i = 0; i < metadata->lane_count; i++)
		len = write_time(text, len, ' ', metadata->lanes[i]);
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
	if (metadata->lane_count)
		write_lanes(text, len, metadata);
}

/* "-" for the beginning of time, which is long. */
static bool read_time(const char **text, int64_t *ret)
{
	int len = 0;

	while (**text == ' ')
		++*text;
	if (**text == '-' && ((*text)[1] == ' ' || (*text)[1] == '\0')) {
		++*text;
		*ret = INT64_MIN;
		return true;
	}
	if (sscanf(*text, "%" SCNd64 "%n", ret, &len) != 1)
		return false;
	*text += len;
	return true;
}

/* What does not fit together is as if it were not there: the lanes wait for their next ticks. */
static void read_lanes(const char *text, struct metadata *ret)
{
	const char *at = strchr(text, '@');
	int64_t lane;

	ret->point.time_ms = INT64_MIN;
	if (!at++ || !read_time(&at, &ret->point.time_ms) || !read_time(&at, &lane) ||
	    !read_time(&at, &ret->point.offset) || !read_time(&at, &ret->again_until) || lane < 0 ||
	    lane >= LANES_MAX)
		return;
	ret->point.lane = (unsigned)lane;
	while (ret->lane_count < LANES_MAX && read_time(&at, &ret->lanes[ret->lane_count]))
		ret->lane_count++;
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
	read_lanes(text, &read);
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
