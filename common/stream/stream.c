/* stream.c - opening and closing the loop, and what surrounds a batch. */
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/io/process/beside.h"
#include "common/io/process/clock.h"
#include "common/io/tracing/tracing.h"
#include "ahead.h"
#include "checkpoint.h"
#include "trace.h"

uint64_t stream_random(struct stream *stream)
{
	/* splitmix64: tokens must differ, but may be guessed */
	uint64_t z = stream->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static const char *topic(struct stream *stream, const char *name)
{
	return arena_printf(&stream->names, "%s%s", stream->options.config->topic_prefix, name);
}

static enum record_kind kind_of(const struct stream *stream, enum record_kind kind)
{
	return stream->options.config->outcome_format ? record_kind_in_protobuf(kind) : kind;
}

static void name_topics(struct stream *stream)
{
	const struct stream_options *options = &stream->options;
	unsigned count = 0;

	for (; options->inputs[stream->input_count].topic; stream->input_count++)
		stream->inputs[stream->input_count] =
		    topic(stream, options->inputs[stream->input_count].topic);
	if (stream->event_time)
		stream->input_count -= options->wall_inputs;
	for (; options->outputs[count].topic; count++) {
		stream->outputs[count] = topic(stream, options->outputs[count].topic);
		stream->output_kinds[count] = kind_of(stream, options->outputs[count].kind);
	}
	stream->output_count = count;
	stream->outputs[stream->changelog_output = count++] = topic(stream, options->changelog);
	stream->outputs[stream->dead_output = count++] = topic(stream, "deadletter");
	for (unsigned i = 0; i < stream->input_count; i++)
		if (options->inputs[i].moves_misrouted)
			stream->outputs[stream->misrouted_output[i] = count++] = stream->inputs[i];
}

static unsigned all_outputs(const struct stream *stream)
{
	unsigned count = 0;

	while (count < TOPICS_MAX && stream->outputs[count])
		count++;
	return count;
}

static int open_kafka(struct stream *stream, struct err *err)
{
	const struct common_config *config = stream->options.config;
	const char *group = topic(stream, stream->options.service);
	struct kafka_options options = {
	    .brokers = config->brokers,
	    .group = group,
	    .transactional_id = arena_printf(&stream->names, "%s.%s", group, config->instance),
	    .inputs = stream->inputs,
	    .input_count = stream->input_count,
	    .outputs = stream->outputs,
	    .output_kinds = stream->output_kinds,
	    .output_count = all_outputs(stream),
	    .state_output = stream->outputs[stream->changelog_output],
	    .session_timeout_ms = config->session_timeout_ms,
	    .listener = {stream, stream_known, stream_assigned, stream_revoked}};

	return kafka_open(&stream->kafka, &options, err);
}

static void open_metrics(struct stream_metrics *metrics)
{
	metrics->batches = metric_counter("nurture_batches_total", "", "Batches committed.");
	metrics->records = metric_counter("nurture_records_total", "", "Records decided.");
	metrics->timers = metric_counter("nurture_timers_total", "", "Timers decided.");
	metrics->reevaluated = metric_counter(
	    "nurture_anew_total", "", "Customers looked at again because the policy changed.");
	metrics->dead = metric_counter("nurture_dead_letters_total", "",
				       "Records that could not be understood.");
	metrics->misrouted = metric_counter("nurture_moved_records_total", "",
					    "Records moved to their customer's partition.");
	metrics->disorder =
	    metric_counter("nurture_wrong_partition_total", "",
			   "Records moved on the event clock, where that costs their order.");
	metrics->restores =
	    metric_counter("nurture_restores_total", "", "Partitions restored from the changelog.");
	metrics->restored = metric_counter("nurture_restored_records_total", "",
					   "Changelog records read by restores.");
	metrics->commit_ms = metric_histogram("nurture_commit_seconds", "",
					      "Time of a batch's transaction and index write.");
	metrics->ahead = metric_counter("nurture_claims_ahead_total", "",
					"Records that claim to be over 2 s later than they came.");
	metrics->most_ahead = metric_gauge("nurture_claims_ahead_most_milliseconds", "",
					   "How far the farthest of them was ahead.");
	metrics->unknown_zones =
	    metric_counter("nurture_unknown_time_zones_total", "",
			   "Records with a time zone that is not in this machine's tzdata.");
	metrics->unknown_classes =
	    metric_counter("nurture_unknown_consent_classes_total", "",
			   "Records with consent to a class that the policy has not.");
	metrics->unknown_tags = metric_counter(
	    "nurture_unknown_tags_total", "", "Records that put on a tag that the policy has not.");
	stream_open_ignored(metrics->ignored);
	metrics->partitions =
	    metric_gauge("nurture_partitions_assigned", "", "Partitions that this instance owns.");
}

static int open_index(const struct stream *stream, struct index **ret, struct err *err)
{
	const struct common_config *config = stream->options.config;

	return index_open(ret, config->redis_url, config->topic_prefix, stream->options.service,
			  err);
}

/* Is the input one whose records are in time order only beside those of the same producer? */
static bool waits_for_many(const struct stream *stream, unsigned input)
{
	return stream->event_time && stream->options.inputs[input].many_producers;
}

static void open_partitions(struct stream *stream)
{
	size_t count = (size_t)kafka_partitions(stream->kafka);
	unsigned lanes[KAFKA_INPUTS_MAX];

	stream->partition_count = (int32_t)count;
	stream->partitions = calloc(count, sizeof(*stream->partitions));
	stream->commit.parts = calloc(count, sizeof(*stream->commit.parts));
	if (!stream->partitions || !stream->commit.parts)
		abort();
	for (unsigned i = 0; i < stream->input_count; i++)
		lanes[i] = waits_for_many(stream, i) ? (unsigned)count : 1;
	for (int32_t p = 0; p < stream->partition_count; p++) {
		stream->partitions[p].id = p;
		partition_open(&stream->partitions[p], stream->input_count, lanes);
	}
}

/* What is remembered of each producer has to go into the metadata of an offset. */
static int check_lanes(const struct stream *stream, struct err *err)
{
	for (unsigned i = 0; i < stream->input_count; i++)
		if (waits_for_many(stream, i) && kafka_partitions(stream->kafka) > LANES_MAX)
			return err_config(err,
					  "topic %s has %d partitions: on the event clock "
					  "expected at most %d",
					  stream->inputs[i], (int)kafka_partitions(stream->kafka),
					  LANES_MAX);
	return 0;
}

static bool is_patient(const struct stream_options *options)
{
	for (const struct stream_output *output = options->outputs; output->topic; output++)
		if (!output->may_wait)
			return false;
	return !options->yield;
}

static void note_opening(struct stream *stream)
{
	stream->redis_ok_ms = stream->opened_monotonic_ms = clock_monotonic_ms();
	stream->opened_wall_ms = clock_wall_ms();
	stream->committed_ms = INT64_MIN / 2; /* there is no commit to wait for */
	stream->random = (uint64_t)stream->opened_wall_ms << 20 ^
			 (uint64_t)stream->opened_monotonic_ms ^
			 hash64(slice_text(stream->options.config->instance));
}

int stream_open(struct stream **ret, const struct stream_options *options, struct err *err)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		abort();
	stream->options = *options;
	if (options->version && (!*options->version || strlen(options->version) > 20))
		abort();
	stream->event_time = options->config->clock == CLOCK_EVENT;
	stream->batch_max = options->batch_max ? options->batch_max : BATCH_MAX_DEFAULT;
	stream->sweep_names = SWEEP_NAMES;
	stream->restore_slice = RESTORE_SLICE;
	stream->pace = stream->batch_max < PACE_FIRST ? stream->batch_max : PACE_FIRST;
	stream->last_effect = &stream->effects;
	note_opening(stream);
	name_topics(stream);
	open_metrics(&stream->metrics);
	stream_gauges_open(stream);
	pthread_mutex_init(&stream->commit.lock, NULL);
	/* An effect may leave only after its commit, so it would wait for the next batch. */
	stream->overlaps = !options->yield;
	stream->patient = is_patient(options);
	if (tracing_open(&options->config->tracing, options->service, err) < 0 ||
	    open_index(stream, &stream->index, err) < 0 ||
	    index_check_servers(stream->index, err) < 0 ||
	    index_check_rights(stream->index, err) < 0 ||
	    open_index(stream, &stream->writer, err) < 0 || open_kafka(stream, err) < 0 ||
	    check_lanes(stream, err) < 0) {
		stream_close(&stream);
		return -1;
	}
	if (tracing_is_on())
		stream->trace = stream_trace_open(stream);
	open_partitions(stream);
	stream->beside = beside_open(stream_transact, stream);
	*ret = stream;
	return 0;
}

