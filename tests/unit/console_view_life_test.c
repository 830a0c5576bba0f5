/* console_view_life_test.c - what happened, what is to be done, what waits; and what is forgotten. */
#include <sqlite3.h>

#include "common/codec/protobuf_message.h"
#include "console_view_world.h"
#include "nurture/v1/ledger.pb-c.h"

#define R1 "11111111111111111111111111111111"
#define R2 "22222222222222222222222222222222"
#define T1 "33333333333333333333333333333333"
#define T2 "44444444444444444444444444444444"

static void say_outcome(struct world *world, const char *id, const char *request,
			const char *programme, const char *status, const char *at,
			const char *triggered, const char *more)
{
	world_say(
	    world, VIEW_OUTCOMES, id,
	    arena_printf(&world->arena,
			 "{\"at\":\"%s\",\"channel\":\"email\",\"class\":\"care\","
			 "\"customer\":\"%s\",\"id\":\"%s\",\"owner\":\"house\",\"policy\":\"p\","
			 "\"programme\":\"%s\",%s\"request\":\"%s\",\"status\":\"%s\","
			 "\"triggered_at\":\"%s\"}",
			 at, id, request, programme, more, request, status, triggered));
}

/* "sent/tips feedback.received task ...": the newest first. */
static const char *timeline(struct world *world, const char *id, struct view_place before,
			    size_t limit, struct view_moments *ret)
{
	struct view_reader *reader = world_reader(world);
	char *line = arena_zalloc(&world->arena, 1024);

	if (view_timeline(reader, id, before, limit, &world->arena, ret, &world->err) < 0)
		fail_msg("%s", world->err.text);
	for (size_t i = 0; i < ret->count; i++) {
		const struct view_moment *m = &ret->items[i];

		snprintf(line + strlen(line), 1024 - strlen(line), "%s%s%s%s", i ? " " : "",
			 m->event     ? m->event->type
			 : m->outcome ? m->outcome->status
			 : m->end     ? m->end->status
				      : m->notice->kind,
			 m->outcome ? "/" : "", m->outcome ? m->outcome->programme : "");
	}
	view_end(&reader);
	return line;
}

static const char *whole(struct world *world, const char *id)
{
	struct view_moments moments;

	return timeline(world, id, VIEW_NEWEST, 100, &moments);
}

static const char place_order[] =
    "{\"id\":\"o-1\",\"type\":\"order.placed\",\"time\":\"2026-02-01T12:00:00Z\","
    "\"customer\":{\"id\":\"ann\",\"name\":\"Annabella\"},\"order\":{\"id\":\"17\"}}";
static const char say_badly[] =
    "{\"id\":\"f-1\",\"type\":\"feedback.received\",\"time\":\"2026-02-10T12:00:00Z\","
    "\"customer\":{\"id\":\"ann\"},\"feedback\":{\"order\":\"17\",\"score\":2,"
    "\"comment\":\"Zeltstange verbogen.\"}}";

static void tell_life(struct world *world)
{
	world_say(world, VIEW_EVENTS, "ann", place_order);
	world_say(world, VIEW_EVENTS, "ann", say_badly);
	/* Sent again by a publisher who got no answer. */
	world_say(world, VIEW_EVENTS, "ann", say_badly);
	say_outcome(world, "ann", R1, "tips", "deferred", "2026-02-02T12:00:00Z",
		    "2026-02-01T12:00:00Z",
		    "\"reason\":{\"count\":2,\"limit\":2,\"rule\":\"week\",\"window_s\":604800,"
		    "\"won_by\":\"" R2 "\"},");
	say_outcome(world, "ann", R2, "birthday", "sent", "2026-02-02T12:00:00Z",
		    "2026-02-02T11:00:00Z", "");
	say_outcome(world, "ann", R1, "tips", "sent", "2026-02-11T12:00:00Z",
		    "2026-02-01T12:00:00Z", "");
	world_commit(world);
}

static void test_timeline(void **state)
{
	struct view_moments moments, rest;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	assert_string_equal(whole(&world, "ann"),
			    "sent/tips feedback.received sent/birthday deferred/tips order.placed");
	assert_string_equal(timeline(&world, "ann", VIEW_NEWEST, 4, &moments),
			    "sent/tips feedback.received sent/birthday");
	assert_true(moments.has_more);
	assert_string_equal(
	    timeline(&world, "ann",
		     (struct view_place){moments.items[2].at_ms, moments.items[2].number}, 3,
		     &rest),
	    "deferred/tips order.placed");
	assert_false(rest.has_more);
	assert_string_equal(rest.items[0].winner, "birthday");
	assert_string_equal(rest.items[0].outcome->reason->rule, "week");
	assert_string_equal(rest.items[0].outcome->request, R1);
	assert_string_equal(rest.items[0].outcome->customer, "ann");
	assert_string_equal(rest.items[0].outcome->owner, "house");
	assert_string_equal(rest.items[1].event->order->id, "17");
	/* Who the person is stands in the card alone. */
	assert_string_equal(rest.items[1].event->customer->name, "");
	assert_string_equal(whole(&world, "nobody"), "");
	world_end(&world);
}

