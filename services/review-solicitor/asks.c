/* asks.c - see asks.h. */
#include "asks.h"

#include "common/base/civil.h"
#include "common/policy/desk.h"
#include "common/policy/mail_words.h"
#include "common/policy/rung.h"
#include "services/review-solicitor/pages/token.h"
#include "step.h"
#include "wire.h"

enum { TASK_PRIORITY = 90, SCORE_MAX = 5, DATA_MAX = 8 };

struct data {
	Nurture__V1__Datum datum[DATA_MAX];
	Nurture__V1__Datum *list[DATA_MAX];
	size_t count;
};

static void data_add(struct data *data, const char *name, const char *value)
{
	Nurture__V1__Datum *datum = &data->datum[data->count];

	nurture__v1__datum__init(datum);
	datum->name = (char *)name;
	datum->value = (char *)value;
	data->list[data->count++] = datum;
}

static const struct solicitor *solicitor_of(const struct step *step)
{
	return step->context;
}

static const struct feedback *rules_of(const struct step *step)
{
	return &solicitor_of(step)->policy->feedback;
}

static const char *customer_of(const struct step *step)
{
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

static const char *order_name(const char *order)
{
	return order[0] == SOL_NO_ORDER[0] ? "" : order;
}

const char *sol_first_rung(const struct feedback *rules)
{
	return rules->rung_count ? rules->ladder[0].name : rung_text(RUNG_RATING);
}

void sol_ask_id(char id[ID_TEXT_BYTES], const char *what, const char *customer, const char *order)
{
	id_of_texts(id, SOL_PROGRAMME, what, customer, order, NULL);
}

/* asked_as: the customer under whom it is asked, when that is not the step's own. */
static char *id_text(const struct step *step, const char *what, const char *order,
		     const char *asked_as)
{
	char *id = arena_alloc(step->arena, ID_TEXT_BYTES);

	sol_ask_id(id, what, asked_as && *asked_as ? asked_as : customer_of(step), order);
	return id;
}

static const char *reminder_name(const struct step *step, unsigned reminder)
{
	if (!reminder)
		return sol_first_rung(rules_of(step));
	return arena_printf(step->arena, "reminder:%u", reminder);
}

static Nurture__V1__Request request_of(const struct step *step, const char *what, const char *order,
				       const char *asked_as)
{
	const struct solicitor *sol = solicitor_of(step);
	const struct feedback *rules = &sol->policy->feedback;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = id_text(step, what, order, asked_as);
	request.programme = SOL_PROGRAMME;
	request.message_class = (char *)sol->policy->classes[rules->message_class].name;
	request.channel = (char *)channel_text(CHANNEL_EMAIL);
	request.priority = rules->priority;
	request.due_ms = step->now_ms;
	request.expires_ms = step->now_ms + rules->expires_ms;
	request.owner = (char *)rules->owner;
	request.order = (char *)order_name(order);
	return request;
}

static void emit(struct step *step, Nurture__V1__Request *request, struct data *data)
{
	request->data = data->list;
	request->n_data = data->count;
	step_emit(step, SOL_ASKS, sol_request_encode(request, step->now_ms, step->arena));
}

/* The same for everybody: what a mail shows does not depend on any score. */
static void add_links(const struct step *step, struct data *data, const char *order,
		      const char *rung)
{
	const struct solicitor *sol = solicitor_of(step);
	struct sol_token token = {customer_of(step), order_name(order), rung};

	data_add(data, mail_words[MAIL_ORDER_ID], order_name(order));
	/* Templates add the score: five more links would be half of what an ask weighs. */
	data_add(data, mail_words[MAIL_PAGE],
		 arena_printf(step->arena, "%s/f/%s", sol->policy->shop.public_url,
			      sol_token_make(&token, sol->token_key, step->arena)));
	data_add(data, mail_words[MAIL_PUBLIC_LINK], sol->policy->feedback.public_link);
}

void sol_emit_ask(struct step *step, const struct sol_order *order)
{
	const struct feedback *rules = rules_of(step);
	unsigned reminder = order->reminders;
	const char *rung = sol_first_rung(rules), *what = reminder_name(step, reminder);
	Nurture__V1__Request request = request_of(step, what, order->id, order->asked_as);
	struct data data = {.count = 0};

	request.triggered_ms = order->delivered_ms;
	request.action = arena_printf(step->arena, "feedback-%s", reminder ? "reminder" : rung);
	request.on_open_case = NURTURE__V1__ON_OPEN_CASE__WAITS;
	request.rung = (char *)rung;
	request.reminder = reminder;
	if (reminder) {
		request.follows =
		    id_text(step, reminder_name(step, reminder - 1), order->id, order->asked_as);
		request.follow_after_ms = rules->remind_after_ms;
	}
	add_links(step, &data, order->id, rung);
	emit(step, &request, &data);
}

void sol_emit_rung(struct step *step, const char *rung, const char *order, int64_t triggered_ms)
{
	Nurture__V1__Request request = request_of(step, rung, order, NULL);
	struct data data = {.count = 0};

	request.triggered_ms = triggered_ms;
	request.action = arena_printf(step->arena, "feedback-%s", rung);
	request.on_open_case = NURTURE__V1__ON_OPEN_CASE__WAITS;
	request.rung = (char *)rung;
	add_links(step, &data, order, rung);
	emit(step, &request, &data);
}

void sol_emit_task(struct step *step, const char *order, int score, const char *comment,
		   int64_t triggered_ms)
{
	Nurture__V1__Request request = request_of(step, "low", order, NULL);
	struct data data = {.count = 0};

	request.channel = (char *)channel_text(CHANNEL_TASK);
	request.action = (char *)rules_of(step)->low_task;
	request.priority = TASK_PRIORITY;
	request.outlives_order = true;
	/* Somebody is owed it: neither a case nor a holdout keeps it back. */
	request.on_open_case = NURTURE__V1__ON_OPEN_CASE__GOES;
	request.always = true;
	request.triggered_ms = triggered_ms;
	request.expires_ms = step->now_ms + LOW_TASK_EXPIRES_MS;
	data_add(&data, "order.id", order_name(order));
	data_add(&data, "score", arena_printf(step->arena, "%d", score));
	data_add(&data, "comment", comment);
	emit(step, &request, &data);
}

void sol_emit_cancel(struct step *step, const char *what, const char *order, const char *asked_as,
		     const char *reason)
{
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;

	cancel.request = id_text(step, what, order, asked_as);
	cancel.reason = (char *)reason;
	step_emit(step, SOL_ASKS, sol_cancel_encode(&cancel, step->now_ms, step->arena));
}

void sol_emit_cancel_order(struct step *step, const char *order, const char *reason)
{
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;

	/* Other programmes may go on about a cancelled order; that is for their rules to say. */
	cancel.programme = SOL_PROGRAMME;
	cancel.order = (char *)order;
	cancel.reason = (char *)reason;
	step_emit(step, SOL_ASKS, sol_cancel_encode(&cancel, step->now_ms, step->arena));
}
