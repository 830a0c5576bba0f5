/*
 * repartition_items.c - see repartition.h; what customers have said stands where they are now.
 *
 * The review-solicitor takes an item away where its customer is: one that stayed behind would outlive
 * an erasure.
 */
#include "common/base/hash.h"
#include "common/message/feedback.h"
#include "repartition.h"

static int take(void *context, const struct offline_record *record, struct err *err)
{
	struct repartition *all = context;
	int32_t to = partition_of(feedback_key_customer(record->key), all->after);

	if (to == record->partition)
		return 0;
	if (offline_forward(all->offline, record, to, NULL, 0, err) < 0)
		return -1;
	if (!record->value.bytes)
		return 0;
	return offline_put(all->offline, record->topic, record->partition, record->key,
			   slice_of(NULL, 0), NULL, 0, err);
}

int repartition_items(struct repartition *all, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];

	settings_topic(all->settings, "feedback", topic);
	for (int32_t p = 0; p < all->before; p++) {
		int64_t first, end;

		if (offline_bounds(all->offline, topic, p, &first, &end, err) < 0 ||
		    offline_scan(all->offline, topic, p, first, end, take, all, err) < 0)
			return -1;
	}
	return 0;
}
