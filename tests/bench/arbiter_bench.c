/*
 * arbiter_bench.c - what one decision of the scheduler costs, by how many wait
 * and how many rules there are.
 *
 *	arbiter_bench [WAITING RULES [DECISIONS]]
 *
 * A customer with twenty mails behind him and so many candidates, half of them
 * due and half, of higher priority, in two hours; of ten priorities, four
 * programmes and two classes; rules with limits that some of them meet.
 * Measured is the timer of that instant: the state read, everybody weighed,
 * written.  One line of JSON for each size: nanoseconds of processor time a
 * decision, fastest and median.
 *
 *	valgrind --tool=callgrind --toggle-collect=decide_all tests/bench/arbiter_bench 10 10 20
 *
 * counts the instructions of as many decisions (divide the total by them).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "services/scheduler/step.h"
#include "common/codec/protobuf_message.h"
#include "tests/unit/policy_fixture.h"

#define NOW_MS INT64_C(1767614400000) /* 2026-01-05T12:00:00Z */
enum { MAILS_BEHIND = 20, ROUNDS = 11, DECISIONS = 50 };

static struct scheduler service = {.format = OUTCOME_JSON};
static struct arena arena;

/* Of every five rules one is about a class, one about a programme, three about all. */
static struct policy *policy_of(unsigned rules)
{
	struct zones *zones = fixture_zones();
	struct buf text = BUF_MAX(64 * 1024);
	struct policy *policy;
	struct err err;

	buf_text(&text, "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\", "
			"postal_address: \"1 Quay\"}\n"
			"classes: {care: {}, promotion: {}}\ncaps:\n");
	for (unsigned i = 0; i < rules; i++) {
		static const char *const about[] = {"", ", classes: [promotion]", ", programme: p1",
						    "", ""};

		buf_printf(&text, "  - {name: rule%u, limit: %u, per: %ud%s}\n", i, 2 + i % 7,
			   1 + i % 90, about[i % 5]);
	}
	buf_text(&text, "quiet_hours: {from: \"21:00\", to: \"08:00\"}\njust_bought: off\n"
			"programmes:\n  p1: {owner: o, on: order.placed, task: t, class: care}\n");
	if (policy_load(buf_slice(&text), "bench.yaml", zones, NULL, &policy, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	buf_free(&text);
	return policy;
}

/* The state after one more record. */
static struct slice put(struct slice state, int64_t at_ms, Nurture__V1__RequestRecord *record)
{
	struct step step = {.context = &service,
			    .arena = &arena,
			    .now_ms = at_ms,
			    .time_ms = at_ms,
			    .customer = slice_text("c1"),
			    .state = state};
	struct err err;

	record->time_ms = (uint64_t)at_ms;
	step.value = message_pack(record, &arena);
	step_prepare(&step);
	if (sched_step(&step, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return step.new_state;
}

static struct slice greet(struct slice state)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT, *consent[] = {&yes};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	yes.message_class = "all";
	yes.given = true;
	contact.email = "x@y.example";
	contact.consent = consent;
	contact.n_consent = 1;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_CONTACT;
	record.contact = &contact;
	return put(state, NOW_MS - 91 * DAY_MS, &record);
}

static struct slice add_sent(struct slice state, unsigned number)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;
	char id[16];

	snprintf(id, sizeof(id), "x%u", number);
	sent.id = id;
	sent.message_class = number % 2 ? "care" : "promotion";
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE;
	record.sent_elsewhere = &sent;
	return put(state, NOW_MS - (int64_t)(MAILS_BEHIND - number) * 4 * DAY_MS, &record);
}

static struct slice add_waiting(struct slice state, unsigned number, unsigned waiting)
{
	static char *const programmes[] = {"p1", "p2", "p3", "p4"};
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	char id[16];

	snprintf(id, sizeof(id), "r%u", number);
	request.id = id;
	request.programme = programmes[number % 4];
	request.message_class = number % 3 ? "care" : "promotion";
	request.channel = "email";
	request.action = "template";
	request.priority = (int32_t)(number % 10) * 10;
	request.triggered_ms = NOW_MS;
	/* Half of them are only looked ahead to. */
	request.due_ms = NOW_MS + (waiting > 1 && number % 10 >= 5 ? 2 * HOUR_MS : 0);
	request.expires_ms = NOW_MS + 60 * DAY_MS;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = &request;
	return put(state, NOW_MS, &record);
}

static int64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static __attribute__((noinline)) int64_t decide_all(struct slice state, unsigned decisions)
{
	static struct arena own;
	int64_t began_ns = cpu_ns();

	for (unsigned i = 0; i < decisions; i++) {
		struct step step = {.context = &service,
				    .arena = &own,
				    .now_ms = NOW_MS,
				    .time_ms = NOW_MS,
				    .kind = STEP_TIMER,
				    .customer = slice_text("c1"),
				    .state = state};
		struct err err;

		arena_reset(&own);
		step_prepare(&step);
		if (sched_step(&step, &err) < 0)
			abort();
	}
	return cpu_ns() - began_ns;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void measure(unsigned waiting, unsigned rules, unsigned decisions, unsigned rounds)
{
	struct policy *policy = policy_of(rules);
	struct slice state = slice_of(NULL, 0);
	int64_t took_ns[ROUNDS];

	service.policy = policy;
	state = greet(state);
	for (unsigned i = 0; i < MAILS_BEHIND; i++)
		state = add_sent(state, i);
	for (unsigned i = 0; i < waiting; i++)
		state = add_waiting(state, i, waiting);
	for (unsigned i = 0; i < rounds; i++)
		took_ns[i] = decide_all(state, decisions);
	qsort(took_ns, rounds, sizeof(*took_ns), compare);
	printf("{\"waiting\":%u,\"rules\":%u,\"decisions\":%u,\"least_ns\":%.0f,"
	       "\"median_ns\":%.0f}\n",
	       waiting, rules, decisions, (double)took_ns[0] / decisions,
	       (double)took_ns[rounds / 2] / decisions);
	arena_reset(&arena);
	policy_free(policy);
}

int main(int argc, char **argv)
{
	static const unsigned waiting[] = {1, 10, 100}, rules[] = {1, 3, 10, 50};

	if (argc > 2) {
		measure((unsigned)atoi(argv[1]), (unsigned)atoi(argv[2]),
			argc > 3 ? (unsigned)atoi(argv[3]) : DECISIONS, 1);
		return 0;
	}
	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 4; j++)
			measure(waiting[i], rules[j], waiting[i] > 10 ? 5 : DECISIONS, ROUNDS);
	return 0;
}
