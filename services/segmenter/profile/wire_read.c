/*
 * wire_read.c - bytes into a profile.  See wire.h.
 *
 * The bytes are our own, but come from outside: sizes, indexes and times are
 * checked, so that the rest need not be careful.
 */
#include "wire.h"

#include "common/base/civil.h"
#include "erasure.h"
#include "wire_behaviour.h"
#include "wire_orders.h"
#include "wire_scan.h"

static int bad(struct err *err, const char *what)
{
	return err_set(err, "profile: %s", what);
}

static bool is_time_or_never(int64_t time_ms)
{
	return time_ms == SEG_NEVER || wire_is_time(time_ms);
}

/* For each i below count: next() is its number. False unless the column ends there or before. */
#define COLUMN(scan, field, count, statement)                                                      \
	do {                                                                                       \
		struct wire_column column = wire_column(scan, field);                              \
		for (unsigned i = 0; i < (count); i++)                                             \
			statement;                                                                 \
		sound = sound && wire_is_done(&column);                                            \
	} while (0)
#define NUMBER wire_next(&column)
#define SIGNED wire_next_signed(&column)

/* A list for the texts of a field, with room for one more: most events bring none or one. */
#define LIST(profile, list, name, scan, field)                                                     \
	((profile)->name##_count = (scan)->texts[field].count,                                     \
	 (profile)->name##_room = (profile)->name##_count + 1,                                     \
	 (profile)->list =                                                                         \
	     arena_zalloc((profile)->arena, (profile)->name##_room * sizeof(*(profile)->list)))

static bool date_is_sound(const struct seg_order_date *date)
{
	return is_time_or_never(date->at_ms) && is_time_or_never(date->told_ms) &&
	       is_time_or_never(date->done_ms);
}

static bool order_is_sound(const struct seg_order *order, unsigned category_count)
{
	return wire_is_time(order->time_ms) && is_time_or_never(order->delivered_ms) &&
	       is_time_or_never(order->late_ms) && is_time_or_never(order->gone_ms) &&
	       date_is_sound(&order->dates[SEG_STARTS]) && date_is_sound(&order->dates[SEG_ENDS]) &&
	       is_time_or_never(order->amount_ms) && is_time_or_never(order->items_ms) &&
	       order->refunded_e4 >= 0 && order->amount_e4 != INT64_MIN &&
	       order->top <= category_count &&
	       (category_count == 64 ||
		(order->categories | order->returned) >> category_count == 0);
}

static void set_flags(struct seg_order *order, uint64_t flags)
{
	order->placed = !(flags & SEG_FLAG_UNPLACED);
	order->whole_gone = flags & SEG_FLAG_WHOLE_GONE;
	order->foreign = flags & SEG_FLAG_FOREIGN;
	order->told_shipped = flags & SEG_FLAG_SHIPPED;
	order->told_cancelled = flags & SEG_FLAG_CANCELLED;
	order->told_delivered = flags & SEG_FLAG_DELIVERED;
	order->told_whole_refund = flags & SEG_FLAG_WHOLE_REFUND;
}

static bool read_date_columns(const struct wire_scan *scan, enum seg_order_date_kind kind,
			      struct seg_order *orders, unsigned count)
{
	unsigned field = WIRE_ORDER_STARTS_MS + WIRE_ORDER_DATE_COLUMNS * kind;
	bool sound = true;

	COLUMN(scan, field, count,
	       orders[i].dates[kind].at_ms = wire_time_of(SIGNED, orders[i].time_ms));
	COLUMN(scan, field + 1, count,
	       orders[i].dates[kind].told_ms = wire_time_of(SIGNED, orders[i].time_ms));
	COLUMN(scan, field + 2, count,
	       orders[i].dates[kind].done_ms = wire_time_of(SIGNED, orders[i].time_ms));
	return sound;
}

/* The columns of the orders, whose number is known to be small. */
static bool read_order_columns(const struct wire_scan *scan, struct seg_order *orders,
			       unsigned count)
{
	int64_t last_ms = 0;
	bool sound = true;

	COLUMN(scan, WIRE_ORDER_MS, count, orders[i].time_ms = last_ms = seg_sum(last_ms, SIGNED));
	COLUMN(scan, WIRE_ORDER_AMOUNT_E4, count, orders[i].amount_e4 = SIGNED);
	COLUMN(scan, WIRE_ORDER_CATEGORIES, count, orders[i].categories = NUMBER);
	COLUMN(scan, WIRE_ORDER_RETURNED, count, orders[i].returned = NUMBER);
	COLUMN(scan, WIRE_ORDER_TOP, count, orders[i].top = (unsigned)NUMBER);
	COLUMN(scan, WIRE_ORDER_FLAGS, count, set_flags(&orders[i], NUMBER));
	COLUMN(scan, WIRE_ORDER_REFUNDED_E4, count, orders[i].refunded_e4 = SIGNED);
	COLUMN(scan, WIRE_ORDER_DELIVERED_MS, count,
	       orders[i].delivered_ms = wire_time_of(SIGNED, orders[i].time_ms));
	COLUMN(scan, WIRE_ORDER_LATE_MS, count,
	       orders[i].late_ms = wire_time_of(SIGNED, orders[i].time_ms));
	COLUMN(scan, WIRE_ORDER_GONE_MS, count,
	       orders[i].gone_ms = wire_time_of(SIGNED, orders[i].time_ms));
	COLUMN(scan, WIRE_ORDER_CURRENCY, count, orders[i].currency = (uint32_t)NUMBER);
	COLUMN(scan, WIRE_ORDER_AMOUNT_MS, count,
	       orders[i].amount_ms =
		   wire_word_of(NUMBER, orders[i].time_ms, wire_has_amount(&orders[i])));
	COLUMN(scan, WIRE_ORDER_ITEMS_MS, count,
	       orders[i].items_ms =
		   wire_word_of(NUMBER, orders[i].time_ms, wire_has_items(&orders[i])));
	return sound;
}

static int read_orders(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	bool sound;

	LIST(profile, orders, order, scan, WIRE_ORDER_ID);
	if (profile->order_count > SEG_ORDERS_MAX)
		return bad(err, "more orders than are kept");
	sound = read_order_columns(scan, profile->orders, profile->order_count) &&
		read_date_columns(scan, SEG_STARTS, profile->orders, profile->order_count) &&
		read_date_columns(scan, SEG_ENDS, profile->orders, profile->order_count);
	for (unsigned i = 0; i < profile->order_count; i++) {
		profile->orders[i].id = scan->texts[WIRE_ORDER_ID].items[i];
		sound = sound && order_is_sound(&profile->orders[i], profile->category_count);
	}
	if (!sound || !wire_read_refunds(scan, profile) || !wire_read_parcels(scan, profile))
		return bad(err, "an order that cannot be");
	profile->older = (struct seg_older){
	    .orders = scan->numbers[WIRE_OLDER_ORDERS],
	    .spent_e4 = wire_unzigzag(scan->numbers[WIRE_OLDER_SPENT_E4]),
	    .first_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_OLDER_FIRST_MS]), 0),
	    .last_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_OLDER_LAST_MS]), 0),
	};
	if (profile->older.orders > INT32_MAX || !is_time_or_never(profile->older.first_ms) ||
	    !is_time_or_never(profile->older.last_ms))
		return bad(err, "older orders that cannot be");
	return 0;
}

