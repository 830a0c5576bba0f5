/*
 * repair.h - what the commands share that repair a stopped service: clock, skip, accept,
 * repartition.
 */
#ifndef NURTURE_NURTURECTL_REPAIR_REPAIR_H
#define NURTURE_NURTURECTL_REPAIR_REPAIR_H

#include "common/base/arena.h"
#include "common/io/kafka/offline.h"
#include "common/stream/checkpoint.h"
#include "positions.h"
#include "services/nurturectl/settings.h"

/* One of the four services, of which no instance runs. */
struct repair {
	const struct settings *settings;
	const struct position_service *service;
	struct offline *offline; /* borrowed */
	struct positions positions;
	char group[TOPIC_NAME_BYTES], changelog[TOPIC_NAME_BYTES];
	char inputs[KAFKA_INPUTS_MAX][TOPIC_NAME_BYTES];
	struct arena arena; /* of the checkpoints */
};

/* The service of this name; NULL with ERR_CONFIG when there is none. */
const struct position_service *repair_service(const char *name, struct err *err);

int repair_offline(const struct settings *settings, struct offline **ret, struct err *err);
/* Refuses while the group has members. repair_close() it in any case. */
int repair_open(struct repair *repair, const struct settings *settings, struct offline *offline,
		const struct position_service *service, struct err *err);
void repair_close(struct repair *repair);

/* Reads the metadata of the offset of an input's partition; false when none of ours is there. */
bool repair_metadata(const struct repair *repair, unsigned input, int32_t partition,
		     struct metadata *ret);
/* The same of any input of the partition that has it. */
bool repair_any_metadata(const struct repair *repair, int32_t partition, struct metadata *ret);
/* The last checkpoint of a changelog partition, in repair->arena; NULL when it has none. */
int repair_checkpoint(struct repair *repair, int32_t partition,
		      Nurture__V1__PartitionCheckpoint **ret, struct err *err);
int repair_put_checkpoint(struct repair *repair, int32_t partition,
			  const Nurture__V1__PartitionCheckpoint *checkpoint, struct err *err);

#endif
