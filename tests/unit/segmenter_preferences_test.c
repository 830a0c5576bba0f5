/* Tests of what the person asks for, and of addresses that mail does not reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define PREFERENCES(text) "\"preferences\":{" text "}"

static void the_newest_preferences_replace_all_before(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "preferences.changed",
	      PREFERENCES("\"paused_until\":\"2026-02-01T00:00:00Z\",\"allowances\":[{\"limit\":3,"
			  "\"days\":30},{\"limit\":1,\"days\":7},{\"limit\":2,\"days\":30}]")},
	     "contact paused:2026-02-01T00:00:00Z allows:1/7d allows:2/30d\n"},
	    /* the same again in other words is no news */
	    {{"2026-01-02T10:00:00Z", "preferences.changed",
	      PREFERENCES("\"allowances\":[{\"limit\":1,\"days\":7},{\"limit\":2,\"days\":30}],"
			  "\"paused_until\":\"2026-02-01T01:00:00+01:00\"")},
	     ""},
	    /* older ones that come late */
	    {{"2026-01-01T11:00:00Z", "preferences.changed", PREFERENCES("")}, ""},
	    {{"2026-01-03T10:00:00Z", "preferences.changed",
	      PREFERENCES("\"allowances\":[{\"limit\":0,\"days\":400}]")},
	     "contact allows:0/400d\n"},
	    {{"2026-01-04T10:00:00Z", "preferences.changed", PREFERENCES("")}, "contact\n"},
	    {{"2026-01-05T10:00:00Z", "preferences.changed", PREFERENCES("")}, ""},
	};

	(void)state;
	PLAY_CONTACTS(POLICY(""), scenes);
}

/* Of one instant the longer pause, then the greater set, whichever comes first. */
static void of_one_instant_no_order_matters(void **state)
{
	static const char *const preferences[] = {
	    PREFERENCES(""),
	    PREFERENCES("\"paused_until\":\"2026-02-01T00:00:00Z\""),
	    PREFERENCES("\"paused_until\":\"2026-03-01T00:00:00Z\""),
	    PREFERENCES("\"paused_until\":\"2026-03-01T00:00:00Z\",\"allowances\":[{\"limit\":2,"
			"\"days\":7}]"),
	    PREFERENCES("\"paused_until\":\"2026-03-01T00:00:00Z\",\"allowances\":[{\"limit\":1,"
			"\"days\":7}]"),
	    PREFERENCES("\"paused_until\":\"2026-03-01T00:00:00Z\",\"allowances\":[{\"limit\":1,"
			"\"days\":7},{\"limit\":4,\"days\":90}]"),
	};

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		for (unsigned j = 0; j < 6; j++) {
			struct world world = world_with(POLICY(""));
			char *state_of_first;
			size_t len;

			tell(&world, (struct news){"2026-01-01T10:00:00Z", "preferences.changed",
						   preferences[i], NULL, "a"});
			tell(&world, (struct news){"2026-01-01T10:00:00Z", "preferences.changed",
						   preferences[j], NULL, "b"});
			len = world.state_len;
			state_of_first = malloc(len);
			memcpy(state_of_first, world.state, len);
			assert_int_equal(profile_of(&world)->preferences.count,
					 i > j ? (i > 2) + (i > 4) : (j > 2) + (j > 4));
			world_forget(&world);
			tell(&world, (struct news){"2026-01-01T10:00:00Z", "preferences.changed",
						   preferences[j], NULL, "b"});
			tell(&world, (struct news){"2026-01-01T10:00:00Z", "preferences.changed",
						   preferences[i], NULL, "a"});
			assert_int_equal(world.state_len, len);
			assert_memory_equal(world.state, state_of_first, len);
			free(state_of_first);
			world_free(&world);
		}
}

#define BOUNCE(kind) "message.bounced", "\"message\":{\"kind\":\"" kind "\"}"
#define MAIL(address) "\"email\":\"" address "\""

