/*
 * outcome.c - see outcome.h.
 *
 * What the tables do not say: count, limit and window_s of a reason stand
 * together, zeros included, when a rule with a count is meant ("0 of 0" is a
 * cap that allows none), and are left out otherwise.  In `rules` they always
 * stand, and so does the priority in `considered`.
 */
#include "outcome.h"

#include "common/base/hash.h"
#include "common/base/text.h"
#include "shapes.h"

enum { LINE_BYTES = 4096 }; /* nearly all are shorter */

#define STRUCT Nurture__V1__Reason
#define TEXT(n) SHAPE_TEXT(n)
#define COUNT(n)                                                                                   \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .width = sizeof(int64_t),                                                                 \
	 .least = 0,                                                                               \
	 .most = INT64_C(1000000000000000),                                                        \
	 .shown = has_count}

static bool has_count(const void *message)
{
	const Nurture__V1__Reason *reason = message;

	return reason->limit != 0 || reason->window_s != 0;
}

static const struct member reason_members[] = {
    COUNT(count),
    TEXT(detail),
    {.name = "eligible_at", .kind = MEMBER_TIME, .offset = offsetof(STRUCT, eligible_at_ms)},
    COUNT(limit),
    TEXT(rule),
    COUNT(window_s),
    TEXT(won_by),
};
static SHAPE(reason_shape, reason, reason_members);

static bool always(const void *message)
{
	(void)message;
	return true;
}

#define NUMBER(n, from, to)                                                                        \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .width = sizeof(((STRUCT *)NULL)->n),                                                     \
	 .least = from,                                                                            \
	 .most = to,                                                                               \
	 .shown = always}
#define DECIMAL(n, field, places, to)                                                              \
	{.name = #n,                                                                               \
	 .kind = MEMBER_DECIMAL,                                                                   \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .width = sizeof(((STRUCT *)NULL)->field),                                                 \
	 .decimals = places,                                                                       \
	 .most = to}
#undef STRUCT
#define STRUCT Nurture__V1__Trial
static const struct member rules_members[] = {
    NUMBER(count, 0, INT64_C(1000000000000000)),
    NUMBER(limit, 0, INT64_C(1000000000000000)),
    SHAPE_FORMATTED(rule, true, shape_short_format),
    NUMBER(window_s, 0, INT64_C(1000000000000000)),
};
SHAPE(trial_shape, trial, rules_members);

#undef STRUCT
#define STRUCT Nurture__V1__Rival
static const struct member considered_members[] = {
    SHAPE_FORMATTED(held_by, false, shape_short_format),
    NUMBER(priority, INT32_MIN, INT32_MAX),
    SHAPE_FORMATTED(programme, false, shape_short_format),
    SHAPE_FORMATTED(request, true, shape_id_format),
    DECIMAL(value, value_e4, 4, INT64_C(9000000000000000000)),
};
SHAPE(rival_shape, rival, considered_members);

#undef STRUCT
#define STRUCT Nurture__V1__Outcome
#define ID(n) SHAPE_FORMATTED(n, true, shape_id_format)

/* 0 is left out. */
#define NATURAL(n)                                                                                 \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .width = sizeof(((STRUCT *)NULL)->n),                                                     \
	 .least = 0,                                                                               \
	 .most = UINT32_MAX}

static bool is_status(struct slice text)
{
	return status_from_text(text) >= 0;
}

static const struct text_format status_format = {"a status", is_status};

