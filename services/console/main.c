/*
 * NAME      console - what the shop's people look at: today, a person, the programmes
 * READS     nurture.events      what happened to people
 *           nurture.outcomes    what was decided, and why
 *           nurture.tasks, nurture.ends, nurture.notices, nurture.desk
 *                               what people are to do, and what became of it
 *           nurture.profiles    who they are
 *           nurture.contacts    what may be told to them, and what waits
 * WRITES    nurture.events      what the shop's people do on the pages (say/change.h)
 * TIME      wall, or event (NURTURE_CLOCK): now is then what the topics' ticks say
 * STATE     NURTURE_CONSOLE_VIEW  a file of SQLite, made of these topics and of nothing else: it
 *                               may be thrown away, and `nurturectl rebuild console` does
 * FAILURE   wrong settings or policy, a file that is no view: exit 100.  Kafka gone, the disk full,
 *           topics that are not what they were: exit 111 and be restarted.  Records that cannot be
 *           understood are counted and passed over.
 * SIGNALS   SIGTERM, SIGINT: commit what was read, exit 0
 *
 * Nothing is decided here.  No group is joined: how far each topic was read stands in the file.
 */
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "follow.h"
#include "services/console/pages/serve.h"
#include "settings.h"

static int open_pages(struct con_pages **ret, const struct con_config *config, struct view *view,
		      struct err *err)
{
	return con_pages_open(
	    ret,
	    &(struct con_pages_options){
		.brokers = config->common.brokers,
		.events_topic = config->events_topic,
		.listen = config->common.listen,
		.admin_listen = config->common.admin_listen,
		.connections_per_address = (unsigned)config->common.connections_per_address,
		.policy = config->policy,
		.who = &config->who,
		.sign_outs = config->sign_outs,
		.site = &config->site,
		.view = view,
	    },
	    err);
}

static int open_all(const struct con_config *config, struct view **view, struct con_follow **follow,
		    struct con_pages **pages, struct err *err)
{
	const struct view_options wanted = {.path = config->view, .policy = config->policy};
	struct con_follow_options topics = {.brokers = config->common.brokers,
					    .topic_prefix = config->common.topic_prefix,
					    .is_event_clock = config->common.clock == CLOCK_EVENT};

	if (view_open(view, &wanted, err) < 0)
		return -1;
	topics.view = *view;
	/* The pages are there while the view is made; they say how far it is. */
	if (open_pages(pages, config, *view, err) < 0)
		return -1;
	return con_follow_open(follow, &topics, err);
}

/* Reads on; the pages' producer may break down for good while the reading is well. */
static int step(struct con_follow *follow, const struct con_pages *pages, struct err *err)
{
	int r = con_follow_step(follow, err);

	return r < 0 ? r : con_pages_check(pages, err);
}

int main(int argc, char **argv)
{
	struct con_config config = {0};
	struct con_follow *follow = NULL;
	struct con_pages *pages = NULL;
	struct view *view = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("console");
	r = con_config_load(argc, argv, &config, &err);
	if (r == 0)
		r = open_all(&config, &view, &follow, &pages, &err);
	while (r == 0 && !stop_requested())
		r = step(follow, pages, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	con_pages_close(&pages);
	web_site_close(&config.site);
	arena_free(&config.who.arena);
	con_follow_close(&follow);
	view_close(&view);
	return r < 0 ? err_exit_code(&err) : 0;
}
