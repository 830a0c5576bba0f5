/* follow.c - see follow.h. */
#include "follow.h"

#include <stdlib.h>

#include "common/io/kafka/topic_feed.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/log_limit.h"
#include "common/io/process/metrics.h"
#include "common/io/process/stop.h"
#include "common/stream/only.h"

enum {
	BATCH_RECORDS = 20000,
	BATCH_MS = 500, /* what was read is seen after so long at the latest */
	IDLE_MS = 200,  /* nothing to read: so long until the next look at all else */
	GATHER_MS = 5,  /* what comes so soon after a record goes into its batch */
	/*
	 * With much to read more goes into a batch: each one writes most pages of the indexes anew,
	 * whose order is not that of the records.
	 */
	MUCH_RECORDS = 100000,
	LARGE_RECORDS = 200000,
	LARGE_MS = 10000,
	LARGE_GATHER_MS = 1500, /* librdkafka's fetcher may sleep a second */
};

struct con_follow {
	struct con_follow_options options;
	struct arena arena; /* the topics' names */
	const char *topics[VIEW_TOPIC_COUNT + 1];
	const char *name; /* as brokers see it */
	struct topic_feed *feed;
	struct view_state state;
	struct metric *records[VIEW_TOPIC_COUNT], *unreadable[VIEW_TOPIC_COUNT];
	struct metric *behind, *rebuilds, *caught_up;
};

static int64_t place_of(void *context, unsigned topic, int32_t partition)
{
	const struct con_follow *follow = context;

	return view_offset(follow->options.view, (enum view_topic)topic, partition);
}

static void prepare(struct con_follow *follow)
{
	follow->name = arena_printf(&follow->arena, "%sconsole", follow->options.topic_prefix);
	for (unsigned t = 0; t < VIEW_TOPIC_COUNT; t++) {
		const char *name = view_topic_name((enum view_topic)t);

		follow->topics[t] =
		    arena_printf(&follow->arena, "%s%s", follow->options.topic_prefix, name);
		follow->records[t] =
		    metric_counter_with("nurture_view_records_total", metric_label("topic", name),
					"Records that the console's view has taken, by topic");
		follow->unreadable[t] = metric_counter_with(
		    "nurture_view_unreadable_total", metric_label("topic", name),
		    "Records that the console's view could not understand, by topic");
	}
	follow->behind = metric_gauge("nurture_view_behind", "",
				      "Records that the console's view has still to read");
	follow->caught_up =
	    metric_gauge("nurture_view_caught_up_seconds", "",
			 "When the console's view last had all there was, in seconds since 1970");
	follow->rebuilds = metric_counter("nurture_view_rebuilds_total", "",
					  "How often the console's view was made anew");
}

static int open_feed(struct con_follow *follow, struct err *err)
{
	const struct feed_options options = {.brokers = follow->options.brokers,
					     .name = follow->name,
					     .topics = follow->topics,
					     .from = place_of,
					     .context = follow};

	return topic_feed_open(&follow->feed, &options, err);
}

static int begin_anew(struct con_follow *follow, const char *why, struct err *err)
{
	log_event(LOG_LEVEL_WARN, "view_made_anew", "why", why, NULL);
	topic_feed_close(&follow->feed);
	/* From here on it is not ready. */
	follow->state = (struct view_state){0};
	view_set_state(follow->options.view, &follow->state);
	metric_add(follow->rebuilds, 1);
	if (view_begin_anew(follow->options.view, err) < 0)
		return -1;
	return open_feed(follow, err);
}

int con_follow_open(struct con_follow **ret, const struct con_follow_options *options,
		    struct err *err)
{
	struct con_follow *follow = calloc(1, sizeof(*follow));
	struct err why;
	int r;

	if (!follow)
		abort();
	follow->options = *options;
	follow->state = view_get_state(options->view);
	if (!options->is_event_clock)
		follow->state.clock_ms = 0;
	prepare(follow);
	r = open_feed(follow, err);
	if (r < 0 && err->kind == ERR_INPUT) {
		why = *err;
		r = begin_anew(follow, why.text, err);
	}
	if (r < 0) {
		con_follow_close(&follow);
		return -1;
	}
	*ret = follow;
	return 0;
}

