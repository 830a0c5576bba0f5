/*
 * segmenter_merge_test.c - customers who turn out to be one person: what is handed over, where it
 * goes, and that nothing of it counts twice.
 *
 * A town has several customers, each with a state of its own; what they hand over waits in a queue
 * until the test lets it arrive, in whichever order.
 */
#include "segmenter_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/inbox.h"
#include "common/message/handover.h"
#include "services/segmenter/profile/consent.h"
#include "services/segmenter/profile/deliverable.h"
#include "services/segmenter/profile/person.h"
#include "services/segmenter/profile/unite.h"

enum { PEOPLE_MAX = 8, QUEUE_MAX = 64 };

struct person {
	char *id;
	struct buf state;
};

struct sent {
	const char *to;
	struct buf value;
};

struct town {
	struct zones *zones;
	struct policy *policy;
	struct segmenter segmenter;
	struct arena arena;
	struct person people[PEOPLE_MAX];
	unsigned count;
	struct sent queue[QUEUE_MAX];
	unsigned queued;
	int64_t now_ms;
	struct buf out; /* "ID what" lines */
};

static struct town town_with(const char *policy)
{
	struct town town = {.zones = fixture_zones(), .out = BUF_MAX(1 << 20)};
	struct err err;

	if (policy_load(slice_text(policy), "test.yaml", town.zones, NULL, &town.policy, &err) < 0)
		fail_msg("%s", err.text);
	town.segmenter = (struct segmenter){.policy = town.policy, .hands_over = true};
	return town;
}

static void town_free(struct town *town)
{
	for (unsigned i = 0; i < town->count; i++) {
		free(town->people[i].id);
		buf_free(&town->people[i].state);
	}
	for (unsigned i = 0; i < town->queued; i++)
		buf_free(&town->queue[i].value);
	buf_free(&town->out);
	policy_free(town->policy);
	zones_free(town->zones);
	arena_free(&town->arena);
}

static struct person *person_of(struct town *town, const char *id)
{
	for (unsigned i = 0; i < town->count; i++)
		if (strcmp(town->people[i].id, id) == 0)
			return &town->people[i];
	assert_true(town->count < PEOPLE_MAX);
	town->people[town->count] = (struct person){strdup(id), BUF_MAX(1 << 22)};
	return &town->people[town->count++];
}

static void put_line(struct town *town, const char *id, const struct step_output *output)
{
	struct ProtobufCAllocator allocator = arena_protobuf(&town->arena);
	Nurture__V1__RequestRecord *record =
	    nurture__v1__request_record__unpack(&allocator, output->value.len, output->value.bytes);
	struct buf line = BUF_MAX(1 << 16);

	assert_non_null(record);
	if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_REQUEST)
		show_request(record->request, &line);
	else if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_CANCEL)
		show_cancel(record->cancel, &line);
	else if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_CONTACT)
		show_contact(record->contact, &line);
	else if (record->body_case == NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD)
		show_inbox_word(record->inbox_word, &line);
	else
		buf_text(&line, "other\n");
	buf_printf(&town->out, "%s ", id);
	buf_add(&town->out, line.bytes, line.len);
	buf_free(&line);
}

static void carry_out(struct town *town, struct person *person, const struct step *step)
{
	for (const struct step_output *output = step->outputs; output; output = output->next) {
		struct sent *sent = &town->queue[town->queued];

		if (output->topic == SEG_REQUESTS) {
			put_line(town, person->id, output);
			continue;
		}
		assert_int_equal(output->topic, SEG_HANDOVERS);
		assert_true(output->key.len > 0 && town->queued < QUEUE_MAX);
		*sent = (struct sent){.value = BUF_MAX(1 << 22)};
		sent->to = person_of(town, (const char *)arena_copy(&town->arena, output->key.bytes,
								    output->key.len))
			       ->id;
		buf_add(&sent->value, output->value.bytes, output->value.len);
		town->queued++;
	}
	if (!step->state_changed)
		return;
	buf_reset(&person->state);
	buf_add(&person->state, step->new_state.bytes, step->new_state.len);
}

static int run(struct town *town, const char *id, unsigned input, struct slice value,
	       struct err *err)
{
	struct person *person = person_of(town, id);
	struct step step = {.kind = STEP_RECORD,
			    .input = input,
			    .context = &town->segmenter,
			    .arena = &town->arena,
			    .now_ms = town->now_ms,
			    .time_ms = town->now_ms,
			    .arrived_ms = town->now_ms,
			    .customer = slice_text(id),
			    .value = value,
			    .state = buf_slice(&person->state)};

