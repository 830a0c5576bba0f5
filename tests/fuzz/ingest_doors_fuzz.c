/*
 * ingest_doors_fuzz.c - any bytes as a compressed body, as a signed request and as a CloudEvent in
 * binary mode: no crash, nothing larger than allowed, and what becomes of a CloudEvent is JSON.
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/codec/json.h"
#include "services/ingest/content_coding.h"
#include "services/ingest/events/binary_event.h"
#include "services/ingest/signature.h"

enum { MAX_BYTES = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(enum ing_content_coding coding, struct slice body, struct arena *arena)
{
	struct ing_fault fault;
	struct slice ret;

	if (ing_content_decode(coding, body, MAX_BYTES, arena, &ret, &fault) == 0 &&
	    ret.len > MAX_BYTES)
		abort();
}

/* Takes a line off the bytes. */
static struct slice line(struct slice *rest)
{
	const uint8_t *end = rest->len ? memchr(rest->bytes, '\n', rest->len) : NULL;
	struct slice ret = slice_of(rest->bytes, end ? (size_t)(end - rest->bytes) : rest->len);

	*rest =
	    slice_of(rest->bytes + ret.len + (end != NULL), rest->len - ret.len - (end != NULL));
	return ret;
}

/* Data as deep as JSON may be are one level too deep inside of an event. */
static size_t count_open(struct slice bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes.len; i++)
		count += bytes.bytes[i] == '{' || bytes.bytes[i] == '[';
	return count;
}

static void read_binary(struct slice bytes, struct arena *arena)
{
	struct ing_attribute attributes[ING_ATTRIBUTES_MAX];
	struct ing_fault fault;
	size_t count = 0;
	struct slice json;

	while (bytes.len && count < ING_ATTRIBUTES_MAX) {
		struct slice name = line(&bytes);

		if (name.len == 0)
			break;
		attributes[count++] = (struct ing_attribute){name, line(&bytes)};
	}
	if (ing_binary_event(attributes, count, bytes, arena, &json, &fault) == 0 &&
	    !json_is_strict(json) && count_open(bytes) < JSON_DEPTH_MAX)
		abort();
}

static void check_signature(struct slice bytes, struct arena *arena)
{
	static struct ing_sources sources;
	struct slice id = line(&bytes), timestamp = line(&bytes), signatures = line(&bytes);
	const struct ing_webhook webhook = {arena_copy(arena, id.bytes, id.len),
					    arena_copy(arena, timestamp.bytes, timestamp.len),
					    arena_copy(arena, signatures.bytes, signatures.len)};
	const struct ing_types *types;
	struct err err;

	if (sources.count == 0 &&
	    ing_sources_parse(slice_text("a=whsec_AAAABBBBCCCCDDDDEEEE"), &sources, &err) < 0)
		abort();
	/* Nobody guesses a signature. */
	if (ing_webhook_source(&sources, &webhook, bytes, 0, arena, &types, &err) >= 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct slice bytes = slice_of(data, size);

	if (size == 0)
		return 0;
	decode(ING_GZIP, bytes, &arena);
	decode(ING_DEFLATE, bytes, &arena);
	read_binary(bytes, &arena);
	check_signature(bytes, &arena);
	arena_free(&arena);
	return 0;
}
