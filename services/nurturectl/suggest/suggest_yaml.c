/* suggest_yaml.c - the proposal as lines for a policy file; see suggest.h. */
#include <inttypes.h>

#include "common/base/civil.h"
#include "suggest_internal.h"
#include "services/nurturectl/outcomes/labels.h"

static void put_number(double value, struct buf *out)
{
	if (value == (double)(int64_t)value)
		buf_printf(out, "%" PRId64, (int64_t)value);
	else
		buf_printf(out, "%.2f", value);
}

/* Writes the text in double quotes: YAML reads JSON's texts, and no line can end inside one. */
static void put_text(const char *text, struct buf *out)
{
	buf_char(out, '"');
	for (const char *c = text; *c; c++)
		if (*c == '"' || *c == '\\')
			buf_printf(out, "\\%c", *c);
		else if ((unsigned char)*c < 0x20 || *c == 0x7f)
			buf_printf(out, "\\x%02x", (unsigned)*c);
		else
			buf_char(out, *c);
	buf_char(out, '"');
}

/* Writes "n=5,321: 10 % 3, 25 % 9, 50 % 25 [24..27], 75 % 60, 90 % 118". */
static void put_spread(const struct suggest_spread *spread, enum suggest_quantile decides,
		       struct buf *out)
{
	char text[40];

	buf_printf(out, "n=%s: ", label_number((int64_t)spread->n, text, sizeof(text)));
	for (int i = 0; i < SUGGEST_QS; i++) {
		buf_printf(out, "%s%.0f %% ", i ? ", " : "", suggest_quantiles[i] * 100);
		put_number(spread->at[i], out);
		if (i != (int)decides)
			continue;
		buf_text(out, " [");
		put_number(spread->low[i], out);
		buf_text(out, "..");
		put_number(spread->high[i], out);
		buf_char(out, ']');
	}
	buf_char(out, '\n');
}

static void put_evidence(const char *indent, const char *what, const struct suggest_spread *spread,
			 enum suggest_quantile decides, struct buf *out)
{
	buf_printf(out, "%s# %s, ", indent, what);
	put_spread(spread, decides, out);
}

static void put_too_few(const char *indent, const char *what, size_t n, struct buf *out)
{
	buf_printf(out, "%s# %s: not proposed, of only %zu one cannot say\n", indent, what, n);
}

static void put_head(const struct suggest *suggest, struct buf *out)
{
	char a[40], b[40], from[RFC3339_BYTES], to[RFC3339_BYTES];

	buf_printf(
	    out,
	    "# Learnt from %s customers' orders, %.10s to %.10s: the cadence of the %s happy "
	    "ones.\n"
	    "# Happy: ordered on at least %d different days%s.\n",
	    label_number((int64_t)suggest->customers, a, sizeof(a)),
	    rfc3339_text(suggest->first_ms, from), rfc3339_text(suggest->last_ms, to),
	    label_number((int64_t)suggest->happy, b, sizeof(b)), SUGGEST_VISITS_MIN,
	    suggest->knows_troubles
		? " and never cancelled, returned, was refunded or complained"
		: "; the file says nothing of cancellations, refunds or complaints");
	buf_text(
	    out,
	    "# Orders of one day are one visit, a gap is the days between two visits. In [] is "
	    "the 95 % interval\n"
	    "# of the quantile that decides. Who never came back is in no gap: take long gaps "
	    "for longer still.\n"
	    "# These lines are what people do by themselves. What mails change, only a holdout "
	    "can say.\n");
}

static void put_caps(const struct suggest *suggest, struct buf *out)
{
	double days, limit;
	bool has_gap = suggest_value(suggest, SUGGEST_MIN_GAP, &days);
	bool has_limit = suggest_value(suggest, SUGGEST_LIMIT, &limit);

	if (!has_gap && !has_limit)
		put_too_few("", "caps", suggest->usual.n, out);
	if (has_gap || has_limit)
		buf_text(out, "caps:\n");
	if (has_gap) {
		put_evidence("  ",
			     "nine of ten came back by themselves only after longer; gaps in days",
			     &suggest->gaps, SUGGEST_Q10, out);
		buf_printf(out, "  - {name: breathing-space, min_gap: %.0fd}\n", days);
	}
	if (has_limit) {
		put_evidence("  ",
			     "no more often than the quicker quarter comes; usual gap of each in "
			     "days",
			     &suggest->usual, SUGGEST_Q25, out);
		buf_printf(out, "  - {name: month, limit: %.0f, per: 30d}\n", limit);
	}
}

