/* examine_services.c - groups and positions of the stateful services; see examine.h. */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "examine.h"
#include "judge.h"
#include "services/nurturectl/repair/clocks.h"

/* Fewer may be markers of transactions, or what has just come. */
enum { BEHIND_RECORDS = 100 };

/* How many records wait on each partition of each input. */
static int read_lags(struct positions *positions, int64_t *ret, struct err *err)
{
	if (positions_read(positions, err) < 0)
		return -1;
	for (unsigned i = 0; i < positions->input_count; i++)
		for (int32_t p = 0; p < positions->partitions; p++) {
			size_t at = (size_t)i * (size_t)positions->partitions + (size_t)p;

			if (group_watch_lag(positions->watch, i, p, positions->items[at].offset,
					    &ret[at], err) < 0)
				return -1;
		}
	return 0;
}

static int64_t sum(const int64_t *lags, size_t count, bool *ret_behind)
{
	int64_t all = 0;

	*ret_behind = false;
	for (size_t i = 0; i < count; i++) {
		all += lags[i];
		*ret_behind |= lags[i] > BEHIND_RECORDS;
	}
	return all;
}

static int32_t count_ahead(const struct positions *positions)
{
	int64_t now_ms = clock_wall_ms();
	int32_t count = 0;

	for (int32_t p = 0; p < positions->partitions; p++)
		count += positions->items[p].is_known &&
			 clock_is_ahead(positions->items[p].clock_ms, now_ms);
	return count;
}

/* The partitions of which an input had records to decide, and is where it was. */
static int32_t count_standing(const struct positions *positions, const int64_t *before,
			      const int64_t *offsets)
{
	int32_t standing = 0;

	for (int32_t p = 0; p < positions->partitions; p++) {
		bool stands = false;

		for (unsigned i = 0; i < positions->input_count; i++) {
			size_t at = (size_t)i * (size_t)positions->partitions + (size_t)p;

			stands |= before[at] > BEHIND_RECORDS &&
				  positions->items[at].offset == offsets[at];
		}
		standing += stands;
	}
	return standing;
}

static int look_again(struct positions *positions, int64_t look_ms, size_t count, int64_t *lags,
		      struct service_facts *facts, struct err *err)
{
	int64_t *offsets = malloc(count * sizeof(*offsets)),
		*before = malloc(count * sizeof(*before));
	bool is_behind;
	int r;

	if (!offsets || !before)
		abort();
	for (size_t i = 0; i < count; i++) {
		offsets[i] = positions->items[i].offset;
		before[i] = lags[i];
	}
	clock_sleep_ms(look_ms);
	r = read_lags(positions, lags, err);
	if (r == 0) {
		facts->looked_ms = look_ms;
		facts->lag_later = sum(lags, count, &is_behind);
		facts->standing = count_standing(positions, before, offsets);
	}
	free(offsets);
	free(before);
	return r;
}

static int read_facts(const struct settings *settings, const struct position_service *service,
		      struct positions *positions, int64_t look_ms, struct service_facts *ret,
		      struct err *err)
{
	size_t count = (size_t)positions->input_count * (size_t)positions->partitions;
	int64_t *lags = calloc(count + 1, sizeof(*lags));
	char group[TOPIC_NAME_BYTES];
	bool is_behind;
	int r;

	if (!lags)
		abort();
	*ret =
	    (struct service_facts){.service = service->name, .partitions = positions->partitions};
	r = group_facts_read(settings->common.brokers,
			     settings_topic(settings, service->name, group), &ret->group, err);
	if (r == 0)
		r = read_lags(positions, lags, err);
	if (r == 0) {
		ret->lag = ret->lag_later = sum(lags, count, &is_behind);
		ret->ahead = settings->common.clock == CLOCK_WALL ? count_ahead(positions) : 0;
		if (is_behind && ret->group.members > 0)
			r = look_again(positions, look_ms, count, lags, ret, err);
	}
	free(lags);
	return r;
}

static void examine_service(const struct settings *settings, const struct position_service *service,
			    bool is_wanted, int64_t look_ms, struct findings *findings)
{
	struct positions positions;
	struct service_facts facts;
	struct err err;
	int r = positions_open_common(settings, service, &positions, &err);

	/* A topic that is missing is a finding of its own, and no fault of who is not there. */
	if (r < 0 && service->is_optional && !is_wanted)
		return;
	if (r == 0 && service->is_optional && (r = positions_read(&positions, &err)) == 0 &&
	    positions_is_absent(&positions)) {
		positions_close(&positions);
		judge_absent(service->name, is_wanted, findings);
		return;
	}
	if (r == 0) {
		r = read_facts(settings, service, &positions, look_ms, &facts, &err);
		positions_close(&positions);
	}
	if (r == 0)
		judge_service(&facts, findings);
	else
		finding_add(findings, FINDING_WRONG, service->name, NULL, "%s", err.text);
}

void examine_services(const struct settings *settings, bool has_desk, int64_t look_ms,
		      struct findings *findings)
{
	for (int i = 0; i < POSITION_SERVICES; i++)
		examine_service(settings, &position_services[i], has_desk, look_ms, findings);
}
