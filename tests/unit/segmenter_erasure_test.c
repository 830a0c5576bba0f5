/* Tests of what is left of a person who asked to be forgotten: the instant, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define SHOP                                                                                       \
	POLICY("segments:\n  returning: {orders: {at_least: 2}}\n"                                 \
	       "programmes:\n"                                                                     \
	       "  thanks: {owner: c, on: order.placed, email: thanks, class: care}\n"              \
	       "  birthday: {owner: c, on_date: customer.birthday, at: \"09:00\", email: b,"       \
	       " class: care, expires: 1d}\n")

#define ANN "\"email\":\"ann@x.example\",\"name\":\"Ann\",\"consent\":{\"all\":true}"
#define YES(class) "\"consent\":{\"" class "\":true}"

static struct world forgotten(void)
{
	struct world world = world_with(SHOP);

	world.contacts = true;
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"),
				   ANN ",\"birthday\":\"1980-06-01\"", "first"});
	take(&world);
	tell(&world, (struct news){"2026-01-02T10:00:00Z", "customer.erased", NULL, NULL, "gone"});
	return world;
}

static bool holds_text(const struct world *world, const char *text)
{
	return memmem(world->state, world->state_len, text, strlen(text)) != NULL;
}

static void the_instant_alone_is_left(void **state)
{
	struct world world = forgotten();

	(void)state;
	assert_string_equal(take(&world), "contact erased\n");
	assert_true(world.forgets);
	assert_false(holds_text(&world, "ann@x.example"));
	assert_false(holds_text(&world, "Ann"));
	assert_false(holds_text(&world, "1980"));
	assert_true(world.state_len < 64);
	/* no date and no segment wakes it; in its time the tombstone goes as well */
	world_run(&world, ms("2026-01-02T10:00:00Z") + 400 * DAY_MS - 1);
	assert_true(world.state_len > 0);
	assert_true(world.due_ms == ms("2026-01-02T10:00:00Z") + 400 * DAY_MS);
	world_run(&world, world.due_ms + 1);
	assert_int_equal(world.state_len, 0);
	assert_true(world.due_ms == NEVER_MS);
	assert_string_equal(take(&world), "");
	world_free(&world);
}

static void somebody_unknown_is_remembered_as_forgotten(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	world.contacts = true;
	tell(&world, (struct news){"2026-01-02T10:00:00Z", "customer.erased", NULL});
	assert_string_equal(take(&world), "contact erased\n");
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), ANN});
	assert_string_equal(take(&world), "");
	world_free(&world);
}

/* Repeats and late events, of whatever kind, and the erasure itself. */
static void what_was_before_changes_nothing(void **state)
{
	static const struct news late[] = {
	    {"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), ANN, "first"},
	    {"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), ANN, "another id"},
	    {"2026-01-02T10:00:00Z", "order.placed", ORDER_ID("2"), ANN},
	    {"2026-01-01T12:00:00Z", "customer.updated", NULL, ANN},
	    {"2026-01-01T12:00:00Z", "consent.changed", PROOF("2026-01-01T12:00:00Z"), YES("all")},
	    {"2026-01-01T12:00:00Z", "complaint.opened", "\"case\":{\"id\":\"9\"}"},
	    {"2026-01-01T12:00:00Z", "preferences.changed",
	     "\"preferences\":{\"paused_until\":\"2027-01-01T00:00:00Z\"}"},
	    {"2026-01-01T12:00:00Z", "message.clicked", NULL},
	    {"2026-01-01T12:00:00Z", "message.sent_elsewhere",
	     "\"message\":{\"class\":\"promotion\"}"},
	    {"2026-01-02T10:00:00Z", "customer.erased", NULL, NULL, "gone"},
	};
	struct world world = forgotten();
	size_t len = world.state_len;

	(void)state;
	take(&world);
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		tell(&world, late[i]);
		assert_int_equal(world.ignored, STEP_IGNORED_ERASED);
		assert_string_equal(take(&world), "");
		assert_int_equal(world.state_len, len);
	}
	world_free(&world);
}

/* An event that tells nothing of the person leaves the arbiter with whom it knows: somebody
 * erased. */
static void who_says_nothing_stays_forgotten(void **state)
{
	static const struct news news[] = {
	    {"2026-01-03T10:00:00Z", "say.hello", NULL},
	    {"2026-01-03T10:00:00Z", "say.hello", NULL, YES("all")},
	    {"2026-01-03T11:00:00Z", "message.unsubscribed", NULL},
	    {"2026-01-03T12:00:00Z", "customer.updated", NULL, "\"consent\":{\"care\":false}"},
	};
	struct world world = forgotten();

	(void)state;
	take(&world);
	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
		tell(&world, news[i]);
		assert_string_equal(take(&world), "");
	}
	tell(&world, (struct news){"2026-01-04T10:00:00Z", "consent.changed",
				   PROOF("2026-01-04T10:00:00Z"), YES("all")});
	assert_string_equal(take(&world), "contact +transactional -care +promotion +all\n");
	world_free(&world);
}

