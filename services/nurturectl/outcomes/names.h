/*
 * names.h - texts as small numbers, the same text always the same number.
 * Pure.
 *
 * Programmes, rules and classes are few and stand in every outcome; counting
 * wants an index.
 */
#ifndef NURTURE_NURTURECTL_OUTCOMES_NAMES_H
#define NURTURE_NURTURECTL_OUTCOMES_NAMES_H

#include <stdint.h>

#include "common/base/arena.h"

/* A zeroed one is ready. */
struct names {
	const char **texts; /* by number, in the order of their first use */
	uint32_t count;
	uint32_t room, *slots; /* private */
	struct arena arena;
};

uint32_t names_add(struct names *names, const char *text);
/* The same, and the text as the names keep it. */
const char *names_keep(struct names *names, const char *text);
/* -1: it was never added. */
int64_t names_find(const struct names *names, const char *text);
void names_free(struct names *names);

#endif
