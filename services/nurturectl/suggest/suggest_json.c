/* suggest_json.c - the cadence and the proposal as JSON; see suggest.h. */
#include "common/codec/json.h"
#include "suggest_internal.h"

static void put_number(const char *key, double value, struct buf *out)
{
	json_put_key(out, key);
	buf_printf(out, "%.10g", value);
}

static void put_spread(const char *key, const struct suggest_spread *spread, struct buf *out)
{
	static const char *const names[SUGGEST_QS] = {"p10", "p25", "p50", "p75", "p90"};

	json_put_key(out, key);
	buf_char(out, '{');
	put_number("n", (double)spread->n, out);
	for (int i = 0; spread->n && i < SUGGEST_QS; i++) {
		json_put_key(out, names[i]);
		buf_printf(out, "{\"at\":%.10g,\"low\":%.10g,\"high\":%.10g}", spread->at[i],
			   spread->low[i], spread->high[i]);
	}
	buf_char(out, '}');
}

static void put_categories(const struct suggest *suggest, struct buf *out)
{
	json_put_key(out, "categories");
	buf_char(out, '[');
	for (size_t i = 0; i < suggest->category_count; i++) {
		const struct suggest_category *category = &suggest->categories[i];
		double days;

		buf_text(out, i ? ",{" : "{");
		json_put_key(out, "category");
		json_put_text(out, slice_text(category->name));
		put_spread("days_to_second_visit", &category->first, out);
		put_spread("days_to_same_category", &category->again, out);
		if (suggest_window(category, &days))
			put_number("just_bought_days", days, out);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void put_proposal(const struct suggest *suggest, struct buf *out)
{
	static const char *const names[SUGGEST_LINES] = {
	    [SUGGEST_MIN_GAP] = "min_gap_days",
	    [SUGGEST_LIMIT] = "limit_per_30_days",
	    [SUGGEST_SLIPPING] = "slipping_over_usual_gap",
	    [SUGGEST_GONE] = "slipping_after_days",
	    [SUGGEST_ASK] = "feedback_wait_days",
	    [SUGGEST_ASK_AGAIN] = "ask_again_after_days"};

	json_put_key(out, "proposed"); /* without what the sample is too small for */
	buf_char(out, '{');
	for (int line = 0; line < SUGGEST_LINES; line++) {
		double value;

		if (suggest_value(suggest, (enum suggest_line)line, &value))
			put_number(names[line], value, out);
	}
	buf_char(out, '}');
}

void suggest_json(const struct suggest *suggest, struct buf *out)
{
	buf_char(out, '{');
	put_number("customers", (double)suggest->customers, out);
	put_number("happy", (double)suggest->happy, out);
	put_number("visits", (double)suggest->visits, out);
	json_put_key(out, "knows_troubles");
	buf_text(out, suggest->knows_troubles ? "true" : "false");
	json_put_time(out, "from", suggest->first_ms);
	json_put_time(out, "to", suggest->last_ms);
	put_spread("gap_days", &suggest->gaps, out);
	put_spread("usual_gap_days", &suggest->usual, out);
	put_spread("gap_over_usual", &suggest->ratios, out);
	put_categories(suggest, out);
	put_proposal(suggest, out);
	buf_text(out, "}\n");
}
