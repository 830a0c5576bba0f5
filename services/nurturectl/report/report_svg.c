/* report_svg.c - where the marks of the report's three pictures of everybody are; see
 * report_page.h.  The heights and margins stand in report.mustache too. */
#include <math.h>

#include "report_page.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	WIDTH = 1000,
	/* how much a customer hears */
	BUSY_BASE = 190,
	BUSY_TOP = 26,
	/* rules */
	RULE_ROW = 46,
	/* weeks */
	WEEKS_LEFT = 60,
	WEEKS_TOP = 16,
	WEEKS_BASE = 216,
};

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* One of a pair of columns with its number on top; a column that is there is never invisible. */
static void put_column(double x, double width, size_t value, size_t most, const char *class,
		       struct model *columns)
{
	double height = sqrt((double)value / (double)most) * (BUSY_BASE - BUSY_TOP);
	struct model one = model_object(columns->arena);

	if (value > 0 && height < 2)
		height = 2;
	report_put_length(&one, "x", x);
	report_put_length(&one, "y", BUSY_BASE - height);
	report_put_length(&one, "width", width);
	if (value > 0)
		report_put_length(&one, "height", height);
	model_text(&one, "class", class);
	report_put_length(&one, "text_x", x + width / 2);
	report_put_length(&one, "text_y", BUSY_BASE - height - 6);
	report_put_number(&one, "customers", (int64_t)value);
	model_add(columns, "", &one);
}

static void put_busy_label(struct model *week, int bar)
{
	if (bar == 0)
		model_printf(week, "messages", "%d or more", REPORT_WEEK_BARS);
	else
		model_printf(week, "messages", "%d message%s", bar, bar == 1 ? "" : "s");
}

void report_put_busy(const struct report *report, struct model *page)
{
	const struct report_side *with = &report->with, *without = &report->without;
	double step = (double)WIDTH / REPORT_WEEK_BARS, width = step * 0.36;
	struct model busy = model_object(page->arena), weeks = model_list(page->arena);
	size_t most = 1;

	for (int i = 0; i < REPORT_WEEK_BARS; i++)
		most = larger(most, larger(with->busy[i], without->busy[i]));
	for (int i = 0; i < REPORT_WEEK_BARS; i++) {
		int bar = (i + 1) % REPORT_WEEK_BARS; /* [0], the more, stands last */
		double x = step * i + step * 0.12;
		struct model week = model_object(page->arena), columns = model_list(page->arena);

		put_column(x, width, with->busy[bar], most, "with", &columns);
		put_column(x + width + step * 0.04, width, without->busy[bar], most, "without",
			   &columns);
		model_add(&week, "columns", &columns);
		report_put_length(&week, "x", step * i + step / 2);
		put_busy_label(&week, bar);
		model_add(&weeks, "", &week);
	}
	model_add(&busy, "weeks", &weeks);
	model_add(page, "busy", &busy);
}

/* What became of the messages that a rule held back, side by side; returns where they end. */
static double put_rule_bars(const struct report_rule *rule, int y, double scale, struct model *row)
{
	const struct {
		size_t count;
		const char *class;
	} pieces[] = {{rule->later, "with"}, {rule->ended, "never"}, {rule->waiting, "wait"}};
	struct model bars = model_list(row->arena);
	double x = 0;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		double width = (double)pieces[i].count * scale;
		struct model one = model_object(row->arena);

		if (pieces[i].count == 0)
			continue;
		width = width < 2 ? 2 : width;
		report_put_length(&one, "x", x);
		report_put_length(&one, "y", y + 19);
		report_put_length(&one, "width", width);
		model_text(&one, "class", pieces[i].class);
		model_add(&bars, "", &one);
		x += width + 1;
	}
	model_add(row, "bars", &bars);
	return x;
}

