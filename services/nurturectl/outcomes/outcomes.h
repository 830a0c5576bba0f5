/*
 * outcomes.h - the outcomes of a file or a topic, in memory.
 *
 * A canonical file has one JSON object a line; what is read is taken in any
 * order and sorted by (customer, at, id).
 */
#ifndef NURTURE_NURTURECTL_OUTCOMES_OUTCOMES_H
#define NURTURE_NURTURECTL_OUTCOMES_OUTCOMES_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/outcome.h"
#include "services/nurturectl/settings.h"

struct outcomes {
	Nurture__V1__Outcome **items; /* in the arena */
	size_t count, room;
	struct arena arena;
};

/* One outcome, JSON or protobuf. */
int outcomes_add(struct outcomes *outcomes, struct slice bytes, struct err *err);
/* A whole text; the error names file and line. */
int outcomes_add_lines(struct outcomes *outcomes, const char *file, struct slice text,
		       struct err *err);
void outcomes_sort(struct outcomes *outcomes);
void outcomes_free(struct outcomes *outcomes);

/* "-" is standard input. Sorted. ret is the caller's, outcomes_free() it. */
int outcomes_read_file(const char *file, struct outcomes *ret, struct err *err);
/* Reads all that is on nurture.outcomes now; of one customer when customer.len > 0. Sorted. */
int outcomes_read_topic(const struct settings *settings, struct slice customer,
			struct outcomes *ret, struct err *err);

/*
 * The same of one customer, among the newest records of its partition only (0: all of them).
 * ret_reach: how far that went.
 */
struct outcomes_reach {
	int32_t partitions; /* of the topic */
	int64_t skipped;    /* older records that were not looked at */
	int64_t oldest_ms;  /* outcomes before it may be missing; 0: none is */
};
int outcomes_read_newest(const struct settings *settings, struct slice customer, int64_t newest,
			 struct outcomes *ret, struct outcomes_reach *ret_reach, struct err *err);

/* The part of a list that begins at `first` and is about the same customer: how many. */
size_t outcomes_of_customer(const struct outcomes *outcomes, size_t first);

/*
 * Did the outcome's message reach the customer, or may it have? True for sent, in_doubt, permitted.
 */
bool outcome_counts(const Nurture__V1__Outcome *outcome);
/* The enum of a status that was checked when it was read. */
enum status outcome_status(const Nurture__V1__Outcome *outcome);

#endif
