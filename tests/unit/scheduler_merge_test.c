/*
 * scheduler_merge_test.c - two customers who turn out to be one person: what was granted, what
 * waits and what was said of consent goes on under the other id, and no cap is broken by it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/mail/inbox.h"
#include "common/message/handover.h"
#include "scheduler_rows.h"
#include "services/scheduler/wire_read.h"

enum { OLD, NEW, THIRD, PEOPLE };

static const char *const names[PEOPLE] = {"old", "new", "third"};

/* Several customers of one scheduler; handovers arrive when the test says so. */
struct town {
	struct policy *policy;
	struct driver people[PEOPLE];
	size_t told[PEOPLE]; /* outputs that were shown, or delivered */
	size_t handed[PEOPLE];
	struct buf out;
};

static struct town *town_open(const char *policy)
{
	struct town *town = calloc(1, sizeof(*town));

	assert_non_null(town);
	town->policy = load(policy);
	town->out = BUF_MAX(1 << 20);
	for (int i = 0; i < PEOPLE; i++) {
		driver_open(&town->people[i], town->policy);
		town->people[i].customer = names[i];
	}
	return town;
}

static void town_close(struct town *town)
{
	for (int i = 0; i < PEOPLE; i++)
		driver_close(&town->people[i]);
	buf_free(&town->out);
	policy_free(town->policy);
	free(town);
}

static void show(struct town *town, int who)
{
	struct driver *d = &town->people[who];

	for (; town->told[who] < d->output_count; town->told[who]++) {
		const struct output *output = &d->outputs[town->told[who]];

		if (output->topic == SCHED_HANDOVERS)
			continue;
		buf_printf(&town->out, "%s ", names[who]);
		story_tell(&town->out, output);
	}
}

/* Plays lines for one of them. */
static void play_for(struct town *town, int who, const char *story)
{
	char *text = strdup(story), *line_state, *word_state;

	assert_non_null(text);
	town->people[who].input = SCHED_REQUESTS;
	for (char *row = strtok_r(text, "\n", &line_state); row;
	     row = strtok_r(NULL, "\n", &line_state)) {
		struct line line = {.count = 0};

		for (char *word = strtok_r(row, " ", &word_state); word;
		     word = strtok_r(NULL, " ", &word_state))
			line.words[line.count++] = word;
		if (story_line(&town->people[who], &line) < 0)
			fail_msg("%s", town->people[who].err.text);
	}
	free(text);
	show(town, who);
}

/* The segmenter says at `hours` that who goes on as into. */
static void move(struct town *town, const char *hours, int who, int into)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	contact.merged = true;
	contact.undeliverable = "merged";
	contact.merged_into = (char *)names[into];
	contact.merged_ms = story_ms(hours);
	town->people[who].input = SCHED_REQUESTS;
	assert_int_equal(driver_contact(&town->people[who], story_ms(hours), &contact), 0);
	show(town, who);
}

static int index_of(struct slice name)
{
	for (int i = 0; i < PEOPLE; i++)
		if (slice_equal(slice_text(names[i]), name))
			return i;
	fail_msg("nobody is called so");
	return -1;
}

/* Everything that was handed over arrives, and what that hands over. */
static unsigned deliver(struct town *town, const char *hours)
{
	unsigned count = 0;

	for (int who = 0; who < PEOPLE; who++) {
		struct driver *from = &town->people[who], *to;

		for (; town->handed[who] < from->output_count; town->handed[who]++) {
			const struct output *output = &from->outputs[town->handed[who]];

			if (output->topic != SCHED_HANDOVERS)
				continue;
			to = &town->people[index_of(output->key)];
			driver_run(to, story_ms(hours) - 1);
			to->now_ms = story_ms(hours);
			to->input = SCHED_HANDED;
			if (driver_step(to, STEP_RECORD, output->bytes) < 0)
				fail_msg("%s", to->err.text);
			show(town, (int)(to - town->people));
			assert_true(++count < 100);
		}
	}
	return count ? count + deliver(town, hours) : 0;
}

static void run_all(struct town *town, const char *hours)
{
	for (int who = 0; who < PEOPLE; who++) {
		driver_run(&town->people[who], story_ms(hours));
		show(town, who);
	}
}

