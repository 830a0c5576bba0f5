/* counts.c - see counts.h. */
#include "counts.h"

static void register_refusals(struct ing_counts *counts)
{
	static const char *const labels[] = {
#define X(name, text) [ING_REFUSED_##name] = "reason=\"" text "\"",
	    ING_REFUSALS(X)
#undef X
	};

	for (int i = 0; i < ING_REFUSAL_COUNT; i++)
		counts->refused[i] =
		    metric_counter("nurture_ingest_refused_requests_total", labels[i],
				   "Requests of which no event was looked at.");
}

static void register_permits(struct ing_counts *counts)
{
	static const char *const labels[] = {
#define X(name, text) [ING_PERMIT_##name] = "result=\"" text "\"",
	    ING_PERMIT_ENDS(X)
#undef X
	};

	for (int i = 0; i < ING_PERMIT_END_COUNT; i++)
		counts->permits[i] =
		    metric_counter("nurture_ingest_permits_total", labels[i],
				   "Questions of other tools and reports about their permits.");
	counts->permit_seconds = metric_histogram("nurture_ingest_permit_seconds", "",
						  "From a question to the arbiter's answer.");
	counts->permits_waiting =
	    metric_gauge("nurture_ingest_permits_waiting", "", "Questions without an answer.");
}

void ing_counts_register(struct ing_counts *counts, const struct ing_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		const char *name = sources->list[i].name;

		for (int status = 0; status < ING_STATUS_COUNT; status++)
			counts->events[i][status] =
			    metric_counter("nurture_ingest_events_total",
					   metric_labels("source", name, "result",
							 ing_status_text((enum ing_status)status)),
					   "Events by source and what became of them.");
		counts->ahead[i] = metric_counter(
		    "nurture_ingest_events_ahead_total", metric_label("source", name),
		    "Events that claim to be over 2 s later than they came, by source.");
		counts->most_ahead[i] = metric_gauge(
		    "nurture_ingest_events_ahead_most_milliseconds", metric_label("source", name),
		    "How far the farthest of them was ahead, by source.");
		counts->bytes[i] =
		    metric_counter("nurture_ingest_bytes_total", metric_label("source", name),
				   "Bytes of request bodies by source.");
	}
	register_refusals(counts);
	register_permits(counts);
	counts->seconds = metric_histogram("nurture_ingest_request_seconds", "",
					   "From the whole request to its answer.");
	counts->in_flight = metric_gauge("nurture_ingest_in_flight_events", "",
					 "Events given to Kafka and not yet acknowledged.");
	counts->old_count = metric_gauge(
	    "nurture_ingest_partitions_were_added", "",
	    "1: partitions were added since this instance was started; it does not use them.");
}
