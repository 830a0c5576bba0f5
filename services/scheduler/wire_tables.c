/* wire_tables.c - see wire_tables.h. */
#include "wire_tables.h"

#include "nurture/v1/request.pb-c.h"

#define FIELD(n, k, member) [n] = {.kind = WIRE_##k, .offset = offsetof(STRUCT, member)}
#define FIELDS(n, k, member, table)                                                                \
	[n] = {WIRE_##k, offsetof(STRUCT, member), offsetof(STRUCT, n_##member), table}
#define TABLE(fields, descriptor) {fields, sizeof(fields) / sizeof((fields)[0]), descriptor}

#define STRUCT Nurture__V1__ConsentState
static const struct wire_field consent_fields[] = {FIELD(1, TEXT, message_class),
						   FIELD(2, NARROW, given)};

#undef STRUCT
#define STRUCT Nurture__V1__Bought
static const struct wire_field bought_fields[] = {FIELD(1, TEXT, category),
						  FIELD(2, WIDE, time_ms)};

#undef STRUCT
#define STRUCT Nurture__V1__Allowance
static const struct wire_field allowance_fields[] = {FIELD(1, NARROW, limit),
						     FIELD(2, WIDE, window_ms)};

#undef STRUCT
#define STRUCT Nurture__V1__Datum
static const struct wire_field datum_fields[] = {FIELD(1, TEXT, name), FIELD(2, TEXT, value)};

static const struct wire_table consent_table =
    TABLE(consent_fields, &nurture__v1__consent_state__descriptor);
static const struct wire_table bought_table =
    TABLE(bought_fields, &nurture__v1__bought__descriptor);
static const struct wire_table allowance_table =
    TABLE(allowance_fields, &nurture__v1__allowance__descriptor);
static const struct wire_table datum_table = TABLE(datum_fields, &nurture__v1__datum__descriptor);

#undef STRUCT
#define STRUCT Nurture__V1__Contact
#define BUT_SEGMENTS                                                                               \
	FIELD(1, TEXT, email), FIELD(2, TEXT, name), FIELD(3, TEXT, locale),                       \
	    FIELD(4, TEXT, time_zone), FIELD(5, TEXT, country),                                    \
	    FIELDS(6, MESSAGES, consent, &consent_table),                                          \
	    FIELDS(7, MESSAGES, bought, &bought_table), FIELDS(8, TEXTS, open_cases, NULL),        \
	    FIELD(9, NARROW, erased), FIELD(10, TEXT, undeliverable),                              \
	    FIELD(12, NARROW, best_hour), FIELD(13, WIDE, paused_until_ms),                        \
	    FIELDS(14, MESSAGES, allowances, &allowance_table), FIELD(60, WIDE, erased_ms),        \
	    FIELD(80, TEXT, phone), FIELD(81, TEXT, address), FIELD(82, NARROW, merged)
static const struct wire_field contact_fields[] = {BUT_SEGMENTS};
static const struct wire_field whole_contact_fields[] = {
    BUT_SEGMENTS, FIELDS(11, TEXTS, segments, NULL), FIELDS(70, TEXTS, ended_cases, NULL)};

#undef STRUCT
#define STRUCT Nurture__V1__Request
#define BUT_DATA                                                                                   \
	FIELD(1, TEXT, id), FIELD(2, TEXT, programme), FIELD(3, TEXT, message_class),              \
	    FIELD(4, TEXT, channel), FIELD(5, TEXT, action), FIELD(6, TEXT, category),             \
	    FIELD(7, NARROW, priority), FIELD(8, WIDE, triggered_ms), FIELD(9, WIDE, due_ms),      \
	    FIELD(10, WIDE, expires_ms), FIELD(11, NARROW, holdout_permille),                      \
	    FIELD(12, NARROW, exempt), FIELD(13, TEXT, follows), FIELD(14, WIDE, follow_after_ms), \
	    FIELD(16, TEXT, owner), FIELD(17, TEXT, order), FIELD(18, WIDE, value_e4),             \
	    FIELD(19, TEXT, merge), FIELD(20, NARROW, send_from_min),                              \
	    FIELD(21, NARROW, send_to_min), FIELD(22, NARROW, send_best),                          \
	    FIELD(23, TEXT, variant), FIELD(24, NARROW, probability_ppm), FIELD(25, TEXT, coupon), \
	    FIELD(26, WIDE, reserve_ms), FIELD(27, TEXT, instead_of),                              \
	    FIELD(80, NARROW, outlives_order), FIELD(90, NARROW, on_open_case),                    \
	    FIELD(91, NARROW, always), FIELD(92, TEXT, rung), FIELD(93, NARROW, reminder)
static const struct wire_field mail_fields[] = {BUT_DATA};
static const struct wire_field request_fields[] = {BUT_DATA,
						   FIELDS(15, MESSAGES, data, &datum_table)};

const struct wire_table sched_contact_table =
    TABLE(contact_fields, &nurture__v1__contact__descriptor);
const struct wire_table sched_whole_contact_table =
    TABLE(whole_contact_fields, &nurture__v1__contact__descriptor);
const struct wire_table sched_mail_table = TABLE(mail_fields, &nurture__v1__request__descriptor);
const struct wire_table sched_request_table =
    TABLE(request_fields, &nurture__v1__request__descriptor);