static void answers(struct town *town, const char *answer)
{
	assert_string_equal(town->out.len ? town->out.bytes : "", answer);
	buf_reset(&town->out);
}

static void what_waits_goes_on(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD,
		 HELLO "0 ask tips care 50 channel=task due=72 order=17\n"
		       "0 ask mail care 40 due=60 expires=400\n");
	move(town, "10", OLD, NEW);
	answers(town, "");
	assert_int_equal(deliver(town, "10"), 1);
	run_all(town, "71");
	/* of the new one nothing was known: the person is as the old one was */
	answers(town, "new 60 grant mail\n");
	run_all(town, "100");
	answers(town, "new 72 task\nnew 72 task_created tips\n");
	town_close(town);
}

static void what_was_granted_counts(void **state)
{
	struct town *town = town_open(usual);

	(void)state;
	play_for(town, OLD, HELLO "0 ask a care 50\n0 run\n");
	play_for(town, NEW, HELLO);
	answers(town, "old 0 grant a\n");
	move(town, "1", OLD, NEW);
	deliver(town, "1");
	play_for(town, NEW, "2 ask b care 50\n2 run\n");
	answers(town, "old 1 contact\nnew 2 deferred b gap 1/1 until=20 by=a\n");
	/* granted under the old id, and asked for again under the new one: it has ended */
	play_for(town, NEW, "3 ask a care 50\n3 run\n20 run\n");
	answers(town, "new 20 grant b\n");
	town_close(town);
}

static void the_stricter_word_holds(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD, "0 contact all=1 promotion=0\n");
	play_for(town, NEW,
		 "0 contact care=1 promotion=1\n0 ask p promotion 50 due=30\n"
		 "0 ask c care 40 due=60\n0 ask f feedback 30 due=90\n");
	move(town, "1", OLD, NEW);
	deliver(town, "1");
	run_all(town, "100");
	answers(town, "old 0 contact\n" /* a no is told the inbox */
		      "old 1 contact\nnew 1 contact\n"
		      "new 30 no_consent p consent (promotion)\nnew 60 grant c\nnew 90 grant f\n");
	town_close(town);
}

static void a_task_that_was_given_out_goes_on(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD,
		 HELLO "0 ask a care 50 channel=task order=17\n"
		       "0 ask b care 50 channel=task order=18\n0 run\n");
	answers(town, "old 0 task\nold 0 task_created a\nold 0 task\nold 0 task_created b\n");
	move(town, "1", OLD, NEW);
	deliver(town, "1");
	/* done under the old id, which may be all that people know */
	play_for(town, OLD, "2 done b\n");
	deliver(town, "2");
	play_for(town, NEW, "3 cancel order=17\n3 cancel order=18\n");
	answers(town, "new 3 task cancelled a (order.refunded)\n");
	town_close(town);
}

static void what_comes_for_the_old_id_is_passed_on(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD, HELLO);
	move(town, "1", OLD, NEW);
	deliver(town, "1");
	play_for(town, OLD, "2 ask late care 50\n2 elsewhere m promotion\n");
	answers(town, "");
	deliver(town, "2");
	run_all(town, "30");
	answers(town, "new 2 deferred late gap 1/1 until=22 by=m\nnew 22 grant late\n");
	town_close(town);
}

static void chains_and_circles_end(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD, HELLO "0 ask a care 50 due=72\n");
	play_for(town, NEW, HELLO);
	move(town, "1", NEW, THIRD);
	move(town, "2", OLD, NEW);
	deliver(town, "2");
	move(town, "3", THIRD, OLD); /* newest: the person lives under the old id again */
	deliver(town, "3");
	run_all(town, "80");
	answers(town, "old 72 grant a\n");
	town_close(town);
}

