/*
 * command.h - a command as a table: its name, its options and what it does.
 *
 * Options are read into a struct of the command's own, by offset, as settings
 * are; --help is printed from the same table.
 */
#ifndef NURTURE_NURTURECTL_COMMAND_H
#define NURTURE_NURTURECTL_COMMAND_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "settings.h"

enum option_type {
	OPTION_FLAG,        /* bool */
	OPTION_TEXT,        /* const char * */
	OPTION_NUMBER,      /* int64_t, min to max */
	OPTION_DURATION_MS, /* int64_t: "90s", "3d" */
	OPTION_TIME_MS,     /* int64_t: RFC 3339, or a date: its midnight in UTC */
};

/* The value of a number, duration or time that was not given and has no default. */
#define OPTION_ABSENT INT64_MIN

struct command_option {
	const char *name; /* without "--" */
	enum option_type type;
	size_t offset;
	const char *value;    /* what stands for the value in --help; NULL for a flag */
	const char *fallback; /* default as text, or NULL */
	bool required;
	int64_t min, max; /* NUMBER */
	const char *text;
};

struct invocation;

struct command {
	const char *name;
	const char *line;      /* what it is for */
	const char *arguments; /* "CUSTOMER", or "" */
	unsigned argument_min, argument_max;
	const struct command_option *options; /* ends with a NULL name; or NULL */
	size_t values_bytes;                  /* of the struct that the offsets are in */
	const char *text;                     /* the rest of its --help */
	/* 0: yes, 1: no, -1: it could not be done */
	int (*run)(const struct invocation *call, struct err *err);
};

enum { COMMAND_ARGUMENTS_MAX = 4 };

struct invocation {
	const struct command *command;
	const void *values;
	const char *arguments[COMMAND_ARGUMENTS_MAX]; /* NULL where there are fewer */
	unsigned argument_count;
	struct settings *settings;
};

/*
 * Reads what follows the command's name.  1: --help was asked for.  0: values
 * (command->values_bytes, the caller's) and call->arguments are filled.  -1:
 * ERR_CONFIG says what is wrong and what was expected.  Texts are borrowed.
 */
int command_parse(const struct command *command, int argc, char **argv, void *values,
		  struct invocation *call, struct err *err);

/* One command's page. */
void command_help(const struct command *command, struct buf *out);
/* The page of all commands, which ends with NULL. */
void command_usage(FILE *to, const struct command *const *commands);

/* commands ends with NULL. NULL and ERR_CONFIG, with the nearest name, when it is none of them. */
const struct command *command_find(const struct command *const *commands, const char *name,
				   struct err *err);

#endif
