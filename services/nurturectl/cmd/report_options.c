/* report_options.c - see report_options.h. */
#include "report_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/nurturectl/report/report_page.h"
#include "services/nurturectl/text_file.h"
#include "services/nurturectl/whatif/whatif_page.h"

enum { PAGE_MAX_BYTES = 64 << 20, THREADS_MAX = 16 };

unsigned report_threads(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (unsigned)count;
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

static void prepare_report(struct report_making *making)
{
	const struct report_job *job = making->job;

	making->has_report = true;
	making->report_input = (struct report_input){.policy = job->policy,
						     .orders = job->orders,
						     .with = job->table,
						     .without = job->other,
						     .until_ms = job->until_ms,
						     .orders_file = job->orders_file,
						     .outcomes_file = job->outcomes_file};
	report_begin(&making->report_input, &making->report);
}

static void prepare_whatif(struct report_making *making)
{
	const struct report_job *job = making->job;

	making->has_whatif = true;
	making->whatif_input =
	    (struct whatif_input){.sides = {{.policy = job->policy, .table = job->table},
					    {.policy = job->against, .table = job->other}},
				  .orders = job->orders,
				  .until_ms = job->until_ms,
				  .orders_file = job->orders_file,
				  .outcomes_file = job->outcomes_file};
	if (!job->against) {
		making->whatif_input.sides[1].policy = &making->uncapped;
		making->whatif_input.sides[1].name = "without caps";
	}
	whatif_begin(&making->whatif_input, &making->whatif);
}

void report_making_begin(const struct report_job *job, struct report_making *ret)
{
	*ret = (struct report_making){.job = job, .uncapped = report_uncapped(job->policy)};
	if (!job->against)
		prepare_report(ret);
	if (job->against || job->json)
		prepare_whatif(ret);
}

int report_making_add(struct report_making *making, const struct orders *share, struct err *err)
{
	if (making->has_report && report_add(&making->report, share, err) < 0)
		return -1;
	return making->has_whatif ? whatif_add(&making->whatif, share, err) : 0;
}

int report_making_end(struct report_making *making, struct err *err)
{
	if (making->has_report && report_end(&making->report, err) < 0)
		return -1;
	return making->has_whatif ? whatif_end(&making->whatif, err) : 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t report_making_drawn(const struct report_making *making, const char *ret[REPORT_DRAWN_MAX])
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; making->has_report && i < making->report.story_count; i++)
		ret[count++] = making->report.stories[i].customer;
	if (making->has_whatif && making->job->against)
		count += whatif_drawn(&making->whatif, ret + count);
	if (count)
		qsort(ret, count, sizeof(*ret), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(ret[kept - 1], ret[i]) != 0)
			ret[kept++] = ret[i];
	return kept;
}

static int write_report(const struct report_making *making, struct err *err)
{
	const struct report_job *job = making->job;
	struct buf page = BUF_MAX(PAGE_MAX_BYTES);
	int r = 0;

	if (job->html) {
		report_html(&making->report_input, &making->report, &page);
		r = write_page(&page, job->html, err);
	}
	if (r == 0) {
		report_text(&making->report_input, &making->report, &page);
		fwrite(page.bytes, 1, page.len, stdout);
	}
	buf_free(&page);
	return r;
}

/* As a page and as text when two policies are compared; as JSON whenever it is asked for. */
static int write_whatif(const struct report_making *making, struct err *err)
{
	const struct report_job *job = making->job;
	struct buf page = BUF_MAX(PAGE_MAX_BYTES);
	int r = 0;

	if (job->against && job->html) {
		whatif_html(&making->whatif, &page);
		r = write_page(&page, job->html, err);
	}
	if (r == 0 && job->json) {
		whatif_json(&making->whatif, &page);
		r = write_page(&page, job->json, err);
	}
	if (r == 0 && job->against) {
		whatif_text(&making->whatif, &page);
		fwrite(page.bytes, 1, page.len, stdout);
	}
	buf_free(&page);
	return r;
}

int report_making_write(struct report_making *making, const struct orders *lives, struct err *err)
{
	making->report_input.lives = making->whatif_input.lives = lives;
	if (making->has_report && write_report(making, err) < 0)
		return -1;
	return making->has_whatif ? write_whatif(making, err) : 0;
}

void report_making_free(struct report_making *making)
{
	if (making->has_report)
		report_free(&making->report);
	if (making->has_whatif)
		whatif_free(&making->whatif);
}
