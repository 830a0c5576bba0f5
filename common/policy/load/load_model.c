/*
 * load_model.c - what was learnt of the customers: the file that `nurturectl fit` writes, or the
 * same written out in the policy.  common/forecast/forecast.h says what the numbers are.
 */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

#define NUMBER_MIN 1e-6
#define NUMBER_MAX 1e9
enum { RELATED_MAX = 256 };

/* One parameter: digits with a point and an exponent. */
static int load_number(const struct node *map, const char *key, double *ret, struct err *err)
{
	const struct node *node = node_get(map, key);
	char *end;
	double value;

	if (!node)
		return node_error(map, err, "%s is missing; expected a number", key);
	value = strtod(node->text, &end);
	if (!*node->text || node->text[strspn(node->text, "0123456789.e+-")] || *end ||
	    !(value >= NUMBER_MIN && value <= NUMBER_MAX))
		return node_error(node, err,
				  "expected a number from 0.000001 to 1000000000, found %s",
				  node_quoted(node->text).text);
	*ret = value;
	return 0;
}

static int load_orders(const struct node *node, struct forecast *model, struct err *err)
{
	static const struct field fields[] = {KEY("r"), KEY("alpha_days"), KEY("a"), KEY("b")};

	if (fields_read(node, fields, FIELDS_COUNT(fields), model, err) < 0 ||
	    load_number(node, "r", &model->r, err) < 0 ||
	    load_number(node, "alpha_days", &model->alpha, err) < 0 ||
	    load_number(node, "a", &model->a, err) < 0)
		return -1;
	return load_number(node, "b", &model->b, err);
}

static int load_values(const struct node *node, struct forecast *model, struct err *err)
{
	static const struct field fields[] = {KEY("p"), KEY("q"), KEY("v")};

	if (fields_read(node, fields, FIELDS_COUNT(fields), model, err) < 0 ||
	    load_number(node, "p", &model->p, err) < 0 ||
	    load_number(node, "q", &model->q, err) < 0 ||
	    load_number(node, "v", &model->v, err) < 0)
		return -1;
	if (model->q <= 1)
		return node_error(node, err, "q is not more than 1: such values have no mean");
	model->has_value = true;
	return 0;
}

static int load_cuts(const struct node *map, const char *key, bool is_money, int64_t *ret,
		     struct err *err)
{
	const struct node *list = node_get(map, key);

	if (!list)
		return node_error(map, err, "%s is missing; expected a list of %d", key, RFM_CUTS);
	if (node_expect_list(list, err) < 0)
		return -1;
	if (list->count != RFM_CUTS)
		return node_error(list, err, "%u entries; expected %d, where the fifths end",
				  list->count, RFM_CUTS);
	for (const struct node *child = list->first; child; child = child->next) {
		int64_t *cut = &ret[child->index];

		if ((is_money ? value_money(child, cut, err)
			      : value_int(child, 0, 1000000, cut, err)) < 0)
			return -1;
		if (child->index > 0 && *cut < cut[-1])
			return node_error(child, err, "less than the one before it");
	}
	return 0;
}

static int load_fifths(const struct node *node, struct forecast *model, struct err *err)
{
	static const struct field fields[] = {KEY("days"), KEY("orders"), KEY("spent")};

	if (fields_read(node, fields, FIELDS_COUNT(fields), model, err) < 0 ||
	    load_cuts(node, "days", false, model->rfm.days, err) < 0 ||
	    load_cuts(node, "orders", false, model->rfm.orders, err) < 0 ||
	    load_cuts(node, "spent", true, model->rfm.spent_e4, err) < 0)
		return -1;
	model->has_rfm = true;
	return 0;
}

/* From what it was learnt is for people, but amounts in another currency mislead. */
static int load_learnt(const struct loader *l, const struct node *node, struct err *err)
{
	static const struct field fields[] = {KEY("customers"), KEY("repeat_customers"),
					      KEY("from"), KEY("until"), KEY("currency")};
	const struct node *currency = node_get(node, "currency");
	const char *shops = l->policy->shop.currency;

	if (fields_read(node, fields, FIELDS_COUNT(fields), l->policy, err) < 0)
		return -1;
	if (currency && *shops && strcmp(currency->text, shops) != 0)
		return node_error(currency, err,
				  "learnt from amounts in %s; expected %s, as in shop",
				  node_quoted(currency->text).text, shops);
	return 0;
}

/* One that goes with a category; how sure that is stands there for people. */
static int load_other(const struct node *node, const char **ret, struct err *err)
{
	static const struct field fields[] = {KEY("category"), KEY("people"), KEY("lift"),
					      KEY("strength")};
	const struct node *category = node_get(node, "category");
	double number;

	if (fields_read(node, fields, FIELDS_COUNT(fields), (void *)ret, err) < 0)
		return -1;
	if (!category)
		return node_error(node, err, "category is missing; expected what goes with it");
	for (size_t i = 1; i < FIELDS_COUNT(fields); i++)
		if (load_number(node, fields[i].key, &number, err) < 0)
			return -1;
	return value_text(category, ret, err);
}

