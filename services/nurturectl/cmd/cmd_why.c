/* cmd_why.c - why did this customer hear that, and why not that? */
#include <stdio.h>

#include "commands.h"
#include "common/base/text.h"
#include "common/mail/inbox.h"
#include "services/nurturectl/explain/why.h"
#include "services/nurturectl/explain/why_now.h"

enum { TEXT_MAX_BYTES = 64 << 20 };
#define NEWEST "200000" /* are read in less than a second */

struct why_values {
	const char *programme, *policy, *outcomes;
	int64_t at_ms, newest;
	bool all;
};

static const struct command_option options[] = {
    {"programme", OPTION_TEXT, offsetof(struct why_values, programme), "NAME", NULL, false, 0, 0,
     "only this one"},
    {"at", OPTION_TIME_MS, offsetof(struct why_values, at_ms), "T", NULL, false, 0, 0,
     "as it stood then"},
    {"outcomes", OPTION_TEXT, offsetof(struct why_values, outcomes), "FILE", NULL, false, 0, 0,
     "from a file instead of the topic"},
    {"newest", OPTION_NUMBER, offsetof(struct why_values, newest), "N", NEWEST, false, 1,
     1000000000, "look among so many newest records of the customer's partition"},
    {"all", OPTION_FLAG, offsetof(struct why_values, all), NULL, NULL, false, 0, 0,
     "look at all of them"},
    {"policy", OPTION_TEXT, offsetof(struct why_values, policy), "FILE", NULL, false, 0, 0,
     "to say what a rule asks for; default NURTURE_POLICY, or none"},
    {0}};

/* Keeps only the outcomes of one customer. */
static void restrict_to(struct outcomes *outcomes, const char *customer)
{
	size_t kept = 0;

	for (size_t i = 0; i < outcomes->count; i++)
		if (strcmp(outcomes->items[i]->customer, customer) == 0)
			outcomes->items[kept++] = outcomes->items[i];
	outcomes->count = kept;
}

/* What the story is told from. */
struct sources {
	struct outcomes outcomes;
	struct outcomes_reach reach;
	struct scheduler_view view;
	bool has_view;
};

static void print_limits(const struct sources *sources)
{
	char at[RFC3339_BYTES];

	if (sources->reach.skipped)
		printf(
		    "\nlimits: outcomes before about %s were not looked at (%lld older records); "
		    "--all looks at them\n",
		    rfc3339_text(sources->reach.oldest_ms, at), (long long)sources->reach.skipped);
}

static int tell(const struct invocation *call, const char *customer, struct sources *sources)
{
	const struct why_values *values = call->values;
	const struct why_options asked = {.policy = call->settings->policy,
					  .programme = values->programme,
					  .at_ms = values->at_ms == OPTION_ABSENT ? NEVER_MS
										  : values->at_ms};
	struct buf words = BUF_MAX(TEXT_MAX_BYTES);
	size_t told;

	restrict_to(&sources->outcomes, customer);
	told = why_tell(&sources->outcomes, &asked, &words);
	if (told == 0)
		buf_printf(&words, "%s: nothing was decided%s%s%s\n", customer,
			   values->programme ? " about " : "",
			   values->programme ? values->programme : "",
			   values->at_ms == OPTION_ABSENT ? "" : " up to then");
	if (sources->has_view) {
		why_tell_now(&sources->view, &asked, &words);
		why_tell_unheard(&sources->view, &sources->outcomes, &asked, customer, &words);
	}
	fputs(words.bytes ? words.bytes : "", stdout);
	print_limits(sources);
	buf_free(&words);
	return told > 0 ? 0 : EXIT_NO;
}

static int read_sources(const struct invocation *call, const char *id, struct sources *ret,
			struct err *err)
{
	const struct why_values *values = call->values;
	struct slice customer = slice_text(id);

	if (values->outcomes)
		return outcomes_read_file(values->outcomes, &ret->outcomes, err);
	if (outcomes_read_newest(call->settings, customer, values->all ? 0 : values->newest,
				 &ret->outcomes, &ret->reach, err) < 0)
		return -1;
	/* Nobody has kept how things stood at an earlier time. */
	ret->has_view = values->at_ms == OPTION_ABSENT;
	if (ret->has_view)
		scheduler_view_read(call->settings, customer, ret->reach.partitions, &ret->view);
	return 0;
}

static bool is_found(const struct sources *sources, const char *customer)
{
	bool is_known = sources->view.ledger || sources->view.is_known;

	for (size_t i = 0; i < sources->outcomes.count && !is_known; i++)
		is_known = strcmp(sources->outcomes.items[i]->customer, customer) == 0;
	return is_known;
}

static void free_sources(struct sources *sources)
{
	outcomes_free(&sources->outcomes);
	scheduler_view_free(&sources->view);
	*sources = (struct sources){0};
}

/*
 * An address may be an id itself; where the doors know people by their inbox, its hash is. The one
 * that something is known of is told, else the inbox.
 */
static int look(const struct invocation *call, struct err *err)
{
	const char *given = call->arguments[0], *customer = given;
	char inbox[INBOX_KEY_BYTES];
	struct sources sources = {0};
	int r = read_sources(call, given, &sources, err);

	if (r < 0)
		return -1;
	if (!is_found(&sources, given) && inbox_key(slice_text(given), inbox)) {
		const struct why_values *values = call->values;

		customer = inbox;
		/* A file has everybody's outcomes, and may be a pipe that is read once. */
		if (!values->outcomes) {
			free_sources(&sources);
			if (read_sources(call, customer, &sources, err) < 0)
				return -1;
		}
		printf("looked at %s, the inbox of %s: under the address itself nobody is known\n",
		       customer, given);
	}
	r = tell(call, customer, &sources);
	free_sources(&sources);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct why_values *values = call->values;
	bool has_policy = values->policy || call->settings->common.policy_file[0];

	if (!text_is_id(slice_text(call->arguments[0])))
		return err_config(err, "expected a customer's id, or an address");
	if (has_policy && settings_policy(call->settings, values->policy, NULL, err) < 0)
		return -1;
	return look(call, err);
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
	"from when it was possible, who went first, what else was there, and how it ended. Then\n"
	"how it stands now: address, consent, pause, cases, what waits and until when; and what\n"
	"was never set off. Reads the customer's partition of nurture.outcomes and the\n"
	"scheduler's state in Redis. With --at or --outcomes, outcomes only. Exit 1 when nothing\n"
	"was ever decided. CUSTOMER may be an address: what is known by its hash is found, too.",
    .run = run,
};
