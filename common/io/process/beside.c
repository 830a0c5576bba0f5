/* beside.c - see beside.h. */
#include "beside.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct beside {
	void (*work)(void *context);
	void *context;
	pthread_t thread;
	pthread_mutex_t lock; /* of the following */
	pthread_cond_t changed;
	bool is_busy, ends;
};

static void *run(void *argument)
{
	struct beside *beside = argument;

	pthread_mutex_lock(&beside->lock);
	for (;;) {
		while (!beside->is_busy && !beside->ends)
			pthread_cond_wait(&beside->changed, &beside->lock);
		if (!beside->is_busy)
			break;
		pthread_mutex_unlock(&beside->lock);
		beside->work(beside->context);
		pthread_mutex_lock(&beside->lock);
		beside->is_busy = false;
		pthread_cond_broadcast(&beside->changed);
	}
	pthread_mutex_unlock(&beside->lock);
	return NULL;
}

struct beside *beside_open(void (*work)(void *context), void *context)
{
	struct beside *beside = calloc(1, sizeof(*beside));
	sigset_t all, before;

	if (!beside)
		abort();
	beside->work = work;
	beside->context = context;
	pthread_mutex_init(&beside->lock, NULL);
	pthread_cond_init(&beside->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&beside->thread, NULL, run, beside) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return beside;
}

static void set(struct beside *beside, bool *what)
{
	pthread_mutex_lock(&beside->lock);
	*what = true;
	pthread_cond_broadcast(&beside->changed);
	pthread_mutex_unlock(&beside->lock);
}

void beside_start(struct beside *beside)
{
	set(beside, &beside->is_busy);
}

void beside_wait(struct beside *beside)
{
	pthread_mutex_lock(&beside->lock);
	while (beside->is_busy)
		pthread_cond_wait(&beside->changed, &beside->lock);
	pthread_mutex_unlock(&beside->lock);
}

void beside_close(struct beside **beside)
{
	struct beside *b = *beside;

	if (!b)
		return;
	set(b, &b->ends);
	pthread_join(b->thread, NULL);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->changed);
	free(b);
	*beside = NULL;
}