static int read_categories(const struct wire_scan *scan, struct seg_profile *profile,
			   struct err *err)
{
	struct seg_category *categories;
	bool sound = true;

	LIST(profile, categories, category, scan, WIRE_CATEGORY);
	if (profile->category_count > SEG_CATEGORIES_MAX)
		return bad(err, "more categories than are kept");
	categories = profile->categories;
	COLUMN(scan, WIRE_CATEGORY_OLDER_MS, profile->category_count,
	       categories[i].older_ms = wire_time_of(SIGNED, 0));
	for (unsigned i = 0; i < profile->category_count; i++) {
		categories[i].name = scan->texts[WIRE_CATEGORY].items[i];
		sound = sound && is_time_or_never(categories[i].older_ms);
	}
	return sound ? 0 : bad(err, "a category with a time that cannot be");
}

static int read_addresses(const struct wire_scan *scan, struct seg_profile *profile,
			  struct err *err)
{
	unsigned count = scan->texts[WIRE_ADDRESS].count;
	int64_t times_ms[2 * SEG_ADDRESSES_MAX], last_ms = 0;
	bool sound = true;

	if (count > SEG_ADDRESSES_MAX)
		return bad(err, "more addresses than are kept");
	profile->address_count = count;
	COLUMN(scan, WIRE_ADDRESS_MS, 2 * count, times_ms[i] = last_ms = seg_sum(last_ms, SIGNED));
	for (unsigned i = 0; i < count; i++) {
		profile->addresses[i] = (struct seg_address){
		    .text = scan->texts[WIRE_ADDRESS].items[i],
		    .last_ms = times_ms[2 * i],
		    .first_ms = times_ms[2 * i + 1],
		};
		sound = sound && wire_is_time(times_ms[2 * i]) && wire_is_time(times_ms[2 * i + 1]);
	}
	return sound ? 0 : bad(err, "an address with a time that cannot be");
}

