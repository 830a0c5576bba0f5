/*
 * NAME      review-solicitor - whom do we ask for feedback, when, on which rung?
 * READS     nurture.events      deliveries, cases, feedback
 *           HTTP                the pages behind the links of mails (serve.h)
 *           Redis               the scheduler's index, to show people what counts and what waits
 * WRITES    nurture.asks        asks, one reminder, call tasks for low scores
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
#include <stdio.h>

#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "services/review-solicitor/pages/serve.h"
#include "settings.h"
#include "step.h"

static const struct stream_input inputs[] = {{"events", stream_identify_event, false}, {0}};
static const struct stream_output outputs[] = {[SOL_ASKS] = {"asks", true}, {0}};

/* The page's producer may break down for good while the loop is well. */
static int check_pages(void *context, struct stream *stream, struct err *err)
{
	struct sol_serve **serve = context;

	(void)stream;
	return sol_serve_check(*serve, err);
}

int main(int argc, char **argv)
{
	struct sol_config config = {0};
	struct solicitor solicitor = {0};
	struct sol_serve *serve = NULL;
	struct stream_options options = {.service = "review-solicitor",
					 .inputs = inputs,
					 .outputs = outputs,
					 .changelog = "ladders",
					 .context = &solicitor,
					 .config = &config.common,
					 .after_batch = check_pages,
					 .loop_context = &serve};
	struct sol_serve_options pages = {.ready = stream_ready};
	struct stream *stream = NULL;
	char events_topic[256];
	struct err err;
	int r;

	stop_on_signals();
	log_open("review-solicitor");
	r = sol_config_load(argc, argv, &config, &solicitor, &err);
	if (r == 0) {
		options.version = solicitor.policy->hash;
		r = stream_open(&stream, &options, &err);
	}
	if (r == 0) {
		snprintf(events_topic, sizeof(events_topic), "%sevents",
			 config.common.topic_prefix);
		pages.brokers = config.common.brokers;
		pages.events_topic = events_topic;
		pages.pages_per_address = config.pages_per_address;
		pages.listen = config.common.listen;
		pages.admin_listen = config.common.admin_listen;
		pages.connections_per_address = (unsigned)config.common.connections_per_address;
		pages.redis_urls = config.common.redis_url;
		pages.prefix = config.common.topic_prefix;
		pages.policy = solicitor.policy;
		pages.site = &config.site;
		pages.token_keys = config.keys;
		pages.ready_context = stream;
		r = sol_serve_open(&serve, &pages, &err);
	}
	if (r == 0)
		r = stream_run(stream, sol_step, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	sol_serve_close(&serve);
	sol_site_close(&config.site);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
