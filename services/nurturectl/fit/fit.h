/*
 * fit.h - learns from a shop's orders what is to be expected of its customers.  Pure.
 *
 * What is learnt is a struct forecast (common/forecast/forecast.h), by maximum likelihood.  An order that was
 * cancelled or refunded whole is none, as in the segmenter; a partial refund is taken from what was
 * spent.
 */
#ifndef NURTURE_NURTURECTL_FIT_FIT_H
#define NURTURE_NURTURECTL_FIT_FIT_H

#include <stddef.h>

#include "common/base/buf.h"
#include "common/forecast/forecast.h"
#include "services/nurturectl/outcomes/names.h"
#include "services/nurturectl/sim/orders.h"

enum {
	FIT_PEOPLE_MIN = 100, /* of fewer nothing is learnt */
	FIT_REPEATERS_MIN = 30,
};

/* One customer at the instant at which the model is learnt. */
struct fit_life {
	uint32_t repeats, last, days; /* as in struct forecast_life */
	uint32_t since;               /* days since the last order */
	uint32_t orders;
	uint32_t later;    /* visits between that instant and the end of the file */
	uint32_t gap_days; /* usual gap between visits: the median; 0: there is none */
	int64_t spent_e4;
};

/*
 * Who bought this bought that: categories, of the orders that were kept.  A pair is kept when people
 * who bought one bought the other more often than others did (lift above 1), at least
 * FIT_TOGETHER_MIN bought both, and chance does so in less than one of a thousand pairs that have
 * nothing to do with each other: Dunning's log-likelihood ratio (1993) is above 10.83.
 */
enum { FIT_CATEGORIES_MAX = 256, FIT_TOGETHER_MIN = 10 };
struct fit_pair {
	uint32_t together, first, second, people; /* who bought both, each, and anything */
};
/* The ratio; 0 when the two are not bought together more often than apart. */
double fit_pair_strength(const struct fit_pair *pair);
double fit_pair_lift(const struct fit_pair *pair);

struct fit_related {
	struct names names; /* of the first FIT_CATEGORIES_MAX that came; later ones do not count */
	uint32_t people, left_out; /* left_out: purchases of later categories */
	uint32_t bought[FIT_CATEGORIES_MAX];
	uint32_t together[FIT_CATEGORIES_MAX][FIT_CATEGORIES_MAX]; /* of the lower number first */
};
/* Adds a person by what was bought; each name may come more than once. */
void fit_related_add(struct fit_related *related, const char *const *categories, size_t count);
/* Numbers of the categories that go with one, the surest first; returns how many. */
unsigned fit_related_of(const struct fit_related *related, uint32_t category,
			uint32_t ret[FORECAST_RELATED_MAX]);
struct fit_pair fit_pair_of(const struct fit_related *related, uint32_t a, uint32_t b);

struct fit_lives {
	struct fit_life *lives;
	struct fit_related *related; /* the caller's, zeroed; NULL: not counted */
	size_t count, room, repeaters;
	int64_t learnt_ms, until_ms; /* what is later than learnt_ms only counts as `later` */
	int64_t first_ms;            /* of all orders; INT64_MAX: there is none */
};

/* Adds whole customers: events of each together, by time.  fit_lives_free() frees what it keeps. */
void fit_lives_add(struct fit_lives *lives, const struct orders *share);
void fit_lives_free(struct fit_lives *lives);

/* What the search found. */
struct fit_result {
	double likelihood;    /* its logarithm, with time in days */
	unsigned evaluations; /* of all starts */
	bool is_at_edge;      /* a parameter ran to the end of its range: the data do not tell it */
};

/* Fills kind's r, alpha, a and b. */
struct fit_result fit_orders(const struct fit_lives *lives, enum forecast_kind kind,
			     struct forecast *model);
/*
 * Fills p, q and v, of those who spent something; has_value says whether q is more than 1, without
 * which no mean can be expected.
 */
struct fit_result fit_value(const struct fit_lives *lives, struct forecast *model);
/* Fills the fifths. */
void fit_rfm(const struct fit_lives *lives, struct forecast_rfm *ret);

/* How well each way to rank people puts those who bought later before those who did not. */
enum fit_ranking {
	FIT_BY_EXPECTED, /* orders expected until the end of the file */
	FIT_BY_RECENCY,  /* days since the last order */
	FIT_BY_ORDERS,
	FIT_BY_GAP,   /* the same over the usual gap, of those who have one */
	FIT_BY_ALIVE, /* by MBG/NBD, of those who came again */
	FIT_RANKINGS
};
struct fit_judgement {
	size_t people, buyers, repeaters; /* repeaters: FIT_BY_GAP has a gap of them */
	/* The area under the ROC curve: the chance that a buyer stands before another. NAN: not
	 * known */
	double all[FIT_RANKINGS], repeat[FIT_RANKINGS];
	double expected, bought; /* visits of all of them, as foretold and as they came */
	double top_buyers,
	    top_share; /* of the tenth with the most expected: who buys, and its share
					    of all later visits */
};
void fit_judge(const struct fit_lives *lives, const struct forecast *model,
	       struct fit_judgement *ret);

/* Of scores and whether each was right: the area; ties count half.  NAN: all are alike. */
struct fit_scored {
	double score;
	bool is_buyer;
};
double fit_area(struct fit_scored *scored, size_t count);

/* Finds a minimum by Nelder and Mead's simplex; x is the start and then where it is. */
enum { FIT_DIMENSIONS_MAX = 4 };
double fit_minimum(double (*value)(const double *x, void *context), void *context, unsigned n,
		   double *x, unsigned *evaluations);
/*
 * The likeliest parameters, from several starts; minus_likelihood is INFINITY beyond the edge.  x is
 * where the best of them is, and untouched when none is better than nothing at all.
 */
struct fit_search {
	double (*minus_likelihood)(const double *x, void *context);
	void *context;
	unsigned n;
	double edge; /* of each parameter, on both sides */
	const double (*starts)[FIT_DIMENSIONS_MAX];
	unsigned start_count;
};
struct fit_result fit_likeliest(const struct fit_search *search, double *x);

/* The model file, as the policy reads it; currency may be "". */
void fit_put_model(const struct fit_lives *lives, const struct forecast *model,
		   const char *currency, struct buf *out);

#endif
