/* judge_service.c - a stateful service by what its group committed; see judge.h. */
#include <inttypes.h>
#include <string.h>

#include "judge.h"

static bool is_moving(const char *state)
{
	return strstr(state, "Rebalanc") != NULL;
}

static void judge_lag(const struct service_facts *facts, struct findings *findings)
{
	int64_t done = facts->lag - facts->lag_later;

	if (facts->standing)
		finding_add(
		    findings, FINDING_WRONG, facts->service,
		    "its log and /readyz say why; one record that stops it: nurturectl skip",
		    "%" PRId64 " records wait, and %d of %d partitions have decided none "
		    "in %.1f s",
		    facts->lag_later, (int)facts->standing, (int)facts->partitions,
		    (double)facts->looked_ms / 1000);
	else if (facts->looked_ms)
		finding_add(findings, FINDING_NOTE, facts->service,
			    done > 0 ? "it catches up" : "more instances, up to one a partition",
			    "%" PRId64 " records wait, %.1f s before it were %" PRId64,
			    facts->lag_later, (double)facts->looked_ms / 1000, facts->lag);
}

void judge_absent(const char *service, bool is_wanted, struct findings *findings)
{
	if (is_wanted)
		finding_add(findings, FINDING_NOTE, service, "start it: docs/desk.md",
			    "the policy says what it does, and it has never run: nobody is "
			    "reminded of a task");
}

void judge_service(const struct service_facts *facts, struct findings *findings)
{
	size_t before = findings->count;

	if (facts->ahead)
		finding_add(findings, FINDING_WRONG, facts->service,
			    "nothing is decided there until then; nurturectl clock puts it right",
			    "%d of %d partitions have a clock that is ahead of this machine's",
			    (int)facts->ahead, (int)facts->partitions);
	if (facts->group.members == 0 && !is_moving(facts->group.state)) {
		finding_add(findings, FINDING_WRONG, facts->service,
			    "start it; it goes on where it was",
			    "no instance runs, %" PRId64 " records wait", facts->lag);
		return;
	}
	if (is_moving(facts->group.state))
		finding_add(findings, FINDING_NOTE, facts->service, "look again in a minute",
			    "partitions are moving to other instances");
	else
		judge_lag(facts, findings);
	if (findings->count == before)
		finding_add(findings, FINDING_OK, facts->service, NULL,
			    "%d instance%s, %d partitions, %" PRId64 " records wait",
			    (int)facts->group.members, facts->group.members == 1 ? "" : "s",
			    (int)facts->partitions, facts->lag);
}
