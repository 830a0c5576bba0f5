/*
 * admit.h - what a record does to the ledger.  A repeat changes nothing; of
 * another tool's question it is answered again.
 */
#ifndef NURTURE_SCHEDULER_ADMIT_H
#define NURTURE_SCHEDULER_ADMIT_H

#include "ledger.h"

/*
 * A request waits for the timer of its instant; one of channel external is
 * answered at once.  packed are its bytes; empty: they are still to be made.
 */
int sched_admit(struct sched_work *work, Nurture__V1__Request *request, struct slice packed,
		struct err *err);
/* Mail that another tool has sent counts. */
int sched_admit_elsewhere(struct sched_work *work, const Nurture__V1__SentElsewhere *sent,
			  int64_t record_ms, struct err *err);
/* permit.c: one that was not used counts no longer; one that was does not lapse. */
void sched_release(struct sched_work *work, const Nurture__V1__Release *release);
void sched_confirm(struct sched_work *work, const Nurture__V1__Confirm *confirm);
/* Takes back what was reserved until now and never confirmed. */
void sched_lapse(struct sched_work *work);
void sched_cancel(struct sched_work *work, const Nurture__V1__Cancel *cancel);
/*
 * tasks.c: what somebody was given to do is taken back, or told to be done.
 * A task that has its end already, or is older than what is remembered, is
 * left alone.
 */
void sched_cancel_tasks(struct sched_work *work, const Nurture__V1__Cancel *cancel);
void sched_task_done(struct sched_work *work, const Nurture__V1__TaskDone *done);
/* Those whose time has run out, and the oldest beyond SCHED_TASKS_MAX. */
void sched_forget_tasks(struct sched_work *work);
/* contact.c */
void sched_change_contact(struct sched_work *work, Nurture__V1__Contact *contact);
/* Who was forgotten long enough ago is nobody: before anything of the step is decided. */
void sched_expire_erasure(struct sched_work *work);

#endif
