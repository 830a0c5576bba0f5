/*
 * index_bench.c - what Redis takes for a customer whom the index writes, by what changes of him.
 *
 *	REDIS_URL=redis://... index_bench [CUSTOMERS [BATCH]]
 *
 * So many customers wait, at times all over a month; then batches of so many of one partition are
 * written:
 *
 *	states   a state each, no due time, into an index that has none: a restore
 *	moved    each is due at another time
 *	apart    each is due apart from all times (an intent of a mail), then at a time again: both
 *	single   as moved, one customer a write
 *
 * One line of JSON for each: microseconds of Redis's processor time (INFO cpu) a customer.  The
 * keys begin with "bench." and go at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <hiredis/hiredis.h>

#include "common/base/civil.h"
#include "common/io/redis/index.h"
#include "common/io/redis/redis_info.h"

#define START_MS INT64_C(1767571200000) /* 2026-01-05 */
enum { STATE_BYTES = 120, NAME_BYTES = 24, BATCHES = 20, SINGLES = 2000 };

struct customer {
	char name[NAME_BYTES];
	int64_t due_ms;
};

static struct bench {
	struct index *index;
	redisContext *redis;
	struct customer *customers;
	struct index_change *changes;
	size_t count, batch;
	unsigned number;
	char state[STATE_BYTES];
} bench;

static void fail(const char *text)
{
	fprintf(stderr, "index_bench: %s\n", text);
	exit(1);
}

/* Of Redis so far, in seconds. */
static double used_s(void)
{
	redisReply *reply = redisCommand(bench.redis, "INFO cpu");
	double used;

	if (!reply || reply->type != REDIS_REPLY_STRING)
		fail("no INFO");
	used = atof((const char *)redis_info_field(reply, "used_cpu_user").bytes) +
	       atof((const char *)redis_info_field(reply, "used_cpu_sys").bytes);
	freeReplyObject(reply);
	return used;
}

static void flush(size_t count)
{
	char before[INDEX_CHECKPOINT_BYTES] = "", after[INDEX_CHECKPOINT_BYTES];
	int64_t next_due_ms;
	struct err err;

	if (bench.number)
		snprintf(before, sizeof(before), "%u 0 0", bench.number);
	snprintf(after, sizeof(after), "%u 0 0", ++bench.number);
	index_ask_write(bench.index, 0, before, after, bench.changes, count, false);
	if (index_take_write(bench.index, 0, &next_due_ms, &err) != 1)
		fail("a write was not taken: is something left of another run?");
}

static int64_t some_time(void)
{
	return START_MS + (int64_t)rand() * 1000003 % (30 * DAY_MS);
}

static void change(size_t at, struct customer *customer, int64_t due_ms, int64_t was_ms)
{
	bench.changes[at] =
	    (struct index_change){.customer = slice_text(customer->name),
				  .state = slice_of(bench.state, sizeof(bench.state)),
				  .due_ms = due_ms,
				  .was_ms = was_ms};
	customer->due_ms = due_ms;
}

/* A batch is of customers from all over: those behind each other have ids far from each other. */
static void write_batch(size_t from, size_t count, bool apart, bool known)
{
	for (size_t i = 0; i < count; i++) {
		struct customer *customer = &bench.customers[(from + i) % bench.count];

		change(i, customer, apart ? INDEX_DUE_APART : some_time(),
		       known ? customer->due_ms : INDEX_DUE_UNKNOWN);
	}
	flush(count);
}

static void write_states(void)
{
	for (size_t from = 0; from < bench.count; from += bench.batch) {
		size_t count = bench.count - from < bench.batch ? bench.count - from : bench.batch;

		for (size_t i = 0; i < count; i++)
			change(i, &bench.customers[from + i], NEVER_MS, INDEX_DUE_UNKNOWN);
		flush(count);
	}
}

static void show(const char *what, double began_s, size_t customers)
{
	printf("{\"change\":\"%s\",\"batch\":%zu,\"redis_us\":%.2f}\n", what, bench.batch,
	       (used_s() - began_s) * 1e6 / (double)customers);
	fflush(stdout);
}

static void measure(void)
{
	double began_s = used_s();

	write_states();
	show("states", began_s, bench.count);
	for (size_t from = 0; from < bench.count; from += bench.batch)
		write_batch(from, bench.batch, false, true);
	began_s = used_s();
	for (size_t i = 0; i < BATCHES; i++)
		write_batch(i * bench.batch, bench.batch, false, true);
	show("moved", began_s, BATCHES * bench.batch);
	began_s = used_s();
	/* The next intents are written while the ones before have no result yet. */
	for (size_t i = 0; i <= BATCHES; i++) {
		write_batch(i * bench.batch, bench.batch, true, true);
		if (i > 0)
			write_batch((i - 1) * bench.batch, bench.batch, false, true);
	}
	show("apart", began_s, BATCHES * bench.batch);
	began_s = used_s();
	for (size_t i = 0; i < SINGLES; i++)
		write_batch(i, 1, false, true);
	show("single", began_s, SINGLES);
}

static void open_bench(void)
{
	const char *url = getenv("REDIS_URL");
	struct redisReply *reply;
	struct err err;

	if (!url || index_open(&bench.index, url, "bench.", "index", &err) < 0)
		fail("REDIS_URL is not set, or wrong");
	bench.redis = redisConnect("127.0.0.1", atoi(strrchr(url, ':') + 1));
	if (!bench.redis || bench.redis->err)
		fail("REDIS_URL must name a port of this machine");
	bench.customers = calloc(bench.count, sizeof(*bench.customers));
	bench.changes = calloc(bench.batch, sizeof(*bench.changes));
	if (!bench.customers || !bench.changes)
		abort();
	for (size_t i = 0; i < bench.count; i++) {
		snprintf(bench.customers[i].name, NAME_BYTES, "w%08zu",
			 i * 7919 % 99999989 % 100000000);
		bench.customers[i].due_ms = NEVER_MS;
	}
	memset(bench.state, 's', sizeof(bench.state));
	reply = redisCommand(bench.redis, "PING");
	freeReplyObject(reply);
}

static void close_bench(void)
{
	char mark[INDEX_CHECKPOINT_BYTES];
	struct err err;

	snprintf(mark, sizeof(mark), "%u 0 0", bench.number);
	if (index_claim(bench.index, 0, mark, "restoring 0", true, &err) != 1)
		fail("the keys are left");
	freeReplyObject(redisCommand(bench.redis, "DEL bench.{index:0}:mark"));
	redisFree(bench.redis);
	index_close(&bench.index);
	free(bench.customers);
	free(bench.changes);
}

int main(int argc, char **argv)
{
	bench.count = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
	bench.batch = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
	if (bench.batch == 0 || bench.count < (BATCHES + 1) * bench.batch)
		fail("usage: index_bench [CUSTOMERS [BATCH]], at least 21 batches of customers");
	srand(7);
	open_bench();
	measure();
	close_bench();
	return 0;
}
