/* cmd_fit.c - what is to be expected of the customers?  Learnt from a file of orders. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/base/civil.h"
#include "services/nurturectl/fit/fit.h"
#include "services/nurturectl/sim/order_shares.h"
#include "services/nurturectl/text_file.h"

enum { OUTPUT_MAX_BYTES = 1 << 20 };

struct fit_call {
	struct orders_values orders;
	const char *model, *out;
	int64_t holdout_ms;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct fit_call, orders),
    {"model", OPTION_TEXT, offsetof(struct fit_call, model), "NAME", "mbg-nbd", false, 0, 0,
     "mbg-nbd or bg-nbd"},
    {"out", OPTION_TEXT, offsetof(struct fit_call, out), "FILE", NULL, false, 0, 0,
     "where the model goes; - is standard output"},
    {"holdout", OPTION_TIME_MS, offsetof(struct fit_call, holdout_ms), "T", NULL, false, 0, 0,
     "learn from what was before, and say how well that foretells the rest"},
    {0}};

static int kind_of(const char *name, enum forecast_kind *ret, struct err *err)
{
	for (int i = 0; i < FORECAST_KINDS; i++) {
		if (strcmp(name, forecast_kind_text((enum forecast_kind)i)) != 0)
			continue;
		*ret = (enum forecast_kind)i;
		return 0;
	}
	return err_config(err, "--model: %s; expected mbg-nbd or bg-nbd", name);
}

/* The end is --until, or the last order. */
static int read_lives(const struct invocation *call, struct fit_lives *ret, struct err *err)
{
	const struct fit_call *values = call->values;
	struct orders_values wanted = values->orders;
	struct order_shares shares;
	struct orders *share;
	int r;

	wanted.policy_is_optional = true;
	if (order_shares_open(call->settings, &wanted, &shares, err) < 0)
		return -1;
	ret->until_ms =
	    wanted.until_ms != OPTION_ABSENT ? wanted.until_ms : shares.all.last_placed_ms + 1;
	ret->learnt_ms = values->holdout_ms != OPTION_ABSENT ? values->holdout_ms : ret->until_ms;
	ret->first_ms = shares.all.first_ms;
	while ((r = order_shares_next(&shares, &share, err)) > 0)
		fit_lives_add(ret, share);
	order_shares_close(&shares);
	return r;
}

static int expect_enough(const struct fit_lives *lives, struct err *err)
{
	if (lives->count < FIT_PEOPLE_MIN || lives->repeaters < FIT_REPEATERS_MIN)
		return err_config(
		    err,
		    "%zu customers, %zu of whom came on a second day: too few to learn "
		    "from; expected %d and %d",
		    lives->count, lives->repeaters, FIT_PEOPLE_MIN, FIT_REPEATERS_MIN);
	return 0;
}

static int learn(const struct fit_lives *lives, struct forecast *model, struct err *err)
{
	const enum forecast_kind kind = model->kind;
	struct fit_result orders = fit_orders(lives, kind, model), value = fit_value(lives, model);

	if (orders.is_at_edge)
		return err_config(
		    err,
		    "these orders do not tell the parameters of %s (r %.4g, alpha %.4g "
		    "days, a %.4g, b %.4g): all customers behave alike, or nobody stays "
		    "away; expected more orders, or another model",
		    forecast_kind_text(kind), model->r, model->alpha, model->a, model->b);
	model->has_rfm = true;
	fit_rfm(lives, &model->rfm);
	fprintf(stderr,
		"%s of %zu customers, %zu of whom came again: r %.4f, alpha %.4f days, a %.4f, "
		"b %.4f; log-likelihood %.1f after %u tries\n",
		forecast_kind_text(kind), lives->count, lives->repeaters, model->r, model->alpha,
		model->a, model->b, orders.likelihood, orders.evaluations);
	if (model->has_value)
		fprintf(stderr, "value of a visit: p %.4f, q %.4f, v %.4f; mean %.2f\n", model->p,
			model->q, model->v, forecast_visit_value(model, 0, 0));
	else
		fprintf(stderr,
			"value of a visit: not learnt (q %.4g after %u tries): amounts are "
			"missing, or too uneven to have a mean\n",
			model->q, value.evaluations);
	return 0;
}

