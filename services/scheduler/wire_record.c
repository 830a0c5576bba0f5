/*
 * wire_record.c - what a record of nurture.requests or nurture.asks must look like.
 *
 * They come from our own services, but a topic can be written by anybody: a
 * record that is not as the table says goes to the dead letters, whole.
 */
#include "wire_record.h"

#include <stdio.h>

#include "common/base/text.h"
#include "common/policy/case_name.h"
#include "common/codec/protobuf_message.h"
#include "common/codec/protobuf_scan.h"
#include "common/codec/shape.h"

enum {
	TEXT_MAX_BYTES = 200,
	LIST_MAX = 1000,
	ALLOWANCES_MAX = 8,
	DAY_MIN = 24 * 60,
	MILLION = 1000000,
};

static bool is_short(struct slice text)
{
	return text.len <= TEXT_MAX_BYTES && text_is_printable(text);
}

static const struct text_format id_format = {"an id of 1 to 200 bytes", text_is_id};
static const struct text_format short_format = {"at most 200 printable bytes", is_short};

#define TEXT(n) {.name = #n, .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, n)}
#define SHORT(n)                                                                                   \
	{.name = #n, .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, n), .format = &short_format}
#define ID(n, must)                                                                                \
	{.name = #n,                                                                               \
	 .kind = MEMBER_TEXT,                                                                      \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .format = &id_format}
#define TIME(n, must)                                                                              \
	{.name = #n, .kind = MEMBER_TIME, .required = must, .offset = offsetof(STRUCT, n)}
#define WHOLE(n, from, to)                                                                         \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .width = sizeof(((STRUCT *)NULL)->n),                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .least = from,                                                                            \
	 .most = to}
#define LIST(n, entries)                                                                           \
	{.name = #n,                                                                               \
	 .kind = MEMBER_LIST,                                                                      \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .count_offset = offsetof(STRUCT, n_##n),                                                  \
	 .max = LIST_MAX,                                                                          \
	 .shape = &entries}

#define STRUCT Nurture__V1__Datum
static const struct member datum_members[] = {TEXT(name), TEXT(value)};
static SHAPE(datum_shape, datum, datum_members);

#undef STRUCT
#define STRUCT Nurture__V1__Request
static const struct member request_members[] = {
    ID(id, true),
    ID(programme, true),
    ID(message_class, true),
    ID(channel, true),
    SHORT(action),
    SHORT(category),
    SHORT(owner),
    SHORT(order),
    ID(follows, false),
    TIME(triggered_ms, false),
    TIME(due_ms, true),
    TIME(expires_ms, true),
    SHORT(merge),
    SHORT(variant),
    SHORT(coupon),
    SHORT(instead_of),
    WHOLE(holdout_permille, 0, 1000),
    WHOLE(follow_after_ms, 0, 400 * DAY_MS),
    WHOLE(value_e4, 0, INT64_C(1000000000000000)),
    WHOLE(probability_ppm, 0, MILLION),
    WHOLE(send_from_min, 0, DAY_MIN),
    WHOLE(send_to_min, 0, DAY_MIN),
    WHOLE(reserve_ms, 0, 400 * DAY_MS),
    WHOLE(on_open_case, 0, 2),
    SHORT(rung),
    WHOLE(reminder, 0, 1000),
    LIST(data, datum_shape),
};
static SHAPE(request_shape, request, request_members);

#undef STRUCT
#define STRUCT Nurture__V1__Cancel
static const struct member cancel_members[] = {ID(request, false), ID(programme, false),
					       SHORT(order), SHORT(reason), SHORT(category)};
static SHAPE(cancel_shape, cancel, cancel_members);

#undef STRUCT
#define STRUCT Nurture__V1__ConsentState
static const struct member consent_members[] = {ID(message_class, true)};
static SHAPE(consent_shape, consent_state, consent_members);

#undef STRUCT
#define STRUCT Nurture__V1__Bought
static const struct member bought_members[] = {SHORT(category), TIME(time_ms, false)};
static SHAPE(bought_shape, bought, bought_members);

#undef STRUCT
#define STRUCT Nurture__V1__Allowance
static const struct member allowance_members[] = {WHOLE(limit, 0, 1000),
						  WHOLE(window_ms, SECOND_MS, 400 * DAY_MS)};
static SHAPE(allowance_shape, allowance, allowance_members);

#undef STRUCT
#define STRUCT Nurture__V1__Contact
static const struct member contact_members[] = {
    TEXT(email),
    TEXT(name),
    TEXT(phone),
    TEXT(address),
    SHORT(locale),
    SHORT(time_zone),
    SHORT(country),
    SHORT(undeliverable),
    LIST(consent, consent_shape),
    LIST(bought, bought_shape),
    WHOLE(best_hour, 0, 24),
    TIME(paused_until_ms, false),
    TIME(erased_ms, false),
    {.name = "allowances",
     .kind = MEMBER_LIST,
     .offset = offsetof(STRUCT, allowances),
     .count_offset = offsetof(STRUCT, n_allowances),
     .max = ALLOWANCES_MAX,
     .shape = &allowance_shape},
};
static SHAPE(contact_shape, contact, contact_members);

#undef STRUCT
#define STRUCT Nurture__V1__SentElsewhere
static const struct member elsewhere_members[] = {
    ID(id, true), ID(message_class, true), SHORT(channel), SHORT(category), TIME(time_ms, false)};
static SHAPE(elsewhere_shape, sent_elsewhere, elsewhere_members);

#undef STRUCT
#define STRUCT Nurture__V1__Release
static const struct member release_members[] = {ID(request, true)};
static SHAPE(release_shape, release, release_members);

#undef STRUCT
#define STRUCT Nurture__V1__Confirm
static const struct member confirm_members[] = {ID(request, true)};
static SHAPE(confirm_shape, confirm, confirm_members);

#undef STRUCT
#define STRUCT Nurture__V1__TaskDone
static const struct member done_members[] = {ID(task, true)};
static SHAPE(done_shape, task_done, done_members);

static const struct shape record_shape = {&nurture__v1__request_record__descriptor, NULL, 0};

/* What no table can say of a request. */
static int check_request(const Nurture__V1__Request *request, const struct path *path,
			 struct err *err)
{
	if (shape_check(&request_shape, request, path, err) < 0)
		return -1;
	if (request->due_ms < 0)
		return path_fail(path, "due_ms", "a time since 1970", "an earlier one", err);
	if (request->expires_ms <= request->due_ms)
		return path_fail(path, "expires_ms", "a time after due_ms", "one not after it",
				 err);
	if (request->send_to_min && request->send_to_min <= request->send_from_min)
		return path_fail(path, "send_to_min", "a time of day after send_from_min",
				 "one not after it", err);
	if (request->reserve_ms && strcmp(request->channel, channel_text(CHANNEL_EXTERNAL)) != 0)
		return path_fail(path, "reserve_ms", "nothing but on channel external",
				 "a time on another one", err);
	if (request->follows[0] && strcmp(request->follows, request->id) == 0)
		return path_fail(path, "follows", "another request", "its own id", err);
	return 0;
}

/* Open cases stand in outcomes as they are. */
static int check_contact(const Nurture__V1__Contact *contact, const struct path *path,
			 struct err *err)
{
	if (shape_check(&contact_shape, contact, path, err) < 0)
		return -1;
	for (size_t i = 0; i < contact->n_open_cases; i++)
		if (!case_is_name(slice_text(contact->open_cases[i])))
			return path_fail(path, "open_cases", "the name of a case", "something else",
					 err);
	return 0;
}

/* Without any of them it ends everything: then a reason says that this is meant. */
static int check_cancel(const Nurture__V1__Cancel *cancel, const struct path *path, struct err *err)
{
	if (shape_check(&cancel_shape, cancel, path, err) < 0)
		return -1;
	if (!cancel->request[0] && !cancel->programme[0] && !cancel->order[0] && !cancel->reason[0])
		return path_fail(path, NULL, "a request, a programme, an order or a reason",
				 "none of them", err);
	return 0;
}

static int check_record(const Nurture__V1__RequestRecord *record, struct err *err)
{
	switch (record->body_case) {
	case NURTURE__V1__REQUEST_RECORD__BODY_REQUEST:
		return check_request(record->request, &(struct path){.name = "request"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CANCEL:
		return check_cancel(record->cancel, &(struct path){.name = "cancel"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CONTACT:
		return check_contact(record->contact, &(struct path){.name = "contact"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE:
		return shape_check(&elsewhere_shape, record->sent_elsewhere,
				   &(struct path){.name = "sent_elsewhere"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_RELEASE:
		return shape_check(&release_shape, record->release,
				   &(struct path){.name = "release"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM:
		return shape_check(&confirm_shape, record->confirm,
				   &(struct path){.name = "confirm"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_TASK_DONE:
		return shape_check(&done_shape, record->task_done,
				   &(struct path){.name = "task_done"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY__NOT_SET:
	case _NURTURE__V1__REQUEST_RECORD__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return err_set(err, "$: expected a request, cancel, contact, sent_elsewhere, release, "
			    "confirm or task_done, found none of them");
}

struct slice sched_record_request(struct slice bytes)
{
	enum { TIME_BYTES = 9 }; /* key and fixed64, as in every record */
	struct protobuf_field time, body;
	struct slice rest = bytes;

	if (bytes.len <= TIME_BYTES || protobuf_next(&rest, &time) != 1 || time.number != 1 ||
	    time.wire != WIRE_FIXED64 || protobuf_next(&rest, &body) != 1 || body.number != 2 ||
	    body.wire != WIRE_BYTES || rest.len)
		return slice_of(NULL, 0);
	return body.bytes;
}

int sched_record_decode(struct slice bytes, struct arena *arena, Nurture__V1__RequestRecord **ret,
			struct err *err)
{
	void *record;

	if (bytes.len > SCHED_RECORD_MAX_BYTES)
		return err_set(err, "$: expected at most %d bytes, found %zu",
			       SCHED_RECORD_MAX_BYTES, bytes.len);
	/* What is unusual is read once more, to say what is wrong with it. */
	record = bytes.len ? message_read(record_shape.descriptor, bytes, arena) : NULL;
	if (!record && shape_read_protobuf(&record_shape, bytes, arena, &record, err) < 0)
		return -1;
	if (check_record(record, err) < 0)
		return -1;
	*ret = record;
	return 0;
}
