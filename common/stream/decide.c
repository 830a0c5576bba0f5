/*
 * decide.c - one decision after the other, and what each one answers.
 *
 * Per partition: what came of effects, then records and timers.  In event
 * time they merge by time, a record before the timers of its instant; in wall
 * time the records come first.  Timers that a step sets inside the batch's
 * time join in.
 */
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/base/tick.h"
#include "common/io/process/log.h"
#include "arrived.h"
#include "gather.h"
#include "step_size.h"
#include "stream_internal.h"
#include "trace.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void arm(struct stream *stream, struct partition *partition, struct entry *entry)
{
	if (entry->due_ms <= partition->timers_until_ms && entry->due_ms != STEP_DUE_NEW_OWNER)
		batch_arm(&stream->batch, entry, entry->due_ms);
}

static void begin_partition(struct stream *stream, struct partition *partition)
{
	partition->clock_was_ms = partition->clock_ms;
	stream->at_begun = true;
	stream->at_taken = 0;
	stream->at_result = partition->results;
	stream->at_reevaluation = 0;
	for (size_t i = 0; i < partition->due_count; i++) {
		arm(stream, partition, partition->due[i]);
		/* The index gives timers of this kind only to a new owner. */
		if (partition->due[i]->due_ms == STEP_DUE_NEW_OWNER) {
			partition->due[i]->awaits_owner = true;
			batch_arm(&stream->batch, partition->due[i], STEP_DUE_NEW_OWNER);
		}
	}
}

static struct step *ask(struct stream *stream, struct partition *partition, enum step_kind kind,
			struct entry *entry, int64_t now_ms)
{
	partition->clock_ms = later(partition->clock_ms, now_ms);
	arena_reset(&stream->step_arena);
	stream->entry = entry;
	stream->step = (struct step){.context = stream->options.context,
				     .arena = &stream->step_arena,
				     .now_ms = partition->clock_ms,
				     .kind = kind,
				     .time_ms = partition->clock_ms,
				     .owner = partition->owner,
				     .customer = entry->customer,
				     .state = entry->state,
				     .partition = partition->id,
				     .partition_count = stream->partition_count};
	if (partition->shared)
		stream->step.shared = partition->shared->state;
	step_prepare(&stream->step);
	if (stream->trace)
		stream_trace_asked(stream);
	return &stream->step;
}

/*
 * The clock of the batch; INT64_MIN leaves the clock as it is. Event time stands still while
 * results come in.
 */
static int64_t batch_clock(const struct stream *stream)
{
	return stream->event_time ? INT64_MIN : stream->now_ms;
}

static struct step *next_result(struct stream *stream, struct partition *partition)
{
	struct result *result = stream->at_result;
	struct step *step;

	if (!result)
		return NULL;
	stream->at_result = result->next;
	stream->pending = NULL;
	step =
	    ask(stream, partition, STEP_RESULT,
		batch_entry(&stream->batch, partition->id, result->customer), batch_clock(stream));
	step->value = result->value;
	return step;
}

static struct step *next_reevaluation(struct stream *stream, struct partition *partition)
{
	while (stream->at_reevaluation < partition->sweep.taken) {
		struct entry *entry =
		    batch_entry(&stream->batch, partition->id,
				sweep_taken(&partition->sweep, stream->at_reevaluation++));
		int64_t since_ms = partition->sweep.checkpoint.since_ms;
		struct step *step;

		if (entry->state.len == 0)
			continue; /* has gone since */
		stream->pending = NULL;
		stream_note_urgent(stream);
		step = ask(stream, partition, STEP_REEVALUATE, entry,
			   stream_sweep_now(stream, partition));
		step->time_ms = entry->due_ms < since_ms && entry->due_ms != STEP_DUE_NEW_OWNER
				    ? entry->due_ms
				    : since_ms;
		metric_add(stream->metrics.reevaluated, 1);
		return step;
	}
	return NULL;
}

/*
 * A broker's clock that is ahead of ours only says that the record has come by now. A copy that we
 * made arrived when the original did.
 */
static int64_t arrival_of(struct stream *stream, const struct pending *pending)
{
	int64_t stamped_ms = pending->record.stamped_ms;

	if (stream->event_time)
		return 0;
	if (stamped_ms == 0)
		stream_note_unstamped(stream, pending->record.input);
	if (stamped_ms == 0 || stamped_ms > stream->now_ms)
		stamped_ms = stream->now_ms;
	return arrived_first(kafka_record_header(&pending->record, ARRIVED_HEADER), stamped_ms);
}

