/* requests.h - one customer's outcomes, request by request. Pure. */
#ifndef NURTURE_NURTURECTL_OUTCOMES_REQUESTS_H
#define NURTURE_NURTURECTL_OUTCOMES_REQUESTS_H

#include "outcomes.h"

struct request {
	Nurture__V1__Outcome *const *items; /* by time */
	size_t count;
	const Nurture__V1__Outcome *end;      /* the terminal one, the first of several; or NULL */
	size_t ends;                          /* how many of them: 1 unless something went wrong */
	const Nurture__V1__Outcome *released; /* a permit that was given back; or NULL */
	size_t releases;
};

struct requests {
	struct request *items; /* by the time of their first outcome */
	size_t count;
	Nurture__V1__Outcome **outcomes; /* private */
};

/* Borrows the outcomes; requests_free() it. */
struct requests requests_group(Nurture__V1__Outcome *const *items, size_t count);
void requests_free(struct requests *requests);

#endif
