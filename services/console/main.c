/*
 * NAME      console - what the shop's people look at: today, a person, the programmes
 * READS     nurture.events      what happened to people
 *           nurture.outcomes    what was decided, and why
 *           nurture.tasks, nurture.ends, nurture.notices, nurture.desk
 *                               what people are to do, and what became of it
 *           nurture.profiles    who they are
 *           nurture.contacts    what may be told to them, and what waits
 * STATE     NURTURE_CONSOLE_VIEW  a file of SQLite, made of these topics and of nothing else: it may
 *                               be thrown away, and `nurturectl rebuild console` does
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
#include "serve.h"
#include "settings.h"

static int open_all(const struct con_config *config, struct view **view, struct con_follow **follow,
		    struct con_serve **serve, struct err *err)
{
	const struct view_options wanted = {.path = config->view, .policy = config->policy};
	struct con_follow_options topics = {.brokers = config->common.brokers,
					    .topic_prefix = config->common.topic_prefix};

	if (view_open(view, &wanted, err) < 0)
		return -1;
	topics.view = *view;
	/* The pages are there while the view is made; they say how far it is. */
	if (con_serve_open(serve, config, *view, err) < 0)
		return -1;
	return con_follow_open(follow, &topics, err);
}

int main(int argc, char **argv)
{
	struct con_config config = {0};
	struct con_follow *follow = NULL;
	struct con_serve *serve = NULL;
	struct view *view = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("console");
	r = con_config_load(argc, argv, &config, &err);
	if (r == 0)
		r = open_all(&config, &view, &follow, &serve, &err);
	while (r == 0 && !stop_requested())
		r = con_follow_step(follow, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	con_serve_close(&serve);
	con_follow_close(&follow);
	view_close(&view);
	return r < 0 ? err_exit_code(&err) : 0;
}
