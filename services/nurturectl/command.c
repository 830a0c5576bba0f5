/* command.c - see command.h: the reading of options. */
#include "command.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"

enum { NAMES_MAX = 64 };

static const struct command_option *find_option(const struct command *command, struct slice name)
{
	for (const struct command_option *o = command->options; o && o->name; o++)
		if (slice_equal(slice_text(o->name), name))
			return o;
	return NULL;
}

/* "; did you mean WORD?" */
static int fail_unknown(const char *what, struct slice word, const char *const *names, size_t count,
			const char *dashes, struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	const char *nearest = text_nearest(word, names, count);

	text_shown(word, shown);
	if (nearest)
		return err_config(err, "unknown %s \"%s%s\"; did you mean \"%s%s\"?", what, dashes,
				  shown, dashes, nearest);
	return err_config(err, "unknown %s \"%s%s\"", what, dashes, shown);
}

static int fail_option(const struct command *command, struct slice word, struct err *err)
{
	const char *names[NAMES_MAX] = {"help"};
	size_t count = 1;

	for (const struct command_option *o = command->options; o && o->name; o++)
		if (count < NAMES_MAX)
			names[count++] = o->name;
	return fail_unknown("option", word, names, count, "--", err);
}

static int read_time(struct slice text, int64_t *ret, struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	struct civil_date date;
	struct err ignored;

	if (civil_parse(text, &date, &ignored) == 0) {
		*ret = civil_days(date) * DAY_MS;
		return 0;
	}
	if (rfc3339_parse(text, ret, &ignored) == 0)
		return 0;
	return err_config(err,
			  "expected a time such as 2026-03-01T12:00:00Z or a date, found \"%s\"",
			  text_shown(text, shown));
}

static int store(const struct command_option *option, const char *text, char *values,
		 struct err *err)
{
	void *field = values + option->offset;

	switch (option->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)field = text;
		return 0;
	case OPTION_NUMBER:
		return text_int64(slice_text(text), option->min, option->max, field, err);
	case OPTION_DURATION_MS:
		return text_duration_ms(slice_text(text), field, err);
	case OPTION_TIME_MS:
		return read_time(slice_text(text), field, err);
	}
	return -1;
}

static int store_option(const struct command_option *option, const char *text, void *values,
			struct err *err)
{
	if (store(option, text, values, err) == 0)
		return 0;
	err->kind = ERR_CONFIG;
	return err_prefix(err, "--%s", option->name);
}

static int set_defaults(const struct command *command, void *values, struct err *err)
{
	memset(values, 0, command->values_bytes);
	for (const struct command_option *o = command->options; o && o->name; o++) {
		if (o->fallback && store_option(o, o->fallback, values, err) < 0)
			return -1;
		if (!o->fallback && o->type != OPTION_FLAG && o->type != OPTION_TEXT)
			*(int64_t *)(void *)((char *)values + o->offset) = OPTION_ABSENT;
	}
	return 0;
}

/* argv[*at] is an option; leaves *at at the last word that belongs to it. */
static int read_option(const struct command *command, int argc, char **argv, int *at, void *values,
		       uint64_t *given, struct err *err)
{
	const char *word = argv[*at] + 2, *equals = strchr(word, '=');
	struct slice name = equals ? slice_of(word, (size_t)(equals - word)) : slice_text(word);
	const struct command_option *option = find_option(command, name);
	uint64_t bit;

	if (!option)
		return fail_option(command, name, err);
	bit = UINT64_C(1) << (option - command->options);
	if (*given & bit)
		return err_config(err, "--%s: given twice", option->name);
	*given |= bit;
	if (option->type == OPTION_FLAG && equals)
		return err_config(err, "--%s: takes no value", option->name);
	if (option->type != OPTION_FLAG && !equals && *at + 1 == argc)
		return err_config(err, "--%s: expected a value: --%s %s", option->name,
				  option->name, option->value);
	if (option->type == OPTION_FLAG)
		return store_option(option, "", values, err);
	return store_option(option, equals ? equals + 1 : argv[++*at], values, err);
}

static int check_required(const struct command *command, uint64_t given, struct err *err)
{
	for (const struct command_option *o = command->options; o && o->name; o++)
		if (o->required && !(given >> (o - command->options) & 1))
			return err_config(err, "--%s %s is missing: %s", o->name, o->value,
					  o->text);
	return 0;
}

static int take_argument(const struct command *command, const char *word, struct invocation *call,
			 struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];

	if (call->argument_count == command->argument_max)
		return err_config(err, "\"%s\" is too much: expected %s%s%s",
				  text_shown(slice_text(word), shown), command->name,
				  command->arguments[0] ? " " : "", command->arguments);
	call->arguments[call->argument_count++] = word;
	return 0;
}

int command_parse(const struct command *command, int argc, char **argv, void *values,
		  struct invocation *call, struct err *err)
{
	uint64_t given = 0;
	bool only_arguments = false;
	int r = 0;

	for (int i = 0; i < argc; i++) /* also behind something that is wrong */
		if (strcmp(argv[i], "--help") == 0)
			return 1;
	*call = (struct invocation){.command = command, .values = values};
	if (set_defaults(command, values, err) < 0)
		return -1;
	for (int i = 0; r == 0 && i < argc; i++) {
		if (!only_arguments && strcmp(argv[i], "--") == 0)
			only_arguments = true;
		else if (!only_arguments && strncmp(argv[i], "--", 2) == 0)
			r = read_option(command, argc, argv, &i, values, &given, err);
		else if (!only_arguments && argv[i][0] == '-' && argv[i][1])
			r = fail_unknown("option", slice_text(argv[i]), NULL, 0, "", err);
		else
			r = take_argument(command, argv[i], call, err);
	}
	if (r == 0 && call->argument_count < command->argument_min)
		r = err_config(err, "expected %s", command->arguments);
	return r < 0 ? -1 : check_required(command, given, err);
}

const struct command *command_find(const struct command *const *commands, const char *name,
				   struct err *err)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (; *commands; commands++) {
		if (strcmp((*commands)->name, name) == 0)
			return *commands;
		if (count < NAMES_MAX)
			names[count++] = (*commands)->name;
	}
	fail_unknown("command", slice_text(name), names, count, "", err);
	return NULL;
}