static void five_soft_bounces_are_too_many(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL, MAIL("a@x.example")},
	     "contact a@x.example\n"},
	    {{"2026-01-02T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-01-10T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-01-11T10:00:00Z", BOUNCE("policy")}, ""},
	    {{"2026-01-12T10:00:00Z", BOUNCE("policy")}, ""},
	    {{"2026-01-20T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-01-21T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-02-01T10:00:00Z", BOUNCE("soft")}, ""}, /* exactly 30 days after the first */
	    {{"2026-02-02T10:00:00Z", BOUNCE("soft")},
	     "contact a@x.example undeliverable:soft bounces\n"},
	    /* it lasts, whatever else happens */
	    {{"2026-06-02T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-03T10:00:00Z", BOUNCE("policy")}, ""},
	    {{"2026-06-04T10:00:00Z", "message.opened", NULL}, "contact a@x.example\n"},
	    {{"2026-06-05T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-06T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-07T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-08T10:00:00Z", BOUNCE("soft")}, ""},
	    /* one that comes late, from before the open */
	    {{"2026-06-03T12:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-09T10:00:00Z", BOUNCE("soft")},
	     "contact a@x.example undeliverable:soft bounces\n"},
	    /* and a click that comes late, from between */
	    {{"2026-06-07T12:00:00Z", "message.clicked", NULL}, "contact a@x.example\n"},
	    {{"2026-06-10T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-11T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-12T10:00:00Z", BOUNCE("soft")},
	     "contact a@x.example undeliverable:soft bounces\n"},
	    /* another address has bounced no mail yet */
	    {{"2026-06-13T10:00:00Z", "customer.updated", NULL, MAIL("b@x.example")},
	     "contact b@x.example\n"},
	    {{"2026-06-14T10:00:00Z", BOUNCE("soft")}, ""},
	    {{"2026-06-15T10:00:00Z", BOUNCE("hard")},
	     "contact b@x.example undeliverable:hard bounce\n"},
	};

	(void)state;
	PLAY_CONTACTS(POLICY(""), scenes);
}

/* Of somebody without an address nothing is said; the list is bounded. */
static void many_soft_bounces_stay_small(void **state)
{
	struct world world = world_with(POLICY(""));

	(void)state;
	world.contacts = true;
	for (unsigned i = 0; i < 40; i++) {
		char time[RFC3339_BYTES];

		rfc3339_text(ms("2026-01-01T10:00:00Z") + i * HOUR_MS, time);
		tell(&world, (struct news){time, BOUNCE("soft")});
	}
	assert_string_equal(take(&world), "");
	assert_int_equal(profile_of(&world)->soft_bounce_count, SEG_SOFT_BOUNCES_MAX);
	world_free(&world);
}

#define CHOICE(at) "\"proof\":{\"source\":\"nurture:preferences-page\",\"at\":\"" at "\"}"
#define SPEAKS(locale) "\"locale\":\"" locale "\""

static const char *language_of(struct world *world)
{
	return profile_of(world)->attributes[SEG_LOCALE].text;
}

/* What is chosen on our page is changed by a newer choice alone; before there is one, by the newest
 * echo. */
static void a_choice_is_not_taken_back_by_an_echo(void **state)
{
	static const struct {
		struct news news;
		const char *language;
	} rows[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1"), SPEAKS("en")}, "en"},
	    {{"2026-01-02T10:00:00Z", "customer.updated", NULL, SPEAKS("fr")}, "fr"},
	    {{"2026-01-01T09:00:00Z", "customer.updated", CHOICE("2026-01-01T09:00:00Z"),
	      SPEAKS("de")},
	     "de"},
	    {{"2026-01-03T10:00:00Z", "order.placed", ORDER_ID("2"), SPEAKS("en")}, "de"},
	    {{"2026-01-04T10:00:00Z", "customer.updated", NULL, SPEAKS("en")}, "de"},
	    {{"2026-01-04T10:00:00Z", "customer.updated", PROOF("2026-01-04T10:00:00Z"),
	      SPEAKS("en")},
	     "de"},
	    /* said when it comes, but the shop's note of the person is an echo all the same */
	    {{"2026-01-05T10:00:00Z", "message.bounced", "\"message\":{\"kind\":\"soft\"}",
	      SPEAKS("en")},
	     "de"},
	    {{"2026-01-06T10:00:00Z", "customer.updated", CHOICE("2026-01-06T10:00:00Z"),
	      SPEAKS("it")},
	     "it"},
	    {{"2026-01-05T10:00:00Z", "customer.updated", CHOICE("2026-01-05T10:00:00Z"),
	      SPEAKS("de")},
	     "it"},
	};
	struct world world = world_with(POLICY("")), again = world_with(POLICY(""));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tell(&world, rows[i].news);
		assert_string_equal(language_of(&world), rows[i].language);
	}
	for (size_t i = sizeof(rows) / sizeof(rows[0]); i-- > 0;)
		tell(&again, rows[i].news);
	assert_string_equal(language_of(&again), "it");
	world_free(&world);
	world_free(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_newest_preferences_replace_all_before),
	    cmocka_unit_test(of_one_instant_no_order_matters),
	    cmocka_unit_test(five_soft_bounces_are_too_many),
	    cmocka_unit_test(many_soft_bounces_stay_small),
	    cmocka_unit_test(a_choice_is_not_taken_back_by_an_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
