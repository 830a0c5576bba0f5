/*
 * step_bench.c - what one decision costs, and what it costs to read what it is
 * about: no Kafka, no Redis, no mail server.
 *
 *	step_bench --orders FILE [orders options] [--templates DIR] [--steps N] [--passes N]
 *
 * The services' own steps go through a file of orders in the simulation, and
 * what each step was asked (record or timer, state, instant) is kept.  Then
 * the same questions are asked again, in the same order, some passes long; so
 * the mix is the real one.  One line of JSON for each thing measured: how many
 * calls, and nanoseconds of processor time a call in the fastest pass and in
 * the median one.
 *
 * step_bench.py runs it, and once more under callgrind, which counts the
 * instructions of ask_all().
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/message/event.h"
#include "services/email-sender/compose/compose.h"
#include "services/email-sender/wire.h"
#include "services/nurturectl/sim/orders_options.h"
#include "tests/bench/step_bench/questions.h"

enum { PASSES_MAX = 101 };

struct values {
	struct orders_values orders;
	const char *templates;
	int64_t steps, passes;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct values, orders),
    {"templates", OPTION_TEXT, offsetof(struct values, templates), "DIR", "deploy/templates", false,
     0, 0, "of the mails that are composed"},
    {"steps", OPTION_NUMBER, offsetof(struct values, steps), "N", "40000", false, 1, 10000000,
     "of each kind, at most"},
    {"passes", OPTION_NUMBER, offsetof(struct values, passes), "N", "11", false, 1, PASSES_MAX,
     "over the same steps"},
    {0}};

static const struct command command = {.name = "step_bench",
				       .arguments = "",
				       .options = options,
				       .values_bytes = sizeof(struct values)};

static struct composer composer;
static struct compose_room room = COMPOSE_ROOM;

static int ask_step(struct step *step, step_function function)
{
	struct err err;

	step_prepare(step);
	return function(step, &err);
}

static int ask_decode_event(struct step *step)
{
	Nurture__V1__Event *event;
	struct err err;

	return event_decode(step->value, step->arena, &event, &err);
}

static int ask_peek_event(struct step *step)
{
	struct slice customer;
	int64_t time_ms;
	struct err err;

	return event_peek(step->value, step->arena, &customer, &time_ms, &err);
}

static int ask_decode_outcome(struct step *step)
{
	Nurture__V1__Outcome *outcome;
	struct err err;

	return outcome_decode(step->value, step->arena, &outcome, &err);
}

/* The effect read and the mail as it would go to the server. */
static int ask_compose(struct step *step)
{
	Nurture__V1__DeliveryEffect *effect;
	struct mail mail;
	struct err err;

	if (send_effect_decode(step->value, step->arena, &effect, &err) < 0)
		return -1;
	return send_compose(&composer, step->customer, effect, &room, &mail, &err);
}

static int ask(enum kind kind, struct step *step)
{
	switch (kind) {
	case SEGMENTER:
		return ask_step(step, seg_step);
	case SOLICITOR:
		return ask_step(step, sol_step);
	case SCHEDULER:
	case SCHEDULER_IDLE:
		return ask_step(step, sched_step);
	case SENDER:
		return ask_step(step, send_step);
	case DECODE_EVENT:
		return ask_decode_event(step);
	case PEEK_EVENT:
		return ask_peek_event(step);
	case DECODE_OUTCOME:
		return ask_decode_outcome(step);
	case COMPOSE:
		return ask_compose(step);
	case KINDS:
		break;
	}
	abort();
}

static int64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* All questions of a kind once; nanoseconds. A refusal would be measuring something else. */
static __attribute__((noinline)) int64_t ask_all(enum kind kind, struct arena *arena)
{
	int64_t began_ns = cpu_ns();

	for (size_t i = 0; i < questions[kind].count; i++) {
		struct step step = questions[kind].items[i];

		arena_reset(arena);
		step.arena = arena;
		if (ask(kind, &step) < 0)
			abort();
	}
	return cpu_ns() - began_ns;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void measure(enum kind kind, int64_t passes)
{
	static const char *const names[] = {"segmenter step",
					    "review-solicitor step",
					    "scheduler step",
					    "email-sender step",
					    "scheduler timer, nothing new",
					    "event, decoded",
					    "event, who and when",
					    "outcome, decoded",
					    "mail, composed"};
	size_t count = questions[kind].count;
	int64_t took_ns[PASSES_MAX];
	struct arena arena = {0};

	if (count == 0)
		return;
	for (int64_t i = 0; i < passes; i++)
		took_ns[i] = ask_all(kind, &arena);
	qsort(took_ns, (size_t)passes, sizeof(*took_ns), compare);
	printf("{\"what\":\"%s\",\"calls\":%zu,\"passes\":%lld,"
	       "\"least_ns\":%.1f,\"median_ns\":%.1f}\n",
	       names[kind], count, (long long)passes, (double)took_ns[0] / (double)count,
	       (double)took_ns[passes / 2] / (double)count);
	arena_free(&arena);
}

static int run(const struct values *values, struct settings *settings, struct err *err)
{
	struct sim_world *sim = malloc(sizeof(*sim));
	struct template_set *templates;
	struct orders orders;
	int64_t until_ms;

	if (!sim)
		abort();
	if (template_set_open(values->templates, &templates, err) < 0 ||
	    orders_open(settings, &values->orders, &orders, &until_ms, err) < 0)
		return -1;
	composer = (struct composer){.policy = settings->policy,
				     .templates = templates,
				     .token_key = slice_text("a key of the benchmark")};
	sim_world_prepare(sim, settings->policy, &orders, true);
	steps_max = (size_t)values->steps;
	if (collect(&orders, sim, until_ms, err) < 0)
		return -1;
	/* What is measured writes what the services write. */
	sim->scheduler.format = sim->sender.format = OUTCOME_JSON;
	for (enum kind kind = SEGMENTER; kind < KINDS; kind++)
		measure(kind, values->passes);
	return 0;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct invocation call;
	struct values values;
	struct err err;
	int r = command_parse(&command, argc - 1, argv + 1, &values, &call, &err);

	if (r > 0) {
		fputs("usage: step_bench --orders FILE [orders options] [--templates DIR] "
		      "[--steps N] [--passes N]\n",
		      stdout);
		return 0;
	}
	if (r == 0)
		r = settings_load(&settings, &err);
	if (r == 0)
		r = run(&values, &settings, &err);
	if (r == 0)
		return 0;
	fprintf(stderr, "step_bench: %s\n", err.text);
	return err_exit_code(&err);
}
