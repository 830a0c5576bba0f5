/*
 * permit.c - what another tool was allowed, and did or did not use.
 *
 * A permit counts from its grant on.  One that was reserved for a time lapses
 * at the end of it: whatever comes at that instant or later finds it gone, a
 * confirmation too.  The tool's newest word holds, so one that was confirmed
 * can still be given back.
 */
#include "permit.h"

#include "answer.h"
#include "entries.h"
#include "outcome.h"

static bool is_permit(const struct sched_ledger *ledger, size_t i)
{
	return ledger->counted[i].channel == CHANNEL_EXTERNAL && !ledger->sends[i].elsewhere;
}

static bool is_permit_of(const struct sched_ledger *ledger, size_t i, const char *request)
{
	return is_permit(ledger, i) &&
	       strcmp(sched_send_id(ledger, &ledger->sends[i]), request) == 0;
}

/* The entry goes, with its outcome. */
static void take_back(struct sched_decision *decision, size_t at, const char *why)
{
	const struct sched_ledger *ledger = &decision->ledger;

	sched_put_released(decision, &ledger->counted[at], &ledger->sends[at], why);
	sched_uncount(decision, at);
}

void sched_release(struct sched_decision *decision, const Nurture__V1__Release *release)
{
	for (size_t i = decision->ledger.send_count; i-- > 0;)
		if (is_permit_of(&decision->ledger, i, release->request))
			take_back(decision, i, "released");
}

void sched_confirm(struct sched_decision *decision, const Nurture__V1__Confirm *confirm)
{
	struct sched_ledger *ledger = &decision->ledger;

	for (size_t i = 0; i < ledger->send_count; i++) {
		if (!is_permit_of(ledger, i, confirm->request) || !ledger->sends[i].lapses_ms)
			continue;
		ledger->sends[i].lapses_ms = 0;
		sched_answer_is_confirmed(decision, confirm->request);
		decision->changed = true;
	}
}

void sched_lapse(struct sched_decision *decision)
{
	const struct sched_send *sends = decision->ledger.sends;

	for (size_t i = 0; i < decision->ledger.send_count;)
		if (sends[i].lapses_ms && sends[i].lapses_ms <= decision->now_ms)
			take_back(decision, i, "lapsed");
		else
			i++;
}
