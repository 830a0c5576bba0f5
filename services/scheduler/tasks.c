/*
 * tasks.c - what a human is given to do, and what is taken back.
 *
 * A task has one end: it is done, it is cancelled, or its time runs out.  Those
 * that have none yet stand in the ledger, the newest SCHED_TASKS_MAX of them.
 * One that is cancelled is told on the same topic under the same id, without
 * a word about the person: by then he may have asked to be forgotten.
 */
#include "tasks.h"

#include "common/base/hash.h"
#include "common/message/outcome.h"
#include "common/policy/person.h"

enum { TASK_MAX_BYTES = 1024 * 1024 };

static void emit(struct sched_decision *decision, const Nurture__V1__Task *task)
{
	struct buf bytes = BUF_IN(decision->step->arena, TASK_MAX_BYTES);

	task_encode(task, decision->service->format, &bytes);
	step_emit_buf(decision->step, SCHED_TASKS, &bytes);
}

static void task_id(char id[ID_TEXT_BYTES], const char *request)
{
	id_of_texts(id, request, channel_text(CHANNEL_TASK), NULL);
}

/* What a person who does the task must know about the customer, or that nobody has told it. */
static void add_needs(struct sched_decision *decision, Nurture__V1__Task *task)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;
	bool calls = strcmp(task->action, TASK_PHONE_CALL) == 0;
	bool writes = strcmp(task->action, TASK_LETTER) == 0;

	if (!calls && !writes)
		return;
	if (calls)
		task->phone = contact->phone;
	else
		task->address = contact->address;
	if (task->phone[0] || task->address[0])
		return;
	task->missing = arena_alloc(decision->step->arena, sizeof(*task->missing));
	task->missing[task->n_missing++] = calls ? "phone" : "address";
}

/* What the ledger keeps of a task until the task is over. */
static Nurture__V1__OpenTask open_task(const Nurture__V1__Request *request)
{
	Nurture__V1__OpenTask open = NURTURE__V1__OPEN_TASK__INIT;

	open.request = request->id;
	open.programme = request->programme;
	open.order = request->order;
	open.category = request->category;
	open.action = request->action;
	open.owner = request->owner;
	open.expires_ms = request->expires_ms;
	open.outlives_order = request->outlives_order;
	return open;
}

/* The head of every record about a task: which one it is and whose. */
static Nurture__V1__Task task_of(const struct sched_decision *decision,
				 const Nurture__V1__OpenTask *open, char id[ID_TEXT_BYTES])
{
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;

	task_id(id, open->request);
	task.time_ms = (uint64_t)decision->now_ms;
	task.id = id;
	task.request = open->request;
	task.customer = (char *)decision->customer;
	task.programme = open->programme;
	task.owner = open->owner;
	task.action = open->action;
	return task;
}

void sched_create_task(struct sched_decision *decision, const struct sched_candidate *candidate,
		       const char *coupon)
{
	const Nurture__V1__Request *request = candidate->request;
	const Nurture__V1__OpenTask open = open_task(request);
	struct sched_ledger *ledger = &decision->ledger;
	char id[ID_TEXT_BYTES];
	Nurture__V1__Task task = task_of(decision, &open, id);

	task.name = ledger->contact->name;
	task.email = ledger->contact->email;
	task.due_ms = candidate->due_ms;
	task.expires_ms = request->expires_ms;
	task.data = request->data;
	task.n_data = request->n_data;
	task.coupon = (char *)coupon;
	add_needs(decision, &task);
	emit(decision, &task);
	ledger->tasks[ledger->task_count++] = (struct sched_task){.open = open};
	decision->changed = true;
}

static void tell_cancelled(struct sched_decision *decision, const Nurture__V1__OpenTask *known,
			   const char *reason)
{
	char id[ID_TEXT_BYTES];
	Nurture__V1__Task task = task_of(decision, known, id);

	task.state = (char *)TASK_CANCELLED;
	task.reason = (char *)reason;
	emit(decision, &task);
}

/* Removes the task and keeps the order of the others. */
static void remove_at(struct sched_decision *decision, size_t at)
{
	struct sched_ledger *ledger = &decision->ledger;

	memmove(&ledger->tasks[at], &ledger->tasks[at + 1],
		(--ledger->task_count - at) * sizeof(*ledger->tasks));
	decision->changed = true;
}

void sched_cancel_tasks(struct sched_decision *decision, const Nurture__V1__Cancel *cancel)
{
	struct sched_ledger *ledger = &decision->ledger;

	for (size_t i = 0; i < ledger->task_count;) {
		const Nurture__V1__OpenTask *task = &ledger->tasks[i].open;
		struct cancel_target of = {task->request, task->programme, task->order,
					   task->category, task->outlives_order};

		if (task->expires_ms <= decision->now_ms || !cancel_matches(cancel, &of)) {
			i++;
			continue;
		}
		tell_cancelled(decision, task, cancel->reason);
		remove_at(decision, i);
	}
}

void sched_task_done(struct sched_decision *decision, const Nurture__V1__TaskDone *done)
{
	for (size_t i = 0; i < decision->ledger.task_count; i++) {
		char id[ID_TEXT_BYTES];

		task_id(id, decision->ledger.tasks[i].open.request);
		if (strcmp(id, done->task) != 0)
			continue;
		remove_at(decision, i);
		return;
	}
}

void sched_forget_tasks(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	size_t kept = 0, first;

	for (size_t i = 0; i < ledger->task_count; i++)
		if (ledger->tasks[i].open.expires_ms > decision->now_ms)
			ledger->tasks[kept++] = ledger->tasks[i];
	first = kept > SCHED_TASKS_MAX ? kept - SCHED_TASKS_MAX : 0;
	ledger->task_count = kept - first;
	memmove(ledger->tasks, ledger->tasks + first, ledger->task_count * sizeof(*ledger->tasks));
}
