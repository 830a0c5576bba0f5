/*
 * wire_person.c - see wire_parts.h: how to reach the person, what is known of them, what they agreed
 * to, and their cases.
 */
#include "wire_parts.h"

#define ENTRY struct seg_consent
/* Of an older version nobody can say any more who gave it: then it is an echo. */
static uint64_t is_given(const void *entry)
{
	return ((const struct seg_consent *)entry)->word != SEG_WITHDRAWN;
}

static bool set_given(void *entry, uint64_t is_given)
{
	((struct seg_consent *)entry)->word = is_given ? SEG_ECHOED : SEG_WITHDRAWN;
	return true;
}

static uint64_t is_proven(const void *entry)
{
	return ((const struct seg_consent *)entry)->word == SEG_PROVEN;
}

static bool set_proven(void *entry, uint64_t is_proven)
{
	struct seg_consent *consent = entry;

	if (is_proven && consent->word == SEG_WITHDRAWN)
		return false;
	if (is_proven)
		consent->word = SEG_PROVEN;
	return true;
}

static const struct column consent_columns[] = {
    COLUMN(TEXT, consent_class, message_class),
    COLUMN_BY(consent_given, is_given, set_given),
    COLUMN_BY(consent_proven, is_proven, set_proven), /* of those that are given */
    COLUMN(STEPS, consent_ms, time_ms),
};

#undef ENTRY
#define ENTRY struct seg_case
static const struct column case_columns[] = {
    COLUMN(TEXT, case_id, id),
    COLUMN(DATE, case_opened_ms, opened_ms),
    COLUMN(DATE, case_closed_ms, closed_ms),
    COLUMN(TEXT_IF_ANY, case_order, order),
};

/* Of each address two times follow each other: when it was seen last, and first. */
static int read_addresses(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	int64_t *times_ms[2 * SEG_ADDRESSES_MAX], last_ms = 0;

	if (from->n_address > SEG_ADDRESSES_MAX)
		return wire_bad(err, "more addresses than are kept");
	to->address_count = (unsigned)from->n_address;
	if (from->n_address_ms > 2 * from->n_address)
		return wire_bad(err, "an address with a time that cannot be");
	for (unsigned i = 0; i < to->address_count; i++) {
		to->addresses[i].text = from->address[i];
		times_ms[2 * i] = &to->addresses[i].last_ms;
		times_ms[2 * i + 1] = &to->addresses[i].first_ms;
	}
	for (unsigned i = 0; i < 2 * to->address_count; i++) {
		last_ms = seg_sum(last_ms, i < from->n_address_ms ? from->address_ms[i] : 0);
		if (!seg_is_time(last_ms))
			return wire_bad(err, "an address with a time that cannot be");
		*times_ms[i] = last_ms;
	}
	return 0;
}

static void write_addresses(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	int64_t before_ms = 0;

	to->address = arena_alloc(from->arena, from->address_count * sizeof(*to->address));
	to->address_ms = arena_alloc(from->arena, 2 * from->address_count * sizeof(int64_t));
	for (unsigned i = 0; i < from->address_count; i++) {
		const struct seg_address *address = &from->addresses[i];

		to->address[to->n_address++] = (char *)address->text;
		to->address_ms[2 * i] = address->last_ms - before_ms;
		to->address_ms[2 * i + 1] = address->first_ms - address->last_ms;
		before_ms = address->first_ms;
	}
	to->n_address_ms = seg_column_length(to->address_ms, 2 * from->address_count);
}

/* The attributes that are set have their times in one column; there are two such groups. */
static const size_t attribute_texts[SEG_ATTRIBUTE_COUNT] = {
    [SEG_NAME] = offsetof(Nurture__V1__Profile, name),
    [SEG_LOCALE] = offsetof(Nurture__V1__Profile, locale),
    [SEG_TIME_ZONE] = offsetof(Nurture__V1__Profile, time_zone),
    [SEG_COUNTRY] = offsetof(Nurture__V1__Profile, country),
    [SEG_BIRTHDAY] = offsetof(Nurture__V1__Profile, birthday),
    [SEG_PHONE] = offsetof(Nurture__V1__Profile, phone),
    [SEG_ADDRESS] = offsetof(Nurture__V1__Profile, postal_address),
    [SEG_REGION] = offsetof(Nurture__V1__Profile, region),
};

static char **attribute_text(const Nurture__V1__Profile *message, unsigned kind)
{
	return (char **)((uintptr_t)message + attribute_texts[kind]);
}

