/* task.c - work for a human as JSON; see outcome.h. */
#include "outcome.h"

#include "shape.h"

#define STRUCT Nurture__V1__Task
#define TEXT(n)                                                                                    \
	{                                                                                          \
		.name = #n, .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, n)                     \
	}
#define TIME(n, field)                                                                             \
	{                                                                                          \
		.name = n, .kind = MEMBER_TIME, .offset = offsetof(STRUCT, field)                  \
	}

static const struct member datum_members[] = {
    {.name = "name", .kind = MEMBER_TEXT, .offset = offsetof(Nurture__V1__Datum, name)},
    {.name = "value", .kind = MEMBER_TEXT, .offset = offsetof(Nurture__V1__Datum, value)},
};
static SHAPE(datum_shape, datum, datum_members);

static const struct member task_members[] = {
    TEXT(action),
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
    TEXT(name),
    TEXT(owner),
    TEXT(programme),
    TEXT(request),
    TIME("time", time_ms),
};
static SHAPE(task_shape, task, task_members);

void task_encode(const Nurture__V1__Task *task, enum outcome_format format, struct buf *out)
{
	if (format == OUTCOME_PROTOBUF)
		shape_write_protobuf(task, out);
	else
		shape_write(&task_shape, task, out);
}