	step_prepare(&step);
	if (seg_step(&step, err) < 0)
		return -1;
	carry_out(town, person, &step);
	arena_reset(&town->arena);
	return 0;
}

/* An event of id's that comes at that time; rest and customer as in the fixture. */
static void say(struct town *town, const char *id, struct news news)
{
	struct buf json = BUF_MAX(1 << 16);
	static unsigned number;
	struct err err;

	buf_text(&json, "{\"id\":\"");
	if (news.id)
		buf_text(&json, news.id);
	else
		buf_printf(&json, "n%u", number++);
	buf_printf(
	    &json, "\",\"type\":\"%s\",\"time\":\"%s\",\"customer\":{\"id\":\"%s\"%s%s}%s%s}",
	    news.type, news.time, id, news.customer ? "," : "", news.customer ? news.customer : "",
	    news.rest ? "," : "", news.rest ? news.rest : "");
	town->now_ms = ms(news.time);
	if (run(town, id, SEG_EVENTS, buf_slice(&json), &err) < 0)
		fail_msg("%s: %s", json.bytes, err.text);
	buf_free(&json);
}

static void merge(struct town *town, const char *time, const char *from, const char *into)
{
	char rest[64];

	snprintf(rest, sizeof(rest), "\"merge\":{\"into\":\"%s\"}", into);
	say(town, from, (struct news){time, "customer.merged", rest});
}

/* Lets one of those that wait arrive. */
static void deliver(struct town *town, unsigned at)
{
	struct sent sent = town->queue[at];
	struct err err;

	memmove(&town->queue[at], &town->queue[at + 1],
		(--town->queued - at) * sizeof(town->queue[0]));
	if (run(town, sent.to, SEG_HANDED, buf_slice(&sent.value), &err) < 0)
		fail_msg("%s", err.text);
	buf_free(&sent.value);
}

static void settle(struct town *town)
{
	for (unsigned n = 0; town->queued > 0; n++) {
		assert_true(n < 200); /* nothing goes round for ever */
		deliver(town, 0);
	}
}

static const char *lines_of(struct town *town)
{
	static char lines[1 << 16];

	snprintf(lines, sizeof(lines), "%s", town->out.len ? town->out.bytes : "");
	buf_reset(&town->out);
	return lines;
}

