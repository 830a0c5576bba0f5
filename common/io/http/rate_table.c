/* rate_table.c - see rate_table.h. */
#include "rate_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#include "common/token/hmac.h"

enum { SETS = 1024, WAYS = 8, SECRET_BYTES = 16 }; /* 8192 keys, 320 KB */

struct place {
	uint64_t key;
	struct rate_state state;
};

struct rate_table {
	struct rate rate;
	uint8_t secret[SECRET_BYTES];
	pthread_mutex_t lock;
	struct place places[SETS][WAYS]; /* lock */
};

struct rate_table *rate_table_new(struct rate rate)
{
	struct rate_table *table = calloc(1, sizeof(*table));

	if (!table || getrandom(table->secret, sizeof(table->secret), 0) != SECRET_BYTES)
		abort();
	table->rate = rate;
	pthread_mutex_init(&table->lock, NULL);
	return table;
}

void rate_table_free(struct rate_table **table)
{
	if (!*table)
		return;
	pthread_mutex_destroy(&(*table)->lock);
	free(*table);
	*table = NULL;
}

static uint64_t hash_of(const struct rate_table *table, struct slice key)
{
	uint8_t mac[HMAC_BYTES];
	uint64_t hash;

	hmac_sha256(slice_of(table->secret, SECRET_BYTES), key, mac);
	memcpy(&hash, mac, sizeof(hash));
	return hash ? hash : 1; /* 0: nobody's place */
}

/* Returns the place of the key or, emptied, that of the key that has been quiet longest. */
static struct place *place_of(struct place set[WAYS], uint64_t key)
{
	struct place *quietest = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].state.arrival_us < quietest->state.arrival_us)
			quietest = &set[i];
	}
	*quietest = (struct place){.key = key};
	return quietest;
}

bool rate_table_take(struct rate_table *table, struct slice key, int64_t now_us,
		     int64_t *ret_wait_us)
{
	uint64_t hash = hash_of(table, key);
	struct rate_verdict verdict;

	pthread_mutex_lock(&table->lock);
	verdict =
	    rate_take(&place_of(table->places[hash % SETS], hash)->state, &table->rate, now_us);
	pthread_mutex_unlock(&table->lock);
	*ret_wait_us = verdict.wait_us;
	return verdict.word == RATE_ALLOWED;
}