static int load_others(const struct node *list, struct forecast_related *ret, struct err *err)
{
	ret->category = list->key;
	if (strlen(list->key) > 200)
		return node_key_error(list, err, "expected a category of at most 200 bytes");
	if (node_expect_list(list, err) < 0)
		return -1;
	if (list->count > FORECAST_RELATED_MAX)
		return node_error(list, err, "%u entries; expected at most %d", list->count,
				  FORECAST_RELATED_MAX);
	for (const struct node *child = list->first; child; child = child->next)
		if (load_other(child, &ret->others[ret->count++], err) < 0)
			return -1;
	return 0;
}

static int load_related(struct loader *l, const struct node *node, struct forecast *model,
			struct err *err)
{
	struct forecast_related *related;

	if (node_expect_map(node, err) < 0)
		return -1;
	if (node->count > RELATED_MAX)
		return node_error(node, err, "%u categories; expected at most %d", node->count,
				  RELATED_MAX);
	related = arena_zalloc(l->arena, (node->count + 1) * sizeof(*related));
	for (const struct node *child = node->first; child; child = child->next)
		if (load_others(child, &related[child->index], err) < 0)
			return -1;
	model->related = related;
	model->related_count = node->count;
	return 0;
}

static int load_kind(const struct node *node, struct forecast *model, struct err *err)
{
	const char *kinds[FORECAST_KINDS];
	unsigned kind;

	for (int i = 0; i < FORECAST_KINDS; i++)
		kinds[i] = forecast_kind_text((enum forecast_kind)i);
	if (value_one_of(node, "kind", kinds, FORECAST_KINDS, &kind, err) < 0)
		return -1;
	model->kind = (enum forecast_kind)kind;
	return 0;
}

static int load_mapping(struct loader *l, const struct node *node, struct err *err)
{
	static const struct field fields[] = {
	    KEY("learnt"),
	    KEY("kind", .missing = "mbg-nbd or bg-nbd"),
	    KEY("orders", .missing = "{r: ..., alpha_days: ..., a: ..., b: ...}"),
	    KEY("value"),
	    KEY("related"),
	    KEY("rfm", .missing = "{days: [...], orders: [...], spent: [...]}"),
	};
	const struct node *learnt = node_get(node, "learnt"), *value = node_get(node, "value");
	const struct node *related = node_get(node, "related");
	struct forecast *model = arena_zalloc(l->arena, sizeof(*model));

	if (fields_read(node, fields, FIELDS_COUNT(fields), model, err) < 0 ||
	    (learnt && load_learnt(l, learnt, err) < 0) ||
	    load_kind(node_get(node, "kind"), model, err) < 0 ||
	    load_orders(node_get(node, "orders"), model, err) < 0 ||
	    (value && load_values(value, model, err) < 0) ||
	    (related && load_related(l, related, model, err) < 0) ||
	    load_fifths(node_get(node, "rfm"), model, err) < 0)
		return -1;
	l->policy->model = model;
	return 0;
}

/* The policy's hash stands for the model too: it stands on every outcome. */
static void join_hashes(const struct loader *l)
{
	char *hash = l->policy->hash, both[2 * sizeof(l->policy->hash)];

	snprintf(both, sizeof(both), "%s%016" PRIx64, hash, hash64(l->model->text));
	snprintf(hash, sizeof(l->policy->hash), "%016" PRIx64, hash64(slice_text(both)));
}

int policy_load_model(struct loader *l, const struct node *node, struct err *err)
{
	const struct node *root;
	const char *name;

	if (node->kind != NODE_TEXT)
		return load_mapping(l, node, err);
	if (value_name(node, &name, err) < 0)
		return -1;
	if (!l->model)
		return node_error(node, err, "%s stands beside the policy, and was not read",
				  node_quoted(name).text);
	if (document_read(l->model->text, l->model->file, l->arena, &root, err) < 0)
		return -1;
	join_hashes(l);
	return load_mapping(l, root, err);
}

void policy_model_name(struct slice text, char ret[POLICY_MODEL_NAME_MAX + 1])
{
	struct arena arena = {0};
	const struct node *root;
	const char *name = "";
	struct err ignored;

	if (document_read(text, "", &arena, &root, &ignored) == 0) {
		const struct node *node = node_get(root, "model");

		if (node && node->kind == NODE_TEXT && value_name(node, &name, &ignored) < 0)
			name = "";
	}
	snprintf(ret, POLICY_MODEL_NAME_MAX + 1, "%s", name);
	arena_free(&arena);
}
