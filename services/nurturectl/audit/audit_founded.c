/* audit_founded.c - had the inbox heard so much, when a mail was held back for it? audit_inboxes.h. */
#include <stdlib.h>

#include "audit_caps.h"
#include "audit_inboxes.h"
#include "common/policy/rule.h"

/* The cap of a rule "inbox:NAME"; NULL: it is no such rule, or none that the policy has. */
static const struct cap *cap_of(const struct policy *policy, const Nurture__V1__Outcome *outcome)
{
	const char *rule = outcome->reason ? outcome->reason->rule : "";

	if (strncmp(rule, RULE_INBOX_PREFIX, strlen(RULE_INBOX_PREFIX)) != 0)
		return NULL;
	rule += strlen(RULE_INBOX_PREFIX);
	for (unsigned i = 0; i < policy->cap_count; i++)
		if (strcmp(policy->caps[i].name, rule) == 0)
			return &policy->caps[i];
	return strcmp(policy->ceiling.name, rule) == 0 ? &policy->ceiling : NULL;
}

static size_t first_of(const struct audit_mail *mails, size_t count, const char *inbox)
{
	size_t from = 0, to = count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(mails[middle].inbox, inbox) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* How many mails to the inbox the cap counted then. */
static int64_t heard(const struct policy *policy, const struct cap *cap,
		     const struct audit_mail *mails, size_t count, int64_t at_ms)
{
	Nurture__V1__Outcome **items = calloc(count + 1, sizeof(struct audit_mail *));
	int64_t ret;

	if (!items)
		abort();
	for (size_t i = 0; i < count; i++)
		items[i] = mails[i].outcome;
	ret = audit_counted(policy, cap, items, count, at_ms);
	free(items);
	return ret;
}

static void check(const struct policy *policy, const struct cap *cap,
		  const struct audit_mail *mails, size_t count, const Nurture__V1__Outcome *outcome,
		  struct audit *audit, struct buf *findings)
{
	int64_t at_ms = (int64_t)outcome->at_ms;
	int64_t had = heard(policy, cap, mails, count, at_ms);
	char at[RFC3339_BYTES];

	if (had >= cap->limit || audit->unfounded++ >= AUDIT_SHOWN_MAX)
		return;
	buf_printf(
	    findings,
	    "UNFOUNDED  customer %s: %s (%s) of request %s, %s by %s at %s, when the inbox had "
	    "heard %lld\n",
	    outcome->customer, outcome->programme, outcome->message_class, outcome->request,
	    outcome->status, outcome->reason->rule, rfc3339_text(at_ms, at), (long long)had);
}

void audit_founded(const struct policy *policy, const struct outcomes *outcomes,
		   const struct audit_mail *mails, size_t count, const struct audit_people *people,
		   struct audit *audit, struct buf *findings)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		const Nurture__V1__Outcome *outcome = outcomes->items[i];
		const struct cap *cap = cap_of(policy, outcome);
		const char *inbox =
		    cap ? audit_people_home(people, outcome->customer, (int64_t)outcome->at_ms, 0)
			: NULL;
		size_t first, end;

		if (!inbox)
			continue;
		first = end = first_of(mails, count, inbox);
		while (end < count && strcmp(mails[end].inbox, inbox) == 0)
			end++;
		check(policy, cap, mails + first, end - first, outcome, audit, findings);
	}
}