/* Ids are the customers'; what is wrong is said without them. */
static void tell_unreadable(struct con_follow *follow, const struct feed_record *record,
			    const struct err *why)
{
	metric_add(follow->unreadable[record->topic], 1);
	log_event(LOG_LEVEL_WARN, "view_record_unreadable", "topic", follow->topics[record->topic],
		  "partition", log_number(record->partition), "offset", log_number(record->offset),
		  "why", why->text, NULL);
}

static bool is_for_others(const struct con_follow *follow)
{
	struct slice names = topic_feed_header(follow->feed, ONLY_HEADER);

	return names.bytes && !only_names(names, "console");
}

static int apply(struct con_follow *follow, const struct feed_record *record, struct err *err)
{
	const struct view_record taken = {.topic = (enum view_topic)record->topic,
					  .partition = record->partition,
					  .partitions = record->partitions,
					  .offset = record->offset,
					  .stamp_ms = record->stamp_ms,
					  .is_for_others = is_for_others(follow),
					  .key = record->key,
					  .value = record->value};
	int r = view_apply(follow->options.view, &taken, err);

	if (r == 0)
		tell_unreadable(follow, record, err);
	else if (r > 0)
		metric_add(follow->records[record->topic], 1);
	return r < 0 ? -1 : 0;
}

/* What there is, within the bounds of a batch. */
static int read_batch(struct con_follow *follow, struct err *err)
{
	const bool is_large = follow->state.behind >= MUCH_RECORDS;
	const int64_t until_ms = clock_monotonic_ms() + (is_large ? LARGE_MS : BATCH_MS);
	const unsigned most = is_large ? LARGE_RECORDS : BATCH_RECORDS;
	const int gather_ms = is_large ? LARGE_GATHER_MS : GATHER_MS;
	struct feed_record record;
	int wait_ms = IDLE_MS, r;

	for (unsigned count = 0; count < most && !stop_requested(); count++) {
		r = topic_feed_next(follow->feed, wait_ms, &record, err);
		if (r < 0 || (r > 0 && apply(follow, &record, err) < 0))
			return -1;
		if (r == 0)
			break;
		wait_ms = gather_ms;
		if (clock_monotonic_ms() >= until_ms)
			break;
	}
	return 0;
}

static void tell_state(struct con_follow *follow)
{
	struct view_state *state = &follow->state;
	const int64_t tick_ms = topic_feed_tick_ms(follow->feed);

	/* What the events have turned does not go back. */
	if (follow->options.is_event_clock && tick_ms > state->clock_ms)
		state->clock_ms = tick_ms;
	state->behind = topic_feed_behind(follow->feed);
	if (topic_feed_has_ended(follow->feed) && !state->is_built) {
		state->is_built = true;
		log_event(LOG_LEVEL_INFO, "view_is_built", NULL);
	}
	if (state->is_built && state->behind == 0) {
		state->caught_up_ms = clock_wall_ms();
		metric_set(follow->caught_up, state->caught_up_ms / 1000);
	}
	metric_set(follow->behind, state->behind);
	view_set_state(follow->options.view, state);
}

static int step(struct con_follow *follow, struct err *err)
{
	struct view *view = follow->options.view;
	bool has_more;

	if (read_batch(follow, err) < 0 || view_commit(view, err) < 0)
		return -1;
	tell_state(follow);
	view_expect(view, follow->state.behind >= MUCH_RECORDS);
	return view_tend(view, clock_wall_ms(), &has_more, err);
}

int con_follow_step(struct con_follow *follow, struct err *err)
{
	struct view *view = follow->options.view;
	int r = step(follow, err);

	/* After a restart it would be as damaged as it is now. */
	if (view_is_damaged(view))
		return begin_anew(follow, "the file is damaged or gone", err);
	if (r == 0 && view_is_asked_anew(view))
		return begin_anew(follow, "somebody asked for it", err);
	return r;
}

void con_follow_close(struct con_follow **follow_address)
{
	struct con_follow *follow = *follow_address;

	if (!follow)
		return;
	*follow_address = NULL;
	topic_feed_close(&follow->feed);
	arena_free(&follow->arena);
	free(follow);
}
