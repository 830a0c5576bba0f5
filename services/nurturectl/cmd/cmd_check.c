/* cmd_check.c - is this policy file right?  "ok" and what is in it, or what is wrong. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "common/io/config/coupon_files.h"
#include "services/email-sender/compose/templates.h"
#include "services/nurturectl/outcomes/labels.h"

struct check_values {
	const char *templates;
};

static const struct command_option options[] = {
    {"templates", OPTION_TEXT, offsetof(struct check_values, templates), "DIR", NULL, false, 0, 0,
     "the mail templates must exist and be right too; default NURTURE_TEMPLATES"},
    {0}};

static void print_caps(const struct policy *policy)
{
	struct buf words = BUF_MAX(4096);

	if (policy->caps_off)
		puts("  caps: off");
	for (unsigned i = 0; !policy->caps_off && i < policy->cap_count; i++) {
		buf_reset(&words);
		label_cap(&policy->caps[i], &words);
		printf("  cap %s: %s\n", policy->caps[i].name, words.bytes);
	}
	buf_reset(&words);
	if (policy->ceiling.limit == INT64_MAX)
		buf_text(&words, "off");
	else
		label_cap(&policy->ceiling, &words);
	printf("  ceiling over everything: %s\n", words.bytes);
	buf_free(&words);
}

static void print_summary(const struct policy *policy, const struct template_set *templates)
{
	unsigned count = 0;

	while (templates && template_set_names(templates)[count])
		count++;
	printf("ok\n  policy %s, for %s (%s)\n", policy->hash, policy->shop.name,
	       policy->shop.time_zone);
	printf("  %u classes, %u segments, %u programmes, feedback %s\n", policy->class_count,
	       policy->segment_count, policy->programme_count, policy->feedback.off ? "off" : "on");
	print_caps(policy);
	if (templates)
		printf("  %u mail templates\n", count);
}

/* Prints what is legal and surely not meant; the answer is still yes. */
static void print_warnings(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->warning_count; i++)
		fprintf(stderr, "warning: %s\n", policy->warnings[i]);
}

/* Faults in the files are the answer "no"; files that cannot be read are an error. */
static int answer_no(const struct err *err)
{
	puts(err->text);
	return EXIT_NO;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct check_values *values = call->values;
	const char *directory = values->templates ? values->templates : call->settings->templates;
	const char *file =
	    call->arguments[0] ? call->arguments[0] : call->settings->common.policy_file;
	struct template_set *templates = NULL;
	const struct coupon_pool *pools;
	struct stat status;
	int r;

	if (!file[0])
		return err_config(err, "which policy? nurturectl check POLICY");
	if (access(file, R_OK) < 0)
		return err_config(err, "%s: %s", file, strerror(errno));
	if (stat(file, &status) == 0 && S_ISDIR(status.st_mode))
		return err_config(err, "%s: expected a file, found a directory", file);
	if (directory[0] && access(directory, R_OK | X_OK) < 0)
		return err_config(err, "%s: %s", directory, strerror(errno));
	if (directory[0] && template_set_open(directory, &templates, err) < 0)
		return err->kind == ERR_ENVIRONMENT ? -1 : answer_no(err);
	r = settings_policy(call->settings, file, templates ? template_set_names(templates) : NULL,
			    err);
	if (r == 0)
		r = coupon_files_read(call->settings->policy, &pools, err);
	if (r == 0 && templates)
		r = template_set_check_merges(templates, call->settings->policy, err);
	if (r == 0 && templates)
		r = template_set_check_words(templates, call->settings->policy, err);
	if (r == 0) {
		print_warnings(call->settings->policy);
		print_summary(call->settings->policy, templates);
	} else if (err->kind != ERR_ENVIRONMENT) {
		r = answer_no(err);
	}
	template_set_free(templates);
	return r;
}

const struct command cmd_check = {
    .name = "check",
    .line = "is this policy file right?",
    .arguments = "[POLICY]",
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct check_values),
    .text = "Prints \"ok\" and what is in it, or what is wrong, where, and what was expected\n"
	    "(exit 1). Files of codes that it names are read, too. What is legal and surely not\n"
	    "meant is a warning on stderr (exit 0). POLICY defaults to NURTURE_POLICY.",
    .run = run,
};
