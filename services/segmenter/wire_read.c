/*
 * wire_read.c - bytes into a profile.  See wire.h.
 *
 * The bytes are our own, but come from outside: sizes, indexes and times are
 * checked, so that the rest need not be careful.
 */
#include "wire.h"

#include <string.h>

#include "nurture/v1/profile.pb-c.h"
#include "wire_since.h"

/* The i-th number of a column that may end early. */
#define AT(message, field, i) ((i) < (message)->n_##field ? (message)->field[i] : 0)

static int bad(struct err *err, const char *what)
{
	return err_set(err, "profile: %s", what);
}

static bool is_time(int64_t time_ms)
{
	return time_ms > -SEG_TIME_LIMIT_MS && time_ms < SEG_TIME_LIMIT_MS;
}

static bool is_time_or_never(int64_t time_ms)
{
	return time_ms == SEG_NEVER || is_time(time_ms);
}

/* The next of a list of times that are written as steps. */
static int64_t step_on(int64_t *last, int64_t step)
{
	return *last = seg_sum(*last, step);
}

static bool order_is_sound(const struct seg_order *order, unsigned category_count)
{
	return is_time(order->time_ms) && is_time_or_never(order->delivered_ms) &&
	       is_time_or_never(order->late_ms) && is_time_or_never(order->gone_ms) &&
	       order->refunded_e4 >= 0 && order->amount_e4 != INT64_MIN &&
	       order->top <= category_count &&
	       (category_count == 64 || order->categories >> category_count == 0);
}

static struct seg_order read_order(const Nurture__V1__Profile *message, unsigned i,
				   int64_t time_ms)
{
	uint64_t flags = AT(message, order_flags, i), top = AT(message, order_top, i);

	return (struct seg_order){
		.id = message->order_id[i],
		.time_ms = time_ms,
		.amount_e4 = AT(message, order_amount_e4, i),
		.refunded_e4 = AT(message, order_refunded_e4, i),
		.categories = AT(message, order_categories, i),
		.top = top <= SEG_CATEGORIES_MAX ? (unsigned)top : SEG_CATEGORIES_MAX + 1,
		.placed = !(flags & SEG_FLAG_UNPLACED),
		.whole_gone = flags & SEG_FLAG_WHOLE_GONE,
		.foreign = flags & SEG_FLAG_FOREIGN,
		.delivered_ms = seg_time_of(AT(message, order_delivered_ms, i), time_ms),
		.late_ms = seg_time_of(AT(message, order_late_ms, i), time_ms),
		.gone_ms = seg_time_of(AT(message, order_gone_ms, i), time_ms),
	};
}

static int read_orders(const Nurture__V1__Profile *message, struct seg_profile *profile,
		       struct err *err)
{
	size_t count = message->n_order_id;
	int64_t last_ms = 0;

	if (count > SEG_ORDERS_MAX)
		return bad(err, "more orders than are kept");
	profile->order_count = (unsigned)count;
	profile->order_room = (unsigned)count + 1; /* most events bring none or one */
	profile->orders =
		arena_alloc(profile->arena, profile->order_room * sizeof(*profile->orders));
	for (unsigned i = 0; i < count; i++) {
		profile->orders[i] = read_order(message, i, step_on(&last_ms, AT(message, order_ms, i)));
		if (!order_is_sound(&profile->orders[i], profile->category_count))
			return bad(err, "an order that cannot be");
	}
	profile->older.orders = message->older_orders;
	profile->older.spent_e4 = message->older_spent_e4;
	profile->older.first_ms = seg_time_of(message->older_first_ms, 0);
	profile->older.last_ms = seg_time_of(message->older_last_ms, 0);
	if (profile->older.orders > INT32_MAX || !is_time_or_never(profile->older.first_ms) ||
	    !is_time_or_never(profile->older.last_ms))
		return bad(err, "older orders that cannot be");
	return 0;
}

static int read_categories(const Nurture__V1__Profile *message, struct seg_profile *profile,
			   struct err *err)
{
	size_t count = message->n_category;

	if (count > SEG_CATEGORIES_MAX)
		return bad(err, "more categories than are kept");
	profile->category_count = (unsigned)count;
	profile->category_room = (unsigned)count + 1;
	profile->categories = arena_alloc(profile->arena, profile->category_room *
								  sizeof(*profile->categories));
	for (unsigned i = 0; i < count; i++) {
		int64_t older_ms = seg_time_of(AT(message, category_older_ms, i), 0);

		if (!is_time_or_never(older_ms))
			return bad(err, "a category with a time that cannot be");
		profile->categories[i] = (struct seg_category){message->category[i], older_ms};
	}
	return 0;
}

static int read_addresses(const Nurture__V1__Profile *message, struct seg_profile *profile,
			  struct err *err)
{
	int64_t last_ms = 0;

	if (message->n_address > SEG_ADDRESSES_MAX)
		return bad(err, "more addresses than are kept");
	profile->address_count = (unsigned)message->n_address;
	for (unsigned i = 0; i < profile->address_count; i++) {
		struct seg_address *address = &profile->addresses[i];

		address->text = message->address[i];
		address->last_ms = step_on(&last_ms, AT(message, address_ms, 2 * i));
		address->first_ms = step_on(&last_ms, AT(message, address_ms, 2 * i + 1));
		if (!is_time(address->last_ms) || !is_time(address->first_ms))
			return bad(err, "an address with a time that cannot be");
	}
	return 0;
}