static const struct seg_profile *profile_is(struct town *town, const char *id)
{
	struct seg_profile *profile;
	struct err err;

	if (seg_profile_decode(buf_slice(&person_of(town, id)->state), &town->arena, &profile,
			       &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

#define BOUGHT(id, amount) "\"order\":{\"id\":\"" id "\",\"amount\":\"" amount "\"}"
#define SHOP POLICY("segments: {returning: {orders: {at_least: 2}}}\n")

static void orders_and_address_go_along(void **state)
{
	struct town town = town_with(SHOP);
	struct seg_facts facts;

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00"),
			  "\"email\":\"a@x.example\",\"birthday\":\"1980-03-01\""});
	say(&town, "new",
	    (struct news){"2026-01-02T10:00:00Z", "order.placed", BOUGHT("2", "7.00")});
	lines_of(&town);
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	assert_string_equal(lines_of(&town), "old contact undeliverable:merged merged\n");
	settle(&town);
	assert_string_equal(lines_of(&town), "new contact a@x.example in:returning\n");
	facts = seg_facts_at(profile_is(&town, "new"), town.now_ms);
	assert_int_equal(facts.orders, 2);
	assert_int_equal(facts.spent_e4, 120000);
	assert_string_equal(profile_is(&town, "new")->attributes[SEG_BIRTHDAY].text, "1980-03-01");
	facts = seg_facts_at(profile_is(&town, "old"), town.now_ms);
	assert_int_equal(facts.orders, 0);
	assert_string_equal(seg_address(profile_is(&town, "old")), "");
	town_free(&town);
}

/* Told under both ids, before and after: once. */
static void what_is_told_under_both_ids_happened_once(void **state)
{
	struct town town = town_with(
	    POLICY("programmes:\n"
		   "  thanks: {owner: c, on: order.placed, email: thanks, class: care}\n"));
	struct seg_facts facts;

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00"), .id = "e1"});
	say(&town, "new",
	    (struct news){"2026-01-01T11:00:00Z", "order.placed", BOUGHT("1", "5.00"), .id = "e2"});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	settle(&town);
	lines_of(&town);
	say(&town, "new",
	    (struct news){"2026-01-04T10:00:00Z", "order.placed", BOUGHT("1", "5.00"), .id = "e1"});
	say(&town, "old",
	    (struct news){"2026-01-04T11:00:00Z", "order.placed", BOUGHT("1", "5.00"), .id = "e9"});
	settle(&town);
	assert_string_equal(lines_of(&town), "");
	facts = seg_facts_at(profile_is(&town, "new"), town.now_ms);
	assert_int_equal(facts.orders, 1);
	assert_int_equal(facts.spent_e4, 50000);
	/* what is new under the old id is news of the new one */
	say(&town, "old",
	    (struct news){"2026-01-05T10:00:00Z", "order.placed", BOUGHT("3", "1.00")});
	settle(&town);
	assert_string_equal(lines_of(&town),
			    "new request thanks email:thanks due 2026-01-05T10:00:00Z order 3\n");
	assert_int_equal(seg_facts_at(profile_is(&town, "new"), town.now_ms).orders, 2);
	town_free(&town);
}

static enum seg_consent_state consent(struct town *town, const char *id, const char *class)
{
	return seg_consent_of(profile_is(town, id), class);
}

#define CLASS(class, given) "\"consent\":{\"" class "\":" given "}"
#define PROVEN(at) "\"proof\":{\"source\":\"page\",\"at\":\"" at "\"}"

static void the_stricter_word_holds(void **state)
{
	static const struct {
		struct news old, new;
		enum seg_consent_state care, promotion;
	} rows[] = {
	    /* a withdrawal holds, though it is older and the other yes is proven */
	    {{"2026-01-01T10:00:00Z", "message.unsubscribed",
	      "\"message\":{\"class\":\"promotion\"}"},
	     {"2026-01-02T10:00:00Z", "consent.changed", PROVEN("2026-01-02T10:00:00Z"),
	      CLASS("promotion", "true")},
	     SEG_CONSENT_UNKNOWN,
	     SEG_CONSENT_WITHDRAWN},
	    /* in either direction */
	    {{"2026-01-02T10:00:00Z", "consent.changed", PROVEN("2026-01-02T10:00:00Z"),
	      CLASS("promotion", "true")},
	     {"2026-01-01T10:00:00Z", "message.unsubscribed",
	      "\"message\":{\"class\":\"promotion\"}"},
	     SEG_CONSENT_UNKNOWN,
	     SEG_CONSENT_WITHDRAWN},
	    /* a complaint is about all, also about what was given anew under the other id */
	    {{"2026-01-01T10:00:00Z", "message.complained"},
	     {"2026-01-02T10:00:00Z", "consent.changed", PROVEN("2026-01-02T10:00:00Z"),
	      CLASS("promotion", "true")},
	     SEG_CONSENT_WITHDRAWN,
	     SEG_CONSENT_WITHDRAWN},
	    {{"2026-01-02T10:00:00Z", "consent.changed", PROVEN("2026-01-02T10:00:00Z"),
	      CLASS("promotion", "true")},
	     {"2026-01-01T10:00:00Z", "message.complained"},
	     SEG_CONSENT_WITHDRAWN,
	     SEG_CONSENT_WITHDRAWN},
	    /* what only one of them was asked about holds for both */
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, CLASS("care", "true")},
	     {"2026-01-02T10:00:00Z", "customer.updated", NULL, CLASS("promotion", "true")},
	     SEG_CONSENT_GIVEN,
	     SEG_CONSENT_GIVEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct town town = town_with(SHOP);

		say(&town, "old", rows[i].old);
		say(&town, "new", rows[i].new);
		merge(&town, "2026-02-01T10:00:00Z", "old", "new");
		settle(&town);
		assert_int_equal(consent(&town, "new", "care"), rows[i].care);
		assert_int_equal(consent(&town, "new", "promotion"), rows[i].promotion);
		/* the person may say yes again, afterwards */
		say(&town, "new",
		    (struct news){"2026-03-01T10:00:00Z", "consent.changed",
				  PROVEN("2026-03-01T10:00:00Z"), CLASS("promotion", "true")});
		assert_int_equal(consent(&town, "new", "promotion"), SEG_CONSENT_GIVEN);
		town_free(&town);
	}
}