static void print_area(double area)
{
	if (isnan(area))
		printf("       -");
	else
		printf("   %5.3f", area);
}

static void print_judgement(const struct fit_lives *lives, const struct forecast *model)
{
	static const char *const names[FIT_RANKINGS] = {"expected orders", "days since last order",
							"number of orders", "ratio to usual gap",
							"chance to be alive"};
	struct fit_judgement judgement;
	char from[RFC3339_BYTES], until[RFC3339_BYTES];

	fit_judge(lives, model, &judgement);
	printf("Learnt from orders before %s, held against those until %s.\n",
	       rfc3339_text(lives->learnt_ms, from), rfc3339_text(lives->until_ms, until));
	printf("%zu of %zu customers bought. The chance that a buyer stands before another, ranked "
	       "by:\n",
	       judgement.buyers, judgement.people);
	printf("%-22s %8s %8s\n", "", "all", "repeat");
	for (int i = 0; i < FIT_RANKINGS; i++) {
		printf("%-22s", names[i]);
		print_area(judgement.all[i]);
		print_area(judgement.repeat[i]);
		putchar('\n');
	}
	printf("repeat: the %zu who had come on two days and more\n", judgement.repeaters);
	printf("Visits: %.0f expected, %.0f came (%+.0f %%). Of the tenth with the most expected "
	       "%.0f %% bought, %.0f %% of all visits.\n",
	       judgement.expected, judgement.bought,
	       100 * (judgement.expected / judgement.bought - 1), 100 * judgement.top_buyers,
	       100 * judgement.top_share);
}

static int write_model(const struct invocation *call, const struct fit_lives *lives,
		       const struct forecast *model, struct err *err)
{
	const struct fit_call *values = call->values;
	const struct policy *policy = call->settings->policy;
	struct buf out = BUF_MAX(OUTPUT_MAX_BYTES);
	int r;

	fit_put_model(lives, model, policy ? policy->shop.currency : "", &out);
	r = text_file_write(values->out, buf_slice(&out), err);
	buf_free(&out);
	return r;
}

static int fit(const struct invocation *call, struct forecast *model, struct fit_lives *lives,
	       struct err *err)
{
	const struct fit_call *values = call->values;
	int r;

	if (!values->out && values->holdout_ms == OPTION_ABSENT)
		return err_config(err, "nothing to do; expected --out or --holdout");
	if (kind_of(values->model, &model->kind, err) < 0)
		return -1;
	r = read_lives(call, lives, err);
	if (r == 0)
		r = expect_enough(lives, err);
	if (r == 0)
		r = learn(lives, model, err);
	if (r == 0 && values->holdout_ms != OPTION_ABSENT)
		print_judgement(lives, model);
	if (r == 0 && values->out)
		r = write_model(call, lives, model, err);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	struct forecast model = {0};
	struct fit_lives lives = {.related = calloc(1, sizeof(*lives.related))};
	int r;

	if (!lives.related)
		abort();
	r = fit(call, &model, &lives, err);
	names_free(&lives.related->names);
	free(lives.related);
	fit_lives_free(&lives);
	return r;
}

const struct command cmd_fit = {
    .name = "fit",
    .line = "what is to be expected of the customers? Learnt from orders",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct fit_call),
    .text =
	"Learns from a file of orders how often people come, whether they still do and what they\n"
	"spend, and where the fifths of recency, orders and money end; --out writes it as JSON.\n"
	"A policy that names the file (model: FILE) asks it for expected_orders, expected_value\n"
	"and rfm.\n"
	"With --holdout it learns from the orders before T and prints how well people are ranked\n"
	"by what they did after it; --out then writes that model. Time ends at --until or with "
	"the\n"
	"last order, not 60 days later as for simulate. docs/insight.md says what it is good "
	"for.\n\n" ORDERS_HELP,
    .run = run,
};
