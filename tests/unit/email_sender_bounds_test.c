/* email_sender_bounds_test.c - thousands of ids behind one address: each mail ends, each no binds. */
#include "common/mail/inbox.h"
#include "common/policy/person.h"
#include "common/stream/step_size.h"
#include "email_sender_world.h"

#define ADDRESS "no-email@shop.example"

enum { IDS_MAX = 10000 };

static struct world w;
static char key[INBOX_KEY_BYTES];
static struct buf kept;        /* the state */
static unsigned ends[IDS_MAX]; /* outcomes of each mail that are ends */
static unsigned displaced;     /* so far */
static size_t longest;         /* of all states, in bytes */
static int under_way[IDS_MAX]; /* the mails whose result is still to come */
static unsigned under_way_count;

static int set_up(void **state)
{
	(void)state;
	world_open(&w);
	assert_true(inbox_key(slice_text(ADDRESS), key));
	kept = (struct buf)BUF_MAX(2 * TOPIC_MESSAGE_BYTES);
	memset(ends, 0, sizeof(ends));
	displaced = under_way_count = 0;
	longest = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_free(&kept);
	world_close(&w);
	return 0;
}

static void take_output(const struct step_output *output)
{
	Nurture__V1__DeliveryEffect *effect;
	Nurture__V1__Outcome *outcome;
	struct err err;

	if (output->topic == STEP_EFFECT) {
		assert_int_equal(send_effect_decode(output->value, &w.arena, &effect, &err), 0);
		if (!effect->recall)
			under_way[under_way_count++] = (int)strtol(effect->id, NULL, 16);
	}
	if (output->topic != SEND_OUTCOMES)
		return;
	assert_int_equal(outcome_decode(output->value, &w.arena, &outcome, &err), 0);
	if (strcmp(outcome->status, "deferred") == 0)
		return;
	ends[atoi(outcome->request + strlen("request-"))]++;
	if (outcome->reason && strcmp(outcome->reason->rule, "inbox:waiting_limit") == 0) {
		assert_string_equal(outcome->status, "displaced");
		displaced++;
	}
}

static void run(enum step_kind kind, struct slice value)
{
	struct err err;

	arena_reset(&w.arena);
	w.step = (struct step){.context = &w.sender,
			       .arena = &w.arena,
			       .now_ms = w.now_ms,
			       .kind = kind,
			       .input = SEND_DISPATCH,
			       .time_ms = w.now_ms,
			       .owner = 1,
			       .customer = slice_text(key),
			       .value = value,
			       .state = buf_slice(&kept)};
	step_prepare(&w.step);
	if (send_step(&w.step, &err) < 0 || step_fits(&w.step, STEP_BYTES_MAX_USUAL, &err) < 0)
		fail_msg("%s", err.text);
	for (const struct step_output *o = w.step.outputs; o; o = o->next)
		take_output(o);
	if (!w.step.state_changed)
		return;
	buf_reset(&kept);
	buf_add(&kept, w.step.new_state.bytes, w.step.new_state.len);
	w.due_ms = w.step.due_ms;
	if (kept.len > longest)
		longest = kept.len;
}

static void tell(int id, Nurture__V1__DispatchRecord record)
{
	static uint8_t bytes[16 * 1024];
	char customer[32];

	snprintf(customer, sizeof(customer), "customer-%d", id);
	record.time_ms = (uint64_t)w.now_ms;
	record.customer = customer;
	assert_true(nurture__v1__dispatch_record__get_packed_size(&record) <= sizeof(bytes));
	run(STEP_RECORD, slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)));
}

/* One mail to the customer of that number. */
static void mail(int id, const char *class_name, bool exempt)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	char of[40], send[33];

	snprintf(of, sizeof(of), "request-%d", id);
	snprintf(send, sizeof(send), "%032x", (unsigned)id);
	request.id = of;
	request.programme = (char *)"win-back";
	request.message_class = (char *)(uintptr_t)class_name;
	request.channel = (char *)"email";
	request.action = (char *)"tips";
	request.order = (char *)"order-123456";
	request.triggered_ms = w.now_ms;
	request.expires_ms = w.now_ms + 10 * DAY_MS;
	request.exempt = exempt;
	dispatch.id = send;
	dispatch.request = &request;
	dispatch.email = (char *)ADDRESS;
	dispatch.name = (char *)"Ann Archer";
	dispatch.granted_ms = w.now_ms;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	record.dispatch = &dispatch;
	tell(id, record);
}

/* The mail server takes all that is under way.  Returns how many that were. */
static unsigned deliver(void)
{
	unsigned count = under_way_count;

	under_way_count = 0;
	for (unsigned i = 0; i < count; i++) {
		Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
		struct buf bytes = BUF_MAX(1000);
		char send[33];

		snprintf(send, sizeof(send), "%032x", (unsigned)under_way[i]);
		result.id = send;
		result.attempt = 1;
		result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__SENT;
		result.code = 250;
		send_result_encode(&result, &bytes);
		run(STEP_RESULT, buf_slice(&bytes));
		buf_free(&bytes);
	}
	return count;
}

