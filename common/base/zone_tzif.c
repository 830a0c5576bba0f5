/* zone_tzif.c - reads a TZif file.  RFC 8536 3. */
#include <stdlib.h>

#include "zone_internal.h"

enum { HEADER_BYTES = 44, TYPE_BYTES = 6 };

struct header {
	uint8_t version;
	uint64_t isutc_count, isstd_count, leap_count, time_count, type_count, char_count;
};

/* One data block; the pointers are into the file. */
struct block {
	struct header header;
	size_t time_bytes;
	const uint8_t *times, *indices, *types;
};

static int64_t big_endian(const uint8_t *bytes, size_t count)
{
	uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return (int64_t)value;
}

static uint64_t count_at(struct slice file, size_t offset)
{
	return (uint64_t)big_endian(file.bytes + offset, 4) & UINT32_MAX;
}

static int take_header(struct slice *rest, struct header *ret, struct err *err)
{
	if (rest->len < HEADER_BYTES || memcmp(rest->bytes, "TZif", 4) != 0)
		return err_set(err, "expected a TZif header, found %zu bytes of something else",
			       rest->len);
	*ret = (struct header){
	    .version = rest->bytes[4],
	    .isutc_count = count_at(*rest, 20),
	    .isstd_count = count_at(*rest, 24),
	    .leap_count = count_at(*rest, 28),
	    .time_count = count_at(*rest, 32),
	    .type_count = count_at(*rest, 36),
	    .char_count = count_at(*rest, 40),
	};
	*rest = slice_of(rest->bytes + HEADER_BYTES, rest->len - HEADER_BYTES);
	if (ret->version && (ret->version < '2' || ret->version > '9'))
		return err_set(err, "expected TZif version 1 to 4, found byte %u", ret->version);
	return 0;
}

/* Cuts one block off the front. The counts are 32 bits each, so the sum cannot overflow. */
static int take_block(struct slice *rest, size_t time_bytes, struct block *block, struct err *err)
{
	const struct header *header = &block->header;
	uint64_t size = header->time_count * (time_bytes + 1) + header->type_count * TYPE_BYTES +
			header->char_count + header->leap_count * (time_bytes + 4) +
			header->isstd_count + header->isutc_count;

	if (size > rest->len)
		return err_set(err, "expected %llu bytes of data, found %zu",
			       (unsigned long long)size, rest->len);
	block->time_bytes = time_bytes;
	block->times = rest->bytes;
	block->indices = block->times + header->time_count * time_bytes;
	block->types = block->indices + header->time_count;
	*rest = slice_of(rest->bytes + size, rest->len - (size_t)size);
	return 0;
}

static int check_types(const struct block *block, struct err *err)
{
	const struct header *header = &block->header;

	if (header->leap_count)
		return err_set(err, "expected POSIX time, found a table of leap seconds");
	if (header->type_count < 1 || header->type_count > 256)
		return err_set(err, "expected 1 to 256 local time types, found %llu",
			       (unsigned long long)header->type_count);
	for (uint64_t i = 0; i < header->type_count; i++) {
		const uint8_t *type = block->types + i * TYPE_BYTES;
		int64_t offset_s = big_endian(type, 4);

		if (offset_s < OFFSET_MIN_S || offset_s > OFFSET_MAX_S)
			return err_set(err,
				       "local time type %llu: expected an offset of at most a "
				       "day, found %lld s",
				       (unsigned long long)i, (long long)offset_s);
		if (type[4] > 1 || type[5] >= header->char_count)
			return err_set(err, "local time type %llu is not well-formed",
				       (unsigned long long)i);
	}
	return 0;
}

static int32_t type_offset_s(const struct block *block, unsigned type)
{
	return (int32_t)big_endian(block->types + (size_t)type * TYPE_BYTES, 4);
}

/* Those that change only a name or a flag are left out: then every one is a change. */
static int read_transitions(const struct block *block, struct zone *zone, struct err *err)
{
	uint64_t count = block->header.time_count;
	int32_t offset_s = type_offset_s(block, 0);
	int64_t before = 0;

	zone->first_offset_s = offset_s;
	zone->transitions = calloc(count ? count : 1, sizeof(*zone->transitions));
	if (!zone->transitions)
		abort();
	for (uint64_t i = 0; i < count; i++) {
		int64_t at_s = big_endian(block->times + i * block->time_bytes, block->time_bytes);

		if (block->indices[i] >= block->header.type_count || (i && at_s <= before))
			return err_set(err,
				       "transition %llu: expected a later time and a known type",
				       (unsigned long long)i);
		before = at_s;
		if (type_offset_s(block, block->indices[i]) == offset_s)
			continue;
		offset_s = type_offset_s(block, block->indices[i]);
		zone->transitions[zone->transition_count++] = (struct transition){at_s, offset_s};
	}
	zone->rule_from_s = count ? before : INT64_MIN;
	return 0;
}

/* "\n" rule "\n"; without a rule the last offset stays. */
static int read_footer(struct slice rest, struct zone *zone, struct err *err)
{
	if (rest.len < 2 || rest.bytes[0] != '\n' || rest.bytes[rest.len - 1] != '\n')
		return err_set(err, "expected a footer between line ends, found %zu bytes",
			       rest.len);
	if (rest.len == 2)
		return 0;
	if (zone_rule_parse(slice_of(rest.bytes + 1, rest.len - 2), &zone->rule, err) < 0)
		return err_prefix(err, "footer");
	zone->has_rule = true;
	return 0;
}

/* From version 2 on, a block with 64-bit times and a footer follow the first one. */
static int read_file(struct slice rest, struct zone *zone, struct err *err)
{
	struct block block;

	if (take_header(&rest, &block.header, err) < 0 || take_block(&rest, 4, &block, err) < 0)
		return -1;
	if (block.header.version &&
	    (take_header(&rest, &block.header, err) < 0 || take_block(&rest, 8, &block, err) < 0))
		return err_prefix(err, "second block");
	if (check_types(&block, err) < 0 || read_transitions(&block, zone, err) < 0)
		return -1;
	if (block.header.version)
		return read_footer(rest, zone, err);
	if (rest.len)
		return err_set(err, "expected the end, found %zu bytes more", rest.len);
	return 0;
}

int zone_parse(struct slice tzif, struct zone **ret, struct err *err)
{
	struct zone *zone = calloc(1, sizeof(*zone));

	if (!zone)
		abort();
	if (read_file(tzif, zone, err) < 0) {
		zone_free(zone);
		return -1;
	}
	*ret = zone;
	return 0;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	free(zone->transitions);
	free(zone);
}
