/* outcomes_topic.c - outcomes from Kafka; see outcomes.h. */
#include "common/io/kafka/topic_reader.h"
#include "outcomes.h"
#include "services/nurturectl/progress.h"

enum { SILENCE_MAX_MS = 30000 };

/* Nothing older than the first record that was looked at is known. */
static int note_first(const struct topic_record *record, int64_t *ret_ms, struct err *err)
{
	struct arena arena = {0};
	Nurture__V1__Outcome *outcome;
	int r = outcome_decode(record->value, &arena, &outcome, err);

	if (r == 0)
		*ret_ms = (int64_t)outcome->at_ms;
	arena_free(&arena);
	return r;
}

static int read_all(struct topic_reader *reader, struct slice customer, struct outcomes *outcomes,
		    int64_t *ret_first_ms, struct err *err)
{
	struct progress progress = progress_begin("reading outcomes");
	struct topic_record record;
	int r;

	while ((r = topic_reader_next(reader, SILENCE_MAX_MS, &record, err)) > 0) {
		bool is_wanted = !customer.len || slice_equal(record.key, customer);

		if (!record.value.bytes)
			continue;
		if ((ret_first_ms && !*ret_first_ms &&
		     note_first(&record, ret_first_ms, err) < 0) ||
		    (is_wanted && outcomes_add(outcomes, record.value, err) < 0)) {
			r = err_prefix(err, "partition %d, offset %lld", (int)record.partition,
				       (long long)record.offset);
			break;
		}
		if (is_wanted)
			progress_show(&progress, (int64_t)outcomes->count, 0);
	}
	progress_end(&progress);
	return r;
}

int outcomes_read_newest(const struct settings *settings, struct slice customer, int64_t newest,
			 struct outcomes *ret, struct outcomes_reach *ret_reach, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options options = {
	    .brokers = settings->common.brokers,
	    .topic = settings_topic(settings, "outcomes", topic),
	    .key = customer,
	    .newest = newest,
	};
	struct outcomes_reach reach = {0};
	struct outcomes outcomes = {0};
	struct topic_reader *reader;
	int r;

	if (topic_reader_open(&reader, &options, err) < 0)
		return -1;
	reach.partitions = topic_reader_partitions(reader);
	reach.skipped = topic_reader_skipped(reader);
	r = read_all(reader, customer, &outcomes, reach.skipped ? &reach.oldest_ms : NULL, err);
	topic_reader_close(&reader);
	if (r < 0) {
		outcomes_free(&outcomes);
		return err_prefix(err, "%s", topic);
	}
	outcomes_sort(&outcomes);
	*ret = outcomes;
	*ret_reach = reach;
	return 0;
}

int outcomes_read_topic(const struct settings *settings, struct slice customer,
			struct outcomes *ret, struct err *err)
{
	struct outcomes_reach whole;

	return outcomes_read_newest(settings, customer, 0, ret, &whole, err);
}
