/* cmd_replay.c - a file of orders as the events that they were, onto nurture.events. */
#include <inttypes.h>
#include <stdio.h>

#include "advance.h"
#include "commands.h"
#include "order_sender.h"
#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "services/nurturectl/sim/order_feed.h"
#include "services/nurturectl/progress.h"
#include "services/nurturectl/outcomes/labels.h"

enum { RATE_MAX = 10000000 };

struct replay_values {
	struct orders_values orders;
	int64_t rate;
	bool fast;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct replay_values, orders),
    {"rate", OPTION_NUMBER, offsetof(struct replay_values, rate), "N", NULL, false, 1, RATE_MAX,
     "events a second"},
    {"as-fast-as-possible", OPTION_FLAG, offsetof(struct replay_values, fast), NULL, NULL, false, 0,
     0, "no pause between events (this is the default)"},
    {0}};

struct replay {
	struct order_feed feed;
	struct order_sender sender;
	int64_t rate; /* 0: as fast as possible */
	int64_t begun_ms, until_ms;
	size_t sent;
};

/* Waits until the next event must be sent. */
static void keep_pace(const struct replay *replay)
{
	int64_t turn_ms;

	if (replay->rate == 0)
		return;
	turn_ms = replay->begun_ms + (int64_t)replay->sent * 1000 / replay->rate;
	while (clock_monotonic_ms() < turn_ms && !stop_requested())
		clock_sleep_ms(turn_ms - clock_monotonic_ms());
}

static int send_one(struct replay *replay, const struct order_event *event, struct err *err)
{
	keep_pace(replay);
	if (stop_requested())
		return err_environment(err, "interrupted");
	if (order_sender_send(&replay->sender, event, err) < 0)
		return -1;
	replay->sent++;
	return 0;
}

static int send_all(struct replay *replay, struct err *err)
{
	struct progress progress = progress_begin("replaying events");
	int64_t count = (int64_t)replay->feed.shares.all.count;
	const struct order_event *event;
	int r;

	while ((r = order_feed_next(&replay->feed, &replay->sender.orders, &event, err)) > 0) {
		if (event->time_ms >= replay->until_ms)
			break; /* they are in order */
		r = send_one(replay, event, err);
		if (r < 0)
			break;
		progress_show(&progress, (int64_t)replay->sent, count);
	}
	progress_end(&progress);
	return r < 0 ? -1 : producer_flush(replay->sender.producer, ORDER_SENDER_FLUSH_MS, err);
}

static void print_counts(const struct replay *replay, int32_t partitions)
{
	const struct orders *orders = &replay->feed.shares.all;
	int64_t took_ms = clock_monotonic_ms() - replay->begun_ms;
	struct buf words = BUF_MAX(1024);
	char at[RFC3339_BYTES];

	label_count((int64_t)orders->rows, "row", "rows", &words);
	buf_text(&words, " of ");
	label_count((int64_t)orders->customers, "customer", "customers", &words);
	buf_text(&words, ": ");
	label_count((int64_t)replay->sent, "event", "events", &words);
	printf("%s published and acknowledged in %" PRId64 ".%" PRId64 " s\n", words.bytes,
	       took_ms / 1000, took_ms % 1000 / 100);
	if (replay->sent < orders->count)
		printf("%zu events at or after the end of time left out\n",
		       orders->count - replay->sent);
	printf("advanced %d partitions to %s\n", (int)partitions,
	       rfc3339_text(replay->until_ms, at));
	buf_free(&words);
}

static int replay_all(struct replay *replay, const struct settings *settings, struct err *err)
{
	int32_t partitions;
	int r;

	if (advance_open(settings, &replay->sender.producer, err) < 0)
		return -1;
	r = producer_partitions(replay->sender.producer, replay->sender.topic, &partitions, err);
	if (r == 0)
		r = send_all(replay, err);
	if (r == 0)
		r = advance_to(settings, replay->sender.producer, replay->until_ms, &partitions,
			       err);
	producer_close(&replay->sender.producer);
	arena_free(&replay->sender.arena);
	if (r == 0)
		print_counts(replay, partitions);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct replay_values *values = call->values;
	struct replay replay = {.rate = values->rate == OPTION_ABSENT ? 0 : values->rate,
				.begun_ms = clock_monotonic_ms()};
	int r;

	if (replay.rate && values->fast)
		return err_config(err, "expected --rate or --as-fast-as-possible, found both");
	if (order_feed_open(call->settings, &values->orders, &replay.feed, err) < 0)
		return -1;
	replay.until_ms = replay.feed.shares.until_ms;
	settings_topic(call->settings, "events", replay.sender.topic);
	r = replay_all(&replay, call->settings, err);
	order_feed_close(&replay.feed);
	return r;
}

const struct command cmd_replay = {
    .name = "replay",
    .line = "publish a file of orders as events, then let time pass",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct replay_values),
    .text = "Publishes in the order of time, waits until Kafka has everything, and then advances\n"
	    "to T as `nurturectl advance` does. Events at or after T are left out. The same file\n"
	    "with the same options gives the same events to `nurturectl simulate`.\n\n" ORDERS_HELP,
    .run = run,
};
