/*
 * waiting_load.c - the customers of a file of orders into Redis, without Kafka: their lives go
 * through the services' own steps up to a time, and what the services know of them then is written
 * as the services write it.
 *
 *	REDIS_URL=redis://... NURTURE_POLICY=FILE \
 *	waiting_load --orders FILE [orders options] [--until T] [--partitions N] [--show]
 *
 * For what Redis holds and takes when very many wait.  Two lines of JSON: how many customers, and
 * the mean bytes of their states by service.  With --show each state is printed as well, in
 * hexadecimal digits: CUSTOMER SERVICE DUE STATE.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/io/redis/index.h"
#include "services/nurturectl/sim/orders_options.h"
#include "services/nurturectl/sim/sim_world.h"

enum { KEPT = SIM_SCHEDULER + 1, PARTITIONS_MAX = 64, BATCH = 1000 };

static const char *const names[KEPT] = {
    [SIM_SEGMENTER] = "segmenter",
    [SIM_SOLICITOR] = "review-solicitor",
    [SIM_SCHEDULER] = "scheduler",
};

struct values {
	struct orders_values orders;
	int64_t partitions;
	bool shows;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct values, orders),
    {"partitions", OPTION_NUMBER, offsetof(struct values, partitions), "N", "6", false, 1,
     PARTITIONS_MAX, "of the topics that there would be"},
    {"show", OPTION_FLAG, offsetof(struct values, shows), NULL, NULL, false, 0, 0,
     "print each state"},
    {0}};

static const struct command command = {.name = "waiting_load",
				       .arguments = "",
				       .options = options,
				       .values_bytes = sizeof(struct values)};

/* What is to be written to one partition of one service. */
struct batch {
	struct index_change changes[BATCH];
	size_t count, written;
	struct arena arena;
};

static struct load {
	struct index *indexes[KEPT];
	struct batch batches[KEPT][PARTITIONS_MAX];
	size_t customers, states[KEPT], bytes[KEPT];
} load;

static struct slice copy(struct arena *arena, struct slice bytes)
{
	return slice_of(arena_copy(arena, bytes.bytes, bytes.len), bytes.len);
}

/* The checkpoints are as a service's: the index takes a batch on the one before it. */
static int flush(int service, int32_t partition, struct err *err)
{
	struct batch *batch = &load.batches[service][partition];
	char before[INDEX_CHECKPOINT_BYTES] = "", after[INDEX_CHECKPOINT_BYTES];
	int64_t next_due_ms;
	int r;

	if (batch->count == 0)
		return 0;
	if (batch->written)
		snprintf(before, sizeof(before), "%zu 0 0", batch->written);
	snprintf(after, sizeof(after), "%zu 0 0", ++batch->written);
	index_ask_write(load.indexes[service], partition, before, after, batch->changes,
			batch->count, false);
	r = index_take_write(load.indexes[service], partition, &next_due_ms, err);
	if (r == 0)
		return err_environment(err, "Redis is not empty");
	batch->count = 0;
	arena_reset(&batch->arena);
	return r < 0 ? -1 : 0;
}

static void show(int service, struct slice customer, int64_t due_ms, struct slice state)
{
	printf("%.*s %s %lld ", (int)customer.len, (const char *)customer.bytes, names[service],
	       (long long)due_ms);
	for (size_t i = 0; i < state.len; i++)
		printf("%02x", state.bytes[i]);
	putchar('\n');
}

static int keep(const struct values *values, const struct sim_life *life, int service,
		struct err *err)
{
	int32_t partition = partition_of(life->customer, (int32_t)values->partitions);
	struct batch *batch = &load.batches[service][partition];
	struct slice state = life->state[service].bytes;

	if (state.len == 0)
		return 0;
	if (values->shows)
		show(service, life->customer, life->due_ms[service], state);
	load.states[service]++;
	load.bytes[service] += state.len;
	batch->changes[batch->count++] =
	    (struct index_change){.customer = copy(&batch->arena, life->customer),
				  .state = copy(&batch->arena, state),
				  .due_ms = life->due_ms[service],
				  .was_ms = NEVER_MS};
	return batch->count == BATCH ? flush(service, partition, err) : 0;
}

static int keep_all(const struct values *values, struct orders *orders, struct sim_world *sim,
		    int64_t until_ms, struct err *err)
{
	struct sim_life life;

	orders_by_customer(orders);
	for (size_t at = 0, n; at < orders->count; at += n) {
		const struct order_event *events = orders->events + at;

		for (n = 1;
		     at + n < orders->count && slice_equal(events[n].customer, events[0].customer);
		     n++)
			;
		sim_life_take(&life, events, n, NULL);
		if (sim_world_run(sim, &life, 1, until_ms, err) < 0)
			return -1;
		for (int service = 0; service < KEPT; service++)
			if (keep(values, &life, service, err) < 0)
				return -1;
		load.customers++;
	}
	for (int service = 0; service < KEPT; service++)
		for (int32_t p = 0; p < (int32_t)values->partitions; p++)
			if (flush(service, p, err) < 0)
				return -1;
	return 0;
}

static int run(const struct values *values, struct settings *settings, struct err *err)
{
	struct sim_world *sim = malloc(sizeof(*sim));
	struct orders orders;
	int64_t until_ms;

	if (!sim)
		abort();
	if (orders_open(settings, &values->orders, &orders, &until_ms, err) < 0)
		return -1;
	for (int service = 0; service < KEPT; service++)
		if (index_open(&load.indexes[service], settings->common.redis_url,
			       settings->common.topic_prefix, names[service], err) < 0)
			return -1;
	sim_world_prepare(sim, settings->policy, &orders, false);
	if (keep_all(values, &orders, sim, until_ms, err) < 0)
		return -1;
	printf("{\"customers\": %zu}\n{", load.customers);
	for (int service = 0; service < KEPT; service++)
		printf("%s\"%s\": %.1f", service ? ", " : "", names[service],
		       load.states[service]
			   ? (double)load.bytes[service] / (double)load.states[service]
			   : 0.0);
	puts("}");
	return 0;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct invocation call;
	struct values values;
	struct err err;
	int r = command_parse(&command, argc - 1, argv + 1, &values, &call, &err);

	if (r > 0) {
		fputs("usage: waiting_load --orders FILE [orders options] [--partitions N] "
		      "[--show]\n",
		      stdout);
		return 0;
	}
	if (r == 0)
		r = settings_load(&settings, &err);
	if (r == 0)
		r = run(&values, &settings, &err);
	if (r == 0)
		return 0;
	fprintf(stderr, "waiting_load: %s\n", err.text);
	return err_exit_code(&err);
}
