/*
 * experiments.h - where chance has a hand: who is left alone, and who is told what.
 *
 * Deterministic by customer, and every choice independent of the others: each
 * hashes words of its own.  Probabilities are in millionths, rounded to the
 * nearest, as an analysis needs them to weigh outcomes.  Pure.
 */
#ifndef NURTURE_POLICY_EXPERIMENTS_H
#define NURTURE_POLICY_EXPERIMENTS_H

#include "policy.h"

#define CERTAIN_PPM 1000000

/*
 * Is a customer left alone by the overall holdout ("*"), or that of a programme?
 * Which one: "*" or the programme; NULL when by neither.  Classes that need no
 * consent have no holdout.
 */
const char *chance_holdout(const struct policy *policy, const struct message_class *class,
			   const char *programme, uint32_t holdout_permille, const char *customer);
/* The arm of a customer; NULL for a programme without variants. */
const struct variant *chance_variant(const struct programme *programme, const char *customer);

/* How likely anybody is to be left alone; 0 when there is no holdout. */
uint32_t chance_holdout_ppm(const struct policy *policy, const struct message_class *class,
			    uint32_t holdout_permille);
/*
 * How likely anybody is to get this arm of a programme (NULL: what it says to
 * all) instead of another one or nothing; 0 when chance has no hand in it.
 */
uint32_t chance_treatment_ppm(const struct policy *policy, const struct programme *programme,
			      const struct variant *variant);

#endif
