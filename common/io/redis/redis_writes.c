/* redis_writes.c - see redis_writes.h. */
#include "redis_writes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "common/io/process/log.h"

enum { SERVERS_MAX = 64, PLACE_BYTES = 280, SAID_BYTES = 200 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char refusing[SERVERS_MAX][PLACE_BYTES]; /* lock: "host:port", or "" */
static _Atomic unsigned refusing_count;         /* of them: nobody locks while all is well */

bool redis_is_refusal(const char *error)
{
	static const char *const words[] = {"OOM ", "MISCONF ", "READONLY ", "NOREPLICAS "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);
		const char *dash = strchr(error, '-');

		if (strncmp(error, words[i], len) == 0)
			return true;
		/* Before Redis 7 a script's error says what it met behind a dash. */
		for (; dash; dash = strchr(dash + 1, '-'))
			if (strncmp(dash + 1, words[i], len) == 0)
				return true;
	}
	return false;
}

/* With the lock held; NULL: not among them. */
static char *find(const char *place)
{
	for (int i = 0; i < SERVERS_MAX; i++)
		if (strcmp(refusing[i], place) == 0)
			return refusing[i];
	return NULL;
}

/* True when that is news. */
static bool note(const char *place, bool is_refusing)
{
	char *found, *room;
	bool is_new = false;

	pthread_mutex_lock(&lock);
	found = find(place);
	room = find("");
	if (is_refusing && !found && room) {
		snprintf(room, PLACE_BYTES, "%s", place);
		refusing_count++;
		is_new = true;
	} else if (!is_refusing && found) {
		*found = '\0';
		refusing_count--;
		is_new = true;
	}
	pthread_mutex_unlock(&lock);
	return is_new;
}

void redis_writes_refused(const char *host, int port, const char *error)
{
	char place[PLACE_BYTES], said[SAID_BYTES];

	if (!redis_is_refusal(error))
		return;
	snprintf(place, sizeof(place), "%s:%d", host, port);
	snprintf(said, sizeof(said), "%s", error);
	if (note(place, true))
		log_event(LOG_LEVEL_ERROR, "redis_writes_refused", "server", place, "said", said,
			  "meaning", "nothing goes on until it takes writes again", NULL);
}

void redis_writes_taken(const char *host, int port)
{
	char place[PLACE_BYTES];

	if (refusing_count == 0)
		return;
	snprintf(place, sizeof(place), "%s:%d", host, port);
	if (note(place, false))
		log_event(LOG_LEVEL_INFO, "redis_writes_resumed", "server", place, NULL);
}
