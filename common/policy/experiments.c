/* experiments.c - see experiments.h. */
#include "experiments.h"

#include "common/base/hash.h"

enum { ALL_PERMILLE = 1000 };

static bool falls_in(const char *group, uint32_t permille, const char *customer)
{
	const struct slice parts[] = {slice_text(group), slice_text(customer)};

	return permille > 0 && hash_fraction(parts, 2) * ALL_PERMILLE < permille;
}

const char *experiment_holdout(const struct policy *policy, const struct message_class *class,
			       const char *programme, uint32_t holdout_permille,
			       const char *customer)
{
	if (!class->needs_consent)
		return NULL;
	if (falls_in("*", policy->holdout_permille, customer))
		return "*";
	return falls_in(programme, holdout_permille, customer) ? programme : NULL;
}

/* It hashes three parts where a holdout hashes two: the variant is independent of the holdout. */
const struct variant *experiment_variant(const struct programme *programme, const char *customer)
{
	const struct slice parts[] = {slice_text(programme->name), slice_text("variant"),
				      slice_text(customer)};
	uint32_t upto = 0;
	double at;

	if (programme->variant_count == 0)
		return NULL;
	at = hash_fraction(parts, 3) * ALL_PERMILLE;
	for (unsigned i = 0; i < programme->variant_count; i++) {
		upto += programme->variants[i].share_permille;
		if (at < upto)
			return &programme->variants[i];
	}
	return &programme->variants[programme->variant_count - 1]; /* shares add up to all */
}

/* The share of customers that are not held out, in thousand millionths. */
static uint64_t told_e9(const struct policy *policy, const struct message_class *class,
			uint32_t holdout_permille)
{
	if (!class->needs_consent)
		return UINT64_C(1000000000);
	return (uint64_t)(ALL_PERMILLE - policy->holdout_permille) *
	       (ALL_PERMILLE - holdout_permille) * ALL_PERMILLE;
}

/* What can happen is never told as 0, which would say that nothing is known. */
static uint32_t to_ppm(uint64_t e9)
{
	uint32_t ppm = (uint32_t)((e9 + 500) / 1000);

	return ppm == 0 && e9 > 0 ? 1 : ppm;
}

uint32_t experiment_holdout_ppm(const struct policy *policy, const struct message_class *class,
				uint32_t holdout_permille)
{
	return to_ppm(UINT64_C(1000000000) - told_e9(policy, class, holdout_permille));
}

uint32_t experiment_treatment_ppm(const struct policy *policy, const struct programme *programme,
				  const struct variant *variant)
{
	const struct message_class *class = &policy->classes[programme->message_class];
	uint64_t told = told_e9(policy, class, programme->holdout_permille);

	if (variant)
		return to_ppm(told / ALL_PERMILLE * variant->share_permille);
	return told == UINT64_C(1000000000) ? 0 : to_ppm(told);
}
