/* cmd_skip.c - for the day when all fails: one record is set aside, and its group goes on behind
 * it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "common/base/text.h"
#include "common/stream/dead_letter.h"
#include "services/nurturectl/repair/repair.h"

#define REASON "skipped by hand"

struct skip_values {
	const char *service;
	bool yes;
};

static const struct command_option options[] = {
    {"service", OPTION_TEXT, offsetof(struct skip_values, service), "NAME", NULL, false, 0, 0,
     "who is to pass it over; needed where two read the topic"},
    {"yes", OPTION_FLAG, offsetof(struct skip_values, yes), NULL, NULL, false, 0, 0,
     "really; without it nothing is changed"},
    {0}};

struct skip {
	struct repair repair;
	unsigned input;
	int64_t partition, offset;
	bool yes, was_read, is_lost; /* read, and it could not be set aside */
};

/* Who reads the topic; -1 when it is not clear. */
static int find_reader(struct skip *skip, const struct settings *settings, const char *topic,
		       const char *name, const struct position_service **ret, struct err *err)
{
	char full[TOPIC_NAME_BYTES];

	*ret = NULL;
	if (name && !repair_service(name, err))
		return -1;
	for (int s = 0; s < POSITION_SERVICES; s++) {
		const struct position_service *service = &position_services[s];

		for (unsigned i = 0; i < KAFKA_INPUTS_MAX && service->inputs[i]; i++) {
			if (strcmp(topic, service->inputs[i]) != 0 &&
			    strcmp(topic, settings_topic(settings, service->inputs[i], full)) != 0)
				continue;
			if (name && strcmp(name, service->name) != 0)
				continue;
			if (*ret)
				return err_config(err,
						  "%s is read by the %s and the %s: say which "
						  "with --service",
						  topic, (*ret)->name, service->name);
			*ret = service;
			skip->input = i;
		}
	}
	return *ret ? 0
		    : err_config(err, "%s: no service reads it%s%s", topic,
				 name ? ", not the " : "", name ? name : "");
}

/* Writes the record as it came, if the topic takes that, else shortened. */
static int put_letter(struct skip *skip, const struct offline_record *record, const char *topic,
		      struct err *err)
{
	struct arena *arena = &skip->repair.arena;
	struct dead_letter letter = {.key = record->key, .value = record->value}, ours = {0};
	const char *service = skip->repair.service->name;
	size_t max_bytes;

	if (offline_record_max_bytes(skip->repair.offline, topic, &max_bytes, err) < 0)
		return -1;
	letter.header_count = offline_headers(record, letter.headers, DEAD_HEADERS_KEPT);
	dead_letter_say(&ours, arena, record->topic, record->partition, record->offset, REASON,
			service);
	if (!dead_letter_fits(
		kafka_bytes_of(letter.key, letter.value, letter.headers, letter.header_count),
		&ours, max_bytes))
		dead_letter_shorten(&letter, arena);
	dead_letter_say(&letter, arena, record->topic, record->partition, record->offset, REASON,
			service);
	return offline_put(skip->repair.offline, topic, record->partition, letter.key, letter.value,
			   letter.headers, letter.header_count, err);
}

static int keep(void *context, const struct offline_record *record, struct err *err)
{
	struct skip *skip = context;
	char topic[TOPIC_NAME_BYTES];

	if (record->offset != skip->offset)
		return 0;
	skip->was_read = true;
	printf("the record has a key of %zu bytes and a value of %zu\n", record->key.len,
	       record->value.len);
	if (!skip->yes)
		return 0;
	skip->is_lost =
	    put_letter(skip, record, settings_topic(skip->repair.settings, "deadletter", topic),
		       err) < 0;
	return skip->is_lost ? -1 : 0;
}

/*
 * At the group's position the group moves on; for a later record the service is told to pass it
 * over.
 */
