/* publish.c - see publish.h. */
#include "publish.h"

#include "advance.h"

enum { FLUSH_MS = 30000 };

int publish_record(const struct settings *settings, const char *topic, struct slice key,
		   struct slice value, enum record_kind kind, struct err *err)
{
	char full[TOPIC_NAME_BYTES];
	struct producer *producer;
	int32_t partitions;
	int r;

	if (advance_open(settings, &producer, err) < 0)
		return -1;
	settings_topic(settings, topic, full);
	r = producer_partitions(producer, full, &partitions, err);
	if (r == 0)
		r = producer_send(producer, full, -1, key, value, kind, NULL, err);
	if (r >= 0)
		r = producer_flush(producer, FLUSH_MS, err);
	producer_close(&producer);
	return r < 0 ? -1 : 0;
}
