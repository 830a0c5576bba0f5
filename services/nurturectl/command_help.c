/* command_help.c - a command's --help, and that of all, from their tables. */
#include <stdio.h>

#include "command.h"

enum { OPTION_COLUMNS = 30, NAME_COLUMNS = 10 };

static void put_option(const struct command_option *option, struct buf *out)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", option->name, option->value ? " " : "",
		 option->value ? option->value : "");
	buf_printf(out, "  %-*s %s", OPTION_COLUMNS, left, option->text);
	if (option->required)
		buf_text(out, " (required)");
	else if (option->fallback && option->fallback[0])
		buf_printf(out, " (default %s)", option->fallback);
	buf_char(out, '\n');
}

void command_help(const struct command *command, struct buf *out)
{
	buf_printf(out, "nurturectl %s - %s\n\nUSAGE\n  nurturectl %s", command->name,
		   command->line, command->name);
	for (const struct command_option *o = command->options; o && o->name; o++)
		if (o->required)
			buf_printf(out, " --%s %s", o->name, o->value);
	if (command->options && command->options->name)
		buf_text(out, " [OPTIONS]");
	if (command->arguments[0])
		buf_printf(out, " %s", command->arguments);
	buf_text(out, "\n\nOPTIONS\n");
	for (const struct command_option *o = command->options; o && o->name; o++)
		put_option(o, out);
	buf_printf(out, "  %-*s %s\n", OPTION_COLUMNS, "--help", "this page");
	if (command->text && command->text[0])
		buf_printf(out, "\n%s\n", command->text);
}

void command_usage(FILE *to, const struct command *const *commands)
{
	fputs("nurturectl - look after Nurture\n\n"
	      "USAGE\n  nurturectl COMMAND [OPTIONS] [ARGUMENTS]\n\nCOMMANDS\n",
	      to);
	for (; *commands; commands++)
		fprintf(to, "  %-*s %s\n", NAME_COLUMNS, (*commands)->name, (*commands)->line);
	fputs(
	    "\n  nurturectl COMMAND --help says more. --version prints the version.\n"
	    "\nEXIT CODES\n"
	    "  0 yes, 1 no (what was checked is wrong), 100 usage or settings, 111 Kafka or disk\n",
	    to);
}