/* Reads the attributes from `from` to before `to`; their times are one column. */
static int read_attributes(const struct wire_scan *scan, unsigned from, unsigned to,
			   unsigned times_field, struct seg_profile *profile, struct err *err)
{
	struct wire_column times = wire_column(scan, times_field);
	int64_t last_ms = 0;

	for (unsigned i = from; i < to; i++) {
		const char *text = wire_text(scan, wire_attribute(i));

		if (*text)
			last_ms = seg_sum(last_ms, wire_next_signed(&times));
		profile->attributes[i] = (struct seg_attribute){text, *text ? last_ms : 0, false};
		if (!wire_is_time(last_ms))
			return bad(err, "an attribute with a time that cannot be");
	}
	return wire_is_done(&times) ? 0 : bad(err, "an attribute with a time that cannot be");
}

/* An older version did not store who chose it: then it counts as an echo. */
static int read_said(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	uint64_t said = scan->numbers[WIRE_ATTRIBUTES_SAID];

	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++) {
		profile->attributes[i].is_said = said >> i & 1;
		if (profile->attributes[i].is_said && !*profile->attributes[i].text)
			return bad(err, "a choice of an attribute that is not known");
	}
	return said >> SEG_ATTRIBUTE_COUNT == 0 ? 0 : bad(err, "a choice of no attribute");
}

static bool set_proven(struct seg_consent *consent, uint64_t is_proven)
{
	if (is_proven && consent->word == SEG_WITHDRAWN)
		return false;
	if (is_proven)
		consent->word = SEG_PROVEN;
	return true;
}

static int read_consents(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	struct seg_consent *consents;
	int64_t last_ms = 0;
	bool sound = true;

	LIST(profile, consents, consent, scan, WIRE_CONSENT_CLASS);
	if (profile->consent_count > 2 * SEG_UNKNOWN_CONSENTS_MAX + 1)
		return bad(err, "more consents than are kept");
	consents = profile->consents;
	/* An older version did not store who gave it. */
	COLUMN(scan, WIRE_CONSENT_GIVEN, profile->consent_count,
	       consents[i].word = NUMBER ? SEG_ECHOED : SEG_WITHDRAWN);
	COLUMN(scan, WIRE_CONSENT_PROVEN, profile->consent_count,
	       sound &= set_proven(&consents[i], NUMBER));
	COLUMN(scan, WIRE_CONSENT_MS, profile->consent_count,
	       consents[i].time_ms = last_ms = seg_sum(last_ms, SIGNED));
	for (unsigned i = 0; i < profile->consent_count; i++) {
		consents[i].message_class = scan->texts[WIRE_CONSENT_CLASS].items[i];
		sound = sound && wire_is_time(consents[i].time_ms);
	}
	return sound ? 0 : bad(err, "a consent with a time that cannot be");
}

static int read_cases(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	struct seg_case *cases;
	bool sound = true;

	LIST(profile, cases, case, scan, WIRE_CASE_ID);
	if (profile->case_count > SEG_CASES_MAX)
		return bad(err, "more cases than are kept");
	if (scan->texts[WIRE_CASE_ORDER].count &&
	    scan->texts[WIRE_CASE_ORDER].count != profile->case_count)
		return bad(err, "another number of cases than of their orders");
	cases = profile->cases;
	COLUMN(scan, WIRE_CASE_OPENED_MS, profile->case_count,
	       cases[i].opened_ms = wire_time_of(SIGNED, 0));
	COLUMN(scan, WIRE_CASE_CLOSED_MS, profile->case_count,
	       cases[i].closed_ms = wire_time_of(SIGNED, 0));
	for (unsigned i = 0; i < profile->case_count; i++) {
		cases[i].id = scan->texts[WIRE_CASE_ID].items[i];
		cases[i].order =
		    scan->texts[WIRE_CASE_ORDER].count ? scan->texts[WIRE_CASE_ORDER].items[i] : "";
		sound = sound && is_time_or_never(cases[i].opened_ms) &&
			is_time_or_never(cases[i].closed_ms);
	}
	return sound ? 0 : bad(err, "a case with a time that cannot be");
}

