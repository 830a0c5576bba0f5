/* labels.c - see labels.h. */
#include "labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/policy/rule.h"

static const char *const status_labels[STATUS_COUNT] = {
    [STATUS_DEFERRED] = "held back",
    [STATUS_SENT] = "sent",
    [STATUS_REJECTED] = "refused by the mail server",
    [STATUS_IN_DOUBT] = "in doubt: sent, or not; the mail server's answer was lost",
    [STATUS_UNDELIVERABLE] = "not sent: no address that takes mail",
    [STATUS_NO_CONSENT] = "not sent: no consent",
    [STATUS_EXPIRED] = "not sent: its time ran out",
    [STATUS_CANCELLED] = "not sent: its reason had gone",
    [STATUS_DISPLACED] = "not sent: others went first until its time ran out",
    [STATUS_JUST_BOUGHT] = "not sent: about something just bought",
    [STATUS_HOLDOUT] = "not sent: the customer is in the group that is left alone, to compare",
    [STATUS_ERASED] = "not sent: the customer asked to be forgotten",
    [STATUS_TASK_CREATED] = "given to a person as a task",
    [STATUS_PERMITTED] = "permitted to another tool",
    [STATUS_REFUSED] = "refused to another tool",
    [STATUS_RELEASED] = "given back by the other tool: not used",
};

/* The table of the rules has their labels, so none can be without. */
static const char *const rule_labels[RULE_COUNT] = {
#define X(name, text, label) [RULE_##name] = label,
    RULES(X)
#undef X
};

const char *label_status(enum status status)
{
	return status_labels[status];
}

const char *label_duration(int64_t ms, char *buf, size_t size)
{
	static const struct {
		int64_t ms;
		const char *one, *many;
	} units[] = {
	    {DAY_MS, "day", "days"},
	    {HOUR_MS, "hour", "hours"},
	    {MINUTE_MS, "minute", "minutes"},
	    {SECOND_MS, "second", "seconds"},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (ms >= units[i].ms && ms % units[i].ms == 0) {
			int64_t count = ms / units[i].ms;

			snprintf(buf, size, "%" PRId64 " %s", count,
				 count == 1 ? units[i].one : units[i].many);
			return buf;
		}
	snprintf(buf, size, "%" PRId64 " ms", ms);
	return buf;
}

void label_cap(const struct cap *cap, struct buf *out)
{
	char text[48];

	label_duration(cap->window_ms, text, sizeof(text));
	if (cap->is_min_gap)
		buf_printf(out, "at least %s apart", text);
	else if (cap->limit == 0)
		buf_text(out, "none at all");
	else
		buf_printf(out, "at most %" PRId64 " in %s", cap->limit, text);
}

static const struct cap *find_cap(const struct policy *policy, const char *name)
{
	for (unsigned i = 0; policy && i < policy->cap_count; i++)
		if (strcmp(policy->caps[i].name, name) == 0)
			return &policy->caps[i];
	return policy && strcmp(policy->ceiling.name, name) == 0 ? &policy->ceiling : NULL;
}

/* The rule behind "inbox:", of which nothing is told of other accounts but that there is one. */
static const char *rule_of_inbox(const char *rule)
{
	size_t len = strlen(RULE_INBOX_PREFIX);

	return strncmp(rule, RULE_INBOX_PREFIX, len) == 0 ? rule + len : NULL;
}

static const char of_all_accounts[] = ", counted over all accounts with this address";

static void label_of_inbox(const struct policy *policy, const char *rule, struct buf *out)
{
	if (rule_is(rule, RULE_CONSENT)) {
		buf_text(out, "no was said to mail to this address, under another account");
	} else if (rule_is(rule, RULE_ADDRESS)) {
		buf_text(out, "the address takes no mail, as another account with it has shown");
	} else {
		label_rule(policy, rule, out);
		buf_text(out, of_all_accounts);
	}
}

void label_rule(const struct policy *policy, const char *rule, struct buf *out)
{
	const struct cap *cap = find_cap(policy, rule);
	enum rule known = rule_of(rule);

	if (rule_of_inbox(rule)) {
		label_of_inbox(policy, rule_of_inbox(rule), out);
		return;
	}
	if (cap) {
		buf_printf(out, "cap %s: ", rule);
		label_cap(cap, out);
		return;
	}
	if (known != RULE_NONE)
		buf_text(out, rule_labels[known]);
	else
		buf_text(out, rule[0] ? rule : "no rule given");
}

void label_reason(const struct policy *policy, const Nurture__V1__Reason *reason, struct buf *out)
{
	const char *of_inbox = rule_of_inbox(reason->rule);
	char text[48];

	if (reason->window_s > 0)
		buf_printf(out, "cap %s: %" PRId64 " of %" PRId64 " in %s%s",
			   of_inbox ? of_inbox : reason->rule, reason->count, reason->limit,
			   label_duration(reason->window_s * SECOND_MS, text, sizeof(text)),
			   of_inbox ? of_all_accounts : "");
	else
		label_rule(policy, reason->rule, out);
	if (reason->detail[0])
		buf_printf(out, " (%s)", reason->detail);
}

const char *label_number(int64_t number, char *buf, size_t size)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64,
			   number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
	size_t at = 0;

	if (number < 0 && at + 1 < size)
		buf[at++] = '-';
	for (int i = 0; i < len && at + 2 < size; i++) {
		buf[at++] = digits[i];
		if ((len - i) % 3 == 1 && i + 1 < len)
			buf[at++] = ',';
	}
	buf[at] = '\0';
	return buf;
}

void label_count(int64_t number, const char *one, const char *many, struct buf *out)
{
	char text[40];

	buf_printf(out, "%s %s", label_number(number, text, sizeof(text)),
		   number == 1 ? one : many);
}
