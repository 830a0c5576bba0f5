/* task.c - work for a human as JSON; see outcome.h. */
#include "outcome.h"

#include <string.h>

#include "shapes.h"

#define STRUCT Nurture__V1__Task
#define TEXT(n) SHAPE_TEXT(n)
#define TIME(n, field) {.name = n, .kind = MEMBER_TIME, .offset = offsetof(STRUCT, field)}

static const struct member task_members[] = {
    TEXT(action),
    TEXT(address),
    TEXT(coupon),
    TEXT(customer),
    {.name = "data",
     .kind = MEMBER_MAP,
     .offset = offsetof(STRUCT, data),
     .count_offset = offsetof(STRUCT, n_data),
     .max = 1000,
     .shape = &datum_shape},
    TIME("due", due_ms),
    TEXT(email),
    TIME("expires", expires_ms),
    TEXT(id),
    {.name = "missing",
     .kind = MEMBER_TEXTS,
     .offset = offsetof(STRUCT, missing),
     .count_offset = offsetof(STRUCT, n_missing),
     .max = 10},
    TEXT(name),
    TEXT(owner),
    TEXT(phone),
    TEXT(programme),
    TEXT(reason),
    TEXT(request),
    TEXT(state),
    TIME("time", time_ms),
};
SHAPE(task_shape, task, task_members);

void task_encode(const Nurture__V1__Task *task, enum outcome_format format, struct buf *out)
{
	if (format == OUTCOME_PROTOBUF)
		shape_write_protobuf(task, out);
	else
		shape_write(&task_shape, task, out);
}

int task_decode(struct slice bytes, struct arena *arena, Nurture__V1__Task **ret, struct err *err)
{
	void *task;

	if (shape_is_json(bytes) ? shape_read_json(&task_shape, bytes, arena, &task, err) < 0
				 : shape_read_protobuf(&task_shape, bytes, arena, &task, err) < 0)
		return -1;
	*ret = task;
	return 0;
}

bool task_is_open(const Nurture__V1__Task *task)
{
	return strcmp(task->state, TASK_CANCELLED) != 0;
}