static void a_bounce_goes_along(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL,
			  "\"email\":\"a@x.example\""});
	say(&town, "old",
	    (struct news){"2026-01-02T10:00:00Z", "message.bounced",
			  "\"message\":{\"kind\":\"hard\"}"});
	say(&town, "new",
	    (struct news){"2026-01-01T11:00:00Z", "customer.updated", NULL,
			  "\"email\":\"a@x.example\""});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	settle(&town);
	assert_string_equal(seg_undeliverable(profile_is(&town, "new")), "hard bounce");
	town_free(&town);
}

#define AT(address) "\"email\":\"" address "@x.example\""
#define OF(kind, address) "\"message\":{\"kind\":\"" kind "\",\"email\":\"" address "@x.example\"}"

/* Two people with an address each, of which the one of the id that lives is the newer one. */
static struct town town_of_two(void)
{
	struct town town = town_with(SHOP);

	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL, AT("dead")});
	say(&town, "new",
	    (struct news){"2026-01-01T09:00:00Z", "customer.updated", NULL, AT("good")});
	say(&town, "new",
	    (struct news){"2026-01-02T10:00:00Z", "customer.updated", NULL, AT("good")});
	return town;
}

/* A bounce belongs to an address, whichever id it came for, before the merge or after it. */
static void a_bounce_binds_its_address_alone(void **state)
{
	static const struct {
		const char *id, *time, *bounce;
		bool is_before;
		const char *good, *dead;
	} rows[] = {
	    {"old", "2026-01-05T10:00:00Z", OF("hard", "dead"), true, "", "hard bounce"},
	    {"old", "2026-01-05T10:00:00Z", "\"message\":{\"kind\":\"hard\"}", true, "",
	     "hard bounce"},
	    {"old", "2026-01-08T10:00:00Z", OF("hard", "dead"), false, "", "hard bounce"},
	    {"old", "2026-01-08T10:00:00Z", OF("hard", "DEAD"), false, "", "hard bounce"},
	    {"new", "2026-01-05T10:00:00Z", OF("hard", "good"), true, "hard bounce", ""},
	    {"new", "2026-01-08T10:00:00Z", OF("hard", "good"), false, "hard bounce", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct town town = town_of_two();
		const struct news bounce = {rows[i].time, "message.bounced", rows[i].bounce};

		if (rows[i].is_before)
			say(&town, rows[i].id, bounce);
		say(&town, "new",
		    (struct news){"2026-01-06T10:00:00Z", "customer.updated", NULL, AT("good")});
		merge(&town, "2026-01-07T10:00:00Z", "old", "new");
		settle(&town);
		if (!rows[i].is_before)
			say(&town, rows[i].id, bounce);
		settle(&town);
		assert_string_equal(seg_undeliverable(profile_is(&town, "new")), rows[i].good);
		/* whose newest address is the other one again */
		say(&town, "new",
		    (struct news){"2026-01-09T10:00:00Z", "customer.updated", NULL, AT("dead")});
		assert_string_equal(seg_undeliverable(profile_is(&town, "new")), rows[i].dead);
		town_free(&town);
	}
}

/* Five soft ones under either id are too many for an address, and for no other one. */
static void soft_bounces_bind_their_address_alone(void **state)
{
	static const struct {
		const char *id, *bounce, *good;
	} rows[] = {{"old", OF("soft", "dead"), ""}, {"new", OF("soft", "good"), "soft bounces"}};

	(void)state;
	for (unsigned before = 0; before <= 5; before++) {
		for (int i = 0; i < 2; i++) {
			struct town town = town_of_two();
			char time[32];

			for (unsigned k = 0; k < 5; k++) {
				if (k == before) {
					merge(&town, "2026-01-10T10:00:00Z", "old", "new");
					settle(&town);
				}
				snprintf(time, sizeof(time), "2026-01-%02uT10:00:00Z",
					 k < before ? 3 + k : 11 + k);
				say(&town, rows[i].id,
				    (struct news){time, "message.bounced", rows[i].bounce});
			}
			if (before == 5)
				merge(&town, "2026-01-10T10:00:00Z", "old", "new");
			settle(&town);
			assert_string_equal(seg_undeliverable(profile_is(&town, "new")),
					    rows[i].good);
			town_free(&town);
		}
	}
}

/* Where all of them live in the end, and with how many orders. */
static void lives(struct town *town, const char *id, int64_t orders)
{
	for (unsigned i = 0; i < town->count; i++) {
		const char *name = town->people[i].id;
		const struct seg_profile *profile = profile_is(town, name);
		bool is_it = strcmp(name, id) == 0;

		if (is_it == (*profile->merged_into != '\0'))
			fail_msg("%s lives under \"%s\", expected under %s", name,
				 profile->merged_into, id);
		assert_int_equal(seg_facts_at(profile, town->now_ms).orders, is_it ? orders : 0);
	}
}

static void one_order_each(struct town *town, const char *const *ids)
{
	for (unsigned i = 0; ids[i]; i++) {
		char order[64];

		snprintf(order, sizeof(order), "\"order\":{\"id\":\"o-%s\",\"amount\":\"1.00\"}",
			 ids[i]);
		say(town, ids[i], (struct news){"2026-01-01T10:00:00Z", "order.placed", order});
	}
}

/* Chains and circles, whichever handover comes first: 24 orders of arrival each. */
static void chains_end_and_circles_do_too(void **state)
{
	static const struct {
		const char *merges[4][3]; /* time, from, into */
		const char *id;
		int64_t orders;
	} rows[] = {
	    {{{"2026-01-02T10:00:00Z", "a", "b"}, {"2026-01-03T10:00:00Z", "b", "c"}}, "c", 3},
	    {{{"2026-01-03T10:00:00Z", "b", "c"}, {"2026-01-04T10:00:00Z", "a", "b"}}, "c", 3},
	    {{{"2026-01-02T10:00:00Z", "a", "b"},
	      {"2026-01-03T10:00:00Z", "b", "a"},
	      {"2026-01-04T10:00:00Z", "c", "b"}},
	     "a",
	     3},
	    {{{"2026-01-02T10:00:00Z", "b", "a"},
	      {"2026-01-02T10:00:00Z", "a", "b"},
	      {"2026-01-02T10:00:00Z", "c", "b"}},
	     "b",
	     3},
	    /* told twice */
	    {{{"2026-01-02T10:00:00Z", "a", "c"},
	      {"2026-01-03T10:00:00Z", "a", "c"},
	      {"2026-01-04T10:00:00Z", "b", "c"}},
	     "c",
	     3},
	};
	static const char *const ids[] = {"a", "b", "c", NULL};

	(void)state;
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		for (unsigned order = 0; order < 24; order++) {
			struct town town = town_with(SHOP);
			unsigned seed = order;

			one_order_each(&town, ids);
			for (unsigned i = 0; i < 4 && rows[row].merges[i][0]; i++) {
				merge(&town, rows[row].merges[i][0], rows[row].merges[i][1],
				      rows[row].merges[i][2]);
				if (order & 1 && town.queued > 1)
					deliver(&town, town.queued - 1);
			}
			for (unsigned n = 0; town.queued > 0; n++, seed = seed * 7 + 3) {
				assert_true(n < 100);
				deliver(&town, seed % town.queued);
			}
			lives(&town, rows[row].id, rows[row].orders);
			town_free(&town);
		}
}

/* ... where the newest merge said, with all orders, once. */
static void a_circle_of_three_comes_to_rest(void **state)
{
	static const char *const ids[] = {"a", "b", "c", NULL};

	(void)state;
	for (unsigned seed = 0; seed < 200; seed++) {
		struct town town = town_with(SHOP);
		unsigned random = seed;

		one_order_each(&town, ids);
		merge(&town, "2026-01-02T10:00:00Z", "a", "b");
		if (seed & 1)
			deliver(&town, 0);
		merge(&town, "2026-01-03T10:00:00Z", "b", "c");
		if (seed & 2)
			deliver(&town, 0);
		merge(&town, "2026-01-04T10:00:00Z", "c", "a");
		for (unsigned n = 0; town.queued > 0; n++, random = random * 1103515245 + 12345) {
			assert_true(n < 100);
			deliver(&town, (random >> 8) % town.queued);
		}
		lives(&town, "a", 3);
		town_free(&town);
	}
}

static void an_erasure_under_the_old_id_is_heard_by_both(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00"),
			  "\"email\":\"a@x.example\""});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	settle(&town);
	lines_of(&town);
	say(&town, "old", (struct news){"2026-01-05T10:00:00Z", "customer.erased"});
	settle(&town);
	assert_string_equal(lines_of(&town), "old contact erased\nnew contact erased\n");
	assert_string_equal(profile_is(&town, "old")->merged_into, "");
	assert_string_equal(seg_address(profile_is(&town, "new")), "");
	town_free(&town);
}

