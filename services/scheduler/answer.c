/*
 * answer.c - what other tools are told of their questions.
 *
 * A tool that heard nothing asks again, perhaps after its permit has lapsed.
 * So the newest outcome of a question is kept as long as the question is
 * known, and a repeat is told that: the decision of the first time, or that
 * the permit counts no longer.  Only so many are kept of one person; of an
 * older one a repeat is refused as a record, never granted a second time.
 */
#include "answer.h"

#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/codec/protobuf_message.h"
#include "wire_answer.h"

static void tell(struct sched_decision *decision, const struct sched_answer *answer)
{
	step_emit(decision->step, SCHED_ANSWERS,
		  sched_answer_encode(&answer->kept, decision->now_ms, decision->step->arena));
}

static struct sched_answer *find(const struct sched_decision *decision, const char *request)
{
	uint64_t hash = hash64(slice_text(request));

	for (size_t i = decision->ledger.answer_count; i-- > 0;)
		if (decision->ledger.answers[i].kept.request == hash)
			return &decision->ledger.answers[i];
	return NULL;
}

/* The answer as the ledger keeps it. */
static struct sched_answer answer_of(const struct sched_decision *decision,
				     const Nurture__V1__Outcome *outcome, int64_t lapses_ms)
{
	struct slice packed = message_pack(outcome, decision->step->arena);
	struct sched_answer answer = {.kept = NURTURE__V1__KEPT_ANSWER__INIT};

	answer.kept.request = hash64(slice_text(outcome->request));
	answer.kept.outcome.data = (uint8_t *)(uintptr_t)packed.bytes;
	answer.kept.outcome.len = packed.len;
	answer.kept.lapses_ms = lapses_ms;
	return answer;
}

void sched_answer(struct sched_decision *decision, const Nurture__V1__Outcome *outcome,
		  int64_t lapses_ms)
{
	struct sched_ledger *ledger = &decision->ledger;
	const struct sched_answer answer = answer_of(decision, outcome, lapses_ms);

	if (ledger->answer_count >= SCHED_ANSWERS_MAX) {
		size_t over = ledger->answer_count - (SCHED_ANSWERS_MAX - 1);

		ledger->answer_count -= over;
		memmove(ledger->answers, ledger->answers + over,
			ledger->answer_count * sizeof(*ledger->answers));
	}
	ledger->answers[ledger->answer_count++] = answer;
	decision->changed = true;
	tell(decision, &answer);
}

int sched_answer_again(struct sched_decision *decision, const char *request, struct err *err)
{
	const struct sched_answer *answer = find(decision, request);
	char shown[TEXT_SHOWN_BYTES];

	if (!answer)
		return err_set(err,
			       "$.request.id: expected a new id, found \"%s\", which was "
			       "answered before; that answer is not kept any more",
			       text_shown(slice_text(request), shown));
	tell(decision, answer);
	return 0;
}

void sched_answer_changes(struct sched_decision *decision, const Nurture__V1__Outcome *outcome)
{
	struct sched_answer *answer = find(decision, outcome->request);

	if (answer)
		*answer = answer_of(decision, outcome, 0);
}

void sched_answer_is_confirmed(struct sched_decision *decision, const char *request)
{
	struct sched_answer *answer = find(decision, request);

	if (!answer)
		return;
	answer->kept.lapses_ms = 0;
	answer->packed = slice_of(NULL, 0);
}

void sched_forget_answers(struct sched_ledger *ledger)
{
	size_t kept = 0;

	for (size_t i = 0; i < ledger->answer_count; i++)
		if (sched_ended_of(ledger, ledger->answers[i].kept.request))
			ledger->answers[kept++] = ledger->answers[i];
	ledger->answer_count = kept;
}
