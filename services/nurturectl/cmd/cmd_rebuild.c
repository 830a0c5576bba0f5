/* cmd_rebuild.c - an index that may be thrown away is made anew from the topics. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "services/console/view/view.h"

struct rebuild_values {
	const char *view;
};

static const struct command_option options[] = {
    {"view", OPTION_TEXT, offsetof(struct rebuild_values, view), "FILE", NULL, false, 0, 0,
     "the console's file; default $NURTURE_CONSOLE_VIEW"},
    {0}};

static int run(const struct invocation *call, struct err *err)
{
	const struct rebuild_values *values = call->values;
	const char *view = values->view ? values->view : call->settings->console_view;

	if (strcmp(call->arguments[0], "console") != 0)
		return err_config(err, "%s: expected console", call->arguments[0]);
	if (!view[0])
		return err_config(err,
				  "which file? Say so with --view FILE or NURTURE_CONSOLE_VIEW");
	if (view_ask_anew(view, err) < 0)
		return -1;
	printf("%s is thrown away and made anew by the console that has it, at once or when it "
	       "starts\n",
	       view);
	return 0;
}

const struct command cmd_rebuild = {
    .name = "rebuild",
    .line = "the console's view, thrown away and made anew from the topics",
    .arguments = "console",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct rebuild_values),
    .text = "Notes the wish in the file, where the console sees it within a second; to be run on\n"
	    "its machine. Meanwhile the pages say how far it is; nothing else depends on it.",
    .run = run,
};
