/* cmd_status.c - a table of how far every service has come on every partition. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "common/base/civil.h"
#include "services/nurturectl/repair/positions.h"

/* A clock before any record is none. */
static const char *time_text(bool is_known, int64_t time_ms, char text[RFC3339_BYTES])
{
	if (!is_known || time_ms == INT64_MIN)
		return "-";
	return rfc3339_text(time_ms, text);
}

static int print_partition(struct positions *positions, unsigned input, int32_t partition,
			   struct err *err)
{
	const struct position *position =
	    &positions->items[(int32_t)input * positions->partitions + partition];
	char number[24] = "-", clock[RFC3339_BYTES], decided[RFC3339_BYTES];
	int64_t lag;

	if (group_watch_lag(positions->watch, input, partition, position->offset, &lag, err) < 0)
		return -1;
	if (position->is_known)
		snprintf(number, sizeof(number), "%" PRIu64, position->number);
	printf("%-17s %-9s %9d %10s  %-24s %-24s %8" PRId64 "\n", positions->service->name,
	       positions->service->inputs[input], (int)partition, number,
	       time_text(position->is_known, position->clock_ms, clock),
	       time_text(position->is_known, position->decided_ms, decided), lag);
	return 0;
}

/* The head is printed above the first service that was read: no broker, no table. */
static int print_service(const struct settings *settings, int index, struct err *err)
{
	struct positions positions;
	int r;

	if (positions_open(settings, &position_services[index], &positions, err) < 0)
		return -1;
	r = positions_read(&positions, err);
	if (r == 0 && index == 0)
		printf("%-17s %-9s %9s %10s  %-24s %-24s %8s\n", "SERVICE", "INPUT", "PARTITION",
		       "BATCH", "CLOCK", "DECIDED", "LAG");
	for (unsigned i = 0; i < positions.input_count && !positions_is_absent(&positions); i++)
		for (int32_t p = 0; r == 0 && p < positions.partitions; p++)
			r = print_partition(&positions, i, p, err);
	positions_close(&positions);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	for (int i = 0; i < POSITION_SERVICES; i++)
		if (print_service(call->settings, i, err) < 0)
			return -1;
	return 0;
}

const struct command cmd_status = {
    .name = "status",
    .line = "how far has every service come?",
    .arguments = "",
    .text =
	"BATCH is the sequence number that stands with the offsets, CLOCK what time it is there,\n"
	"DECIDED up to when everything is (with NURTURE_CLOCK=event), LAG how many records of\n"
	"the topic are not done yet (transaction markers count). \"-\": nothing was committed.",
    .run = run,
};
