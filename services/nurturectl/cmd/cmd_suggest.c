/* cmd_suggest.c - what rhythm do this shop's happy customers have?  As lines for a policy. */
#include <stdio.h>

#include "commands.h"
#include "services/nurturectl/sim/order_shares.h"
#include "services/nurturectl/suggest/suggest.h"

enum { OUTPUT_MAX_BYTES = 16 << 20 };

struct suggest_call {
	struct orders_values orders;
	bool json;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct suggest_call, orders),
    {"json", OPTION_FLAG, offsetof(struct suggest_call, json), NULL, NULL, false, 0, 0,
     "the numbers and the proposal as JSON"},
    {0}};

static void print(const struct suggest *suggest, const struct policy *policy, bool as_json)
{
	struct buf out = BUF_MAX(OUTPUT_MAX_BYTES);

	if (as_json)
		suggest_json(suggest, &out);
	else
		suggest_yaml(suggest, policy, &out);
	fwrite(out.bytes, 1, out.len, stdout);
	buf_free(&out);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct suggest_call *values = call->values;
	struct orders_values wanted = values->orders;
	const struct policy *policy;
	struct order_shares shares;
	struct suggest suggest;
	struct orders *share;
	int r;

	wanted.policy_is_optional = true;
	if (order_shares_open(call->settings, &wanted, &shares, err) < 0)
		return -1;
	policy = call->settings->policy;
	suggest_begin(&shares.all, policy ? policy->shop_zone : NULL, &suggest);
	while ((r = order_shares_next(&shares, &share, err)) > 0)
		suggest_add(&suggest, share);
	suggest_end(&suggest);
	if (r == 0)
		print(&suggest, policy, values->json);
	suggest_free(&suggest);
	order_shares_close(&shares);
	return r;
}

const struct command cmd_suggest = {
    .name = "suggest",
    .line = "what rhythm do the happy customers have? As lines for a policy",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct suggest_call),
    .text =
	"Looks at the customers who ordered on at least three days and never cancelled, returned\n"
	"or complained: how long they usually stay away, when one of them is slipping, when what\n"
	"they bought is bought again. Prints lines for a policy file with what each rests on;\n"
	"of small samples it says so and proposes nothing. A policy gives the shop's time zone;\n"
	"without one, days are UTC.\n\n" ORDERS_HELP,
    .run = run,
};
