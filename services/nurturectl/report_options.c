/* report_options.c - see report_options.h. */
#include "report_options.h"

#include <stdio.h>
#include <unistd.h>

#include "report_page.h"
#include "text_file.h"

enum { PAGE_MAX_BYTES = 64 << 20 };

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > 16 ? 16 : (unsigned)count;
}

int report_simulate(const struct policy *policy, struct orders *orders, int64_t until_ms,
		    struct sim_result *result, struct outcomes *ret, struct err *err)
{
	const struct sim_options options = {
	    .policy = policy, .until_ms = until_ms, .threads = processors()};

	if (simulate(orders, &options, result, err) < 0)
		return -1;
	if (!ret)
		return 0;
	*ret = (struct outcomes){0};
	if (outcomes_add_lines(ret, "simulation", buf_slice(&result->outcomes), err) < 0) {
		outcomes_free(ret);
		sim_result_free(result);
		return -1;
	}
	outcomes_sort(ret);
	return 0;
}

int report_simulate_uncapped(const struct policy *policy, struct orders *orders, int64_t until_ms,
			     struct outcomes *ret, struct err *err)
{
	struct policy uncapped = *policy;
	struct sim_result result;

	uncapped.caps_off = true;
	uncapped.ceiling.limit = INT64_MAX;
	if (report_simulate(&uncapped, orders, until_ms, &result, ret, err) < 0)
		return err_prefix(err, "without caps");
	sim_result_free(&result);
	return 0;
}

static int write_html(const struct report_input *input, const struct report *report,
		      const char *file, struct err *err)
{
	struct buf page = BUF_MAX(PAGE_MAX_BYTES);
	int r;

	report_html(input, report, &page);
	r = buf_failed(&page) ? err_set(err, "the report is larger than %d bytes", PAGE_MAX_BYTES)
			      : text_file_write(file, buf_slice(&page), err);
	buf_free(&page);
	return r;
}

int report_write(const struct report_input *input, struct orders *orders, const char *html,
		 struct err *err)
{
	struct buf text = BUF_MAX(PAGE_MAX_BYTES);
	struct report report;
	int r = 0;

	orders_by_customer(orders);
	report_count(input, &report);
	if (html)
		r = write_html(input, &report, html, err);
	if (r == 0) {
		report_text(input, &report, &text);
		fwrite(text.bytes, 1, text.len, stdout);
	}
	buf_free(&text);
	report_free(&report);
	return r;
}
