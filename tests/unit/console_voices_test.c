/* console_voices_test.c - what customers said, told to a view record by record, and found again. */
#include "console_view_world.h"

#include "common/message/feedback.h"
#include "services/console/view/voices.h"

#define T(text) ((char *)(uintptr_t)(text))
#define AGO(days) (WORLD_NOW_MS - (int64_t)(days) * DAY_MS)

struct said {
	const char *customer, *id, *text, *title, *kind, *source, *state, *sku;
	const char *tags[3];
	int score;
	int64_t at_ms;
};

static void tell_key(struct world *world, const char *customer, const char *id, struct slice value)
{
	struct slice key = feedback_key(customer, id, &world->arena);

	if (world_tell(world, VIEW_FEEDBACK, (const char *)key.bytes, value) != 1)
		fail_msg("%s", world->err.text);
}

static void say(struct world *world, const struct said *said)
{
	Nurture__V1__FeedbackItem item = NURTURE__V1__FEEDBACK_ITEM__INIT;
	char *tags[3];

	item.id = T(said->id);
	item.customer = T(said->customer);
	item.text = T(said->text ? said->text : "");
	item.title = T(said->title ? said->title : "");
	item.kind = T(said->kind ? said->kind : "comment");
	item.source = T(said->source ? said->source : "page");
	item.state = T(said->state ? said->state : "new");
	item.sku = T(said->sku ? said->sku : "");
	item.score = said->score;
	item.at_ms = said->at_ms ? said->at_ms : AGO(1);
	item.tags = tags;
	while (item.n_tags < 3 && said->tags[item.n_tags]) {
		tags[item.n_tags] = T(said->tags[item.n_tags]);
		item.n_tags++;
	}
	tell_key(world, said->customer, said->id, keep_packed(&item, &world->arena));
}

static void take_back(struct world *world, const char *customer, const char *id)
{
	tell_key(world, customer, id, slice_of(NULL, 0));
}

/* The ids of what is found, in its order, with a blank behind each. */
static const char *found(struct world *world, const struct view_wanted *wanted, size_t limit)
{
	struct view_reader *reader = world_reader(world);
	struct view_wanted from_newest = *wanted;
	struct view_items items;
	const char *ids = "";

	if (!wanted->before)
		from_newest.before = VIEW_FROM_NEWEST;
	if (view_voices(reader, &from_newest, limit, &world->arena, &items, &world->err) < 0)
		fail_msg("%s", world->err.text);
	for (size_t i = 0; i < items.count; i++)
		ids = arena_printf(&world->arena, "%s%s ", ids, items.items[i].item->id);
	view_end(&reader);
	return items.has_more ? arena_printf(&world->arena, "%s...", ids) : ids;
}

#define FOUND(world, ...) found(world, &(struct view_wanted){__VA_ARGS__}, 50)
#define WORDS(text) .words = {(const uint8_t *)(text), sizeof(text) - 1}

static void tell_some(struct world *world)
{
	world_profile(world, &(struct world_person){.id = "ann", .name = "Ann Lee"});
	say(world, &(struct said){.customer = "bob",
				  .id = "b1",
				  .text = "Die Lieferung kam zu spaet, aber schoen",
				  .kind = "complaint",
				  .source = "support",
				  .score = 2,
				  .sku = "kettle",
				  .tags = {"Deployment"},
				  .at_ms = AGO(9)});
	say(world, &(struct said){.customer = "ann",
				  .id = "a1",
				  .text = "Wunderschöner Kessel, great support",
				  .title = "Great",
				  .kind = "praise",
				  .score = 5,
				  .sku = "kettle",
				  .tags = {"Product", "ProServ"},
				  .at_ms = AGO(7)});
	say(world, &(struct said){.customer = "ann",
				  .id = "a2",
				  .text = "great again",
				  .kind = "praise",
				  .state = "answered",
				  .score = 4,
				  .tags = {"Product"},
				  .at_ms = AGO(3)});
	world_commit(world);
}

static void test_found(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	tell_some(&world);
	assert_string_equal(FOUND(&world, .tag = ""), "a2 a1 b1 ");
	assert_string_equal(FOUND(&world, WORDS("great")), "a2 a1 ");
	assert_string_equal(FOUND(&world, WORDS("WUNDERSCHONER kess")), "a1 ");
	assert_string_equal(FOUND(&world, WORDS("great"), .tag = "ProServ"), "a1 ");
	assert_string_equal(FOUND(&world, .tag = "Product"), "a2 a1 ");
	assert_string_equal(FOUND(&world, .tag = "nobody's"), "");
	assert_string_equal(FOUND(&world, .score_min = 1, .score_max = 2), "b1 ");
	assert_string_equal(FOUND(&world, .score_min = 4, .score_max = 5), "a2 a1 ");
	assert_string_equal(FOUND(&world, .product = "kettle"), "a1 b1 ");
	assert_string_equal(FOUND(&world, .kind = "complaint"), "b1 ");
	assert_string_equal(FOUND(&world, .state = "answered"), "a2 ");
	assert_string_equal(FOUND(&world, .source = "support"), "b1 ");
	assert_string_equal(FOUND(&world, .customer = "ann", .product = "kettle"), "a1 ");
	assert_string_equal(FOUND(&world, .customer = "nobody"), "");
	assert_string_equal(FOUND(&world, WORDS("\"' * ( -")), "");
	assert_string_equal(FOUND(&world, WORDS("great"), .best_first = true), "a1 a2 ");
	world_end(&world);
}