/* Of whom only what is newer is known; who is heard only after a new word. */
static void who_comes_back_is_new(void **state)
{
	struct world world = forgotten();

	(void)state;
	take(&world);
	tell(&world, (struct news){"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("3"),
				   "\"email\":\"ann@x.example\"," YES("care")});
	assert_int_equal(world.ignored, STEP_HEARD);
	assert_string_equal(take(&world),
			    "contact ann@x.example -transactional -care -promotion -all\n"
			    "request thanks email:thanks due 2026-01-03T10:00:00Z order 3\n");
	/* the old order comes again: it is not the second one */
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), ANN});
	assert_string_equal(take(&world), "");
	assert_int_equal(profile_of(&world)->order_count, 1);
	/* a proof from before says nothing, though it is told after */
	tell(&world, (struct news){"2026-01-04T10:00:00Z", "consent.changed",
				   PROOF("2026-01-01T09:00:00Z"), YES("care")});
	assert_string_equal(take(&world), "");
	tell(&world, (struct news){"2026-01-05T10:00:00Z", "consent.changed",
				   PROOF("2026-01-05T09:00:00Z"), YES("care")});
	assert_string_equal(take(&world),
			    "contact ann@x.example -transactional +care -promotion -all\n");
	/* the tombstone's time ends, the person's does not */
	world_run(&world, ms("2027-03-01T00:00:00Z"));
	assert_true(profile_of(&world)->erased_ms == SEG_NEVER);
	assert_int_equal(profile_of(&world)->order_count, 1);
	world_free(&world);
}

/* By the wall clock: an erasure is said when it comes, and a shop's clock may be ahead. */
static void a_clock_ahead_brings_nobody_back(void **state)
{
	struct world world = world_with(SHOP);
	static const struct news order = {"2026-01-01T10:10:00Z", "order.placed", ORDER_ID("1"),
					  ANN, "ahead"};

	(void)state;
	world.contacts = true;
	hear(&world, "2026-01-01T10:00:00Z", order);
	take(&world);
	hear(&world, "2026-01-01T10:05:00Z",
	     (struct news){"2026-01-01T09:00:00Z", "customer.erased", NULL});
	assert_string_equal(take(&world), "contact erased\n");
	assert_true(profile_of(&world)->erased_ms == ms("2026-01-01T10:05:00Z"));
	/* the order again, when the time that it claims has come */
	hear(&world, "2026-01-01T10:20:00Z", order);
	assert_string_equal(take(&world), "");
	/* one that is new, within those ten minutes and after them */
	hear(&world, "2026-01-01T10:20:01Z",
	     (struct news){"2026-01-01T10:06:00Z", "customer.updated", NULL,
			   "\"email\":\"new@x.example\""});
	assert_string_equal(take(&world),
			    "contact new@x.example -transactional -care -promotion -all\n");
	hear(&world, "2026-01-01T10:20:02Z", order);
	assert_string_equal(take(&world), "");
	world_free(&world);
}

