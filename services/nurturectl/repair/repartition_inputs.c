/* repartition_inputs.c - see repartition.h; what was not read goes where its customer is now. */
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/tick.h"
#include "common/stream/arrived.h"
#include "common/stream/only.h"
#include "common/stream/stream.h"
#include "common/message/event.h"
#include "repartition.h"

const char *const repartition_topics[REPARTITION_TOPICS] = {
    "events",           "requests",          "asks",           "dispatch", "profile-handovers",
    "ladder-handovers", "contact-handovers", "desk-handovers", "tasks"};

/* Who reads one topic, and from where on one partition. */
struct readers {
	struct repartition *all;
	struct repair *services[POSITION_SERVICES];
	int64_t from[POSITION_SERVICES];
	struct metadata metadata[POSITION_SERVICES];
	int count;
	int mover; /* the one that moves what is on a wrong partition; -1: nobody does */
	struct arena arena;
};

/* Finds where a service reads on: its group's offset, its checkpoint's, or the beginning. */
static int find_position(struct repair *repair, unsigned input, int32_t partition,
			 const Nurture__V1__PartitionCheckpoint *checkpoint, int64_t *ret,
			 struct err *err)
{
	int64_t first, end;

	if (offline_bounds(repair->offline, repair->inputs[input], partition, &first, &end, err) <
	    0)
		return -1;
	*ret = repair->positions.items[(int32_t)input * repair->positions.partitions + partition]
		   .offset;
	if (*ret < 0 && checkpoint && input < checkpoint->n_inputs)
		*ret = checkpoint->inputs[input]->offset;
	if (*ret < first)
		*ret = first;
	if (*ret > end)
		return err_config(err,
				  "%s, partition %d: read up to %lld, and it ends at %lld: see "
				  "nurturectl accept",
				  repair->inputs[input], (int)partition, (long long)*ret,
				  (long long)end);
	return 0;
}

static bool skips(const struct metadata *metadata, int64_t offset)
{
	for (unsigned i = 0; i < metadata->skip_count; i++)
		if (metadata->skips[i] == offset)
			return true;
	return false;
}

/*
 * Where many producers are merged by time, what was taken stands behind the offset as well: what
 * comes before the merge point.
 */
static bool was_merged(struct readers *readers, const struct metadata *metadata,
		       const struct offline_record *record)
{
	struct merge_point at = {.offset = record->offset};
	struct slice customer;
	struct err ignored;

	if (metadata->lane_count == 0 || record->is_tick ||
	    record->offset >= metadata->again_until ||
	    stream_identify_internal(record->key, record->value, true, &readers->arena, &customer,
				     &at.time_ms, &ignored) < 0)
		return false;
	at.lane = stream_producer_of(offline_header(record, PRODUCER_HEADER), metadata->lane_count,
				     record->partition);
	return merge_point_covers(&metadata->point, &at);
}

/*
 * Who still has to read the record, as the header that says so; .len 0: nobody.
 * What was on a wrong partition is moved by one service for all: before that
 * one has seen it everybody waits for it, afterwards nobody does.
 */
static struct slice who_needs(struct readers *readers, const struct offline_record *record,
			      bool is_misrouted, int *ret_count)
{
	char *names = arena_zalloc(&readers->arena, ONLY_MAX_BYTES);
	bool moved = readers->mover < 0 || record->offset < readers->from[readers->mover];

	*ret_count = 0;
	for (int i = 0; i < readers->count; i++) {
		bool needs = is_misrouted ? !moved
					  : record->offset >= readers->from[i] &&
						!skips(&readers->metadata[i], record->offset) &&
						!was_merged(readers, &readers->metadata[i], record);

		if (!needs)
			continue;
		if (names[0])
			strcat(names, " ");
		strcat(names, readers->services[i]->service->name);
		++*ret_count;
	}
	return slice_text(names);
}

static struct slice customer_of(struct readers *readers, const struct offline_record *record)
{
	struct slice customer = record->key;
	int64_t ignored_ms;
	struct err ignored;

	if (customer.len == 0 &&
	    event_peek(record->value, &readers->arena, &customer, &ignored_ms, &ignored) < 0)
		customer.len = 0;
	if (customer.len > 0 && customer.bytes[0] == '\0')
		customer.len = 0;
	return customer;
}

/* When the record came first, since the copy is stamped when it is made. */
static struct slice arrival_of(struct readers *readers, const struct offline_record *record)
{
	int64_t first_ms =
	    arrived_first(offline_header(record, ARRIVED_HEADER), record->stamped_ms);

