/*
 * err.h - why something failed, in words, owned by the caller.
 *
 * A function that can fail returns 0 or -1 (or 1/0/-1 for "one / none /
 * failed") and takes a struct err last.  Libraries fill it; only a program's
 * main file prints it, once.
 */
#ifndef NURTURE_BASE_ERR_H
#define NURTURE_BASE_ERR_H

#include <stdarg.h>

enum err_kind {
	ERR_INPUT,       /* the bytes or the question are wrong */
	ERR_CONFIG,      /* settings or policy are wrong: exit 100 */
	ERR_ENVIRONMENT, /* Kafka, Redis, disk, network: exit 111 */
};

enum { EXIT_NO = 1, EXIT_CONFIG = 100, EXIT_ENVIRONMENT = 111 };

struct err {
	enum err_kind kind;
	char text[512];
};

/* Sets kind ERR_INPUT and the text; always returns -1, so that a failure is one line. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_config(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_environment(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text that is there; always returns -1. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__
/* The analyser reads one file at a time; so it is told that each of them returns -1. */
static inline int err_always(int ret)
{
	(void)ret;
	return -1;
}
#define err_set(...) err_always((err_set)(__VA_ARGS__))
#define err_config(...) err_always((err_config)(__VA_ARGS__))
#define err_environment(...) err_always((err_environment)(__VA_ARGS__))
#define err_prefix(...) err_always((err_prefix)(__VA_ARGS__))
#endif

/* Returns the exit code of a program that fails so: 100 or 111. */
int err_exit_code(const struct err *err);

#endif
