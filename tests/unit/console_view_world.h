/*
 * console_view_world.h - a view in a directory of its own, and the topics told to it record by
 * record.
 */
#ifndef NURTURE_TESTS_CONSOLE_VIEW_WORLD_H
#define NURTURE_TESTS_CONSOLE_VIEW_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "policy_fixture.h"
#include "services/console/view/keep.h"
#include "services/console/view/view.h"
#include "services/segmenter/profile/profile.h"
#include "services/segmenter/profile/wire.h"

/* 2026-03-01T12:00:00Z */
#define WORLD_NOW_MS INT64_C(1772366400000)

static const char world_policy_text[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {transactional: {}, care: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  call: {owner: house, on: complaint.opened, task: phone-call, class: care, expires: 20d}\n"
    "desk:\n"
    "  hours: {days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: "
    "\"00:00\", to: \"23:59\"}\n"
    "  actions: {phone-call: {within: 8h}}\n";

struct world {
	char directory[64], path[96];
	struct zones *zones;
	struct policy *policy;
	struct view *view;
	struct arena arena;
	int64_t offsets[VIEW_TOPIC_COUNT];
	struct err err;
};

static inline void world_open_view(struct world *world)
{
	const struct view_options options = {.path = world->path, .policy = world->policy};

	if (view_open(&world->view, &options, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static inline void world_begin(struct world *world)
{
	*world = (struct world){0};
	snprintf(world->directory, sizeof(world->directory), "/tmp/console-view-XXXXXX");
	assert_non_null(mkdtemp(world->directory));
	snprintf(world->path, sizeof(world->path), "%s/view.db", world->directory);
	world->zones = fixture_zones();
	if (policy_load(slice_text(world_policy_text), "policy.yaml", world->zones, NULL,
			&world->policy, &world->err) < 0)
		fail_msg("%s", world->err.text);
	world_open_view(world);
}

static inline void world_end(struct world *world)
{
	char command[128];

	view_close(&world->view);
	policy_free(world->policy);
	zones_free(world->zones);
	arena_free(&world->arena);
	snprintf(command, sizeof(command), "rm -rf %s", world->directory);
	assert_int_equal(system(command), 0);
}

/* What the topics say next; 0: it could not be understood. */
static inline int world_tell(struct world *world, enum view_topic topic, const char *id,
			     struct slice value)
{
	const struct view_record record = {.topic = topic,
					   .offset = world->offsets[topic]++,
					   .stamp_ms = WORLD_NOW_MS,
					   .key = slice_text(id),
					   .value = value};
	int r = view_apply(world->view, &record, &world->err);

	if (r < 0)
		fail_msg("%s", world->err.text);
	return r;
}

static inline void world_commit(struct world *world)
{
	if (view_commit(world->view, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static inline void world_say(struct world *world, enum view_topic topic, const char *id,
			     const char *json)
{
	if (world_tell(world, topic, id, slice_text(json)) != 1)
		fail_msg("%s", world->err.text);
}

struct world_person {
	const char *id, *name, *email, *phone, *address, *merged_into;
	const char *orders[4];
	int64_t erased_ms;
};

static inline void world_profile(struct world *world, const struct world_person *person)
{
	struct seg_profile *profile = seg_profile_new(&world->arena);
	struct seg_attribute *attributes = profile->attributes;
	struct seg_order orders[4] = {0};

	if (person->name)
		attributes[SEG_NAME] = (struct seg_attribute){person->name, WORLD_NOW_MS, false};
	if (person->phone)
		attributes[SEG_PHONE] = (struct seg_attribute){person->phone, WORLD_NOW_MS, false};
	if (person->address)
		attributes[SEG_ADDRESS] =
		    (struct seg_attribute){person->address, WORLD_NOW_MS, false};
	if (person->email)
		profile->addresses[profile->address_count++] =
		    (struct seg_address){person->email, WORLD_NOW_MS, WORLD_NOW_MS};
	for (unsigned i = 0; i < 4 && person->orders[i]; i++)
		orders[profile->order_count++] =
		    (struct seg_order){.id = person->orders[i],
				       .time_ms = WORLD_NOW_MS - (int64_t)(100 - i) * DAY_MS,
				       .amount_e4 = 100000,
				       .placed = true,
				       .amount_ms = WORLD_NOW_MS,
				       .items_ms = WORLD_NOW_MS,
				       .delivered_ms = SEG_NEVER,
				       .late_ms = SEG_NEVER,
				       .gone_ms = SEG_NEVER,
				       .dates = {{SEG_NEVER, SEG_NEVER, SEG_NEVER},
						 {SEG_NEVER, SEG_NEVER, SEG_NEVER}}};
	profile->orders = orders;
	if (person->merged_into) {
		profile->merged_into = person->merged_into;
		profile->merged_ms = WORLD_NOW_MS;
	}
	if (person->erased_ms)
		profile->erased_ms = person->erased_ms;
	if (world_tell(world, VIEW_PROFILES, person->id, seg_profile_encode(profile)) != 1)
		fail_msg("%s", world->err.text);
}

static inline struct view_reader *world_reader(struct world *world)
{
	struct view_reader *reader;

	if (view_begin(world->view, &reader, &world->err) < 0)
		fail_msg("%s", world->err.text);
	return reader;
}

#endif