static const struct member outcome_members[] = {
    {.name = "at", .kind = MEMBER_TIME, .required = true, .offset = offsetof(STRUCT, at_ms)},
    TEXT(category),
    TEXT(channel),
    {.name = "class", .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, message_class)},
    SHAPE_LIST(considered, OUTCOME_CONSIDERED_MAX, rival_shape),
    TEXT(coupon),
    ID(customer),
    ID(id),
    TEXT(locale),
    TEXT(merged_into),
    TEXT(order),
    TEXT(owner),
    TEXT(policy),
    DECIMAL(probability, probability_ppm, 6, 1000000),
    TEXT(programme),
    {.name = "reason",
     .kind = MEMBER_OBJECT,
     .offset = offsetof(STRUCT, reason),
     .shape = &reason_shape},
    NATURAL(reminder),
    ID(request),
    SHAPE_LIST(rules, OUTCOME_RULES_MAX, trial_shape),
    TEXT(rung),
    TEXT(send),
    {.name = "status",
     .kind = MEMBER_TEXT,
     .required = true,
     .offset = offsetof(STRUCT, status),
     .format = &status_format},
    {.name = "template", .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, template_)},
    {.name = "triggered_at", .kind = MEMBER_TIME, .offset = offsetof(STRUCT, triggered_ms)},
    TEXT(variant),
    NATURAL(version),
};
SHAPE(outcome_shape, outcome, outcome_members);

void outcome_take_from_request(const Nurture__V1__Request *request, Nurture__V1__Outcome *outcome)
{
	outcome->request = request->id;
	outcome->programme = request->programme;
	outcome->message_class = request->message_class;
	outcome->channel = request->channel;
	outcome->category = request->category;
	outcome->triggered_ms = request->triggered_ms;
	outcome->order = request->order;
	outcome->owner = request->owner;
	outcome->rung = request->rung;
	outcome->reminder = request->reminder;
}

static const char *const status_texts[STATUS_COUNT] = {
#define X(name, text) [STATUS_##name] = text,
    STATUSES(X)
#undef X
};

const char *status_text(enum status status)
{
	return status_texts[status];
}

int status_from_text(struct slice text)
{
	for (int i = 0; i < STATUS_COUNT; i++)
		if (slice_is(text, status_texts[i]))
			return i;
	return -1;
}

void outcome_encode(const Nurture__V1__Outcome *outcome, enum outcome_format format,
		    struct buf *out)
{
	char line[LINE_BYTES];
	size_t len;

	if (format == OUTCOME_FACTS || format == OUTCOME_FACTS_AND_JSON) {
		struct outcome_facts facts = outcome_facts_of(outcome);

		buf_add(out, &facts, sizeof(facts));
	}
	if (format == OUTCOME_FACTS)
		return;
	if (format == OUTCOME_PROTOBUF)
		shape_write_protobuf(outcome, out);
	else if ((len = shape_write_line(&outcome_shape, outcome, line, sizeof(line))) > 0)
		buf_add(out, line, len);
	else
		shape_write(&outcome_shape, outcome, out);
}

void outcome_put_reason(const Nurture__V1__Reason *reason, struct buf *out)
{
	shape_write(&reason_shape, reason, out);
}

int outcome_decode(struct slice bytes, struct arena *arena, Nurture__V1__Outcome **ret,
		   struct err *err)
{
	void *message;
	int r;

	if (shape_is_json(bytes))
		r = shape_read_json(&outcome_shape, bytes, arena, &message, err);
	else
		r = shape_read_protobuf(&outcome_shape, bytes, arena, &message, err);
	if (r < 0 || shape_check(&outcome_shape, message, NULL, err) < 0)
		return -1;
	*ret = message;
	return 0;
}

int outcome_compare(const void *a, const void *b)
{
	const Nurture__V1__Outcome *x = *(Nurture__V1__Outcome *const *)a;
	const Nurture__V1__Outcome *y = *(Nurture__V1__Outcome *const *)b;
	int r = strcmp(x->customer, y->customer);

	if (r)
		return r;
	if (x->at_ms != y->at_ms)
		return (int64_t)x->at_ms < (int64_t)y->at_ms ? -1 : 1;
	return strcmp(x->id, y->id);
}

void outcome_id(char text[ID_TEXT_BYTES], const char *request, const char *step)
{
	id_of_texts(text, request, step, NULL);
}
