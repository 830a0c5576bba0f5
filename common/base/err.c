/* err.c - see err.h. */
#include "err.h"

#include <stdio.h>
#include <string.h>

static int fill(struct err *err, enum err_kind kind, const char *format, va_list args)
{
	err->kind = kind;
	vsnprintf(err->text, sizeof(err->text), format, args);
	return -1;
}

#define ERR_FUNCTION(name, kind)                                                                   \
	int(name)(struct err * err, const char *format, ...)                                       \
	{                                                                                          \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		fill(err, kind, format, args);                                                     \
		va_end(args);                                                                      \
		return -1;                                                                         \
	}

ERR_FUNCTION(err_set, ERR_INPUT)
ERR_FUNCTION(err_config, ERR_CONFIG)
ERR_FUNCTION(err_environment, ERR_ENVIRONMENT)

int(err_prefix)(struct err *err, const char *format, ...)
{
	char old[sizeof(err->text)];
	va_list args;
	size_t used;

	memcpy(old, err->text, sizeof(old));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %.*s", (int)sizeof(old) - 1, old);
	return -1;
}

int err_exit_code(const struct err *err)
{
	return err->kind == ERR_ENVIRONMENT ? EXIT_ENVIRONMENT : EXIT_CONFIG;
}
