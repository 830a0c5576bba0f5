/* shop_counts.h - what the shops' door counts, by shop. */
#ifndef NURTURE_INGEST_SHOPS_SHOP_COUNTS_H
#define NURTURE_INGEST_SHOPS_SHOP_COUNTS_H

#include "common/io/process/metrics.h"
#include "shop_config.h"

/* clang-format off */
#define SHOP_RESULTS(X)                                                                            \
	X(STORED, "stored")             /* its events */                                           \
	X(SKIPPED, "skipped")           /* it became no event, for a reason */                     \
	X(UNAUTHORIZED, "unauthorized") /* 401 */                                                  \
	X(UNAVAILABLE, "unavailable")   /* 503 */
/* clang-format on */
enum shop_result {
#define X(name, text) SHOP_RESULT_##name,
	SHOP_RESULTS(X)
#undef X
	    SHOP_RESULT_COUNT
};

struct shop_counts {
	struct metric *deliveries[SHOP_HOOKS_MAX][SHOP_RESULT_COUNT];
	struct metric *skipped[SHOP_HOOKS_MAX][SHOP_SKIP_COUNT];
	struct metric *events[SHOP_HOOKS_MAX];
	struct metric *mended[SHOP_HOOKS_MAX];
	struct metric *seconds;
};

void shop_counts_register(struct shop_counts *counts, const struct shop_hooks *hooks);

#endif
