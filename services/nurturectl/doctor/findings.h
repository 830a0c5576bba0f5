/*
 * findings.h - what was found when an installation was examined, in the order in which it was.
 */
#ifndef NURTURE_NURTURECTL_DOCTOR_FINDINGS_H
#define NURTURE_NURTURECTL_DOCTOR_FINDINGS_H

#include <stddef.h>

#include "common/base/arena.h"

enum finding_level {
	FINDING_OK,
	FINDING_NOTE,  /* worth knowing: right in some installations, or it could not be seen */
	FINDING_WRONG, /* something does not work, or will not */
};

struct finding {
	enum finding_level level;
	const char *area; /* "topics"; borrowed */
	const char *text;
	const char *advice; /* what mends it; NULL: nothing to do */
};

/* Grows without bound; texts live until findings_free(). */
struct findings {
	struct finding *items;
	size_t count, room;
	struct arena texts;
};

/* advice is borrowed, and may be NULL.  Control characters of the text become question marks. */
void finding_add(struct findings *findings, enum finding_level level, const char *area,
		 const char *advice, const char *format, ...) __attribute__((format(printf, 5, 6)));
size_t findings_of(const struct findings *findings, enum finding_level level);
/* "ok", "note", "wrong" */
const char *finding_level_text(enum finding_level level);
void findings_free(struct findings *findings);

#endif
