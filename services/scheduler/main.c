/*
 * NAME      scheduler - may this person hear this now?
 * READS     nurture.requests    from the segmenter
 *           nurture.asks        from the review-solicitor
 * WRITES    nurture.dispatch    what is to be mailed now
 *           nurture.tasks       what a human is to do
 *           nurture.outcomes    what became of every request, and why
 *           nurture.answers     the same, to another tool that asks, each time it asks
 *           nurture.contact-handovers  a merged customer's ledger and later records, to itself as
 *                               the owner of the id that goes on; by the wall clock
 *           nurture.deadletter  requests that cannot be understood, with the reason
 * STATE     nurture.contacts    per customer: what was granted when, what is waiting, consent;
 *                               its index is in Redis; per partition: coupons drawn
 * TIME      wall, or event (NURTURE_CLOCK): both inputs are then merged by time
 * FAILURE   wrong settings or policy, no key for signed coupons, a file of codes that is not what
 *           was drawn from: exit 100.  Kafka or Redis gone, a commit whose result is unknown, a
 *           partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, exit 0
 */
#include "common/io/http/http.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "outcome_counts.h"
#include "pool_levels.h"
#include "settings.h"
#include "step.h"

static const struct stream_input inputs[] = {
    [SCHED_REQUESTS] = {"requests", stream_identify_internal, .moves_misrouted = false},
    [SCHED_ASKS] = {"asks", stream_identify_internal, .moves_misrouted = false},
    [SCHED_HANDED] = {"contact-handovers", stream_identify_internal, .moves_misrouted = false},
    {0}};
static const enum record_kind input_kinds[] = {[SCHED_REQUESTS] = RECORD_REQUEST,
					       [SCHED_ASKS] = RECORD_REQUEST,
					       [SCHED_HANDED] = RECORD_HANDOVER};
static const struct stream_output outputs[] = {
    [SCHED_DISPATCH] = {"dispatch", .ticks = true, .kind = RECORD_DISPATCH, .spreads = true},
    [SCHED_TASKS] = {"tasks", .ticks = true, .kind = RECORD_TASK},
    [SCHED_OUTCOMES] = {"outcomes", .kind = RECORD_OUTCOME, .may_wait = true},
    [SCHED_ANSWERS] = {"answers", .kind = RECORD_ANSWER},
    [SCHED_HANDOVERS] = {"contact-handovers", .kind = RECORD_HANDOVER, .spreads = true},
    {0}};

static int open_loop(const struct scheduler *scheduler, struct pool_levels *levels,
		     struct stream_options *options, struct stream **ret, struct err *err)
{
	options->version = scheduler->policy->hash;
	if (pool_levels_open(levels, scheduler) > 0)
		options->check_shared = pool_levels_check;
	return stream_open(ret, options, err);
}

int main(int argc, char **argv)
{
	struct scheduler_config config = {0};
	struct scheduler scheduler = {0};
	struct pool_levels levels = {0};
	struct stream_options options = {.service = "scheduler",
					 .inputs = inputs,
					 .wall_inputs = 1,
					 .input_kinds = input_kinds,
					 .outputs = outputs,
					 .changelog = "contacts",
					 .context = &scheduler,
					 .config = &config.common,
					 .after_batch = pool_levels_show,
					 .note_output = outcome_counts_note,
					 .loop_context = &levels};
	struct http_server *server = NULL;
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("scheduler");
	r = scheduler_config_load(argc, argv, &config, &scheduler, &err);
	if (r == 0)
		r = open_loop(&scheduler, &levels, &options, &stream, &err);
	if (r == 0)
		r = stream_serve_health(stream, &server, &err);
	if (r == 0)
		r = stream_run(stream, sched_step, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	stream_close(&stream);
	pool_levels_close(&levels);
	return r < 0 ? err_exit_code(&err) : 0;
}
