/* fit_related.c - who bought this bought that; see fit.h. */
#include <math.h>
#include <string.h>

#include "fit.h"

/* Chi squared of one degree of freedom at 0.001. */
#define STRENGTH_MIN 10.83

void fit_related_add(struct fit_related *related, const char *const *categories, size_t count)
{
	bool is_bought[FIT_CATEGORIES_MAX] = {false};
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		int64_t number = names_find(&related->names, categories[i]);

		if (number < 0 && related->names.count < FIT_CATEGORIES_MAX)
			number = names_add(&related->names, categories[i]);
		if (number < 0)
			related->left_out++;
		else
			any = is_bought[number] = true;
	}
	related->people += any;
	for (uint32_t a = 0; any && a < related->names.count; a++) {
		if (!is_bought[a])
			continue;
		related->bought[a]++;
		for (uint32_t b = a + 1; b < related->names.count; b++)
			related->together[a][b] += is_bought[b];
	}
}

struct fit_pair fit_pair_of(const struct fit_related *related, uint32_t a, uint32_t b)
{
	return (struct fit_pair){.together =
				     a < b ? related->together[a][b] : related->together[b][a],
				 .first = related->bought[a],
				 .second = related->bought[b],
				 .people = related->people};
}

double fit_pair_lift(const struct fit_pair *pair)
{
	return (double)pair->together * pair->people / ((double)pair->first * pair->second);
}

/* k of the people, where row * column / people would be there by chance. */
static double share(double k, double row, double column, double people)
{
	return k > 0 ? k * log(k * people / (row * column)) : 0;
}

double fit_pair_strength(const struct fit_pair *pair)
{
	double n = pair->people, a = pair->first, b = pair->second, both = pair->together;

	if (both * n <= a * b)
		return 0;
	return 2 * (share(both, a, b, n) + share(a - both, a, n - b, n) +
		    share(b - both, n - a, b, n) + share(n - a - b + both, n - a, n - b, n));
}

/* Of two that are equally sure the one whose name comes first, so that files can be compared. */
static bool is_surer(const struct fit_related *related, uint32_t category, uint32_t a, uint32_t b)
{
	struct fit_pair pair_a = fit_pair_of(related, category, a);
	struct fit_pair pair_b = fit_pair_of(related, category, b);
	double strength_a = fit_pair_strength(&pair_a), strength_b = fit_pair_strength(&pair_b);

	if (strength_a != strength_b)
		return strength_a > strength_b;
	return strcmp(related->names.texts[a], related->names.texts[b]) < 0;
}

unsigned fit_related_of(const struct fit_related *related, uint32_t category,
			uint32_t ret[FORECAST_RELATED_MAX])
{
	unsigned count = 0;

	for (uint32_t other = 0; other < related->names.count; other++) {
		struct fit_pair pair = fit_pair_of(related, category, other);
		unsigned at = count;

		if (other == category || pair.together < FIT_TOGETHER_MIN ||
		    fit_pair_strength(&pair) < STRENGTH_MIN)
			continue;
		for (; at > 0 && is_surer(related, category, other, ret[at - 1]); at--)
			if (at < FORECAST_RELATED_MAX)
				ret[at] = ret[at - 1];
		if (at < FORECAST_RELATED_MAX)
			ret[at] = other;
		count += count < FORECAST_RELATED_MAX;
	}
	return count;
}
