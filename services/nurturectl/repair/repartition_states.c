/*
 * repartition_states.c - see repartition.h; a changelog's states, its shared state and its
 * checkpoints.
 */
#include <string.h>

#include "common/base/hash.h"
#include "common/token/coupon_draws.h"
#include "repartition.h"

/* One old partition of a changelog. */
struct parent {
	struct repartition *all;
	struct repair *repair;
	int32_t id;
	Nurture__V1__PartitionCheckpoint *checkpoint;
	struct slice shared; /* in the repair's arena */
};

int repartition_move(struct repartition *all, const struct offline_record *record,
		     struct slice customer, struct err *err)
{
	int32_t to = partition_of(customer, all->after);

	if (to == record->partition)
		return 0;
	if (offline_forward(all->offline, record, to, NULL, 0, err) < 0)
		return -1;
	if (!record->value.bytes)
		return 0;
	return offline_put(all->offline, record->topic, record->partition, record->key,
			   slice_of(NULL, 0), NULL, 0, err) < 0
		   ? -1
		   : 1;
}

static int take(void *context, const struct offline_record *record, struct err *err)
{
	struct parent *parent = context;
	struct repartition *all = parent->all;
	struct arena *arena = &parent->repair->arena;
	ProtobufCAllocator allocator = arena_protobuf(arena);
	int moved;

	if (slice_equal(record->key, checkpoint_key())) {
		parent->checkpoint = nurture__v1__partition_checkpoint__unpack(
		    &allocator, record->value.len, record->value.bytes);
		return parent->checkpoint ? 0
					  : err_environment(err, "%s: a checkpoint is not readable",
							    record->topic);
	}
	if (slice_equal(record->key, shared_key())) {
		parent->shared = slice_of(arena_copy(arena, record->value.bytes, record->value.len),
					  record->value.len);
		return 0;
	}
	moved = repartition_move(all, record, record->key, err);
	all->states += moved > 0;
	return moved < 0 ? -1 : 0;
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

/*
 * Where the group goes on in an input: the parent after what was moved, another child at its start.
 */
static int next_offset(const struct parent *parent, int32_t child, unsigned input, int64_t *ret,
		       struct err *err)
{
	const struct repartition *all = parent->all;
	const struct repair *repair = parent->repair;
	int64_t end;

	if (child != parent->id)
		return offline_bounds(all->offline, repair->inputs[input], child, ret, &end, err);
	*ret = all->ends[input_topic(repair->service->inputs[input]) * all->before + child];
	return 0;
}

/* The clock and the number of the parent's last batch, from its checkpoint and its group. */
static struct metadata last_batch(const struct parent *parent)
{
	const Nurture__V1__PartitionCheckpoint *checkpoint = parent->checkpoint;
	struct metadata ret = {.clock_ms = checkpoint ? checkpoint->clock_ms : INT64_MIN,
			       .decided_ms = INT64_MIN};
	uint64_t number = checkpoint ? checkpoint->number : 0;

	(void)repair_any_metadata(parent->repair, parent->id, &ret);
	if (ret.number < number)
		ret.number = number;
	return ret;
}

/* Changes what the parent's group says of an input into what the child's says, behind batch number. */
static void place_input(const struct parent *parent, unsigned input, uint64_t number,
			struct metadata *metadata)
{
	const Nurture__V1__PartitionCheckpoint *checkpoint = parent->checkpoint;

	metadata->progress_ms = checkpoint && input < checkpoint->n_inputs
				    ? checkpoint->inputs[input]->progress_ms
				    : INT64_MIN;
	(void)repair_metadata(parent->repair, input, parent->id, metadata);
	metadata->number = number;
	metadata->partitions = parent->all->after;
	metadata->stamp_ms = 0;
	metadata->changelog_offset = -1;
	metadata->skip_count = 0;
	metadata->lane_count = 0;      /* what was merged was not copied, and all else is new */
	metadata->misrouted_count = 0; /* misrouted records are copied to where they belong */
}

/* What the group and the checkpoint say of one partition that the parent becomes. */
static int place_child(struct parent *parent, int32_t child, struct err *err)
{
	struct repair *repair = parent->repair;
	struct offline_position positions[KAFKA_INPUTS_MAX];
	Nurture__V1__InputCheckpoint inputs[KAFKA_INPUTS_MAX], *pointers[KAFKA_INPUTS_MAX];
	Nurture__V1__PartitionCheckpoint checkpoint = NURTURE__V1__PARTITION_CHECKPOINT__INIT;
	unsigned count = repair->positions.input_count;
	struct metadata metadata = last_batch(parent);

	if (parent->checkpoint)
		checkpoint = *parent->checkpoint;
	checkpoint.number = metadata.number + 1;
	checkpoint.clock_ms = metadata.clock_ms;
	checkpoint.inputs = pointers;
	checkpoint.n_inputs = count;
	checkpoint.partitions = (uint32_t)parent->all->after;
	for (unsigned i = 0; i < count; i++) {
		nurture__v1__input_checkpoint__init(pointers[i] = &inputs[i]);
		if (next_offset(parent, child, i, &inputs[i].offset, err) < 0)
			return -1;
		place_input(parent, i, checkpoint.number, &metadata);
		inputs[i].progress_ms = metadata.progress_ms;
		positions[i] = (struct offline_position){
		    .topic = repair->inputs[i], .partition = child, .offset = inputs[i].offset};
		metadata_write(positions[i].metadata, &metadata);
	}
	if (repair_put_checkpoint(repair, child, &checkpoint, err) < 0)
		return -1;
	return offline_set_positions(parent->all->offline, repair->group, positions, count, err);
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
