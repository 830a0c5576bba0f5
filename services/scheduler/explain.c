/* explain.c - see explain.h. */
#include "explain.h"

#include "common/policy/rule.h"
#include "limits.h"

static void add_trial(struct sched_explanation *explanation, const struct cap_trial *trial)
{
	Nurture__V1__Trial *ret = &explanation->trials[explanation->trial_count];

	if (trial->cap->limit == INT64_MAX)
		return; /* a ceiling that is off is no rule */
	nurture__v1__trial__init(ret);
	ret->rule = (char *)trial->cap->name;
	ret->count = trial->count;
	ret->limit = trial->cap->limit;
	ret->window_s = trial->cap->window_ms / SECOND_MS;
	explanation->trial_list[explanation->trial_count++] = ret;
}

/* The decisive rule is known already; of the others, the first of the policy's file are enough. */
static void see_rules(struct sched_decision *decision, const struct send_question *question,
		      const struct sched_reason *decisive, struct sched_explanation *explanation)
{
	struct cap_trial trials[EXPLAINED_TRIALS_MAX];
	size_t count =
	    caps_trials(decision->policy, decision->ledger.counted, decision->ledger.send_count,
			question, decision->now_ms, trials, EXPLAINED_TRIALS_MAX);
	bool is_cut = count > EXPLAINED_TRIALS_MAX && decisive && decisive->cap;

	if (is_cut)
		add_trial(explanation, &(struct cap_trial){decisive->cap, decisive->count,
							   decisive->eligible_ms});
	if (count > EXPLAINED_TRIALS_MAX)
		count = EXPLAINED_TRIALS_MAX;
	for (size_t i = 0; i < count && explanation->trial_count < EXPLAINED_TRIALS_MAX; i++)
		if (!is_cut || trials[i].cap != decisive->cap)
			add_trial(explanation, &trials[i]);
}

/* The rival was not weighed yet: does only the one before it block it, or would a rule as well? */
static const char *ask_blocking_rule(struct sched_decision *decision, struct sched_candidate *rival)
{
	struct sched_reason reason;

	if (rival->blocking_rule_at != decision->grants + 1)
		rival->blocking_rule =
		    sched_limits_allow(decision, rival, &reason) ? "" : reason.rule;
	rival->blocking_rule_at = decision->grants + 1;
	return rival->blocking_rule;
}

/* Returns the rule that blocks a rival; "" when nothing does but the one that goes first. */
static const char *blocker(struct sched_decision *decision, struct sched_candidate *rival)
{
	if (rival->granted)
		return "";
	if (rival->ready)
		return rival->weighed ? rival->why.rule : ask_blocking_rule(decision, rival);
	if (rival->due_ms == NEVER_MS)
		return rule_text(RULE_FOLLOWS);
	if (rival->due_ms > decision->now_ms)
		return rule_text(RULE_DUE);
	if (rival->blocker != BLOCKED_NOT)
		return rival->blocker == BLOCKED_BY_PAUSE ? rule_text(RULE_PAUSED)
							  : rule_text(RULE_OPEN_CASE);
	return rival->last.by == BLOCKED_NOT ? rule_text(RULE_SETTLE) : rival->last.rule;
}

static void see_rivals(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_explanation *explanation)
{
	const struct sched_ledger *ledger = &decision->ledger;

	for (size_t i = 0;
	     i < ledger->waiting_count && explanation->rival_count < EXPLAINED_RIVALS_MAX; i++) {
		struct sched_candidate *rival = ledger->waiting[i];
		Nurture__V1__Rival *ret = &explanation->rivals[explanation->rival_count];

		if (rival == candidate || (rival->gone && !rival->granted))
			continue;
		nurture__v1__rival__init(ret);
		ret->request = rival->request->id;
		ret->programme = rival->request->programme;
		ret->priority = rival->request->priority;
		ret->value_e4 = rival->request->value_e4;
		ret->held_by = (char *)blocker(decision, rival);
		explanation->rival_list[explanation->rival_count++] = ret;
	}
}

void sched_explain(struct sched_decision *decision, const struct sched_candidate *candidate,
		   const struct send_question *question, const struct sched_reason *decisive,
		   struct sched_explanation *ret)
{
	ret->trial_count = ret->rival_count = 0;
	see_rules(decision, question, decisive, ret);
	see_rivals(decision, candidate, ret);
}
