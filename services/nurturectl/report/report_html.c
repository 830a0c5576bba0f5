/* report_html.c - the report as one page; see report_page.h. */
#include <inttypes.h>
#include <stdio.h>

#include "report_page.h"
#include "services/nurturectl/outcomes/labels.h"

void html_number(struct buf *out, int64_t number)
{
	char text[40];

	buf_text(out, words_number(number, text, sizeof(text)));
}

static void put_head(const struct report_input *input, const struct report *report, struct buf *out)
{
	char first[REPORT_DATE_BYTES], last[REPORT_DATE_BYTES], end[REPORT_DATE_BYTES];

	buf_text(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		      "<title>");
	html_text(out, input->policy->shop.name);
	buf_printf(out,
		   ": who heard what, and why</title><style>%s</style></head><body><main>\n<h1>",
		   report_style);
	html_text(out, input->policy->shop.name);
	buf_text(out,
		 ": who heard what, and why</h1>\n<p class=\"soft\" style=\"max-width:none\">");
	words_count((int64_t)input->orders->placed, "order", "orders", out);
	buf_text(out, " of ");
	words_count((int64_t)input->orders->customers, "customer", "customers", out);
	buf_printf(out, ", %s to %s; %s to %s.</p>\n",
		   report_date(input->policy, report->first_ms, first),
		   report_date(input->policy, input->orders->last_placed_ms, last),
		   input->outcomes_file ? "outcomes of the real services" : "simulated",
		   report_date(input->policy, report->last_ms, end));
}

static void put_fact(int64_t value, const char *what, const char *beside, bool is_main,
		     struct buf *out)
{
	buf_printf(out, "<div class=\"fact%s\"><b>", is_main ? " main" : "");
	html_number(out, value);
	buf_printf(out, "</b><span>%s</span><span>%s</span></div>\n", what, beside);
}

static void put_facts(const struct report *report, struct buf *out)
{
	char beside[64], number[32];

	buf_text(out, "<div class=\"facts\">\n");
	snprintf(beside, sizeof(beside), "without caps: %zu", report->without.most_7d);
	put_fact((int64_t)report->with.most_7d, "messages at most to anyone in any 7 days", beside,
		 true, out);
	snprintf(beside, sizeof(beside), "without caps: %zu", report->without.most_30d);
	put_fact((int64_t)report->with.most_30d, "at most in any 30 days", beside, true, out);
	snprintf(beside, sizeof(beside), "of %s that were wanted",
		 words_number((int64_t)(report->requests - report->by_status[STATUS_TASK_CREATED]),
			      number, sizeof(number)));
	put_fact((int64_t)report->with.mails, "messages went out", beside, false, out);
	snprintf(beside, sizeof(beside), "at least once, by a rule");
	put_fact((int64_t)report->held, "messages were held back", beside, false, out);
	buf_text(out, "</div>\n");
}

static void put_busy(const struct report *report, struct buf *out)
{
	buf_text(out,
		 "<section><h2>How much one customer hears in a week</h2>\n<p class=\"soft\">Every "
		 "customer's every week with at least one message, by how many there were. The "
		 "weeks with many are what drives people away. The columns grow with "
		 "the square root, so that the rare weeks can be seen.</p>\n");
	report_busy_svg(report, out);
	buf_text(out, "<div class=\"key\"><span><i style=\"background:var(--with)\"></i>with the "
		      "caps of the policy</span><span><i style=\"background:var(--without)\"></i>"
		      "without caps</span></div></section>\n");
}

static void put_rules(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	buf_text(out, "<section><h2>What was held back, and why</h2>\n<p class=\"soft\">");
	html_number(out, (int64_t)report->held);
	buf_text(out, " of ");
	html_number(out, (int64_t)report->requests);
	buf_text(out, " messages were held back at least once. A message that several rules held "
		      "back is in several rows.</p>\n");
	report_rules_svg(input, report, out);
	buf_text(out, "<div class=\"key\"><span><i style=\"background:var(--with)\"></i>went out "
		      "later</span><span><i style=\"background:var(--never)\"></i>never went out"
		      "</span><span><i style=\"background:var(--wait)\"></i>still waiting</span>"
		      "</div></section>\n");
}

