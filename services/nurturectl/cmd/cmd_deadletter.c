/* cmd_deadletter.c - what was set aside: why, by whom, and when. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/base/civil.h"
#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/io/kafka/topic_reader.h"
#include "services/nurturectl/explain/shown.h"

enum { WAIT_MS = 30000, LIMIT_MAX = 100000, LINE_MAX_BYTES = 16 << 20 };

struct deadletter_values {
	int64_t since_ms, limit;
	bool json, values;
};

static const struct command_option options[] = {
    {"since", OPTION_TIME_MS, offsetof(struct deadletter_values, since_ms), "T", NULL, false, 0, 0,
     "only what was set aside from then on"},
    {"limit", OPTION_NUMBER, offsetof(struct deadletter_values, limit), "N", "20", false, 1,
     LIMIT_MAX, "so many at most, the newest"},
    {"json", OPTION_FLAG, offsetof(struct deadletter_values, json), NULL, NULL, false, 0, 0,
     "a JSON object a line"},
    {"values", OPTION_FLAG, offsetof(struct deadletter_values, values), NULL, NULL, false, 0, 0,
     "with what people said: the record, its key and all of the reason"},
    {0}};

struct letter {
	int64_t time_ms, offset;
	int32_t partition;
	/* On the heap, ended by a NUL; "" when the record has none. */
	char *reason, *service, *topic, *from_partition, *from_offset, *key;
	char *value; /* NULL: it is not to be shown */
	size_t value_len;
};

/* The newest of what was read so far are among them. */
struct letters {
	struct letter *items;
	size_t count, max; /* max of them are wanted; there is room for twice as many */
};

static char *copy_of(struct slice bytes)
{
	char *ret = malloc(bytes.len + 1);

	if (!ret)
		abort();
	if (bytes.len)
		memcpy(ret, bytes.bytes, bytes.len);
	ret[bytes.len] = '\0';
	return ret;
}

static void free_letter(struct letter *letter)
{
	free(letter->reason);
	free(letter->service);
	free(letter->topic);
	free(letter->from_partition);
	free(letter->from_offset);
	free(letter->key);
	free(letter->value);
}

static struct letter letter_of(const struct topic_reader *reader, const struct topic_record *record,
			       bool with_value)
{
	return (struct letter){
	    .time_ms = record->time_ms,
	    .offset = record->offset,
	    .partition = record->partition,
	    .reason = copy_of(topic_reader_header(reader, "nurture-reason")),
	    .service = copy_of(topic_reader_header(reader, "nurture-service")),
	    .topic = copy_of(topic_reader_header(reader, "nurture-topic")),
	    .from_partition = copy_of(topic_reader_header(reader, "nurture-partition")),
	    .from_offset = copy_of(topic_reader_header(reader, "nurture-offset")),
	    .key = copy_of(record->key),
	    .value = with_value ? copy_of(record->value) : NULL,
	    .value_len = record->value.len};
}

/* The newest first. */
static int compare(const void *first, const void *second)
{
	const struct letter *a = first, *b = second;

	if (a->time_ms != b->time_ms)
		return a->time_ms > b->time_ms ? -1 : 1;
	if (a->partition != b->partition)
		return a->partition < b->partition ? -1 : 1;
	return a->offset > b->offset ? -1 : a->offset < b->offset;
}

static void keep_newest(struct letters *letters)
{
	qsort(letters->items, letters->count, sizeof(*letters->items), compare);
	while (letters->count > letters->max)
		free_letter(&letters->items[--letters->count]);
}

static void keep(struct letters *letters, struct letter letter)
{
	letters->items[letters->count++] = letter;
	if (letters->count == 2 * letters->max)
		keep_newest(letters);
}

static int read_letters(const struct invocation *call, struct letters *ret, struct err *err)
{
	const struct deadletter_values *values = call->values;
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options wanted = {
	    .brokers = call->settings->common.brokers,
	    .topic = settings_topic(call->settings, "deadletter", topic)};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) > 0)
		if (values->since_ms == OPTION_ABSENT || record.time_ms >= values->since_ms)
			keep(ret, letter_of(reader, &record, values->values));
	topic_reader_close(&reader);
	keep_newest(ret);
	return r;
}

/* Keys may be addresses: what people said is not shown unasked. */
static struct slice key_shown(const struct letter *letter, bool with_values)
{
	return slice_text(with_values || !strchr(letter->key, '@') ? letter->key : "(an address)");
}

