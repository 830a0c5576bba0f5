/*
 * dispatch_shape.c - the fields of dispatch.proto: what is valid, and how to say so.
 *
 * The scheduler writes dispatches, but a topic can be written by anybody, so the email-sender checks
 * what it reads by this table.  What a table cannot say of a dispatch stands with the reader.
 */
#include "shapes.h"

#include <string.h>

#include "common/base/civil.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "outcome.h"

enum { ID_BYTE = 0, ID_DOT = 1, NO_ID_BYTE = 2 };
static const uint8_t id_kinds[256] = {
    [0 ... '-' - 1] = NO_ID_BYTE,       ['.'] = ID_DOT,
    ['.' + 1 ... '0' - 1] = NO_ID_BYTE, ['9' + 1 ... 'A' - 1] = NO_ID_BYTE,
    ['Z' + 1 ... '_' - 1] = NO_ID_BYTE, ['_' + 1 ... 'a' - 1] = NO_ID_BYTE,
    ['z' + 1 ... 255] = NO_ID_BYTE,
};

/* A dot is not first, not last, and not twice in a row. */
static bool dots_are_apart(struct slice id)
{
	if (id.bytes[0] == '.' || id.bytes[id.len - 1] == '.')
		return false;
	return memmem(id.bytes, id.len, "..", 2) == NULL;
}

bool dispatch_is_id(struct slice id)
{
	unsigned found = ID_BYTE;

	if (!id.len || id.len > 64)
		return false;
	/* Each state of the email-sender has an id for every mail in it. */
	for (size_t i = 0; i < id.len; i++)
		found |= id_kinds[id.bytes[i]];
	return found == ID_BYTE || (found == ID_DOT && dots_are_apart(id));
}

static const struct text_format id_format = {"1 to 64 letters, digits, '.', '_' or '-'",
					     dispatch_is_id};

#define SHORT(n) SHAPE_FORMATTED(n, false, shape_short_format)

/* It stands in outcomes as it is. */
#define STRUCT Nurture__V1__Decision
static const struct member decision_members[] = {
    SHAPE_LIST(rules, OUTCOME_RULES_MAX, trial_shape),
    SHAPE_LIST(considered, OUTCOME_CONSIDERED_MAX, rival_shape),
};
static SHAPE(decision_shape, decision, decision_members);

#undef STRUCT
#define STRUCT Nurture__V1__Part
static const struct member part_members[] = {
    SHAPE_OBJECT(request, true, request_shape),
    SHAPE_OBJECT(decision, false, decision_shape),
    SHORT(coupon),
};
static SHAPE(part_shape, part, part_members);

#undef STRUCT
#define STRUCT Nurture__V1__Dispatch
static const struct member dispatch_members[] = {
    SHAPE_FORMATTED(id, true, id_format),
    SHAPE_OBJECT(request, true, request_shape),
    SHAPE_TEXT(email),
    SHAPE_TEXT(name),
    SHAPE_TEXT(locale),
    SHAPE_TIME(granted_ms, false),
    SHAPE_TEXT(policy),
    SHORT(time_zone),
    SHORT(country),
    SHAPE_TEXT(sender),
    SHAPE_TEXT(reply_to),
    SHORT(coupon),
    SHAPE_OBJECT(decision, false, decision_shape),
    SHAPE_LIST(parts, SHAPE_PARTS_MAX, part_shape),
    SHAPE_LIST(allowances, SHAPE_ALLOWANCES_MAX, allowance_shape),
    SHAPE_TIME(paused_until_ms, false),
    SHAPE_TEXTS(open_cases, SHAPE_LIST_MAX, true, &shape_case_format),
    SHAPE_LIST(bought, SHAPE_LIST_MAX, bought_shape),
    SHAPE_WHOLE(best_from_min, 0, DAY_MIN),
    SHAPE_WHOLE(best_to_min, 0, DAY_MIN),
    SHAPE_FLAG(count_clicks),
};
SHAPE(dispatch_shape, dispatch, dispatch_members);
