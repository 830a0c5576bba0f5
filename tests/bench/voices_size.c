/*
 * voices_size.c - how long a search in what customers said takes, when they have said much.
 *
 * usage: voices_size FILE [ITEMS]
 *
 * Made are ITEMS of 8 to 60 words each, drawn so that some words are in nearly every item and most
 * in few, of six partitions that each come in the order of time.  Then every query a hundred times,
 * in the time of the processor.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/civil.h"
#include "common/message/feedback.h"
#include "services/console/view/keep.h"
#include "services/console/view/voices.h"

enum { BATCH = 100000, QUERIES = 100, PARTITIONS = 6, WORDS = 20000, WORDS_MAX_BYTES = 1024 };
/* 2026-03-01T12:00:00Z */
#define NOW_MS INT64_C(1772366400000)

static uint64_t random_state = 42;

static int64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* xorshift64: the same words every time. */
static uint64_t draw(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

static void die(const struct err *err)
{
	fprintf(stderr, "error: %s\n", err->text);
	exit(EXIT_ENVIRONMENT);
}

/* Small numbers are frequent: the word of number n about as often as 1/n. */
static uint64_t draw_word(void)
{
	uint64_t bound = 1 + draw(WORDS);

	bound = 1 + draw(bound);
	return draw(bound);
}

static void put_word(struct buf *out, uint64_t number)
{
	static const char *const parts[] = {"an", "ber", "co",  "dra", "el", "fin", "gu", "hal",
					    "in", "jo",  "kri", "lu",  "ma", "nor", "os", "pe"};

	buf_char(out, ' ');
	do
		buf_text(out, parts[number % 16]);
	while (number /= 16);
}

static char *text_of(struct arena *arena)
{
	struct buf out = BUF_MAX(WORDS_MAX_BYTES);
	unsigned words = 8 + (unsigned)draw(53);
	char *text;

	for (unsigned i = 0; i < words; i++)
		put_word(&out, draw_word());
	text = arena_copy(arena, out.bytes, out.len);
	buf_free(&out);
	return text;
}

static void make_item(uint64_t number, uint64_t items, struct arena *arena,
		      Nurture__V1__FeedbackItem *ret)
{
	static const char *const kinds[] = {"rating", "comment", "praise", "complaint"};
	static const char *const tags[] = {"Product", "Deployment", "ProServ", "Price",
					   "ITDirector"};
	char **chosen = arena_alloc(arena, 2 * sizeof(*chosen));

	nurture__v1__feedback_item__init(ret);
	ret->id = arena_printf(arena, "%032" PRIx64, number);
	ret->customer = arena_printf(arena, "c-%" PRIu64, draw(items / 3 + 1));
	ret->at_ms = NOW_MS - (int64_t)((items - number) * (900 * (uint64_t)DAY_MS / items));
	ret->kind = (char *)kinds[draw(4)];
	ret->source = draw(3) ? "page" : "support";
	ret->state = draw(4) ? "new" : "triaged";
	ret->score = (int32_t)draw(6);
	ret->sku = arena_printf(arena, "sku-%" PRIu64, draw(300));
	ret->text = text_of(arena);
	chosen[0] = (char *)tags[draw(4)];
	chosen[1] = (char *)tags[4];
	ret->tags = chosen;
	ret->n_tags = draw(3) ? draw(200) == 0 ? 2 : 1 : 0;
}

/* A sixth of all at a time, as a partition is read: within a batch the times go back six times. */
static void fill(struct view *view, uint64_t items)
{
	struct arena arena = {0};
	int64_t offsets[PARTITIONS] = {0};
	int64_t spent_ns = 0;
	uint64_t count = 0;
	struct err err;

	for (int32_t p = 0; p < PARTITIONS; p++)
		for (uint64_t i = (uint64_t)p; i < items; i += PARTITIONS) {
			Nurture__V1__FeedbackItem item;
			struct view_record record = {.topic = VIEW_FEEDBACK,
						     .partition = p,
						     .offset = offsets[p]++,
						     .stamp_ms = NOW_MS};
			int64_t begin_ns;

			make_item(i, items, &arena, &item);
			record.key = feedback_key(item.customer, item.id, &arena);
			record.value = keep_packed(&item, &arena);
			begin_ns = cpu_ns();
			if (view_apply(view, &record, &err) != 1)
				die(&err);
			if (++count % BATCH == 0 && view_commit(view, &err) < 0)
				die(&err);
			spent_ns += cpu_ns() - begin_ns;
			arena_reset(&arena);
		}
	if (view_commit(view, &err) < 0)
		die(&err);
	printf("made from %" PRIu64 " items in %.1f s\n", items, (double)spent_ns / 1e9);
	arena_free(&arena);
}

static int by_number(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return (first > second) - (first < second);
}

/* The items of a page, or the counts beside it. */
static size_t ask(struct view *view, const struct view_wanted *wanted, bool facets)
{
	struct view_reader *reader;
	struct arena arena = {0};
	struct view_facets counts = {.hits = 0};
	struct view_items found = {.count = 0};
	struct err err;

	if (view_begin(view, &reader, &err) < 0)
		die(&err);
	if (facets ? view_facets(reader, wanted, &arena, &counts, &err) < 0
		   : view_voices(reader, wanted, 40, &arena, &found, &err) < 0)
		die(&err);
	view_end(&reader);
	arena_free(&arena);
	return facets ? (size_t)counts.hits : found.count;
}

static void measure(struct view *view, const char *what, struct view_wanted wanted, bool facets)
{
	int64_t times[QUERIES];
	size_t found = 0;

	wanted.before = VIEW_FROM_NEWEST;
	for (int i = 0; i < QUERIES; i++) {
		int64_t begin_ns = cpu_ns();

		found = ask(view, &wanted, facets);
		times[i] = cpu_ns() - begin_ns;
	}
	qsort(times, QUERIES, sizeof(*times), by_number);
	printf("%-46s %8.2f %8.2f   %zu found\n", what, (double)times[QUERIES / 2] / 1e6,
	       (double)times[QUERIES - 1] / 1e6, found);
}

static void measure_all(struct view *view)
{
	const struct slice frequent = slice_text("ber"), rare = slice_text("drafinhalco"),
			   two = slice_text("ber elco");

	printf("%-46s %8s %8s\n", "milliseconds of the processor", "p50", "worst");
	measure(view, "the newest of all", (struct view_wanted){.tag = ""}, false);
	measure(view, "a rare word", (struct view_wanted){.words = rare}, false);
	measure(view, "the most frequent beginning of a word",
		(struct view_wanted){.words = frequent}, false);
	measure(view, "the same, what fits best first",
		(struct view_wanted){.words = frequent, .best_first = true}, false);
	measure(view, "two words, score 4 or 5",
		(struct view_wanted){.words = two, .score_min = 4, .score_max = 5}, false);
	measure(view, "a frequent word and a rare tag",
		(struct view_wanted){.words = frequent, .tag = "ITDirector"}, false);
	measure(view, "a rare tag", (struct view_wanted){.tag = "ITDirector"}, false);
	measure(view, "a product", (struct view_wanted){.product = "sku-17"}, false);
	measure(view, "what nothing is: a product and a rare tag",
		(struct view_wanted){.product = "none", .tag = "ITDirector"}, false);
	measure(view, "the counts beside all", (struct view_wanted){.tag = ""}, true);
	measure(view, "the counts beside a frequent word", (struct view_wanted){.words = frequent},
		true);
}

static void measure_erasure(struct view *view)
{
	struct view_record record = {.topic = VIEW_EVENTS, .stamp_ms = NOW_MS};
	int64_t begin_ns = cpu_ns();
	struct err err;
	bool has_more;

	record.key = slice_text("c-1");
	record.value =
	    slice_text("{\"id\":\"e\",\"type\":\"customer.erased\",\"time\":\"2026-03-01T12:00:"
		       "00Z\",\"customer\":{\"id\":\"c-1\"}}");
	if (view_apply(view, &record, &err) != 1 || view_commit(view, &err) < 0 ||
	    view_tend(view, NOW_MS, &has_more, &err) < 0 ||
	    view_tend(view, NOW_MS + MINUTE_MS, &has_more, &err) < 0)
		die(&err);
	printf("one person wiped off it in %.2f s\n", (double)(cpu_ns() - begin_ns) / 1e9);
}

int main(int argc, char **argv)
{
	struct policy policy = {.hash = "0"};
	uint64_t items = argc > 2 ? strtoull(argv[2], NULL, 10) : 200000;
	struct view *view;
	struct stat file;
	struct err err;

	if (argc < 2 || items < PARTITIONS) {
		fprintf(stderr, "usage: voices_size FILE [ITEMS]\n");
		return 100;
	}
	if (view_open(&view, &(struct view_options){.path = argv[1], .policy = &policy}, &err) < 0)
		die(&err);
	fill(view, items);
	if (stat(argv[1], &file) == 0)
		printf("the file: %.0f MiB\n", (double)file.st_size / (1 << 20));
	measure_all(view);
	measure_erasure(view);
	view_close(&view);
	return 0;
}
