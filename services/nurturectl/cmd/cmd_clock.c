/* cmd_clock.c - what time it is on every partition, and putting that right. */
#include <inttypes.h>
#include <stdio.h>

#include "services/nurturectl/repair/clocks.h"
#include "commands.h"
#include "common/base/civil.h"
#include "common/io/process/clock.h"
#include "services/nurturectl/repair/repair.h"

struct clock_values {
	const char *service, *to;
	bool yes;
};

static const struct command_option options[] = {
    {"service", OPTION_TEXT, offsetof(struct clock_values, service), "NAME", NULL, false, 0, 0,
     "only this one; else all four"},
    {"set", OPTION_TEXT, offsetof(struct clock_values, to), "T", NULL, false, 0, 0,
     "put the clocks that are ahead of T to T; a time, or now"},
    {"yes", OPTION_FLAG, offsetof(struct clock_values, yes), NULL, NULL, false, 0, 0,
     "really; without it --set only says what it would do"},
    {0}};

struct clocks {
	const struct settings *settings;
	struct offline *offline; /* NULL: only to look */
	int64_t now_ms, to_ms;
	bool sets, yes;
	unsigned ahead, changed;
	bool
	    has_head; /* the head of the table was printed, above the first service that was read */
};

static int set_partition(struct clocks *clocks, struct repair *repair, int32_t partition,
			 struct err *err)
{
	struct offline_position positions[KAFKA_INPUTS_MAX];
	Nurture__V1__PartitionCheckpoint *checkpoint;
	struct metadata metadata;
	size_t count = 0;

	if (repair_checkpoint(repair, partition, &checkpoint, err) < 0)
		return -1;
	if (checkpoint) {
		checkpoint->clock_ms = clocks->to_ms;
		if (repair_put_checkpoint(repair, partition, checkpoint, err) < 0)
			return -1;
	}
	for (unsigned i = 0; i < repair->positions.input_count; i++) {
		if (!repair_metadata(repair, i, partition, &metadata))
			continue;
		metadata.clock_ms = clocks->to_ms;
		positions[count] = (struct offline_position){
		    .topic = repair->inputs[i],
		    .partition = partition,
		    .offset = repair->positions
				  .items[(int32_t)i * repair->positions.partitions + partition]
				  .offset};
		metadata_write(positions[count++].metadata, &metadata);
	}
	return offline_set_positions(repair->offline, repair->group, positions, count, err);
}

static int look_at(struct clocks *clocks, struct repair *repair, int32_t partition, struct err *err)
{
	char clock[RFC3339_BYTES], to[RFC3339_BYTES];
	struct metadata metadata;
	bool ahead, changes;

	if (!repair_any_metadata(repair, partition, &metadata) || metadata.clock_ms == INT64_MIN) {
		printf("%-17s %9d  %-24s\n", repair->service->name, (int)partition, "-");
		return 0;
	}
	ahead = clock_is_ahead(metadata.clock_ms, clocks->now_ms);
	changes =
	    clocks->sets && clock_is_changed(metadata.clock_ms, clocks->to_ms, clocks->now_ms);
	clocks->ahead += ahead;
	clocks->changed += changes;
	printf("%-17s %9d  %-24s%s%s%s\n", repair->service->name, (int)partition,
	       rfc3339_text(metadata.clock_ms, clock), ahead ? " ahead of now" : "",
	       changes ? " -> " : "", changes ? rfc3339_text(clocks->to_ms, to) : "");
	return changes && clocks->yes ? set_partition(clocks, repair, partition, err) : 0;
}

static int one_service(struct clocks *clocks, const struct position_service *service,
		       struct err *err)
{
	struct repair repair = {.settings = clocks->settings, .service = service};
	int r;

	if (clocks->sets) {
		r = repair_open(&repair, clocks->settings, clocks->offline, service, err);
	} else {
		r = positions_open(clocks->settings, service, &repair.positions, err);
		if (r == 0)
			r = positions_read(&repair.positions, err);
	}
	if (r == 0 && !clocks->has_head)
		printf("%-17s %9s  %-24s\n", "SERVICE", "PARTITION", "CLOCK");
	clocks->has_head = true;
	for (int32_t p = 0; r == 0 && p < repair.positions.partitions; p++)
		r = look_at(clocks, &repair, p, err);
	/* The change is made only when all partitions were read without an error. */
	if (r == 0 && clocks->sets && clocks->yes)
		r = offline_commit(clocks->offline, err);
	repair_close(&repair);
	return r;
}

static int verdict(const struct clocks *clocks)
{
	if (clocks->sets && clocks->changed == 0) {
		puts("no clock is ahead of that time: there is nothing to set");
		return 0;
	}
	if (clocks->sets && !clocks->yes) {
		printf("%u clocks would be set; say --yes\n", clocks->changed);
		return EXIT_NO;
	}
	if (clocks->sets) {
		printf("%u clocks set\n", clocks->changed);
		return 0;
	}
	if (clocks->ahead == 0)
		return 0;
	puts("A partition that is ahead of now is not decided. If this machine's clock is right,\n"
	     "stop the services: nurturectl clock --set now --yes (docs/operations.md)");
	return EXIT_NO;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct clock_values *values = call->values;
	const struct position_service *only = NULL;
	struct clocks clocks = {.settings = call->settings,
				.now_ms = clock_wall_ms(),
				.sets = values->to != NULL,
				.yes = values->yes};
	int r = clock_set_read(values->to, clocks.now_ms, &clocks.to_ms, err);

	if (r == 0 && clocks.sets && call->settings->common.clock == CLOCK_EVENT)
		r = err_config(err, "with NURTURE_CLOCK=event the events say what time it is");
	if (r == 0 && values->service && !(only = repair_service(values->service, err)))
		r = -1;
	if (r == 0 && clocks.sets)
		r = repair_offline(call->settings, &clocks.offline, err);
	for (int i = 0; r == 0 && i < POSITION_SERVICES; i++)
		if (!only || only == &position_services[i])
			r = one_service(&clocks, &position_services[i], err);
	offline_close(&clocks.offline);
	return r < 0 ? r : verdict(&clocks);
}

const struct command cmd_clock = {
    .name = "clock",
    .line = "what time is it on every partition? and put it right",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct clock_values),
    .text =
	"A partition's clock never goes back, so one that was decided while a machine's clock was\n"
	"wrong stays ahead. Exit 1 when one is. --set puts it right while the services are "
	"stopped;\n"
	"what they remember stays as it is (docs/operations.md).",
    .run = run,
};
