/*
 * NAME      scheduler - may this person hear this now?
 * READS     nurture.requests    from the segmenter
 *           nurture.asks        from the review-solicitor
 * WRITES    nurture.dispatch    what is to be mailed now
 *           nurture.tasks       what a human is to do
 *           nurture.outcomes    what became of every request, and why
 *           nurture.answers     the same, to another tool that asks, each time it asks
 *           nurture.deadletter  requests that cannot be understood, with the reason
 * STATE     nurture.contacts    per customer: what was granted when, what is waiting, consent;
 *                               its index is in Redis; per partition: coupons drawn
 * TIME      wall, or event (NURTURE_CLOCK): both inputs are then merged by time
 * FAILURE   wrong settings or policy, no key for signed coupons, a file of codes that is not what
 *           was drawn from: exit 100.  Kafka or Redis gone, a commit whose result is unknown, a
 *           partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, exit 0
 */
#include "common/io/config/config.h"
#include "common/io/config/coupon_files.h"
#include "common/io/http/http.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "common/token/coupon_code.h"
#include "pool_levels.h"
#include "step.h"

enum { WAIT_MS = 500 };

static const struct stream_input inputs[] = {
    [SCHED_REQUESTS] = {"requests", stream_identify_internal, false},
    [SCHED_ASKS] = {"asks", stream_identify_internal, false},
    {0}};
static const struct stream_output outputs[] = {[SCHED_DISPATCH] = {"dispatch", true},
					       [SCHED_TASKS] = {"tasks", false},
					       [SCHED_OUTCOMES] = {"outcomes", false},
					       [SCHED_ANSWERS] = {"answers", false},
					       {0}};

struct scheduler_config {
	struct common_config common;
	const char *coupon_key;
};

static const struct setting settings[] = {
    {"NURTURE_COUPON_KEY", SETTING_SECRET, offsetof(struct scheduler_config, coupon_key), "", 0, 0,
     NULL,
     "Key that signs coupon codes, at least 16 bytes; needed when the policy has a signed source."},
    {0}};

/* Whoever could guess the key could make codes. */
static int take_coupon_key(const struct scheduler_config *config, struct scheduler *scheduler,
			   struct err *err)
{
	const struct policy *policy = scheduler->policy;
	size_t len = strlen(config->coupon_key);

	if (len > 0 && len < COUPON_KEY_MIN_BYTES)
		return err_config(err, "NURTURE_COUPON_KEY: %zu bytes, at least %d are needed", len,
				  COUPON_KEY_MIN_BYTES);
	for (unsigned i = 0; i < policy->coupon_count && len == 0; i++)
		if (policy->coupons[i].kind == COUPON_SIGNED)
			return err_config(err,
					  "NURTURE_COUPON_KEY must be set (or "
					  "NURTURE_COUPON_KEY_FILE): coupons.%s of the policy "
					  "is signed with it",
					  policy->coupons[i].name);
	scheduler->coupon_key = slice_text(config->coupon_key);
	return 0;
}

static int configure(int argc, char **argv, struct scheduler_config *config,
		     struct scheduler *scheduler, struct err *err)
{
	const struct setting_table tables[] = {
	    {COMMON_SETTINGS(struct scheduler_config, common, ":8082")}, {settings, 0, NULL}, {0}};

	if (config_load(argc, argv,
			"scheduler - grants, defers or ends what others would like to say", tables,
			config, err) < 0 ||
	    config_policy(&config->common, NULL, &scheduler->policy, err) < 0 ||
	    take_coupon_key(config, scheduler, err) < 0 ||
	    coupon_files_read(scheduler->policy, &scheduler->pools, err) < 0)
		return -1;
	config_end_check(&config->common);
	/* In event time what belongs together arrives at one instant; nobody waits. */
	scheduler->settle_ms =
	    config->common.clock == CLOCK_EVENT ? 0 : scheduler->policy->settle_ms;
	scheduler->format = config->common.outcome_format ? OUTCOME_PROTOBUF : OUTCOME_JSON;
	return 0;
}

static int run(struct stream *stream, struct pool_levels *levels, struct err *err)
{
	int r = 0;

	while (r >= 0 && !stop_requested()) {
		r = stream_begin(stream, WAIT_MS, err);
		if (r >= 0)
			r = stream_decide(stream, sched_step, err);
		if (r >= 0)
			r = pool_levels_show(levels, stream, err);
	}
	return r;
}

int main(int argc, char **argv)
{
	struct scheduler_config config = {0};
	struct scheduler scheduler = {0};
	struct pool_levels levels = {0};
	struct stream_options options = {.service = "scheduler",
					 .inputs = inputs,
					 .outputs = outputs,
					 .changelog = "contacts",
					 .context = &scheduler,
					 .config = &config.common,
					 .effects_context = &levels};
	struct http_options pages = {.ready = stream_ready};
	struct http_server *server = NULL;
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("scheduler");
	r = configure(argc, argv, &config, &scheduler, &err);
	if (r == 0) {
		options.version = scheduler.policy->hash;
		if (pool_levels_open(&levels, &scheduler) > 0)
			options.check_shared = pool_levels_check;
		r = stream_open(&stream, &options, &err);
	}
	pages.listen = config.common.listen;
	pages.admin_listen = config.common.admin_listen;
	pages.connections_per_address = (unsigned)config.common.connections_per_address;
	pages.context = stream;
	if (r == 0)
		r = http_open(&server, &pages, &err);
	if (r == 0)
		r = run(stream, &levels, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	stream_close(&stream);
	pool_levels_close(&levels);
	return r < 0 ? err_exit_code(&err) : 0;
}
