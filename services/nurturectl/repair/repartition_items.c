/*
 * repartition_items.c - see repartition.h; what customers have said stands where they are now.
 *
 * The review-solicitor takes an item away where its customer is: one that stayed behind would outlive
 * an erasure.
 */
#include "common/message/feedback.h"
#include "repartition.h"

static int take(void *context, const struct offline_record *record, struct err *err)
{
	return repartition_move(context, record, feedback_key_customer(record->key), err) < 0 ? -1
											      : 0;
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
