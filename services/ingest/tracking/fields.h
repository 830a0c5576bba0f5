/*
 * fields.h - members of a JSON object by their names, without a tree.  Pure.
 *
 * For what strangers send: a member of another kind than is asked for counts as not there. Numbers
 * are given as they were written, since ids have more digits than a double, and amounts other ones.
 * The JSON must have been found strict before (json.h).
 */
#ifndef NURTURE_INGEST_TRACKING_FIELDS_H
#define NURTURE_INGEST_TRACKING_FIELDS_H

#include "common/base/arena.h"

/* The bytes of a member; empty when json is no object, or has none such, or it is null. */
struct slice ing_field(struct slice json, const char *name, struct arena *arena);
bool ing_field_is(struct slice value, uint8_t first_byte); /* '{', '[' */
/* The text of a string without the blanks around it, or of a number; else "". The arena's. */
char *ing_field_text(struct slice json, const char *name, struct arena *arena);
/* The first of the names, of which the last is NULL, that has a text; else "". */
char *ing_field_first(struct slice json, const char *const *names, struct arena *arena);
/* 1 or 0 for true or false, also in quotes; -1: neither. */
int ing_field_bool(struct slice json, const char *name, struct arena *arena);

#endif
