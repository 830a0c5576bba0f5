/*
 * forecast.h - what is expected of a customer, by a model that was learnt from the shop's orders.  Pure.
 *
 * A customer's orders are seen as visits: all orders of one day, counted from the first order in
 * steps of 24 hours, are one.  BG/NBD (Fader, Hardie and Lee 2005, "Counting Your Customers the Easy
 * Way") and MBG/NBD (Batislam, Denizel and Filiztekin 2007) suppose that people visit at a rate of
 * their own until they stop for good, which shows only in their silence; Gamma-Gamma (Fader and
 * Hardie 2013) that each person's visits cost about the same.  docs/insight.md says what that is
 * good for, and what not.
 *
 * Between two visits the expected orders never rise: a condition on them turns once, and only at
 * the begin of a day.
 */
#ifndef NURTURE_FORECAST_FORECAST_H
#define NURTURE_FORECAST_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

enum forecast_kind { FORECAST_MBG_NBD, FORECAST_BG_NBD, FORECAST_KINDS };

/* X(name, text, what it says of people), as in Shopify's CustomerRfmGroup. */
#define RFM_GROUPS(X)                                                                              \
	X(PROSPECTS, "prospects")                                                                  \
	X(CHAMPIONS, "champions")                                                                  \
	X(LOYAL, "loyal")                                                                          \
	X(ACTIVE, "active")                                                                        \
	X(NEW, "new")                                                                              \
	X(PROMISING, "promising")                                                                  \
	X(NEEDS_ATTENTION, "needs_attention")                                                      \
	X(ALMOST_LOST, "almost_lost")                                                              \
	X(AT_RISK, "at_risk")                                                                      \
	X(PREVIOUSLY_LOYAL, "previously_loyal")                                                    \
	X(DORMANT, "dormant")
enum rfm_group {
#define X(name, text) RFM_##name,
	RFM_GROUPS(X)
#undef X
	    RFM_GROUP_COUNT
};

enum { RFM_CUTS = 4, FORECAST_RELATED_MAX = 3 };

/*
 * Where the fifths end: a value above cuts[i] belongs to a later fifth.  Ascending, cuts may be
 * equal.
 */
struct forecast_rfm {
	int64_t days[RFM_CUTS];   /* since the last order; the last fifth scores 1 */
	int64_t orders[RFM_CUTS]; /* the last fifth scores 5 */
	int64_t spent_e4[RFM_CUTS];
};

/* Who bought the category bought these more often than others did; the surest first. */
struct forecast_related {
	const char *category;
	const char *others[FORECAST_RELATED_MAX];
	unsigned count;
};

struct forecast {
	enum forecast_kind kind;
	double r, alpha, a, b; /* alpha in days; all more than 0 */
	bool has_value;
	double p, q, v; /* of Gamma-Gamma, v in the shop's currency; q more than 1 */
	bool has_rfm;
	struct forecast_rfm rfm;
	const struct forecast_related *related; /* each category once */
	unsigned related_count;
};

/* What a model looks at. */
struct forecast_life {
	int64_t repeats; /* visits after the first one */
	int64_t last;    /* days from the first to the last visit */
	int64_t days;    /* days from the first visit until now; at least `last` */
	double mean;     /* money per visit; 0: it is not known */
};

/*
 * Expected visits within so many days from now.  0 for a horizon of none.  Exact to about 1e-9 of
 * the value, or of 1 when that is more.
 */
double forecast_expected_orders(const struct forecast *model, const struct forecast_life *life,
				double days);
/* Expected money within so many days; the model must have values. */
double forecast_expected_value(const struct forecast *model, const struct forecast_life *life,
			       double days);
/*
 * The chance that the person has not stopped for good, by MBG/NBD.  BG/NBD says 1 of everybody who
 * came once, so it is not asked: -1 for that model, and for whoever came once.
 */
double forecast_alive(const struct forecast *model, const struct forecast_life *life);

/* Money per visit that is expected of a person with so many visits of that mean; 0 visits: of anybody. */
double forecast_visit_value(const struct forecast *model, int64_t visits, double mean);

/* The group by days since the last order, orders and money; without an order: RFM_PROSPECTS. */
enum rfm_group forecast_rfm_group(const struct forecast_rfm *rfm, int64_t days, int64_t orders,
				  int64_t spent_e4);
/* What goes with the category; NULL: nothing was learnt of it. */
const struct forecast_related *forecast_related(const struct forecast *forecast,
						const char *category);
const char *rfm_group_text(enum rfm_group group);
const char *forecast_kind_text(enum forecast_kind kind);

/* For expected.c and its test: Gauss's series for 0 <= z < 1, and c neither 0 nor a negative integer. */
double forecast_hypergeometric(double a, double b, double c, double z);

#endif