/* Who was forgotten has nothing to hand over, not even that all consent was withdrawn. */
static void who_was_forgotten_hands_nothing_over(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "new",
	    (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL, CLASS("care", "true")});
	say(&town, "old", (struct news){"2026-01-02T10:00:00Z", "customer.erased"});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	assert_int_equal(town.queued, 0);
	assert_int_equal(consent(&town, "new", "care"), SEG_CONSENT_GIVEN);
	town_free(&town);
}

/* By an older build it ended and kept what it had: that goes along with the next event. */
static void what_an_older_build_ended_is_handed_over_later(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00")});
	town.segmenter.hands_over = false;
	merge(&town, "2026-01-02T10:00:00Z", "old", "new");
	assert_int_equal(town.queued, 0);
	town.segmenter.hands_over = true;
	say(&town, "old",
	    (struct news){"2026-01-03T10:00:00Z", "order.placed", BOUGHT("2", "5.00")});
	assert_int_equal(town.queued, 2);
	settle(&town);
	lives(&town, "new", 2);
	town_free(&town);
}

static void what_is_no_handover_is_refused(void **state)
{
	static const struct handover_goal goal = {"new", 1};
	struct town town = town_with(SHOP);
	struct arena arena = {0};
	struct slice bad = handover_of_state("old", &goal, slice_text("\xff\xff"), 1, &arena);
	struct err err;

	(void)state;
	town.now_ms = 1000;
	assert_int_equal(run(&town, "new", SEG_HANDED, slice_text("nonsense"), &err), -1);
	assert_int_equal(run(&town, "new", SEG_HANDED, bad, &err), -1);
	assert_memory_equal(err.text, "$.state", 7);
	assert_int_equal(err.kind, ERR_INPUT); /* a dead letter, and the person goes on */
	bad = handover_of_state("old", &goal, slice_of(NULL, 0), 1, &arena);
	assert_int_equal(run(&town, "new", SEG_HANDED, bad, &err), -1);
	assert_string_equal(err.text, "$: expected a state or a record, found neither");
	arena_free(&arena);
	town_free(&town);
}