/* Those from `first` to before `end`. */
static int read_attributes(const Nurture__V1__Profile *from, unsigned first, unsigned end,
			   const int64_t *steps, size_t step_count, struct seg_profile *to,
			   struct err *err)
{
	int64_t last_ms = 0;
	size_t at = 0;

	for (unsigned i = first; i < end; i++) {
		struct seg_attribute *attribute = &to->attributes[i];

		attribute->text = *attribute_text(from, i);
		if (!*attribute->text)
			continue;
		last_ms = seg_sum(last_ms, at < step_count ? steps[at] : 0);
		at++;
		attribute->time_ms = last_ms;
		if (!seg_is_time(last_ms))
			return wire_bad(err, "an attribute with a time that cannot be");
	}
	return step_count <= at ? 0 : wire_bad(err, "an attribute with a time that cannot be");
}

/* Of an older version nobody can say any more who chose it: then it is an echo. */
static int read_said(uint64_t said, struct seg_profile *to, struct err *err)
{
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++) {
		to->attributes[i].is_said = said >> i & 1;
		if (to->attributes[i].is_said && !*to->attributes[i].text)
			return wire_bad(err, "a choice of an attribute that is not known");
	}
	return said >> SEG_ATTRIBUTE_COUNT == 0 ? 0 : wire_bad(err, "a choice of no attribute");
}

static size_t write_attributes(const struct seg_profile *from, unsigned first, unsigned end,
			       int64_t **ret_steps, Nurture__V1__Profile *to)
{
	int64_t before_ms = 0;
	size_t count = 0;

	*ret_steps = arena_alloc(from->arena, (end - first) * sizeof(**ret_steps));
	for (unsigned i = first; i < end; i++) {
		const struct seg_attribute *attribute = &from->attributes[i];

		if (!*attribute->text)
			continue;
		*attribute_text(to, i) = (char *)attribute->text;
		to->attributes_said |= (uint64_t)attribute->is_said << i;
		(*ret_steps)[count++] = attribute->time_ms - before_ms;
		before_ms = attribute->time_ms;
	}
	return seg_column_length(*ret_steps, count);
}

static int read_contact(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	if (read_addresses(from, to, err) < 0 ||
	    read_attributes(from, SEG_NAME, SEG_PHONE, from->attribute_ms, from->n_attribute_ms, to,
			    err) < 0 ||
	    read_attributes(from, SEG_PHONE, SEG_ATTRIBUTE_COUNT, from->more_attribute_ms,
			    from->n_more_attribute_ms, to, err) < 0)
		return -1;
	return read_said(from->attributes_said, to, err);
}

int wire_read_person(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	if (read_contact(from, to, err) < 0)
		return -1;
	if (from->n_consent_class > 2 * SEG_UNKNOWN_CONSENTS_MAX + 1)
		return wire_bad(err, "more consents than are kept");
	WIRE_LIST(to, consents, consent, from->n_consent_class);
	if (!seg_columns_read(from, TABLE(consent_columns),
			      ENTRIES(to->consents, to->consent_count)))
		return wire_bad(err, "a consent with a time that cannot be");
	if (from->n_case_id > SEG_CASES_MAX)
		return wire_bad(err, "more cases than are kept");
	WIRE_LIST(to, cases, case, from->n_case_id);
	if (!seg_columns_read(from, TABLE(case_columns), ENTRIES(to->cases, to->case_count)))
		return wire_bad(err, "a case with a time that cannot be");
	to->bounced_ms = seg_of_since(from->bounced_ms, 0);
	to->bounced_address = from->bounced_address;
	to->merged_into = from->merged_into;
	to->merged_ms = seg_of_since(from->merged_ms, 0);
	if (!seg_is_time_or_never(to->bounced_ms) || !seg_is_time_or_never(to->merged_ms))
		return wire_bad(err, "a time that cannot be");
	return 0;
}

void wire_write_person(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	write_addresses(from, to);
	to->n_attribute_ms = write_attributes(from, SEG_NAME, SEG_PHONE, &to->attribute_ms, to);
	to->n_more_attribute_ms =
	    write_attributes(from, SEG_PHONE, SEG_ATTRIBUTE_COUNT, &to->more_attribute_ms, to);
	seg_columns_write(ENTRIES(from->consents, from->consent_count), TABLE(consent_columns),
			  from->arena, to);
	seg_columns_write(ENTRIES(from->cases, from->case_count), TABLE(case_columns), from->arena,
			  to);
	to->bounced_ms = seg_to_since(from->bounced_ms, 0);
	to->bounced_address = from->bounced_address;
	to->merged_into = (char *)from->merged_into;
	to->merged_ms = seg_to_since(from->merged_ms, 0);
}