static void test_words_and_scores(void **state)
{
	struct view_reader *reader;
	struct view_moments low;
	struct view_person person;
	struct view_counts counts;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	reader = world_reader(&world);
	assert_int_equal(view_low_scores(reader, 2, WORLD_NOW_MS - 30 * DAY_MS, 10, &world.arena,
					 &low, &world.err),
			 0);
	assert_int_equal(low.count, 1);
	assert_string_equal(low.items[0].event->feedback->comment, "Zeltstange verbogen.");
	assert_string_equal(low.items[0].customer, "ann");
	assert_int_equal(view_low_scores(reader, 1, 0, 10, &world.arena, &low, &world.err), 0);
	assert_int_equal(low.count, 0);
	assert_int_equal(
	    view_low_scores(reader, 2, WORLD_NOW_MS, 10, &world.arena, &low, &world.err), 0);
	assert_int_equal(low.count, 0);
	assert_int_equal(
	    view_person(reader, "ann", WORLD_NOW_MS, &world.arena, &person, &world.err), 1);
	assert_int_equal(person.last_words.count, 1);
	assert_int_equal(person.heard_7d, 0);
	assert_int_equal(person.heard_30d, 2);
	assert_int_equal(view_counts(reader, NULL, 2, 0, WORLD_NOW_MS, &counts, &world.err), 0);
	assert_int_equal(counts.low_scores, 1);
	view_end(&reader);
	world_end(&world);
}

static void give_task(struct world *world, const char *id, const char *task, const char *expires)
{
	world_say(
	    world, VIEW_TASKS, id,
	    arena_printf(&world->arena,
			 "{\"action\":\"phone-call\",\"customer\":\"%s\",\"due\":"
			 "\"2026-02-20T12:00:00Z\",\"expires\":\"%s\",\"id\":\"%s\","
			 "\"name\":\"Annabella\",\"owner\":\"house\",\"phone\":\"0664 7654321\","
			 "\"programme\":\"call\",\"request\":\"" R1 "\",\"time\":"
			 "\"2026-02-20T12:00:00Z\"}",
			 id, expires, task));
}

static void end_task(struct world *world, const char *id, const char *task)
{
	world_say(
	    world, VIEW_ENDS, id,
	    arena_printf(&world->arena,
			 "{\"action\":\"phone-call\",\"at\":\"2026-02-21T12:00:00Z\","
			 "\"by\":\"maria\",\"customer\":\"%s\",\"id\":\"%s\",\"opened\":"
			 "\"2026-02-20T12:00:00Z\",\"owner\":\"house\",\"programme\":\"call\","
			 "\"request\":\"" R1 "\",\"result\":\"reached\",\"status\":\"done\"}",
			 id, task));
}

/* What the desk has of somebody: this task, seen since then; NULL: none. */
static void desk_has_of(struct world *world, const char *who, const char *task, int64_t from_ms)
{
	Nurture__V1__Desk desk = NURTURE__V1__DESK__INIT;
	Nurture__V1__DeskTask known = NURTURE__V1__DESK_TASK__INIT, *list[] = {&known};

	known.id = (char *)task;
	known.request = R1;
	known.programme = "call";
	known.owner = "house";
	known.action = "phone-call";
	known.opened_ms = known.from_ms = from_ms;
	known.expires_ms = WORLD_NOW_MS + 5 * DAY_MS;
	known.by = "maria";
	known.taken = true;
	desk.tasks = list;
	desk.n_tasks = task ? 1 : 0;
	if (world_tell(world, VIEW_DESK, who, keep_packed(&desk, &world->arena)) != 1)
		fail_msg("%s", world->err.text);
}

static void desk_has(struct world *world, const char *task, int64_t from_ms)
{
	desk_has_of(world, "ann", task, from_ms);
}

/* "T1 T2!": those that are overdue with a '!'. */
static const char *tasks(struct world *world, const char *owner, struct view_tasks *ret)
{
	struct view_reader *reader = world_reader(world);
	char *line = arena_zalloc(&world->arena, 1024);

	if (view_tasks(reader, owner, WORLD_NOW_MS, 10, &world->arena, ret, &world->err) < 0)
		fail_msg("%s", world->err.text);
	for (size_t i = 0; i < ret->count; i++)
		snprintf(line + strlen(line), 1024 - strlen(line), "%s%.1s%s", i ? " " : "",
			 ret->items[i].task->id, ret->items[i].is_overdue ? "!" : "");
	view_end(&reader);
	return line;
}

