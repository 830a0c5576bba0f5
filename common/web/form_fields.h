/* form_fields.h - what a form sends: application/x-www-form-urlencoded.  Pure. */
#ifndef NURTURE_WEB_FORM_FIELDS_H
#define NURTURE_WEB_FORM_FIELDS_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum { FORM_FIELDS_MAX = 128 }; /* of one form */

/* Both are UTF-8 and NUL-terminated behind their end, without a NUL inside. */
struct form_field {
	struct slice name, value;
};

struct form_fields {
	struct form_field *items;
	size_t count;
};

/* All or nothing; *ret is the arena's. */
int form_fields_parse(struct slice body, struct arena *arena, struct form_fields *ret,
		      struct err *err);
/* The value of a field that is there at most once: "" when it is not; -1 when it is there twice. */
int form_field_once(const struct form_fields *fields, const char *name, const char **ret,
		    struct err *err);

#endif
