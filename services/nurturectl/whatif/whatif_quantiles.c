/* whatif_quantiles.c - quantiles of numbers that come in order; see whatif_internal.h. */
#include <stdlib.h>
#include <string.h>

#include "whatif_internal.h"

static const double quantiles_of[WHATIF_QUANTILES] = {0.1, 0.5, 0.9, 0.99, 1.0};

struct whatif_quantiles whatif_quantiles_begin(uint64_t count, int64_t ret[WHATIF_QUANTILES])
{
	memset(ret, 0, WHATIF_QUANTILES * sizeof(*ret));
	return (struct whatif_quantiles){.count = count, .ret = ret};
}

void whatif_quantiles_add(struct whatif_quantiles *quantiles, int64_t number, uint64_t count)
{
	quantiles->seen += count;
	while (quantiles->taken < WHATIF_QUANTILES) {
		double wanted = (double)quantiles->count * quantiles_of[quantiles->taken];
		uint64_t least = (uint64_t)(wanted + 0.999999);

		if (quantiles->seen < (least ? least : 1))
			return;
		quantiles->ret[quantiles->taken++] = number;
	}
}

int whatif_take_waits(struct whatif *whatif, unsigned side, struct err *err)
{
	struct tally *tally = &whatif->counting->waits[side];
	struct whatif_counts *all = &whatif->sides[side].all;
	struct whatif_quantiles of_all = whatif_quantiles_begin(all->said, all->wait_quantiles_ms);
	struct whatif_quantiles *of = whatif_room(whatif->programme_count, sizeof(*of));
	struct tally_entry entry;
	int r = tally_rewind(tally, err);

	for (size_t i = 0; i < whatif->programme_count; i++) {
		struct whatif_counts *counts = &whatif->programmes[i].sides[side];

		of[i] = whatif_quantiles_begin(counts->said, counts->wait_quantiles_ms);
	}
	while (r == 0 && (r = tally_next(tally, &entry, err)) > 0) {
		whatif_quantiles_add(&of_all, entry.number, entry.count);
		whatif_quantiles_add(&of[entry.group], entry.number, entry.count);
		r = 0;
	}
	free(of);
	return r;
}
