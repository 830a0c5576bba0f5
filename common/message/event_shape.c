/* event_shape.c - the tables of an event: names in JSON, and what each value must look like. */
#include "event_internal.h"

#include "common/base/civil.h"
#include "common/base/country.h"
#include "common/base/currency.h"
#include "common/base/text.h"
#include "event_place.h"
#include "feedback.h"

/* Characters that a text may have; of each byte, which of these it is. */
enum {
	LOWER = 1,
	UPPER = 2,
	DIGIT = 4,
	DOT = 8,
	UNDERSCORE = 16,
	MINUS = 32,
	SLASH = 64,
	PLUS = 128
};
static const uint8_t kinds[256] = {
    ['a' ... 'z'] = LOWER, ['A' ... 'Z'] = UPPER, ['0' ... '9'] = DIGIT, ['.'] = DOT,
    ['_'] = UNDERSCORE,    ['-'] = MINUS,         ['/'] = SLASH,         ['+'] = PLUS,
};

static bool only(struct slice text, unsigned allowed)
{
	for (size_t i = 0; i < text.len; i++)
		if (!(kinds[text.bytes[i]] & allowed))
			return false;
	return true;
}

static bool is_type(struct slice text)
{
	return text.len <= 100 && only(text, LOWER | DIGIT | DOT | UNDERSCORE | MINUS);
}

static bool is_zone(struct slice text)
{
	return text.len <= 64 && text.bytes[0] != '/' && text.bytes[text.len - 1] != '/' &&
	       only(text, LOWER | UPPER | DIGIT | SLASH | UNDERSCORE | PLUS | MINUS);
}

static bool is_country(struct slice text)
{
	return country_is_known(text) || country_for_code(text);
}

static bool is_currency(struct slice text)
{
	return currency_decimals(text) >= 0;
}

/* BCP 47 by its shape: subtags of 1 to 8 letters and digits, the first of 2 to 8 letters. */
static bool is_locale(struct slice text)
{
	size_t begin = 0;

	if (text.len > 35 || !only(text, LOWER | UPPER | DIGIT | MINUS))
		return false;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.bytes[i] != '-')
			continue;
		if (i - begin < 1 || i - begin > 8)
			return false;
		if (begin == 0 && (i < 2 || !only(slice_of(text.bytes, i), LOWER | UPPER)))
			return false;
		begin = i + 1;
	}
	return true;
}

static bool is_birthday(struct slice text)
{
	struct civil_date date;
	struct err why;

	return birthday_parse(text, &date, &why) == 0;
}

static bool is_money(struct slice text)
{
	int64_t e4;
	struct err why;

	return text_money_e4(text, &e4, &why) == 0;
}

static bool is_line(struct slice text)
{
	return text.len <= 200 && text_is_printable(text);
}

static bool is_comment(struct slice text)
{
	if (text.len > 10000)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];

		if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t'))
			return false;
	}
	return true;
}

/* ISO 3166-2 by its shape: "AT-4", "DE-BY", "GB-LND". */
static bool is_region(struct slice text)
{
	return text.len >= 4 && text.len <= 6 && is_country(slice_of(text.bytes, 2)) &&
	       text.bytes[2] == '-' && only(slice_of(text.bytes + 3, text.len - 3), UPPER | DIGIT);
}

/* People dial it and write it in many ways; without digits it is none. */
static bool is_phone(struct slice text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += text.bytes[i] >= '0' && text.bytes[i] <= '9';
	return text.len <= 40 && digits >= 3 && text_is_printable(text);
}

static bool is_postal(struct slice text)
{
	return text.len <= 500 && is_comment(text);
}

static bool is_gtin(struct slice text)
{
	return (text.len == 8 || (text.len >= 12 && text.len <= 14)) && only(text, DIGIT);
}

static bool is_web_address(struct slice text)
{
	size_t scheme = text.len > 8 && memcmp(text.bytes, "https://", 8) == 0  ? 8
			: text.len > 7 && memcmp(text.bytes, "http://", 7) == 0 ? 7
										: 0;

	if (!scheme || text.len > 2000)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] <= ' ' || text.bytes[i] == 0x7f ||
		    strchr("\"<>\\^`{|}", text.bytes[i]))
			return false;
	return text.bytes[scheme] != '/';
}

