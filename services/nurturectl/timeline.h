/* timeline.h - one customer's busiest year: orders and what was said, by time. Pure. */
#ifndef NURTURE_NURTURECTL_TIMELINE_H
#define NURTURE_NURTURECTL_TIMELINE_H

#include "common/base/arena.h"
#include "nurture/v1/event.pb-c.h"
#include "report.h"
#include "requests.h"

enum mark_kind { MARK_ORDER, MARK_SAID, MARK_TASK, MARK_UNSAID, MARK_WAITING, MARK_KINDS };

struct mark {
	enum mark_kind kind;
	int64_t at_ms;
	const Nurture__V1__Event *order;  /* MARK_ORDER */
	const struct request *request;    /* else */
	const Nurture__V1__Outcome *last; /* of the request: its end, or the newest deferral */
};

struct timeline {
	const struct report_input *input;
	struct mark *marks;
	size_t count, counts[MARK_KINDS];
	size_t placed; /* of the orders; the rest are cancellations and refunds */
	int64_t from_ms, to_ms;
	struct requests requests; /* private, as is the arena */
	struct arena arena;
};

void timeline_open(struct timeline *timeline, const struct report_input *input,
		   const struct report_story *story);
void timeline_close(struct timeline *timeline);

#endif
