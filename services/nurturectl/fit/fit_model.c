/* fit_model.c - writes the model file; common/policy/load/load_model.c reads it. */
#include "common/base/money.h"
#include "common/codec/json.h"
#include "fit.h"

static void put_number(const char *key, double value, struct buf *out)
{
	json_put_key(out, key);
	buf_printf(out, "%.10g", value);
}

static void put_counts(const char *key, const int64_t *cuts, struct buf *out)
{
	json_put_key(out, key);
	for (int i = 0; i < RFM_CUTS; i++)
		buf_printf(out, "%s%lld", i ? "," : "[", (long long)cuts[i]);
	buf_char(out, ']');
}

/* Sums below nothing (refunds of orders that the file does not have) are in the first fifth. */
static void put_sums(const char *key, const int64_t *cuts, struct buf *out)
{
	json_put_key(out, key);
	for (int i = 0; i < RFM_CUTS; i++) {
		int64_t sum_e4 = cuts[i] > 0 ? cuts[i] : 0;

		buf_printf(out, "%s\"%lld.%04lld\"", i ? "," : "[", (long long)(sum_e4 / 10000),
			   (long long)(sum_e4 % 10000));
	}
	buf_char(out, ']');
}

static void put_learnt(const struct fit_lives *lives, const char *currency, struct buf *out)
{
	json_put_key(out, "learnt");
	buf_char(out, '{');
	put_number("customers", (double)lives->count, out);
	put_number("repeat_customers", (double)lives->repeaters, out);
	json_put_time(out, "from", lives->first_ms);
	json_put_time(out, "until", lives->learnt_ms);
	if (*currency) {
		json_put_key(out, "currency");
		json_put_text(out, slice_text(currency));
	}
	buf_text(out, "}\n");
}

static void put_other(const struct fit_related *related, uint32_t category, uint32_t other,
		      struct buf *out)
{
	struct fit_pair pair = fit_pair_of(related, category, other);

	buf_char(out, '{');
	json_put_key(out, "category");
	json_put_text(out, slice_text(related->names.texts[other]));
	put_number("people", pair.together, out);
	put_number("lift", fit_pair_lift(&pair), out);
	put_number("strength", fit_pair_strength(&pair), out);
	buf_char(out, '}');
}

static void put_related(const struct fit_related *related, struct buf *out)
{
	bool is_first = true;

	for (uint32_t category = 0; category < related->names.count; category++) {
		uint32_t others[FORECAST_RELATED_MAX];
		unsigned count = fit_related_of(related, category, others);

		if (count == 0)
			continue;
		buf_text(out, is_first ? "\n,\"related\":{" : ",");
		is_first = false;
		json_put_text(out, slice_text(related->names.texts[category]));
		for (unsigned i = 0; i < count; i++) {
			buf_text(out, i ? "," : ":[");
			put_other(related, category, others[i], out);
		}
		buf_char(out, ']');
	}
	buf_text(out, is_first ? "" : "}");
}

void fit_put_model(const struct fit_lives *lives, const struct forecast *model,
		   const char *currency, struct buf *out)
{
	buf_char(out, '{');
	put_learnt(lives, currency, out);
	json_put_key(out, "kind");
	json_put_text(out, slice_text(forecast_kind_text(model->kind)));
	buf_char(out, '\n');
	json_put_key(out, "orders");
	buf_char(out, '{');
	put_number("r", model->r, out);
	put_number("alpha_days", model->alpha, out);
	put_number("a", model->a, out);
	put_number("b", model->b, out);
	buf_char(out, '}');
	if (model->has_value) {
		buf_char(out, '\n');
		json_put_key(out, "value");
		buf_char(out, '{');
		put_number("p", model->p, out);
		put_number("q", model->q, out);
		put_number("v", model->v, out);
		buf_char(out, '}');
	}
	buf_char(out, '\n');
	json_put_key(out, "rfm");
	buf_char(out, '{');
	put_counts("days", model->rfm.days, out);
	put_counts("orders", model->rfm.orders, out);
	put_sums("spent", model->rfm.spent_e4, out);
	buf_char(out, '}');
	if (lives->related)
		put_related(lives->related, out);
	buf_text(out, "}\n");
}
