/* advance.h - what replay and advance share: ticks on nurture.events. */
#ifndef NURTURE_NURTURECTL_CMD_ADVANCE_H
#define NURTURE_NURTURECTL_CMD_ADVANCE_H

#include "common/base/civil.h"
#include "common/io/kafka/producer.h"
#include "services/nurturectl/settings.h"

/* A producer that is patient: nobody waits for the single record. */
int advance_open(const struct settings *settings, struct producer **ret, struct err *err);
/* A tick on every partition, acknowledged. */
int advance_to(const struct settings *settings, struct producer *producer, int64_t to_ms,
	       int32_t *ret_partitions, struct err *err);

#endif
