/* cmd_audit.c - were the caps kept, and does every request have one end? */
#include <stdio.h>

#include "services/nurturectl/audit/audit.h"
#include "commands.h"

enum { FINDINGS_MAX_BYTES = 64 << 20 };

struct audit_values {
	const char *policy;
};

static const struct command_option options[] = {
    {"policy", OPTION_TEXT, offsetof(struct audit_values, policy), "FILE", NULL, false, 0, 0,
     "the policy whose caps were to be kept; default NURTURE_POLICY"},
    {0}};

static void print_balance(const struct audit *audit)
{
	printf("%zu outcomes of %zu customers, %zu requests\n", audit->outcomes, audit->customers,
	       audit->requests);
	for (int status = 0; status < STATUS_COUNT; status++)
		if (audit->by_status[status])
			printf("  %-14s %zu\n", status_text((enum status)status),
			       audit->by_status[status]);
	printf("ended once: %zu, waiting: %zu, ended twice: %zu\n",
	       audit->requests - audit->waiting - audit->ended_twice, audit->waiting,
	       audit->ended_twice);
	if (audit->who_7d)
		printf("most in any 7 days: %zu (customer %s)\n"
		       "most in any 30 days: %zu (customer %s)\n",
		       audit->most_7d, audit->who_7d, audit->most_30d, audit->who_30d);
	if (audit->other_policy)
		printf("note: %zu outcomes were decided under another policy file\n",
		       audit->other_policy);
}

static int print_result(const struct audit *audit, const struct buf *findings)
{
	fputs(findings->bytes ? findings->bytes : "", stdout);
	if (audit->broken > AUDIT_SHOWN_MAX)
		printf("... and %zu more broken windows\n", audit->broken - AUDIT_SHOWN_MAX);
	print_balance(audit);
	if (audit_is_clean(audit)) {
		puts("ok: every cap was kept, and every request that ended has one end");
		return 0;
	}
	printf("NOT ok: %zu broken windows, %zu requests that ended twice, %zu repeated outcomes, "
	       "%zu merged parts without their mail, %zu wrong releases\n",
	       audit->broken, audit->ended_twice, audit->repeated, audit->adrift,
	       audit->unpermitted);
	return EXIT_NO;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct audit_values *values = call->values;
	struct buf findings = BUF_MAX(FINDINGS_MAX_BYTES);
	struct outcomes outcomes;
	struct audit audit;
	int r;

	if (settings_policy(call->settings, values->policy, NULL, err) < 0)
		return -1;
	if (call->arguments[0])
		r = outcomes_read_file(call->arguments[0], &outcomes, err);
	else
		r = outcomes_read_topic(call->settings, slice_of(NULL, 0), &outcomes, err);
	if (r < 0)
		return -1;
	audit_run(call->settings->policy, &outcomes, &audit, &findings);
	r = print_result(&audit, &findings);
	outcomes_free(&outcomes);
	buf_free(&findings);
	return r;
}

const struct command cmd_audit = {
    .name = "audit",
    .line = "were all caps kept, and does every request have one end?",
    .arguments = "[OUT.jsonl]",
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct audit_values),
    .text =
	"Counts every cap, gap and the ceiling again, from the outcomes alone (of the file, or\n"
	"of the topic) and with none of the scheduler's code. What is in doubt counts as sent.\n"
	"Exit 1 and each broken window: customer, rule, the sends in it. Also the books: every\n"
	"request has exactly one terminal outcome, or is still waiting; what was merged into a "
	"mail\n"
	"has that mail; only permits are released. Not audited: what people asked for themselves\n"
	"(fewer mails, a pause), which outcomes do not say.",
    .run = run,
};
