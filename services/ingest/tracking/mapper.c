/* mapper.c - see mapper.h: what a message is, whom it is about, and when it was. */
#include "mapper_internal.h"

#include "common/base/civil.h"
#include "common/base/hash.h"

const char *ing_skip_text(enum ing_skip skip)
{
	static const char *const text[] = {[ING_NOT_SKIPPED] = "",
#define X(name, text) [ING_SKIP_##name] = text,
					   ING_SKIPS(X)
#undef X
	};

	return text[skip];
}

static bool parse_time(const char *text, int64_t *ret_ms)
{
	struct err ignored;

	return text[0] && rfc3339_parse(slice_text(text), ret_ms, &ignored) == 0;
}

/*
 * A phone's clock may be an hour off; sentAt says what it was when the call was made. It counts
 * from a minute on, and in whole minutes, so that a repeat of the call says the same.
 */
static int64_t correct(int64_t time_ms, const char *sent_at, int64_t received_ms)
{
	int64_t sent_ms, off_ms;

	if (!parse_time(sent_at, &sent_ms))
		return time_ms;
	off_ms = received_ms - sent_ms;
	if (off_ms >= -MINUTE_MS && off_ms <= MINUTE_MS)
		return time_ms;
	return time_ms + (off_ms + (off_ms < 0 ? -1 : 1) * MINUTE_MS / 2) / MINUTE_MS * MINUTE_MS;
}

static int64_t time_of(const struct ing_tracking_call *call, struct slice message,
		       struct arena *arena)
{
	static const char *const names[] = {"timestamp", "originalTimestamp"};
	const char *sent_at = ing_field_text(message, "sentAt", arena);
	int64_t time_ms;

	if (!sent_at[0])
		sent_at = call->sent_at;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (parse_time(ing_field_text(message, names[i], arena), &time_ms))
			return correct(time_ms, sent_at, call->received_ms);
	return parse_time(sent_at, &time_ms) ? correct(time_ms, sent_at, call->received_ms)
					     : call->received_ms;
}

/* A message that its sender did not number is known by what it says. */
static char *id_of_message(struct slice message, struct arena *arena)
{
	char *id = ing_field_text(message, "messageId", arena), digest[ID_TEXT_BYTES];

	if (id[0])
		return id;
	id_of(digest, &message, 1);
	return arena_text(arena, digest);
}

static struct ing_message parts_of(const struct ing_tracking_names *names,
				   const struct ing_tracking_call *call, struct slice message,
				   struct arena *arena)
{
	struct slice context = ing_field(message, "context", arena);

	if (!ing_field_is(context, '{'))
		context = call->context;
	return (struct ing_message){
	    .names = names,
	    .context = context,
	    .properties = ing_field(message, "properties", arena),
	    .traits = ing_field(message, "traits", arena),
	    .context_traits = ing_field(context, "traits", arena),
	    .arena = arena,
	};
}

static int try_add(struct ing_tracked *tracked, Nurture__V1__Event *event, struct arena *arena,
		   struct err *err)
{
	struct ing_tracked_event *added = &tracked->events[tracked->count];

	if (ing_tracked_encode(event, arena, &added->value, &tracked->left_out, err) < 0)
		return -1;
	added->customer = event->customer->id;
	added->type = event->type;
	added->time_ms = event->time_ms;
	tracked->count++;
	return 0;
}

static void add(struct ing_tracked *tracked, Nurture__V1__Event *event, struct arena *arena)
{
	struct err err;

	if (try_add(tracked, event, arena, &err) < 0)
		tracked->invalid = arena_text(arena, err.text);
}

/*
 * An order that a coupon was used for: told as an event of its own, under an id of its own. A text
 * that is no code is left out, the order stays.
 */
static void add_coupon(const struct ing_message *message, const Nurture__V1__Event *event,
		       struct ing_tracked *tracked)
{
	static const char *const names[] = {"coupon", "coupon_id", NULL};
	struct arena *arena = message->arena;
	Nurture__V1__Event redeemed = *event;
	Nurture__V1__Order order = NURTURE__V1__ORDER__INIT;
	Nurture__V1__Coupon coupon = NURTURE__V1__COUPON__INIT;
	struct err ignored;