static void test_tasks(void **state)
{
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	give_task(&world, "ann", T1, "2026-03-06T12:00:00Z");
	give_task(&world, "ann", T2, "2026-03-05T12:00:00Z");
	give_task(&world, "bob", R2, "2026-02-27T12:00:00Z");
	world_commit(&world);
	/* By when they expire, as long as no desk says more; one that has is over. */
	assert_string_equal(tasks(&world, NULL, &list), "4 3");
	assert_string_equal(list.items[0].task->phone, "0664 7654321");
	assert_string_equal(list.items[0].task->customer, "ann");
	assert_null(list.items[0].desk);
	desk_has(&world, T1, WORLD_NOW_MS - 2 * DAY_MS);
	world_commit(&world);
	assert_string_equal(tasks(&world, "house", &list), "3! 4");
	assert_string_equal(list.items[0].desk->by, "maria");
	assert_string_equal(tasks(&world, "garden", &list), "");
	desk_has(&world, NULL, 0);
	end_task(&world, "ann", T1);
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "4");
	assert_string_equal(whole(&world, "ann"), "done");
	world_say(&world, VIEW_EVENTS, "ann",
		  "{\"id\":\"t-1\",\"type\":\"task.done\",\"time\":\"2026-02-21T12:00:00Z\","
		  "\"customer\":{\"id\":\"ann\"},\"task\":{\"id\":\"" T2 "\"}}");
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "");
	world_end(&world);
}

/* A merged customer's: the two desk states are on two partitions, and come in any order. */
static void test_task_handed_over(void **state)
{
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	give_task(&world, "ann", T1, "2026-03-06T12:00:00Z");
	desk_has(&world, T1, WORLD_NOW_MS - 2 * DAY_MS);
	desk_has_of(&world, "bob", T1, WORLD_NOW_MS - 2 * DAY_MS);
	desk_has(&world, NULL, 0);
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3!");
	/* The other way round: what the old one had is heard late, and then that it has no more. */
	desk_has(&world, T1, WORLD_NOW_MS - 2 * DAY_MS);
	desk_has(&world, NULL, 0);
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3!");
	assert_non_null(list.items[0].desk);
	desk_has_of(&world, "bob", NULL, 0);
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3");
	assert_null(list.items[0].desk);
	world_end(&world);
}

/* When a task is due is the policy's word, and another policy has another one. */
static void test_tasks_by_another_policy(void **state)
{
	struct view_tasks list;
	struct world world;
	struct desk desk;

	(void)state;
	world_begin(&world);
	give_task(&world, "ann", T1, "2026-03-06T12:00:00Z");
	desk_has(&world, T1, WORLD_NOW_MS - 2 * DAY_MS);
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3!");
	view_close(&world.view);
	desk = *world.policy->desk;
	desk.action_count = 0;
	world.policy->desk = &desk;
	snprintf(world.policy->hash, sizeof(world.policy->hash), "another");
	world_open_view(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3");
	world_end(&world);
}

/* The topics come as they like: an end before its task, the desk's state before either. */
static void test_tasks_in_any_order(void **state)
{
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	desk_has(&world, T1, WORLD_NOW_MS - 2 * DAY_MS);
	end_task(&world, "ann", T2);
	give_task(&world, "ann", T1, "2026-03-06T12:00:00Z");
	give_task(&world, "ann", T2, "2026-03-05T12:00:00Z");
	world_commit(&world);
	assert_string_equal(tasks(&world, NULL, &list), "3!");
	world_end(&world);
}

static void say_done(struct world *world, const char *who, const char *task)
{
	world_say(world, VIEW_EVENTS, who,
		  arena_printf(&world->arena,
			       "{\"id\":\"done-by-%s\",\"type\":\"task.done\",\"time\":"
			       "\"2026-02-21T12:00:00Z\",\"customer\":{\"id\":\"%s\"},"
			       "\"task\":{\"id\":\"%s\"}}",
			       who, who, task));
	world_commit(world);
}

/* A task that the desk still has is on the page, whatever somebody says of another customer. */
static void test_task_of_another(void **state)
{
	const struct world_person old = {.id = "ann-old", .merged_into = "ann"};
	const struct world_person ann = {.id = "ann", .name = "Annabella"};
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	say_done(&world, "bob", T1);
	give_task(&world, "ann", T1, "2026-03-06T12:00:00Z");
	say_done(&world, "carl", T1);
	assert_string_equal(tasks(&world, NULL, &list), "3");
	say_done(&world, "ann", T1);
	assert_string_equal(tasks(&world, NULL, &list), "");
	/* Under either id of who was merged. */
	world_profile(&world, &ann);
	world_profile(&world, &old);
	give_task(&world, "ann-old", T2, "2026-03-06T12:00:00Z");
	say_done(&world, "ann", T2);
	assert_string_equal(tasks(&world, NULL, &list), "");
	world_end(&world);
}

static Nurture__V1__Waiting *waits(struct world *world, const char *request, const char *programme,
				   int64_t due_ms, const char *won_by)
{
	Nurture__V1__Waiting *waiting = arena_alloc(&world->arena, sizeof(*waiting));
	Nurture__V1__Request asked = NURTURE__V1__REQUEST__INIT;
	struct slice packed;

	nurture__v1__waiting__init(waiting);
	asked.id = (char *)request;
	asked.programme = (char *)programme;
	asked.message_class = "care";
	asked.channel = "email";
	asked.due_ms = due_ms;
	asked.expires_ms = due_ms + 30 * DAY_MS;
	packed = keep_packed(&asked, &world->arena);
	waiting->request.data = (uint8_t *)packed.bytes;
	waiting->request.len = packed.len;
	waiting->due_ms = due_ms;
	waiting->rule = "week";
	waiting->won_by = (char *)won_by;
	return waiting;
}

static void tell_ledger(struct world *world, const char *id, Nurture__V1__Waiting **waiting,
			size_t count, bool is_erased)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT, *consent[] = {&yes};
	Nurture__V1__Ledger ledger = NURTURE__V1__LEDGER__INIT;
	struct slice packed;

	yes.message_class = "care";
	yes.given = true;
	contact.email = is_erased ? "" : "annabella@example.com";
	contact.consent = consent;
	contact.n_consent = is_erased ? 0 : 1;
	contact.erased = is_erased;
	packed = keep_packed(&contact, &world->arena);
	ledger.contact.data = (uint8_t *)packed.bytes;
	ledger.contact.len = packed.len;
	ledger.waiting = waiting;
	ledger.n_waiting = count;
	if (world_tell(world, VIEW_CONTACTS, id, keep_packed(&ledger, &world->arena)) != 1)
		fail_msg("%s", world->err.text);
}