static struct step *ask_record(struct stream *stream, struct partition *partition,
			       const struct pending *pending)
{
	int64_t now_ms = stream->event_time ? pending->time_ms : stream->now_ms;
	struct step *step =
	    ask(stream, partition, STEP_RECORD,
		batch_entry(&stream->batch, partition->id, pending->customer), now_ms);

	stream->pending = pending;
	step->input = pending->record.input;
	step->value = pending->record.value;
	step->arrived_ms = arrival_of(stream, pending);
	if (stream->event_time && pending->time_ms != INT64_MIN)
		step->time_ms = pending->time_ms;
	return step;
}

static struct step *next_timer(struct stream *stream, struct partition *partition)
{
	const struct timer *timer = batch_first_timer(&stream->batch);
	int64_t due_ms;
	struct step *step;

	if (!timer)
		return NULL;
	due_ms = timer->due_ms;
	stream_note_urgent(stream);
	timer->entry->awaits_owner = false;
	stream->pending = NULL;
	step = ask(stream, partition, STEP_TIMER, timer->entry,
		   stream->event_time ? due_ms : stream->now_ms);
	step->time_ms = due_ms;
	batch_pop_timer(&stream->batch);
	metric_add(stream->metrics.timers, 1);
	return step;
}

/*
 * On the wall clock a moved record is a little late, no more. On the event clock its customer's
 * true partition has gone on meanwhile, so the order of events is lost.
 */
static void note_disorder(struct stream *stream, const struct pending *pending)
{
	struct partition *partition = &stream->partitions[pending->record.partition];

	if (!stream->event_time)
		return;
	metric_add(stream->metrics.disorder, 1);
	if (partition->misrouted_count++ == 0)
		log_event(
		    LOG_LEVEL_ERROR, "wrong_partition", "topic",
		    stream->options.inputs[pending->record.input].topic, "partition",
		    log_number(partition->id), "offset", log_number(pending->record.offset),
		    "belongs_on",
		    log_number(partition_of(pending->customer, stream->partition_count)), "meaning",
		    "a producer has another partitioner: on the event clock the order of events "
		    "is lost, and what is decided may be wrong",
		    NULL);
}

static void move_misrouted(struct stream *stream, const struct pending *pending)
{
	unsigned input = pending->record.input;
	int64_t arrived_ms = arrival_of(stream, pending);
	struct kafka_header arrived = {.name = ARRIVED_HEADER};
	size_t count = arrived_ms > 0;

	if (!stream->options.inputs[input].moves_misrouted)
		return;
	stream_note_urgent(stream);
	arrived.value = slice_text(arena_printf(&stream->arena, "%lld", (long long)arrived_ms));
	if (kafka_record_bytes(&pending->record) +
		kafka_bytes_of(slice_of(NULL, 0), slice_of(NULL, 0), &arrived, count) >
	    kafka_record_max_bytes(stream->kafka)) {
		stream_dead_letter(stream, &pending->record,
				   "it is on another partition than its key's, and too "
				   "large to be moved there");
		return;
	}
	metric_add(stream->metrics.misrouted, 1);
	note_disorder(stream, pending);
	outputs_add(
	    &stream->kept, &stream->arena,
	    &(struct output){.topic = stream->misrouted_output[input],
			     .partition = partition_of(pending->customer, stream->partition_count),
			     .key = pending->customer,
			     .from = &pending->record,
			     .headers = &arrived,
			     .header_count = count});
}

static struct step *next_of(struct stream *stream, struct partition *partition)
{
	const struct pending *head =
	    stream->at_taken < partition->taken_count ? &partition->taken[stream->at_taken] : NULL;
	const struct timer *timer;
	struct step *step = next_result(stream, partition);

	if (!step)
		step = next_reevaluation(stream, partition);
	if (step)
		return step;
	timer = head && stream->event_time ? batch_first_timer(&stream->batch) : NULL;
	if (head && !(timer && timer->due_ms < later(head->time_ms, partition->clock_ms))) {
		stream->at_taken++;
		return ask_record(stream, partition, head);
	}
	return next_timer(stream, partition);
}

