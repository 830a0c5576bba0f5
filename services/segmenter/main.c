/*
 * NAME      segmenter - who is this customer now, and what does that set off?
 * READS     nurture.events      orders, deliveries, consent, cases: whatever happened
 * WRITES    nurture.requests    what the policy's programmes would like to say
 *           nurture.deadletter  events that cannot be understood, with the reason
 *           nurture.profile-handovers  a merged customer's profile and later events, to itself as
 *                               the owner of the id that goes on; by the wall clock
 * STATE     nurture.profiles    orders, recency, frequency, money, stage, segments, consent;
 *                               its index is in Redis
 * TIME      wall, or event (NURTURE_CLOCK): dates, anniversaries and "gone quiet" are timers
 * FAILURE   wrong settings or policy: exit 100.  Kafka or Redis gone, a commit whose result is
 *           unknown, a partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, exit 0
 */
#include "common/io/config/config.h"
#include "common/io/config/config_tracing.h"
#include "common/io/http/http.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/stream/stream.h"
#include "step.h"

static const struct stream_input inputs[] = {
    [SEG_EVENTS] = {"events", stream_identify_event, .moves_misrouted = true},
    [SEG_HANDED] = {"profile-handovers", stream_identify_internal, .moves_misrouted = false},
    {0}};
static const struct stream_output outputs[] = {
    [SEG_REQUESTS] = {"requests", .ticks = true, .kind = RECORD_REQUEST},
    [SEG_HANDOVERS] = {"profile-handovers", .kind = RECORD_HANDOVER, .spreads = true},
    {0}};

static int load(int argc, char **argv, struct common_config *config, struct segmenter *segmenter,
		struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, 0, ":8081"},
	    {tracing_settings, offsetof(struct common_config, tracing), NULL},
	    {0}};

	if (config_load(argc, argv, "segmenter - keeps profiles and sets off programmes", tables,
			config, err) < 0 ||
	    config_policy(config, NULL, &segmenter->policy, err) < 0)
		return -1;
	segmenter->hands_over = config->clock == CLOCK_WALL;
	config_end_check(config);
	return 0;
}

int main(int argc, char **argv)
{
	struct common_config config;
	struct segmenter segmenter = {0};
	struct stream_options options = {.service = "segmenter",
					 .inputs = inputs,
					 .wall_inputs = 1,
					 .outputs = outputs,
					 .changelog = "profiles",
					 .context = &segmenter,
					 .config = &config};
	struct http_server *server = NULL;
	struct stream *stream = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("segmenter");
	r = load(argc, argv, &config, &segmenter, &err);
	if (r == 0) {
		options.version = segmenter.policy->hash;
		r = stream_open(&stream, &options, &err);
	}
	if (r == 0)
		r = stream_serve_health(stream, &server, &err);
	if (r == 0)
		r = stream_run(stream, seg_step, &err);
	if (r == 0)
		r = stream_check(stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	stream_close(&stream);
	return r < 0 ? err_exit_code(&err) : 0;
}
