/* report_story.c - a customer's year in words, as a picture and as a list; see report_page.h. */
#include "report_page.h"
#include "timeline.h"
#include "services/nurturectl/outcomes/labels.h"

enum { LIST_ROWS = 200 };

static void put_held(const struct timeline *timeline, const struct outcome_row *row,
		     struct buf *out)
{
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	const struct policy *policy = timeline->policy;
	char date[REPORT_DATE_BYTES];

	reason.rule = (char *)(uintptr_t)timeline->table->rules.texts[row->first_rule];
	reason.detail = (char *)(uintptr_t)row->detail;
	reason.count = row->count;
	reason.limit = row->limit;
	reason.window_s = row->window_s;
	buf_printf(out, "; held back since %s: ", report_date(policy, row->first_ms, date));
	label_reason(policy, &reason, out);
}

static void put_row(const struct timeline *timeline, const struct mark *mark, struct model *rows)
{
	struct model row = model_object(rows->arena);
	struct buf then = BUF_MAX(1 << 20);

	report_put_date(&row, "date", timeline->policy, mark->at_ms);
	if (mark->order) {
		model_text(&row, "what", order_event_type(mark->order));
		buf_text(&then, mark->order->amount);
	} else {
		model_text(&row, "what", timeline->table->programmes.texts[mark->row->programme]);
		buf_text(&then, mark->kind == MARK_WAITING ? "still waiting"
							   : label_status(mark->row->status));
		if (mark->row->deferrals)
			put_held(timeline, mark->row, &then);
	}
	model_buf(&row, "then", &then);
	model_add(rows, "", &row);
}

/* "3 orders; 5 messages sent, 1 not sent." */
static void put_totals(const struct timeline *timeline, struct model *story)
{
	const size_t *counts = timeline->counts;
	struct buf out = BUF_MAX(4096);

	label_count((int64_t)timeline->placed, "order", "orders", &out);
	if (counts[MARK_ORDER] > timeline->placed) {
		buf_text(&out, ", ");
		label_count((int64_t)(counts[MARK_ORDER] - timeline->placed),
			    "cancellation or complaint", "cancellations, returns and complaints",
			    &out);
	}
	buf_text(&out, "; ");
	label_count((int64_t)counts[MARK_SAID], "message sent", "messages sent", &out);
	buf_printf(&out, ", %zu not sent", counts[MARK_UNSAID]);
	if (counts[MARK_WAITING])
		buf_printf(&out, ", %zu waiting", counts[MARK_WAITING]);
	if (counts[MARK_TASK]) {
		buf_text(&out, "; ");
		label_count((int64_t)counts[MARK_TASK], "task", "tasks", &out);
		buf_text(&out, " for people");
	}
	buf_text(&out, ".");
	model_buf(story, "totals", &out);
}

void report_put_timeline_list(const struct timeline *timeline, struct model *model)
{
	struct model rows = model_list(model->arena);

	for (size_t i = 0; i < timeline->count && i < LIST_ROWS; i++)
		put_row(timeline, &timeline->marks[i], &rows);
	model_add(model, "rows", &rows);
	if (timeline->count > LIST_ROWS)
		model_printf(model, "more", "%zu", timeline->count - LIST_ROWS);
}

void report_put_stories(const struct report_input *input, const struct report *report,
			struct model *page)
{
	struct model stories = model_list(page->arena);

	for (size_t i = 0; i < report->story_count; i++) {
		const struct report_story *story = &report->stories[i];
		struct model one = model_object(page->arena);
		struct timeline timeline;

		timeline_open(&timeline, input->policy, input->lives, input->with, story->customer);
		timeline_choose_year(&timeline, 1);
		model_text(&one, "title", story->title);
		model_text(&one, "customer", story->customer);
		put_totals(&timeline, &one);
		report_put_timeline(&timeline, &one);
		report_put_timeline_list(&timeline, &one);
		model_add(&stories, "", &one);
		timeline_close(&timeline);
	}
	model_add(page, "stories", &stories);
}