void stream_close(struct stream **stream)
{
	struct stream *s = *stream;

	if (!s)
		return;
	stream_gauges_close(s);
	stream_drop_commit(s);
	kafka_close(&s->kafka); /* the partitions go, and a last batch may be committed meanwhile */
	beside_close(&s->beside);
	stream_free_commit(s);
	changelog_close(&s->changelog);
	index_close(&s->index);
	index_close(&s->writer);
	for (int32_t p = 0; p < s->partition_count; p++)
		partition_close(&s->partitions[p]);
	tracing_close(); /* spans that wait have names of the one that is closed next */
	stream_trace_close(s->trace);
	free(s->partitions);
	arena_free(&s->names);
	arena_free(&s->arena);
	arena_free(&s->step_arena);
	free(s);
	*stream = NULL;
}

/*
 * While a batch is under way records are not waited for: either there are enough of them for
 * another batch, or the one under way is finished first.  *wait_ms becomes 0 when records have come.
 */
static int overlap_or_finish(struct stream *stream, int *wait_ms, struct err *err)
{
	int r = stream_may_overlap(stream) ? stream_poll(stream, 0, err) : 0;

	if (r < 0)
		return -1;
	if (r > 0)
		*wait_ms = 0;
	/* A rebalance during that call has finished it. */
	if (stream->commit.under_way && stream_may_overlap(stream) &&
	    stream_is_worth_overlap(stream))
		return 0;
	return stream_finish(stream, err);
}