static int read_attributes(const Nurture__V1__Profile *message, struct seg_profile *profile,
			   struct err *err)
{
	int64_t last_ms = 0;
	unsigned count = 0;

#define X(kind, field) profile->attributes[SEG_##kind].text = message->field;
	SEG_ATTRIBUTES(X)
#undef X
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++) {
		struct seg_attribute *attribute = &profile->attributes[i];

		if (!*attribute->text)
			continue;
		attribute->time_ms = step_on(&last_ms, AT(message, attribute_ms, count));
		count++;
		if (!is_time(attribute->time_ms))
			return bad(err, "an attribute with a time that cannot be");
	}
	return 0;
}

static int read_consents(const Nurture__V1__Profile *message, struct seg_profile *profile,
			 struct err *err)
{
	size_t count = message->n_consent_class;
	int64_t last_ms = 0;

	if (count > 2 * SEG_UNKNOWN_CONSENTS_MAX + 1)
		return bad(err, "more consents than are kept");
	profile->consent_count = profile->consent_room = (unsigned)count;
	profile->consents = arena_alloc(profile->arena, count * sizeof(*profile->consents));
	for (unsigned i = 0; i < count; i++) {
		struct seg_consent *consent = &profile->consents[i];

		consent->message_class = message->consent_class[i];
		consent->given = AT(message, consent_given, i) != 0;
		consent->time_ms = step_on(&last_ms, AT(message, consent_ms, i));
		if (!is_time(consent->time_ms))
			return bad(err, "a consent with a time that cannot be");
	}
	return 0;
}

static int read_cases(const Nurture__V1__Profile *message, struct seg_profile *profile,
		      struct err *err)
{
	size_t count = message->n_case_id;

	if (count > SEG_CASES_MAX)
		return bad(err, "more cases than are kept");
	profile->case_count = profile->case_room = (unsigned)count;
	profile->cases = arena_alloc(profile->arena, count * sizeof(*profile->cases));
	for (unsigned i = 0; i < count; i++) {
		struct seg_case *c = &profile->cases[i];

		c->id = message->case_id[i];
		c->opened_ms = seg_time_of(AT(message, case_opened_ms, i), 0);
		c->closed_ms = seg_time_of(AT(message, case_closed_ms, i), 0);
		if (!is_time_or_never(c->opened_ms) || !is_time_or_never(c->closed_ms))
			return bad(err, "a case with a time that cannot be");
	}
	return 0;
}

static int read_memories(const Nurture__V1__Profile *message, struct seg_profile *profile,
			 struct err *err)
{
	size_t count = message->n_programme;
	int64_t last_ms = 0;

	profile->memory_count = profile->memory_room = (unsigned)count;
	profile->memories = arena_alloc(profile->arena, count * sizeof(*profile->memories));
	for (unsigned i = 0; i < count; i++) {
		struct seg_memory *memory = &profile->memories[i];

		memory->programme = message->programme[i];
		memory->last_ms = step_on(&last_ms, AT(message, programme_ms, i));
		memory->expires_ms =
			seg_time_of(AT(message, programme_expires_ms, i), memory->last_ms);
		if (!is_time(memory->last_ms) || !is_time_or_never(memory->expires_ms))
			return bad(err, "a programme with a time that cannot be");
	}
	return 0;
}

static int read_seen(const Nurture__V1__Profile *message, struct seg_profile *profile,
		     struct err *err)
{
	size_t count = message->n_event_hash;
	int64_t hour = 0;

	if (count > SEG_EVENTS_MAX)
		return bad(err, "more events than are kept");
	profile->seen_count = (unsigned)count;
	profile->seen_room = (unsigned)count + 1;
	profile->seen = arena_alloc(profile->arena, profile->seen_room * sizeof(*profile->seen));
	for (unsigned i = 0; i < count; i++) {
		step_on(&hour, AT(message, event_hour, i));
		if (hour > INT32_MAX / 2 || hour < INT32_MIN / 2)
			return bad(err, "an event with a time that cannot be");
		profile->seen[i] = (struct seg_seen){message->event_hash[i], (int32_t)hour};
	}
	return 0;
}

static int read_rest(const Nurture__V1__Profile *message, struct seg_profile *profile,
		     struct err *err)
{
	profile->segments = (const char **)message->segment;
	profile->segment_count = (unsigned)message->n_segment;
	profile->contact_fingerprint = message->contact_fingerprint;
	profile->due_ms = seg_time_of(message->due_ms, 0);
	profile->bounced_ms = seg_time_of(message->bounced_ms, 0);
	profile->merged_into = message->merged_into;
	profile->merged_ms = seg_time_of(message->merged_ms, 0);
	if (!is_time_or_never(profile->due_ms) || !is_time_or_never(profile->bounced_ms) ||
	    !is_time_or_never(profile->merged_ms))
		return bad(err, "a time that cannot be");
	return 0;
}

int seg_profile_decode(struct slice bytes, struct arena *arena, struct seg_profile **ret,
		       struct err *err)
{
	struct ProtobufCAllocator allocator = arena_protobuf(arena);
	struct seg_profile *profile = seg_profile_new(arena);
	const Nurture__V1__Profile *message;

	if (bytes.len > 0) {
		message = nurture__v1__profile__unpack(&allocator, bytes.len, bytes.bytes);
		if (!message)
			return err_set(err, "profile: %zu bytes that are no profile", bytes.len);
		/* Categories first: orders point into them. */
		if (read_categories(message, profile, err) < 0 ||
		    read_orders(message, profile, err) < 0 ||
		    read_addresses(message, profile, err) < 0 ||
		    read_attributes(message, profile, err) < 0 ||
		    read_consents(message, profile, err) < 0 ||
		    read_cases(message, profile, err) < 0 ||
		    read_memories(message, profile, err) < 0 ||
		    read_seen(message, profile, err) < 0 || read_rest(message, profile, err) < 0)
			return -1;
	}
	*ret = profile;
	return 0;
}