	coupon.code = ing_field_first(message->properties, names, arena);
	if (tracked->invalid || !coupon.code[0])
		return;
	redeemed.id = arena_printf(arena, "%s:coupon", event->id);
	redeemed.type = event_type_text(EVENT_COUPON_REDEEMED);
	order.id = event->order->id;
	redeemed.order = &order;
	redeemed.coupon = &coupon;
	if (try_add(tracked, &redeemed, arena, &ignored) < 0)
		tracked->left_out++;
}

static void map_track(const struct ing_message *message, const char *name,
		      Nurture__V1__Event *event, struct ing_tracked *tracked)
{
	enum event_type type = ing_name_find(message->names, name);

	if (type == EVENT_OTHER) {
		tracked->skip = ING_SKIP_NAME;
		return;
	}
	event->type = event_type_text(type);
	ing_tracked_subject(message, type, event);
	add(tracked, event, message->arena);
	if (type == EVENT_ORDER_PLACED)
		add_coupon(message, event, tracked);
}

static void map_alias(struct slice json, Nurture__V1__Event *event, struct arena *arena,
		      struct ing_tracked *tracked)
{
	Nurture__V1__Customer ended = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Merge merge = NURTURE__V1__MERGE__INIT;

	ended.id = ing_field_text(json, "previousId", arena);
	if (!ended.id[0]) {
		tracked->invalid = "$.previousId: expected the id that ends, found nothing";
		return;
	}
	merge.into = event->customer->id;
	if (strcmp(ended.id, merge.into) == 0) {
		tracked->skip = ING_SKIP_SAME_ID;
		return;
	}
	event->type = event_type_text(EVENT_CUSTOMER_MERGED);
	event->customer = &ended;
	event->merge = &merge;
	add(tracked, event, arena);
}

static bool is_one_of(const char *type, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(type, *words) == 0)
			return true;
	return false;
}

static void map(const struct ing_message *message, const char *type, struct slice json,
		Nurture__V1__Event *event, struct ing_tracked *tracked)
{
	static const char *const calls[] = {"page", "screen", "group", NULL};

	if (is_one_of(type, calls)) {
		tracked->skip = ING_SKIP_CALL;
	} else if (strcmp(type, "track") != 0 && strcmp(type, "identify") != 0 &&
		   strcmp(type, "alias") != 0) {
		tracked->invalid = "$.type: expected track, identify, alias, page, screen or group";
	} else if (!tracked->user[0]) {
		tracked->skip = ING_SKIP_ANONYMOUS;
	} else if (strcmp(type, "alias") == 0) {
		map_alias(json, event, message->arena, tracked);
	} else {
		ing_tracked_person(message, event->customer, &tracked->left_out);
		if (strcmp(type, "track") == 0)
			map_track(message, ing_field_text(json, "event", message->arena), event,
				  tracked);
		else
			add(tracked, event, message->arena);
	}
}

void ing_tracking_map(const struct ing_tracking_names *names, const struct ing_tracking_call *call,
		      struct slice json, struct arena *arena, struct ing_tracked *ret)
{
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	struct ing_message message;
	const char *type = call->type;

	*ret = (struct ing_tracked){.user = ""};
	if (json.len > ING_MESSAGE_MAX_BYTES) {
		ret->invalid = arena_printf(arena, "$: expected a message of at most %d bytes",
					    ING_MESSAGE_MAX_BYTES);
		return;
	}
	if (!ing_field_is(json, '{')) {
		ret->invalid = "$: expected an object";
		return;
	}
	message = parts_of(names, call, json, arena);
	if (!type[0])
		type = ing_field_text(json, "type", arena);
	customer.id = ing_field_text(json, "userId", arena);
	ret->user = customer.id;
	event.id = id_of_message(json, arena);
	event.type = event_type_text(EVENT_CUSTOMER_UPDATED);
	event.time_ms = time_of(call, json, arena);
	/* A repeat may come at another time, which a clock that is off makes another body. */
	event.snapshot = true;
	event.customer = &customer;
	map(&message, type, json, &event, ret);
}
