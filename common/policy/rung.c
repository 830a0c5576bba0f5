/* rung.c - see rung.h. */
#include "rung.h"

#include <string.h>

const char *const rung_texts[RUNG_COUNT] = {
#define X(name, text, is_favour) text,
    RUNGS(X)
#undef X
};

static const bool favours[RUNG_COUNT] = {
#define X(name, text, is_favour) is_favour,
    RUNGS(X)
#undef X
};

bool rung_is(const char *text, enum rung_kind kind)
{
	return strcmp(text, rung_texts[kind]) == 0;
}

bool rung_is_favour(const char *text)
{
	for (unsigned kind = 0; kind < RUNG_COUNT; kind++)
		if (rung_is(text, (enum rung_kind)kind))
			return favours[kind];
	return true;
}