/* Who came back can leave, also through a page whose clock is slow. */
static void a_no_is_never_too_old(void **state)
{
	struct world world = world_with(SHOP);

	(void)state;
	world.contacts = true;
	hear(&world, "2026-01-01T10:00:00Z",
	     (struct news){"2026-01-01T10:00:00Z", "customer.erased", NULL});
	hear(&world, "2026-01-01T10:01:00Z",
	     (struct news){"2026-01-01T10:01:00Z", "consent.changed", PROOF("2026-01-01T10:01:00Z"),
			   YES("care")});
	assert_string_equal(take(&world), "contact erased\n"
					  "contact -transactional +care -promotion -all\n");
	hear(&world, "2026-01-01T10:02:00Z",
	     (struct news){"2026-01-01T09:00:00Z", "message.unsubscribed",
			   "\"message\":{\"class\":\"care\"}"});
	assert_string_equal(take(&world), "contact -transactional -care -promotion -all\n");
	world_free(&world);
}

/* A person is forgotten twice; what was known from before the first stays known. */
static void forgotten_again(void **state)
{
	struct world world = forgotten();

	(void)state;
	tell(&world, (struct news){"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("3"), ANN});
	take(&world);
	tell(&world, (struct news){"2026-01-04T10:00:00Z", "customer.erased", NULL});
	assert_string_equal(take(&world), "contact erased\n");
	assert_false(holds_text(&world, "ann@x.example"));
	tell(&world, (struct news){"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("3"), ANN});
	assert_string_equal(take(&world), "");
	assert_true(profile_of(&world)->erased_ms == ms("2026-01-04T10:00:00Z"));
	world_free(&world);
}

/* A shop may date it before the first: it is heard, and its repeat and that of the first are
 * not. */
static void forgotten_again_by_a_date_of_before(void **state)
{
	static const struct news back = {"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("3"), ANN,
					 "back"},
				 again = {"2026-01-01T09:00:00Z", "customer.erased", NULL, NULL,
					  "again"};
	struct world world = forgotten();

	(void)state;
	tell(&world, back);
	take(&world);
	tell(&world, again);
	assert_string_equal(take(&world), "contact erased\n");
	assert_false(holds_text(&world, "ann@x.example"));
	assert_true(profile_of(&world)->erased_ms == ms("2026-01-02T10:00:00Z"));
	tell(&world, (struct news){"2026-01-05T10:00:00Z", "order.placed", ORDER_ID("5"), ANN});
	take(&world);
	tell(&world, again);
	tell(&world, (struct news){"2026-01-02T10:00:00Z", "customer.erased", NULL, NULL, "gone"});
	assert_string_equal(take(&world), "");
	assert_int_equal(profile_of(&world)->order_count, 1);
	world_free(&world);
}

/* By the wall clock it is the arrival of the second that counts. */
static void forgotten_again_when_it_arrives(void **state)
{
	static const struct news again = {"2026-01-01T09:00:00Z", "customer.erased", NULL, NULL,
					  "again"},
				 back = {"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("3"), ANN,
					 "back"};
	struct world world = world_with(SHOP);

	(void)state;
	world.contacts = true;
	hear(&world, "2026-01-02T10:00:00Z",
	     (struct news){"2026-01-02T10:00:00Z", "customer.erased", NULL, NULL, "gone"});
	hear(&world, "2026-01-03T10:00:00Z", back);
	take(&world);
	hear(&world, "2026-01-04T10:00:00Z", again);
	assert_string_equal(take(&world), "contact erased\n");
	assert_true(profile_of(&world)->erased_ms == ms("2026-01-04T10:00:00Z"));
	hear(&world, "2026-01-05T10:00:00Z", back);
	hear(&world, "2026-01-05T10:00:00Z", again);
	assert_string_equal(take(&world), "");
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_instant_alone_is_left),
	    cmocka_unit_test(somebody_unknown_is_remembered_as_forgotten),
	    cmocka_unit_test(what_was_before_changes_nothing),
	    cmocka_unit_test(who_says_nothing_stays_forgotten),
	    cmocka_unit_test(who_comes_back_is_new),
	    cmocka_unit_test(a_clock_ahead_brings_nobody_back),
	    cmocka_unit_test(a_no_is_never_too_old),
	    cmocka_unit_test(forgotten_again),
	    cmocka_unit_test(forgotten_again_by_a_date_of_before),
	    cmocka_unit_test(forgotten_again_when_it_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
