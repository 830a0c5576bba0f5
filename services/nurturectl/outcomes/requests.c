/* requests.c - see requests.h. */
#include "requests.h"

#include <stdlib.h>

static int compare_outcomes_of_requests(const void *a, const void *b)
{
	const Nurture__V1__Outcome *x = *(Nurture__V1__Outcome *const *)a;
	const Nurture__V1__Outcome *y = *(Nurture__V1__Outcome *const *)b;
	int order = strcmp(x->request, y->request);

	return order ? order : outcome_compare(a, b);
}

static int compare_firsts(const void *a, const void *b)
{
	const struct request *x = a, *y = b;

	return outcome_compare(&x->items[0], &y->items[0]);
}

static struct request one_request(Nurture__V1__Outcome *const *items, size_t left)
{
	struct request request = {.items = items};

	while (request.count < left &&
	       strcmp(items[request.count]->request, items[0]->request) == 0) {
		const Nurture__V1__Outcome *outcome = items[request.count++];

		if (outcome_status(outcome) == STATUS_DEFERRED)
			continue;
		if (outcome_status(outcome) == STATUS_RELEASED) {
			if (request.releases++ == 0)
				request.released = outcome;
		} else if (request.ends++ == 0) {
			request.end = outcome;
		}
	}
	return request;
}

struct requests requests_group(Nurture__V1__Outcome *const *items, size_t count)
{
	struct requests requests = {.items = calloc(count + 1, sizeof(*requests.items)),
				    .outcomes = calloc(count + 1, sizeof(*requests.outcomes))};

	if (!requests.items || !requests.outcomes)
		abort();
	for (size_t i = 0; i < count; i++)
		requests.outcomes[i] = items[i];
	qsort(requests.outcomes, count, sizeof(*requests.outcomes), compare_outcomes_of_requests);
	for (size_t at = 0; at < count; at += requests.items[requests.count++].count)
		requests.items[requests.count] = one_request(requests.outcomes + at, count - at);
	qsort(requests.items, requests.count, sizeof(*requests.items), compare_firsts);
	return requests;
}

void requests_free(struct requests *requests)
{
	free(requests->items);
	free(requests->outcomes);
	*requests = (struct requests){0};
}
