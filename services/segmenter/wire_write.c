/* wire_write.c - a profile into bytes. See wire.h. */
#include "wire.h"

#include "nurture/v1/profile.pb-c.h"
#include "wire_since.h"

/* A column of `count` zeros; every number column has 64 bits. */
#define COLUMN(message, field, count)                                                              \
	((message)->field = arena_zalloc(arena, (count) * sizeof(*(message)->field)))
/* Its zeros at the end are not written. */
#define TRIM(message, field, count)                                                                \
	((message)->n_##field = trimmed((const uint64_t *)(const void *)(message)->field, (count)))
#define TEXTS(message, field, count)                                                               \
	((message)->n_##field = (count),                                                           \
	 (message)->field = arena_alloc(arena, (count) * sizeof(*(message)->field)))

static size_t trimmed(const uint64_t *column, size_t count)
{
	while (count > 0 && column[count - 1] == 0)
		count--;
	return count;
}

static uint64_t flags_of(const struct seg_order *order)
{
	return (order->placed ? 0 : SEG_FLAG_UNPLACED) |
	       (order->whole_gone ? SEG_FLAG_WHOLE_GONE : 0) |
	       (order->foreign ? SEG_FLAG_FOREIGN : 0);
}

static void write_order(const struct seg_order *order, unsigned i, int64_t before_ms,
			Nurture__V1__Profile *message)
{
	message->order_id[i] = (char *)order->id;
	message->order_ms[i] = order->time_ms - before_ms;
	message->order_amount_e4[i] = order->amount_e4;
	message->order_categories[i] = order->categories;
	message->order_top[i] = order->top;
	message->order_flags[i] = flags_of(order);
	message->order_refunded_e4[i] = order->refunded_e4;
	message->order_delivered_ms[i] = seg_since(order->delivered_ms, order->time_ms);
	message->order_late_ms[i] = seg_since(order->late_ms, order->time_ms);
	message->order_gone_ms[i] = seg_since(order->gone_ms, order->time_ms);
}

#define ORDER_COLUMNS(X)                                                                           \
	X(order_ms) X(order_amount_e4) X(order_categories) X(order_top) X(order_flags)             \
	X(order_refunded_e4) X(order_delivered_ms) X(order_late_ms) X(order_gone_ms)

static void write_orders(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	unsigned count = profile->order_count;
	int64_t before_ms = 0;

	TEXTS(message, order_id, count);
#define X(field) COLUMN(message, field, count);
	ORDER_COLUMNS(X)
#undef X
	for (unsigned i = 0; i < count; i++) {
		write_order(&profile->orders[i], i, before_ms, message);
		before_ms = profile->orders[i].time_ms;
	}
#define X(field) TRIM(message, field, count);
	ORDER_COLUMNS(X)
#undef X
	message->older_orders = profile->older.orders;
	message->older_spent_e4 = profile->older.spent_e4;
	message->older_first_ms = seg_since(profile->older.first_ms, 0);
	message->older_last_ms = seg_since(profile->older.last_ms, 0);
}

static void write_categories(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;

	TEXTS(message, category, profile->category_count);
	COLUMN(message, category_older_ms, profile->category_count);
	for (unsigned i = 0; i < profile->category_count; i++) {
		message->category[i] = (char *)profile->categories[i].name;
		message->category_older_ms[i] = seg_since(profile->categories[i].older_ms, 0);
	}
	TRIM(message, category_older_ms, profile->category_count);
}

static void write_addresses(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	int64_t before_ms = 0;

	TEXTS(message, address, profile->address_count);
	COLUMN(message, address_ms, 2 * profile->address_count);
	for (unsigned i = 0; i < profile->address_count; i++) {
		const struct seg_address *address = &profile->addresses[i];

		message->address[i] = (char *)address->text;
		message->address_ms[2 * i] = address->last_ms - before_ms;
		message->address_ms[2 * i + 1] = address->first_ms - address->last_ms;
		before_ms = address->first_ms;
	}
	TRIM(message, address_ms, 2 * profile->address_count);
}

static void write_attributes(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	int64_t before_ms = 0;
	unsigned count = 0;

	COLUMN(message, attribute_ms, SEG_ATTRIBUTE_COUNT);
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++) {
		if (!*profile->attributes[i].text)
			continue;
		message->attribute_ms[count++] = profile->attributes[i].time_ms - before_ms;
		before_ms = profile->attributes[i].time_ms;
	}
	TRIM(message, attribute_ms, count);
#define X(kind, field) message->field = (char *)profile->attributes[SEG_##kind].text;
	SEG_ATTRIBUTES(X)
#undef X
}