/* Records on a wrong partition are no decision: they are moved on the way. */
static void pass_misrouted(struct stream *stream, struct partition *partition)
{
	while (stream->at_taken < partition->taken_count &&
	       partition->taken[stream->at_taken].misrouted)
		move_misrouted(stream, &partition->taken[stream->at_taken++]);
}

struct step *stream_next(struct stream *stream)
{
	for (; stream->at < stream->partition_count; stream->at++) {
		struct partition *partition = &stream->partitions[stream->at];
		struct step *step;

		if (!partition->assigned || !partition->active)
			continue;
		if (!stream->at_begun)
			begin_partition(stream, partition);
		pass_misrouted(stream, partition);
		if ((step = next_of(stream, partition)))
			return step;
		batch_disarm(&stream->batch);
		stream->at_begun = false;
	}
	return NULL;
}

static struct slice copy(struct stream *stream, struct slice bytes)
{
	return slice_of(arena_copy(&stream->arena, bytes.bytes, bytes.len), bytes.len);
}

static void keep_effect(struct stream *stream, struct slice value)
{
	struct partition *partition = &stream->partitions[stream->at];
	struct effect *effect;

	if (!stream->options.yield)
		abort(); /* the loop overlaps: the next batch would forget the effects of this one */
	effect = arena_alloc(&stream->arena, sizeof(*effect));
	stream_note_urgent(stream);
	partition->has_effects = true;
	*effect = (struct effect){.effect = {.partition = partition->id,
					     /* a copy: the record goes with the commit */
					     .customer = copy(stream, stream->entry->customer),
					     .value = copy(stream, value)}};
	*stream->last_effect = effect;
	stream->last_effect = &effect->next;
}

/*
 * A record with the customer as its key stays on the customer's partition; one with a key of its own
 * goes where that belongs, and says on the event clock from where it comes.
 */
static void keep_output(struct stream *stream, const struct step_output *output)
{
	const struct stream_output *to = &stream->options.outputs[output->topic];
	struct slice key = output->key.len ? copy(stream, output->key) : stream->step.customer;
	struct kafka_header headers[2];
	size_t count = 0;

	if (output->key.len && !to->spreads && !to->has_own_keys)
		abort(); /* its reader would take the record for a misrouted one */
	if (stream->trace)
		headers[count++] = stream_trace_header(stream, output);
	if (to->spreads && to->ticks && stream->event_time)
		headers[count++] = (struct kafka_header){
		    PRODUCER_HEADER,
		    slice_text(arena_printf(&stream->arena, "%d", (int)stream->at))};
	outputs_add(&stream->kept, &stream->arena,
		    &(struct output){.topic = (unsigned)output->topic,
				     .partition = output->key.len && to->spreads
						      ? partition_of(key, stream->partition_count)
						      : stream->at,
				     .key = key,
				     .value = output->value.bytes ? copy(stream, output->value)
								  : output->value,
				     .headers = headers,
				     .header_count = count});
}

static void keep_outputs(struct stream *stream)
{
	const struct step *step = &stream->step;

	for (struct step_output *output = step->outputs; output; output = output->next) {
		if (output->note && stream->options.note_output)
			stream->options.note_output(stream->options.loop_context, output->note);
		if (output->topic == STEP_EFFECT) {
			keep_effect(stream, output->value);
			continue;
		}
		stream_note_output(stream, (unsigned)output->topic);
		keep_output(stream, output);
	}
}

static void keep_state(struct stream *stream)
{
	const struct step *step = &stream->step;
	struct entry *entry = stream->entry;

	batch_keep(&stream->batch, entry, step->new_state);
	entry->due_ms = step->new_state.len ? step->due_ms : NEVER_MS;
	entry->version++;
	entry->changed = true;
	if (entry->due_ms != entry->index_due_ms)
		stream_note_urgent(stream);
	/* A timer that asks for its own instant again would fire for ever. */
	if (step->kind == STEP_TIMER && entry->due_ms <= step->now_ms &&
	    entry->due_ms != STEP_DUE_NEW_OWNER)
		abort();
	/* Another step came before the timer of the new owner: that timer must still fire. */
	if (entry->awaits_owner && entry->due_ms == STEP_DUE_NEW_OWNER)
		batch_arm(&stream->batch, entry, STEP_DUE_NEW_OWNER);
	arm(stream, &stream->partitions[stream->at], entry);
	if (stream->event_time && entry->due_ms == STEP_DUE_NEW_OWNER &&
	    step->wake_ms <= stream->partitions[stream->at].timers_until_ms)
		batch_arm(&stream->batch, entry, step->wake_ms);
}

