/*
 * read_facets.c - how many items have which tag, product and so on; see voices.h.
 *
 * One pass over the newest items that the words and the person choose.  What fails no other choice
 * is counted in every facet; what fails one alone is counted in the facet of that choice, since it
 * is what another choice there would give.
 */
#include <stdio.h>
#include <stdlib.h>

#include "read_voices.h"

enum facet { PRODUCT, KIND, STATE, SOURCE, SCORE, TAG, FACETS };

struct value {
	int64_t number, count;
};

/* The values that were met in one facet, each as often as it was met. */
struct met {
	int64_t *numbers;
	size_t count, room;
};

struct counting {
	const struct read_chosen *chosen;
	struct met met[FACETS];
	/* The item whose rows, one for each tag, are being read. */
	int64_t n, tags[64];
	size_t tag_count;
	unsigned failed; /* its choices, a bit each */
	int64_t values[FACETS];
	int64_t hits, seen;
};

static void meet(struct met *met, int64_t number)
{
	if (met->count == met->room) {
		met->room = met->room ? 2 * met->room : 1024;
		met->numbers = realloc(met->numbers, met->room * sizeof(*met->numbers));
		if (!met->numbers)
			abort();
	}
	met->numbers[met->count++] = number;
}

static bool has_tag(const struct counting *counting, int64_t tag)
{
	for (size_t i = 0; i < counting->tag_count; i++)
		if (counting->tags[i] == tag)
			return true;
	return false;
}

static bool may_count(const struct counting *counting, enum facet facet)
{
	return (counting->failed & ~(1U << facet)) == 0;
}

/* The item is known whole: counts it. */
static void end_item(struct counting *counting)
{
	if (!counting->n)
		return;
	/* The one too many says that there are more. */
	if (++counting->seen > VIEW_RANKED_MAX)
		return;
	if (counting->chosen->tag && !has_tag(counting, counting->chosen->tag))
		counting->failed |= 1U << TAG;
	counting->hits += !counting->failed;
	for (int facet = 0; facet < TAG; facet++)
		if (counting->values[facet] && may_count(counting, (enum facet)facet))
			meet(&counting->met[facet], counting->values[facet]);
	for (size_t i = 0; i < counting->tag_count && may_count(counting, TAG); i++)
		meet(&counting->met[TAG], counting->tags[i]);
}

static void choose_one(struct counting *counting, enum facet facet, int64_t wanted)
{
	if (wanted != READ_ANY && counting->values[facet] != wanted)
		counting->failed |= 1U << facet;
}

static void begin_item(struct counting *counting, struct sql_rows *rows)
{
	const struct read_chosen *chosen = counting->chosen;

	counting->n = sql_int(rows, 0);
	counting->tag_count = 0;
	counting->failed = 0;
	for (int facet = 0; facet < TAG; facet++)
		counting->values[facet] = sql_int(rows, 1 + facet);
	choose_one(counting, PRODUCT, chosen->product);
	choose_one(counting, KIND, chosen->kind);
	choose_one(counting, STATE, chosen->state);
	choose_one(counting, SOURCE, chosen->source);
	if (counting->values[SCORE] < chosen->score_min ||
	    counting->values[SCORE] > chosen->score_max)
		counting->failed |= 1U << SCORE;
}

static struct sql_rows *read_newest(struct sql *sql, const struct read_chosen *chosen)
{
#define COLUMNS                                                                                    \
	"i.n n, i.product product, i.kind kind, i.state state, i.source source, i.score score"
#define WITH_TAGS(chosen_rows)                                                                     \
	"SELECT c.n, c.product, c.kind, c.state, c.source, c.score, t.tag FROM (" chosen_rows      \
	" LIMIT 10001) c LEFT JOIN item_tag t ON t.n=c.n"
	if (chosen->find.words.len)
		return sql_query(
		    sql,
		    WITH_TAGS("SELECT " COLUMNS
			      " FROM said CROSS JOIN item i ON i.n=said.rowid WHERE said MATCH ?1"
			      " AND (?2=0 OR i.pid=?2) ORDER BY said.rowid DESC"),
		    "si", buf_slice(&chosen->find.words), chosen->pid);
	if (chosen->pid)
		return sql_query(
		    sql,
		    WITH_TAGS("SELECT " COLUMNS " FROM item i WHERE i.pid=?1 ORDER BY i.n DESC"),
		    "i", chosen->pid);
	return sql_query(sql, WITH_TAGS("SELECT " COLUMNS " FROM item i ORDER BY i.n DESC"), "");
}