static int read_memories(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	struct seg_memory *memories;
	int64_t last_ms = 0;
	bool sound = true;

	LIST(profile, memories, memory, scan, WIRE_PROGRAMME);
	memories = profile->memories;
	COLUMN(scan, WIRE_PROGRAMME_MS, profile->memory_count,
	       memories[i].last_ms = last_ms = seg_sum(last_ms, SIGNED));
	COLUMN(scan, WIRE_PROGRAMME_EXPIRES_MS, profile->memory_count,
	       memories[i].expires_ms = wire_time_of(SIGNED, memories[i].last_ms));
	for (unsigned i = 0; i < profile->memory_count; i++) {
		memories[i].programme = scan->texts[WIRE_PROGRAMME].items[i];
		sound = sound && wire_is_time(memories[i].last_ms) &&
			is_time_or_never(memories[i].expires_ms);
	}
	return sound ? 0 : bad(err, "a programme with a time that cannot be");
}

/* Far enough from the ends of int64_t for what is added to it, and beyond every time. */
#define FAR_MINUTE (WIRE_TIME_LIMIT_MS / MINUTE_MS)

static bool is_minute(int64_t minute)
{
	return minute > -FAR_MINUTE && minute < FAR_MINUTE;
}

static bool read_floor(const struct wire_scan *scan, unsigned field, struct seg_dedup *known)
{
	int64_t floor = wire_time_of(wire_unzigzag(scan->numbers[field]), 0);

	known->floor = floor == SEG_NEVER ? SEG_NO_FLOOR : floor;
	return floor == SEG_NEVER || is_minute(floor);
}

static void set_hashes(struct seg_profile *profile, struct seg_dedup *known, struct slice hashes)
{
	known->count = (unsigned)(hashes.len / 8);
	known->room = known->count + 1;
	known->items = arena_zalloc(profile->arena, known->room * sizeof(*known->items));
	for (unsigned i = 0; i < known->count; i++)
		known->items[i].hash = wire_fixed64(hashes.bytes + 8 * i);
}

/* Hashes of bodies were added later than ids: when there are none, they are not known. */
static bool set_bodies(struct seg_dedup *events, struct slice bodies)
{
	for (unsigned i = 0; bodies.len && i < events->count && 4 * i < bodies.len; i++)
		for (unsigned j = 0; j < 4; j++)
			events->items[i].body |= (uint32_t)bodies.bytes[4 * i + j] << 8 * j;
	return bodies.len == 0 || bodies.len == 4 * (size_t)events->count;
}

static int read_events(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	struct slice hashes = scan->columns[WIRE_EVENT_HASH];
	struct seg_dedup *events = &profile->events;
	int64_t hour = 0;
	bool sound = hashes.len % 8 == 0 && read_floor(scan, WIRE_EVENT_FLOOR, events);

	if (hashes.len > 8 * SEG_EVENTS_MAX)
		return bad(err, "more events than are kept");
	set_hashes(profile, events, hashes);
	COLUMN(scan, WIRE_EVENT_HOUR, events->count,
	       (hour = seg_sum(hour, SIGNED), sound = sound && is_minute(hour),
		events->items[i].minute = sound ? 60 * hour : 0));
	COLUMN(scan, WIRE_EVENT_MINUTE, events->count,
	       events->items[i].minute += (int64_t)(NUMBER % 60));
	sound = set_bodies(events, scan->columns[WIRE_EVENT_BODY]) && sound;
	return sound ? 0 : bad(err, "an event with a time that cannot be");
}

static int read_hashes(const struct wire_scan *scan, unsigned field, unsigned max, uint64_t *ret,
		       unsigned *ret_count)
{
	struct slice hashes = scan->columns[field];

	if (hashes.len % 8 != 0 || hashes.len / 8 > max)
		return -1;
	*ret_count = (unsigned)(hashes.len / 8);
	for (unsigned i = 0; i < *ret_count; i++)
		ret[i] = wire_fixed64(hashes.bytes + 8 * i);
	return 0;
}

