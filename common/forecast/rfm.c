/* rfm.c - eleven groups by recency, frequency and money; see forecast.h. */
#include "forecast.h"

/*
 * The names and what they mean are those of Shopify's CustomerRfmGroup; which scores fall under
 * which name is ours.  A row is a score for recency, 1 to 5, a column the mean of the scores for
 * orders and money, rounded up.
 */
static const enum rfm_group groups[5][5] = {
    {RFM_DORMANT, RFM_DORMANT, RFM_AT_RISK, RFM_AT_RISK, RFM_PREVIOUSLY_LOYAL},
    {RFM_DORMANT, RFM_DORMANT, RFM_AT_RISK, RFM_AT_RISK, RFM_PREVIOUSLY_LOYAL},
    {RFM_ALMOST_LOST, RFM_ALMOST_LOST, RFM_NEEDS_ATTENTION, RFM_LOYAL, RFM_LOYAL},
    {RFM_PROMISING, RFM_ACTIVE, RFM_ACTIVE, RFM_LOYAL, RFM_LOYAL},
    {RFM_NEW, RFM_ACTIVE, RFM_ACTIVE, RFM_CHAMPIONS, RFM_CHAMPIONS},
};

/* 0 to 4: how many fifths end below the value. */
static int fifth(const int64_t cuts[RFM_CUTS], int64_t value)
{
	int count = 0;

	while (count < RFM_CUTS && value > cuts[count])
		count++;
	return count;
}

enum rfm_group forecast_rfm_group(const struct forecast_rfm *rfm, int64_t days, int64_t orders,
				  int64_t spent_e4)
{
	int recency = 4 - fifth(rfm->days, days);
	int worth = (fifth(rfm->orders, orders) + fifth(rfm->spent_e4, spent_e4) + 1) / 2;

	return orders > 0 ? groups[recency][worth] : RFM_PROSPECTS;
}

const char *rfm_group_text(enum rfm_group group)
{
	static const char *const texts[] = {
#define X(name, text) [RFM_##name] = text,
	    RFM_GROUPS(X)
#undef X
	};

	return texts[group];
}
