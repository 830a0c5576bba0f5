/*
 * survey.h - all tasks of all customers, as they stand on the desk's changelog: without an end, or
 * expired not long ago.
 */
#ifndef NURTURE_DESK_MORNING_SURVEY_H
#define NURTURE_DESK_MORNING_SURVEY_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "digest.h"
#include "states.h"

struct dsk_survey {
	struct dsk_states states; /* the customers of the list are its */
	struct arena arena;
	struct dsk_listed *list;
	size_t count;
};

/* Reads the whole topic: some seconds where a million customers have tasks. Free it in any case. */
int dsk_survey_read(const char *brokers, const char *topic, const struct desk *desk,
		    struct dsk_survey *ret, struct err *err);
void dsk_survey_free(struct dsk_survey *survey);

#endif
