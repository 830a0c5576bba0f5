/* cancel.c - see cancel.h. */
#include "cancel.h"

#include "common/policy/memory.h"
#include "common/policy/person.h"
#include "common/policy/rule.h"
#include "end.h"
#include "pass_on.h"
#include "tasks.h"

static bool is_meant(const Nurture__V1__Cancel *cancel, const struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;
	struct cancel_target of = {request->id, request->programme, request->order,
				   request->category, request->outlives_order};

	return !candidate->gone && cancel_matches(cancel, &of);
}

static void end(struct sched_decision *decision, struct sched_candidate *candidate,
		const char *reason)
{
	sched_end(decision, candidate, STATUS_CANCELLED,
		  sched_reason(BLOCKED_NOT, rule_text(RULE_CANCEL), reason));
}

static Nurture__V1__KeptCancel keep(const Nurture__V1__Cancel *cancel, int64_t at_ms)
{
	Nurture__V1__KeptCancel kept = NURTURE__V1__KEPT_CANCEL__INIT;

	kept.at_ms = at_ms;
	kept.request = cancel->request;
	kept.programme = cancel->programme;
	kept.order = cancel->order;
	kept.reason = cancel->reason;
	kept.category = cancel->category;
	return kept;
}

Nurture__V1__Cancel sched_cancel_of(const Nurture__V1__KeptCancel *kept)
{
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;

	cancel.request = kept->request;
	cancel.programme = kept->programme;
	cancel.order = kept->order;
	cancel.reason = kept->reason;
	cancel.category = kept->category;
	return cancel;
}

static bool is_same(const Nurture__V1__KeptCancel *a, const Nurture__V1__KeptCancel *b)
{
	return strcmp(a->request, b->request) == 0 && strcmp(a->programme, b->programme) == 0 &&
	       strcmp(a->order, b->order) == 0 && strcmp(a->category, b->category) == 0;
}

/* Puts it where its time is; one that says the same goes, and the oldest when there are too many. */
static void add(struct sched_ledger *ledger, struct sched_cancelled cancel)
{
	struct sched_cancelled *list = ledger->cancels;
	size_t kept = 0, at;

	for (size_t i = 0; i < ledger->cancel_count; i++)
		if (!is_same(&list[i].kept, &cancel.kept))
			list[kept++] = list[i];
		else if (list[i].kept.at_ms > cancel.kept.at_ms)
			cancel = list[i];
	for (at = kept; at > 0 && list[at - 1].kept.at_ms > cancel.kept.at_ms; at--)
		list[at] = list[at - 1];
	list[at] = cancel;
	ledger->cancel_count = ++kept;
	if (kept <= SCHED_CANCELS_MAX)
		return;
	ledger->cancel_count = SCHED_CANCELS_MAX;
	memmove(list, list + (kept - SCHED_CANCELS_MAX), SCHED_CANCELS_MAX * sizeof(*list));
}

static void remember(struct sched_decision *decision, const Nurture__V1__Cancel *cancel)
{
	const struct step *step = decision->step;
	struct sched_ledger *ledger = &decision->ledger;
	size_t count = ledger->cancel_count;
	struct sched_cancelled *list = arena_alloc(step->arena, (count + 1) * sizeof(*list));
	int64_t at_ms = step->time_ms < decision->now_ms ? step->time_ms : decision->now_ms;

	if (count)
		memcpy(list, ledger->cancels, count * sizeof(*list));
	ledger->cancels = list;
	add(ledger, (struct sched_cancelled){keep(cancel, at_ms), slice_of(NULL, 0)});
	decision->changed = true;
}

void sched_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel)
{
	for (size_t i = 0; i < decision->ledger.waiting_count; i++)
		if (is_meant(cancel, decision->ledger.waiting[i]))
			end(decision, decision->ledger.waiting[i], cancel->reason);
	sched_cancel_tasks(decision, cancel);
	sched_pass_on_cancel(decision, cancel);
	if (decision->service->takes_over)
		remember(decision, cancel);
}

static const Nurture__V1__KeptCancel *cancelled_by(const struct sched_ledger *ledger,
						   const struct sched_candidate *candidate)
{
	for (size_t i = ledger->cancel_count; i-- > 0;) {
		const Nurture__V1__KeptCancel *kept = &ledger->cancels[i].kept;
		const Nurture__V1__Cancel cancel = sched_cancel_of(kept);

		if (candidate->request->triggered_ms <= kept->at_ms && is_meant(&cancel, candidate))
			return kept;
	}
	return NULL;
}

bool sched_is_about_one(const Nurture__V1__Cancel *cancel)
{
	return cancel->order[0] || cancel->request[0];
}

bool sched_cancel_candidate(struct sched_decision *decision, struct sched_candidate *candidate)
{
	const Nurture__V1__KeptCancel *by = cancelled_by(&decision->ledger, candidate);

	if (by)
		end(decision, candidate, by->reason);
	return by;
}

void sched_cancel_as(struct sched_decision *decision, const struct sched_ledger *other)
{
	struct sched_ledger *own = &decision->ledger;

	for (size_t i = 0; i < own->waiting_count; i++) {
		const Nurture__V1__KeptCancel *by = cancelled_by(other, own->waiting[i]);

		if (by)
			end(decision, own->waiting[i], by->reason);
	}
	for (size_t i = 0; i < other->cancel_count; i++) {
		const Nurture__V1__Cancel cancel = sched_cancel_of(&other->cancels[i].kept);

		if (!sched_is_about_one(&cancel))
			continue;
		sched_cancel_tasks(decision, &cancel);
		sched_pass_on_cancel(decision, &cancel);
	}
}

void sched_unite_cancels(struct sched_ledger *own, const struct sched_ledger *other)
{
	for (size_t i = 0; i < other->cancel_count; i++)
		add(own, other->cancels[i]);
}

void sched_forget_cancels(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	size_t old = 0;

	while (old < ledger->cancel_count &&
	       ledger->cancels[old].kept.at_ms <= decision->now_ms - REQUEST_REMEMBERED_MS)
		old++;
	if (!old) /* there may be no list at all, and to add to that is undefined */
		return;
	ledger->cancels += old;
	ledger->cancel_count -= old;
}