/* A dead letter: the person goes on with what is known under this id. */
static void a_damaged_ledger_is_refused(void **state)
{
	static const struct handover_goal goal = {"new", 1};
	struct town *town = town_open(no_quiet);
	Nurture__V1__Ledger newer = NURTURE__V1__LEDGER__INIT;
	uint8_t bytes[64], mark[] = {0x1f};
	struct arena arena = {0};

	(void)state;
	newer.contact = (ProtobufCBinaryData){sizeof(mark), mark};
	play_for(town, NEW, HELLO);
	town->people[NEW].input = SCHED_HANDED;
	assert_int_equal(
	    driver_step(&town->people[NEW], STEP_RECORD,
			handover_of_state("old", &goal, slice_text("\xff\xff"), 1, &arena)),
	    -1);
	assert_int_equal(town->people[NEW].err.kind, ERR_INPUT);
	assert_non_null(strstr(town->people[NEW].err.text, "$.state"));
	assert_int_equal(driver_step(&town->people[NEW], STEP_RECORD, slice_text("bad")), -1);
	assert_int_equal(town->people[NEW].err.kind, ERR_INPUT);
	/* one that a newer build wrote waits for that build */
	assert_int_equal(
	    driver_step(&town->people[NEW], STEP_RECORD,
			handover_of_state("old", &goal,
					  slice_of(bytes, nurture__v1__ledger__pack(&newer, bytes)),
					  1, &arena)),
	    -1);
	assert_int_equal(town->people[NEW].err.kind, ERR_ENVIRONMENT);
	play_for(town, NEW, "2 ask a care 50\n2 run\n");
	answers(town, "new 2 grant a\n");
	arena_free(&arena);
	town_close(town);
}

/* xorshift64* */
static uint32_t roll(uint64_t *random, uint32_t sides)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(2685821657736338717)) >> 33) % sides;
}

struct seen {
	int64_t grants_ms[64];
	unsigned grant_count, ends[64];
};

static void look_at(const struct driver *d, struct seen *seen)
{
	for (size_t i = 0; i < d->output_count; i++) {
		const struct output *output = &d->outputs[i];

		if (output->dispatch &&
		    output->dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH) {
			seen->grants_ms[seen->grant_count++] = output->at_ms;
			seen->ends[atoi(output->dispatch->dispatch->request->id + 1)]++;
		} else if (output->outcome && strcmp(output->outcome->status, "deferred") != 0) {
			seen->ends[atoi(output->outcome->request + 1)]++;
		}
	}
}

/* Of both ids together, from the merge on: never two within 20 hours, nor three within a week. */
static void no_cap_is_broken(struct seen *seen, int64_t merged_ms)
{
	for (unsigned i = 1; i < seen->grant_count; i++)
		for (unsigned k = i; k > 0 && seen->grants_ms[k - 1] > seen->grants_ms[k]; k--) {
			int64_t swap_ms = seen->grants_ms[k];

			seen->grants_ms[k] = seen->grants_ms[k - 1];
			seen->grants_ms[k - 1] = swap_ms;
		}
	for (unsigned i = 1; i < seen->grant_count; i++) {
		if (seen->grants_ms[i] <= merged_ms)
			continue;
		assert_true(seen->grants_ms[i] - seen->grants_ms[i - 1] >= 20 * HOUR_MS);
		if (i >= 2)
			assert_true(seen->grants_ms[i] - seen->grants_ms[i - 2] >= 7 * DAY_MS);
	}
}

/* Requests of two ids, a merge somewhere among them: each ends once, and the caps hold for both. */
static void a_merge_breaks_no_cap(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct town *town = town_open(usual);
		uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
		unsigned count = 4 + roll(&random, 12), merged_at = roll(&random, count);
		struct seen seen = {.grant_count = 0};
		int64_t hour = 0, merged_hour = 0;
		char line[128], at[16];

		play_for(town, OLD, HELLO);
		play_for(town, NEW, HELLO);
		for (unsigned i = 0; i < count; i++) {
			hour += roll(&random, 30);
			snprintf(line, sizeof(line), "%d ask r%u care %u due=%d expires=%d\n",
				 (int)hour, i, roll(&random, 3), (int)hour + (int)roll(&random, 60),
				 (int)hour + 61 + (int)roll(&random, 300));
			play_for(town, roll(&random, 2) ? OLD : NEW, line);
			if (i != merged_at)
				continue;
			merged_hour = hour + 1;
			snprintf(at, sizeof(at), "%d", (int)merged_hour);
			run_all(town, at);
			move(town, at, OLD, NEW);
			deliver(town, at);
		}
		snprintf(at, sizeof(at), "%d", (int)hour + 1);
		deliver(town, at);
		run_all(town, "3000");
		for (int who = 0; who < PEOPLE; who++)
			look_at(&town->people[who], &seen);
		for (unsigned i = 0; i < count; i++)
			if (seen.ends[i] != 1)
				fail_msg("seed %d: r%u has %u ends", (int)seed, i, seen.ends[i]);
		no_cap_is_broken(&seen, STORY_BEGIN_MS + merged_hour * HOUR_MS);
		town_close(town);
	}
}

