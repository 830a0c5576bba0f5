/* command_help.c - a command's --help, from its table. */
#include <stdio.h>

#include "command.h"

enum { OPTION_COLUMNS = 30 };

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
