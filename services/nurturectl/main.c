/*
 * NAME      nurturectl - what an operator and a tester do to Nurture
 * READS     the policy file, files of orders and outcomes; nurture.outcomes, and the
 *           services' committed positions
 * WRITES    nurture.events      replay, advance, erase, bounce; nothing else writes
 *           nurture.deadletter  bounce: of which nobody can say whose it is
 *           topics              nurturectl topics makes what is missing
 *           changelogs, offsets repairs of stopped services: repartition, accept, clock, skip
 * STATE     none
 * FAILURE   0 yes, 1 no (what was checked is wrong), 100 usage or settings, 111 Kafka or disk
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/nurturectl/cmd/commands.h"
#include "common/io/process/stop.h"

#ifndef NURTURE_VERSION
#define NURTURE_VERSION "0.1.0"
#endif

enum { HELP_MAX_BYTES = 64 * 1024 };

/* `nurturectl outcomes | head`: who reads has seen enough, and that is no news to anybody. */
static bool reader_is_gone(void)
{
	struct pollfd output = {.fd = STDOUT_FILENO};

	return poll(&output, 1, 0) == 1 && output.revents & POLLERR;
}

static int complain(const struct command *command, const struct err *err)
{
	if (reader_is_gone())
		return EXIT_ENVIRONMENT;
	fprintf(stderr, "nurturectl%s%s: %s\n", command ? " " : "", command ? command->name : "",
		err->text);
	return err_exit_code(err);
}

/* Makes sure that the output has arrived; otherwise the exit code says that it has not. */
static int finish(int code)
{
	struct err err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	err_environment(&err, "standard output cannot be written");
	return complain(NULL, &err);
}

static int print_command_help(const struct command *command)
{
	struct buf page = BUF_MAX(HELP_MAX_BYTES);

	command_help(command, &page);
	fwrite(page.bytes, 1, page.len, stdout);
	buf_free(&page);
	return finish(0);
}

static int run(const struct command *command, int argc, char **argv)
{
	static struct settings settings; /* what it leads to lives as long as the process */
	void *values = malloc(command->values_bytes + 1);
	struct invocation call;
	struct err err;
	int r;

	if (!values)
		abort();
	r = command_parse(command, argc, argv, values, &call, &err);
	if (r == 1) {
		free(values);
		return print_command_help(command);
	}
	call.settings = &settings;
	if (r == 0)
		r = settings_load(&settings, &err);
	if (r == 0)
		r = command->run(&call, &err);
	free(values);
	return finish(r < 0 ? complain(command, &err) : r);
}

static const struct command *const commands[] = {&cmd_check,   &cmd_simulate, &cmd_topics,
						 &cmd_replay,  &cmd_advance,  &cmd_wait,
						 &cmd_status,  &cmd_doctor,   &cmd_deadletter,
						 &cmd_tasks,   &cmd_outcomes, &cmd_compare,
						 &cmd_audit,   &cmd_why,      &cmd_report,
						 &cmd_preview, &cmd_erase,    &cmd_dkim_record,
						 &cmd_suggest, &cmd_fit,      &cmd_coupon,
						 &cmd_coupons, &cmd_bounce,   &cmd_clock,
						 &cmd_skip,    &cmd_accept,   &cmd_repartition,
						 &cmd_import,  &cmd_hook,     &cmd_catalogue,
						 &cmd_rebuild, &cmd_feedback, NULL};

int main(int argc, char **argv)
{
	const struct command *command;
	struct err err;

	stop_on_signals();
	if (argc < 2) {
		command_usage(stderr, commands);
		return EXIT_CONFIG;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		command_usage(stdout, commands);
		puts("\nSETTINGS (environment; a variable that is empty counts as not set)");
		settings_print();
		return finish(0);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("nurture " NURTURE_VERSION);
		return finish(0);
	}
	command = command_find(commands, argv[1], &err);
	return command ? run(command, argc - 2, argv + 2) : complain(NULL, &err);
}
