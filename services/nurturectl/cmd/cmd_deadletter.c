/* cmd_deadletter.c - what was set aside: why, by whom, and when. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/io/kafka/topic_reader.h"

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
     "with what people said: the record, its key and all of the reason, as they came"},
    {0}};

struct letter {
	int64_t time_ms, offset;
	int32_t partition;
	/* On the heap, ended by a NUL; "" when the record has none. */
	char *reason, *service, *topic, *from_partition, *from_offset, *key, *value;
	size_t value_len;
};

/* The newest so far, the newest first. */
struct letters {
	struct letter *items;
	size_t count, max;
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

static struct letter letter_of(const struct topic_reader *reader, const struct topic_record *record)
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
	    .value = copy_of(record->value),
	    .value_len = record->value.len};
}

static bool is_newer(const struct topic_record *record, const struct letter *letter)
{
	if (record->time_ms != letter->time_ms)
		return record->time_ms > letter->time_ms;
	if (record->partition != letter->partition)
		return record->partition < letter->partition;
	return record->offset > letter->offset;
}

static void keep(struct letters *letters, const struct topic_reader *reader,
		 const struct topic_record *record)
{
	size_t at = letters->count;

	if (at == letters->max && !is_newer(record, &letters->items[at - 1]))
		return;
	if (at == letters->max)
		free_letter(&letters->items[--at]);
	for (; at > 0 && is_newer(record, &letters->items[at - 1]); at--)
		letters->items[at] = letters->items[at - 1];
	letters->items[at] = letter_of(reader, record);
	letters->count += letters->count < letters->max;
}

static int read_letters(const struct invocation *call, struct letters *ret, struct err *err)
{
	const struct deadletter_values *values = call->values;
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options wanted = {
	    .brokers = call->settings->common.brokers,
	    .topic = settings_topic(call->settings, "deadletter", topic),
	    .newest = values->limit};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) > 0)
		if (values->since_ms == OPTION_ABSENT || record.time_ms >= values->since_ms)
			keep(ret, reader, &record);
	topic_reader_close(&reader);
	return r;
}

/* Reasons quote what they found, and keys may be addresses: what people said is not shown unasked. */
static char *without_values(const char *text)
{
	static const char hidden[] = "\"...\"";
	size_t len = strlen(text), to = 0;
	char *ret = malloc(len * 2 + sizeof(hidden));

	if (!ret)
		abort();
	for (size_t at = 0; at < len;) {
		const char *end = text[at] == '"' ? strchr(text + at + 1, '"') : NULL;

		if (end) {
			memcpy(ret + to, hidden, sizeof(hidden) - 1);
			to += sizeof(hidden) - 1;
			at = (size_t)(end - text) + 1;
		} else if (text[at] == '"') {
			break; /* it was cut off in the middle of what it quotes */
		} else {
			ret[to++] = text[at++];
		}
	}
	ret[to] = '\0';
	return ret;
}

static const char *key_shown(const struct letter *letter, bool with_values)
{
	return with_values || !strchr(letter->key, '@') ? letter->key : "(an address)";
}

static void put_member(struct buf *out, const char *name, const char *text)
{
	char shown[TEXT_SHOWN_BYTES];

	json_put_key(out, name);
	json_put_text(out, text_is_utf8(slice_text(text))
			       ? slice_text(text)
			       : slice_text(text_shown(slice_text(text), shown)));
}

static void put_json(const struct letter *letter, const char *reason, bool with_values,
		     struct buf *out)
{
	char at[RFC3339_BYTES];

	buf_char(out, '{');
	put_member(out, "time", rfc3339_text(letter->time_ms, at));
	put_member(out, "service", letter->service);
	put_member(out, "reason", reason);
	put_member(out, "key", key_shown(letter, with_values));
	put_member(out, "topic", letter->topic);
	put_member(out, "partition", letter->from_partition);
	put_member(out, "offset", letter->from_offset);
	json_put_key(out, "bytes");
	buf_printf(out, "%zu", letter->value_len);
	if (with_values)
		put_member(out, "value", letter->value);
	buf_text(out, "}\n");
}

static void put_text(const struct letter *letter, const char *reason, bool with_values,
		     struct buf *out)
{
	char at[RFC3339_BYTES], shown[TEXT_SHOWN_BYTES];

	buf_printf(out, "%s  %s", rfc3339_text(letter->time_ms, at),
		   letter->service[0] ? letter->service : "(nobody says who)");
	if (letter->topic[0])
		buf_printf(out, ", of %s@%s:%s", letter->topic, letter->from_partition,
			   letter->from_offset);
	buf_printf(out, ", key %s, %zu bytes\n    %s\n",
		   text_shown(slice_text(key_shown(letter, with_values)), shown), letter->value_len,
		   reason[0] ? reason : "(no reason)");
	if (with_values && text_is_utf8(slice_of(letter->value, letter->value_len)))
		buf_printf(out, "    %s\n", letter->value);
	else if (with_values)
		buf_text(out, "    (not text)\n");
}

static void print(const struct letters *letters, const struct deadletter_values *values)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);

	for (size_t i = 0; i < letters->count; i++) {
		const struct letter *letter = &letters->items[i];
		char *reason =
		    values->values ? strdup(letter->reason) : without_values(letter->reason);

		buf_reset(&line);
		if (values->json)
			put_json(letter, reason, values->values, &line);
		else
			put_text(letter, reason, values->values, &line);
		fwrite(line.bytes, 1, line.len, stdout);
		free(reason);
	}
	buf_free(&line);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct deadletter_values *values = call->values;
	struct letters letters = {.max = (size_t)values->limit};
	int r;

	letters.items = calloc(letters.max, sizeof(*letters.items));
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
