/* cmd_why.c - why did this customer hear that, and why not that? */
#include <stdio.h>

#include "commands.h"
#include "common/base/text.h"
#include "why.h"

enum { TEXT_MAX_BYTES = 64 << 20 };

struct why_values {
	const char *programme, *policy, *outcomes;
	int64_t at_ms;
};

static const struct command_option options[] = {
    {"programme", OPTION_TEXT, offsetof(struct why_values, programme), "NAME", NULL, false, 0, 0,
     "only this one"},
    {"at", OPTION_TIME_MS, offsetof(struct why_values, at_ms), "T", NULL, false, 0, 0,
     "as it stood then"},
    {"outcomes", OPTION_TEXT, offsetof(struct why_values, outcomes), "FILE", NULL, false, 0, 0,
     "from a file instead of the topic"},
    {"policy", OPTION_TEXT, offsetof(struct why_values, policy), "FILE", NULL, false, 0, 0,
     "to say what a rule asks for; default NURTURE_POLICY, or none"},
    {0}};

/* Keeps one customer's only. */
static void restrict_to(struct outcomes *outcomes, const char *customer)
{
	size_t kept = 0;

	for (size_t i = 0; i < outcomes->count; i++)
		if (strcmp(outcomes->items[i]->customer, customer) == 0)
			outcomes->items[kept++] = outcomes->items[i];
	outcomes->count = kept;
}

static int tell(const struct invocation *call, struct outcomes *outcomes)
{
	const struct why_values *values = call->values;
	const struct why_options asked = {.policy = call->settings->policy,
					  .programme = values->programme,
					  .at_ms = values->at_ms == OPTION_ABSENT ? NEVER_MS
										  : values->at_ms};
	struct buf words = BUF_MAX(TEXT_MAX_BYTES);
	size_t told;

	restrict_to(outcomes, call->arguments[0]);
	told = why_tell(outcomes, &asked, &words);
	fputs(words.bytes ? words.bytes : "", stdout);
	buf_free(&words);
	if (told > 0)
		return 0;
	printf("%s: nothing was decided%s%s%s\n", call->arguments[0],
	       values->programme ? " about " : "", values->programme ? values->programme : "",
	       values->at_ms == OPTION_ABSENT ? "" : " up to then");
	return EXIT_NO;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct why_values *values = call->values;
	bool has_policy = values->policy || call->settings->common.policy_file[0];
	struct outcomes outcomes;
	int r;

	if (!text_is_id(slice_text(call->arguments[0])))
		return err_config(err, "expected a customer's id");
	if (has_policy && settings_policy(call->settings, values->policy, NULL, err) < 0)
		return -1;
	if (values->outcomes)
		r = outcomes_read_file(values->outcomes, &outcomes, err);
	else
		r = outcomes_read_topic(call->settings, slice_text(call->arguments[0]), &outcomes,
					err);
	if (r < 0)
		return -1;
	r = tell(call, &outcomes);
	outcomes_free(&outcomes);
	return r;
}

const struct command cmd_why = {
    .name = "why",
    .line = "why did this customer hear that, and not that?",
    .arguments = "CUSTOMER",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct why_values),
    .text =
	"Every request about the customer: when it was held back, by which rule and its counts,\n"
	"from when it was possible, who went first, and how it ended. Reads the customer's\n"
	"partition of nurture.outcomes. Exit 1 when nothing was ever decided.",
    .run = run,
};
