/*
 * request_shape.c - the fields of request.proto: what is valid, and how to say so.
 *
 * Both topics that carry them can be written by anybody, so the scheduler and the email-sender
 * check what they read by these tables.  A new field needs its line here; what a table cannot
 * say of a message stands with the reader.
 */
#include "shapes.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/policy/case_name.h"
#include "nurture/v1/request.pb-c.h"

enum { TEXT_MAX_BYTES = 200, MILLION = 1000000 };

#define VALUE_MAX INT64_C(1000000000000000)
#define ID(n, must) SHAPE_FORMATTED(n, must, shape_id_format)
#define SHORT(n) SHAPE_FORMATTED(n, false, shape_short_format)

static bool is_short(struct slice text)
{
	return text.len <= TEXT_MAX_BYTES && text_is_printable(text);
}

const struct text_format shape_id_format = {"an id of 1 to 200 bytes", text_is_id};
const struct text_format shape_short_format = {"at most 200 printable bytes", is_short};
const struct text_format shape_case_format = {"the name of a case", case_is_name};

#define STRUCT Nurture__V1__Datum
static const struct member datum_members[] = {SHAPE_TEXT(name), SHAPE_TEXT(value)};
SHAPE(datum_shape, datum, datum_members);

#undef STRUCT
#define STRUCT Nurture__V1__Request
static const struct member request_members[] = {
    ID(id, true),
    ID(programme, true),
    ID(message_class, true),
    ID(channel, true),
    SHORT(action),
    SHORT(category),
    SHAPE_WHOLE(priority, INT32_MIN, INT32_MAX),
    SHAPE_TIME(triggered_ms, false),
    SHAPE_TIME(due_ms, false),
    SHAPE_TIME(expires_ms, true),
    SHAPE_WHOLE(holdout_permille, 0, 1000),
    SHAPE_FLAG(exempt),
    ID(follows, false),
    SHAPE_WHOLE(follow_after_ms, 0, 400 * DAY_MS),
    SHAPE_LIST(data, SHAPE_LIST_MAX, datum_shape),
    SHORT(owner),
    SHORT(order),
    SHAPE_WHOLE(value_e4, 0, VALUE_MAX),
    SHORT(merge),
    SHAPE_WHOLE(send_from_min, 0, DAY_MIN),
    SHAPE_WHOLE(send_to_min, 0, DAY_MIN),
    SHAPE_FLAG(send_best),
    SHORT(variant),
    SHAPE_WHOLE(probability_ppm, 0, MILLION),
    SHORT(coupon),
    SHAPE_WHOLE(reserve_ms, 0, 400 * DAY_MS),
    SHORT(instead_of),
    SHAPE_FLAG(outlives_order),
    SHAPE_WHOLE(on_open_case, 0, 2),
    SHAPE_FLAG(always),
    SHORT(rung),
    SHAPE_WHOLE(reminder, 0, 1000),
};
SHAPE(request_shape, request, request_members);

#undef STRUCT
#define STRUCT Nurture__V1__Cancel
static const struct member cancel_members[] = {ID(request, false), ID(programme, false),
					       SHORT(order), SHORT(reason), SHORT(category)};
SHAPE(cancel_shape, cancel, cancel_members);

#undef STRUCT
#define STRUCT Nurture__V1__ConsentState
static const struct member consent_members[] = {ID(message_class, true), SHAPE_FLAG(given),
						SHAPE_TIME(said_ms, false)};
static SHAPE(consent_shape, consent_state, consent_members);

#undef STRUCT
#define STRUCT Nurture__V1__Bought
static const struct member bought_members[] = {SHORT(category), SHAPE_TIME(time_ms, false)};
SHAPE(bought_shape, bought, bought_members);

#undef STRUCT
#define STRUCT Nurture__V1__Allowance
static const struct member allowance_members[] = {SHAPE_WHOLE(limit, 0, 1000),
						  SHAPE_WHOLE(window_ms, SECOND_MS, 400 * DAY_MS)};
SHAPE(allowance_shape, allowance, allowance_members);

#undef STRUCT
#define STRUCT Nurture__V1__Contact
static const struct member contact_members[] = {
    SHAPE_TEXT(email),
    SHAPE_TEXT(name),
    SHORT(locale),
    SHORT(time_zone),
    SHORT(country),
    SHAPE_LIST(consent, SHAPE_LIST_MAX, consent_shape),
    SHAPE_LIST(bought, SHAPE_LIST_MAX, bought_shape),
    SHAPE_TEXTS(open_cases, SHAPE_LIST_MAX, true, &shape_case_format), /* outcomes have them */
    SHAPE_FLAG(erased),
    SHORT(undeliverable),
    SHAPE_TEXTS(segments, SHAPE_LIST_MAX, false, NULL),
    SHAPE_WHOLE(best_hour, 0, 24),
    SHAPE_TIME(paused_until_ms, false),
    SHAPE_LIST(allowances, SHAPE_ALLOWANCES_MAX, allowance_shape),
    SHAPE_TIME(erased_ms, false),
    SHAPE_TEXTS(ended_cases, SHAPE_LIST_MAX, false, NULL),
    SHAPE_TEXT(phone),
    SHAPE_TEXT(address),
    SHAPE_FLAG(merged),
    ID(merged_into, false),
    SHAPE_TIME(merged_ms, false),
};
SHAPE(contact_shape, contact, contact_members);

#undef STRUCT
#define STRUCT Nurture__V1__InboxWord
static const struct member inbox_word_members[] = {
    ID(inbox, true),
    SHAPE_LIST(consent, SHAPE_LIST_MAX, consent_shape),
    SHORT(undeliverable),
};
SHAPE(inbox_word_shape, inbox_word, inbox_word_members);

#undef STRUCT
#define STRUCT Nurture__V1__SentElsewhere
static const struct member elsewhere_members[] = {ID(id, true), ID(message_class, true),
						  SHORT(channel), SHORT(category),
						  SHAPE_TIME(time_ms, false)};
SHAPE(sent_elsewhere_shape, sent_elsewhere, elsewhere_members);

#undef STRUCT
#define STRUCT Nurture__V1__Release
static const struct member release_members[] = {ID(request, true)};
SHAPE(release_shape, release, release_members);

#undef STRUCT
#define STRUCT Nurture__V1__Confirm
static const struct member confirm_members[] = {ID(request, true)};
SHAPE(confirm_shape, confirm, confirm_members);

#undef STRUCT
#define STRUCT Nurture__V1__TaskDone
static const struct member done_members[] = {ID(task, true)};
SHAPE(task_done_shape, task_done, done_members);
