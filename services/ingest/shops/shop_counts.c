/* shop_counts.c - see shop_counts.h. */
#include "shop_counts.h"

static void register_shop(struct shop_counts *counts, size_t i, const char *name)
{
	static const char *const results[] = {
#define X(name, text) [SHOP_RESULT_##name] = text,
	    SHOP_RESULTS(X)
#undef X
	};

	for (int r = 0; r < SHOP_RESULT_COUNT; r++)
		counts->deliveries[i][r] =
		    metric_counter("nurture_ingest_shop_deliveries_total",
				   metric_labels("source", name, "result", results[r]),
				   "Deliveries of shops' webhooks by what was answered.");
	for (int skip = 0; skip < SHOP_SKIP_COUNT; skip++)
		counts->skipped[i][skip] = metric_counter(
		    "nurture_ingest_shop_skipped_total",
		    metric_labels("source", name, "reason", shop_skip_text((enum shop_skip)skip)),
		    "Deliveries of which all or a part became no event, by the reason.");
	counts->events[i] =
	    metric_counter("nurture_ingest_shop_events_total", metric_label("source", name),
			   "Events that shops' webhooks became.");
	counts->mended[i] =
	    metric_counter("nurture_ingest_shop_mended_total", metric_label("source", name),
			   "Texts that no event may have, left out of those events.");
}

void shop_counts_register(struct shop_counts *counts, const struct shop_hooks *hooks)
{
	for (size_t i = 0; i < hooks->count; i++)
		register_shop(counts, i, hooks->list[i].source.name);
	counts->seconds = metric_histogram("nurture_ingest_shop_seconds", "",
					   "From a shop's whole delivery to its answer.");
}
