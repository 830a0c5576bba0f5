/* page_moment.c - one line of a time line: what happened, what was decided and why. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/message/outcome.h"
#include "common/policy/event_type.h"
#include "page_model.h"

#define DOT " · "

enum { RULES_SHOWN = 6 };

/* What is shown of a moment, whatever it is. */
struct line {
	const char *kind; /* the key of a word */
	const char *title, *words;
	struct buf detail;
	bool is_bad;
};

static const char *fill_rule(const struct con_page *page, const char *key, const char *rule,
			     const struct con_why *why, struct arena *arena)
{
	struct model values = model_object(arena);

	model_text(&values, "rule", rule);
	model_printf(&values, "count", "%" PRId64, why->count);
	model_printf(&values, "limit", "%" PRId64, why->limit);
	model_text(&values, "window", con_window(page, why->window_s, arena));
	return words_fill(con_say(page, key), &values, arena);
}

static const char *say_rule(const struct con_page *page, const char *rule,
			    const struct con_why *why, struct arena *arena)
{
	static const char inbox[] = "inbox:";
	const char *known;

	if (strncmp(rule, inbox, sizeof(inbox) - 1) == 0)
		return con_said(page, "r-inbox", "rule",
				say_rule(page, rule + sizeof(inbox) - 1, why, arena), arena);
	known = con_say(page, arena_printf(arena, "r-%s", rule));
	if (*known)
		return known;
	return fill_rule(page, why->window_s > 0 ? "r-count" : "r-cap", rule, why, arena);
}

void con_join_why(const struct con_page *page, const struct con_why *why, struct arena *arena,
		  struct buf *out)
{
	con_join(out, DOT, *why->rule ? say_rule(page, why->rule, why, arena) : "");
	con_join(out, DOT,
		 *why->winner ? con_said(page, "won-by", "winner", why->winner, arena) : "");
	con_join(out, DOT,
		 why->eligible_ms > 0 ? con_said(page, "eligible", "when",
						 con_time(page, why->eligible_ms, arena), arena)
				      : "");
	con_join(out, DOT, why->detail);
}

static void join_by(const struct con_page *page, const char *by, struct arena *arena,
		    struct buf *out)
{
	con_join(out, DOT, *by ? con_said(page, "by", "by", by, arena) : "");
}

static void join_order(const Nurture__V1__Order *order, struct arena *arena, struct buf *out)
{
	con_join(out, DOT, order->id);
	if (*order->amount)
		con_join(out, DOT, arena_printf(arena, "%s %s", order->amount, order->currency));
	for (size_t i = 0; i < order->n_items && i < 5; i++)
		con_join(out, DOT,
			 *order->items[i]->name ? order->items[i]->name : order->items[i]->sku);
}

/* What a person has agreed to, or not any more: "+promotion", "-care". */
static void join_consent(const Nurture__V1__Customer *customer, struct arena *arena,
			 struct buf *out)
{
	for (size_t i = 0; i < customer->n_consent; i++)
		con_join(out, DOT,
			 arena_printf(arena, "%s%s", customer->consent[i]->given ? "+" : "−",
				      customer->consent[i]->message_class));
}

static void join_references(const Nurture__V1__Event *event, struct buf *out)
{
	if (event->case_) {
		con_join(out, DOT, event->case_->id);
		con_join(out, DOT, event->case_->order);
	}
	if (event->message) {
		con_join(out, DOT, event->message->programme);
		con_join(out, DOT, event->message->message_class);
		con_join(out, DOT, event->message->kind);
		con_join(out, DOT, event->message->detail);
	}
	if (event->coupon)
		con_join(out, DOT, event->coupon->code);
	if (event->merge)
		con_join(out, DOT, event->merge->into);
}

static void join_people(const struct con_page *page, const Nurture__V1__Event *event,
			struct arena *arena, struct buf *out)
{
	const Nurture__V1__Preferences *wishes = event->preferences;

	if (event->interaction) {
		con_join(out, DOT, con_say_of(page, "note", event->interaction->channel, arena));
		con_join(out, DOT, con_say_of(page, "note", event->interaction->direction, arena));
	}
	if (wishes && wishes->paused_until_ms > page->now_ms)
		con_join(out, DOT,
			 con_said(page, "card-paused", "until",
				  con_time(page, wishes->paused_until_ms, arena), arena));
	if (event->task && event->task->until_ms)
		con_join(out, DOT,
			 con_said(page, "task-asleep", "until",
				  con_time(page, event->task->until_ms, arena), arena));
	join_by(page, event->task && *event->task->by ? event->task->by : event->by, arena, out);
}

/* "no_answer · rang twice" */
static const char *words_of_task(const Nurture__V1__TaskRef *task, struct arena *arena)
{
	if (*task->result && *task->note)
		return arena_printf(arena, "%s · %s", task->result, task->note);
	return *task->result ? task->result : task->note;
}

static const char *words_of(const Nurture__V1__Event *event, struct arena *arena)
{
	if (event->feedback && *event->feedback->comment)
		return event->feedback->comment;
	if (event->interaction && *event->interaction->words)
		return event->interaction->words;
	if (event->task && (*event->task->result || *event->task->note))
		return words_of_task(event->task, arena);
	return event->case_ ? event->case_->reason : "";
}

static void show_event(const struct con_page *page, const Nurture__V1__Event *event,
		       struct arena *arena, struct line *line)
{
	const Nurture__V1__Feedback *feedback = event->feedback;