static void put_rule(const struct report_input *input, const struct report_rule *rule, int y,
		     double scale, struct model *rows)
{
	struct model row = model_object(rows->arena);
	struct buf words = BUF_MAX(4096);

	label_rule(input->policy, rule->rule, &words);
	model_buf(&row, "name", &words);
	model_printf(&row, "name_y", "%d", y + 12);
	report_put_length(&row, "note_x", put_rule_bars(rule, y, scale, &row) + 8);
	model_printf(&row, "note_y", "%d", y + 31);
	report_put_count(&row, "messages", (int64_t)rule->requests, "message", "messages");
	report_put_number(&row, "later", (int64_t)rule->later);
	report_put_number(&row, "never", (int64_t)rule->ended);
	if (rule->waiting)
		report_put_number(&row, "waiting", (int64_t)rule->waiting);
	model_add(rows, "", &row);
}

void report_put_rules(const struct report_input *input, const struct report *report,
		      struct model *page)
{
	size_t most = report->rule_count ? larger(report->rules[0].requests, 1) : 1;
	struct model rules = model_object(page->arena), rows = model_list(page->arena);

	for (size_t i = 0; i < report->rule_count; i++)
		put_rule(input, &report->rules[i], (int)i * RULE_ROW, 600.0 / (double)most, &rows);
	model_printf(&rules, "height", "%d", (int)report->rule_count * RULE_ROW + 4);
	model_add(&rules, "rows", &rows);
	model_add(page, "rules", &rules);
}

static double week_x(const struct report *report, size_t week)
{
	size_t last = report->weeks > 1 ? report->weeks - 1 : 1;

	return WEEKS_LEFT + (double)week / (double)last * (WIDTH - WEEKS_LEFT - 4);
}

static double week_y(size_t value, size_t most)
{
	return WEEKS_BASE - (double)value / (double)most * (WEEKS_BASE - WEEKS_TOP);
}

static void put_line(const struct report *report, const size_t *by_week, size_t most,
		     const char *name, struct model *weeks)
{
	struct buf points = BUF_MAX(1 << 20);

	for (size_t i = 0; i < report->weeks; i++)
		buf_printf(&points, "%.1f,%.1f ", week_x(report, i), week_y(by_week[i], most));
	model_buf(weeks, name, &points);
}

/* 1, 2 or 5 times a power of ten, so that about four lines fit. */
static size_t nice_step(size_t most)
{
	size_t step = 1;

	while (step * 10 <= most / 4)
		step *= 10;
	if (step * 5 <= most / 4)
		return step * 5;
	return step * 2 <= most / 4 ? step * 2 : step;
}

static void put_grid(size_t most, struct model *weeks)
{
	struct model grid = model_list(weeks->arena);
	size_t step = nice_step(most);

	for (size_t value = 0; value <= most; value += step) {
		double y = week_y(value, most);
		struct model line = model_object(weeks->arena);

		report_put_length(&line, "y", y);
		report_put_length(&line, "text_y", y + 4);
		report_put_number(&line, "messages", (int64_t)value);
		model_add(&grid, "", &line);
	}
	model_add(weeks, "grid", &grid);
}

static void put_dates(const struct report_input *input, const struct report *report,
		      struct model *weeks)
{
	size_t labels = report->weeks < 6 ? report->weeks : 6;
	struct model dates = model_list(weeks->arena);

	for (size_t i = 0; i < labels; i++) {
		size_t week = labels > 1 ? i * (report->weeks - 1) / (labels - 1) : 0;

		report_put_axis_date(&dates, input->policy,
				     report->first_ms + (int64_t)week * 7 * DAY_MS,
				     week_x(report, week), i == 0, i == labels - 1);
	}
	model_add(weeks, "dates", &dates);
}

void report_put_weeks(const struct report_input *input, const struct report *report,
		      struct model *page)
{
	struct model weeks = model_object(page->arena);
	size_t most = 1;

	for (size_t i = 0; i < report->weeks; i++)
		most = larger(most, larger(report->with.by_week[i], report->without.by_week[i]));
	put_grid(most, &weeks);
	put_line(report, report->without.by_week, most, "points_without", &weeks);
	put_line(report, report->with.by_week, most, "points_with", &weeks);
	put_dates(input, report, &weeks);
	model_add(page, "weeks", &weeks);
}