static void test_waiting_and_programmes(void **state)
{
	struct view_reader *reader;
	struct view_waitings waiting;
	struct view_programmes programmes;
	struct view_person person;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	tell_ledger(&world, "ann",
		    (Nurture__V1__Waiting *[]){
			waits(&world, T1, "tips", WORLD_NOW_MS + 2 * DAY_MS, R2),
			waits(&world, T2, "tips", WORLD_NOW_MS - 2 * DAY_MS, ""),
		    },
		    2, false);
	tell_ledger(&world, "bob",
		    (Nurture__V1__Waiting *[]){
			waits(&world, R2, "call", WORLD_NOW_MS + 9 * DAY_MS, ""),
		    },
		    1, false);
	/* The newest state is all there is. */
	tell_ledger(&world, "bob",
		    (Nurture__V1__Waiting *[]){
			waits(&world, R1, "call", WORLD_NOW_MS + 8 * DAY_MS, ""),
		    },
		    1, false);
	world_commit(&world);
	reader = world_reader(&world);
	assert_int_equal(view_waiting(reader, "ann", &world.arena, &waiting, &world.err), 0);
	assert_int_equal(waiting.count, 2);
	assert_string_equal(waiting.items[0].request->id, T2);
	assert_string_equal(waiting.items[1].winner, "birthday");
	assert_string_equal(waiting.items[1].waiting->rule, "week");
	assert_int_equal(
	    view_person(reader, "ann", WORLD_NOW_MS, &world.arena, &person, &world.err), 1);
	assert_true(person.contact->consent[0]->given);
	assert_int_equal(
	    view_programmes(reader, 0, WORLD_NOW_MS, &world.arena, &programmes, &world.err), 0);
	assert_int_equal(programmes.count, 3);
	assert_string_equal(programmes.items[0].name, "birthday");
	assert_string_equal(programmes.items[0].owner, "house");
	assert_int_equal(programmes.items[0].outcomes[STATUS_SENT], 1);
	assert_int_equal(programmes.items[1].waiting, 1);
	assert_int_equal(programmes.items[1].planned[6], 0);
	assert_int_equal(programmes.items[2].outcomes[STATUS_SENT], 1);
	assert_int_equal(programmes.items[2].outcomes[STATUS_DEFERRED], 1);
	assert_int_equal(programmes.items[2].waiting, 2);
	assert_int_equal(programmes.items[2].planned[0], 1);
	assert_int_equal(programmes.items[2].planned[2], 1);
	view_end(&reader);
	world_end(&world);
}

