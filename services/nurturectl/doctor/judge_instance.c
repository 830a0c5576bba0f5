/* judge_instance.c - an instance by its /readyz and /metrics; see judge.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/slice.h"
#include "judge.h"

enum { OVERDUE_S = 60 };

/* What stands behind `name` at the beginning of a line (with its labels); empty: no such line. */
static struct slice metric_line(const char *metrics, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = metrics; *line; line += *line == '\n') {
		size_t line_len = strcspn(line, "\n");

		if (line_len > len && memcmp(line, name, len) == 0)
			return slice_of(line + len, line_len - len);
		line += line_len;
	}
	return slice_of("", 0);
}

/* The value of the first label; empty when the metric is not there. */
static struct slice metric_label_of(const char *metrics, const char *name_and_label)
{
	struct slice rest = metric_line(metrics, name_and_label);
	const uint8_t *end = rest.len ? memchr(rest.bytes, '"', rest.len) : NULL;

	return end ? slice_of(rest.bytes, (size_t)(end - rest.bytes)) : slice_of("", 0);
}

static bool has_value(const char *metrics, const char *name, double *ret)
{
	struct slice rest = metric_line(metrics, name);

	if (!rest.len)
		return false;
	*ret = strtod((const char *)rest.bytes, NULL);
	return true;
}

struct slice instance_policy(const char *metrics)
{
	return metric_label_of(metrics, "nurture_policy_info{hash=\"");
}

static void judge_policy(const struct instance_facts *facts, struct findings *findings)
{
	struct slice hash = instance_policy(facts->metrics);

	if (hash.len && facts->policy_hash && !slice_is(hash, facts->policy_hash))
		finding_add(findings, FINDING_WRONG, facts->address,
			    "give all the same file, and start again whichever has an older one",
			    "it decides by policy %.*s, that of %s is %s", SLICE_ARGS(hash),
			    facts->policy_of, facts->policy_hash);
}

/* Each webhook that did not take the last notice. */
static void judge_webhooks(const struct instance_facts *facts, struct findings *findings)
{
	static const char name[] = "nurture_webhook_up{webhook=\"";

	for (const char *at = facts->metrics; (at = strstr(at, name)); at += strlen(name)) {
		struct slice hook = metric_label_of(at, name);
		const char *rest = at + strlen(name) + hook.len;

		if (strncmp(rest, "\"} 0", 4) == 0)
			finding_add(findings, FINDING_WRONG, facts->address,
				    "webhook_failed in its log says why: NURTURE_DESK_WEBHOOKS",
				    "the webhook %.*s has not taken the last notice",
				    SLICE_ARGS(hook));
	}
}

static void judge_metrics(const struct instance_facts *facts, struct findings *findings)
{
	double value;

	if (has_value(facts->metrics, "nurture_redis_up ", &value) && value < 1)
		finding_add(findings, FINDING_WRONG, facts->address, "is Redis up? see redis above",
			    "Redis has not answered it for 15 s");
	if (has_value(facts->metrics, "nurture_due_overdue_seconds ", &value) && value > OVERDUE_S)
		finding_add(findings, FINDING_WRONG, facts->address,
			    "more instances, or one stands still",
			    "what is due longest is %.0f s late", value);
	if (has_value(facts->metrics, "nurture_dead_letters_total ", &value) && value > 0)
		finding_add(findings, FINDING_NOTE, facts->address,
			    "each has its reason in nurture.deadletter",
			    "%.0f records could not be understood since it was started", value);
}

void judge_instance(const struct instance_facts *facts, struct findings *findings)
{
	size_t before = findings->count;
	struct slice version = metric_label_of(facts->metrics, "nurture_build_info{version=\"");

	if (facts->ready_status != 200)
		finding_add(findings, FINDING_WRONG, facts->address, NULL, "not ready: %.*s",
			    (int)strcspn(facts->ready, "\r\n"), facts->ready);
	judge_policy(facts, findings);
	judge_metrics(facts, findings);
	judge_webhooks(facts, findings);
	if (findings->count == before)
		finding_add(findings, FINDING_OK, facts->address, NULL, "ready, version %.*s",
			    SLICE_ARGS(version));
}