static void put_windows(const struct suggest *suggest, struct buf *out)
{
	size_t proposed = 0, few = 0;
	double days;

	for (size_t i = 0; i < suggest->category_count; i++)
		proposed += suggest_window(&suggest->categories[i], &days);
	if (proposed == 0) {
		buf_printf(out, "# just_bought: not proposed, %s\n",
			   suggest->category_count ? "no category was bought again often enough"
						   : "the file has no categories");
		return;
	}
	buf_text(out, "just_bought:\n  default: 90d  # as before: not learnt\n  categories:\n");
	for (size_t i = 0; i < suggest->category_count; i++) {
		const struct suggest_category *category = &suggest->categories[i];

		if (!suggest_window(category, &days)) {
			few++;
			continue;
		}
		put_evidence("    ", "until half have bought it again by themselves; days",
			     &category->again, SUGGEST_Q50, out);
		buf_text(out, "    ");
		put_text(category->name, out);
		buf_printf(out, ": %.0fd\n", days);
	}
	if (few)
		buf_printf(out,
			   "  # not proposed: %zu categories that fewer than %d bought again\n",
			   few, SUGGEST_SAMPLE_MIN);
}

static void put_slipping(const struct suggest *suggest, struct buf *out)
{
	double times, days;

	if (!suggest_value(suggest, SUGGEST_SLIPPING, &times)) {
		put_too_few("", "segments.slipping", suggest->ratios.n, out);
		return;
	}
	buf_text(out, "segments:\n");
	put_evidence("  ",
		     "nine of ten were back before; gaps as times of the person's usual one until "
		     "then",
		     &suggest->ratios, SUGGEST_Q90, out);
	buf_printf(
	    out, "  slipping: {orders: {at_least: %d}, days_since_order: {over_usual_gap: %.1f}}\n",
	    SUGGEST_VISITS_MIN, times);
	if (!suggest_value(suggest, SUGGEST_GONE, &days))
		return;
	put_evidence("  ", "the same without looking at the person: gaps in days", &suggest->gaps,
		     SUGGEST_Q90, out);
	buf_printf(out,
		   "  quiet-for-long: {orders: {at_least: %d}, days_since_order: {at_least: "
		   "%.0fd}}\n",
		   SUGGEST_VISITS_MIN, days);
}

static void put_feedback(const struct suggest *suggest, const struct policy *policy,
			 struct buf *out)
{
	double ask, again;

	if (!suggest_value(suggest, SUGGEST_ASK, &ask) ||
	    !suggest_value(suggest, SUGGEST_ASK_AGAIN, &again)) {
		put_too_few("", "feedback", suggest->usual.n, out);
		return;
	}
	buf_text(out, "feedback:\n");
	put_evidence("  ",
		     "asked half way to the next visit of the quicker quarter, asked again once in "
		     "a usual gap; days",
		     &suggest->usual, SUGGEST_Q50, out);
	buf_printf(out,
		   "  ask: {wait: %.0fd}\n  ladder: [{rung: rating}, {rung: review, gap: %.0fd}, "
		   "{rung: referral, gap: %.0fd}]\n",
		   ask, again, again);
	if (policy && !policy->feedback.off) {
		buf_text(out, "  class: ");
		put_text(policy->classes[policy->feedback.message_class].name, out);
		buf_char(out, '\n');
	}
}

static void put_categories(const struct suggest *suggest, struct buf *out)
{
	enum { SHOWN = 20 };
	size_t few = 0, shown = 0;

	if (suggest->category_count == 0)
		return;
	buf_text(out,
		 "# How soon they came for the second time, by what they bought first; days\n");
	for (size_t i = 0; i < suggest->category_count; i++) {
		const struct suggest_category *category = &suggest->categories[i];

		if (category->first.n < SUGGEST_SAMPLE_MIN || shown == SHOWN) {
			few++;
			continue;
		}
		shown++;
		buf_text(out, "#   ");
		put_text(category->name, out);
		buf_text(out, ": ");
		put_spread(&category->first, SUGGEST_Q50, out);
	}
	if (few)
		buf_printf(out, "#   and %zu more, most of them with fewer than %d customers\n",
			   few, SUGGEST_SAMPLE_MIN);
}

void suggest_yaml(const struct suggest *suggest, const struct policy *policy, struct buf *out)
{
	put_head(suggest, out);
	put_caps(suggest, out);
	put_windows(suggest, out);
	put_slipping(suggest, out);
	put_feedback(suggest, policy, out);
	put_categories(suggest, out);
}
