/*
 * report_timeline.c - where the marks of one customer's year are: what was said, what
 * was not, what people were asked to do, and the orders; see report_page.h.
 */
#include "report_page.h"
#include "timeline.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	WIDTH = 1000,
	LEFT = 76,  /* for the lanes' names */
	RIGHT = 56, /* for the last name and amount */
	HEIGHT = 220,
	COLOURS = 8,
	NAMES_MAX = 45, /* with more of them nobody can read the slanted names */
	NAME_GAP = 13,
	AMOUNT_GAP = 56,
};

static const int lane_y[MARK_KINDS] = {[MARK_ORDER] = 168,
				       [MARK_SAID] = 100,
				       [MARK_TASK] = 146,
				       [MARK_UNSAID] = 124,
				       [MARK_WAITING] = 124};

static const char *const lane_names[MARK_KINDS] = {[MARK_ORDER] = "orders",
						   [MARK_SAID] = "sent",
						   [MARK_TASK] = "for people",
						   [MARK_UNSAID] = "not sent"};

static double x_of(const struct timeline *timeline, int64_t at_ms)
{
	int64_t from_ms = timeline->from_ms, span_ms = timeline->to_ms - from_ms;

	if (at_ms < from_ms)
		at_ms = from_ms;
	return LEFT + (double)(at_ms - from_ms) / (double)span_ms * (WIDTH - LEFT - RIGHT);
}

unsigned report_colour(const struct policy *policy, const char *programme)
{
	for (unsigned i = 0; i < policy->programme_count; i++)
		if (strcmp(policy->programmes[i].name, programme) == 0)
			return (i + 1) % COLOURS;
	return 0;
}

static const char *programme_of(const struct timeline *timeline, const struct mark *mark)
{
	return timeline->table->programmes.texts[mark->row->programme];
}

/* "win-back: not sent: its time ran out, 3 March 2026" */
static void put_tip(const struct timeline *timeline, const struct mark *mark, struct model *shape)
{
	char date[REPORT_DATE_BYTES];
	struct buf tip = BUF_MAX(4096);

	if (mark->order)
		buf_printf(&tip, "%s %s", order_event_type(mark->order), mark->order->amount);
	else
		buf_printf(&tip, "%s: %s", programme_of(timeline, mark),
			   mark->kind == MARK_WAITING ? "still waiting"
						      : label_status(mark->row->status));
	buf_printf(&tip, ", %s", report_date(timeline->policy, mark->at_ms, date));
	model_buf(shape, "tip", &tip);
}

/* Draws the wait, from the time when the message was first held back. */
static void put_wait(const struct timeline *timeline, const struct mark *mark, unsigned colour,
		     struct model *out)
{
	double x = x_of(timeline, mark->at_ms);
	double from = x_of(timeline, mark->row->first_ms);
	struct model wait = model_object(out->arena);

	if (x - from <= 3)
		return;
	report_put_length(&wait, "from", from);
	report_put_length(&wait, "to", x);
	model_printf(&wait, "y", "%d", lane_y[mark->kind]);
	model_printf(&wait, "colour", "%u", colour);
	model_add(out, "wait", &wait);
}

static void put_message(const struct timeline *timeline, const struct mark *mark, struct model *out)
{
	unsigned colour = report_colour(timeline->policy, programme_of(timeline, mark));
	struct model shape = model_object(out->arena);
	int y = lane_y[mark->kind];

	put_wait(timeline, mark, colour, out);
	report_put_length(&shape, "x", x_of(timeline, mark->at_ms));
	model_printf(&shape, "y", "%d", mark->kind == MARK_TASK ? y - 5 : y);
	model_printf(&shape, "colour", "%u", colour);
	put_tip(timeline, mark, &shape);
	model_add(out,
		  mark->kind == MARK_TASK   ? "task"
		  : mark->kind == MARK_SAID ? "sent"
					    : "unsent",
		  &shape);
}

static void put_order(const struct timeline *timeline, const struct mark *mark, struct model *out)
{
	struct model shape = model_object(out->arena);

	report_put_length(&shape, "x", x_of(timeline, mark->at_ms) - 4);
	model_printf(&shape, "y", "%d", lane_y[MARK_ORDER] - 4);
	model_text(&shape, "fill", mark->order->kind == ORDER_PLACED ? "ink" : "card");
	put_tip(timeline, mark, &shape);
	model_add(out, "order", &shape);
}

/* Puts the name of a message, or the amount of an order, where there is room. */
static void put_label(const struct timeline *timeline, const struct mark *mark, double *label_x,
		      struct model *labels)
{
	double x = x_of(timeline, mark->at_ms), gap = mark->order ? AMOUNT_GAP : NAME_GAP;
	struct model label = model_object(labels->arena);
	int y = lane_y[mark->kind];

	if (x < *label_x + gap)
		return;
	*label_x = x;
	report_put_length(&label, "x", mark->order ? x - 4 : x + 2);
	model_printf(&label, "y", "%d", mark->order ? y + 18 : y - 10);
	model_flag(&label, "is_slanted", !mark->order);
	model_text(&label, "text",
		   mark->order ? mark->order->amount : programme_of(timeline, mark));
	model_add(labels, "", &label);
}

static void put_labels(const struct timeline *timeline, struct model *model)
{
	double name_x = -WIDTH, amount_x = -WIDTH;
	struct model labels = model_list(model->arena);

	for (size_t i = 0; i < timeline->count; i++) {
		const struct mark *mark = &timeline->marks[i];

		if (mark->order && timeline->counts[MARK_ORDER] <= NAMES_MAX)
			put_label(timeline, mark, &amount_x, &labels);
		else if (mark->kind == MARK_SAID && timeline->counts[MARK_SAID] <= NAMES_MAX)
			put_label(timeline, mark, &name_x, &labels);
	}
	model_add(model, "labels", &labels);
}

static void put_axis(const struct timeline *timeline, struct model *model)
{
	struct model lanes = model_list(model->arena), dates = model_list(model->arena);

	for (int kind = 0; kind < MARK_WAITING; kind++) {
		struct model lane = model_object(model->arena);

		model_printf(&lane, "y", "%d", lane_y[kind]);
		model_printf(&lane, "text_y", "%d", lane_y[kind] + 4);
		model_text(&lane, "name", lane_names[kind]);
		model_add(&lanes, "", &lane);
	}
	for (int i = 0; i <= 4; i++) {
		int64_t at_ms = timeline->from_ms + (timeline->to_ms - timeline->from_ms) * i / 4;

		report_put_axis_date(&dates, timeline->policy, at_ms, x_of(timeline, at_ms), i == 0,
				     i == 4);
	}
	model_add(model, "lanes", &lanes);
	model_add(model, "dates", &dates);
}

void report_put_timeline(const struct timeline *timeline, struct model *model)
{
	/* Without names the room for them is not needed. */
	int top = timeline->counts[MARK_SAID] > NAMES_MAX ? 80 : 0;
	struct model marks = model_list(model->arena);

	model_printf(model, "top", "%d", top);
	model_printf(model, "height", "%d", HEIGHT - top);
	put_axis(timeline, model);
	for (size_t i = 0; i < timeline->count; i++) {
		struct model one = model_object(model->arena);

		if (timeline->marks[i].order)
			put_order(timeline, &timeline->marks[i], &one);
		else
			put_message(timeline, &timeline->marks[i], &one);
		model_add(&marks, "", &one);
	}
	model_add(model, "marks", &marks);
	put_labels(timeline, model);
}
