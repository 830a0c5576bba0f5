/* positions.c - see positions.h. */
#include "positions.h"

#include <stdlib.h>

#include "common/stream/checkpoint.h"

const struct position_service position_services[POSITION_SERVICES] = {
    {"segmenter", {"events", "profile-handovers"}, "profiles", 1, false},
    {"review-solicitor", {"events", "ladder-handovers"}, "ladders", 1, false},
    {"scheduler", {"requests", "asks", "contact-handovers"}, "contacts", 1, false},
    {"email-sender", {"dispatch"}, "deliveries", 0, false},
    {"desk", {"events", "tasks", "desk-handovers"}, "desk", 1, true},
};

static int open_of(const struct settings *settings, const struct position_service *service,
		   bool may_differ, struct positions *ret, struct err *err)
{
	char group[TOPIC_NAME_BYTES], names[KAFKA_INPUTS_MAX][TOPIC_NAME_BYTES];
	const char *topics[KAFKA_INPUTS_MAX];
	struct positions positions = {.service = service};
	size_t count;

	for (unsigned i = 0; i < KAFKA_INPUTS_MAX && service->inputs[i]; i++) {
		topics[i] = settings_topic(settings, service->inputs[i], names[i]);
		positions.input_count++;
	}
	if (group_watch_open(&positions.watch, settings->common.brokers,
			     settings_topic(settings, service->name, group), topics,
			     positions.input_count, may_differ, err) < 0)
		return -1;
	positions.partitions = group_watch_partitions(positions.watch);
	count = (size_t)positions.partitions * positions.input_count;
	positions.items = calloc(count, sizeof(*positions.items));
	positions.raw = calloc(count, sizeof(*positions.raw));
	if (!positions.items || !positions.raw)
		abort();
	*ret = positions;
	return 0;
}

int positions_open(const struct settings *settings, const struct position_service *service,
		   struct positions *ret, struct err *err)
{
	return open_of(settings, service, false, ret, err);
}

int positions_open_common(const struct settings *settings, const struct position_service *service,
			  struct positions *ret, struct err *err)
{
	return open_of(settings, service, true, ret, err);
}

int positions_read(struct positions *positions, struct err *err)
{
	size_t count = (size_t)positions->partitions * positions->input_count;

	if (group_watch_read(positions->watch, positions->raw, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct position *position = &positions->items[i];
		struct metadata metadata = {0};

		*position = (struct position){.offset = positions->raw[i].offset};
		position->is_known =
		    position->offset >= 0 && metadata_read(positions->raw[i].metadata, &metadata);
		position->number = metadata.number;
		position->clock_ms = metadata.clock_ms;
		position->decided_ms = metadata.decided_ms;
		position->misrouted_count = metadata.misrouted_count;
	}
	return 0;
}

bool positions_is_absent(const struct positions *positions)
{
	size_t count = (size_t)positions->partitions * positions->input_count;

	if (!positions->service->is_optional)
		return false;
	for (size_t i = 0; i < count; i++)
		if (positions->items[i].offset >= 0)
			return false;
	return true;
}

void positions_close(struct positions *positions)
{
	group_watch_close(&positions->watch);
	free(positions->items);
	free(positions->raw);
	*positions = (struct positions){0};
}
