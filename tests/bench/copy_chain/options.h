/* options.h - what a copy is told: where it reads, and how much it writes where. */
#ifndef COPY_CHAIN_OPTIONS_H
#define COPY_CHAIN_OPTIONS_H

#include <getopt.h>
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "common/base/err.h"
#include "common/base/text.h"

enum { INPUTS_MAX = 4, OUTPUTS_MAX = 8, PARTITIONS_MAX = 256 };

struct input {
	const char *topic;
	int64_t expected, read;
	int64_t positions[PARTITIONS_MAX]; /* next to read; 0: nothing was read */
};

struct output {
	const char *topic;
	rd_kafka_topic_t *handle;
	int64_t records, bytes;
	int64_t written, written_bytes;
};

struct copy {
	const char *brokers, *name;
	struct input inputs[INPUTS_MAX];
	struct output outputs[OUTPUTS_MAX];
	unsigned input_count, output_count;
	int64_t expected, read, batches;
	rd_kafka_t *consumer, *producer;
	char *filler;
};

/* TOPIC=RECORDS[:BYTES]; the topic stays in argv's text. */
static int parse_amount(char *text, const char **ret_topic, int64_t *ret_records,
			int64_t *ret_bytes, struct err *err)
{
	char *records = strrchr(text, '='), *bytes = NULL;

	if (!records)
		return err_config(err, "expected TOPIC=RECORDS, found \"%s\"", text);
	*records++ = '\0';
	if (ret_bytes && (bytes = strchr(records, ':')))
		*bytes++ = '\0';
	*ret_topic = text;
	if (text_int64(slice_text(records), 0, INT64_MAX / 2, ret_records, err) < 0)
		return err_prefix(err, "%s", text);
	if (ret_bytes &&
	    (!bytes || text_int64(slice_text(bytes), 0, INT64_MAX / 2, ret_bytes, err) < 0))
		return err_config(err, "%s: expected RECORDS:BYTES", text);
	return 0;
}

static int parse_option(struct copy *copy, int option, struct err *err)
{
	struct input *input = &copy->inputs[copy->input_count];
	struct output *output = &copy->outputs[copy->output_count];

	switch (option) {
	case 'b':
		copy->brokers = optarg;
		return 0;
	case 'n':
		copy->name = optarg;
		return 0;
	case 'i':
		if (copy->input_count++ == INPUTS_MAX)
			return err_config(err, "expected at most %d inputs", INPUTS_MAX);
		if (parse_amount(optarg, &input->topic, &input->expected, NULL, err) < 0)
			return -1;
		copy->expected += input->expected;
		return 0;
	case 'o':
		if (copy->output_count++ == OUTPUTS_MAX)
			return err_config(err, "expected at most %d outputs", OUTPUTS_MAX);
		return parse_amount(optarg, &output->topic, &output->records, &output->bytes, err);
	}
	return err_config(err, "usage: copy_chain --brokers B --name N --input TOPIC=RECORDS... "
			       "--output TOPIC=RECORDS:BYTES...");
}

static int parse(int argc, char **argv, struct copy *copy, struct err *err)
{
	static const struct option options[] = {{"brokers", required_argument, NULL, 'b'},
						{"name", required_argument, NULL, 'n'},
						{"input", required_argument, NULL, 'i'},
						{"output", required_argument, NULL, 'o'},
						{0}};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (parse_option(copy, option, err) < 0)
			return -1;
	if (!copy->brokers || !copy->name || copy->input_count == 0 || optind < argc)
		return parse_option(copy, '?', err);
	return 0;
}

#endif
