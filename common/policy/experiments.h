/*
 * experiments.h - assignment at random: which customers are held out, and which variant of a
 * programme each of the others gets.
 *
 * An assignment is deterministic by customer, and independent of every other one, since each
 * hashes words of its own.  Probabilities are in millionths, rounded to the
 * nearest, as an analysis needs them to weigh outcomes.  Pure.
 */
#ifndef NURTURE_POLICY_EXPERIMENTS_H
#define NURTURE_POLICY_EXPERIMENTS_H

#include "policy.h"

#define CERTAIN_PPM 1000000

/*
 * The holdout that the customer is in: "*" for the overall one, or the programme; NULL when in
 * neither.  Classes that need no consent have no holdout.
 */
const char *experiment_holdout(const struct policy *policy, const struct message_class *class,
			       const char *programme, uint32_t holdout_permille,
			       const char *customer);
/* The variant that the customer gets; NULL for a programme without variants. */
const struct variant *experiment_variant(const struct programme *programme, const char *customer);

/* The probability of being held out; 0 when there is no holdout. */
uint32_t experiment_holdout_ppm(const struct policy *policy, const struct message_class *class,
				uint32_t holdout_permille);
/*
 * The probability of getting this variant of a programme (NULL: it has none) instead of another
 * one or nothing; 0 when nothing is assigned at random.
 */
uint32_t experiment_treatment_ppm(const struct policy *policy, const struct programme *programme,
				  const struct variant *variant);

#endif