	return slice_text(arena_printf(&readers->arena, "%lld", (long long)first_ms));
}

static int copy(void *context, const struct offline_record *record, struct err *err)
{
	struct readers *readers = context;
	struct repartition *all = readers->all;
	struct kafka_header more[2], only = {.name = ONLY_HEADER};
	struct slice customer;
	size_t more_count = 0;
	int32_t to = record->partition;
	int count;

	arena_reset(&readers->arena);
	customer = record->is_tick ? slice_of(NULL, 0) : customer_of(readers, record);
	only.value = who_needs(
	    readers, record,
	    customer.len > 0 && partition_of(customer, all->before) != record->partition, &count);
	if (count == 0)
		return 0;
	if (customer.len > 0)
		to = partition_of(customer, all->after);
	if (count < readers->count)
		more[more_count++] = only;
	if (record->stamped_ms > 0)
		more[more_count++] =
		    (struct kafka_header){ARRIVED_HEADER, arrival_of(readers, record)};
	do {
		if (offline_forward(all->offline, record, to, more, more_count, err) < 0)
			return -1;
		all->records += !record->is_tick;
		/* Time passes on all partitions that came from this one. */
		to += all->before;
	} while (record->is_tick && to < all->after);
	return 0;
}

/* What the group would say of the merge, had it not forgotten it. */
static void take_merge(const Nurture__V1__PartitionCheckpoint *checkpoint, unsigned input,
		       struct metadata *metadata)
{
	const Nurture__V1__InputCheckpoint *from;

	if (!checkpoint || input >= checkpoint->n_inputs)
		return;
	from = checkpoint->inputs[input];
	metadata->lane_count = from->n_lanes <= LANES_MAX ? (unsigned)from->n_lanes : 0;
	metadata->point =
	    (struct merge_point){from->point_ms, from->point_lane, from->point_offset};
	metadata->again_until = from->again_until;
}

/* Finds where one of a service's inputs is read on; it may be known from the checkpoint alone. */
static int add_reader(struct readers *readers, struct repair *repair, unsigned input,
		      int32_t partition, struct err *err)
{
	Nurture__V1__PartitionCheckpoint *checkpoint = NULL;
	int at = readers->count;

	if (!repair_metadata(repair, input, partition, &readers->metadata[at])) {
		if (repair_checkpoint(repair, partition, &checkpoint, err) < 0)
			return -1;
		take_merge(checkpoint, input, &readers->metadata[at]);
	}
	if (find_position(repair, input, partition, checkpoint, &readers->from[at], err) < 0)
		return -1;
	if (strcmp(repair->service->name, "segmenter") == 0)
		readers->mover = at;
	readers->services[readers->count++] = repair;
	return 0;
}

static int find_readers(struct repartition *all, int topic, int32_t partition,
			struct readers *readers, struct err *err)
{
	*readers = (struct readers){.all = all, .mover = -1};
	for (int s = 0; s < POSITION_SERVICES; s++) {
		struct repair *repair = &all->services[s];

		if (positions_is_absent(&repair->positions))
			continue;
		for (unsigned i = 0; i < repair->positions.input_count; i++) {
			if (strcmp(repair->service->inputs[i], repartition_topics[topic]) == 0 &&
			    add_reader(readers, repair, i, partition, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int copy_partition(struct repartition *all, int topic, int32_t partition, struct err *err)
{
	char name[TOPIC_NAME_BYTES];
	int64_t first, end, from;
	struct readers readers;
	int r = find_readers(all, topic, partition, &readers, err);

	settings_topic(all->settings, repartition_topics[topic], name);
	if (r == 0)
		r = offline_bounds(all->offline, name, partition, &first, &end, err);
	if (r < 0)
		return -1;
	from = end;
	for (int i = 0; i < readers.count; i++)
		from = readers.from[i] < from ? readers.from[i] : from;
	r = offline_scan(all->offline, name, partition, from, end, copy, &readers, err);
	all->ends[topic * all->before + partition] = end;
	arena_free(&readers.arena);
	return r;
}

int repartition_inputs(struct repartition *all, struct err *err)
{
	all->ends = calloc((size_t)all->before * REPARTITION_TOPICS, sizeof(*all->ends));
	if (!all->ends)
		abort();
	for (int topic = 0; topic < REPARTITION_TOPICS; topic++)
		for (int32_t p = 0; p < all->before; p++)
			if (copy_partition(all, topic, p, err) < 0)
				return -1;
	return 0;
}