static void test_escalated(void **state)
{
	static const char line[] =
	    "{\"action\":\"phone-call\",\"at\":\"2026-02-28T12:00:00Z\",\"customer\":\"ann\","
	    "\"id\":\"%s\",\"kind\":\"%s\",\"owner\":\"house\",\"programme\":\"call\",%s"
	    "\"task\":\"" T1 "\",\"to\":\"boss\"}";
	struct view_reader *reader;
	struct view_moments told;
	struct view_counts counts;
	struct world world;

	(void)state;
	world_begin(&world);
	world_say(&world, VIEW_NOTICES, "ann",
		  arena_printf(&world.arena, line, R1, "reminder", ""));
	world_say(&world, VIEW_NOTICES, "ann",
		  arena_printf(&world.arena, line, R2, "escalation", "\"step\":1,"));
	world_commit(&world);
	reader = world_reader(&world);
	assert_int_equal(view_escalated(reader, "house", WORLD_NOW_MS - 7 * DAY_MS, 10,
					&world.arena, &told, &world.err),
			 0);
	assert_int_equal(told.count, 0); /* whose task it is, but nobody of them was told */
	assert_int_equal(view_escalated(reader, NULL, WORLD_NOW_MS - 7 * DAY_MS, 10, &world.arena,
					&told, &world.err),
			 0);
	assert_int_equal(told.count, 1);
	assert_int_equal(view_escalated(reader, "boss", WORLD_NOW_MS - 7 * DAY_MS, 10, &world.arena,
					&told, &world.err),
			 0);
	assert_int_equal(told.count, 1);
	assert_int_equal(view_counts(reader, "house", 2, 0, WORLD_NOW_MS, &counts, &world.err), 0);
	assert_int_equal(counts.escalated, 0);
	assert_int_equal(view_counts(reader, "boss", 2, 0, WORLD_NOW_MS, &counts, &world.err), 0);
	assert_int_equal(counts.escalated, 1);
	assert_string_equal(told.items[0].notice->to, "boss");
	assert_string_equal(told.items[0].notice->task, T1);
	/* The number above the page is that of the list, however far back its scores are from. */
	assert_int_equal(view_counts(reader, NULL, 2, 0, WORLD_NOW_MS, &counts, &world.err), 0);
	assert_int_equal(counts.escalated, 1);
	assert_int_equal(
	    view_counts(reader, NULL, 2, 0, WORLD_NOW_MS + 8 * DAY_MS, &counts, &world.err), 0);
	assert_int_equal(counts.escalated, 0);
	view_end(&reader);
	world_end(&world);
}

/* Somebody who was weighed 105 days ago, and ordered so often in the 30 days after that. */
static void weigh(struct world *world, const char *id, unsigned orders, const char *status,
		  const char *probability)
{
	static const char *const numbers[] = {"o1", "o2", "o3", "o4"};
	struct world_person person = {.id = id, .name = "Somebody"};

	for (unsigned i = 0; i < orders; i++)
		person.orders[i] = numbers[i];
	world_profile(world, &person);
	say_outcome(world, id, R1, "sale", status, "2025-11-16T12:00:00Z", "2025-11-16T12:00:00Z",
		    arena_printf(&world->arena, "\"probability\":\"%s\",", probability));
}

/* The numbers are those of deploy/queries/lift.sql, which SQLite has counted from the same people. */
static void test_lift(void **state)
{
	static const unsigned told[] = {1, 2, 0, 3, 1}, held[] = {0, 1, 0, 2};
	struct view_state built = {.is_built = true};
	struct view_reader *reader;
	struct view_lifts lifts;
	struct world world;
	bool has_more;

	(void)state;
	world_begin(&world);
	for (unsigned i = 0; i < 5; i++)
		weigh(&world, arena_printf(&world.arena, "t%u", i), told[i], "sent",
		      i < 3 ? "0.9" : "0.5");
	for (unsigned i = 0; i < 4; i++)
		weigh(&world, arena_printf(&world.arena, "h%u", i), held[i], "holdout",
		      i < 3 ? "0.1" : "0.5");
	/* On both sides, and so on none; then one whose days are not over. */
	weigh(&world, "both", 4, "holdout", "0.5");
	weigh(&world, "both", 4, "sent", "0.5");
	say_outcome(&world, "late", R2, "sale", "sent", "2026-02-20T12:00:00Z",
		    "2026-02-20T12:00:00Z", "");
	world_commit(&world);
	view_set_state(world.view, &built);
	for (int minutes = 0; minutes < 5; minutes++)
		assert_int_equal(
		    view_tend(world.view, WORLD_NOW_MS + minutes * 60000, &has_more, &world.err),
		    0);
	reader = world_reader(&world);
	assert_int_equal(view_lift(reader, &world.arena, &lifts, &world.err), 0);
	assert_int_equal(lifts.count, 1);
	assert_string_equal(lifts.items[0].programme, "sale");
	assert_int_equal(lifts.items[0].people, 5);
	assert_int_equal(lifts.items[0].heard, 5);
	assert_int_equal(lifts.items[0].held, 4);
	assert_float_equal(lifts.items[0].mean, 1.5454545454545454, 1e-9);
	assert_float_equal(lifts.items[0].mean_held, 0.4375, 1e-9);
	assert_float_equal(lifts.items[0].low, -7.3689049951331675, 1e-7);
	assert_float_equal(lifts.items[0].high, 9.584814086042257, 1e-7);
	view_end(&reader);
	world_end(&world);
}

/* Is the text in the file, or in what stands beside it? */
static bool is_on_disk(const struct world *world, const char *text)
{
	char command[256];

	snprintf(command, sizeof(command), "grep -qiaF -- '%s' %s/*", text, world->directory);
	return system(command) == 0;
}

