/*
 * counting_service.c - two trivial services on the real loop, for the tests
 * that kill them.
 *
 *	counting_service first	  events -> requests: the how-manieth event of its customer this is
 *	counting_service second	  requests -> outcomes: the same, and once more when a timer a
 *				  thousand milliseconds after each has come; and the how-manieth
 *				  output of its partition each of them is
 *
 * What comes out is known in advance: per customer 1..n, each exactly once and
 * in order, and as many timers; per partition 1..n over both.  So whatever was
 * lost, doubled or decided on a wrong state shows.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/io/config/config.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"

enum { TIMER_MS = 1000, TIMERS_MAX = 4000 };

struct counted {
	int64_t count;
	int64_t heard;   /* timers */
	int64_t waiting; /* how many of dues are set */
	int64_t dues[TIMERS_MAX];
};

static struct slice internal(struct step *step, int64_t time_ms, const char *what, int64_t n,
			     int64_t of_partition)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%s %lld %lld", what, (long long)n,
			   (long long)of_partition);
	uint8_t *bytes = arena_alloc(step->arena, 9 + (size_t)len);

	bytes[0] = 0x09;
	for (int i = 0; i < 8; i++)
		bytes[1 + i] = (uint8_t)((uint64_t)time_ms >> (8 * i));
	memcpy(bytes + 9, text, (size_t)len);
	return slice_of(bytes, 9 + (size_t)len);
}

static void store(struct step *step, const struct counted *counted)
{
	size_t len = sizeof(int64_t) * (size_t)(3 + counted->waiting);

	step_store(step, slice_of(arena_copy(step->arena, counted, len), len),
		   counted->waiting ? counted->dues[0] : NEVER_MS);
}

static int first_step(struct step *step, struct err *err)
{
	struct counted counted = {0};

	if (step->kind != STEP_RECORD)
		return 0;
	if (step->value.len < 9)
		return err_set(err, "a value of %zu bytes", step->value.len);
	if (step->state.len)
		memcpy(&counted, step->state.bytes, step->state.len);
	counted.count++;
	step_emit(step, 0, internal(step, step->now_ms, "count", counted.count, 0));
	store(step, &counted);
	return 0;
}

static int check_shared(void *context, int32_t partition, int32_t partition_count,
			struct slice shared, struct err *err)
{
	(void)context;
	(void)partition;
	(void)partition_count;
	return shared.len == 0 || shared.len == sizeof(int64_t)
		   ? 0
		   : err_environment(err, "a shared state of %zu bytes", shared.len);
}

static int second_step(struct step *step, struct err *err)
{
	static struct counted counted;
	int64_t outputs = 0;

	(void)err;
	memset(&counted, 0, 3 * sizeof(int64_t));
	if (step->state.len)
		memcpy(&counted, step->state.bytes, step->state.len);
	if (step->shared.len)
		memcpy(&outputs, step->shared.bytes, step->shared.len);
	if (step->kind == STEP_RECORD) {
		if (counted.waiting == TIMERS_MAX)
			abort();
		counted.count++;
		counted.dues[counted.waiting++] = step->now_ms + TIMER_MS;
		step_emit(step, 0, internal(step, step->now_ms, "count", counted.count, ++outputs));
	}
	while (step->kind == STEP_TIMER && counted.waiting && counted.dues[0] <= step->now_ms) {
		memmove(counted.dues, counted.dues + 1,
			sizeof(int64_t) * (size_t)--counted.waiting);
		step_emit(step, 0,
			  internal(step, step->now_ms, "timer", ++counted.heard, ++outputs));
	}
	store(step, &counted);
	step_store_shared(
	    step, slice_of(arena_copy(step->arena, &outputs, sizeof(outputs)), sizeof(outputs)));
	return 0;
}

static const struct stream_options first = {
    .service = "counting-first",
    .inputs =
	(const struct stream_input[]){{"events", stream_identify_internal, .moves_misrouted = true},
				      {0}},
    .outputs = (const struct stream_output[]){{"requests", .ticks = true, .may_wait = true}, {0}},
    .changelog = "profiles"};
static const struct stream_options second = {
    .service = "counting-second",
    .inputs =
	(const struct stream_input[]){
	    {"requests", stream_identify_internal, .moves_misrouted = false}, {0}},
    .outputs = (const struct stream_output[]){{.topic = "outcomes"}, {0}},
    .changelog = "contacts",
    .check_shared = check_shared};

int main(int argc, char **argv)
{
	bool is_second = argc > 1 && strcmp(argv[1], "second") == 0;
	struct stream_options options = is_second ? second : first;
	struct common_config config = {0}; /* it has no settings of traces */
	const struct setting_table tables[] = {{common_settings, 0, NULL}, {0}};
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open(options.service);
	r = config_load(1, argv, "counting_service first|second", tables, &config, &err);
	options.config = &config;
	if (r == 0)
		r = stream_open(&stream, &options, &err);
	if (r == 0)
		r = stream_run(stream, is_second ? second_step : first_step, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
