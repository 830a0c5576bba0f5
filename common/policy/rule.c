/* rule.c - see rule.h. */
#include "rule.h"

#include <string.h>

const char *const rule_texts[RULE_COUNT] = {
#define X(name, text, label) text,
    RULES(X)
#undef X
};

enum rule rule_of(const char *text)
{
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (strcmp(text, rule_texts[rule]) == 0)
			return (enum rule)rule;
	return RULE_NONE;
}

bool rule_is(const char *text, enum rule rule)
{
	return strcmp(text, rule_texts[rule]) == 0;
}
