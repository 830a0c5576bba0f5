/* console_view_test.c - who is found, what is shown, and what a view remembers of its topics. */
#include "common/base/hash.h"
#include "console_view_world.h"

static const struct world_person ann = {.id = "ann",
					.name = "Änne Müller",
					.email = "Anne@Example.com",
					.phone = "+43 (0)664 123 45 67",
					.address = "Hauptstraße 7\n1010 Wien",
					.orders = {"A-17", "A-18"}};
static const struct world_person bob = {
    .id = "bob", .name = "Bob Mulligan", .email = "bob@example.com", .orders = {"B-1"}};

/* The ids that are found, in their order, with how: "ann/phone". */
static const char *found(struct world *world, const char *text)
{
	static const char *const ways[] = {"id", "order", "email", "phone", "words"};
	static char line[512];
	struct view_reader *reader = world_reader(world);
	struct view_people people;

	if (view_search(reader, slice_text(text), 20, &world->arena, &people, &world->err) < 0)
		fail_msg("%s", world->err.text);
	line[0] = '\0';
	for (size_t i = 0; i < people.count; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s%s/%s", i ? " " : "",
			 people.items[i].id, ways[people.items[i].match]);
	view_end(&reader);
	return line;
}

static void test_search(void **state)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
	    {"ann", "ann/id"},
	    {"  bob ", "bob/id"},
	    {"A-17", "ann/order"},
	    {"#B-1", "bob/order"},
	    {"anne@example.com", "ann/email"},
	    {"ANNE@EXAMPLE.COM", "ann/email"},
	    {"anne@ex", "ann/email"},
	    {"0664 1234567", "ann/phone"},
	    {"+43 664 123-45-67", "ann/phone"},
	    {"0043 664 1234567", "ann/phone"},
	    {"234567", "ann/phone"},
	    {"234568", ""},
	    {"muller", "ann/words"},
	    {"MÜLL änn", "ann/words"},
	    {"mul", "ann/words bob/words"},
	    {"wien", "ann/words"},
	    {"hauptstraße", "ann/words"},
	    {"mul bob", "bob/words"},
	    {"ulle", ""},
	    {"", ""},
	    {"\"", ""},
	    {"mul\" OR \"bob", ""},
	    {"who : mul*", ""},
	    {"NEAR(mul bob)", ""},
	    {"-mul ^mul (mul)", "ann/words bob/words"},
	    {"mul \xff\xfe", "ann/words bob/words"},
	    {"mul–lig", ""},
	};
	struct world world;

	(void)state;
	world_begin(&world);
	world_profile(&world, &ann);
	world_profile(&world, &bob);
	world_commit(&world);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (strcmp(found(&world, cases[i].text), cases[i].found) != 0)
			fail_msg("%s: found \"%s\", expected \"%s\"", cases[i].text,
				 found(&world, cases[i].text), cases[i].found);
	world_end(&world);
}

static void test_another_name_and_order(void **state)
{
	struct world_person renamed = ann;
	struct world world;

	(void)state;
	world_begin(&world);
	world_profile(&world, &ann);
	renamed.name = "Anna Huber";
	renamed.email = "anna@huber.example";
	renamed.phone = NULL;
	renamed.orders[0] = "A-19";
	world_profile(&world, &renamed);
	world_commit(&world);
	assert_string_equal(found(&world, "muller"), "");
	assert_string_equal(found(&world, "huber"), "ann/words");
	assert_string_equal(found(&world, "wien"), "ann/words");
	assert_string_equal(found(&world, "anne@example.com"), "");
	assert_string_equal(found(&world, "0664 1234567"), "");
	assert_string_equal(found(&world, "A-17"), "");
	assert_string_equal(found(&world, "A-18"), "ann/order");
	assert_string_equal(found(&world, "A-19"), "ann/order");
	world_end(&world);
}

