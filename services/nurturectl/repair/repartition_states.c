/* repartition_states.c - see repartition.h; a changelog's states, its shared state and its
 * marks. */
#include <string.h>

#include "common/base/hash.h"
#include "common/token/coupon_draws.h"
#include "repartition.h"

/* One old partition of a changelog. */
struct parent {
	struct repartition *all;
	struct repair *repair;
	int32_t id;
	Nurture__V1__PartitionMark *checkpoint;
	struct slice shared; /* in the repair's arena */
};

static int take(void *context, const struct offline_record *record, struct err *err)
{
	struct parent *parent = context;
	struct repartition *all = parent->all;
	struct arena *arena = &parent->repair->arena;
	ProtobufCAllocator allocator = arena_protobuf(arena);
	int32_t to;

	if (slice_equal(record->key, checkpoint_key())) {
		parent->checkpoint = nurture__v1__partition_mark__unpack(
		    &allocator, record->value.len, record->value.bytes);
		return parent->checkpoint
			   ? 0
			   : err_environment(err, "%s: a mark is not readable", record->topic);
	}
	if (slice_equal(record->key, shared_key())) {
		parent->shared = slice_of(arena_copy(arena, record->value.bytes, record->value.len),
					  record->value.len);
		return 0;
	}
	to = partition_of(record->key, all->after);
	if (to == record->partition)
		return 0;
	if (offline_forward(all->offline, record, to, NULL, 0, err) < 0)
		return -1;
	if (!record->value.bytes)
		return 0;
	all->states++;
	return offline_put(all->offline, record->topic, record->partition, record->key,
			   slice_of(NULL, 0), NULL, 0, err);
}

static int share(struct parent *parent, int32_t child, struct err *err)
{
	struct repartition *all = parent->all;
	struct arena *arena = &parent->repair->arena;
	Nurture__V1__CouponDraws *draws;

	if (coupon_draws_decode(parent->shared, arena, &draws, err) < 0)
		return -1;
	coupon_draws_deal(draws, all->before, all->after, child);
	return offline_put(all->offline, parent->repair->changelog, child, shared_key(),
			   coupon_draws_encode(draws, arena), NULL, 0, err);
}

static int input_topic(const char *name)
{
	for (int t = 0; t < REPARTITION_TOPICS; t++)
		if (strcmp(repartition_topics[t], name) == 0)
			return t;
	return -1;
}

/* What the group and the checkpoint say of one partition that the parent becomes. */
static int place_child(struct parent *parent, int32_t child, struct err *err)
{
	struct repartition *all = parent->all;
	struct repair *repair = parent->repair;
	struct offline_position positions[KAFKA_INPUTS_MAX];
	Nurture__V1__InputMark inputs[KAFKA_INPUTS_MAX], *pointers[KAFKA_INPUTS_MAX];
	Nurture__V1__PartitionMark checkpoint = NURTURE__V1__PARTITION_MARK__INIT;
	unsigned count = repair->positions.input_count;
	struct metadata metadata = {.clock_ms = INT64_MIN, .decided_ms = INT64_MIN};
	uint64_t number = parent->checkpoint ? parent->checkpoint->number : 0;
	int64_t clock_ms;

	if (parent->checkpoint) {
		checkpoint = *parent->checkpoint;
		metadata.clock_ms = checkpoint.clock_ms;
	}
	(void)repair_any_metadata(repair, parent->id, &metadata);
	if (metadata.number > number)
		number = metadata.number;
	clock_ms = metadata.clock_ms;
	for (unsigned i = 0; i < count; i++) {
		int64_t first = 0, end;

		if (child != parent->id &&
		    offline_bounds(all->offline, repair->inputs[i], child, &first, &end, err) < 0)
			return -1;
		metadata.progress_ms = parent->checkpoint && i < parent->checkpoint->n_inputs
					   ? parent->checkpoint->inputs[i]->progress_ms
					   : INT64_MIN;
		(void)repair_metadata(repair, i, parent->id, &metadata);
		nurture__v1__input_mark__init(&inputs[i]);
		inputs[i].offset =
		    child == parent->id
			? all->ends[input_topic(repair->service->inputs[i]) * all->before + child]
			: first;
		inputs[i].progress_ms = metadata.progress_ms;
		pointers[i] = &inputs[i];
		metadata.number = number + 1;
		metadata.partitions = all->after;
		metadata.stamp_ms = 0;
		metadata.changelog_offset = -1;
		metadata.skip_count = 0;
		metadata.misrouted_count = 0; /* what was astray is copied to where it belongs */
		positions[i] = (struct offline_position){
		    .topic = repair->inputs[i], .partition = child, .offset = inputs[i].offset};
		metadata_write(positions[i].metadata, &metadata);
	}
	checkpoint.number = number + 1;
	checkpoint.clock_ms = clock_ms;
	checkpoint.inputs = pointers;
	checkpoint.n_inputs = count;
	checkpoint.partitions = (uint32_t)all->after;
	if (repair_put_mark(repair, child, &checkpoint, err) < 0)
		return -1;
	return offline_set_positions(all->offline, repair->group, positions, count, err);
}

int repartition_states(struct repartition *all, struct repair *repair, struct err *err)
{
	for (int32_t p = 0; p < all->before; p++) {
		struct parent parent = {.all = all, .repair = repair, .id = p};
		int64_t first, end;

		if (offline_bounds(all->offline, repair->changelog, p, &first, &end, err) < 0 ||
		    offline_scan(all->offline, repair->changelog, p, first, end, take, &parent,
				 err) < 0)
			return -1;
		for (int32_t child = p; child < all->after; child += all->before)
			if ((parent.shared.len > 0 && share(&parent, child, err) < 0) ||
			    place_child(&parent, child, err) < 0)
				return -1;
	}
	return 0;
}
