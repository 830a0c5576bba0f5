/*
 * wire_record.c - what a record of nurture.dispatch must look like.
 *
 * They come from the scheduler, but a topic can be written by anybody: a
 * record that is not as the table says goes to the dead letters, whole.  An
 * address that is none is no reason for that: such a request has an outcome.
 */
#include "wire.h"

#include "common/base/text.h"
#include "common/policy/case_name.h"
#include "common/codec/protobuf_scan.h"
#include "common/codec/protobuf_message.h"
#include "common/message/outcome.h"
#include "common/codec/shape.h"

enum { TEXT_MAX_BYTES = 200, LIST_MAX = 1000, ALLOWANCES_MAX = 16, REMINDER_MAX = 1000 };
#define NUMBER_MAX INT64_C(1000000000000000)

static bool is_short(struct slice text)
{
	return text.len <= TEXT_MAX_BYTES && text_is_printable(text);
}

static bool is_email_channel(struct slice text)
{
	return slice_equal(text, slice_text("email"));
}

static const struct text_format send_id_format = {"1 to 64 letters, digits, '.', '_' or '-'",
						  send_is_id};
static const struct text_format id_format = {"an id of 1 to 200 bytes", text_is_id};
static const struct text_format short_format = {"at most 200 printable bytes", is_short};
static const struct text_format channel_format = {"the channel email", is_email_channel};

#define TEXT(n) {.name = #n, .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, n)}
#define FORMATTED(n, must, how)                                                                    \
	{.name = #n,                                                                               \
	 .kind = MEMBER_TEXT,                                                                      \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .format = &how}
#define TIME(n, must)                                                                              \
	{.name = #n, .kind = MEMBER_TIME, .required = must, .offset = offsetof(STRUCT, n)}
#define LIST_TO(n, most, entries)                                                                  \
	{.name = #n,                                                                               \
	 .kind = MEMBER_LIST,                                                                      \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .count_offset = offsetof(STRUCT, n_##n),                                                  \
	 .max = most,                                                                              \
	 .shape = &entries}
#define LIST(n, entries) LIST_TO(n, LIST_MAX, entries)
#define OBJECT(n, must, how)                                                                       \
	{.name = #n,                                                                               \
	 .kind = MEMBER_OBJECT,                                                                    \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .shape = &how}
#define WHOLE(n, from, to)                                                                         \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .width = sizeof(((STRUCT *)NULL)->n),                                                     \
	 .least = from,                                                                            \
	 .most = to}

#define STRUCT Nurture__V1__Datum
static const struct member datum_members[] = {TEXT(name), TEXT(value)};
static SHAPE(datum_shape, datum, datum_members);

#undef STRUCT
#define STRUCT Nurture__V1__Request
static const struct member request_members[] = {
    FORMATTED(id, true, id_format),
    FORMATTED(programme, true, id_format),
    FORMATTED(message_class, true, id_format),
    FORMATTED(channel, true, channel_format),
    FORMATTED(action, true, id_format),
    FORMATTED(category, false, short_format),
    TIME(triggered_ms, false),
    TIME(expires_ms, true),
    LIST(data, datum_shape),
    FORMATTED(variant, false, short_format),
    WHOLE(probability_ppm, 0, 1000000),
    WHOLE(send_from_min, 0, 1440),
    WHOLE(send_to_min, 0, 1440),
    FORMATTED(order, false, short_format),
    FORMATTED(owner, false, short_format),
    FORMATTED(rung, false, short_format),
    WHOLE(reminder, 0, REMINDER_MAX),
    WHOLE(on_open_case, 0, 2),
};
static SHAPE(request_shape, request, request_members);

#undef STRUCT
#define STRUCT Nurture__V1__Trial
static const struct member trial_members[] = {
    FORMATTED(rule, true, short_format),
    WHOLE(count, 0, NUMBER_MAX),
    WHOLE(limit, 0, NUMBER_MAX),
    WHOLE(window_s, 0, NUMBER_MAX),
};
static SHAPE(trial_shape, trial, trial_members);

#undef STRUCT
#define STRUCT Nurture__V1__Rival
static const struct member rival_members[] = {
    FORMATTED(request, true, id_format),
    FORMATTED(programme, false, short_format),
    WHOLE(value_e4, 0, INT64_MAX),
    FORMATTED(held_by, false, short_format),
};
static SHAPE(rival_shape, rival, rival_members);

/* It stands in outcomes as it is. */
#undef STRUCT
#define STRUCT Nurture__V1__Decision
static const struct member decision_members[] = {
    LIST_TO(rules, OUTCOME_RULES_MAX, trial_shape),
    LIST_TO(considered, OUTCOME_CONSIDERED_MAX, rival_shape),
};
static SHAPE(decision_shape, decision, decision_members);

#undef STRUCT
#define STRUCT Nurture__V1__Rider
static const struct member rider_members[] = {
    OBJECT(request, true, request_shape),
    OBJECT(decision, false, decision_shape),
    FORMATTED(coupon, false, short_format),
};
static SHAPE(part_shape, rider, rider_members);

#undef STRUCT
#define STRUCT Nurture__V1__Allowance
static const struct member allowance_members[] = {
    WHOLE(limit, 0, UINT32_MAX),
    WHOLE(window_ms, 1, NUMBER_MAX),
};
static SHAPE(allowance_shape, allowance, allowance_members);

#undef STRUCT
#define STRUCT Nurture__V1__Bought
static const struct member bought_members[] = {
    FORMATTED(category, false, short_format),
    TIME(time_ms, false),
};
static SHAPE(bought_shape, bought, bought_members);

#undef STRUCT
#define STRUCT Nurture__V1__Cancel
static const struct member cancel_members[] = {
    FORMATTED(request, false, id_format),     FORMATTED(programme, false, id_format),
    FORMATTED(order, false, short_format),    FORMATTED(reason, false, short_format),
    FORMATTED(category, false, short_format),
};
static SHAPE(cancel_shape, cancel, cancel_members);

#undef STRUCT
#define STRUCT Nurture__V1__Dispatch
static const struct member dispatch_members[] = {
    FORMATTED(id, true, send_id_format),
    OBJECT(request, true, request_shape),
    TEXT(email),
    TEXT(name),
    TIME(granted_ms, false),
    FORMATTED(time_zone, false, short_format),
    FORMATTED(country, false, short_format),
    FORMATTED(coupon, false, short_format),
    OBJECT(decision, false, decision_shape),
    LIST_TO(riders, SEND_PARTS_MAX, part_shape),
    LIST_TO(allowances, ALLOWANCES_MAX, allowance_shape),
    TIME(paused_until_ms, false),
    WHOLE(best_from_min, 0, 1440),
    WHOLE(best_to_min, 0, 1440),
    LIST(bought, bought_shape),
};
static SHAPE(dispatch_shape, dispatch, dispatch_members);

#undef STRUCT
#define STRUCT Nurture__V1__ConsentState
static const struct member consent_members[] = {FORMATTED(message_class, true, id_format)};
static SHAPE(consent_shape, consent_state, consent_members);

#undef STRUCT
#define STRUCT Nurture__V1__Contact
static const struct member contact_members[] = {
    TEXT(email),
    TEXT(name),
    FORMATTED(time_zone, false, short_format),
    FORMATTED(country, false, short_format),
    FORMATTED(undeliverable, false, short_format),
    LIST(consent, consent_shape),
    LIST(bought, bought_shape),
    TIME(paused_until_ms, false),
    LIST_TO(allowances, ALLOWANCES_MAX, allowance_shape),
};
static SHAPE(contact_shape, contact, contact_members);

static const struct shape record_shape = {&nurture__v1__dispatch_record__descriptor, NULL, 0};

/* They stand in outcomes as they are. */
static int check_cases(char *const *cases, size_t count, const struct path *path, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!case_is_name(slice_text(cases[i])))
			return path_fail(path, "open_cases", "the name of a case", "something else",
					 err);
	return 0;
}

