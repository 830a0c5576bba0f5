/*
 * NAME      desk - what became of every task that people were given?
 * READS     nurture.tasks       what a human is to do, and what is taken back
 *           nurture.events      what people say of it: task.claimed, task.snoozed, task.done,
 *                               task.failed; customer.erased
 * WRITES    nurture.ends        the one end of each task
 *           nurture.notices     reminders, escalations, tasks that nobody did in time
 *           nurture.events      the event that the policy names when nobody was reached
 *           nurture.desk-handovers  a merged customer's tasks and later records, to itself as the
 *                               owner of the id that goes on; by the wall clock
 *           nurture.deadletter  tasks that cannot be understood, with the reason
 *           webhooks            the same notices, signed, to whom the policy names
 *           HTTP                calendars of tasks, for who has the address (morning/feed.h)
 *           SMTP                each morning, to the policy's people: what they are to do
 * STATE     nurture.desk        per customer: tasks without an end, who has them, what was told,
 *                               and what webhooks have not taken yet; its index is in Redis
 * TIME      wall, or event (NURTURE_CLOCK): both inputs are then merged by time
 *           With the wall clock a desk that was away does not speak before it has heard what was
 *           said meanwhile.
 * FAILURE   wrong settings or policy: exit 100.  Kafka or Redis gone, a commit whose result is
 *           unknown, a partition that another instance owns by now: exit 111 and be restarted.
 * SIGNALS   SIGTERM, SIGINT: finish the batch, leave the group, exit 0
 */
#include "common/io/http/http.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "common/message/outcome.h"
#include "common/stream/stream.h"
#include "effects.h"
#include "morning/feed.h"
#include "settings.h"

/* As stream_identify: a task is JSON or protobuf, as the topic has it. */
static int identify_task(struct slice key, struct slice value, bool want_time, struct arena *arena,
			 struct slice *ret_customer, int64_t *ret_time_ms, struct err *err)
{
	Nurture__V1__Task *task;

	*ret_customer = key;
	if (!want_time)
		return 0;
	if (task_decode(value, arena, &task, err) < 0)
		return -1;
	*ret_time_ms = (int64_t)task->time_ms;
	return 0;
}

static const struct stream_input inputs[] = {
    [DSK_EVENTS] = {"events", stream_identify_event, .moves_misrouted = false},
    [DSK_TASKS] = {"tasks", identify_task, .moves_misrouted = false},
    [DSK_HANDED] = {"desk-handovers", stream_identify_internal, .moves_misrouted = false},
    {0}};
static const struct stream_output outputs[] = {
    [DSK_ENDS] = {"ends", .kind = RECORD_END},
    [DSK_NOTICES] = {"notices", .kind = RECORD_NOTICE},
    [DSK_EVENTS_OUT] = {"events", .kind = RECORD_EVENT},
    [DSK_HANDOVERS] = {"desk-handovers", .kind = RECORD_HANDOVER, .spreads = true},
    {0}};

static int open_loop(const struct dsk_config *config, const struct dsk_service *service,
		     struct dsk_effects *effects, struct err *err)
{
	const struct stream_options options = {.service = "desk",
					       .version = service->policy->hash,
					       .inputs = inputs,
					       .wall_inputs = 1,
					       .outputs = outputs,
					       .changelog = "desk",
					       .context = service,
					       .config = &config->common,
					       .yield = dsk_effects_yield,
					       .before_batch = dsk_effects_before_batch,
					       .after_batch = dsk_effects_after_batch,
					       .loop_context = effects};

	const struct dsk_mailer_options mails = {.smtp = dsk_config_smtp(config),
						 .brokers = config->common.brokers,
						 .topic = config->states_topic,
						 .policy = service->policy,
						 .console_url = config->console_url};

	effects->desk = service->policy->desk;
	dsk_counts_open(&effects->counts, effects->desk);
	if (dsk_config_mails(config, effects->desk) &&
	    dsk_mailer_open(&effects->mailer, &mails, err) < 0)
		return -1;
	if (dsk_poster_open(&effects->poster, &config->hooks, err) < 0)
		return -1;
	return stream_open(&effects->stream, &options, err);
}

static int serve(const struct dsk_config *config, const struct dsk_service *service,
		 const struct dsk_effects *effects, struct dsk_feed *feed, struct http_server **ret,
		 struct err *err)
{
	feed->stream = effects->stream;
	feed->keys = config->keys;
	feed->brokers = config->common.brokers;
	feed->topic = config->states_topic;
	feed->desk = service->policy->desk;
	feed->console_url = config->console_url;
	return dsk_feed_serve(feed, &config->common, ret, err);
}

int main(int argc, char **argv)
{
	struct dsk_config config = {0};
	struct dsk_service service = {0};
	struct dsk_effects effects = {0};
	struct dsk_feed feed = {0};
	struct http_server *server = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("desk");
	r = dsk_config_load(argc, argv, &config, &service, &err);
	if (r == 0)
		r = open_loop(&config, &service, &effects, &err);
	if (r == 0)
		r = serve(&config, &service, &effects, &feed, &server, &err);
	if (r == 0)
		r = stream_run(effects.stream, dsk_step, &err);
	if (r == 0)
		r = dsk_effects_yield(&effects, &err);
	if (r == 0)
		r = stream_check(effects.stream, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	dsk_feed_close(&feed);
	stream_close(&effects.stream);
	dsk_effects_close(&effects);
	arena_free(&config.arena);
	return r < 0 ? err_exit_code(&err) : 0;
}
