/* serve_person.c - see serve_person.h. */
#include "serve_person.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/redis/index.h"

enum {
	BREAK_MS = 5000,    /* after a failure */
	PATIENCE_MS = 1000, /* for whoever reads before us */
};

struct sol_reader {
	const char *urls, *prefix;
	pthread_mutex_t lock; /* of all below */
	struct index *index;  /* NULL: not connected */
	int64_t not_before_ms;
};

struct sol_reader *sol_reader_open(const char *urls, const char *prefix)
{
	struct sol_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		abort();
	reader->urls = urls;
	reader->prefix = prefix;
	pthread_mutex_init(&reader->lock, NULL);
	return reader;
}

static int fetch(struct sol_reader *reader, struct slice customer, int32_t partition,
		 struct arena *arena, struct slice *ret, char checkpoint[INDEX_CHECKPOINT_BYTES],
		 struct err *err)
{
	struct index_state state;

	/* The stream has asked the same servers whether they forget. */
	if (!reader->index &&
	    index_open(&reader->index, reader->urls, reader->prefix, "scheduler", err) < 0)
		return -1;
	index_ask_states(reader->index, partition, &customer, 1);
	index_ask_checkpoint(reader->index, partition);
	if (index_take_states(reader->index, partition, 1, arena, &state, err) < 0 ||
	    index_take_checkpoint(reader->index, partition, checkpoint, err) < 0)
		return -1;
	*ret = state.state;
	return 0;
}

static int lock(struct sol_reader *reader, struct err *err)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	if (pthread_mutex_timedlock(&reader->lock, &until) != 0)
		return err_set(err, "Redis does not answer");
	if (clock_monotonic_ms() >= reader->not_before_ms)
		return 0;
	pthread_mutex_unlock(&reader->lock);
	return err_set(err, "Redis did not answer a moment ago");
}

int sol_reader_read(struct sol_reader *reader, const struct policy *policy, const char *customer,
		    int32_t partitions, struct arena *arena, struct sol_person *ret,
		    struct err *err)
{
	struct slice key = slice_text(customer), state;
	int32_t partition = partition_of(key, partitions);
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	int r;

	if (lock(reader, err) < 0)
		return -1;
	r = fetch(reader, key, partition, arena, &state, checkpoint, err);
	if (r < 0) {
		index_close(&reader->index);
		reader->not_before_ms = clock_monotonic_ms() + BREAK_MS;
	}
	pthread_mutex_unlock(&reader->lock);
	if (r < 0)
		return -1;
	/* Without a checkpoint, or during a restore, the state may not be whole. */
	if (!checkpoint[0] || strncmp(checkpoint, "restoring", strlen("restoring")) == 0)
		return err_set(err, "the scheduler has no state of partition %d now",
			       (int)partition);
	return sol_person_read(policy, state, arena, ret, err);
}

void sol_reader_close(struct sol_reader **reader_address)
{
	struct sol_reader *reader = *reader_address;

	if (!reader)
		return;
	*reader_address = NULL;
	index_close(&reader->index);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}
