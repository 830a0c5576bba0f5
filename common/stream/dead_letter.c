/*
 * dead_letter.c - what cannot be understood, or would not fit, is set aside.
 *
 * A dead letter can always be written.  It is the record as it came while that
 * fits into every topic; above it is shortened: the first bytes of the key, the
 * headers that fit, the first and the last KiB of the value, how long both
 * were, and their hash, by which the original can be found while its topic
 * still has it.
 */
#include <openssl/sha.h>
#include <stdio.h>

#include "stream_internal.h"

enum {
	KEY_KEPT_BYTES = 1024,
	END_KEPT_BYTES = 1024,	     /* of the value, at either end */
	HEADERS_KEPT_BYTES = 16384,
	HEADERS_KEPT = 64,
	OWN_HEADERS = 5,
	SHORT_HEADERS = 3,
	SHA256_HEX_BYTES = 2 * SHA256_DIGEST_LENGTH + 1,
};

static struct slice number(struct stream *stream, size_t value)
{
	return slice_text(arena_printf(&stream->arena, "%zu", value));
}

static struct slice sha256(struct stream *stream, struct slice bytes)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char *text = arena_alloc(&stream->arena, SHA256_HEX_BYTES);

	SHA256(bytes.len ? bytes.bytes : (const uint8_t *)"", bytes.len, digest);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return slice_text(text);
}

/* The two ends, with what lies between them left out. */
static struct slice ends_of(struct stream *stream, struct slice value)
{
	uint8_t *bytes;

	if (value.len <= 2 * END_KEPT_BYTES)
		return value;
	bytes = arena_alloc(&stream->arena, 2 * END_KEPT_BYTES);
	memcpy(bytes, value.bytes, END_KEPT_BYTES);
	memcpy(bytes + END_KEPT_BYTES, value.bytes + value.len - END_KEPT_BYTES, END_KEPT_BYTES);
	return slice_of(bytes, 2 * END_KEPT_BYTES);
}

static size_t keep_headers(const struct kafka_record *record, struct kafka_header *ret)
{
	struct kafka_header theirs[HEADERS_KEPT];
	size_t found = kafka_record_headers(record, theirs, HEADERS_KEPT), kept = 0, bytes = 0;

	for (size_t i = 0; i < found; i++) {
		size_t more = kafka_bytes_of(slice_of(NULL, 0), slice_of(NULL, 0), &theirs[i], 1);

		if (bytes + more > HEADERS_KEPT_BYTES)
			continue;
		bytes += more;
		ret[kept++] = theirs[i];
	}
	return kept;
}

static int put_short(struct stream *stream, const struct kafka_record *record,
		     const struct kafka_header *ours, struct err *err)
{
	struct kafka_header headers[HEADERS_KEPT + OWN_HEADERS + SHORT_HEADERS];
	size_t count = keep_headers(record, headers);
	struct slice key = record->key;

	memcpy(headers + count, ours, OWN_HEADERS * sizeof(*ours));
	count += OWN_HEADERS;
	headers[count++] = (struct kafka_header){"nurture-key-bytes", number(stream, key.len)};
	headers[count++] =
		(struct kafka_header){"nurture-value-bytes", number(stream, record->value.len)};
	headers[count++] =
		(struct kafka_header){"nurture-value-sha256", sha256(stream, record->value)};
	if (key.len > KEY_KEPT_BYTES)
		key.len = KEY_KEPT_BYTES;
	return kafka_put(stream->kafka, stream->dead_output, record->partition, key,
			 ends_of(stream, record->value), headers, count, NULL, err);
}

int stream_dead_letter(struct stream *stream, const struct kafka_record *record,
		       const char *reason, struct err *err)
{
	const struct kafka_header ours[OWN_HEADERS] = {
		{"nurture-topic", slice_text(stream->inputs[record->input])},
		{"nurture-partition",
		 slice_text(arena_printf(&stream->arena, "%d", (int)record->partition))},
		{"nurture-offset",
		 slice_text(arena_printf(&stream->arena, "%lld", (long long)record->offset))},
		{"nurture-reason", slice_text(arena_text(&stream->arena, reason))},
		{"nurture-service", slice_text(stream->options.service)},
	};
	const struct slice none = {0};

	metric_add(stream->metrics.dead, 1);
	if (kafka_record_bytes(record) + kafka_bytes_of(none, none, ours, OWN_HEADERS) >
	    kafka_record_max_bytes(stream->kafka))
		return put_short(stream, record, ours, err);
	return kafka_forward(stream->kafka, stream->dead_output, record->partition, record->key,
			     record, ours, OWN_HEADERS, err);
}

int stream_dead_step(struct stream *stream, const char *reason, struct err *err)
{
	const struct step *step = &stream->step;
	struct slice customer = step->customer;
	const struct kafka_header ours[] = {
		{"nurture-reason", slice_text(arena_text(&stream->arena, reason))},
		{"nurture-service", slice_text(stream->options.service)},
	};

	metric_add(stream->metrics.dead, 1);
	if (customer.len > KEY_KEPT_BYTES)
		customer.len = KEY_KEPT_BYTES;
	return kafka_put(stream->kafka, stream->dead_output, stream->at, customer,
			 ends_of(stream, step->value), ours, sizeof(ours) / sizeof(*ours), NULL,
			 err);
}
