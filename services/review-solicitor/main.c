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

#include "common/io/config/config.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "services/review-solicitor/pages/serve.h"
#include "services/review-solicitor/pages/site.h"
#include "step.h"

struct config {
	struct common_config common;
	const char *token_key, *token_key_before;
	struct token_keys keys;
	int64_t pages_per_address;
	const char *pages_directory, *words_directory;
	struct sol_site site;
};

static const struct setting settings[] = {
    {"NURTURE_TOKEN_KEY", SETTING_SECRET, offsetof(struct config, token_key), NULL, 0, 0, NULL,
     "Keys of the links in mails, one a line of at least 16 bytes, the same for all services: the "
     "first signs, all are good."},
    {"NURTURE_TOKEN_KEY_BEFORE", SETTING_SECRET, offsetof(struct config, token_key_before), "", 0,
     0, NULL, TOKEN_KEY_BEFORE_TEXT},
    {"NURTURE_PAGES_PER_ADDRESS", SETTING_INT, offsetof(struct config, pages_per_address), "600", 0,
     1000000, NULL,
     "Forms that one address may send a minute, a proxy being one; 0 is any number."},
    {"NURTURE_PAGES", SETTING_TEXT, offsetof(struct config, pages_directory), "", 0, 0, NULL,
     "Directory of the shop's own pages (feedback.mustache, ...); what is not there is ours."},
    {"NURTURE_WORDS", SETTING_TEXT, offsetof(struct config, words_directory), "", 0, 0, NULL,
     "Directory of the shop's own words and languages (de.yaml, fr.yaml, ...); what is not there "
     "is ours."},
    {0}};

static const struct stream_input inputs[] = {{"events", stream_identify_event, false}, {0}};
static const struct stream_output outputs[] = {[SOL_ASKS] = {"asks", true}, {0}};

enum { WAIT_MS = 500 };

/* The page's producer may break down for good while the loop is well. */
static int run(struct stream *stream, const struct sol_serve *serve, struct err *err)
{
	int r = 0;

	while (r >= 0 && !stop_requested()) {
		r = stream_begin(stream, WAIT_MS, err);
		if (r >= 0)
			r = stream_decide(stream, sol_step, err);
		if (r >= 0)
			r = sol_serve_check(serve, err);
	}
	return r;
}

static int load(int argc, char **argv, struct config *config, struct solicitor *ret,
		struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, offsetof(struct config, common), ":8084"}, {settings, 0, NULL}, {0}};

	if (config_load(argc, argv,
			"review-solicitor - asks everybody for feedback at the right moment",
			tables, config, err) < 0)
		return -1;
	if (token_keys_read(config->token_key, config->token_key_before, &config->keys, err) < 0)
		return -1;
	ret->token_key = config->keys.now;
	if (config_policy(&config->common, NULL, &ret->policy, err) < 0)
		return -1;
	if (sol_site_open(&config->site, config->pages_directory, config->words_directory, err) < 0)
		return -1;
	if (config->common.check_only)
		sol_site_print_missing(&config->site);
	config_end_check(&config->common);
	return 0;
}

int main(int argc, char **argv)
{
	struct config config = {0};
	struct solicitor solicitor = {0};
	struct stream_options options = {.service = "review-solicitor",
					 .inputs = inputs,
					 .outputs = outputs,
					 .changelog = "ladders",
					 .context = &solicitor,
					 .config = &config.common};
	struct sol_serve_options pages = {.ready = stream_ready};
	struct sol_serve *serve = NULL;
	struct stream *stream = NULL;
	char events_topic[256];
	struct err err;
	int r;

	stop_on_signals();
	log_open("review-solicitor");
	r = load(argc, argv, &config, &solicitor, &err);
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
		r = run(stream, serve, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	sol_serve_close(&serve);
	sol_site_close(&config.site);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
