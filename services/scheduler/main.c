/*
 * NAME      scheduler - may this person hear this now?
 * READS     nurture.requests    from the segmenter
 *           nurture.asks        from the review-solicitor
 * WRITES    nurture.dispatch    what is to be mailed now
 *           nurture.tasks       what a human is to do
 *           nurture.outcomes    what became of every request, and why
 *           nurture.deadletter  requests that cannot be understood, with the reason
 * STATE     nurture.contacts    per customer: what was granted when, what is waiting, consent;
 *                               its index is in Redis
 * TIME      wall, or event (NURTURE_CLOCK): both inputs are then merged by time
 * FAILURE   wrong settings or policy: exit 100.  Kafka or Redis gone, a commit whose result is
 *           unknown, a partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, exit 0
 */
#include "common/io/config.h"
#include "common/io/http.h"
#include "common/io/log.h"
#include "common/io/stop.h"
#include "common/stream/stream.h"
#include "step.h"

static const struct stream_input inputs[] = {
	[SCHED_REQUESTS] = {"requests", stream_identify_internal, false},
	[SCHED_ASKS] = {"asks", stream_identify_internal, false},
	{0}};
static const struct stream_output outputs[] = {[SCHED_DISPATCH] = {"dispatch", true},
					       [SCHED_TASKS] = {"tasks", false},
					       [SCHED_OUTCOMES] = {"outcomes", false},
					       {0}};

int main(int argc, char **argv)
{
	struct common_config config;
	const struct setting_table tables[] = {{common_settings, 0, ":8082"}, {0}};
	struct scheduler scheduler = {0};
	struct stream_options options = {.service = "scheduler",
					 .inputs = inputs,
					 .outputs = outputs,
					 .changelog = "contacts",
					 .context = &scheduler,
					 .config = &config};
	struct http_options pages = {.ready = stream_ready};
	struct http_server *server = NULL;
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("scheduler");
	r = config_load(argc, argv, "scheduler - grants, defers or ends what others would like to say",
			tables, &config, &err);
	if (r == 0)
		r = config_policy(&config, NULL, &scheduler.policy, &err);
	if (r == 0) {
		config_end_check(&config);
		/* In event time what belongs together arrives at one instant; nobody waits. */
		scheduler.settle_ms = config.clock == CLOCK_EVENT ? 0 : scheduler.policy->settle_ms;
		scheduler.format = config.outcome_format ? OUTCOME_PROTOBUF : OUTCOME_JSON;
		r = stream_open(&stream, &options, &err);
	}
	pages.listen = config.listen;
	pages.context = stream;
	if (r == 0)
		r = http_open(&server, &pages, &err);
	if (r == 0)
		r = stream_run(stream, sched_step, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
