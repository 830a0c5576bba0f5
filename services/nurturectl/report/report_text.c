/* report_text.c - the report on a terminal; see report_page.h. */
#include <inttypes.h>
#include <stdio.h>

#include "report_internal.h"
#include "report_page.h"
#include "services/nurturectl/outcomes/labels.h"

static const char *number(int64_t value, char text[32])
{
	return label_number(value, text, 32);
}

const char *report_date(const struct policy *policy, int64_t time_ms, char text[REPORT_DATE_BYTES])
{
	static const char *const months[] = {"January",   "February", "March",    "April",
					     "May",       "June",     "July",     "August",
					     "September", "October",  "November", "December"};
	int64_t of_day;
	struct civil_date date = zone_date(policy->shop_zone, time_ms, &of_day);

	snprintf(text, REPORT_DATE_BYTES, "%d %s %d", date.day, months[date.month - 1], date.year);
	return text;
}

const char *report_assumed(const struct report_input *input, unsigned index)
{
	const struct orders_assumed *assumed = &input->orders->assumed;
	bool has_guests = input->orders->nameless > 0;
	bool has_events = input->orders->lines != NULL;
	const struct {
		bool is_used;
		const char *text;
	} all[] = {
	    {assumed->consent, "Every customer has agreed to every kind of message: the file of "
			       "orders does not say. Live, nobody has, until a source says so."},
	    {assumed->address, "Every customer can be reached by e-mail, under an address made "
			       "from the customer number: the file has none."},
	    {assumed->midnight, "Orders without a time of day were placed at midnight in the "
				"shop's time zone."},
	    {has_guests, "Rows without a customer are left out: nobody can be written to."},
	    {assumed->delivery, "Every order was delivered, a fixed time after it was placed."},
	    {!assumed->delivery, "Only deliveries that are in the file count. Messages that wait "
				 "for a delivery need --delivered-after if there are none."},
	    {!input->outcomes_file && !has_events,
	     "The mail server takes every message at once, and nobody clicks, complains or "
	     "answers."},
	    {!input->outcomes_file && has_events,
	     "The mail server takes every message at once; what people and servers did is what "
	     "the file of events says."},
	    {true, "\"Without caps\" is the same orders and the same policy, with all caps, gaps "
		   "and the ceiling switched off, simulated."},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].is_used && index-- == 0)
			return all[i].text;
	return NULL;
}

static void put_head(const struct report_input *input, const struct report *report, struct buf *out)
{
	char first[REPORT_DATE_BYTES], last[REPORT_DATE_BYTES], end[REPORT_DATE_BYTES];

	buf_printf(out, "%s: ", input->policy->shop.name);
	label_count((int64_t)input->orders->placed, "order", "orders", out);
	buf_text(out, " of ");
	label_count((int64_t)input->orders->customers, "customer", "customers", out);
	buf_printf(out, ", %s to %s; %s to %s\n",
		   report_date(input->policy, report->first_ms, first),
		   report_date(input->policy, input->orders->last_placed_ms, last),
		   input->outcomes_file ? "outcomes" : "simulated",
		   report_date(input->policy, report->last_ms, end));
}

static void put_programmes(const struct report *report, struct buf *out)
{
	char text[32];

	buf_printf(out,
		   "\nWHAT THE PROGRAMMES WANTED TO SAY\n  %-22s %10s %10s %10s %10s %10s %10s\n",
		   "", "wanted", "said", "to people", "held back", "not said", "waiting");
	for (size_t i = 0; i < report->programme_count; i++) {
		const struct report_programme *programme = &report->programmes[i];
		const size_t columns[] = {programme->wanted, programme->heard,  programme->tasks,
					  programme->held,   programme->unsaid, programme->waiting};

		buf_printf(out, "  %-22s", programme->name);
		for (size_t k = 0; k < sizeof(columns) / sizeof(*columns); k++)
			buf_printf(out, " %10s", number((int64_t)columns[k], text));
		buf_char(out, '\n');
	}
}