static const struct text_format
    id_format = {"an id of 1 to 200 printable bytes", text_is_id},
    type_format = {"a type of 1 to 100 characters a-z 0-9 . _ -", is_type},
    email_format = {"an e-mail address", text_is_email},
    zone_format = {"a time zone like \"Europe/Vienna\"", is_zone},
    country_format = {"a country of ISO 3166-1 as two capital letters", is_country},
    locale_format = {"a locale like \"de-AT\"", is_locale},
    birthday_format = {"a birthday like \"1980-02-29\" or \"--02-29\"", is_birthday},
    money_format = {"an amount like \"12.50\" with at most 4 decimals", is_money},
    currency_format = {"a currency of ISO 4217 as three capital letters", is_currency},
    region_format = {"a region like \"AT-4\"", is_region},
    phone_format = {"a telephone number of at most 40 bytes", is_phone},
    postal_format = {"at most 500 bytes of text", is_postal},
    gtin_format = {"a GTIN of 8, 12, 13 or 14 digits", is_gtin},
    web_format = {"an address that begins with https:// or http://", is_web_address},
    line_format = {"at most 200 bytes without control characters", is_line},
    place_format = {"a place of yours, of 1 to 200 bytes of UTF-8 that is all seen, without a "
		    "blank at an end",
		    event_is_place},
    voice_format = {"rating, review, comment, praise, complaint, question, interview, testimonial, "
		    "case_study or social",
		    feedback_is_kind},
    way_format = {"page, support, sales, survey, social, import or reply", feedback_is_source},
    comment_format = {"at most 10000 bytes of text", is_comment};