static int read_erasure(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	uint64_t hashes[SEG_AHEAD_MAX];
	int64_t last_ms = 0, before_ms = INT64_MIN;
	bool sound = true;

	profile->erased_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_ERASED_MS]), 0);
	if (read_hashes(scan, WIRE_AHEAD_HASH, SEG_AHEAD_MAX, hashes, &profile->ahead_count) < 0 ||
	    read_hashes(scan, WIRE_ERASED_HASH, SEG_ERASED_HASHES_MAX, profile->erased_hashes,
			&profile->erased_hash_count) < 0 ||
	    (profile->erased_ms != SEG_NEVER &&
	     !(wire_is_time(profile->erased_ms) && wire_is_time(seg_erasure_end_ms(profile)))))
		return bad(err, "an erasure that cannot be");
	COLUMN(scan, WIRE_AHEAD_MS, profile->ahead_count,
	       profile->ahead[i].claimed_ms = last_ms = seg_sum(last_ms, SIGNED));
	for (unsigned i = 0; i < profile->ahead_count; i++) {
		profile->ahead[i].hash = hashes[i];
		sound = sound && wire_is_time(profile->ahead[i].claimed_ms) &&
			profile->ahead[i].claimed_ms >= before_ms;
		before_ms = profile->ahead[i].claimed_ms;
	}
	return sound ? 0 : bad(err, "an event ahead with a time that cannot be");
}

static int read_facts(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	struct slice hashes = scan->columns[WIRE_FACT_HASH];
	struct seg_dedup *facts = &profile->facts;
	int64_t minute = 0;
	bool sound = hashes.len % 8 == 0 && read_floor(scan, WIRE_FACT_FLOOR, facts);

	if (hashes.len > 8 * SEG_FACTS_MAX)
		return bad(err, "more facts than are kept");
	set_hashes(profile, facts, hashes);
	COLUMN(scan, WIRE_FACT_MINUTE, facts->count,
	       (facts->items[i].minute = minute = seg_sum(minute, SIGNED),
		sound = sound && is_minute(minute)));
	return sound ? 0 : bad(err, "a fact with a time that cannot be");
}

static int read_rest(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	profile->segments = scan->texts[WIRE_SEGMENT].items;
	profile->segment_count = scan->texts[WIRE_SEGMENT].count;
	profile->contact_fingerprint = scan->numbers[WIRE_CONTACT_FINGERPRINT];
	profile->due_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_DUE_MS]), 0);
	profile->bounced_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_BOUNCED_MS]), 0);
	profile->merged_into = wire_text(scan, WIRE_MERGED_INTO);
	profile->merged_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_MERGED_MS]), 0);
	if (!is_time_or_never(profile->due_ms) || !is_time_or_never(profile->bounced_ms) ||
	    !is_time_or_never(profile->merged_ms))
		return bad(err, "a time that cannot be");
	return 0;
}

int seg_profile_decode(struct slice bytes, struct arena *arena, struct seg_profile **ret,
		       struct err *err)
{
	struct seg_profile *profile = seg_profile_new(arena);
	struct wire_scan scan;

	if (!wire_scan(bytes, arena, &scan))
		return err_set(err, "profile: %zu bytes that are no profile", bytes.len);
	/* Categories first: orders point into them. */
	if (read_categories(&scan, profile, err) < 0 || read_orders(&scan, profile, err) < 0 ||
	    read_addresses(&scan, profile, err) < 0 ||
	    read_attributes(&scan, 0, SEG_PHONE, WIRE_ATTRIBUTE_MS, profile, err) < 0 ||
	    read_attributes(&scan, SEG_PHONE, SEG_ATTRIBUTE_COUNT, WIRE_MORE_ATTRIBUTE_MS, profile,
			    err) < 0 ||
	    read_said(&scan, profile, err) < 0 || read_consents(&scan, profile, err) < 0 ||
	    read_cases(&scan, profile, err) < 0 || read_memories(&scan, profile, err) < 0 ||
	    read_events(&scan, profile, err) < 0 || read_facts(&scan, profile, err) < 0 ||
	    wire_read_behaviour(&scan, profile, err) < 0 || read_erasure(&scan, profile, err) < 0 ||
	    read_rest(&scan, profile, err) < 0)
		return -1;
	*ret = profile;
	return 0;
}
