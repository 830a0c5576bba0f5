/* feed.h - calendars of tasks over HTTP, for who has the address (common/token/feed_token.h). */
#ifndef NURTURE_DESK_MORNING_FEED_H
#define NURTURE_DESK_MORNING_FEED_H

#include <pthread.h>

#include "common/io/http/http.h"
#include "common/stream/stream.h"
#include "common/token/token_keys.h"
#include "survey.h"

struct dsk_feed {
	struct stream *stream;       /* for /readyz */
	struct token_keys keys;      /* none: there are no calendars */
	const char *brokers, *topic; /* where the desk's states are */
	const struct desk *desk;
	const char *console_url; /* "": events have no link */
	pthread_mutex_t lock;    /* of what follows */
	struct dsk_survey survey;
	int64_t surveyed_ms; /* monotonic; 0: never */
};

/* Serves them beside /livez, /readyz and /metrics. The feed must outlive the server. */
int dsk_feed_serve(struct dsk_feed *feed, const struct common_config *config,
		   struct http_server **ret, struct err *err);
void dsk_feed_close(struct dsk_feed *feed);

#endif