/* The erasure of the one who lives overtakes what the other hands over. */
static void of_who_was_erased_nothing_is_known(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD,
		 "0 contact all=1 email=a@b.example\n0 ask a care 50 due=60\n"
		 "0 ask b care 50 channel=task order=17\n0 run\n");
	play_for(town, NEW, HELLO);
	move(town, "10", OLD, NEW);
	play_for(town, NEW, "20 contact erased=20\n");
	deliver(town, "30");
	run_all(town, "100");
	answers(town, "old 0 task\nold 0 task_created b\n"
		      "new 30 task cancelled b (customer.erased)\nnew 60 erased a erased\n");
	assert_null(memmem(town->people[NEW].state, town->people[NEW].state_len, "a@b.example",
			   strlen("a@b.example")));
	town_close(town);
}

/* ... also not by a third one, into whom the erased id was merged meanwhile; what went out counts. */
static void of_who_was_erased_nothing_is_passed_on(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD,
		 "0 contact all=1 email=a@b.example\n0 ask a care 50 due=60\n"
		 "0 ask b care 50 channel=task order=17\n0 ask m care 50\n0 run\n");
	play_for(town, NEW, HELLO);
	move(town, "10", OLD, NEW);
	play_for(town, OLD, "11 ask c care 50 due=60\n");
	play_for(town, NEW, "20 contact erased=20\n");
	move(town, "21", NEW, THIRD);
	buf_reset(&town->out);
	deliver(town, "22");
	run_all(town, "100");
	answers(town, "new 22 task cancelled b (customer.erased)\nnew 22 erased a erased\n"
		      "new 22 erased c erased\n");
	assert_null(memmem(town->people[THIRD].state, town->people[THIRD].state_len, "a@b.example",
			   strlen("a@b.example")));
	assert_null(memmem(town->people[NEW].state, town->people[NEW].state_len, "a@b.example",
			   strlen("a@b.example")));
	assert_non_null(memmem(town->people[THIRD].state, town->people[THIRD].state_len, "care",
			       strlen("care")));
	town_close(town);
}