static void test_merged(void **state)
{
	struct world_person old = bob;
	struct view_reader *reader;
	struct view_person person;
	struct world world;

	(void)state;
	world_begin(&world);
	old.merged_into = "ann";
	world_profile(&world, &old);
	world_profile(&world, &ann);
	world_commit(&world);
	assert_string_equal(found(&world, "bob"), "ann/id");
	assert_string_equal(found(&world, "mulligan"), "ann/words");
	assert_string_equal(found(&world, "mul"), "ann/words");
	reader = world_reader(&world);
	assert_int_equal(
	    view_person(reader, "bob", WORLD_NOW_MS, &world.arena, &person, &world.err), 1);
	assert_string_equal(person.id, "ann");
	assert_int_equal(person.other_count, 1);
	assert_string_equal(person.other_ids[0], "bob");
	view_end(&reader);
	world_end(&world);
}

static void test_card(void **state)
{
	struct view_reader *reader;
	struct view_person person;
	struct world world;

	(void)state;
	world_begin(&world);
	world_profile(&world, &ann);
	world_commit(&world);
	reader = world_reader(&world);
	assert_int_equal(
	    view_person(reader, "nobody", WORLD_NOW_MS, &world.arena, &person, &world.err), 0);
	assert_int_equal(
	    view_person(reader, "ann", WORLD_NOW_MS, &world.arena, &person, &world.err), 1);
	assert_string_equal(person.card->name, "Änne Müller");
	assert_int_equal(person.card->orders, 2);
	assert_int_equal(person.card->spent_e4, 200000);
	assert_int_equal(person.card->first_ms, WORLD_NOW_MS - 100 * DAY_MS);
	assert_int_equal(person.card->n_recent, 2);
	assert_string_equal(person.card->recent[0]->id, "A-18");
	assert_string_equal(person.card->recent[0]->state, "placed");
	assert_null(person.contact);
	view_end(&reader);
	world_end(&world);
}

/* What was not committed is read again; what was is passed over. */
static void test_offsets(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_profile(&world, &ann);
	world_commit(&world);
	world_profile(&world, &bob);
	assert_int_equal(view_offset(world.view, VIEW_PROFILES, 0), 2);
	view_close(&world.view);
	world_open_view(&world);
	assert_int_equal(view_offset(world.view, VIEW_PROFILES, 0), 1);
	assert_int_equal(view_offset(world.view, VIEW_EVENTS, 3), 0);
	assert_string_equal(found(&world, "mulligan"), "");
	world.offsets[VIEW_PROFILES] = 0;
	world_profile(&world, &bob);
	world_commit(&world);
	assert_string_equal(found(&world, "mulligan"), "");
	world_profile(&world, &bob);
	world_commit(&world);
	assert_string_equal(found(&world, "mulligan"), "bob/words");
	world_end(&world);
}

/* As after a repartition: only the state counts that stands where its key belongs now. */
static void test_moved_state(void **state)
{
	struct world world;
	struct seg_profile *profile;
	struct view_record record = {.topic = VIEW_PROFILES,
				     .partitions = 6,
				     .stamp_ms = WORLD_NOW_MS,
				     .key = slice_text("ann")};
	const int32_t home = partition_of(record.key, 6);

	(void)state;
	world_begin(&world);
	profile = seg_profile_new(&world.arena);
	profile->attributes[SEG_NAME] = (struct seg_attribute){"Annabella", WORLD_NOW_MS, false};
	record.value = seg_profile_encode(profile);
	record.partition = home;
	assert_int_equal(view_apply(world.view, &record, &world.err), 1);
	record.value = slice_of(NULL, 0);
	record.partition = (home + 1) % 6;
	assert_int_equal(view_apply(world.view, &record, &world.err), 1);
	record.partition = home;
	record.offset = 1;
	record.is_for_others = true;
	assert_int_equal(view_apply(world.view, &record, &world.err), 1);
	world_commit(&world);
	assert_string_equal(found(&world, "annabella"), "ann/words");
	assert_int_equal(view_offset(world.view, VIEW_PROFILES, home), 2);
	record.offset = 2;
	record.is_for_others = false;
	assert_int_equal(view_apply(world.view, &record, &world.err), 1);
	world_commit(&world);
	assert_string_equal(found(&world, "annabella"), "");
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_search),  cmocka_unit_test(test_another_name_and_order),
	    cmocka_unit_test(test_merged),  cmocka_unit_test(test_card),
	    cmocka_unit_test(test_offsets), cmocka_unit_test(test_moved_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
