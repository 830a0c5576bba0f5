/*
 * NAME      review-solicitor - whom do we ask for feedback, when, on which rung?
 * READS     nurture.events      deliveries, cases, feedback
 *           HTTP                the pages behind the links of mails (serve.h)
 *           Redis               the scheduler's index, to show people what counts and what waits
 * WRITES    nurture.asks        asks, one reminder, call tasks for low scores
 *           nurture.feedback    what customers said, item by item
 *           nurture.ladder-handovers  a merged customer's ladder and later events, to itself as the
 *                               owner of the id that goes on; by the wall clock
 *           nurture.events      what people say on the pages: feedback.received,
 *                               message.unsubscribed, consent.changed, preferences.changed,
 *                               customer.updated, customer.erased
 * STATE     nurture.ladders     per customer: orders to ask about, what was asked and answered;
 *                               its index is in Redis
 * TIME      wall, or event (NURTURE_CLOCK)
 * FAILURE   wrong settings or policy: exit 100.  Kafka or Redis gone, a commit whose result is
 *           unknown, a partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, answer what is open, exit 0
 */
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "services/review-solicitor/pages/serve.h"
#include "settings.h"
#include "step.h"

static const struct stream_input inputs[] = {
    [SOL_EVENTS] = {"events", stream_identify_event, .moves_misrouted = false},
    [SOL_HANDED] = {"ladder-handovers", stream_identify_internal, .moves_misrouted = false},
    {0}};
static const struct stream_output outputs[] = {
    [SOL_ASKS] = {"asks", .ticks = true, .kind = RECORD_REQUEST, .may_wait = true},
    [SOL_HANDOVERS] = {"ladder-handovers", .kind = RECORD_HANDOVER, .spreads = true},
    [SOL_FEEDBACK] = {"feedback", .kind = RECORD_FEEDBACK, .may_wait = true, .has_own_keys = true},
    {0}};

/* The page's producer may break down for good while the loop is well. */
static int check_pages(void *context, struct stream *stream, struct err *err)
{
	struct sol_serve **serve = context;

	(void)stream;
	return sol_serve_check(*serve, err);
}

static int open_pages(struct sol_serve **ret, const struct sol_config *config,
		      const struct policy *policy, struct stream *stream, struct err *err)
{
	const struct common_config *common = &config->common;
	const struct sol_serve_options options = {
	    .brokers = common->brokers,
	    .events_topic = config->events_topic,
	    .listen = common->listen,
	    .admin_listen = common->admin_listen,
	    .connections_per_address = (unsigned)common->connections_per_address,
	    .redis_urls = common->redis_url,
	    .prefix = common->topic_prefix,
	    .pages_per_address = config->pages_per_address,
	    .policy = policy,
	    .site = &config->site,
	    .token_keys = config->keys,
	    .ready = stream_ready,
	    .ready_context = stream,
	};

	return sol_serve_open(ret, &options, err);
}

int main(int argc, char **argv)
{
	struct sol_config config = {0};
	struct solicitor solicitor = {0};
	struct sol_serve *serve = NULL;
	struct stream_options options = {.service = "review-solicitor",
					 .inputs = inputs,
					 .wall_inputs = 1,
					 .outputs = outputs,
					 .changelog = "ladders",
					 .context = &solicitor,
					 .config = &config.common,
					 .after_batch = check_pages,
					 .loop_context = &serve};
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("review-solicitor");
	r = sol_config_load(argc, argv, &config, &solicitor, &err);
	if (r == 0) {
		options.version = solicitor.policy->hash;
		r = stream_open(&stream, &options, &err);
	}
	if (r == 0)
		r = open_pages(&serve, &config, solicitor.policy, stream, &err);
	if (r == 0)
		r = stream_run(stream, sol_step, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	sol_serve_close(&serve);
	web_site_close(&config.site);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