static int move(struct skip *skip, int64_t position, struct metadata *metadata, struct err *err)
{
	struct offline_position to = {.topic = skip->repair.inputs[skip->input],
				      .partition = (int32_t)skip->partition,
				      .offset = position};

	if (position == skip->offset) {
		to.offset++;
		metadata->stamp_ms = 0;
	} else if (metadata->skip_count == SKIPS_MAX) {
		return err_config(err,
				  "%d records ahead are to be passed over already: let the "
				  "service come to them first",
				  SKIPS_MAX);
	} else {
		metadata->skips[metadata->skip_count++] = skip->offset;
	}
	if (!skip->yes)
		return 0;
	metadata_write(to.metadata, metadata);
	return offline_set_positions(skip->repair.offline, skip->repair.group, &to, 1, err);
}

/* A record that cannot be read can be passed over as well, but nothing of it is kept. */
static int set_aside(struct skip *skip, const char *topic, struct err *err)
{
	int r = offline_scan(skip->repair.offline, topic, (int32_t)skip->partition, skip->offset,
			     skip->offset + 1, keep, skip, err);

	if (skip->is_lost)
		return -1;
	if (r < 0)
		printf("the record cannot be read: %s\n", err->text);
	else if (!skip->was_read)
		puts("there is no committed record at this offset");
	return 0;
}

static int look(struct skip *skip, struct err *err)
{
	struct repair *repair = &skip->repair;
	const char *topic = repair->inputs[skip->input];
	int32_t p = (int32_t)skip->partition;
	struct metadata metadata = {.clock_ms = INT64_MIN,
				    .progress_ms = INT64_MIN,
				    .decided_ms = INT64_MIN,
				    .changelog_offset = -1};
	int64_t first, end, position;

	if (p >= repair->positions.partitions)
		return err_config(err, "%s has %d partitions", topic,
				  (int)repair->positions.partitions);
	if (offline_bounds(repair->offline, topic, p, &first, &end, err) < 0)
		return -1;
	position =
	    repair->positions.items[(int32_t)skip->input * repair->positions.partitions + p].offset;
	if (position < first)
		position = first;
	if (skip->offset < position || skip->offset >= end)
		return err_config(err,
				  "the %s is at offset %" PRId64 " of %s, partition %d, which "
				  "ends at %" PRId64 ": expected an offset between them",
				  repair->service->name, position, topic, (int)p, end);
	(void)repair_metadata(repair, skip->input, p, &metadata);
	if (set_aside(skip, topic, err) < 0)
		return -1;
	return move(skip, position, &metadata, err);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct skip_values *values = call->values;
	const struct position_service *service;
	struct skip skip = {.yes = values->yes};
	struct offline *offline = NULL;
	int r;

	if (text_int64(slice_text(call->arguments[1]), 0, INT32_MAX, &skip.partition, err) < 0 ||
	    text_int64(slice_text(call->arguments[2]), 0, INT64_MAX - 1, &skip.offset, err) < 0)
		return err_config(err, "expected TOPIC PARTITION OFFSET, the last two as numbers");
	if (find_reader(&skip, call->settings, call->arguments[0], values->service, &service, err) <
		0 ||
	    repair_offline(call->settings, &offline, err) < 0)
		return -1;
	r = repair_open(&skip.repair, call->settings, offline, service, err);
	if (r == 0)
		r = look(&skip, err);
	if (r == 0 && skip.yes)
		r = offline_commit(offline, err);
	if (r == 0)
		puts(!skip.yes       ? "nothing was changed; say --yes"
		     : skip.was_read ? "it will be passed over, and is with the dead letters"
				     : "it will be passed over");
	repair_close(&skip.repair);
	offline_close(&offline);
	return r < 0 ? r : skip.yes ? 0 : EXIT_NO;
}

const struct command cmd_skip = {
    .name = "skip",
    .line = "set one record aside that stops a service",
    .arguments = "TOPIC PARTITION OFFSET",
    .argument_min = 3,
    .argument_max = 3,
    .options = options,
    .values_bytes = sizeof(struct skip_values),
    .text =
	"For the day when all else fails. The service must be stopped. The record goes to\n"
	"nurture.deadletter, if it can be read, and the service passes it over; all others are\n"
	"decided as ever. TOPIC with or without its prefix.",
    .run = run,
};