static void put_rules(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	char text[32], later[32], ended[32];

	buf_printf(out, "\nWHAT WAS HELD BACK, AND WHY: %s of %s messages, at least once\n",
		   number((int64_t)report->held, text), number((int64_t)report->requests, later));
	for (size_t i = 0; i < report->rule_count; i++) {
		const struct report_rule *rule = &report->rules[i];

		buf_printf(out, "  %10s  ", number((int64_t)rule->requests, text));
		label_rule(input->policy, rule->rule, out);
		buf_printf(out, "\n              then %s went out, %s did not",
			   number((int64_t)rule->later, later),
			   number((int64_t)rule->ended, ended));
		if (rule->waiting)
			buf_printf(out, ", %s wait", number((int64_t)rule->waiting, text));
		buf_char(out, '\n');
	}
}

static void put_most(const char *what, size_t with, const char *who, size_t without,
		     struct buf *out)
{
	buf_printf(out, "  most in any %s: %zu", what, with);
	if (who)
		buf_printf(out, " (customer %s)", who);
	buf_printf(out, "; without caps it would have been %zu\n", without);
}

static void put_sides(const struct report *report, struct buf *out)
{
	char with[32], without[32];

	buf_text(out, "\nHOW MUCH ANYONE HEARD\n");
	put_most("7 days", report->with.most_7d, report->with.who_7d, report->without.most_7d, out);
	put_most("30 days", report->with.most_30d, report->with.who_30d, report->without.most_30d,
		 out);
	buf_printf(out, "  messages in all: %s; without caps %s\n",
		   number((int64_t)report->with.mails, with),
		   number((int64_t)report->without.mails, without));
	buf_printf(out, "  customers who heard anything: %s; without caps %s\n",
		   number((int64_t)report->with.customers, with),
		   number((int64_t)report->without.customers, without));
}

static void put_balance(const struct report *report, struct buf *out)
{
	char text[32];
	size_t sum = 0;

	buf_text(out, "\nTHE BOOKS: what became of every message\n");
	for (int status = 0; status < STATUS_COUNT; status++) {
		size_t count = report->by_status[status];

		sum += count;
		if (count)
			buf_printf(out, "  %10s  %s\n", number((int64_t)count, text),
				   status == STATUS_DEFERRED ? "still waiting"
							     : label_status((enum status)status));
	}
	buf_printf(out, "  %10s  in all%s\n", number((int64_t)sum, text),
		   sum == report->requests && report->ended_twice == 0
		       ? ": every message has exactly one end, or waits"
		       : ": the books do NOT balance, run nurturectl audit");
}

static void put_consent(const struct report_input *input, const struct report *report,
			struct buf *out)
{
	struct arena arena = {0};
	const char *sentence = report_consent(input, report, &arena);

	if (sentence)
		buf_printf(out, "  - %s\n", sentence);
	arena_free(&arena);
}

static void put_notes(const struct orders *orders, struct buf *out)
{
	struct arena arena = {0};
	const char *note;

	for (unsigned i = 0; (note = orders_note_sentence(orders, i, &arena)); i++)
		buf_printf(out, "  - %s\n", note);
	arena_free(&arena);
}

void report_text(const struct report_input *input, const struct report *report, struct buf *out)
{
	const char *sentence;
	char text[32];

	put_head(input, report, out);
	put_programmes(report, out);
	report_text_work(report, out);
	put_rules(input, report, out);
	put_sides(report, out);
	put_balance(report, out);
	buf_text(out, "\nTAKEN FOR GRANTED\n");
	if (input->orders->nameless)
		buf_printf(out, "  - %s of %s rows name no customer\n",
			   number((int64_t)input->orders->nameless, text),
			   number((int64_t)input->orders->rows, (char[32]){0}));
	put_consent(input, report, out);
	for (unsigned i = 0; (sentence = report_assumed(input, i)); i++)
		buf_printf(out, "  - %s\n", sentence);
	put_notes(input->orders, out);
}
