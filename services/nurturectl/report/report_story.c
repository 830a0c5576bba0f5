/* report_story.c - a customer's year in words, as a picture and as a list; see report_page.h. */
#include "report_page.h"
#include "timeline.h"
#include "services/nurturectl/outcomes/labels.h"

enum { LIST_ROWS = 200 };

void report_story_key(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	buf_text(out, "<p class=\"soft\">Dots are messages that were sent, rings those that were "
		      "not, triangles what people were asked to do, squares orders (empty: "
		      "cancelled or refunded). A line before a mark: held back so long. Point at a "
		      "mark to read it.</p>\n<div class=\"key\">");
	for (size_t i = 0; i < report->programme_count; i++) {
		const char *name = report->programmes[i].name;

		buf_printf(out, "<span><i style=\"background:var(--p%u)\"></i>",
			   report_colour(input->policy, name));
		html_text(out, name);
		buf_text(out, "</span>");
	}
	buf_text(out, "</div>\n");
}

static void put_held(const struct timeline *timeline, const struct book_row *row, struct buf *out)
{
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	const struct policy *policy = timeline->policy;
	struct buf words = BUF_MAX(1 << 20);
	char date[REPORT_DATE_BYTES];

	reason.rule = (char *)(uintptr_t)timeline->book->rules.texts[row->first_rule];
	reason.detail = (char *)(uintptr_t)row->detail;
	reason.count = row->count;
	reason.limit = row->limit;
	reason.window_s = row->window_s;
	buf_printf(out, "; held back since %s: ", report_date(policy, row->first_ms, date));
	words_reason(policy, &reason, &words);
	html_text(out, words.bytes ? words.bytes : "");
	buf_free(&words);
}

static void put_row(const struct timeline *timeline, const struct mark *mark, struct buf *out)
{
	const struct policy *policy = timeline->policy;
	char date[REPORT_DATE_BYTES];

	buf_printf(out, "<tr><td>%s</td><td class=\"l\">", report_date(policy, mark->at_ms, date));
	if (mark->order) {
		buf_printf(out, "%s</td><td class=\"l\">", order_kind_type(mark->order->kind));
		html_text(out, mark->order->amount);
	} else {
		html_text(out, timeline->book->programmes.texts[mark->row->programme]);
		buf_printf(out, "</td><td class=\"l\">%s",
			   mark->kind == MARK_WAITING ? "still waiting"
						      : words_status(mark->row->status));
		if (mark->row->deferrals)
			put_held(timeline, mark->row, out);
	}
	buf_text(out, "</td></tr>\n");
}

void report_timeline_totals(const struct timeline *timeline, struct buf *out)
{
	const size_t *counts = timeline->counts;

	buf_text(out, "<p class=\"soft\">");
	words_count((int64_t)timeline->placed, "order", "orders", out);
	if (counts[MARK_ORDER] > timeline->placed) {
		buf_text(out, ", ");
		words_count((int64_t)(counts[MARK_ORDER] - timeline->placed),
			    "cancellation or complaint", "cancellations, returns and complaints",
			    out);
	}
	buf_text(out, "; ");
	words_count((int64_t)counts[MARK_SAID], "message sent", "messages sent", out);
	buf_printf(out, ", %zu not sent", counts[MARK_UNSAID]);
	if (counts[MARK_WAITING])
		buf_printf(out, ", %zu waiting", counts[MARK_WAITING]);
	if (counts[MARK_TASK]) {
		buf_text(out, "; ");
		words_count((int64_t)counts[MARK_TASK], "task", "tasks", out);
		buf_text(out, " for people");
	}
	buf_text(out, ".</p>");
}

void report_timeline_list(const struct timeline *timeline, struct buf *out)
{
	buf_text(out, "<div class=\"scroll\"><table><tr><th>date</th><th class=\"l\">what</th>"
		      "<th class=\"l\">and then</th></tr>\n");
	for (size_t i = 0; i < timeline->count && i < LIST_ROWS; i++)
		put_row(timeline, &timeline->marks[i], out);
	buf_text(out, "</table></div>");
	if (timeline->count > LIST_ROWS)
		buf_printf(out, "<p class=\"soft\">and %zu more of this year</p>",
			   timeline->count - LIST_ROWS);
}

void report_story_html(const struct report_input *input, const struct report_story *story,
		       struct buf *out)
{
	struct timeline timeline;

	timeline_open(&timeline, input->policy, input->orders, input->with, story->customer->id);
	timeline_choose_year(&timeline, 1);
	buf_printf(out, "<div class=\"story\"><h3>%s: customer ", story->title);
	html_text(out, story->customer->id);
	buf_text(out, "</h3>");
	report_timeline_totals(&timeline, out);
	report_timeline_svg(&timeline, out);
	buf_text(out, "<details><summary>the same as a list</summary>");
	report_timeline_list(&timeline, out);
	buf_text(out, "</details></div>\n");
	timeline_close(&timeline);
}