static void write_consents(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	int64_t before_ms = 0;

	TEXTS(message, consent_class, profile->consent_count);
	COLUMN(message, consent_given, profile->consent_count);
	COLUMN(message, consent_ms, profile->consent_count);
	for (unsigned i = 0; i < profile->consent_count; i++) {
		const struct seg_consent *consent = &profile->consents[i];

		message->consent_class[i] = (char *)consent->message_class;
		message->consent_given[i] = consent->given;
		message->consent_ms[i] = consent->time_ms - before_ms;
		before_ms = consent->time_ms;
	}
	TRIM(message, consent_given, profile->consent_count);
	TRIM(message, consent_ms, profile->consent_count);
}

static void write_cases(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;

	TEXTS(message, case_id, profile->case_count);
	COLUMN(message, case_opened_ms, profile->case_count);
	COLUMN(message, case_closed_ms, profile->case_count);
	for (unsigned i = 0; i < profile->case_count; i++) {
		const struct seg_case *c = &profile->cases[i];

		message->case_id[i] = (char *)c->id;
		message->case_opened_ms[i] = seg_since(c->opened_ms, 0);
		message->case_closed_ms[i] = seg_since(c->closed_ms, 0);
	}
	TRIM(message, case_opened_ms, profile->case_count);
	TRIM(message, case_closed_ms, profile->case_count);
}

static void write_decided(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	int64_t before_ms = 0;

	TEXTS(message, segment, profile->segment_count);
	for (unsigned i = 0; i < profile->segment_count; i++)
		message->segment[i] = (char *)profile->segments[i];
	TEXTS(message, programme, profile->memory_count);
	COLUMN(message, programme_ms, profile->memory_count);
	COLUMN(message, programme_expires_ms, profile->memory_count);
	for (unsigned i = 0; i < profile->memory_count; i++) {
		const struct seg_memory *memory = &profile->memories[i];

		message->programme[i] = (char *)memory->programme;
		message->programme_ms[i] = memory->last_ms - before_ms;
		message->programme_expires_ms[i] = seg_since(memory->expires_ms, memory->last_ms);
		before_ms = memory->last_ms;
	}
	TRIM(message, programme_ms, profile->memory_count);
	TRIM(message, programme_expires_ms, profile->memory_count);
	message->contact_fingerprint = profile->contact_fingerprint;
	message->due_ms = seg_since(profile->due_ms, 0);
}

static void write_seen(const struct seg_profile *profile, Nurture__V1__Profile *message)
{
	struct arena *arena = profile->arena;
	int64_t before = 0;

	message->n_event_hash = profile->seen_count;
	COLUMN(message, event_hash, profile->seen_count);
	COLUMN(message, event_hour, profile->seen_count);
	for (unsigned i = 0; i < profile->seen_count; i++) {
		message->event_hash[i] = profile->seen[i].hash;
		message->event_hour[i] = profile->seen[i].hour - before;
		before = profile->seen[i].hour;
	}
	TRIM(message, event_hour, profile->seen_count);
}

struct slice seg_profile_encode(const struct seg_profile *profile)
{
	Nurture__V1__Profile message = NURTURE__V1__PROFILE__INIT;
	uint8_t *bytes;

	write_orders(profile, &message);
	write_categories(profile, &message);
	write_addresses(profile, &message);
	write_attributes(profile, &message);
	write_consents(profile, &message);
	write_cases(profile, &message);
	write_decided(profile, &message);
	write_seen(profile, &message);
	message.bounced_ms = seg_since(profile->bounced_ms, 0);
	message.merged_into = (char *)profile->merged_into;
	message.merged_ms = seg_since(profile->merged_ms, 0);
	bytes = arena_alloc(profile->arena, nurture__v1__profile__get_packed_size(&message));
	return slice_of(bytes, nurture__v1__profile__pack(&message, bytes));
}
