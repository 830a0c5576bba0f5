/* findings.c - see findings.h. */
#include "findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_BYTES = 1024, FIRST_ROOM = 32 };

static struct finding *add(struct findings *findings)
{
	if (findings->count == findings->room) {
		findings->room = findings->room ? 2 * findings->room : FIRST_ROOM;
		findings->items =
		    realloc(findings->items, findings->room * sizeof(*findings->items));
		if (!findings->items)
			abort();
	}
	return &findings->items[findings->count++];
}

void finding_add(struct findings *findings, enum finding_level level, const char *area,
		 const char *advice, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* Reasons of dead letters and words of servers may hold anything: a line stays a line. */
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	*add(findings) = (struct finding){
	    .level = level,
	    .area = area,
	    .text = arena_text(&findings->texts, text),
	    .advice = advice,
	};
}

size_t findings_of(const struct findings *findings, enum finding_level level)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += findings->items[i].level == level;
	return count;
}

const char *finding_level_text(enum finding_level level)
{
	static const char *const texts[] = {
	    [FINDING_OK] = "ok", [FINDING_NOTE] = "note", [FINDING_WRONG] = "wrong"};

	return texts[level];
}

void findings_free(struct findings *findings)
{
	free(findings->items);
	arena_free(&findings->texts);
	*findings = (struct findings){0};
}