static int check_dispatch(const Nurture__V1__Dispatch *dispatch, struct err *err)
{
	const struct path path = {.name = "dispatch"};

	if (shape_check(&dispatch_shape, dispatch, &path, err) < 0)
		return -1;
	return check_cases(dispatch->open_cases, dispatch->n_open_cases, &path, err);
}

static int check_contact(const Nurture__V1__Contact *contact, struct err *err)
{
	const struct path path = {.name = "contact"};

	if (shape_check(&contact_shape, contact, &path, err) < 0)
		return -1;
	return check_cases(contact->open_cases, contact->n_open_cases, &path, err);
}

static int check_record(const Nurture__V1__DispatchRecord *record, struct err *err)
{
	switch (record->body_case) {
	case NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH:
		return check_dispatch(record->dispatch, err);
	case NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT:
		return check_contact(record->contact, err);
	case NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL:
		return shape_check(&cancel_shape, record->cancel, &(struct path){.name = "cancel"},
				   err);
	case NURTURE__V1__DISPATCH_RECORD__BODY__NOT_SET:
	case _NURTURE__V1__DISPATCH_RECORD__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return err_set(err, "$: expected a dispatch, a contact or a cancel, found none of them");
}

/* The body of a record in which it stands once. */
static struct slice find_body(struct slice record)
{
	struct protobuf_field field;

	while (protobuf_next(&record, &field) == 1)
		if (field.wire == WIRE_BYTES)
			return field.bytes;
	return slice_of(NULL, 0);
}

static struct slice pack_dispatch(const Nurture__V1__DispatchRecord *record, struct arena *arena)
{
	if (record->body_case != NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
		return slice_of(NULL, 0);
	return message_pack(record->dispatch, arena);
}

int send_dispatch_decode(struct slice bytes, struct arena *arena, Nurture__V1__DispatchRecord **ret,
			 struct slice *ret_packed, struct err *err)
{
	bool is_usual;
	void *record;

	if (bytes.len > SEND_RECORD_MAX_BYTES)
		return err_set(err, "$: expected at most %d bytes, found %zu",
			       SEND_RECORD_MAX_BYTES, bytes.len);
	record = bytes.len ? message_read(record_shape.descriptor, bytes, arena) : NULL;
	is_usual = record != NULL;
	if (!is_usual && shape_read_protobuf(&record_shape, bytes, arena, &record, err) < 0)
		return -1;
	if (check_record(record, err) < 0)
		return -1;
	*ret_packed = is_usual ? find_body(bytes) : pack_dispatch(record, arena);
	*ret = record;
	return 0;
}
