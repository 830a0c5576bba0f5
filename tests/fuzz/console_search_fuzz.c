/*
 * console_search_fuzz.c - whatever somebody types is a search, never a query of its own: SQLite takes
 * it, and who is found by words has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/console/view/find.h"
#include "services/console/view/view.h"
#include "services/segmenter/profile/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell_profile(struct view *view, struct arena *arena, const char *id, const char *name,
			 int64_t offset)
{
	struct seg_profile *profile = seg_profile_new(arena);
	struct view_record record = {
	    .topic = VIEW_PROFILES, .offset = offset, .key = slice_text(id)};
	struct err err;

	profile->attributes[SEG_NAME] = (struct seg_attribute){name, 1, false};
	profile->attributes[SEG_PHONE] = (struct seg_attribute){"+43 664 1234567", 1, false};
	profile->addresses[profile->address_count++] =
	    (struct seg_address){"anne@example.com", 1, 1};
	record.value = seg_profile_encode(profile);
	if (view_apply(view, &record, &err) != 1)
		abort();
}

static struct view *make_view(void)
{
	static struct policy policy;
	static char path[64]; /* the view keeps it */
	struct view_options options = {.path = path, .policy = &policy};
	struct arena arena = {0};
	struct view *view;
	struct err err;

	snprintf(path, sizeof(path), "/tmp/console_search_fuzz.%d.db", (int)getpid());
	unlink(path);
	if (view_open(&view, &options, &err) < 0)
		abort();
	tell_profile(view, &arena, "ann", "Änne Müller", 0);
	tell_profile(view, &arena, "bob", "Bob O'Mulligan", 1);
	if (view_commit(view, &err) < 0)
		abort();
	arena_free(&arena);
	return view;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct view *view;
	static struct view_reader *reader;
	struct arena arena = {0};
	struct view_people people;
	struct find find;
	struct err err;

	if (!view) {
		view = make_view();
		if (view_begin(view, &reader, &err) < 0)
			abort();
	}
	/* A failure would stick to the reader, and be seen at the next input, too. */
	if (view_search(reader, slice_of(data, size), 20, &arena, &people, &err) < 0)
		abort();
	find_read(slice_of(data, size), &find);
	if (buf_failed(&find.email) || buf_failed(&find.phone) || buf_failed(&find.words) ||
	    find.text.len > VIEW_SEARCH_MAX_BYTES)
		abort();
	for (size_t i = 0; i < people.count; i++)
		if (people.items[i].match == VIEW_BY_WORDS && find.words.len == 0)
			abort();
	find_free(&find);
	arena_free(&arena);
	return 0;
}