/* The erasure of the one who lives overtakes what the other hands over. */
static void what_arrives_after_the_erasure_changes_nothing(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00"),
			  "\"email\":\"a@x.example\",\"name\":\"Ann\""});
	say(&town, "new",
	    (struct news){"2026-01-02T10:00:00Z", "order.placed", BOUGHT("2", "7.00")});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	say(&town, "new", (struct news){"2026-01-04T10:00:00Z", "customer.erased"});
	lines_of(&town);
	settle(&town);
	assert_string_equal(lines_of(&town), "");
	assert_string_equal(seg_address(profile_is(&town, "new")), "");
	assert_int_equal(seg_facts_at(profile_is(&town, "new"), town.now_ms).orders, 0);
	/* but who is merged into an id after its erasure goes on there */
	say(&town, "third",
	    (struct news){"2026-01-04T11:00:00Z", "order.placed", BOUGHT("3", "5.00")});
	merge(&town, "2026-01-05T10:00:00Z", "third", "new");
	settle(&town);
	assert_int_equal(seg_facts_at(profile_is(&town, "new"), town.now_ms).orders, 1);
	town_free(&town);
}

/* ... also when who was erased has been merged into a third one meanwhile. */
static void what_arrives_after_the_erasure_goes_nowhere(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "old",
	    (struct news){"2026-01-01T10:00:00Z", "order.placed", BOUGHT("1", "5.00"),
			  "\"email\":\"a@x.example\",\"name\":\"Ann\""});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	say(&town, "old",
	    (struct news){"2026-01-03T11:00:00Z", "order.placed", BOUGHT("2", "5.00")});
	say(&town, "new", (struct news){"2026-01-04T10:00:00Z", "customer.erased"});
	merge(&town, "2026-01-05T10:00:00Z", "new", "third");
	lines_of(&town);
	settle(&town);
	assert_string_equal(lines_of(&town), "");
	assert_string_equal(seg_address(profile_is(&town, "third")), "");
	/* what is new under the first id is news of the last one */
	say(&town, "old",
	    (struct news){"2026-01-06T10:00:00Z", "order.placed", BOUGHT("3", "5.00")});
	settle(&town);
	assert_int_equal(seg_facts_at(profile_is(&town, "third"), town.now_ms).orders, 1);
	town_free(&town);
}