#define TEXT_AS(json, field, how)                                                                  \
	{.name = json,                                                                             \
	 .kind = MEMBER_TEXT,                                                                      \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .format = &how##_format}
#define TEXT(field, how) TEXT_AS(#field, field, how)
#define REQUIRED(field, how)                                                                       \
	{.name = #field,                                                                           \
	 .kind = MEMBER_TEXT,                                                                      \
	 .required = true,                                                                         \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .format = &how##_format}
#define WHOLE(field, low, high)                                                                    \
	{.name = #field,                                                                           \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .width = sizeof(((STRUCT *)0)->field),                                                    \
	 .least = low,                                                                             \
	 .most = high}
#define TIME(json, field) {.name = json, .kind = MEMBER_TIME, .offset = offsetof(STRUCT, field)}
/* 0 says something too: in JSON it must be there. */
#define COUNT(field, low, high)                                                                    \
	{.name = #field,                                                                           \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .required = true,                                                                         \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .width = sizeof(((STRUCT *)0)->field),                                                    \
	 .least = low,                                                                             \
	 .most = high}
#define OBJECT_AS(json, field, what)                                                               \
	{.name = json,                                                                             \
	 .kind = MEMBER_OBJECT,                                                                    \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .shape = &what##_shape}
#define OBJECT(field, what) OBJECT_AS(#field, field, what)
#define ENTRIES(field, how, limit, what)                                                           \
	{.name = #field,                                                                           \
	 .kind = how,                                                                              \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .count_offset = offsetof(STRUCT, n_##field),                                              \
	 .max = limit,                                                                             \
	 .shape = &what##_shape}

#define TEXTS(field, limit, how)                                                                   \
	{.name = #field,                                                                           \
	 .kind = MEMBER_TEXTS,                                                                     \
	 .offset = offsetof(STRUCT, field),                                                        \
	 .count_offset = offsetof(STRUCT, n_##field),                                              \
	 .max = limit,                                                                             \
	 .format = &how##_format}

#define STRUCT Nurture__V1__Consent
static const struct member consent_members[] = {
    {.name = "class",
     .kind = MEMBER_TEXT,
     .required = true,
     .offset = offsetof(STRUCT, message_class),
     .format = &line_format},
    {.name = "given", .kind = MEMBER_FLAG, .offset = offsetof(STRUCT, given)},
};
static SHAPE(consent_shape, consent, consent_members);
#undef STRUCT

#define STRUCT Nurture__V1__Customer
static const struct member customer_members[] = {
    TEXT(address, postal),  TEXT(birthday, birthday), ENTRIES(consent, MEMBER_MAP, 64, consent),
    TEXT(country, country), TEXT(email, email),       REQUIRED(id, id),
    TEXT(locale, locale),   TEXT(name, line),         TEXT(phone, phone),
    TEXT(region, region),   TEXT(time_zone, zone),
};
SHAPE(customer_shape, customer, customer_members);
#undef STRUCT

#define STRUCT Nurture__V1__Item
static const struct member item_members[] = {
    TEXT(category, line), TEXT(gtin, gtin),   TEXT(image, web),
    TEXT(name, line),     TEXT(price, money), WHOLE(quantity, 0, UINT32_MAX),
    TEXT(sku, line),      TEXT(url, web),
};
static SHAPE(item_shape, item, item_members);
#undef STRUCT

#define STRUCT Nurture__V1__Order
static const struct member order_members[] = {
    TEXT(amount, money),
    TEXT(currency, currency),
    TIME("ends_at", ends_at_ms),
    TEXT(id, id),
    ENTRIES(items, MEMBER_LIST, 1000, item),
    TEXT(parcel, id),
    WHOLE(parcels, 0, EVENT_PARCELS_MAX),
    TIME("starts_at", starts_at_ms),
};
static SHAPE(order_shape, order, order_members);
#undef STRUCT

#define STRUCT Nurture__V1__Feedback
static const struct member feedback_members[] = {
    TEXT(comment, comment),
    TEXT(item, id),
    TEXT(kind, voice),
    TEXT(lang, locale),
    TEXT(order, id),
    TEXT(request, id),
    TEXT(rung, line),
    WHOLE(score, 1, 5),
    TEXT(sku, line),
    TEXT(source, way),
    TEXTS(tags, FEEDBACK_TAGS_MAX, line),
    TEXT(title, line),
    TEXTS(untags, FEEDBACK_TAGS_MAX, line),
};
SHAPE(feedback_shape, feedback, feedback_members);
#undef STRUCT

#define STRUCT Nurture__V1__MessageRef
static const struct member message_members[] = {
    TEXT(category, line),  TEXT(channel, line), TEXT_AS("class", message_class, line),
    TEXT(detail, comment), TEXT(email, line),   TEXT(id, id),
    TEXT(inbox, line),     TEXT(kind, line),    TEXT(programme, line),
    TEXT(request, id),
};
static SHAPE(message_shape, message_ref, message_members);
#undef STRUCT

#define STRUCT Nurture__V1__Merge
static const struct member merge_members[] = {TEXT(into, id)};
static SHAPE(merge_shape, merge, merge_members);
#undef STRUCT

#define STRUCT Nurture__V1__TaskRef
static const struct member task_members[] = {
    TEXT(by, line),
    TEXT(id, id),
    TEXT(note, comment),
    TEXT(result, comment),
    {.name = "until", .kind = MEMBER_TIME, .offset = offsetof(STRUCT, until_ms)},
};
static SHAPE(task_shape, task_ref, task_members);
#undef STRUCT

#define STRUCT Nurture__V1__Coupon
static const struct member coupon_members[] = {TEXT(code, line)};
static SHAPE(coupon_shape, coupon, coupon_members);
#undef STRUCT

#define STRUCT Nurture__V1__Referral
static const struct member referral_members[] = {TEXT(customer, id)};
static SHAPE(referral_shape, referral, referral_members);
#undef STRUCT

#define STRUCT Nurture__V1__Case
static const struct member case_members[] = {TEXT(id, id), TEXT(order, id), TEXT(reason, comment)};
static SHAPE(case_shape, case, case_members);
#undef STRUCT

#define STRUCT Nurture__V1__OwnAllowance
static const struct member allowance_members[] = {COUNT(days, 1, 400), COUNT(limit, 0, 1000)};
static SHAPE(allowance_shape, own_allowance, allowance_members);
#undef STRUCT

#define STRUCT Nurture__V1__Preferences
static const struct member preferences_members[] = {
    ENTRIES(allowances, MEMBER_LIST, 4, allowance),
    TIME("paused_until", paused_until_ms),
};
static SHAPE(preferences_shape, preferences, preferences_members);
#undef STRUCT

#define STRUCT Nurture__V1__Interaction
static const struct member interaction_members[] = {TEXT(channel, line), TEXT(direction, line),
						    TEXT(words, comment)};
static SHAPE(interaction_shape, interaction, interaction_members);
#undef STRUCT

#define STRUCT Nurture__V1__Proof
static const struct member proof_members[] = {
    {.name = "at", .kind = MEMBER_TIME, .required = true, .offset = offsetof(STRUCT, at_ms)},
    REQUIRED(source, place),
};
static SHAPE(proof_shape, proof, proof_members);
#undef STRUCT

/* None at all are preferences as well: they take back what was said. */
static bool has_preferences(const void *event)
{
	return ((const Nurture__V1__Event *)event)->preferences;
}

#define STRUCT Nurture__V1__Event
static const struct member event_members[] = {
    TEXT(by, line),
    OBJECT_AS("case", case_, case),
    OBJECT(coupon, coupon),
    {.name = "customer",
     .kind = MEMBER_OBJECT,
     .required = true,
     .offset = offsetof(STRUCT, customer),
     .shape = &customer_shape},
    OBJECT(feedback, feedback),
    REQUIRED(id, id),
    OBJECT(interaction, interaction),
    TIME("live_from", live_from_ms),
    OBJECT(merge, merge),
    OBJECT(message, message),
    OBJECT(order, order),
    {.name = "preferences",
     .kind = MEMBER_OBJECT,
     .offset = offsetof(STRUCT, preferences),
     .shape = &preferences_shape,
     .shown = has_preferences},
    OBJECT(proof, proof),
    OBJECT(referral, referral),
    {.name = "snapshot", .kind = MEMBER_FLAG, .offset = offsetof(STRUCT, snapshot)},
    OBJECT(task, task),
    {.name = "time", .kind = MEMBER_TIME, .required = true, .offset = offsetof(STRUCT, time_ms)},
    REQUIRED(type, type),
};
SHAPE(event_shape, event, event_members);
