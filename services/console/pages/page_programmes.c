/* page_programmes.c - what became of what each programme wanted, and what is planned. */
#include <inttypes.h>
#include <math.h>

#include "common/message/outcome.h"
#include "page_model.h"

/* The columns of the table: which ends each has. */
static int64_t said_of(const struct view_programme *one)
{
	return one->outcomes[STATUS_SENT] + one->outcomes[STATUS_TASK_CREATED] +
	       one->outcomes[STATUS_PERMITTED];
}

static int64_t ends_of(const struct view_programme *one)
{
	int64_t ends = 0;

	for (int status = 0; status < STATUS_COUNT; status++)
		if (status != STATUS_DEFERRED && status != STATUS_RELEASED)
			ends += one->outcomes[status];
	return ends;
}

static void add_number(struct model *model, const char *name, int64_t number)
{
	model_printf(model, name, "%" PRId64, number);
}

static void add_programme(const struct view_programme *one, struct model *list)
{
	struct model model = model_object(list->arena);
	int64_t ends = ends_of(one), said = said_of(one);
	int64_t displaced = one->outcomes[STATUS_DISPLACED];
	int64_t no_consent = one->outcomes[STATUS_NO_CONSENT];
	int64_t holdout = one->outcomes[STATUS_HOLDOUT];

	model_text(&model, "programme", one->name);
	model_text(&model, "owner", one->owner);
	add_number(&model, "wanted", ends + one->waiting);
	add_number(&model, "said", said);
	add_number(&model, "waits", one->waiting);
	add_number(&model, "displaced", displaced);
	add_number(&model, "no_consent", no_consent);
	add_number(&model, "holdout", holdout);
	add_number(&model, "others", ends - said - displaced - no_consent - holdout);
	add_number(&model, "deferred", one->outcomes[STATUS_DEFERRED]);
	model_add(list, "", &model);
}

static void add_days(const struct con_page *page, struct model *model)
{
	struct model days = model_list(model->arena);

	for (int i = 0; i < VIEW_PLAN_DAYS; i++) {
		struct civil_date date = civil_from_days(page->now_ms / DAY_MS + i);
		struct model day = model_object(model->arena);

		model_printf(&day, "day", "%02d-%02d", date.month, date.day);
		model_add(&days, "", &day);
	}
	model_add(model, "days", &days);
}

static bool add_planned(const struct view_programme *one, struct model *list)
{
	struct model model = model_object(list->arena), counts = model_list(list->arena);
	bool has_any = false;

	for (int i = 0; i < VIEW_PLAN_DAYS; i++) {
		struct model count = model_object(list->arena);

		add_number(&count, "count", one->planned[i]);
		model_add(&counts, "", &count);
		has_any |= one->planned[i] > 0;
	}
	if (!has_any)
		return false;
	model_text(&model, "programme", one->name);
	model_add(&model, "counts", &counts);
	model_add(list, "", &model);
	return true;
}

static void add_caps(const struct con_page *page, struct model *model)
{
	struct model caps = model_list(model->arena);

	for (unsigned i = 0; i < page->policy->cap_count; i++) {
		const struct cap *cap = &page->policy->caps[i];
		struct model values = model_object(model->arena), one = model_object(model->arena);

		model_text(&values, "cap", cap->name);
		add_number(&values, "limit", cap->limit);
		model_text(&values, "window",
			   con_window(page, cap->window_ms / SECOND_MS, model->arena));
		model_text(&one, "line",
			   words_fill(con_say(page, "cap-line"), &values, model->arena));
		model_add(&caps, "", &one);
	}
	model_add(model, "caps", &caps);
}

static const char *interval_of(const struct con_page *page, const struct view_lift *lift,
			       struct arena *arena)
{
	struct model values = model_object(arena);

	if (isnan(lift->low))
		return con_say(page, "lift-unsure");
	model_printf(&values, "low", "%+.3f", lift->low);
	model_printf(&values, "high", "%+.3f", lift->high);
	return words_fill(con_say(page, "lift-interval"), &values, arena);
}

static const char *name_of(const struct con_page *page, const struct view_lift *lift,
			   struct arena *arena)
{
	struct model values = model_object(arena);

	if (!lift->variant[0])
		return lift->programme;
	model_text(&values, "programme", lift->programme);
	model_text(&values, "variant", lift->variant);
	return words_fill(con_say(page, "lift-of-variant"), &values, arena);
}

static void add_lifts(const struct con_page *page, const struct view_lifts *lifts,
		      struct model *model)
{
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < lifts->count; i++) {
		const struct view_lift *lift = &lifts->items[i];
		struct model one = model_object(model->arena);

		model_text(&one, "programme", name_of(page, lift, model->arena));
		add_number(&one, "people", lift->people);
		add_number(&one, "held", lift->held);
		model_printf(&one, "mean", "%.3f", lift->mean);
		model_printf(&one, "mean_held", "%.3f", lift->mean_held);
		model_printf(&one, "difference", "%+.3f", lift->lift);
		model_text(&one, "interval", interval_of(page, lift, model->arena));
		model_add(&list, "", &one);
	}
	model_flag(model, "has_lifts", lifts->count > 0);
	model_add(model, "lifts", &list);
}

void con_page_programmes(const struct con_page *page, const struct view_programmes *programmes,
			 const struct view_lifts *lifts)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_programmes", &arena);
	struct model list = model_list(&arena), planned = model_list(&arena);
	bool has_planned = false;

	model_printf(&model, "window", "%d", CON_PROGRAMME_DAYS);
	model_printf(&model, "lift_days", "%d", VIEW_LIFT_DAYS);
	model_text(&model, "policy", page->policy->hash);
	for (size_t i = 0; i < programmes->count; i++) {
		add_programme(&programmes->items[i], &list);
		has_planned |= add_planned(&programmes->items[i], &planned);
	}
	model_flag(&model, "has_programmes", programmes->count > 0);
	model_add(&model, "programmes", &list);
	model_flag(&model, "has_planned", has_planned);
	model_add(&model, "planned", &planned);
	add_days(page, &model);
	add_lifts(page, lifts, &model);
	add_caps(page, &model);
	con_model_render(page, "programmes", &model);
	arena_free(&arena);
}