/* What is said after the merge is about both ids, whether the old profile came before it or after. */
static void what_is_said_after_the_merge_is_about_both(void **state)
{
	(void)state;
	for (int is_late = 0; is_late < 2; is_late++) {
		struct town town = town_with(SHOP);
		const struct seg_preferences *wishes;

		say(&town, "old",
		    (struct news){"2026-01-01T10:00:00Z", "message.unsubscribed",
				  "\"message\":{\"class\":\"promotion\"}"});
		say(&town, "old",
		    (struct news){"2026-01-01T11:00:00Z", "preferences.changed",
				  "\"preferences\":{\"paused_until\":\"2026-06-01T00:00:00Z\"}"});
		say(&town, "new",
		    (struct news){"2026-01-02T10:00:00Z", "message.unsubscribed",
				  "\"message\":{\"class\":\"care\"}"});
		merge(&town, "2026-01-03T10:00:00Z", "old", "new");
		if (!is_late)
			settle(&town);
		say(&town, "new",
		    (struct news){"2026-01-03T10:05:00Z", "consent.changed",
				  PROVEN("2026-01-03T10:05:00Z"), CLASS("promotion", "true")});
		say(&town, "new",
		    (struct news){"2026-01-03T10:06:00Z", "preferences.changed",
				  "\"preferences\":{}"});
		settle(&town);
		assert_int_equal(consent(&town, "new", "promotion"), SEG_CONSENT_GIVEN);
		assert_int_equal(consent(&town, "new", "care"), SEG_CONSENT_WITHDRAWN);
		wishes = &profile_is(&town, "new")->preferences;
		assert_int_equal(wishes->paused_until_ms, 0);
		town_free(&town);
	}
}

#define IN_OLD_MAIL(rest) "\"message\":{\"inbox\":\"%s\"" rest "}"

/*
 * An opt-out, a complaint and a bounce are about the inbox to which the mail went, also when the person
 * has another one since, or goes on under an id that has.
 */
static void an_old_mail_speaks_of_its_own_inbox(void **state)
{
	static const struct {
		const char *type, *message, *customer, *said;
	} rows[] = {
	    {"message.unsubscribed", IN_OLD_MAIL(",\"class\":\"promotion\""), NULL, " -promotion"},
	    {"message.unsubscribed", IN_OLD_MAIL(""), NULL, " -all -care -promotion"},
	    {"message.complained", "\"message\":{\"email\":\"X@a.example\"}", NULL,
	     " -all -care -promotion"},
	    {"consent.changed", IN_OLD_MAIL("") "," PROVEN("2026-01-05T10:00:00Z"),
	     "\"consent\":{\"care\":true,\"promotion\":false}", " +care -promotion"},
	    {"message.bounced", "\"message\":{\"email\":\"x@a.example\",\"kind\":\"hard\"}", NULL,
	     " undeliverable:hard bounce"},
	    {"message.bounced", "\"message\":{\"email\":\"x@a.example\",\"kind\":\"soft\"}", NULL,
	     NULL},
	    /* where a mail was forwarded to */
	    {"message.bounced", "\"message\":{\"email\":\"z@a.example\",\"kind\":\"hard\"}", NULL,
	     NULL},
	    {"message.complained", "\"message\":{\"email\":\"y@a.example\"}", NULL, NULL},
	    /* anybody's, named in a report by somebody who got a mail */
	    {"message.complained", "\"message\":{\"email\":\"z@a.example\"}", NULL, NULL},
	    {"message.unsubscribed", "\"message\":{\"inbox\":\"x@a.example\"}", NULL, NULL},
	    {"message.unsubscribed", "\"message\":{}", NULL, NULL},
	};
	char key[INBOX_KEY_BYTES], message[256], expected[256];

	(void)state;
	assert_true(inbox_key(slice_text("x@a.example"), key));
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct town town = town_with(SHOP);
		const char *said = rows[i / 2].said, *found;
		bool is_merged = i % 2;

		say(&town, "old",
		    (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL,
				  "\"email\":\"x@a.example\""});
		say(&town, is_merged ? "new" : "old",
		    (struct news){"2026-01-02T10:00:00Z", "customer.updated", NULL,
				  "\"email\":\"y@a.example\""});
		if (is_merged)
			merge(&town, "2026-01-03T10:00:00Z", "old", "new");
		settle(&town);
		lines_of(&town);
		snprintf(message, sizeof(message), rows[i / 2].message, key);
		say(&town, "old",
		    (struct news){"2026-01-05T10:00:00Z", rows[i / 2].type, message,
				  rows[i / 2].customer});
		settle(&town);
		snprintf(expected, sizeof(expected), "inbox %s%s\n", key, said ? said : "");
		found = strstr(lines_of(&town), "inbox ");
		if (said)
			assert_string_equal(found, expected);
		else
			assert_null(found);
		town_free(&town);
	}
}

