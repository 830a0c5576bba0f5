/* outcomes_topic.c - outcomes from Kafka; see outcomes.h. */
#include "common/io/topic_reader.h"
#include "outcomes.h"
#include "progress.h"

enum { SILENCE_MAX_MS = 30000 };

static int read_all(struct topic_reader *reader, struct slice customer, struct outcomes *outcomes,
		    struct err *err)
{
	struct progress progress = progress_begin("reading outcomes");
	struct topic_record record;
	int r;

	while ((r = topic_reader_next(reader, SILENCE_MAX_MS, &record, err)) > 0) {
		if (!record.value.bytes || (customer.len && !slice_equal(record.key, customer)))
			continue;
		if (outcomes_add(outcomes, record.value, err) < 0) {
			r = err_prefix(err, "partition %d, offset %lld", (int)record.partition,
				       (long long)record.offset);
			break;
		}
		progress_show(&progress, (int64_t)outcomes->count, 0);
	}
	progress_end(&progress);
	return r;
}

int outcomes_read_topic(const struct settings *settings, struct slice customer,
			struct outcomes *ret, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options options = {
	    .brokers = settings->common.brokers,
	    .topic = settings_topic(settings, "outcomes", topic),
	    .key = customer,
	};
	struct outcomes outcomes = {0};
	struct topic_reader *reader;
	int r;

	if (topic_reader_open(&reader, &options, err) < 0)
		return -1;
	r = read_all(reader, customer, &outcomes, err);
	topic_reader_close(&reader);
	if (r < 0) {
		outcomes_free(&outcomes);
		return err_prefix(err, "%s", topic);
	}
	outcomes_sort(&outcomes);
	*ret = outcomes;
	return 0;
}
