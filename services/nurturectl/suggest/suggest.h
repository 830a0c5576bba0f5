/*
 * suggest.h - the cadence that a shop's best customers have by themselves,
 * learnt from its orders.  Pure.
 *
 * A customer is happy who ordered on at least three different days and never
 * cancelled, returned, got a refund or complained, as far as the file says.  Orders of
 * one local day are one visit; a gap is the days between two visits.  Only
 * gaps that ended are known: who stayed away until the file ends is not among
 * them, so long gaps are rather more common than this says.
 */
#ifndef NURTURE_NURTURECTL_SUGGEST_SUGGEST_H
#define NURTURE_NURTURECTL_SUGGEST_SUGGEST_H

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "services/nurturectl/outcomes/names.h"
#include "services/nurturectl/sim/orders.h"

enum {
	SUGGEST_VISITS_MIN = 3,
	SUGGEST_SAMPLE_MIN = 30, /* of fewer nothing is proposed */
	SUGGEST_TAIL_MIN = 5,    /* so many must lie beyond a quantile to propose it */
	SUGGEST_CATEGORIES_MAX = 500,
};

enum suggest_quantile {
	SUGGEST_Q10,
	SUGGEST_Q25,
	SUGGEST_Q50,
	SUGGEST_Q75,
	SUGGEST_Q90,
	SUGGEST_QS
};

/*
 * Quantiles of n values: each is the least value that so many are not above, with the 95 %
 * interval of its order statistic (no shape is assumed).
 */
struct suggest_spread {
	size_t n;
	double at[SUGGEST_QS], low[SUGGEST_QS], high[SUGGEST_QS];
};

struct suggest_category {
	const char *name;
	struct suggest_spread first; /* days from a first visit with it to the second visit */
	struct suggest_spread again; /* days between two visits with it */
};

struct suggest {
	size_t customers, happy, visits; /* visits: those of the happy */
	int64_t first_ms, last_ms;
	bool knows_troubles;        /* the file has cancellations, refunds, returns or complaints */
	struct suggest_spread gaps; /* days, of all happy customers' gaps */
	struct suggest_spread usual;  /* days, the usual gap of each: the median of theirs */
	struct suggest_spread ratios; /* a gap over the usual one until then, of at least two */
	struct suggest_category *categories; /* the one bought again most often comes first */
	size_t category_count;
	/* private */
	struct names names;
	struct suggest_counting *counting;
};

/*
 * Counts some customers after the other, in their byte order: begin with all orders, for their
 * times, then add each share of them, by customer, then end.  zone NULL: UTC.  The caller frees ret by
 * suggest_free().
 */
void suggest_begin(const struct orders *all, const struct zone *zone, struct suggest *ret);
void suggest_add(struct suggest *suggest, const struct orders *share);
void suggest_end(struct suggest *suggest);
/* The same at once; sorts orders by customer. */
void suggest_count(struct orders *orders, const struct zone *zone, struct suggest *ret);
void suggest_free(struct suggest *suggest);

/* What can be proposed, in days, or as a multiple of the usual gap. */
enum suggest_line {
	SUGGEST_MIN_GAP,  /* nine of ten gaps are longer */
	SUGGEST_LIMIT,    /* messages in 30 days: as often as the quicker quarter comes by itself */
	SUGGEST_SLIPPING, /* times the usual gap: nine of ten were back by then */
	SUGGEST_GONE,     /* days: nine of ten were back by then */
	SUGGEST_ASK,      /* days after delivery: before the quicker quarter orders again */
	SUGGEST_ASK_AGAIN, /* days between two requests: once in a usual gap */
	SUGGEST_LINES
};
/* Gives the value to propose; false when there are too few gaps to propose one. */
bool suggest_value(const struct suggest *suggest, enum suggest_line line, double *ret);
/* Gives the days for which a category counts as just bought: until half have bought it again. */
bool suggest_window(const struct suggest_category *category, double *ret);

/* Appends lines for a policy file, each with the numbers behind it; policy may be NULL. */
void suggest_yaml(const struct suggest *suggest, const struct policy *policy, struct buf *out);
void suggest_json(const struct suggest *suggest, struct buf *out);

#endif
