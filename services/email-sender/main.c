/*
 * NAME      email-sender - say it, once
 * READS     nurture.dispatch    what is to be mailed now; consent that was withdrawn since
 * WRITES    SMTP                one mail per dispatch: render, intent, DATA, result
 *           nurture.outcomes    sent, rejected, in_doubt, ... : the end of every mailed request
 *           nurture.events      message.bounced, of an address that is refused for good
 *           nurture.deadletter  dispatches that cannot be understood, with the reason
 * STATE     nurture.deliveries  per inbox: intents and results, and what binds the inbox; its index
 *                               is in Redis
 * TIME      wall, or event (NURTURE_CLOCK): then a partition waits for all of its mails
 * FAILURE   4xx or no connection: again later, with longer and longer pauses.  5xx: rejected,
 *           or, when it is about us and not the person, the domain gets nothing for a while.
 *           No answer after the final dot: in doubt; what needs consent is not sent again.
 *           Wrong settings, policy or templates: exit 100.  Kafka or Redis gone: exit 111.
 * SIGNALS   SIGTERM, SIGINT: finish the mails that have begun, commit, leave the group, exit 0
 */
#include "common/io/http/http.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "delivery_bridge.h"
#include "settings.h"
#include "step.h"

enum { BATCH_MAX = 1000 };

static const struct stream_input inputs[] = {
    [SEND_DISPATCH] = {"dispatch", stream_identify_internal, .many_producers = true}, {0}};
static const enum record_kind input_kinds[] = {[SEND_DISPATCH] = RECORD_DISPATCH};
static const struct stream_output outputs[] = {
    [SEND_OUTCOMES] = {"outcomes", .kind = RECORD_OUTCOME, .may_wait = true, .spreads = true},
    [SEND_EVENTS] = {"events", .kind = RECORD_EVENT, .may_wait = true, .spreads = true},
    {0}};

/* The journal of attempts, the loop, and the threads that send what it decides. */
static int open_bridge(struct delivery_bridge *bridge, const struct sender_config *config,
		       const struct sender *sender, struct err *err)
{
	const struct stream_options options = {.service = "email-sender",
					       .version = sender->policy->hash,
					       .inputs = inputs,
					       .input_kinds = input_kinds,
					       .outputs = outputs,
					       .changelog = "deliveries",
					       .context = (void *)sender,
					       .config = &config->common,
					       .yield = delivery_bridge_yield,
					       .taken_over = delivery_bridge_taken_over,
					       .before_batch = delivery_bridge_before_batch,
					       .after_batch = delivery_bridge_after_batch,
					       .loop_context = bridge,
					       .batch_max = BATCH_MAX};

	struct send_pool_options pool = config->pool;

	bridge->by_batch = sender->is_event_time;
	if (attempts_open(&bridge->attempts, config->common.redis_url, config->common.topic_prefix,
			  options.service, err) < 0 ||
	    attempt_notes_open(&bridge->notes, config->common.redis_url,
			       config->common.topic_prefix, options.service, err) < 0 ||
	    stream_open(&bridge->stream, &options, err) < 0)
		return -1;
	pool.notes = bridge->notes;
	return send_pool_open(&bridge->pool, &pool, err);
}

int main(int argc, char **argv)
{
	struct sender_config config = {0};
	struct sender sender = {0};
	struct delivery_bridge bridge = {0};
	struct http_server *server = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("email-sender");
	sender.journal = &bridge.journal;
	r = sender_config_load(argc, argv, &config, &sender, &err);
	if (r == 0)
		r = open_bridge(&bridge, &config, &sender, &err);
	if (r == 0)
		r = stream_serve_health(bridge.stream, &server, &err);
	if (r == 0)
		r = stream_run(bridge.stream, send_step, &err);
	if (r == 0)
		r = delivery_bridge_drain(&bridge, &err);
	if (r == 0)
		r = stream_check(bridge.stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	delivery_bridge_close(&bridge);
	return r < 0 ? err_exit_code(&err) : 0;
}