static void test_pages(void **state)
{
	struct view_wanted wanted = {.before = VIEW_FROM_NEWEST};
	struct view_reader *reader;
	struct view_items items;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_some(&world);
	assert_string_equal(found(&world, &wanted, 2), "a2 a1 ...");
	reader = world_reader(&world);
	assert_int_equal(view_voices(reader, &wanted, 2, &world.arena, &items, &world.err), 0);
	assert_string_equal(items.items[1].name, "Ann Lee");
	assert_string_equal(items.items[1].item->title, "Great");
	assert_int_equal(items.items[1].item->n_tags, 2);
	view_end(&reader);
	wanted.before = items.items[1].place;
	assert_string_equal(found(&world, &wanted, 2), "b1 ");
	wanted.words = slice_text("great");
	assert_string_equal(found(&world, &wanted, 2), "");
	world_end(&world);
}

static const char *facet(struct world *world, const struct view_facet *items, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(&world->arena, "%s%s=%d ", text, items[i].value,
				    (int)items[i].count);
	return text;
}

static void count(struct world *world, const struct view_wanted *wanted, struct view_facets *ret)
{
	struct view_reader *reader = world_reader(world);

	if (view_facets(reader, wanted, &world->arena, ret, &world->err) < 0)
		fail_msg("%s", world->err.text);
	view_end(&reader);
}

static void test_facets(void **state)
{
	struct view_facets facets;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_some(&world);
	count(&world, &(struct view_wanted){.before = VIEW_FROM_NEWEST}, &facets);
	assert_int_equal(facets.hits, 3);
	assert_false(facets.is_of_newest);
	assert_string_equal(facet(&world, facets.tags.items, facets.tags.count),
			    "Product=2 Deployment=1 ProServ=1 ");
	assert_string_equal(facet(&world, facets.kinds.items, facets.kinds.count),
			    "praise=2 complaint=1 ");
	/* What was chosen counts in the others; in its own facet the others can be seen. */
	count(&world, &(struct view_wanted){.kind = "complaint"}, &facets);
	assert_int_equal(facets.hits, 1);
	assert_string_equal(facet(&world, facets.kinds.items, facets.kinds.count),
			    "praise=2 complaint=1 ");
	assert_string_equal(facet(&world, facets.tags.items, facets.tags.count), "Deployment=1 ");
	assert_string_equal(facet(&world, facets.scores.items, facets.scores.count), "2=1 ");
	count(&world, &(struct view_wanted){.tag = "ProServ", WORDS("great")}, &facets);
	assert_string_equal(facet(&world, facets.tags.items, facets.tags.count),
			    "Product=2 ProServ=1 ");
	assert_string_equal(facet(&world, facets.products.items, facets.products.count),
			    "kettle=1 ");
	assert_int_equal(facets.hits, 1);
	world_end(&world);
}

/* What is said anew replaces; its words, tags and time are those of now alone. */
static void test_changed(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	tell_some(&world);
	say(&world, &(struct said){.customer = "ann",
				   .id = "a1",
				   .text = "terrible",
				   .tags = {"Deployment"},
				   .at_ms = AGO(7)});
	say(&world, &(struct said){.customer = "ann",
				   .id = "a2",
				   .text = "great again",
				   .state = "archived",
				   .at_ms = AGO(3)});
	world_commit(&world);
	assert_string_equal(FOUND(&world, WORDS("great")), "a2 ");
	assert_string_equal(FOUND(&world, WORDS("terrible")), "a1 ");
	assert_string_equal(FOUND(&world, .tag = "Product"), "");
	assert_string_equal(FOUND(&world, .tag = "Deployment"), "a1 b1 ");
	assert_string_equal(FOUND(&world, .state = "archived"), "a2 ");
	take_back(&world, "ann", "a2");
	take_back(&world, "ann", "never there");
	take_back(&world, "never there", "a2");
	/* Said and taken back before the index has heard of it. */
	say(&world, &(struct said){.customer = "ann", .id = "a3", .text = "shortly"});
	take_back(&world, "ann", "a3");
	world_commit(&world);
	assert_string_equal(FOUND(&world, .customer = "ann"), "a1 ");
	assert_string_equal(FOUND(&world, WORDS("shortly")), "");
	assert_string_equal(FOUND(&world, WORDS("great")), "");
	world_end(&world);
}

