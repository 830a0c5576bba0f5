/*
 * states_test.c - states that older builds wrote are gone on from: tests/golden/states.txt.
 *
 * Each story is the state that a build had of a customer, and what the next steps answered in it.
 * This build takes the state and must answer the same, from its own states from the second step
 * on.  UPDATE_GOLDEN=1 writes the answers anew, never the states: when outcomes change on purpose.
 * tests/bench/state_stories.c tells such stories of the build that it is part of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/config/config.h"
#include "common/io/config/zoneinfo.h"
#include "states_story.h"

#define STORIES "tests/golden/states.txt"
#define POLICY "tests/golden/states.yaml"

static struct arena arena;
static struct policy *policy;
static struct zones *zones;

static char *read_file(const char *path, size_t *ret_len)
{
	struct err err;
	char *text;

	if (file_read(path, 16 << 20, &text, ret_len, &err) < 0)
		fail_msg("%s", err.text);
	return text;
}

static int set_up(void **state)
{
	struct err err;
	size_t len;
	char *text = read_file(POLICY, &len);

	(void)state;
	if (zoneinfo_load("/usr/share/zoneinfo", &zones, &err) < 0 ||
	    policy_load(slice_of(text, len), POLICY, zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	free(text);
	states_prepare(policy);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(policy);
	zones_free(zones);
	arena_free(&arena);
	return 0;
}

static struct slice bytes_of(const char *digits)
{
	size_t len = strlen(digits);
	uint8_t *bytes = arena_alloc(&arena, len / 2 + 1);

	if (strcmp(digits, "-") == 0)
		return slice_of(NULL, 0);
	assert_true(base16_read(slice_of(digits, len), bytes, len / 2, &len));
	return slice_of(bytes, len);
}

/* The next word of the line; "" behind the last one. */
static char *word(char **line)
{
	char *begin = *line, *end = begin + strcspn(begin, " ");

	*line = *end ? end + 1 : end;
	*end = '\0';
	return begin;
}

static struct states_story begin_story(char *line)
{
	const char *service = word(&line);
	struct states_story story = {.customer = slice_text(word(&line))};

	for (int i = 0; i < STATES_SERVICES; i++)
		if (strcmp(states_services[i].name, service) == 0)
			story.service = &states_services[i];
	assert_non_null(story.service);
	story.state = bytes_of(word(&line));
	return story;
}

static void take_step(struct states_story *story, char *line)
{
	struct step step = {.owner = 1};

	step.kind = (enum step_kind)atoi(word(&line));
	step.input = (unsigned)atoi(word(&line));
	step.now_ms = atoll(word(&line));
	step.time_ms = atoll(word(&line));
	step.value = bytes_of(word(&line));
	states_ask(story, &step, &arena);
}

/* Copies the line, an answer as it is given now. */
static void take_line(struct states_story *story, char *line, FILE *out, unsigned number)
{
	char *copy = arena_text(&arena, line), *rest = copy;
	const char *kind = word(&rest);
	char answer[200];

	if (strcmp(kind, "answer") != 0)
		fprintf(out, "%s\n", line);
	if (strcmp(kind, "story") == 0) {
		*story = begin_story(rest);
	} else if (strcmp(kind, "step") == 0) {
		take_step(story, rest);
	} else {
		FILE *text = fmemopen(answer, sizeof(answer), "w");

		states_put_answer(story, text);
		fclose(text);
		answer[strcspn(answer, "\n")] = '\0';
		fprintf(out, "%s\n", answer);
		if (!getenv("UPDATE_GOLDEN") && strcmp(answer, line) != 0)
			fail_msg("%s:%u, %s of %.*s: expected \"%s\", found \"%s\"", STORIES,
				 number, story->service->name, SLICE_ARGS(story->customer), line,
				 answer);
	}
}

static void what_older_builds_wrote_is_gone_on_from(void **state)
{
	struct states_story story = {0};
	char *anew = NULL;
	size_t len, anew_len = 0;
	char *text = read_file(STORIES, &len), *at = text;
	FILE *out = open_memstream(&anew, &anew_len);
	unsigned number = 0;

	(void)state;
	while (*at) {
		char *line = at;

		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
		take_line(&story, line, out, ++number);
	}
	fclose(out);
	assert_true(number > 100);
	if (getenv("UPDATE_GOLDEN")) {
		FILE *file = fopen(STORIES, "w");

		assert_non_null(file);
		fwrite(anew, 1, anew_len, file);
		fclose(file);
	}
	free(anew);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_older_builds_wrote_is_gone_on_from),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