/* An order of before, which is told a day after all else. */
static void tell_late(struct town *town, const char *customer, const char *time, const char *order)
{
	struct buf json = BUF_MAX(1 << 16);
	struct err err;

	buf_printf(&json,
		   "{\"id\":\"late-%s\",\"type\":\"order.placed\",\"time\":\"%s\","
		   "\"customer\":{\"id\":\"%s\"},\"order\":{\"id\":\"%s\"}}",
		   order, time, customer, order);
	town->now_ms = ms("2026-01-05T10:00:00Z");
	assert_int_equal(run(town, customer, SEG_EVENTS, buf_slice(&json), &err), 0);
	buf_free(&json);
}

static void what_was_before_an_erasure_is_not_passed_on(void **state)
{
	static const char late[] =
	    "{\"id\":\"late\",\"type\":\"order.placed\",\"time\":\"2026-01-01T10:00:00Z\","
	    "\"customer\":{\"id\":\"old\",\"email\":\"a@x.example\"}," BOUGHT("1", "5.00") "}";
	struct town town = town_with(SHOP);
	struct err err;

	(void)state;
	say(&town, "old", (struct news){"2026-01-02T10:00:00Z", "customer.erased"});
	say(&town, "new",
	    (struct news){"2026-01-02T11:00:00Z", "order.placed", BOUGHT("2", "7.00")});
	merge(&town, "2026-01-03T10:00:00Z", "old", "new");
	town.now_ms = ms("2026-01-04T09:00:00Z");
	assert_int_equal(run(&town, "old", SEG_EVENTS, slice_text(late), &err), 0);
	assert_int_equal(town.queued, 0);
	say(&town, "old",
	    (struct news){"2026-01-04T10:00:00Z", "order.placed", BOUGHT("3", "5.00")});
	assert_int_equal(town.queued, 1);
	town_free(&town);
}

/* The one who lives was never erased: what is told late of the time before it counts. */
static void an_erasure_of_the_old_id_stays_there(void **state)
{
	struct town town = town_with(SHOP);

	(void)state;
	say(&town, "new",
	    (struct news){"2026-01-01T11:00:00Z", "order.placed", BOUGHT("2", "7.00")});
	say(&town, "old", (struct news){"2026-01-02T10:00:00Z", "customer.erased"});
	say(&town, "old",
	    (struct news){"2026-01-03T10:00:00Z", "order.placed", BOUGHT("1", "5.00")});
	merge(&town, "2026-01-04T10:00:00Z", "old", "new");
	settle(&town);
	tell_late(&town, "new", "2026-01-01T12:00:00Z", "3");
	assert_int_equal(seg_facts_at(profile_is(&town, "new"), town.now_ms).orders, 3);
	tell_late(&town, "old", "2026-01-01T12:00:00Z", "4");
	settle(&town);
	assert_int_equal(seg_facts_at(profile_is(&town, "new"), town.now_ms).orders, 3);
	town_free(&town);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_arrives_after_the_erasure_changes_nothing),
	    cmocka_unit_test(what_arrives_after_the_erasure_goes_nowhere),
	    cmocka_unit_test(what_was_before_an_erasure_is_not_passed_on),
	    cmocka_unit_test(an_erasure_of_the_old_id_stays_there),
	    cmocka_unit_test(what_is_said_after_the_merge_is_about_both),
	    cmocka_unit_test(an_old_mail_speaks_of_its_own_inbox),
	    cmocka_unit_test(orders_and_address_go_along),
	    cmocka_unit_test(what_is_told_under_both_ids_happened_once),
	    cmocka_unit_test(the_stricter_word_holds),
	    cmocka_unit_test(a_bounce_goes_along),
	    cmocka_unit_test(a_bounce_binds_its_address_alone),
	    cmocka_unit_test(soft_bounces_bind_their_address_alone),
	    cmocka_unit_test(chains_end_and_circles_do_too),
	    cmocka_unit_test(a_circle_of_three_comes_to_rest),
	    cmocka_unit_test(an_erasure_under_the_old_id_is_heard_by_both),
	    cmocka_unit_test(who_was_forgotten_hands_nothing_over),
	    cmocka_unit_test(what_an_older_build_ended_is_handed_over_later),
	    cmocka_unit_test(what_is_no_handover_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