/* The item goes on under the id that lives, and ends under the other one. */
static void test_merged(void **state)
{
	struct view_reader *reader;
	struct view_item item;
	struct world world;

	(void)state;
	world_begin(&world);
	tell_some(&world);
	world_profile(&world, &(struct world_person){.id = "bob", .merged_into = "ann"});
	take_back(&world, "bob", "b1");
	say(&world,
	    &(struct said){.customer = "ann", .id = "b1", .text = "Lieferung", .at_ms = AGO(9)});
	world_commit(&world);
	assert_string_equal(FOUND(&world, .customer = "ann"), "a2 a1 b1 ");
	assert_string_equal(FOUND(&world, .customer = "bob"), "a2 a1 b1 ");
	assert_string_equal(FOUND(&world, WORDS("lieferung")), "b1 ");
	reader = world_reader(&world);
	assert_int_equal(view_voice(reader, "bob", "b1", &world.arena, &item, &world.err), 0);
	assert_int_equal(view_voice(reader, "ann", "b1", &world.arena, &item, &world.err), 1);
	assert_string_equal(item.person, "ann");
	view_end(&reader);
	world_end(&world);
}

static bool file_has(const char *path, const char *words)
{
	FILE *file = fopen(path, "r");
	struct buf bytes = BUF_MAX(64 * 1024 * 1024);
	char chunk[65536];
	size_t len;
	bool has;

	if (!file)
		return false;
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add(&bytes, chunk, len);
	fclose(file);
	has = memmem(bytes.bytes, bytes.len, words, strlen(words)) != NULL;
	buf_free(&bytes);
	return has;
}

static void tend(struct world *world)
{
	bool has_more = true;

	for (int i = 0; i < 4; i++)
		if (view_tend(world->view, WORLD_NOW_MS + i * MINUTE_MS, &has_more, &world->err) <
		    0)
			fail_msg("%s", world->err.text);
}

/* Neither a row nor a byte is left, whichever topic says so first. */
static void test_erased(void **state)
{
	struct world world;
	char wal[120];

	(void)state;
	for (int by_event = 0; by_event < 2; by_event++) {
		world_begin(&world);
		tell_some(&world);
		say(&world, &(struct said){.customer = "cleo",
					   .id = "c1",
					   .text = "pangolinesque remarks",
					   .title = "quixotry",
					   .at_ms = AGO(4)});
		world_commit(&world);
		assert_true(
		    file_has(world.path, "pangolinesque") ||
		    file_has(arena_printf(&world.arena, "%s-wal", world.path), "pangolinesque"));
		if (by_event)
			world_say(&world, VIEW_EVENTS, "cleo",
				  "{\"id\":\"e\",\"type\":\"customer.erased\",\"time\":"
				  "\"2026-03-01T11:00:00Z\",\"customer\":{\"id\":\"cleo\"}}");
		else
			take_back(&world, "cleo", "c1");
		world_commit(&world);
		/* A copy from before that the topic still has. */
		if (by_event)
			say(&world, &(struct said){.customer = "cleo",
						   .id = "c1",
						   .text = "pangolinesque remarks",
						   .at_ms = AGO(4)});
		world_commit(&world);
		assert_string_equal(FOUND(&world, WORDS("pangolinesque")), "");
		assert_string_equal(FOUND(&world, .customer = "cleo"), "");
		assert_string_equal(FOUND(&world, .tag = ""), "a2 a1 b1 ");
		tend(&world);
		snprintf(wal, sizeof(wal), "%s-wal", world.path);
		for (int i = 0; i < 2; i++) {
			assert_false(file_has(world.path, i ? "pangolines" : "quixotr"));
			assert_false(file_has(wal, i ? "pangolines" : "quixotr"));
		}
		world_end(&world);
	}
}

/* Whatever the order in which the records come, the same is found. */
static void test_same_time(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	for (int i = 0; i < 20; i++)
		say(&world, &(struct said){.customer = "ann",
					   .id = arena_printf(&world.arena, "same%d", i),
					   .text = "word",
					   .at_ms = AGO(i % 2)});
	world_commit(&world);
	assert_int_equal(strlen(FOUND(&world, WORDS("word"))), 10 * 6 + 10 * 7);
	/* From the future: as late as it came. */
	say(&world,
	    &(struct said){.customer = "ann", .id = "later", .text = "word", .at_ms = AGO(-400)});
	say(&world, &(struct said){.customer = "ann", .id = "ever", .text = "word", .at_ms = -5});
	world_commit(&world);
	assert_int_equal(strlen(FOUND(&world, WORDS("word"))), 10 * 6 + 10 * 7 + 6 + 5);
	world_end(&world);
}

static void test_unreadable(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	assert_int_equal(world_tell(&world, VIEW_FEEDBACK, "no key", slice_text("x")), 0);
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),     cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_facets),    cmocka_unit_test(test_changed),
	    cmocka_unit_test(test_merged),    cmocka_unit_test(test_erased),
	    cmocka_unit_test(test_same_time), cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