static int wait_for_records(struct stream *stream, int wait_ms, struct err *err)
{
	int r = stream_poll(stream, wait_ms, err);

	if (r == 0 && wait_ms > 0 && !stream->full)
		stream_give_back(stream);
	return r < 0 ? -1 : 0;
}

static int poll_records(struct stream *stream, int wait_ms, struct err *err)
{
	if (stream->commit.under_way && overlap_or_finish(stream, &wait_ms, err) < 0)
		return -1;
	return stream->commit.under_way ? 0 : wait_for_records(stream, wait_ms, err);
}

int stream_begin(struct stream *stream, int wait_ms, struct err *err)
{
	stream->results_only = wait_ms < 0;
	if (stream->results_only && stream_finish(stream, err) < 0)
		return -1;
	stream->effects = NULL;
	stream->last_effect = &stream->effects;
	arena_reset(&stream->arena);
	if (!stream->results_only && poll_records(stream, wait_ms, err) < 0)
		return -1;
	/* A rebalance during that call may have run a batch of its own. */
	stream->results_only = wait_ms < 0;
	if (stream->trace)
		stream_trace_drop(stream);
	stream->at = 0;
	stream->at_begun = false;
	stream->now_ms = clock_wall_ms();
	stream->now_monotonic_ms = clock_monotonic_ms();
	if (!stream->results_only && !stream->commit.under_way)
		stream_forget_on_disk(stream);
	return stream_read(stream, err);
}

void stream_result(struct stream *stream, int32_t partition, struct slice customer,
		   struct slice value)
{
	struct partition *p = &stream->partitions[partition];
	struct result *result;
	uint8_t *bytes;

	if (!p->assigned)
		return;
	result = malloc(sizeof(*result) + customer.len + value.len);
	if (!result)
		abort();
	bytes = (uint8_t *)(result + 1);
	memcpy(bytes, customer.bytes, customer.len);
	memcpy(bytes + customer.len, value.bytes, value.len);
	*result = (struct result){.customer = slice_of(bytes, customer.len),
				  .value = slice_of(bytes + customer.len, value.len)};
	*p->last_result = result;
	p->last_result = &result->next;
}

void stream_hold(struct stream *stream, int32_t partition, bool is_held)
{
	stream->partitions[partition].held = is_held;
}

int32_t stream_partitions(const struct stream *stream)
{
	return stream->partition_count;
}

bool stream_has_results(const struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++)
		if (stream->partitions[p].assigned && stream->partitions[p].results)
			return true;
	return false;
}

bool stream_shared_changed(const struct stream *stream, int32_t partition, struct slice *ret)
{
	const struct commit_part *part = &stream->commit.parts[partition];

	if (!stream->partitions[partition].assigned || !part->active || !part->shared)
		return false;
	*ret = part->shared->state;
	return true;
}

uint64_t stream_owner(const struct stream *stream, int32_t partition)
{
	const struct partition *p = &stream->partitions[partition];

	return p->assigned ? p->owner : 0;
}

int stream_check(struct stream *stream, struct err *err)
{
	return kafka_check(stream->kafka, err);
}

bool stream_ready(void *context, char *reason, size_t size)
{
	struct stream *stream = context;
	struct err why;

	if (clock_monotonic_ms() - stream->redis_ok_ms > PATIENCE_MS / 2) {
		snprintf(reason, size, "Redis does not answer");
		return false;
	}
	if (stream->assigned > 0)
		return true;
	err_set(&why, "no partition assigned");
	kafka_explain_silence(&why);
	snprintf(reason, size, "%s", why.text);
	return false;
}
