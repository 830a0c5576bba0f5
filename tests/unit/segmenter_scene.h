/*
 * segmenter_scene.h - stories: what is told, and which records come of it.
 *
 * A scene without a type lets time pass up to and with its instant.
 */
#ifndef NURTURE_TESTS_SEGMENTER_SCENE_H
#define NURTURE_TESTS_SEGMENTER_SCENE_H

#include "segmenter_fixture.h"

/* A house that does a bit of everything. */
#define HOTEL                                                                                      \
	POLICY(                                                                                    \
	    "segments:\n"                                                                          \
	    "  returning: {orders: {at_least: 2}}\n"                                               \
	    "  regular: {all: [{segment: returning}, {spent: {at_least: \"100\"}}]}\n"             \
	    "  quiet: {orders: {at_least: 1}, days_since_order: {at_least: 30d}}\n"                \
	    "  slipping: {orders: {at_least: 2}, days_since_order: {over_usual_gap: 2.0}}\n"       \
	    "programmes:\n"                                                                        \
	    "  welcome-back: {owner: g, on: order.placed, if: {segment: returning},"               \
	    " do: [{task: basket}, {email: hello}], class: care, category: order}\n"               \
	    "  tips: {owner: c, on: order.delivered, wait: 3d, email: tips, class: care,"          \
	    " category: order, expires: 14d, cancel_on: [order.refunded, complaint.opened]}\n"     \
	    "  big: {owner: c, on: order.placed, if: {order_amount: {at_least: \"500\"}},"         \
	    " task: call, class: care, again_after: 90d}\n"                                        \
	    "  sorry: {owner: c, on: order.refunded, task: ask-why, class: care}\n"                \
	    "  unhappy: {owner: c, on: feedback.received, if: {score: {at_most: 2}}, task: call,"  \
	    " class: care}\n"                                                                      \
	    "  regular: {owner: c, on_enter: regular, email: regular, class: care}\n"              \
	    "  win-back: {owner: w, on_enter: slipping, email: miss, class: promotion,"            \
	    " offer: {coupon: BACK10}, cancel_on: [order.placed], again_after: 10d}\n"             \
	    "  more: {owner: w, on: order.shipped, wait: 5d, email: more, class: promotion,"       \
	    " cancel_on: [order.placed]}\n"                                                        \
	    "  quiet: {owner: w, on_enter: quiet, task: look, class: care, again_after: 1d}\n")

struct scene {
	struct news news;
	const char *expect;
};

/* Tells the scenes one after the other to a new customer. */
static inline void play(const char *policy, bool contacts, const struct scene *scenes, size_t count)
{
	struct world world = world_with(policy);

	world.contacts = contacts;
	for (size_t i = 0; i < count; i++) {
		const char *lines;

		if (scenes[i].news.type)
			tell(&world, scenes[i].news);
		else
			pass(&world, scenes[i].news.time);
		lines = take(&world);
		if (strcmp(lines, scenes[i].expect) != 0)
			print_error("scene %zu at %s:\n", i, scenes[i].news.time);
		assert_string_equal(lines, scenes[i].expect);
	}
	world_free(&world);
}

#define PLAY(policy, scenes) play(policy, false, scenes, sizeof(scenes) / sizeof((scenes)[0]))
#define PLAY_CONTACTS(policy, scenes)                                                              \
	play(policy, true, scenes, sizeof(scenes) / sizeof((scenes)[0]))

#endif
