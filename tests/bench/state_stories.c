/*
 * state_stories.c - states as this build writes them, and what became of them: for
 * tests/golden/states.txt.
 *
 *	state_stories --orders FILE [orders options] [--customers N] >stories
 *
 * A story is a state in the middle of a customer's life and the steps that followed.  Whoever
 * changes how a state is written adds a story of the build before, so that
 * nurturectl_old_states_test can go on from it.  tests/unit/states_story.h has the lines.
 */
#include <stdio.h>

#include "services/nurturectl/sim/orders_options.h"
#include "tests/bench/step_bench/questions.h"
#include "tests/unit/states_story.h"

enum { STEPS_AFTER = 10 };

struct values {
	struct orders_values orders;
	int64_t customers;
};

static const struct command_option options[] = {ORDERS_OPTIONS(struct values, orders),
						{"customers", OPTION_NUMBER,
						 offsetof(struct values, customers), "N", "3",
						 false, 1, 100, "stories of each service"},
						{0}};

static const struct command command = {.name = "state_stories",
				       .arguments = "",
				       .options = options,
				       .values_bytes = sizeof(struct values)};

/* The first step with the largest state behind which enough of the same life is left. */
static size_t richest(const struct questions *from, size_t begin, size_t end)
{
	size_t best = begin;

	for (size_t i = begin; i + STEPS_AFTER < end; i++)
		if (from->items[i].state.len > from->items[best].state.len &&
		    slice_equal(from->items[i].customer, from->items[i + STEPS_AFTER].customer))
			best = i;
	return best;
}

static void tell(const struct states_service *service, const struct questions *from, size_t at,
		 size_t end)
{
	struct states_story story = {.service = service,
				     .customer = from->items[at].customer,
				     .state = from->items[at].state};
	struct arena arena = {0};

	states_put_story(&story, stdout);
	for (size_t i = at; i < end && i < at + STEPS_AFTER; i++) {
		struct step step = from->items[i];

		states_ask(&story, &step, &arena);
		states_put_step(&step, stdout);
		states_put_answer(&story, stdout);
	}
	arena_free(&arena);
}

/* The customers with the largest states, one from each part of the file. */
static void tell_service(enum sim_service kind, size_t customers)
{
	const struct questions *from = &questions[kind];
	size_t part = from->count / customers;

	for (size_t n = 0; n < customers; n++) {
		size_t at = richest(from, n * part, (n + 1) * part), end = at;

		while (end < from->count &&
		       slice_equal(from->items[end].customer, from->items[at].customer))
			end++;
		tell(&states_services[kind], from, at, end);
	}
}

static int run(const struct values *values, struct settings *settings, struct err *err)
{
	struct sim_world *sim = malloc(sizeof(*sim));
	struct orders orders;
	int64_t until_ms;

	if (!sim)
		abort();
	if (orders_open(settings, &values->orders, &orders, &until_ms, err) < 0)
		return -1;
	sim_world_prepare(sim, settings->policy, &orders, true);
	steps_max = SIZE_MAX;
	if (collect(&orders, sim, until_ms, err) < 0)
		return -1;
	states_prepare(settings->policy);
	for (int kind = SIM_SEGMENTER; kind < SIM_SERVICES; kind++)
		tell_service((enum sim_service)kind, (size_t)values->customers);
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
		fputs("usage: state_stories --orders FILE [orders options] [--customers N]\n",
		      stdout);
		return 0;
	}
	if (r == 0)
		r = settings_load(&settings, &err);
	if (r == 0)
		r = run(&values, &settings, &err);
	if (r == 0)
		return 0;
	fprintf(stderr, "state_stories: %s\n", err.text);
	return err_exit_code(&err);
}
