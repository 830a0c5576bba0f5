/* coupon_usage.c - see coupon_usage.h. */
#include "coupon_usage.h"

#include "common/io/process/clock.h"
#include "common/io/redis/index.h"
#include "common/stream/checkpoint.h"
#include "common/token/coupon_draws.h"
#include "services/nurturectl/repair/positions.h"

enum { TRIES = 20, PAUSE_MS = 100 };

static const struct position_service *scheduler(void)
{
	const struct position_service *service = position_services;

	while (strcmp(service->name, "scheduler") != 0)
		service++;
	return service;
}

/* The number of the newest batch that was committed; 0: none. */
static uint64_t committed(const struct positions *positions, int32_t partition)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < positions->input_count; i++) {
		const struct position *at =
		    &positions->items[(int32_t)i * positions->partitions + partition];

		if (at->is_known && at->number > number)
			number = at->number;
	}
	return number;
}

/* 1: *ret is the shared state.  0: the index is not what was committed.  -1: failed. */
static int look_up(struct index *index, int32_t partition, uint64_t number, struct arena *arena,
		   struct slice *ret, struct err *err)
{
	const struct slice key = shared_key();
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	struct index_state state;
	int64_t offset, wall_ms;
	uint64_t found = 0;

	index_ask_states(index, partition, &key, 1);
	index_ask_checkpoint(index, partition);
	if (index_take_states(index, partition, 1, arena, &state, err) < 0 ||
	    index_take_checkpoint(index, partition, checkpoint, err) < 0)
		return -1;
	*ret = state.state;
	if (!index_checkpoint_read(checkpoint, &found, &offset, &wall_ms))
		found = 0;
	return found >= number;
}

static int read_partition(struct index *index, const struct positions *positions, int32_t partition,
			  struct coupon_usage *ret, struct err *err)
{
	uint64_t number = committed(positions, partition);
	struct slice state;
	int r = 0;

	for (int tries = 0; r == 0 && tries < TRIES; tries++) {
		if (tries > 0)
			clock_sleep_ms(PAUSE_MS);
		r = look_up(index, partition, number, &ret->arena, &state, err);
	}
	if (r < 0)
		return -1;
	if (r == 0)
		return err_environment(err,
				       "Redis does not have what the scheduler has of partition "
				       "%d: is it running?",
				       (int)partition);
	return coupon_draws_decode(state, &ret->arena, &ret->items[partition], err);
}

static int read_all(const struct settings *settings, struct positions *positions,
		    struct coupon_usage *ret, struct err *err)
{
	struct index *index;
	int r;

	ret->partitions = positions->partitions;
	ret->items = arena_zalloc(&ret->arena, (size_t)ret->partitions * sizeof(*ret->items));
	if (positions_read(positions, err) < 0 ||
	    index_open(&index, settings->common.redis_url, settings->common.topic_prefix,
		       "scheduler", err) < 0)
		return -1;
	r = index_check_servers(index, err);
	for (int32_t p = 0; r == 0 && p < ret->partitions; p++)
		r = read_partition(index, positions, p, ret, err);
	index_close(&index);
	return r;
}

int coupon_usage_read(const struct settings *settings, struct coupon_usage *ret, struct err *err)
{
	struct positions positions;
	int r;

	*ret = (struct coupon_usage){0};
	if (positions_open(settings, scheduler(), &positions, err) < 0)
		return -1;
	r = read_all(settings, &positions, ret, err);
	positions_close(&positions);
	if (r < 0)
		coupon_usage_free(ret);
	return r;
}

void coupon_usage_free(struct coupon_usage *usage)
{
	arena_free(&usage->arena);
	*usage = (struct coupon_usage){0};
}
