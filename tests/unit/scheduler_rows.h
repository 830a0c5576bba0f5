/*
 * scheduler_rows.h - policies for stories, and tables of them played.
 */
#ifndef NURTURE_TESTS_SCHEDULER_ROWS_H
#define NURTURE_TESTS_SCHEDULER_ROWS_H

#include "scheduler_story.h"

#define CLASSES                                                                                    \
	"shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\", "                  \
	"postal_address: \"1 Quay\"}\n"                                                            \
	"classes:\n  transactional: {needs_consent: false}\n  care: {}\n  feedback: {}\n"          \
	"  promotion: {holds_on_open_case: true}\n"

static const char usual[] __attribute__((unused)) =
    CLASSES "caps:\n"
	    "  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	    "  - {name: week, limit: 2, per: 7d, classes: [care, feedback, promotion]}\n"
	    "  - {name: promotion-month, limit: 1, per: 30d, classes: [promotion]}\n"
	    "quiet_hours: {from: \"21:00\", to: \"08:00\"}\n"
	    "just_bought: {default: 90d, categories: {coffee: 14d}}\n";

static const char no_quiet[] __attribute__((unused)) =
    CLASSES "caps:\n"
	    "  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	    "quiet_hours: off\njust_bought: off\n";

static const char exempt_free[] __attribute__((unused)) =
    CLASSES "caps:\n"
	    "  - {name: gap, min_gap: 20h, classes: [care, promotion], counts_exempt: false}\n"
	    "quiet_hours: off\njust_bought: off\n";

static const char none_of_it[] __attribute__((unused)) =
    CLASSES "caps:\n"
	    "  - {name: never, limit: 0, per: 1d, classes: [promotion]}\n"
	    "  - {name: calls, limit: 1, per: 1d, classes: [care], channels: [task]}\n"
	    "quiet_hours: off\njust_bought: off\n";

#define HELLO "0 contact all=1\n"

struct row {
	const char *name, *policy, *story, *answer;
};

static struct zones *zones;

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

static struct policy *load(const char *text)
{
	struct policy *policy = NULL;
	struct err err;

	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	return policy;
}

static void __attribute__((unused)) play(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct policy *policy = load(rows[i].policy);
		char *answer = story_play(policy, rows[i].story);

		if (strcmp(answer, rows[i].answer) != 0)
			fail_msg("%s\nstory:\n%sexpected:\n%sfound:\n%s", rows[i].name,
				 rows[i].story, rows[i].answer, answer);
		free(answer);
		policy_free(policy);
	}
}

#define PLAY(rows) play(rows, sizeof(rows) / sizeof((rows)[0]))

#endif