/* A yes that was said after the merge is about both, however late the old ledger arrives. */
static void a_word_after_the_merge_is_about_both(void **state)
{
	static const struct {
		const char *old, *new, *answer;
	} rows[] = {
	    {"0 contact all=1 promotion=0 said=0.5\n", "20 contact all=1 promotion=1 said=20\n",
	     "new 40 grant p\n"},
	    /* one of before the merge is about one id alone */
	    {"0 contact all=1 promotion=0 said=0.5\n", "20 contact all=1 promotion=1 said=9\n",
	     "new 30 contact\nnew 40 no_consent p consent (promotion)\n"},
	    /* and so is an echo */
	    {"0 contact all=1 promotion=0 said=0.5\n", "20 contact all=1 promotion=1\n",
	     "new 30 contact\nnew 40 no_consent p consent (promotion)\n"},
	    /* a later no under the old id, or one of which nobody knows when, holds */
	    {"0 contact all=1 promotion=0 said=21\n", "20 contact all=1 promotion=1 said=20\n",
	     "new 30 contact\nnew 40 no_consent p consent (promotion)\n"},
	    {"0 contact all=1 promotion=0\n", "20 contact all=1 promotion=1 said=20\n",
	     "new 30 contact\nnew 40 no_consent p consent (promotion)\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct town *town = town_open(no_quiet);

		play_for(town, OLD, rows[i].old);
		play_for(town, NEW, "0 contact all=1\n");
		move(town, "10", OLD, NEW);
		play_for(town, NEW, rows[i].new);
		play_for(town, NEW, "20 ask p promotion 50 due=40\n");
		buf_reset(&town->out);
		deliver(town, "30");
		run_all(town, "100");
		answers(town, rows[i].answer);
		town_close(town);
	}
}

/* The one who lives was never erased: what was set off for it before the erasure goes on. */
static void an_erasure_of_the_old_id_stays_there(void **state)
{
	struct town *town = town_open(no_quiet);

	(void)state;
	play_for(town, OLD, "0 contact all=1\n9 contact erased=9\n10 contact all=1\n");
	play_for(town, NEW, HELLO "0 ask a care 50 due=60\n");
	move(town, "12", OLD, NEW);
	deliver(town, "12");
	/* but what was set off for the old one before it, and is only heard now, is not */
	play_for(town, OLD, "13 ask b care 50 since=8\n14 ask c care 50 since=11\n");
	deliver(town, "14");
	run_all(town, "100");
	answers(town, "old 13 erased b erased\nnew 14 grant c\nnew 60 grant a\n");
	town_close(town);
}

/* What ends requests overtakes the ledger, and is heard under the other id. */
static void a_cancellation_may_come_first(void **state)
{
	static const char waits[] =
	    HELLO "0 ask a care 50 due=60 order=17\n0 ask b care 40 due=60 order=18\n"
		  "0 ask c care 50 channel=task order=17\n0 run\n";
	static const char ends[] = "2 cancel order=17\n";

	(void)state;
	for (int is_new = 0; is_new < 2; is_new++) {
		struct town *town = town_open(no_quiet);

		town->people[OLD].service.takes_over = town->people[NEW].service.takes_over = true;
		play_for(town, OLD, is_new ? waits : HELLO);
		play_for(town, NEW, is_new ? HELLO : waits);
		buf_reset(&town->out);
		play_for(town, is_new ? NEW : OLD, ends);
		move(town, "3", OLD, NEW);
		deliver(town, "4");
		/* what is set off later is about a new reason */
		play_for(town, NEW, "5 ask d care 60 due=90 order=17 since=5\n");
		run_all(town, "200");
		answers(town, is_new ? "new 4 task cancelled c (order.refunded)\n"
				       "new 4 cancelled a cancel (order.refunded)\n"
				       "new 60 grant b\nnew 90 grant d\n"
				     : "new 4 cancelled a cancel (order.refunded)\n"
				       "new 4 task cancelled c (order.refunded)\n"
				       "new 60 grant b\nnew 90 grant d\n");
		town_close(town);
	}
}

/* The newest that was told an inbox. */
static const struct output *newest_told(const struct driver *d)
{
	for (size_t i = d->output_count; i-- > 0;)
		if (d->outputs[i].dispatch &&
		    d->outputs[i].dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT)
			return &d->outputs[i];
	fail_msg("nothing was told");
	return NULL;
}

/* The inbox must not keep the words of an id that will say nothing more, not even of an erasure. */
static void an_inbox_hears_that_its_id_was_merged(void **state)
{
	struct town *town = town_open(no_quiet);
	const struct output *told;
	char key[INBOX_KEY_BYTES];

	(void)state;
	assert_true(inbox_key(slice_text("a@b.example"), key));
	play_for(town, OLD, "0 contact all=1 promotion=0 email=a@b.example\n");
	move(town, "10", OLD, NEW);
	answers(town, "old 0 contact\nold 10 contact\n");
	told = newest_told(&town->people[OLD]);
	assert_true(slice_is(told->key, key));
	assert_true(told->dispatch->contact->merged);
	assert_string_equal(told->dispatch->contact->merged_into, "");
	/* said nothing: nothing is told */
	play_for(town, THIRD, HELLO);
	move(town, "11", THIRD, NEW);
	answers(town, "");
	town_close(town);
}

/* What is said of an inbox that the customer has left goes there, under the id that lives. */
static void another_inbox_hears_its_word(void **state)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__InboxWord word = NURTURE__V1__INBOX_WORD__INIT;
	struct town *town = town_open(no_quiet);
	struct driver *d = &town->people[NEW];
	char key[INBOX_KEY_BYTES];
	uint8_t bytes[256];
	const struct output *told;

	(void)state;
	assert_true(inbox_key(slice_text("a@b.example"), key));
	play_for(town, NEW, HELLO);
	word.inbox = key;
	word.undeliverable = (char *)"hard bounce";
	record.time_ms = (uint64_t)d->now_ms;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD;
	record.inbox_word = &word;
	d->input = SCHED_REQUESTS;
	assert_int_equal(
	    driver_step(d, STEP_RECORD,
			slice_of(bytes, nurture__v1__request_record__pack(&record, bytes))),
	    0);
	told = &d->outputs[d->output_count - 1];
	assert_int_equal(told->dispatch->body_case, NURTURE__V1__DISPATCH_RECORD__BODY_INBOX_WORD);
	assert_true(slice_is(told->key, key));
	assert_string_equal(told->dispatch->customer, "new");
	assert_string_equal(told->dispatch->inbox_word->undeliverable, "hard bounce");
	/* what is no key of an inbox is refused */
	word.inbox = (char *)"a@b.example";
	assert_int_equal(
	    driver_step(d, STEP_RECORD,
			slice_of(bytes, nurture__v1__request_record__pack(&record, bytes))),
	    -1);
	town_close(town);
}

