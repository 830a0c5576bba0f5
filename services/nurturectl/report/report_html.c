/* report_html.c - the report as one page; see report_page.h. */
#include "common/template/page_set.h"
#include "report_page.h"
#include "services/nurturectl/outcomes/labels.h"

static void put_head(const struct report_input *input, const struct report *report,
		     struct model *page)
{
	const struct policy *policy = input->policy;

	model_text(page, "shop", policy->shop.name);
	report_put_count(page, "orders", (int64_t)input->orders->placed, "order", "orders");
	report_put_count(page, "customers", (int64_t)input->orders->customers, "customer",
			 "customers");
	report_put_date(page, "first_order", policy, report->first_ms);
	report_put_date(page, "last_order", policy, input->orders->last_placed_ms);
	model_flag(page, "is_real", input->outcomes_file != NULL);
	report_put_date(page, "end", policy, report->last_ms);
}

static void put_side(const struct report_side *side, const char *name, struct model *page)
{
	struct model inner = model_object(page->arena);

	report_put_number(&inner, "most_7d", (int64_t)side->most_7d);
	report_put_number(&inner, "most_30d", (int64_t)side->most_30d);
	report_put_number(&inner, "mails", (int64_t)side->mails);
	model_add(page, name, &inner);
}

static void put_numbers(const struct report *report, struct model *page)
{
	size_t wanted = report->requests - report->by_status[STATUS_TASK_CREATED];

	put_side(&report->with, "with", page);
	put_side(&report->without, "without", page);
	report_put_number(page, "wanted", (int64_t)wanted);
	report_put_number(page, "held", (int64_t)report->held);
	report_put_number(page, "requests", (int64_t)report->requests);
}

static void put_programmes(const struct report_input *input, const struct report *report,
			   struct model *page)
{
	struct model key = model_list(page->arena), all = model_list(page->arena);

	for (size_t i = 0; i < report->programme_count; i++) {
		const struct report_programme *programme = &report->programmes[i];
		const size_t counts[] = {programme->wanted, programme->heard,  programme->tasks,
					 programme->held,   programme->unsaid, programme->waiting};
		struct model one = model_object(page->arena), columns = model_list(page->arena);

		report_put_colour(&key, input->policy, programme->name);
		model_text(&one, "name", programme->name);
		model_text(&one, "message_class", programme->message_class);
		for (size_t k = 0; k < sizeof(counts) / sizeof(*counts); k++)
			report_put_number(&columns, "", (int64_t)counts[k]);
		model_add(&one, "counts", &columns);
		model_add(&all, "", &one);
	}
	model_add(page, "programme_key", &key);
	model_add(page, "programmes", &all);
}

static void put_balance(const struct report *report, struct model *page)
{
	struct model statuses = model_list(page->arena);
	size_t sum = 0;

	for (int status = 0; status < STATUS_COUNT; status++) {
		struct model one = model_object(page->arena);

		if (report->by_status[status] == 0)
			continue;
		sum += report->by_status[status];
		model_text(&one, "status",
			   status == STATUS_DEFERRED ? "still waiting"
						     : label_status((enum status)status));
		report_put_number(&one, "messages", (int64_t)report->by_status[status]);
		model_add(&statuses, "", &one);
	}
	model_add(page, "statuses", &statuses);
	report_put_number(page, "sum", (int64_t)sum);
	model_flag(page, "balances", sum == report->requests && report->ended_twice == 0);
}

static void put_assumed(const struct report_input *input, const struct report *report,
			struct model *page)
{
	struct model sentences = model_list(page->arena);
	const char *sentence;

	sentence = report_consent(input, report, page->arena);
	if (sentence)
		model_text(&sentences, "", sentence);
	for (unsigned i = 0; (sentence = report_assumed(input, i)); i++)
		model_text(&sentences, "", sentence);
	for (unsigned i = 0; (sentence = orders_note_sentence(input->orders, i, page->arena)); i++)
		model_text(&sentences, "", sentence);
	model_add(page, "assumed", &sentences);
	if (input->orders->nameless)
		report_put_number(page, "nameless", (int64_t)input->orders->nameless);
	model_text(page, "orders_file", input->orders_file);
	model_text(page, "outcomes_file", input->outcomes_file);
	model_text(page, "policy_hash", input->policy->hash);
}

void report_html(const struct report_input *input, const struct report *report, struct buf *out)
{
	struct arena arena = {0};
	struct model page = model_object(&arena);

	put_head(input, report, &page);
	put_numbers(report, &page);
	report_put_busy(report, &page);
	report_put_rules(input, report, &page);
	report_put_weeks(input, report, &page);
	report_put_stories(input, report, &page);
	put_programmes(input, report, &page);
	put_balance(report, &page);
	put_assumed(input, report, &page);
	page_render_embedded("deploy/pages/tools/", "report", &page, out);
	arena_free(&arena);
}
