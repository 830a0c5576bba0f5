/*
 * report_timeline.c - one customer's year as a picture: what was said, what
 * was not, what people were asked to do, and the orders; see report_page.h.
 */
#include "report_page.h"
#include "timeline.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	WIDTH = 1000,
	LEFT = 76,  /* for the lanes' names */
	RIGHT = 56, /* for the last name and amount */
	AXIS_Y = 202,
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
	return timeline->book->programmes.texts[mark->row->programme];
}

/* "win-back: not sent: its time ran out, 3 March 2026" */
static void put_tip(const struct timeline *timeline, const struct mark *mark, struct buf *out)
{
	char date[REPORT_DATE_BYTES];

	buf_text(out, "<title>");
	if (mark->order) {
		buf_printf(out, "%s ", order_kind_type(mark->order->kind));
		html_text(out, mark->order->amount);
	} else {
		html_text(out, programme_of(timeline, mark));
		buf_printf(out, ": %s",
			   mark->kind == MARK_WAITING ? "still waiting"
						      : words_status(mark->row->status));
	}
	buf_printf(out, ", %s</title>", report_date(timeline->policy, mark->at_ms, date));
}

/* From when it was first held back. */
static void put_wait(const struct timeline *timeline, const struct mark *mark, unsigned colour,
		     struct buf *out)
{
	double x = x_of(timeline, mark->at_ms);
	double from = x_of(timeline, mark->row->first_ms);
	int y = lane_y[mark->kind];

	if (x - from > 3)
		buf_printf(
		    out,
		    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"var(--p%u)\" "
		    "stroke-width=\"2\" opacity=\".45\"/>\n",
		    from, x, y, y, colour);
}

static void put_message(const struct timeline *timeline, const struct mark *mark, struct buf *out)
{
	unsigned colour = report_colour(timeline->policy, programme_of(timeline, mark));
	double x = x_of(timeline, mark->at_ms);
	int y = lane_y[mark->kind];

	put_wait(timeline, mark, colour, out);
	if (mark->kind == MARK_TASK)
		buf_printf(out, "<path d=\"M%.1f %d l5 9 h-10z\" fill=\"var(--p%u)\">", x, y - 5,
			   colour);
	else if (mark->kind == MARK_SAID)
		buf_printf(out, "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"var(--p%u)\">", x, y,
			   colour);
	else
		buf_printf(out,
			   "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"var(--card)\" "
			   "stroke=\"var(--p%u)\" stroke-width=\"2\">",
			   x, y, colour);
	put_tip(timeline, mark, out);
	buf_printf(out, "</%s>\n", mark->kind == MARK_TASK ? "path" : "circle");
}

static void put_order(const struct timeline *timeline, const struct mark *mark, struct buf *out)
{
	bool is_placed = mark->order->kind == ORDER_PLACED;
	double x = x_of(timeline, mark->at_ms);

	buf_printf(out,
		   "<rect x=\"%.1f\" y=\"%d\" width=\"8\" height=\"8\" fill=\"%s\" "
		   "stroke=\"var(--ink)\">",
		   x - 4, lane_y[MARK_ORDER] - 4, is_placed ? "var(--ink)" : "var(--card)");
	put_tip(timeline, mark, out);
	buf_text(out, "</rect>\n");
}

/* The name of a message, the amount of an order: where there is room. */
static void put_label(const struct timeline *timeline, const struct mark *mark, double *label_x,
		      struct buf *out)
{
	double x = x_of(timeline, mark->at_ms), gap = mark->order ? AMOUNT_GAP : NAME_GAP;
	int y = lane_y[mark->kind];

	if (x < *label_x + gap)
		return;
	*label_x = x;
	if (mark->order) {
		buf_printf(out, "<text x=\"%.1f\" y=\"%d\" class=\"t\">", x - 4, y + 18);
		html_text(out, mark->order->amount);
	} else {
		buf_printf(out,
			   "<text x=\"%.1f\" y=\"%d\" class=\"t\" "
			   "transform=\"rotate(-45 %.1f %d)\">",
			   x + 2, y - 10, x + 2, y - 10);
		html_text(out, programme_of(timeline, mark));
	}
	buf_text(out, "</text>\n");
}

static void put_labels(const struct timeline *timeline, struct buf *out)
{
	double name_x = -WIDTH, amount_x = -WIDTH;

	for (size_t i = 0; i < timeline->count; i++) {
		const struct mark *mark = &timeline->marks[i];

		if (mark->order && timeline->counts[MARK_ORDER] <= NAMES_MAX)
			put_label(timeline, mark, &amount_x, out);
		else if (mark->kind == MARK_SAID && timeline->counts[MARK_SAID] <= NAMES_MAX)
			put_label(timeline, mark, &name_x, out);
	}
}

static void put_axis(const struct timeline *timeline, struct buf *out)
{
	const struct policy *policy = timeline->policy;
	char date[REPORT_DATE_BYTES];

	for (int kind = 0; kind < MARK_WAITING; kind++)
		buf_printf(out,
			   "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" class=\"grid\"/>"
			   "<text x=\"0\" y=\"%d\" class=\"s\">%s</text>\n",
			   LEFT, WIDTH, lane_y[kind], lane_y[kind], lane_y[kind] + 4,
			   lane_names[kind]);
	for (int i = 0; i <= 4; i++) {
		int64_t at_ms = timeline->from_ms + (timeline->to_ms - timeline->from_ms) * i / 4;

		buf_printf(out,
			   "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" class=\"s\">%s</text>\n",
			   x_of(timeline, at_ms), AXIS_Y + 10,
			   i == 0   ? "start"
			   : i == 4 ? "end"
				    : "middle",
			   report_date(policy, at_ms, date));
	}
}

void report_timeline_svg(const struct timeline *timeline, struct buf *out)
{
	/* Without names the room for them is not needed. */
	int top = timeline->counts[MARK_SAID] > NAMES_MAX ? 80 : 0;

	buf_printf(out, "<svg viewBox=\"0 %d %d %d\" role=\"img\" aria-label=\"timeline\">\n", top,
		   WIDTH, HEIGHT - top);
	put_axis(timeline, out);
	for (size_t i = 0; i < timeline->count; i++) {
		if (timeline->marks[i].order)
			put_order(timeline, &timeline->marks[i], out);
		else
			put_message(timeline, &timeline->marks[i], out);
	}
	put_labels(timeline, out);
	buf_text(out, "</svg>\n");
}