enum { CROWD = 240, ASKED_EACH = 40 };

static const char one_promotion[] =
    CLASSES "caps:\n  - {name: month, limit: 2, per: 30d, classes: [promotion]}\n"
	    "quiet_hours: off\njust_bought: off\n";

/* One of a crowd, of whom everything was granted, or ended; what it hands over arrives at `to`. */
static void join(struct town *to, int number)
{
	struct town *town = town_open(no_quiet);
	char line[64];

	play_for(town, OLD, HELLO);
	for (int i = 0; i < ASKED_EACH; i++) {
		snprintf(line, sizeof(line), "0 ask %s%d-%d care 50 %s\n", i % 2 ? "t" : "m",
			 number, i, i % 2 ? "channel=task" : "exempt");
		play_for(town, OLD, line);
	}
	play_for(town, OLD, "0 run\n1 cancel programme=p reason=order.refunded\n");
	move(town, "1", OLD, NEW);
	for (size_t k = 0; k < town->people[OLD].output_count; k++) {
		const struct output *output = &town->people[OLD].outputs[k];

		if (output->topic != SCHED_HANDOVERS)
			continue;
		to->people[NEW].now_ms = story_ms("2") + number;
		to->people[NEW].input = SCHED_HANDED;
		assert_int_equal(driver_step(&to->people[NEW], STEP_RECORD, output->bytes), 0);
		to->people[NEW].output_count = to->told[NEW] = to->handed[NEW] = 0;
	}
	town_close(town);
}

static size_t count_of(const struct sched_ledger *ledger, char first)
{
	size_t count = 0;

	for (size_t i = 0; i < ledger->send_count; i++)
		count += sched_send_id(ledger, &ledger->sends[i])[0] == first;
	return count;
}

static void many_who_become_one_fit_into_a_record(void **state)
{
	struct town *town = town_open(one_promotion);
	struct driver *d = &town->people[NEW];
	struct arena arena = {0};
	struct sched_ledger ledger;
	struct err err;

	(void)state;
	/* older than all others, and the one that its cap counts */
	play_for(town, NEW, "0 contact all=1 promotion=1\n0 ask promoted promotion 50\n0 run\n");
	for (int number = 0; number < CROWD; number++)
		join(town, number);
	assert_int_equal(sched_ledger_decode(slice_of(d->state, d->state_len), town->policy, &arena,
					     &ledger, &err),
			 0);
	assert_true(ledger.send_count <= SCHED_SENDS_MAX);
	assert_true(ledger.ended_count <= SCHED_ENDED_MAX);
	assert_true(d->state_len < SCHED_STATE_MAX_BYTES);
	assert_int_equal(count_of(&ledger, 'p'), 1);
	/* mails may be under way, and stay longer than tasks */
	assert_true(count_of(&ledger, 'm') > SCHED_SENDS_MAX / 2);
	assert_true(count_of(&ledger, 't') < SCHED_SENDS_MAX / 4);
	arena_free(&arena);
	town_close(town);
}

