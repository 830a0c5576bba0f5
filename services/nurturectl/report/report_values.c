/* report_values.c - numbers, dates and lengths as the pages of reports show them; see
 * report_page.h. */
#include "report_page.h"

#include "services/nurturectl/outcomes/labels.h"

void report_put_number(struct model *model, const char *name, int64_t number)
{
	char text[40];

	model_text(model, name, arena_text(model->arena, label_number(number, text, sizeof(text))));
}

void report_put_count(struct model *model, const char *name, int64_t number, const char *one,
		      const char *many)
{
	struct buf text = BUF_MAX(4096);

	label_count(number, one, many, &text);
	model_buf(model, name, &text);
}

void report_put_date(struct model *model, const char *name, const struct policy *policy,
		     int64_t time_ms)
{
	char text[REPORT_DATE_BYTES];

	model_text(model, name, arena_text(model->arena, report_date(policy, time_ms, text)));
}

void report_put_length(struct model *model, const char *name, double length)
{
	model_printf(model, name, "%.1f", length);
}

void report_put_axis_date(struct model *dates, const struct policy *policy, int64_t time_ms,
			  double x, bool is_first, bool is_last)
{
	struct model one = model_object(dates->arena);

	report_put_length(&one, "x", x);
	model_text(&one, "anchor", is_first ? "start" : is_last ? "end" : "middle");
	report_put_date(&one, "date", policy, time_ms);
	model_add(dates, "", &one);
}

void report_put_colour(struct model *key, const struct policy *policy, const char *programme)
{
	struct model one = model_object(key->arena);

	model_printf(&one, "colour", "%u", report_colour(policy, programme));
	model_text(&one, "name", programme);
	model_add(key, "", &one);
}
