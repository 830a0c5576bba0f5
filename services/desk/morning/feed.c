/* feed.c - see feed.h. */
#include "feed.h"

#include <string.h>

#include "calendar.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/token/feed_token.h"

enum {
	OWNER_BYTES = 201,
	CALENDAR_MAX_BYTES = 16 << 20,
	SURVEY_GOOD_MS = 60000, /* however many programs ask */
};

static const char prefix[] = "/tasks/", suffix[] = ".ics";

static bool is_ready(void *context, char *reason, size_t size)
{
	return stream_ready(((struct dsk_feed *)context)->stream, reason, size);
}

/* Takes the path apart; false: it is of no calendar. */
static bool read_path(const char *path, char owner[OWNER_BYTES], struct slice *ret_token)
{
	const char *at = path + strlen(prefix), *slash = strchr(at, '/');
	size_t owner_len = slash ? (size_t)(slash - at) : 0;
	size_t len = slash ? strlen(slash + 1) : 0;

	if (owner_len == 0 || owner_len >= OWNER_BYTES || len <= strlen(suffix) ||
	    strcmp(slash + 1 + len - strlen(suffix), suffix) != 0)
		return false;
	memcpy(owner, at, owner_len);
	owner[owner_len] = '\0';
	*ret_token = slice_of(slash + 1, len - strlen(suffix));
	return true;
}

/* With the lock held. */
static int look(struct dsk_feed *feed, struct err *err)
{
	int64_t now_ms = clock_monotonic_ms();

	if (feed->surveyed_ms && now_ms - feed->surveyed_ms < SURVEY_GOOD_MS)
		return 0;
	dsk_survey_free(&feed->survey);
	feed->surveyed_ms = 0;
	if (dsk_survey_read(feed->brokers, feed->topic, feed->desk, &feed->survey, err) < 0)
		return -1;
	feed->surveyed_ms = now_ms;
	return 0;
}

static void show(void *context, struct http_request *request)
{
	struct dsk_feed *feed = context;
	struct buf out = BUF_MAX(CALENDAR_MAX_BYTES);
	char owner[OWNER_BYTES];
	struct slice token;
	struct err err;
	int r;

	if (!read_path(http_path(request), owner, &token) ||
	    !feed_token_is_good(&feed->keys, owner, token)) {
		http_refuse(request, 404, "unknown", "there is no such calendar", NULL);
		return;
	}
	pthread_mutex_lock(&feed->lock);
	r = look(feed, &err);
	if (r == 0)
		dsk_calendar_write(feed->desk, owner, feed->survey.list, feed->survey.count,
				   clock_wall_ms(), feed->console_url, &out);
	pthread_mutex_unlock(&feed->lock);
	if (r < 0)
		log_event(LOG_LEVEL_WARN, "calendar_not_shown", "why", err.text, NULL);
	if (r < 0 || buf_failed(&out))
		http_refuse(request, 503, "unavailable", "the tasks cannot be read now",
			    "Retry-After: 60");
	else
		http_answer(request, 200, "text/calendar; charset=utf-8",
			    "Cache-Control: private, max-age=60", buf_slice(&out));
	buf_free(&out);
}

int dsk_feed_serve(struct dsk_feed *feed, const struct common_config *config,
		   struct http_server **ret, struct err *err)
{
	static const struct http_route routes[] = {
	    {.method = "GET", .path = "/tasks/*", .handler = show}, {0}};
	const struct http_options options = {
	    .listen = config->listen,
	    .admin_listen = config->admin_listen,
	    .connections_per_address = (unsigned)config->connections_per_address,
	    .routes = feed->keys.now.len ? routes : NULL,
	    .ready = is_ready,
	    .context = feed,
	};

	pthread_mutex_init(&feed->lock, NULL);
	return http_open(ret, &options, err);
}

void dsk_feed_close(struct dsk_feed *feed)
{
	dsk_survey_free(&feed->survey);
}
