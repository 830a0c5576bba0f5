/*
 * states_story.h - a customer's state of some build, and what the steps after it answered: the
 * lines of tests/golden/states.txt.
 *
 *	story SERVICE CUSTOMER STATE
 *	step KIND INPUT NOW_MS TIME_MS VALUE
 *	answer DUE_MS COUNT DIGEST
 *
 * Bytes are hexadecimal digits, and - for none.  The digest is of the outputs: each topic and its
 * bytes.  The state that a step leaves is not compared: how it is written may change.
 */
#ifndef NURTURE_TESTS_STATES_STORY_H
#define NURTURE_TESTS_STATES_STORY_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/encoding.h"
#include "common/base/hash.h"
#include "services/email-sender/step.h"
#include "services/review-solicitor/step.h"
#include "services/scheduler/step.h"
#include "services/segmenter/step.h"

struct states_service {
	const char *name;
	step_function function;
	const void *context;
};

struct states_story {
	const struct states_service *service;
	struct slice customer, state;
	/* what the newest step answered */
	int64_t due_ms;
	unsigned count;
	char digest[ID_TEXT_BYTES];
};

enum { STATES_SERVICES = 4 };

static struct segmenter states_segmenter;
static struct solicitor states_solicitor;
static struct scheduler states_scheduler;
static struct sender states_sender;
static const struct states_service states_services[STATES_SERVICES] = {
    {"segmenter", seg_step, &states_segmenter},
    {"review-solicitor", sol_step, &states_solicitor},
    {"scheduler", sched_step, &states_scheduler},
    {"email-sender", send_step, &states_sender},
};

static inline void states_prepare(const struct policy *policy)
{
	struct slice key = slice_text("a key of these stories");

	states_segmenter = (struct segmenter){.policy = policy};
	states_solicitor = (struct solicitor){.policy = policy, .token_key = key};
	states_scheduler =
	    (struct scheduler){.policy = policy, .format = OUTCOME_JSON, .coupon_key = key};
	states_sender = (struct sender){.policy = policy, .format = OUTCOME_JSON};
}

/* The digest of the one before, the topic and the bytes. */
static inline void states_digest(struct states_story *story, const struct step_output *output)
{
	char topic[12];
	struct slice parts[] = {slice_text(story->digest), slice_of(topic, 0), output->value};

	parts[1].len = (size_t)snprintf(topic, sizeof(topic), "%d", output->topic);
	id_of(story->digest, parts, 3);
	story->count++;
}

/* Asks the step of the story's state, and goes on from what it leaves. */
static inline void states_ask(struct states_story *story, struct step *step, struct arena *arena)
{
	struct arena scratch = {0};
	struct err err;

	step->context = story->service->context;
	step->arena = &scratch;
	step->customer = story->customer;
	step->state = story->state;
	step_prepare(step);
	if (story->service->function(step, &err) < 0) {
		fprintf(stderr, "%s: %s\n", story->service->name, err.text);
		abort();
	}
	if (step->state_changed) {
		story->state =
		    slice_of(arena_copy(arena, step->new_state.bytes, step->new_state.len),
			     step->new_state.len);
		story->due_ms = step->new_state.len ? step->due_ms : NEVER_MS;
	}
	story->digest[0] = '\0';
	story->count = 0;
	for (const struct step_output *output = step->outputs; output; output = output->next)
		states_digest(story, output);
	arena_free(&scratch);
}

static inline void states_put_bytes(struct slice bytes, char behind, FILE *out)
{
	for (size_t i = 0; i < bytes.len; i++)
		fprintf(out, "%02x", bytes.bytes[i]);
	if (bytes.len == 0)
		putc('-', out);
	putc(behind, out);
}

static inline void states_put_story(const struct states_story *story, FILE *out)
{
	fprintf(out, "story %s %.*s ", story->service->name, (int)story->customer.len,
		(const char *)story->customer.bytes);
	states_put_bytes(story->state, '\n', out);
}

static inline void states_put_answer(const struct states_story *story, FILE *out)
{
	fprintf(out, "answer %" PRId64 " %u %s\n", story->due_ms, story->count,
		story->count ? story->digest : "-");
}

static inline void states_put_step(const struct step *step, FILE *out)
{
	fprintf(out, "step %d %u %" PRId64 " %" PRId64 " ", (int)step->kind, step->input,
		step->now_ms, step->time_ms);
	states_put_bytes(step->value, '\n', out);
}

#endif
