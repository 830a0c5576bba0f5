/* requests.c - see requests.h. */
#include "requests.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/text.h"
#include "dates.h"
#include "emit.h"
#include "orders.h"

enum { DATA_MAX = 8, MONEY_BYTES = 32 };

struct data {
	struct arena *arena;
	Nurture__V1__Datum *items[DATA_MAX];
	size_t count;
};

static void add(struct data *data, const char *name, const char *value)
{
	Nurture__V1__Datum *datum;

	if (!*value)
		return;
	datum = arena_alloc(data->arena, sizeof(*datum));
	nurture__v1__datum__init(datum);
	datum->name = (char *)name;
	datum->value = (char *)value;
	data->items[data->count++] = datum;
}

/* The event's amount when it gives one, else what the order was placed for; or "". */
static const char *order_amount(const struct seg_turn *turn, const struct seg_order *order)
{
	struct arena *arena = turn->step->arena;
	const Nurture__V1__Order *said = turn->event ? turn->event->order : NULL;
	struct err ignored; /* the event was read before */
	int64_t amount_e4 = order ? order->amount_e4 : 0;

	if (said && *said->amount)
		text_money_e4(slice_text(said->amount), &amount_e4, &ignored);
	if (amount_e4 == 0)
		return "";
	return money_text(amount_e4, arena_alloc(arena, MONEY_BYTES), MONEY_BYTES);
}

static const char *first_order_date(struct seg_turn *turn)
{
	struct civil_date date;
	int64_t ms_of_day;

	if (turn->facts.orders == 0)
		return "";
	date = zone_date(seg_zone(turn), turn->facts.first_ms, &ms_of_day);
	return arena_printf(turn->step->arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

/* What templates may say; names that they know are listed with them. */
static void collect_data(struct seg_turn *turn, const struct programme *programme,
			 struct data *data)
{
	const char *id = turn->change.order;
	const Nurture__V1__Feedback *feedback = turn->event ? turn->event->feedback : NULL;
	const struct seg_order *order = *id ? seg_order_find(turn->profile, id) : NULL;

	add(data, "order.id", id);
	if (*id)
		add(data, "order.amount", order_amount(turn, order));
	add(data, "coupon", programme->coupon);
	add(data, "orders", arena_printf(data->arena, "%" PRId64, turn->facts.orders));
	add(data, "first_order", first_order_date(turn));
	if (feedback && feedback->score)
		add(data, "score", arena_printf(data->arena, "%" PRId32, feedback->score));
}

/* Items come with some events of an order only; the profile keeps what it was mostly about. */
static const char *category_of(const struct seg_turn *turn, const struct programme *programme)
{
	const Nurture__V1__Order *said = turn->event ? turn->event->order : NULL;
	const struct seg_order *order;
	const char *category;

	if (strcmp(programme->category, "order") != 0)
		return programme->category;
	category = said ? seg_top_category(said->items, said->n_items) : "";
	if (*category || !*turn->change.order)
		return category;
	order = seg_order_find(turn->profile, turn->change.order);
	return order && order->top ? turn->profile->categories[order->top - 1].name : "";
}

int64_t seg_requests_emit(struct seg_turn *turn, const struct programme *programme,
			  const char *key, int64_t triggered_ms)
{
	struct data data = {.arena = turn->step->arena};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	collect_data(turn, programme, &data);
	request.programme = (char *)programme->name;
	request.message_class = (char *)turn->policy->classes[programme->message_class].name;
	request.category = (char *)category_of(turn, programme);
	request.priority = programme->priority;
	request.triggered_ms = triggered_ms;
	request.due_ms = triggered_ms + programme->wait_ms;
	request.expires_ms = request.due_ms + programme->expires_ms;
	request.holdout_permille = programme->holdout_permille;
	request.exempt = programme->exempt;
	request.data = data.items;
	request.n_data = data.count;
	request.owner = (char *)programme->owner;
	request.order = (char *)turn->change.order;
	for (unsigned i = 0; i < programme->action_count; i++) {
		const struct action *action = &programme->actions[i];
		char id[ID_TEXT_BYTES];

		request.channel = (char *)channel_text(action->channel);
		request.action = (char *)action->name;
		id_of_texts(id, programme->name, request.channel, action->name, turn->customer, key,
			    NULL);
		request.id = id;
		seg_emit_request(turn->step, &request);
	}
	return request.expires_ms;
}
