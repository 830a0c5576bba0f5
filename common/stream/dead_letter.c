/* dead_letter.c - see dead_letter.h. */
#include "dead_letter.h"

#include <openssl/sha.h>
#include <stdio.h>

#include "stream_internal.h"

enum {
	KEY_KEPT_BYTES = 1024,
	END_KEPT_BYTES = 1024, /* of the value, at either end */
	HEADERS_KEPT_BYTES = 16384,
	SHA256_HEX_BYTES = 2 * SHA256_DIGEST_LENGTH + 1,
};

static struct slice number(struct arena *arena, size_t value)
{
	return slice_text(arena_printf(arena, "%zu", value));
}

static struct slice sha256(struct arena *arena, struct slice bytes)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char *text = arena_alloc(arena, SHA256_HEX_BYTES);

	SHA256(bytes.len ? bytes.bytes : (const uint8_t *)"", bytes.len, digest);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return slice_text(text);
}

/* The two ends, with what lies between them left out. */
static struct slice ends_of(struct arena *arena, struct slice value)
{
	uint8_t *bytes;

	if (value.len <= 2 * END_KEPT_BYTES)
		return value;
	bytes = arena_alloc(arena, 2 * END_KEPT_BYTES);
	memcpy(bytes, value.bytes, END_KEPT_BYTES);
	memcpy(bytes + END_KEPT_BYTES, value.bytes + value.len - END_KEPT_BYTES, END_KEPT_BYTES);
	return slice_of(bytes, 2 * END_KEPT_BYTES);
}

static size_t keep_headers(const struct kafka_header *theirs, size_t found,
			   struct kafka_header *ret)
{
	size_t kept = 0, bytes = 0;

	for (size_t i = 0; i < found && kept < DEAD_HEADERS_KEPT; i++) {
		size_t more = kafka_bytes_of(slice_of(NULL, 0), slice_of(NULL, 0), &theirs[i], 1);

		if (bytes + more > HEADERS_KEPT_BYTES)
			continue;
		bytes += more;
		ret[kept++] = theirs[i];
	}
	return kept;
}

void dead_letter_shorten(struct dead_letter *letter, struct arena *arena)
{
	struct slice key = letter->key, value = letter->value;
	struct kafka_header *headers = letter->headers;
	size_t count = keep_headers(headers, letter->header_count, headers);

	headers[count++] = (struct kafka_header){"nurture-key-bytes", number(arena, key.len)};
	headers[count++] = (struct kafka_header){"nurture-value-bytes", number(arena, value.len)};
	headers[count++] = (struct kafka_header){"nurture-value-sha256", sha256(arena, value)};
	letter->header_count = count;
	letter->value = ends_of(arena, value);
	if (key.len > KEY_KEPT_BYTES)
		letter->key.len = KEY_KEPT_BYTES;
}

void dead_letter_say(struct dead_letter *letter, struct arena *arena, const char *topic,
		     int32_t partition, int64_t offset, const char *reason, const char *service)
{
	const struct kafka_header ours[DEAD_HEADERS_OWN] = {
	    {"nurture-topic", slice_text(topic)},
	    {"nurture-partition", slice_text(arena_printf(arena, "%d", (int)partition))},
	    {"nurture-offset", slice_text(arena_printf(arena, "%lld", (long long)offset))},
	    {"nurture-reason", slice_text(arena_text(arena, reason))},
	    {"nurture-service", slice_text(service)},
	};

	memcpy(letter->headers + letter->header_count, ours, sizeof(ours));
	letter->header_count += DEAD_HEADERS_OWN;
}

bool dead_letter_fits(size_t record_bytes, const struct dead_letter *said, size_t max_bytes)
{
	return record_bytes +
		   kafka_bytes_of(said->key, said->value, said->headers, said->header_count) <=
	       max_bytes;
}

static void add_letter(struct stream *stream, int32_t partition, const struct dead_letter *letter)
{
	outputs_add(&stream->kept, &stream->arena,
		    &(struct output){.topic = stream->dead_output,
				     .partition = partition,
				     .key = letter->key,
				     .value = letter->value,
				     .headers = letter->headers,
				     .header_count = letter->header_count});
}

static void add_short(struct stream *stream, const struct kafka_record *record, const char *reason)
{
	struct dead_letter letter = {.key = record->key, .value = record->value};

	letter.header_count = kafka_record_headers(record, letter.headers, DEAD_HEADERS_KEPT);
	dead_letter_shorten(&letter, &stream->arena);
	dead_letter_say(&letter, &stream->arena, stream->inputs[record->input], record->partition,
			record->offset, reason, stream->options.service);
	add_letter(stream, record->partition, &letter);
}

void stream_dead_letter(struct stream *stream, const struct kafka_record *record,
			const char *reason)
{
	struct dead_letter ours = {0};

	dead_letter_say(&ours, &stream->arena, stream->inputs[record->input], record->partition,
			record->offset, reason, stream->options.service);
	metric_add(stream->metrics.dead, 1);
	if (!dead_letter_fits(kafka_record_bytes(record), &ours,
			      kafka_record_max_bytes(stream->kafka)))
		add_short(stream, record, reason);
	else
		outputs_add(&stream->kept, &stream->arena,
			    &(struct output){.topic = stream->dead_output,
					     .partition = record->partition,
					     .key = record->key,
					     .from = record,
					     .headers = ours.headers,
					     .header_count = ours.header_count});
}

void stream_dead_step(struct stream *stream, const char *reason)
{
	const struct step *step = &stream->step;
	struct slice value = ends_of(&stream->arena, step->value);
	struct dead_letter letter = {.key = step->customer, .header_count = 2};

	letter.headers[0] =
	    (struct kafka_header){"nurture-reason", slice_text(arena_text(&stream->arena, reason))};
	letter.headers[1] =
	    (struct kafka_header){"nurture-service", slice_text(stream->options.service)};
	letter.value = slice_of(arena_copy(&stream->arena, value.bytes, value.len), value.len);
	metric_add(stream->metrics.dead, 1);
	if (letter.key.len > KEY_KEPT_BYTES)
		letter.key.len = KEY_KEPT_BYTES;
	add_letter(stream, stream->at, &letter);
}
