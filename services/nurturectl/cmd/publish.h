/* publish.h - one record on a topic. */
#ifndef NURTURE_NURTURECTL_CMD_PUBLISH_H
#define NURTURE_NURTURECTL_CMD_PUBLISH_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/record_kind.h"
#include "services/nurturectl/settings.h"

/* Waits until it is acknowledged.  topic is without the prefix; key says which partition, kind
 * what the value is. */
int publish_record(const struct settings *settings, const char *topic, struct slice key,
		   struct slice value, enum record_kind kind, struct err *err);

#endif
