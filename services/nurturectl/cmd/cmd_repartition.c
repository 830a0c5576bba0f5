/* cmd_repartition.c - the way to more partitions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "common/io/kafka/topics.h"
#include "services/nurturectl/repair/repartition.h"

struct repartition_values {
	int64_t partitions;
	bool yes;
};

static const struct command_option options[] = {
    {"partitions", OPTION_NUMBER, offsetof(struct repartition_values, partitions), "N", NULL, true,
     2, 10000, "how many each topic is to have: a multiple of the number it has"},
    {"yes", OPTION_FLAG, offsetof(struct repartition_values, yes), NULL, NULL, false, 0, 0,
     "really; without it nothing is changed"},
    {0}};

static int open_all(struct repartition *all, struct err *err)
{
	for (; all->opened < POSITION_SERVICES; all->opened++)
		if (repair_open(&all->services[all->opened], all->settings, all->offline,
				&position_services[all->opened], err) < 0) {
			all->opened++;
			return -1;
		}
	return 0;
}

static void close_all(struct repartition *all)
{
	while (all->opened > 0)
		repair_close(&all->services[--all->opened]);
}

/* By how many partitions customers are told apart until now. */
static int find_before(struct repartition *all, struct err *err)
{
	struct metadata metadata;
	int32_t fewest = INT32_MAX;

	for (int s = 0; s < POSITION_SERVICES; s++) {
		struct repair *repair = &all->services[s];

		if (repair->positions.partitions < fewest)
			fewest = repair->positions.partitions;
		for (int32_t p = 0; p < repair->positions.partitions; p++) {
			if (!repair_any_metadata(repair, p, &metadata) || metadata.partitions == 0)
				continue;
			if (all->before && all->before != metadata.partitions)
				return err_environment(err,
						       "the services remember %d partitions "
						       "and %d",
						       (int)all->before, metadata.partitions);
			all->before = metadata.partitions;
		}
	}
	if (all->before == 0)
		all->before = fewest; /* nobody has remembered it yet */
	return 0;
}

static int check_number(const struct repartition *all, struct err *err)
{
	if (all->after % all->before == 0)
		return 0;
	return err_config(err,
			  "customers are on %d partitions: expected a multiple of it, so that "
			  "each of the new ones comes from one of the old ones",
			  (int)all->before);
}

static int grow(const struct repartition *all, struct err *err)
{
	char name[TOPIC_NAME_BYTES];

	for (size_t i = 0; topic_plans[i].name; i++) {
		int32_t now;

		settings_topic(all->settings, topic_plans[i].name, name);
		if (offline_partitions(all->offline, name, &now, err) < 0)
			return -1;
		if (now > all->after)
			return err_config(err,
					  "topic %s has %d partitions already, and they cannot "
					  "become fewer",
					  name, (int)now);
		if (now < all->after && offline_grow(all->offline, name, all->after, err) < 0)
			return -1;
		if (offline_await(all->offline, name, all->after, err) < 0)
			return -1;
	}
	return 0;
}

static int move_all(struct repartition *all, struct err *err)
{
	/* Positions are to be read of all partitions that there are now. */
	close_all(all);
	if (grow(all, err) < 0 || open_all(all, err) < 0 || repartition_inputs(all, err) < 0)
		return -1;
	for (int s = 0; s < POSITION_SERVICES; s++)
		if (!positions_is_absent(&all->services[s].positions) &&
		    repartition_states(all, &all->services[s], err) < 0)
			return -1;
	if (repartition_items(all, err) < 0)
		return -1;
	return offline_commit(all->offline, err);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct repartition_values *values = call->values;
	struct repartition all = {.settings = call->settings, .after = (int32_t)values->partitions};
	int r = repair_offline(call->settings, &all.offline, err);
	bool is_done;

	if (r == 0)
		r = open_all(&all, err);
	if (r == 0)
		r = find_before(&all, err);
	is_done = r == 0 && all.before == all.after;
	if (r == 0)
		r = check_number(&all, err);
	if (r == 0 && !is_done && values->yes)
		r = move_all(&all, err);
	if (r == 0 && is_done)
		printf("customers are on %d partitions already\n", (int)all.before);
	else if (r == 0 && values->yes)
		printf("from %d to %d partitions: %" PRId64 " states moved, %" PRId64
		       " records copied that were not read\n",
		       (int)all.before, (int)all.after, all.states, all.records);
	else if (r == 0)
		printf("customers would go from %d to %d partitions; say --yes\n", (int)all.before,
		       (int)all.after);
	close_all(&all);
	free(all.ends);
	offline_close(&all.offline);
	return r < 0 ? r : is_done || values->yes ? 0 : EXIT_NO;
}

const struct command cmd_repartition = {
    .name = "repartition",
    .line = "give all topics more partitions, and each customer the right one",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct repartition_values),
    .text =
	"All services must be stopped, ingest too. States move with their timers, what was not "
	"read\n"
	"is copied to where its customer is now, and the groups read on behind it: in one\n"
	"transaction, so it may be begun again after a kill. Redis needs nothing: it is an index,\n"
	"and is made true when the services start (docs/operations.md).",
    .run = run,
};
