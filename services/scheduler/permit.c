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
	return is_permit(ledger, i) && strcmp(ledger->sends[i].id, request) == 0;
}

/* The entry goes, with its outcome. */
static void take_back(struct sched_work *work, size_t at, const char *why)
{
	const struct sched_ledger *ledger = &work->ledger;

	sched_put_released(work, &ledger->counted[at], &ledger->sends[at], why);
	sched_uncount(work, at);
}

void sched_release(struct sched_work *work, const Nurture__V1__Release *release)
{
	for (size_t i = work->ledger.send_count; i-- > 0;)
		if (is_permit_of(&work->ledger, i, release->request))
			take_back(work, i, "released");
}

void sched_confirm(struct sched_work *work, const Nurture__V1__Confirm *confirm)
{
	struct sched_ledger *ledger = &work->ledger;

	for (size_t i = 0; i < ledger->send_count; i++) {
		if (!is_permit_of(ledger, i, confirm->request) || !ledger->sends[i].lapses_ms)
			continue;
		ledger->sends[i].lapses_ms = 0;
		ledger->sends[i].packed = slice_of(NULL, 0);
		sched_answer_is_confirmed(work, confirm->request);
		work->changed = true;
	}
}

void sched_lapse(struct sched_work *work)
{
	const struct sched_send *sends = work->ledger.sends;

	for (size_t i = 0; i < work->ledger.send_count;)
		if (sends[i].lapses_ms && sends[i].lapses_ms <= work->now_ms)
			take_back(work, i, "lapsed");
		else
			i++;
}