/*
 * Keeps the shared state in one place that grows, since a batch may change it thousands of times.
 */
static void keep_shared(struct stream *stream)
{
	struct partition *partition = &stream->partitions[stream->at];
	struct slice next = stream->step.new_shared;

	if (!partition->shared)
		abort(); /* a service that did not ask for one */
	if (next.len > partition->shared_room) {
		partition->shared_room = 2 * next.len;
		partition->shared_bytes = arena_alloc(&stream->arena, partition->shared_room);
	}
	if (next.len > 0)
		memmove(partition->shared_bytes, next.bytes, next.len);
	partition->shared->state = slice_of(partition->shared_bytes, next.len);
	partition->shared->changed = true;
}

/* Puts what the step was about before the reason why the loop cannot go on. */
static int say_where(const struct stream *stream, struct err *err)
{
	const struct kafka_record *record = stream->pending ? &stream->pending->record : NULL;

	if (!record)
		return err_prefix(err, "partition %d", (int)stream->at);
	return err_prefix(err, "topic %s, partition %d, offset %lld", stream->inputs[record->input],
			  (int)record->partition, (long long)record->offset);
}

/* Carries nothing of the step out, and keeps its record, or a part of it, for people to look at. */
static void set_aside(struct stream *stream, const struct err *why)
{
	stream_note_urgent(stream);
	if (stream->pending) {
		stream_dead_letter(stream, &stream->pending->record, why->text);
		return;
	}
	log_event(LOG_LEVEL_ERROR, "step_too_large", "partition", log_number(stream->at), "why",
		  why->text, NULL);
	step_prepare(&stream->step);
	/* The timer counts as heard: asked again at once, its answer would be no smaller. */
	if (stream->step.kind == STEP_TIMER) {
		step_store(&stream->step, stream->step.state, NEVER_MS);
		keep_state(stream);
	}
	stream_dead_step(stream, why->text);
}

static int carry_out(struct stream *stream, const struct err *why, struct err *err)
{
	const struct step *step = &stream->step;
	struct err too_large;

	if (!why && step_fits(step, kafka_record_max_bytes(stream->kafka), &too_large) < 0) {
		set_aside(stream, &too_large);
		return 0;
	}
	if (why && stream->pending && why->kind == ERR_INPUT) {
		set_aside(stream, why);
		return 0;
	}
	if (why) {
		/*
		 * The record is not at fault; a state cannot be read, for example. Nothing may go
		 * on.
		 */
		*err = *why;
		return say_where(stream, err);
	}
	keep_outputs(stream);
	stream_note_ahead(stream, step->ahead_ms);
	stream_note_ignored(stream, step->ignored);
	stream_note_zone(stream, step->unknown_zone);
	stream_note_class(stream, step->unknown_class);
	stream_note_tag(stream, step->unknown_tag);
	stream->forgets |= step->forgets;
	if (step->forgets)
		stream_note_urgent(stream);
	/* A timer whose step changes nothing has been heard and is over. */
	if (step->kind == STEP_TIMER && !step->state_changed)
		step_store(&stream->step, step->state, NEVER_MS);
	if (step->state_changed)
		keep_state(stream);
	if (step->shared_changed)
		keep_shared(stream);
	return 0;
}

int stream_done(struct stream *stream, const struct err *why, struct err *err)
{
	int r;

	if (stream->trace)
		stream_trace_begin(stream);
	r = carry_out(stream, why, err);
	if (stream->trace)
		stream_trace_end(stream);
	return r;
}

void stream_count_records(struct stream *stream)
{
	for (int32_t p = 0; p < stream->partition_count; p++) {
		const struct partition *partition = &stream->partitions[p];

		for (size_t i = 0; partition->active && i < partition->taken_count; i++) {
			const struct pending *pending = &partition->taken[i];

			if (pending->misrouted)
				continue;
			metric_add(stream->metrics.records, 1);
			stream_note_delay(stream, &pending->record, arrival_of(stream, pending));
		}
	}
}
