/* notice.c - see notice.h. */
#include "notice.h"

#include "shapes.h"

#define TEXT(n) SHAPE_TEXT(n)
#define TIME(n, field) {.name = n, .kind = MEMBER_TIME, .offset = offsetof(STRUCT, field)}

#define STRUCT Nurture__V1__End
static const struct member end_members[] = {
    TEXT(action),
    TIME("answered", answered_ms),
    TIME("at", at_ms),
    SHAPE_WHOLE(attempts, 0, UINT32_MAX),
    TEXT(by),
    TEXT(customer),
    TIME("due", due_ms),
    SHAPE_WHOLE(escalations, 0, UINT32_MAX),
    TIME("expires", expires_ms),
    TEXT(id),
    TIME("opened", opened_ms),
    TEXT(owner),
    TEXT(programme),
    TEXT(reason),
    TEXT(request),
    TEXT(result),
    TEXT(status),
};
SHAPE(end_shape, end, end_members);
#undef STRUCT

#define STRUCT Nurture__V1__Notice
static const struct member notice_members[] = {
    TEXT(action),
    TIME("at", at_ms),
    TEXT(by),
    TEXT(customer),
    TIME("due", due_ms),
    TIME("expires", expires_ms),
    TEXT(id),
    TEXT(kind),
    TEXT(owner),
    TEXT(programme),
    SHAPE_WHOLE(step, 0, UINT32_MAX),
    TEXT(task),
    TEXT(to),
};
SHAPE(notice_shape, notice, notice_members);
#undef STRUCT

void end_encode(const Nurture__V1__End *end, struct buf *out)
{
	shape_write(&end_shape, end, out);
}

void notice_encode(const Nurture__V1__Notice *notice, struct buf *out)
{
	shape_write(&notice_shape, notice, out);
}

int end_decode(struct slice bytes, struct arena *arena, Nurture__V1__End **ret, struct err *err)
{
	void *end;

	if (shape_read_json(&end_shape, bytes, arena, &end, err) < 0)
		return -1;
	*ret = end;
	return 0;
}

int notice_decode(struct slice bytes, struct arena *arena, Nurture__V1__Notice **ret,
		  struct err *err)
{
	void *notice;

	if (shape_read_json(&notice_shape, bytes, arena, &notice, err) < 0)
		return -1;
	*ret = notice;
	return 0;
}
