/* cmd_outcomes.c - canonical lines from nurture.outcomes. */
#include <stdio.h>

#include "commands.h"
#include "common/io/process/stop.h"
#include "common/io/kafka/topic_reader.h"
#include "services/nurturectl/outcomes/outcomes.h"

enum { LINE_MAX_BYTES = 16 << 20, FOLLOW_WAIT_MS = 500 };

struct outcomes_values {
	bool follow;
};

static const struct command_option options[] = {
    {"follow", OPTION_FLAG, offsetof(struct outcomes_values, follow), NULL, NULL, false, 0, 0,
     "go on for ever, in the order in which they come"},
    {0}};

static int print_line(const Nurture__V1__Outcome *outcome, struct buf *line, struct err *err)
{
	buf_reset(line);
	outcome_encode(outcome, OUTCOME_JSON, line);
	buf_char(line, '\n');
	if (buf_failed(line))
		return err_set(err, "outcome %s is too long", outcome->id);
	if (fwrite(line->bytes, 1, line->len, stdout) != line->len)
		return err_environment(err, "standard output cannot be written");
	return 0;
}

static int print_all(const struct settings *settings, struct buf *line, struct err *err)
{
	struct outcomes outcomes;
	int r = 0;

	if (outcomes_read_topic(settings, slice_of(NULL, 0), &outcomes, err) < 0)
		return -1;
	for (size_t i = 0; r == 0 && i < outcomes.count; i++)
		r = print_line(outcomes.items[i], line, err);
	outcomes_free(&outcomes);
	return r;
}

static int print_record(const struct topic_record *record, struct arena *arena, struct buf *line,
			struct err *err)
{
	Nurture__V1__Outcome *outcome;

	if (!record->value.bytes)
		return 0;
	arena_reset(arena);
	if (outcome_decode(record->value, arena, &outcome, err) < 0)
		return err_prefix(err, "partition %d, offset %lld", (int)record->partition,
				  (long long)record->offset);
	if (print_line(outcome, line, err) < 0)
		return -1;
	return fflush(stdout) == 0 ? 0 : err_environment(err, "standard output cannot be written");
}

static int follow(const struct settings *settings, struct buf *line, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options reading = {
	    .brokers = settings->common.brokers,
	    .topic = settings_topic(settings, "outcomes", topic),
	    .follow = true};
	struct arena arena = {0};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &reading, err) < 0)
		return -1;
	do {
		r = topic_reader_next(reader, FOLLOW_WAIT_MS, &record, err);
		if (r > 0)
			r = print_record(&record, &arena, line, err);
	} while (r == 0 && !stop_requested());
	topic_reader_close(&reader);
	arena_free(&arena);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct outcomes_values *values = call->values;
	struct buf line = BUF_MAX(LINE_MAX_BYTES);
	int r = values->follow ? follow(call->settings, &line, err)
			       : print_all(call->settings, &line, err);

	buf_free(&line);
	return r;
}

const struct command cmd_outcomes = {
    .name = "outcomes",
    .line = "what became of every request: canonical lines from the topic",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct outcomes_values),
    .text = "All that is there now, one JSON object a line, sorted by customer, time and id: the\n"
	    "file that compare, audit and report read. Only what was committed is seen.",
    .run = run,
};