static void put_weeks(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	buf_text(out, "<section><h2>Messages over time</h2>\n<p class=\"soft\">All messages of a "
		      "week. In all ");
	html_number(out, (int64_t)report->with.mails);
	buf_text(out, "; without caps it would have been ");
	html_number(out, (int64_t)report->without.mails);
	buf_text(out, ".</p>\n");
	report_weeks_svg(input, report, out);
	buf_text(out, "<div class=\"key\"><span><i style=\"background:var(--with)\"></i>with the "
		      "caps of the policy</span><span><i style=\"background:var(--without)\"></i>"
		      "without caps</span></div></section>\n");
}

static void put_programme(const struct report_programme *programme, struct buf *out)
{
	const size_t columns[] = {programme->wanted, programme->heard,  programme->tasks,
				  programme->held,   programme->unsaid, programme->waiting};

	buf_text(out, "<tr><td>");
	html_text(out, programme->name);
	buf_text(out, "</td><td class=\"l\">");
	html_text(out, programme->message_class);
	buf_text(out, "</td>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		buf_text(out, "<td>");
		html_number(out, (int64_t)columns[i]);
		buf_text(out, "</td>");
	}
	buf_text(out, "</tr>\n");
}

static void put_programmes(const struct report *report, struct buf *out)
{
	buf_text(out, "<section><h2>What the programmes wanted to say</h2><div class=\"scroll\">"
		      "<table><tr><th>programme</th><th class=\"l\">class</th><th>wanted</th>"
		      "<th>said</th><th>given to people</th><th>held back at least once</th>"
		      "<th>not said</th><th>waiting</th></tr>\n");
	for (size_t i = 0; i < report->programme_count; i++)
		put_programme(&report->programmes[i], out);
	buf_text(out, "</table></div></section>\n");
}

static void put_books(const struct report *report, struct buf *out)
{
	size_t sum = 0;

	buf_text(out, "<section><h2>The books</h2><p class=\"soft\">Every message that a programme "
		      "wanted has exactly one end, or is waiting.</p><div class=\"scroll\"><table>"
		      "<tr><th>what became of it</th><th>messages</th></tr>\n");
	for (int status = 0; status < STATUS_COUNT; status++) {
		if (report->by_status[status] == 0)
			continue;
		sum += report->by_status[status];
		buf_printf(out, "<tr><td>%s</td><td>",
			   status == STATUS_DEFERRED ? "still waiting"
						     : words_status((enum status)status));
		html_number(out, (int64_t)report->by_status[status]);
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "<tr class=\"sum\"><td>in all</td><td>");
	html_number(out, (int64_t)sum);
	buf_printf(out, "</td></tr></table></div><p style=\"margin-top:12px\">%s</p></section>\n",
		   sum == report->requests && report->ended_twice == 0
		       ? "The books balance: as many as were wanted, and no message ended twice."
		       : "<b>The books do not balance.</b> Run nurturectl audit.");
}

static void put_assumed(const struct report_input *input, struct buf *out)
{
	const char *sentence;

	buf_text(out, "<section><h2>What was taken for granted</h2><ul>\n");
	for (unsigned i = 0; (sentence = report_assumed(input, i)); i++) {
		buf_text(out, "<li>");
		html_text(out, sentence);
		buf_text(out, "</li>\n");
	}
	if (input->orders->nameless) {
		buf_text(out, "<li>Rows of the file without a customer: ");
		html_number(out, (int64_t)input->orders->nameless);
		buf_text(out, ".</li>\n");
	}
	buf_text(out, "</ul></section>\n<footer>Made by nurturectl from ");
	html_text(out, input->orders_file);
	if (input->outcomes_file) {
		buf_text(out, " and ");
		html_text(out, input->outcomes_file);
	}
	buf_text(out, " under the policy ");
	html_text(out, input->policy->hash);
	buf_text(out, ".</footer>\n</main></body></html>\n");
}

void report_html(const struct report_input *input, const struct report *report, struct buf *out)
{
	put_head(input, report, out);
	put_facts(report, out);
	put_busy(report, out);
	put_rules(input, report, out);
	put_weeks(input, report, out);
	buf_text(out, "<section><h2>Three customers, message by message</h2>\n");
	report_story_key(input, report, out);
	for (size_t i = 0; i < report->story_count; i++)
		report_story_html(input, &report->stories[i], out);
	if (report->story_count == 0)
		buf_text(out, "<p>Nobody heard anything.</p>");
	buf_text(out, "</section>\n");
	put_programmes(report, out);
	put_books(report, out);
	put_assumed(input, out);
}
