/* facts.c - two opinions side by side; see facts.h. */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

struct fact *facts_add(struct facts *facts)
{
	if (facts->count == FACTS_MAX)
		abort();
	return &facts->list[facts->count++];
}

static int compare(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->request != y->request)
		return x->request < y->request ? -1 : 1;
	return x->status - y->status;
}

void facts_sort(struct facts *facts)
{
	qsort(facts->list, facts->count, sizeof(*facts->list), compare);
}

static const char *word(int status)
{
	return status == STATUS_DISPATCHED   ? "dispatched"
	       : status == STATUS_TAKEN_BACK ? "taken back"
					     : status_text((enum status)status);
}

void facts_print(const struct test_case *c, const struct fact *fact, FILE *out)
{
	char at[RFC3339_BYTES], until[RFC3339_BYTES];

	fprintf(out, "%s %s %s", rfc3339_text(fact->at_ms, at), request_name(c, fact->request),
		word(fact->status));
	if (fact->host != NOBODY)
		fprintf(out, " in the mail of %s", request_name(c, fact->host));
	if (fact->rule[0])
		fprintf(out, ", %s", fact->rule);
	if (fact->window_s)
		fprintf(out, " %lld of %lld in %lld s", (long long)fact->count,
			(long long)fact->limit, (long long)fact->window_s);
	if (fact->won_by != NOBODY)
		fprintf(out, " for %s", request_name(c, fact->won_by));
	if (fact->eligible_ms)
		fprintf(out, ", until %s", rfc3339_text(fact->eligible_ms, until));
}

static bool is_same(const struct fact *a, const struct fact *b)
{
	if (a->at_ms != b->at_ms || a->request != b->request || a->status != b->status ||
	    a->host != b->host)
		return false;
	if (a->status != STATUS_DEFERRED && a->status != STATUS_DISPLACED)
		return true;
	return strcmp(a->rule, b->rule) == 0 && a->won_by == b->won_by && a->count == b->count &&
	       a->limit == b->limit && a->window_s == b->window_s &&
	       a->eligible_ms == b->eligible_ms;
}

static void say(const struct test_case *c, const char *who, const struct facts *facts, unsigned at,
		FILE *out)
{
	fprintf(out, "  %s ", who);
	if (at < facts->count)
		facts_print(c, &facts->list[at], out);
	else
		fprintf(out, "nothing more");
	fprintf(out, "\n");
}

bool facts_differ(const struct test_case *c, const struct facts *expected,
		  const struct facts *found, char *why, size_t why_bytes)
{
	const struct facts *troubled = expected->trouble[0] ? expected : found;
	unsigned at = 0;
	FILE *out;

	why[0] = '\0';
	if (troubled->trouble[0]) {
		snprintf(why, why_bytes, "  %s\n", troubled->trouble);
		return true;
	}
	while (at < expected->count && at < found->count &&
	       is_same(&expected->list[at], &found->list[at]))
		at++;
	if (at == expected->count && at == found->count)
		return false;
	out = fmemopen(why, why_bytes, "w");
	if (!out)
		abort();
	say(c, "by the page: ", expected, at, out);
	say(c, "the service: ", found, at, out);
	fclose(out);
	return true;
}