/* A no is told under the id that lives when it arrives, and is as new as it was. */
static void a_no_keeps_its_time(void **state)
{
	static const int64_t said_ms[] = {STORY_BEGIN_MS - 1, 0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct town *town = town_open(no_quiet);
		Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
		Nurture__V1__ConsentState no = NURTURE__V1__CONSENT_STATE__INIT, *said[] = {&no};
		const Nurture__V1__Contact *told;

		no.message_class = (char *)"promotion";
		no.said_ms = said_ms[i];
		contact.consent = said;
		contact.n_consent = 1;
		contact.email = (char *)"a@b.example";
		town->people[OLD].input = SCHED_REQUESTS;
		assert_int_equal(driver_contact(&town->people[OLD], story_ms("0"), &contact), 0);
		play_for(town, NEW, HELLO);
		move(town, "10", OLD, NEW);
		deliver(town, "11");
		told = newest_told(&town->people[NEW])->dispatch->contact;
		for (size_t k = 0; k < told->n_consent; k++)
			if (strcmp(told->consent[k]->message_class, "promotion") == 0)
				assert_int_equal(told->consent[k]->said_ms,
						 said_ms[i] ? said_ms[i] : story_ms("11"));
		assert_int_equal(told->n_consent, 2);
		town_close(town);
	}
}

/* What is told of a customer whose id is the key of the inbox, which the customer leaves. */
static void an_inbox_hears_that_its_id_has_left(void **state)
{
	struct policy *policy = load(no_quiet);
	char key[INBOX_KEY_BYTES];

	(void)state;
	assert_true(inbox_key(slice_text("a@b.example"), key));
	for (int by_id = 0; by_id < 2; by_id++) {
		Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
		Nurture__V1__ConsentState all = NURTURE__V1__CONSENT_STATE__INIT, *said[] = {&all};
		struct driver d;
		unsigned told = 0;

		driver_open(&d, policy);
		d.customer = key;
		d.service.tells_by_id = by_id;
		all.message_class = (char *)"all";
		contact.consent = said;
		contact.n_consent = 1;
		contact.email = (char *)"a@b.example";
		assert_int_equal(driver_contact(&d, story_ms("0"), &contact), 0);
		d.output_count = 0;
		contact.email = (char *)"new@b.example";
		assert_int_equal(driver_contact(&d, story_ms("1"), &contact), 0);
		for (size_t i = 0; i < d.output_count; i++) {
			assert_string_equal(d.outputs[i].dispatch->customer, key);
			told += slice_is(d.outputs[i].key, key) || !d.outputs[i].key.len;
		}
		assert_int_equal(d.output_count, 2);
		assert_int_equal(told, 1);
		driver_close(&d);
	}
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_inbox_hears_that_its_id_was_merged),
	    cmocka_unit_test(another_inbox_hears_its_word),
	    cmocka_unit_test(many_who_become_one_fit_into_a_record),
	    cmocka_unit_test(a_no_keeps_its_time),
	    cmocka_unit_test(a_word_after_the_merge_is_about_both),
	    cmocka_unit_test(an_erasure_of_the_old_id_stays_there),
	    cmocka_unit_test(of_who_was_erased_nothing_is_passed_on),
	    cmocka_unit_test(a_cancellation_may_come_first),
	    cmocka_unit_test(of_who_was_erased_nothing_is_known),
	    cmocka_unit_test(an_inbox_hears_that_its_id_has_left),
	    cmocka_unit_test(what_waits_goes_on),
	    cmocka_unit_test(what_was_granted_counts),
	    cmocka_unit_test(the_stricter_word_holds),
	    cmocka_unit_test(a_task_that_was_given_out_goes_on),
	    cmocka_unit_test(what_comes_for_the_old_id_is_passed_on),
	    cmocka_unit_test(chains_and_circles_end),
	    cmocka_unit_test(a_damaged_ledger_is_refused),
	    cmocka_unit_test(a_merge_breaks_no_cap),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
