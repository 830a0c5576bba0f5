/*
 * claims.c - what a batch says beyond its decisions: whose clock is ahead, which
 * zone, class or tag nobody knows, what changes nothing, and that a person was forgotten.
 */
#include <string.h>

#include "common/io/process/log.h"
#include "common/io/kafka/topics.h"
#include "gather.h"

/* Clocks that are right differ by less. */
enum { AHEAD_TOLERANCE_MS = 2000 };

void stream_note_ahead(struct stream *stream, int64_t ahead_ms)
{
	if (ahead_ms <= AHEAD_TOLERANCE_MS)
		return;
	stream_note_urgent(stream); /* else it would be counted with every decision */
	metric_add(stream->metrics.ahead, 1);
	if (ahead_ms > stream->most_ahead_ms) {
		stream->most_ahead_ms = ahead_ms;
		metric_set(stream->metrics.most_ahead, ahead_ms);
	}
	if (stream->said_ahead)
		return;
	stream->said_ahead = true;
	log_event(
	    LOG_LEVEL_WARN, "event_time_ahead", "by_ms", log_number(ahead_ms), "meaning",
	    "somebody publishes with a clock that is ahead; such a time counts as its arrival",
	    NULL);
}

void stream_note_zone(struct stream *stream, const char *unknown_zone)
{
	if (!unknown_zone)
		return;
	stream_note_urgent(stream);
	metric_add(stream->metrics.unknown_zones, 1);
	if (stream->said_zone)
		return;
	stream->said_zone = true;
	log_event(LOG_LEVEL_WARN, "time_zone_unknown", "zone", unknown_zone, "meaning",
		  "not in this machine's tzdata: such people count as told of no zone; correct it "
		  "where it comes from, or bring tzdata up to date",
		  NULL);
}

void stream_note_class(struct stream *stream, const char *unknown_class)
{
	if (!unknown_class)
		return;
	stream_note_urgent(stream);
	metric_add(stream->metrics.unknown_classes, 1);
	if (stream->said_class)
		return;
	stream->said_class = true;
	log_event(
	    LOG_LEVEL_WARN, "consent_class_unknown", "class", unknown_class, "meaning",
	    "no class of the policy is called so: it is kept, and decides nothing; correct it "
	    "where it comes from (of a shop: consent=CLASS), or add the class to the policy",
	    NULL);
}

void stream_note_tag(struct stream *stream, const char *unknown_tag)
{
	if (!unknown_tag)
		return;
	stream_note_urgent(stream);
	metric_add(stream->metrics.unknown_tags, 1);
	if (stream->said_tag)
		return;
	stream->said_tag = true;
	log_event(LOG_LEVEL_WARN, "tag_unknown", "tag", unknown_tag, "meaning",
		  "no tag of the policy is called so: it is not put on; correct it where it comes "
		  "from, or add it to the policy's tags",
		  NULL);
}

/* The reason is also the value of the metric's label. */
#define IGNORED(word, says) {.reason = word, .label = "reason=\"" word "\"", .meaning = says}
static const struct ignored_words {
	const char *reason, *label, *meaning;
} ignored_words[STEP_IGNORED_REASONS] = {
    [STEP_IGNORED_ERASED] =
	IGNORED("erased", "what was before a person was forgotten changes nothing any "
			  "more, nor does the same erasure again"),
    [STEP_IGNORED_OLD] = IGNORED("older_than_memory",
				 "it is older than what is remembered of the customer and may be "
				 "a repeat: it counts for nothing and sets nothing off"),
};

void stream_open_ignored(struct metric *ret[STEP_IGNORED_REASONS])
{
	for (int i = STEP_HEARD + 1; i < STEP_IGNORED_REASONS; i++)
		ret[i] =
		    metric_counter("nurture_ignored_records_total", ignored_words[i].label,
				   "Records that changed nothing or set nothing off, and why.");
}

void stream_note_ignored(struct stream *stream, enum step_ignored ignored)
{
	const struct kafka_record *record = stream->pending ? &stream->pending->record : NULL;

	if (ignored == STEP_HEARD || !record)
		return;
	stream_note_urgent(stream);
	metric_add(stream->metrics.ignored[ignored], 1);
	if (stream->said_ignored[ignored])
		return;
	stream->said_ignored[ignored] = true;
	log_event(LOG_LEVEL_INFO, "record_ignored", "reason", ignored_words[ignored].reason,
		  "topic", stream->inputs[record->input], "partition",
		  log_number(record->partition), "offset", log_number(record->offset), "meaning",
		  ignored_words[ignored].meaning, "more", "is counted, and not told again", NULL);
}

void stream_note_unstamped(struct stream *stream, unsigned input)
{
	const char *topic = stream->options.inputs[input].topic;

	for (size_t i = 0; topic_plans[i].name && !stream->said_unstamped; i++) {
		if (!topic_plans[i].is_stamped || strcmp(topic_plans[i].name, topic) != 0)
			continue;
		stream->said_unstamped = true;
		log_event(
		    LOG_LEVEL_WARN, "topic_without_append_time", "topic", stream->inputs[input],
		    "meaning",
		    "its records arrive when they are read; run nurturectl topics to have the "
		    "broker say when they came",
		    NULL);
	}
}

void stream_forget_on_disk(struct stream *stream)
{
	struct err err;

	/*
	 * A rewrite that fails is tried again at the next look; until it succeeds Redis counts as
	 * not well.
	 */
	if (index_rewrite(stream->writer, &err) < 0)
		log_event(LOG_LEVEL_WARN, "index_rewrite_pending", "why", err.text, NULL);
}
