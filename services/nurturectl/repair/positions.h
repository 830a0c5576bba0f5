/*
 * positions.h - how far the stateful services have come, from what their
 * groups committed.
 */
#ifndef NURTURE_NURTURECTL_REPAIR_POSITIONS_H
#define NURTURE_NURTURECTL_REPAIR_POSITIONS_H

#include "common/io/kafka/group_watch.h"
#include "services/nurturectl/settings.h"

struct position_service {
	const char *name;
	const char *inputs[KAFKA_INPUTS_MAX]; /* ends with NULL unless full */
	const char *changelog;
	unsigned wall_inputs; /* of the inputs, the last ones: not read on the event clock */
	bool is_optional;     /* a shop may do without it */
};
enum { POSITION_SERVICES = 5 };
extern const struct position_service position_services[POSITION_SERVICES];

/* How many positions there are of inputs that the event clock waits for: the first ones. */
#define POSITIONS_IN_TIME(positions)                                                               \
	((size_t)(positions)->partitions *                                                         \
	 ((positions)->input_count - (positions)->service->wall_inputs))

/* One partition of one input of one service. */
struct position {
	int64_t offset;  /* -1: nothing was committed */
	bool is_known;   /* the metadata of the offset is ours */
	uint64_t number; /* of the batch */
	int64_t clock_ms, decided_ms;
	int64_t misrouted_count; /* on the event clock: records that were on a wrong partition */
};

struct positions {
	struct group_watch *watch;
	const struct position_service *service;
	unsigned input_count;
	int32_t partitions;
	struct position *items; /* [input * partitions + partition] */
	struct kafka_position *raw;
};

int positions_open(const struct settings *settings, const struct position_service *service,
		   struct positions *ret, struct err *err);
/* Of the partitions that all inputs have; to mend topics that differ. */
int positions_open_common(const struct settings *settings, const struct position_service *service,
			  struct positions *ret, struct err *err);
/* Asks again. */
int positions_read(struct positions *positions, struct err *err);
/* Has an optional service never run here?  As it was read last. */
bool positions_is_absent(const struct positions *positions);
void positions_close(struct positions *positions);

#endif
