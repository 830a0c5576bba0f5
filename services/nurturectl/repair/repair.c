/* repair.c - see repair.h. */
#include "repair.h"

#include <stdio.h>
#include <string.h>

const struct position_service *repair_service(const char *name, struct err *err)
{
	for (int i = 0; i < POSITION_SERVICES; i++)
		if (strcmp(position_services[i].name, name) == 0)
			return &position_services[i];
	err_config(err, "%s: expected segmenter, review-solicitor, scheduler, email-sender or desk",
		   name);
	return NULL;
}

int repair_offline(const struct settings *settings, struct offline **ret, struct err *err)
{
	char name[TOPIC_NAME_BYTES];

	return offline_open(ret, settings->common.brokers,
			    settings_topic(settings, "nurturectl", name), err);
}

int repair_open(struct repair *repair, const struct settings *settings, struct offline *offline,
		const struct position_service *service, struct err *err)
{
	int members;

	*repair = (struct repair){.settings = settings, .service = service, .offline = offline};
	settings_topic(settings, service->name, repair->group);
	settings_topic(settings, service->changelog, repair->changelog);
	for (unsigned i = 0; i < KAFKA_INPUTS_MAX && service->inputs[i]; i++)
		settings_topic(settings, service->inputs[i], repair->inputs[i]);
	if (offline_members(offline, repair->group, &members, err) < 0)
		return -1;
	if (members > 0)
		return err_environment(
		    err,
		    "the %s is running (%d in its group): stop it first; one that "
		    "was killed is gone when its session has run out",
		    service->name, members);
	if (positions_open_common(settings, service, &repair->positions, err) < 0)
		return -1;
	return positions_read(&repair->positions, err);
}

void repair_close(struct repair *repair)
{
	positions_close(&repair->positions);
	arena_free(&repair->arena);
}

bool repair_metadata(const struct repair *repair, unsigned input, int32_t partition,
		     struct metadata *ret)
{
	const struct kafka_position *raw =
	    &repair->positions.raw[(int32_t)input * repair->positions.partitions + partition];

	return raw->offset >= 0 && metadata_read(raw->metadata, ret);
}

bool repair_any_metadata(const struct repair *repair, int32_t partition, struct metadata *ret)
{
	for (unsigned i = 0; i < repair->positions.input_count; i++)
		if (repair_metadata(repair, i, partition, ret))
			return true;
	return false;
}

struct mark_search {
	struct repair *repair;
	Nurture__V1__PartitionCheckpoint *checkpoint;
};

static int take_checkpoint(void *context, const struct offline_record *record, struct err *err)
{
	struct mark_search *search = context;
	ProtobufCAllocator allocator = arena_protobuf(&search->repair->arena);

	if (!slice_equal(record->key, checkpoint_key()))
		return 0;
	search->checkpoint = nurture__v1__partition_checkpoint__unpack(
	    &allocator, record->value.len, record->value.bytes);
	return search->checkpoint
		   ? 0
		   : err_environment(err,
				     "topic %s, partition %d: the checkpoint at offset %lld "
				     "is not readable",
				     record->topic, (int)record->partition,
				     (long long)record->offset);
}

int repair_checkpoint(struct repair *repair, int32_t partition,
		      Nurture__V1__PartitionCheckpoint **ret, struct err *err)
{
	struct mark_search search = {.repair = repair};
	int64_t first, end, from;
	struct metadata metadata;

	if (offline_bounds(repair->offline, repair->changelog, partition, &first, &end, err) < 0)
		return -1;
	from = first;
	/* The checkpoint of the batch before the last one stands there: what is older need not be
	 * read.
	 */
	if (repair_any_metadata(repair, partition, &metadata) &&
	    metadata.changelog_offset > first && metadata.changelog_offset < end)
		from = metadata.changelog_offset;
	if (offline_scan(repair->offline, repair->changelog, partition, from, end, take_checkpoint,
			 &search, err) < 0)
		return -1;
	*ret = search.checkpoint;
	return 0;
}

int repair_put_checkpoint(struct repair *repair, int32_t partition,
			  const Nurture__V1__PartitionCheckpoint *checkpoint, struct err *err)
{
	size_t bytes = nurture__v1__partition_checkpoint__get_packed_size(checkpoint);
	uint8_t *packed = arena_alloc(&repair->arena, bytes + 1);

	nurture__v1__partition_checkpoint__pack(checkpoint, packed);
	return offline_put(repair->offline, repair->changelog, partition, checkpoint_key(),
			   slice_of(packed, bytes), NULL, 0, err);
}