/* The reason, as much of it as may be shown. */
static struct slice reason_of(const struct letter *letter, bool with_values, struct buf *scratch)
{
	buf_reset(scratch);
	if (with_values)
		put_shown(scratch, slice_text(letter->reason));
	else
		put_reason(scratch, slice_text(letter->reason));
	return buf_slice(scratch);
}

static void put_member(struct buf *out, const char *name, struct slice text)
{
	char shown[TEXT_SHOWN_BYTES];

	json_put_key(out, name);
	json_put_text(out, text_is_utf8(text) ? text : slice_text(text_shown(text, shown)));
}

/* As it came: JSON's own escapes make it harmless, and base64 what is no text. */
static void put_value(const struct letter *letter, struct buf *out)
{
	struct slice value = slice_of(letter->value, letter->value_len);
	char *text;

	if (text_is_utf8(value)) {
		put_member(out, "value", value);
		return;
	}
	text = malloc((value.len + 2) / 3 * 4 + 1);
	if (!text)
		abort();
	base64_write(value.bytes, value.len, text);
	put_member(out, "value_base64", slice_text(text));
	free(text);
}

static void put_json(const struct letter *letter, struct slice reason, bool with_values,
		     struct buf *out)
{
	char at[RFC3339_BYTES];

	buf_char(out, '{');
	put_member(out, "time", slice_text(rfc3339_text(letter->time_ms, at)));
	put_member(out, "service", slice_text(letter->service));
	put_member(out, "reason", reason);
	put_member(out, "key", key_shown(letter, with_values));
	put_member(out, "topic", slice_text(letter->topic));
	put_member(out, "partition", slice_text(letter->from_partition));
	put_member(out, "offset", slice_text(letter->from_offset));
	json_put_key(out, "bytes");
	buf_printf(out, "%zu", letter->value_len);
	if (with_values)
		put_value(letter, out);
	buf_text(out, "}\n");
}

static void put_text(const struct letter *letter, struct slice reason, bool with_values,
		     struct buf *out)
{
	char at[RFC3339_BYTES];

	buf_printf(out, "%s  ", rfc3339_text(letter->time_ms, at));
	put_shown(out, slice_text(letter->service[0] ? letter->service : "(nobody says who)"));
	if (letter->topic[0]) {
		buf_text(out, ", of ");
		put_shown(out, slice_text(letter->topic));
		buf_char(out, '@');
		put_shown(out, slice_text(letter->from_partition));
		buf_char(out, ':');
		put_shown(out, slice_text(letter->from_offset));
	}
	buf_text(out, ", key ");
	put_shown(out, key_shown(letter, with_values));
	buf_printf(out, ", %zu bytes\n    ", letter->value_len);
	if (reason.len)
		buf_add(out, reason.bytes, reason.len);
	else
		buf_text(out, "(no reason)");
	if (with_values) {
		buf_text(out, "\n    ");
		put_shown(out, slice_of(letter->value, letter->value_len));
	}
	buf_char(out, '\n');
}

static void print(const struct letters *letters, const struct deadletter_values *values)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES), scratch = BUF_MAX(LINE_MAX_BYTES);

	for (size_t i = 0; i < letters->count; i++) {
		const struct letter *letter = &letters->items[i];
		struct slice reason = reason_of(letter, values->values, &scratch);

		buf_reset(&line);
		if (values->json)
			put_json(letter, reason, values->values, &line);
		else
			put_text(letter, reason, values->values, &line);
		fwrite(line.bytes, 1, line.len, stdout);
	}
	buf_free(&line);
	buf_free(&scratch);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct deadletter_values *values = call->values;
	struct letters letters = {.max = (size_t)values->limit};
	int r;

	letters.items = calloc(2 * letters.max, sizeof(*letters.items));
	if (!letters.items)
		abort();
	r = read_letters(call, &letters, err);
	if (r == 0)
		print(&letters, values);
	if (r == 0 && letters.count == 0 && !values->json)
		puts("nothing was set aside");
	for (size_t i = 0; i < letters.count; i++)
		free_letter(&letters.items[i]);
	free(letters.items);
	return r;
}

const struct command cmd_deadletter = {
    .name = "deadletter",
    .line = "what was set aside, and why?",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct deadletter_values),
    .text =
	"The newest records of nurture.deadletter, the newest first: when, by which service, from\n"
	"which topic, partition and offset (none when a door set it aside), its key and the\n"
	"reason. What people said stays hidden unless --values is given: the record itself, what\n"
	"a reason quotes, and a key that is an address. Mend what publishes it, and publish it\n"
	"again with an id of its own. Changes nothing.",
    .run = run,
};