/* What the customer says now: of one class, of the address. */
static void say_of(int id, const char *class_name, bool given, const char *undeliverable)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState word = NURTURE__V1__CONSENT_STATE__INIT, *words[] = {&word};

	word.message_class = (char *)(uintptr_t)class_name;
	word.given = given;
	word.said_ms = w.now_ms;
	contact.consent = words;
	contact.n_consent = class_name[0] != '\0';
	contact.email = (char *)ADDRESS;
	contact.undeliverable = (char *)(uintptr_t)undeliverable;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &contact;
	tell(id, record);
}

static unsigned all_ends(void)
{
	unsigned count = 0;

	for (int i = 0; i < IDS_MAX; i++) {
		assert_true(ends[i] <= 1);
		count += ends[i];
	}
	return count;
}

/* All are granted a mail of which an inbox takes two a week, and some one that needs no consent. */
static void every_mail_has_one_end(void **state)
{
	unsigned went = 0, urgent = 0; /* two of the rest at once, two after a week */

	(void)state;
	w.policy.ceiling.limit = 40;
	for (int i = 0; i < IDS_MAX; i++) {
		bool is_urgent = i % 100 == 99;
		unsigned now;

		mail(i, is_urgent ? "transactional" : "promotion", false);
		now = deliver();
		went += now;
		urgent += is_urgent && now;
		w.now_ms += MINUTE_MS;
	}
	assert_int_equal(urgent, IDS_MAX / 100); /* those that wait are in nobody's way */
	assert_true(displaced > IDS_MAX / 2);
	while (all_ends() < IDS_MAX) {
		assert_true(w.due_ms != NEVER_MS && w.now_ms < T0 + 40 * DAY_MS);
		w.now_ms = w.due_ms;
		run(STEP_TIMER, slice_of("", 0));
		went += deliver();
	}
	assert_int_equal(went, IDS_MAX / 100 + 4);
	assert_true(longest < 512 * 1024);
}

/* The first one says no, and so does the mail server: whoever comes after them. */
static void every_no_binds(void **state)
{
	(void)state;
	say_of(0, "promotion", false, "");
	say_of(1, "", false, UNDELIVERABLE_SOFT);
	for (int i = 2; i < IDS_MAX; i++) {
		w.now_ms += SECOND_MS;
		say_of(i, "care", i % 4 == 1, "");
	}
	assert_true(longest <= 64 * 1024);
	mail(7, "promotion", false);
	assert_int_equal(ends[7], 1);
	mail(8, "transactional", false);
	assert_int_equal(deliver(), 1);
	/* Who says yes later, by a word that can be shown, opens the class again. */
	say_of(3, "promotion", true, "");
	mail(9, "promotion", false);
	assert_int_equal(deliver(), 1);
	say_of(4, "", false, UNDELIVERABLE_HARD);
	for (int i = 100; i < 300; i++)
		say_of(i, "care", true, "");
	mail(10, "transactional", false);
	assert_int_equal(ends[10], 1);
	assert_int_equal(deliver(), 0);
}

/* A class is withdrawn by a word on all, after it was given by name: whoever else was heard. */
static void a_no_to_all_binds_as_well(void **state)
{
	(void)state;
	say_of(0, "promotion", true, "");
	w.now_ms += SECOND_MS;
	say_of(1, "all", false, "");
	for (int i = 2; i < 200; i++)
		say_of(i, "transactional", false, "");
	mail(500, "promotion", false);
	assert_int_equal(ends[500], 1);
}

/* What is exempt is bound by nothing but the ceiling, which is off; and two mails are counted. */
static void what_a_rule_counts_is_not_forgotten(void **state)
{
	(void)state;
	w.policy.ceiling.limit = INT64_MAX;
	for (int i = 0; i < 3000; i++) {
		mail(i, i < 2 ? "promotion" : "transactional", i >= 2);
		assert_int_equal(deliver(), 1);
		w.now_ms += SECOND_MS;
	}
	assert_int_equal(all_ends(), 3000);
	assert_true(longest < 256 * 1024);
	mail(3000, "promotion", false);
	assert_int_equal(deliver(), 0);
	assert_true(w.due_ms == T0 + 7 * DAY_MS);
}

/* The memory that one step takes, when so many ids have a mail and have said something. */
static size_t cost_at(int ids)
{
	tear_down(NULL);
	set_up(NULL);
	for (int i = 0; i < ids; i++) {
		say_of(i, "promotion", false, "");
		mail(i, "transactional", false);
		deliver();
	}
	arena_free(&w.arena);
	w.arena = (struct arena){0};
	mail(ids, "promotion", false);
	print_message("%5d ids: a state of %zu bytes, %zu taken by a step\n", ids, kept.len,
		      arena_room(&w.arena));
	return arena_room(&w.arena);
}

static void a_step_costs_no_more_with_more_ids(void **state)
{
	size_t cost;

	(void)state;
	cost_at(10);
	cost_at(100);
	cost = cost_at(1000);
	assert_true(cost_at(IDS_MAX - 1) <= cost);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_mail_has_one_end, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_no_binds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_no_to_all_binds_as_well, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_a_rule_counts_is_not_forgotten, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_step_costs_no_more_with_more_ids, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
