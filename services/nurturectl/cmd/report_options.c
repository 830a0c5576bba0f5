/* report_options.c - see report_options.h. */
#include "report_options.h"

#include <stdio.h>
#include <unistd.h>

#include "services/nurturectl/report/report_page.h"
#include "services/nurturectl/text_file.h"
#include "services/nurturectl/whatif/whatif.h"
#include "services/nurturectl/whatif/whatif_page.h"

enum { PAGE_MAX_BYTES = 64 << 20 };

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > 16 ? 16 : (unsigned)count;
}

int report_simulate(struct orders *orders, const struct sim_options *options,
		    struct sim_result *ret, struct err *err)
{
	struct sim_options all = *options;

	all.threads = processors();
	return simulate(orders, &all, ret, err);
}

struct policy report_uncapped(const struct policy *policy)
{
	struct policy uncapped = *policy;

	uncapped.caps_off = true;
	uncapped.ceiling.limit = INT64_MAX;
	return uncapped;
}

static int write_page(struct buf *page, const char *file, struct err *err)
{
	int r = buf_failed(page)
		    ? err_set(err, "%s: the report is larger than %d bytes", file, PAGE_MAX_BYTES)
		    : text_file_write(file, buf_slice(page), err);

	buf_free(page);
	return r;
}

static int write_whatif(const struct report_job *job, const struct whatif_input *input,
			bool wants_page, struct err *err)
{
	struct buf page = BUF_MAX(PAGE_MAX_BYTES);
	struct whatif whatif;
	int r = 0;

	whatif_count(input, &whatif);
	if (wants_page && job->html) {
		whatif_html(&whatif, &page);
		r = write_page(&page, job->html, err);
	}
	if (r == 0 && job->json) {
		whatif_json(&whatif, &page);
		r = write_page(&page, job->json, err);
	}
	if (r == 0 && wants_page) {
		whatif_text(&whatif, &page);
		fwrite(page.bytes, 1, page.len, stdout);
		buf_free(&page);
	}
	whatif_free(&whatif);
	return r;
}

static int write_report(const struct report_job *job, const struct outcome_table *without,
			struct err *err)
{
	const struct report_input input = {.policy = job->policy,
					   .orders = job->orders,
					   .with = job->table,
					   .without = without,
					   .until_ms = job->until_ms,
					   .orders_file = job->orders_file,
					   .outcomes_file = job->outcomes_file};
	struct buf page = BUF_MAX(PAGE_MAX_BYTES);
	struct report report;
	int r = 0;

	report_count(&input, &report);
	if (job->html) {
		report_html(&input, &report, &page);
		r = write_page(&page, job->html, err);
	}
	if (r == 0) {
		report_text(&input, &report, &page);
		fwrite(page.bytes, 1, page.len, stdout);
	}
	buf_free(&page);
	report_free(&report);
	return r;
}

static struct whatif_input whatif_of(const struct report_job *job)
{
	return (struct whatif_input){.sides = {{.policy = job->policy, .table = job->table}},
				     .orders = job->orders,
				     .until_ms = job->until_ms,
				     .orders_file = job->orders_file,
				     .outcomes_file = job->outcomes_file};
}

static int report_both(const struct report_job *job, const struct policy *policy,
		       const struct outcome_table *uncapped, struct err *err)
{
	struct whatif_input whatif = whatif_of(job);

	whatif.sides[1] =
	    (struct whatif_side_input){.policy = policy, .table = uncapped, .name = "without caps"};
	if (write_report(job, uncapped, err) < 0)
		return -1;
	return job->json ? write_whatif(job, &whatif, false, err) : 0;
}

int report_make(const struct report_job *job, struct err *err)
{
	const struct policy uncapped = report_uncapped(job->policy);
	const struct sim_options options = {.policy = &uncapped, .until_ms = job->until_ms};
	struct sim_result result;
	int r;

	if (job->uncapped)
		return report_both(job, &uncapped, job->uncapped, err);
	if (report_simulate(job->orders, &options, &result, err) < 0)
		return err_prefix(err, "without caps");
	r = report_both(job, &uncapped, &result.table, err);
	sim_result_free(&result);
	return r;
}

int report_make_whatif(const struct report_job *job, const struct policy *against,
		       const struct outcome_table *table, struct err *err)
{
	struct whatif_input whatif = whatif_of(job);

	whatif.sides[1] = (struct whatif_side_input){.policy = against, .table = table};
	return write_whatif(job, &whatif, true, err);
}
