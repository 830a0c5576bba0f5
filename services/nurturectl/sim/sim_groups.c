/* sim_groups.c - see sim_groups.h. */
#include "sim_groups.h"

#include <stdlib.h>

static void *zeroed(size_t count, size_t size)
{
	void *items = calloc(count + 1, size);

	if (!items)
		abort();
	return items;
}

void sim_groups_open(struct sim_groups *groups, const struct orders *orders, sim_live live,
		     bool has_also)
{
	*groups = (struct sim_groups){.live = live,
				      .has_also = has_also,
				      .lock = PTHREAD_MUTEX_INITIALIZER,
				      .lived = PTHREAD_COND_INITIALIZER};
	sim_neighbours_find(orders, &groups->neighbours);
	groups->items = zeroed(groups->neighbours.group_count, sizeof(*groups->items));
}

static void keep(struct sim_group *group, const struct sim_life *lives, const struct sim_life *also)
{
	group->members = zeroed(group->count, sizeof(*group->members));
	for (size_t i = 0; i < group->count; i++) {
		sim_account_pack(&lives[i].account, &group->members[i].account);
		if (also)
			sim_account_pack(&also[i].account, &group->members[i].also);
	}
}

static void live(struct sim_groups *groups, const struct sim_neighbour *one, void *thread)
{
	struct sim_group *group = &groups->items[one->group];
	struct sim_life *lives, *also = NULL;

	group->first = sim_neighbours_group(&groups->neighbours, one, &group->count);
	lives = zeroed(group->count, sizeof(*lives));
	if (groups->has_also)
		also = zeroed(group->count, sizeof(*also));
	group->r = groups->live(thread, group->first, group->count, lives, also, &group->err);
	if (group->r == 0)
		keep(group, lives, also);
	free(lives);
	free(also);
}

/* Takes the group, or waits until whoever has taken it is done. */
static void have_lived(struct sim_groups *groups, const struct sim_neighbour *one, void *thread)
{
	struct sim_group *group = &groups->items[one->group];
	bool is_mine;

	pthread_mutex_lock(&groups->lock);
	is_mine = !group->is_taken;
	group->is_taken = true;
	/* Who has taken a group waits for nobody, so this ends. */
	while (!is_mine && !group->has_lived)
		pthread_cond_wait(&groups->lived, &groups->lock);
	pthread_mutex_unlock(&groups->lock);
	if (!is_mine)
		return;
	live(groups, one, thread);
	pthread_mutex_lock(&groups->lock);
	group->has_lived = true;
	pthread_cond_broadcast(&groups->lived);
	pthread_mutex_unlock(&groups->lock);
}

int sim_groups_member(struct sim_groups *groups, const struct sim_neighbour *one, void *thread,
		      const struct sim_member **ret, struct err *err)
{
	const struct sim_group *group = &groups->items[one->group];

	have_lived(groups, one, thread);
	if (group->r < 0)
		*err = group->err;
	else
		*ret = &group->members[one - group->first];
	return group->r;
}

static void free_group(struct sim_group *group)
{
	for (size_t i = 0; group->members && i < group->count; i++) {
		sim_account_free(&group->members[i].account);
		sim_account_free(&group->members[i].also);
	}
	free(group->members);
	group->members = NULL;
}

void sim_groups_told(struct sim_groups *groups, const struct sim_neighbour *one)
{
	struct sim_group *group = &groups->items[one->group];
	bool are_all_told;

	pthread_mutex_lock(&groups->lock);
	are_all_told = ++group->told == group->count;
	pthread_mutex_unlock(&groups->lock);
	if (are_all_told)
		free_group(group);
}

void sim_groups_free(struct sim_groups *groups)
{
	for (size_t i = 0; i < groups->neighbours.group_count; i++)
		free_group(&groups->items[i]);
	free(groups->items);
	sim_neighbours_free(&groups->neighbours);
}
