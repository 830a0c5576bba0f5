/* post_counts.c - see post_counts.h. */
#include "post_counts.h"

#include "common/io/process/metrics.h"

static struct metric *counter(const char *hook, const char *result)
{
	return metric_counter_with("nurture_webhook_posts_total",
				   metric_labels("result", result, "webhook", hook),
				   "Posts of notices to webhooks, by what became of them.");
}

void dsk_post_counts_open(struct dsk_post_counts *counts, const char *hook)
{
	counts->taken = counter(hook, "taken");
	counts->failed = counter(hook, "failed");
	counts->is_up =
	    metric_gauge_with("nurture_webhook_up", metric_label("webhook", hook),
			      "Whether the webhook took the last notice; 1 before the first.");
	metric_set(counts->is_up, 1);
}

void dsk_post_counts_add(struct dsk_post_counts *counts, bool is_taken)
{
	metric_add(is_taken ? counts->taken : counts->failed, 1);
	metric_set(counts->is_up, is_taken);
}