static void tend(struct world *world, int64_t now_ms)
{
	bool has_more;

	/* It begins to sweep some minutes after the start. */
	if (view_tend(world->view, now_ms, &has_more, &world->err) < 0)
		fail_msg("%s", world->err.text);
	now_ms += 15 * 60000;
	has_more = true;
	for (int i = 0; i < 100 && has_more; i++)
		if (view_tend(world->view, now_ms, &has_more, &world->err) < 0)
			fail_msg("%s", world->err.text);
	/* Erasures are wiped together, some seconds later. */
	if (view_tend(world->view, now_ms + 10000, &has_more, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static const char *const of_ann[] = {"Annabella", "Kreuzschnabel", "annabella@example.com",
				     "7654321",   "Zeltstange",    "ann-the-customer",
				     "nordlicht", "A-1717"};

static void tell_all_of_ann(struct world *world)
{
	const struct world_person ann = {.id = "ann-the-customer",
					 .name = "Annabella Kreuzschnabel",
					 .email = "annabella@example.com",
					 .phone = "0664 7654321",
					 .address = "Nordlichtgasse 3",
					 .orders = {"A-1717"}};

	world_profile(world, &ann);
	give_task(world, "ann-the-customer", T1, "2026-03-06T12:00:00Z");
	world_say(
	    world, VIEW_EVENTS, "ann-the-customer",
	    "{\"id\":\"f-1\",\"type\":\"feedback.received\",\"time\":\"2026-02-10T12:00:00Z\","
	    "\"customer\":{\"id\":\"ann-the-customer\"},\"feedback\":{\"order\":\"A-1717\","
	    "\"score\":2,\"comment\":\"Zeltstange verbogen.\"}}");
	say_outcome(world, "ann-the-customer", R1, "tips", "sent", "2026-02-11T12:00:00Z",
		    "2026-02-01T12:00:00Z", "\"order\":\"A-1717\",");
	end_task(world, "ann-the-customer", T2);
	tell_ledger(world, "ann-the-customer",
		    (Nurture__V1__Waiting *[]){waits(world, T2, "tips", WORLD_NOW_MS, "")}, 1,
		    false);
}

static void erase_ann(struct world *world)
{
	const struct world_person gone = {.id = "ann-the-customer", .erased_ms = WORLD_NOW_MS};

	world_say(world, VIEW_EVENTS, "ann-the-customer",
		  "{\"id\":\"x-1\",\"type\":\"customer.erased\",\"time\":\"2026-03-01T12:00:00Z\","
		  "\"customer\":{\"id\":\"ann-the-customer\"}}");
	world_profile(world, &gone);
	tell_ledger(world, "ann-the-customer", NULL, 0, true);
}

static void test_erasure_leaves_no_byte(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	tell_all_of_ann(&world);
	world_commit(&world);
	/* A second batch, so that the words are in the index for good. */
	world_say(&world, VIEW_EVENTS, "ann", place_order);
	world_commit(&world);
	for (size_t i = 0; i < sizeof(of_ann) / sizeof(*of_ann); i++)
		if (!is_on_disk(&world, of_ann[i]) && strcmp(of_ann[i], "7654321") != 0)
			fail_msg("%s is not there before the erasure", of_ann[i]);
	erase_ann(&world);
	/* Decided after the erasure about what was set off before. */
	say_outcome(&world, "ann-the-customer", R2, "tips", "cancelled", "2026-03-01T12:00:05Z",
		    "2026-02-01T12:00:00Z", "");
	say_outcome(&world, "ann-the-customer", T1, "tips", "erased", "2026-03-01T12:00:01Z",
		    "2026-02-01T12:00:00Z", "");
	world_commit(&world);
	tend(&world, WORLD_NOW_MS);
	for (size_t i = 0; i < sizeof(of_ann) / sizeof(*of_ann); i++)
		if (is_on_disk(&world, of_ann[i]))
			fail_msg("%s is still there after the erasure", of_ann[i]);
	assert_string_equal(whole(&world, "ann"), "order.placed");
	world_end(&world);
}

static int64_t mark_of_a_wipe(const struct world *world)
{
	struct sqlite3_stmt *rows;
	struct sqlite3 *file;
	int64_t mark = 0;

	assert_int_equal(sqlite3_open(world->path, &file), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(file, "SELECT value FROM meta WHERE name='must_wipe'",
					    -1, &rows, NULL),
			 SQLITE_OK);
	if (sqlite3_step(rows) == SQLITE_ROW)
		mark = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	sqlite3_close(file);
	return mark;
}

/* While a reader keeps the log there is still something to wipe, also for who is killed now. */
static void test_erasure_is_marked_until_it_is_wiped(void **state)
{
	struct view_reader *reader;
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_all_of_ann(&world);
	world_commit(&world);
	if (view_begin(world.view, &reader, &world.err) < 0)
		fail_msg("%s", world.err.text);
	/* From its first look on it keeps what it has seen. */
	assert_int_equal(view_tasks(reader, NULL, WORLD_NOW_MS, 1, &world.arena, &list, &world.err),
			 0);
	erase_ann(&world);
	world_commit(&world);
	tend(&world, WORLD_NOW_MS);
	assert_int_equal(mark_of_a_wipe(&world), 1);
	view_end(&reader);
	tend(&world, WORLD_NOW_MS + DAY_MS);
	assert_int_equal(mark_of_a_wipe(&world), 0);
	world_end(&world);
}

/* The erasure is read first, and topics that lag behind bring nothing back; a new life counts. */
static void test_erasure_holds(void **state)
{
	struct view_tasks list;
	struct world world;

	(void)state;
	world_begin(&world);
	erase_ann(&world);
	give_task(&world, "ann-the-customer", T1, "2026-03-06T12:00:00Z");
	say_outcome(&world, "ann-the-customer", R1, "tips", "sent", "2026-02-11T12:00:00Z",
		    "2026-02-01T12:00:00Z", "");
	end_task(&world, "ann-the-customer", T2);
	say_outcome(&world, "ann-the-customer", R2, "tips", "sent", "2026-03-03T12:00:00Z",
		    "2026-03-02T12:00:00Z", "");
	world_commit(&world);
	assert_string_equal(whole(&world, "ann-the-customer"), "sent/tips");
	assert_string_equal(tasks(&world, NULL, &list), "");
	world_end(&world);
}

/* Under the id that lives: what was told under the other one goes as well. */
static void test_erasure_of_merged(void **state)
{
	struct world_person old = {
	    .id = "ann", .name = "Annabella", .merged_into = "ann-the-customer"};
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	world_profile(&world, &old);
	tell_all_of_ann(&world);
	world_commit(&world);
	assert_non_null(strstr(whole(&world, "ann-the-customer"), "order.placed"));
	erase_ann(&world);
	world_commit(&world);
	assert_string_equal(whole(&world, "ann"), "");
	world_end(&world);
}

/* However many ids were merged into the one that lives, and into those: none keeps a byte. */
static void test_erasure_of_many_merged(void **state)
{
	static const char said[] =
	    "{\"id\":\"i-%d\",\"type\":\"interaction.recorded\",\"time\":\"2026-02-01T12:00:00Z\","
	    "\"customer\":{\"id\":\"old-%d\"},\"interaction\":{\"channel\":\"call\","
	    "\"words\":\"Zeltstange %d.\"}}";
	struct world world;

	(void)state;
	world_begin(&world);
	for (int i = 0; i < 40; i++) {
		const char *id = arena_printf(&world.arena, "old-%d", i);
		const char *into =
		    i < 20 ? "ann-the-customer" : arena_printf(&world.arena, "old-%d", i - 1);
		struct world_person old = {.id = id, .name = "Annabella", .merged_into = into};

		world_say(&world, VIEW_EVENTS, id, arena_printf(&world.arena, said, i, i, i));
		world_profile(&world, &old);
	}
	world_commit(&world);
	erase_ann(&world);
	world_commit(&world);
	tend(&world, WORLD_NOW_MS);
	for (int i = 0; i < 40; i++)
		if (is_on_disk(&world, arena_printf(&world.arena, "Zeltstange %d.", i)))
			fail_msg("what was said under old-%d is still there", i);
	world_end(&world);
}

static void test_forgets_by_time(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	world_commit(&world);
	tend(&world, WORLD_NOW_MS + 27 * DAY_MS);
	assert_non_null(strstr(whole(&world, "ann"), "order.placed"));
	tend(&world, WORLD_NOW_MS + 29 * DAY_MS);
	assert_string_equal(whole(&world, "ann"), "sent/tips sent/birthday deferred/tips");
	assert_false(is_on_disk(&world, "Zeltstange"));
	tend(&world, WORLD_NOW_MS + 91 * DAY_MS);
	assert_string_equal(whole(&world, "ann"), "");
	world_end(&world);
}

/* Where the events turn the clock, what is old is so by that, whatever the wall's shows; it is kept. */
static void test_forgets_by_the_events_clock(void **state)
{
	struct view_state clocked = {.is_built = true, .clock_ms = WORLD_NOW_MS + 27 * DAY_MS};
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	world_commit(&world);
	view_set_state(world.view, &clocked);
	tend(&world, WORLD_NOW_MS + 1000 * DAY_MS);
	assert_non_null(strstr(whole(&world, "ann"), "order.placed"));
	view_close(&world.view);
	world_open_view(&world);
	clocked = view_get_state(world.view);
	assert_true(clocked.clock_ms == WORLD_NOW_MS + 27 * DAY_MS);
	assert_true(view_now_ms(&clocked, 1) == clocked.clock_ms);
	clocked.clock_ms = 0;
	assert_true(view_now_ms(&clocked, 1) == 1);
	view_set_state(world.view, &clocked);
	tend(&world, WORLD_NOW_MS + 91 * DAY_MS);
	assert_string_equal(whole(&world, "ann"), "");
	world_end(&world);
}

static void test_unreadable(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	for (unsigned topic = 0; topic < VIEW_TOPIC_COUNT; topic++)
		assert_int_equal(world_tell(&world, topic, "ann", slice_text("{\"at\":\xff")), 0);
	world_commit(&world);
	assert_int_equal(view_offset(world.view, VIEW_EVENTS, 0), 1);
	world_end(&world);
}

static void test_files(void **state)
{
	struct view *other = NULL;
	struct world world;
	char command[256];

	(void)state;
	world_begin(&world);
	tell_life(&world);
	/* Nobody else reads it. */
	snprintf(command, sizeof(command), "test -z \"$(find %s -type f -perm /077)\"",
		 world.directory);
	assert_int_equal(system(command), 0);
	assert_int_equal(
	    view_open(&other, &(struct view_options){world.path, world.policy}, &world.err), -1);
	assert_int_equal(world.err.kind, ERR_ENVIRONMENT);
	assert_non_null(strstr(world.err.text, "another console has this view"));
	assert_false(view_is_asked_anew(world.view));
	assert_int_equal(view_ask_anew(world.path, &world.err), 0);
	assert_true(view_is_asked_anew(world.view));
	assert_int_equal(view_begin_anew(world.view, &world.err), 0);
	assert_false(view_is_asked_anew(world.view));
	assert_int_equal(view_offset(world.view, VIEW_EVENTS, 0), 0);
	assert_string_equal(whole(&world, "ann"), "");
	view_close(&world.view);
	/* What is damaged, or of another version, is made anew. */
	snprintf(command, sizeof(command), "head -c 20000 /dev/urandom >%s", world.path);
	assert_int_equal(system(command), 0);
	world_open_view(&world);
	world.offsets[VIEW_EVENTS] = 0;
	world_say(&world, VIEW_EVENTS, "ann", place_order);
	world_commit(&world);
	assert_string_equal(whole(&world, "ann"), "order.placed");
	view_close(&world.view);
	/* What is somebody else's is left alone. */
	snprintf(command, sizeof(command),
		 "rm -f %s*; sqlite3 %s 'create table mine(a)' 2>/dev/null || exit 7", world.path,
		 world.path);
	if (system(command) == 0) {
		const struct view_options options = {.path = world.path, .policy = world.policy};

		assert_int_equal(view_open(&world.view, &options, &world.err), -1);
		assert_int_equal(world.err.kind, ERR_CONFIG);
		assert_int_equal(view_ask_anew(world.path, &world.err), -1);
	}
	world_end(&world);
}

/* Pages of the file, with chance in them. */
static void damage(const struct world *world, int from, int count)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "dd if=/dev/urandom of=%.95s bs=8192 seek=%d count=%d conv=notrunc 2>&1",
		 world->path, from, count);
	assert_int_equal(system(command), 0);
}

/* The first page says that it is a view; what is behind it cannot be read. */
static void test_damaged_inside(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	world_commit(&world);
	view_close(&world.view);
	damage(&world, 2, 30);
	world_open_view(&world);
	assert_int_equal(view_offset(world.view, VIEW_EVENTS, 0), 0);
	assert_false(view_is_damaged(world.view));
	assert_string_equal(whole(&world, "ann"), "");
	world_end(&world);
}

/* Found by whoever reads a page: the next step of the writer begins anew. */
static void test_damaged_under_way(void **state)
{
	struct view_person person;
	struct view_reader *reader;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_life(&world);
	world_commit(&world);
	tend(&world, WORLD_NOW_MS + 29 * DAY_MS); /* all into the file */
	damage(&world, 2, 30);
	assert_false(view_is_damaged(world.view));
	reader = world_reader(&world);
	assert_int_equal(
	    view_person(reader, "ann", WORLD_NOW_MS, &world.arena, &person, &world.err), -1);
	view_end(&reader);
	assert_true(view_is_damaged(world.view));
	assert_int_equal(view_begin_anew(world.view, &world.err), 0);
	assert_false(view_is_damaged(world.view));
	assert_string_equal(whole(&world, "ann"), "");
	assert_int_equal(unlink(world.path), 0);
	assert_true(view_is_damaged(world.view));
	assert_int_equal(view_begin_anew(world.view, &world.err), 0);
	assert_false(view_is_damaged(world.view));
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_timeline),
	    cmocka_unit_test(test_words_and_scores),
	    cmocka_unit_test(test_tasks),
	    cmocka_unit_test(test_task_handed_over),
	    cmocka_unit_test(test_tasks_by_another_policy),
	    cmocka_unit_test(test_tasks_in_any_order),
	    cmocka_unit_test(test_task_of_another),
	    cmocka_unit_test(test_waiting_and_programmes),
	    cmocka_unit_test(test_escalated),
	    cmocka_unit_test(test_lift),
	    cmocka_unit_test(test_erasure_leaves_no_byte),
	    cmocka_unit_test(test_erasure_is_marked_until_it_is_wiped),
	    cmocka_unit_test(test_erasure_holds),
	    cmocka_unit_test(test_erasure_of_merged),
	    cmocka_unit_test(test_erasure_of_many_merged),
	    cmocka_unit_test(test_forgets_by_time),
	    cmocka_unit_test(test_forgets_by_the_events_clock),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_damaged_inside),
	    cmocka_unit_test(test_damaged_under_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
