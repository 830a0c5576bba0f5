/* cmd_accept.c - a topic was made anew, and that is meant so: a service goes on with what there
 * is. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "services/nurturectl/repair/repair.h"

struct accept_values {
	const char *service;
	bool yes;
};

static const struct command_option options[] = {
    {"service", OPTION_TEXT, offsetof(struct accept_values, service), "NAME", NULL, true, 0, 0,
     "who is to go on"},
    {"yes", OPTION_FLAG, offsetof(struct accept_values, yes), NULL, NULL, false, 0, 0,
     "really; without it nothing is changed"},
    {0}};

static int compare(void *context, const struct offline_record *record, struct err *err)
{
	int64_t *stamp_ms = context;

	(void)err;
	if (*stamp_ms != record->timestamp_ms)
		*stamp_ms = 0;
	return 0;
}

/* Is the last record that was read still there? Yes, too, when nobody remembers its time. */
static int is_same(struct repair *repair, const struct offline_position *at, int64_t first,
		   int64_t stamp_ms, bool *ret, struct err *err)
{
	int64_t found_ms = stamp_ms;

	if (stamp_ms > 0 && at->offset > first &&
	    offline_scan(repair->offline, at->topic, at->partition, at->offset - 1, at->offset,
			 compare, &found_ms, err) < 0)
		return -1;
	*ret = found_ms == stamp_ms;
	return 0;
}

/*
 * Where an input must be read from: where it was, if the topic still has that. *changed says that
 * the service would not do so by itself.
 */
static int place_of(struct repair *repair, unsigned input, int32_t partition,
		    const Nurture__V1__PartitionCheckpoint *checkpoint,
		    struct offline_position *ret, struct metadata *metadata, bool *changed,
		    struct err *err)
{
	const char *topic = repair->inputs[input];
	int64_t first, end, was;
	bool same = false;

	if (offline_bounds(repair->offline, topic, partition, &first, &end, err) < 0)
		return -1;
	was = repair->positions.items[(int32_t)input * repair->positions.partitions + partition]
		  .offset;
	if (was < 0 && checkpoint && input < checkpoint->n_inputs) {
		was = checkpoint->inputs[input]->offset;
		metadata->progress_ms = checkpoint->inputs[input]->progress_ms;
		metadata->stamp_ms = checkpoint->inputs[input]->stamp_ms;
		*changed |= was >= 0; /* the group has forgotten it */
	}
	*ret = (struct offline_position){.topic = topic, .partition = partition, .offset = was};
	if (was >= first && was <= end &&
	    is_same(repair, ret, first, metadata->stamp_ms, &same, err) < 0)
		return -1;
	if (same)
		return 0;
	ret->offset = first;
	if (was < 0)
		return 0; /* nothing of it was read yet */
	*changed = true;
	metadata->stamp_ms = 0;
	metadata->skip_count = 0;
	printf("%s, partition %d: read up to %" PRId64 ", it has %" PRId64 " to %" PRId64
	       ": from its beginning\n",
	       topic, (int)partition, was, first, end);
	return 0;
}

/* Does the changelog lack what was written to it last? */
static int is_short(struct repair *repair, int32_t partition,
		    const Nurture__V1__PartitionCheckpoint *checkpoint, bool *ret, struct err *err)
{
	struct metadata metadata;
	int64_t first, end;

	*ret = false;
	if (!repair_any_metadata(repair, partition, &metadata) || metadata.number == 0)
		return 0;
	if (offline_bounds(repair->offline, repair->changelog, partition, &first, &end, err) < 0)
		return -1;
	*ret =
	    !checkpoint || checkpoint->number < metadata.number || metadata.changelog_offset >= end;
	return 0;
}

/*
 * Without a number the whole changelog is read, and what it says is true. A partition of which
 * everything is there keeps its number.
 */
static int one_partition(struct repair *repair, int32_t partition, bool *any_changed,
			 struct err *err)
{
	struct offline_position positions[KAFKA_INPUTS_MAX];
	Nurture__V1__PartitionCheckpoint *checkpoint;
	struct metadata metadata;
	bool changed;

	if (repair_checkpoint(repair, partition, &checkpoint, err) < 0 ||
	    is_short(repair, partition, checkpoint, &changed, err) < 0)
		return -1;
	for (unsigned i = 0; i < repair->positions.input_count; i++) {
		metadata =
		    (struct metadata){.clock_ms = checkpoint ? checkpoint->clock_ms : INT64_MIN,
				      .progress_ms = INT64_MIN,
				      .decided_ms = INT64_MIN};
		if (!repair_metadata(repair, i, partition, &metadata))
			(void)repair_any_metadata(repair, partition, &metadata);
		if (metadata.number > 0 && !checkpoint && i == 0)
			printf("%s, partition %d: it has no batch %" PRIu64 ": what it knew is "
			       "forgotten\n",
			       repair->changelog, (int)partition, metadata.number);
		metadata.number = 0;
		metadata.changelog_offset = -1;
		metadata.partitions = repair->positions.partitions;
		if (place_of(repair, i, partition, checkpoint, &positions[i], &metadata, &changed,
			     err) < 0)
			return -1;
		metadata_write(positions[i].metadata, &metadata);
	}
	*any_changed |= changed;
	return !changed ? 0
			: offline_set_positions(repair->offline, repair->group, positions,
						repair->positions.input_count, err);
}

/* More partitions than before are no new beginning. */
static int check_count(const struct repair *repair, struct err *err)
{
	struct metadata metadata;

	for (int32_t p = 0; p < repair->positions.partitions; p++)
		if (repair_any_metadata(repair, p, &metadata) && metadata.partitions > 0 &&
		    metadata.partitions != repair->positions.partitions)
			return err_config(err,
					  "the topics had %d partitions and have %d: that is "
					  "nurturectl repartition",
					  metadata.partitions, (int)repair->positions.partitions);
	return 0;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct accept_values *values = call->values;
	const struct position_service *service = repair_service(values->service, err);
	struct offline *offline = NULL;
	struct repair repair;
	bool changed = false;
	int r;

	if (!service || repair_offline(call->settings, &offline, err) < 0)
		return -1;
	r = repair_open(&repair, call->settings, offline, service, err);
	if (r == 0)
		r = check_count(&repair, err);
	for (int32_t p = 0; r == 0 && p < repair.positions.partitions; p++)
		r = one_partition(&repair, p, &changed, err);
	if (r == 0 && changed && values->yes)
		r = offline_commit(offline, err);
	if (r == 0 && !changed)
		printf("the topics have all that the %s has read and written: there is nothing to "
		       "accept, and nothing was written\n",
		       service->name);
	else if (r == 0)
		puts(values->yes
			 ? "it goes on from there; its state is read from the changelog anew"
			 : "nothing was changed; say --yes");
	repair_close(&repair);
	offline_close(&offline);
	return r < 0 ? r : values->yes || !changed ? 0 : EXIT_NO;
}

const struct command cmd_accept = {
    .name = "accept",
    .line = "go on with a topic that was made anew",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct accept_values),
    .text =
	"A service stops when a topic does not have what was read of it: it was made anew, or the\n"
	"cluster is another one. If that is meant so, this lets the service go on: inputs from "
	"where\n"
	"they were, or from their beginning; its state is what its changelog has. Where nothing "
	"has\n"
	"changed nothing is written. The service must be stopped (docs/operations.md).",
    .run = run,
};