	line->kind = "kind-event";
	line->title = con_say_of(page, "e", event->type, arena);
	line->words = words_of(event, arena);
	if (feedback && feedback->score) {
		line->title = arena_printf(arena, "%s: %d/5", line->title, feedback->score);
		line->is_bad = feedback->score <= con_low_score(page->policy);
	}
	if (feedback)
		con_join(&line->detail, DOT, feedback->order);
	if (event->order)
		join_order(event->order, arena, &line->detail);
	if (event->customer)
		join_consent(event->customer, arena, &line->detail);
	join_references(event, &line->detail);
	join_people(page, event, arena, &line->detail);
}

/* What set a request off, and whose it is: the answer to "why did I get this?". */
static void join_cause(const struct con_page *page, const Nurture__V1__Outcome *outcome,
		       struct arena *arena, struct buf *out)
{
	if (strcmp(outcome->template_, outcome->programme) != 0)
		con_join(out, DOT, outcome->template_);
	con_join(out, DOT,
		 outcome->triggered_ms > 0
		     ? con_said(page, "triggered", "when",
				con_time(page, outcome->triggered_ms, arena), arena)
		     : "");
	con_join(out, DOT,
		 *outcome->order ? con_said(page, "found-by-order", "order", outcome->order, arena)
				 : "");
	con_join(out, DOT, outcome->coupon);
	con_join(out, DOT,
		 *outcome->owner ? con_said(page, "for-team", "owner", outcome->owner, arena) : "");
}

/* The caps that were asked, and how much of each was used: why it was allowed. */
static void join_asked(const struct con_page *page, const Nurture__V1__Outcome *outcome,
		       struct arena *arena, struct buf *out)
{
	for (size_t i = 0; i < outcome->n_rules && i < RULES_SHOWN; i++) {
		const Nurture__V1__Trial *rule = outcome->rules[i];

		con_join(out, DOT,
			 say_rule(page, rule->rule,
				  &(struct con_why){.rule = rule->rule,
						    .count = rule->count,
						    .limit = rule->limit,
						    .window_s = rule->window_s},
				  arena));
	}
}

static void show_outcome(const struct con_page *page, const struct view_moment *moment,
			 struct arena *arena, struct line *line)
{
	const Nurture__V1__Outcome *outcome = moment->outcome;
	const Nurture__V1__Reason *reason = outcome->reason;
	const char *key = arena_printf(arena, "o-%s", outcome->status);

	line->kind = "kind-decision";
	line->title = *con_say(page, key)
			  ? con_said(page, key, "programme", outcome->programme, arena)
			  : arena_printf(arena, "%s: %s", outcome->status, outcome->programme);
	join_cause(page, outcome, arena, &line->detail);
	if (!reason)
		join_asked(page, outcome, arena, &line->detail);
	if (reason)
		con_join_why(page,
			     &(struct con_why){.rule = reason->rule,
					       .winner = moment->winner ? moment->winner : "",
					       .detail = reason->detail,
					       .count = reason->count,
					       .limit = reason->limit,
					       .window_s = reason->window_s,
					       .eligible_ms = reason->eligible_at_ms},
			     arena, &line->detail);
}

static void show_end(const struct con_page *page, const Nurture__V1__End *end, struct arena *arena,
		     struct line *line)
{
	line->kind = "kind-task";
	line->title = con_said(page, arena_printf(arena, "end-%s", end->status), "action",
			       end->action, arena);
	line->words = end->result;
	line->is_bad = strcmp(end->status, "expired") == 0;
	con_join(&line->detail, DOT, end->owner);
	con_join(&line->detail, DOT, end->reason);
	join_by(page, end->by, arena, &line->detail);
}

static void show_notice(const struct con_page *page, const Nurture__V1__Notice *notice,
			struct arena *arena, struct line *line)
{
	struct model values = model_object(arena);

	model_text(&values, "to", notice->to);
	model_text(&values, "action", notice->action);
	line->kind = "kind-task";
	line->title =
	    words_fill(con_say(page, arena_printf(arena, "n-%s", notice->kind)), &values, arena);
	line->is_bad = strcmp(notice->kind, "reminder") != 0;
	con_join(&line->detail, DOT, notice->programme);
	if (notice->due_ms)
		con_join(
		    &line->detail, DOT,
		    con_said(page, "due", "due", con_time(page, notice->due_ms, arena), arena));
	join_by(page, notice->by, arena, &line->detail);
}

static struct line line_of(const struct con_page *page, const struct view_moment *moment,
			   struct arena *arena)
{
	struct line line = {.kind = "kind-event", .title = "", .words = ""};

	if (moment->event)
		show_event(page, moment->event, arena, &line);
	else if (moment->outcome)
		show_outcome(page, moment, arena, &line);
	else if (moment->end)
		show_end(page, moment->end, arena, &line);
	else if (moment->notice)
		show_notice(page, moment->notice, arena, &line);
	return line;
}

void con_add_moment(const struct con_page *page, const struct view_moment *moment, const char *who,
		    const char *own_id, struct model *list)
{
	struct arena *arena = list->arena;
	struct line line = line_of(page, moment, arena);
	struct model one = model_object(arena);
	char at[RFC3339_BYTES];
	bool is_own = *own_id != '\0';

	model_flag(&one, "is_bad", line.is_bad);
	model_text(&one, "url", is_own ? "" : con_person_url(page, moment->customer, arena));
	model_text(&one, "who", *who ? who : moment->customer);
	model_text(&one, "title", line.title);
	model_text(&one, "at", arena_text(arena, rfc3339_text(moment->at_ms, at)));
	model_text(&one, "when", con_time(page, moment->at_ms, arena));
	model_text(&one, "kind", con_say(page, line.kind));
	model_text(&one, "other_id",
		   is_own && strcmp(own_id, moment->customer) != 0 ? moment->customer : "");
	model_text(&one, "words_said", line.words);
	con_join(&line.detail, DOT, "");
	con_model_joined(&one, "detail", &line.detail);
	model_add(list, "", &one);
}