static void count_all(struct sql *sql, struct counting *counting)
{
	struct sql_rows *rows = read_newest(sql, counting->chosen);

	while (sql_next(rows)) {
		if (sql_int(rows, 0) != counting->n) {
			end_item(counting);
			begin_item(counting, rows);
		}
		if (!sql_is_null(rows, 6) &&
		    counting->tag_count < sizeof(counting->tags) / sizeof(*counting->tags))
			counting->tags[counting->tag_count++] = sql_int(rows, 6);
	}
	end_item(counting);
}

static int by_number(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return (first > second) - (first < second);
}

/* The most frequent first; of two the older number, so that a page is the same twice. */
static int by_count(const void *a, const void *b)
{
	const struct value *first = a, *second = b;

	if (first->count != second->count)
		return (first->count < second->count) - (first->count > second->count);
	return (first->number > second->number) - (first->number < second->number);
}

static size_t add_up(const struct met *met, struct value *values)
{
	size_t count = 0;

	qsort(met->numbers, met->count, sizeof(*met->numbers), by_number);
	for (size_t i = 0; i < met->count; i++) {
		if (!count || values[count - 1].number != met->numbers[i])
			values[count++] = (struct value){.number = met->numbers[i]};
		values[count - 1].count++;
	}
	qsort(values, count, sizeof(*values), by_count);
	return count < VIEW_FACET_VALUES_MAX ? count : VIEW_FACET_VALUES_MAX;
}

static const char *text_of(struct sql *sql, enum facet facet, int64_t number, struct arena *arena)
{
	struct sql_rows *rows;
	const char *text = "";

	if (facet == SCORE)
		return arena_printf(arena, "%d", (int)number);
	rows = sql_query(sql, "SELECT text FROM word WHERE number=?", "i", number);
	if (sql_next(rows)) {
		text = sql_text(rows, 0, arena);
		sql_end(rows);
	}
	return text;
}

static void tell(struct sql *sql, struct met *met, enum facet facet, struct arena *arena,
		 struct view_facet **ret, size_t *ret_count)
{
	struct value *values = calloc(met->count + 1, sizeof(*values));

	if (!values)
		abort();
	*ret_count = met->count ? add_up(met, values) : 0;
	*ret = arena_alloc(arena, (*ret_count + 1) * sizeof(**ret));
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (struct view_facet){text_of(sql, facet, values[i].number, arena),
						values[i].count};
	free(values);
	free(met->numbers);
}

int view_facets(struct view_reader *reader, const struct view_wanted *wanted, struct arena *arena,
		struct view_facets *ret, struct err *err)
{
	struct sql *sql = reader->sql;
	struct read_chosen chosen;
	struct counting counting = {.chosen = &chosen};

	*ret = (struct view_facets){.hits = 0};
	read_chosen(sql, wanted, &chosen);
	if (read_can_hit(&chosen, wanted))
		count_all(sql, &counting);
	find_free(&chosen.find);
	ret->hits = counting.hits;
	ret->is_of_newest = counting.seen > VIEW_RANKED_MAX;
#define TELL(facet, place)                                                                         \
	tell(sql, &counting.met[facet], facet, arena, &ret->place.items, &ret->place.count)
	TELL(PRODUCT, products);
	TELL(KIND, kinds);
	TELL(STATE, states);
	TELL(SOURCE, sources);
	TELL(SCORE, scores);
	TELL(TAG, tags);
	return sql_check(sql, err);
}
