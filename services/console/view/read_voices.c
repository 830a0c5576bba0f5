/* read_voices.c - what customers said, by words and by what else is known of it; see voices.h. */
#include "read_voices.h"

#include <stdlib.h>

enum { LIMIT_MAX = 100000 };

/* Where to begin: what is not further on than the last one that was shown. */
#define FIRST "(?11=0 OR i.n<?11)"

#define CHOSEN                                                                                     \
	FIRST " AND (?2=0 OR i.pid=?2) AND (?3=0 OR i.product=?3) AND (?4=0 OR i.kind=?4)"         \
	      " AND (?5=0 OR i.state=?5) AND (?6=0 OR i.source=?6) AND i.score>=?7"                \
	      " AND i.score<=?8 AND (?9=0 OR EXISTS"                                               \
	      "(SELECT 1 FROM item_tag t WHERE t.tag=?9 AND t.n=i.n)) "
#define CHOSEN_TYPES "siiiiiiiiii"

int64_t read_number(struct sql *sql, const char *text)
{
	int64_t number;

	if (!text || !text[0])
		return READ_ANY;
	number = read_word(sql, text);
	return number ? number : READ_NOTHING;
}

void read_chosen(struct sql *sql, const struct view_wanted *wanted, struct read_chosen *ret)
{
	int64_t pid = READ_ANY;

	find_read(wanted->words, &ret->find);
	if (wanted->customer && wanted->customer[0]) {
		pid = view_pid_known(sql, slice_text(wanted->customer));
		pid = pid ? read_living(sql, pid) : READ_NOTHING;
	}
	ret->pid = pid;
	ret->product = read_number(sql, wanted->product);
	ret->kind = read_number(sql, wanted->kind);
	ret->state = read_number(sql, wanted->state);
	ret->source = read_number(sql, wanted->source);
	ret->tag = read_number(sql, wanted->tag);
	ret->score_min = wanted->score_min;
	ret->score_max = wanted->score_max ? wanted->score_max : INT64_MAX;
	ret->before = wanted->before == VIEW_FROM_NEWEST ? 0 : wanted->before;
}

bool read_can_hit(const struct read_chosen *chosen, const struct view_wanted *wanted)
{
	/* Signs without a letter or digit: nothing has them. */
	return chosen->find.words.len || !slice_trim(wanted->words, " \t\r\n").len;
}

/* The rows in the order in which they are wanted; from the side that has the fewest to look at. */
static struct sql_rows *choose(struct sql *sql, const struct read_chosen *chosen, bool best_first,
			       int64_t limit)
{
#define VALUES                                                                                     \
	CHOSEN_TYPES, buf_slice(&chosen->find.words), chosen->pid, chosen->product, chosen->kind,  \
	    chosen->state, chosen->source, chosen->score_min, chosen->score_max, chosen->tag,      \
	    limit, chosen->before
	if (chosen->find.words.len && best_first)
		return sql_query(
		    sql,
		    "SELECT n, pid FROM (SELECT i.n n, i.pid pid, bm25(said) rank FROM said"
		    " CROSS JOIN item i ON i.n=said.rowid WHERE said MATCH ?1 AND " CHOSEN
		    "ORDER BY said.rowid DESC LIMIT 10000) ORDER BY rank, n DESC LIMIT ?10",
		    VALUES);
	if (chosen->find.words.len)
		return sql_query(sql,
				 "SELECT i.n, i.pid FROM said CROSS JOIN item i ON i.n=said.rowid"
				 " WHERE said MATCH ?1 AND " CHOSEN
				 "ORDER BY said.rowid DESC LIMIT ?10",
				 VALUES);
	if (chosen->tag)
		return sql_query(sql,
				 "SELECT i.n, i.pid FROM item_tag d CROSS JOIN item i ON i.n=d.n"
				 " WHERE d.tag=?9 AND (?1 IS NOT NULL) AND " CHOSEN
				 "ORDER BY d.n DESC LIMIT ?10",
				 VALUES);
	if (chosen->pid)
		return sql_query(sql,
				 "SELECT i.n, i.pid FROM item i WHERE i.pid=?2"
				 " AND (?1 IS NOT NULL) AND " CHOSEN "ORDER BY i.n DESC LIMIT ?10",
				 VALUES);
	return sql_query(sql,
			 "SELECT i.n, i.pid FROM item i WHERE (?1 IS NOT NULL) AND " CHOSEN
			 "ORDER BY i.n DESC LIMIT ?10",
			 VALUES);
#undef VALUES
}

/* Who said it: under which id it was told, and under which the person lives. */
static void take_person(struct sql *sql, int64_t pid, struct arena *arena, struct view_item *ret)
{
	const Nurture__V1__Card *card;
	struct sql_rows *rows;

	rows = sql_query(sql, "SELECT id FROM person WHERE pid=?", "i", pid);
	if (sql_next(rows)) {
		ret->customer = sql_text(rows, 0, arena);
		sql_end(rows);
	}
	rows =
	    sql_query(sql, "SELECT id, card FROM person WHERE pid=?", "i", read_living(sql, pid));
	if (!sql_next(rows))
		return;
	ret->person = sql_text(rows, 0, arena);
	card = keep_unpacked(&nurture__v1__card__descriptor, sql_bytes(rows, 1, arena), arena);
	ret->name = card ? card->name : "";
	sql_end(rows);
}

/* False: the row cannot be read. */
static bool take_item(struct sql *sql, int64_t n, int64_t pid, struct arena *arena,
		      struct view_item *ret)
{
	Nurture__V1__FeedbackItem *item = NULL;
	struct sql_rows *rows =
	    sql_query(sql,
		      "SELECT i.id, t.title, t.text, t.body FROM item i JOIN item_text t ON t.n=i.n"
		      " WHERE i.n=?",
		      "i", n);

	*ret = (struct view_item){.place = n, .customer = "", .person = "", .name = ""};
	if (!sql_next(rows))
		return false;
	item = keep_unpacked(&nurture__v1__feedback_item__descriptor, sql_bytes(rows, 3, arena),
			     arena);
	if (item) {
		item->id = sql_text(rows, 0, arena);
		item->title = sql_text(rows, 1, arena);
		item->text = sql_text(rows, 2, arena);
	}
	sql_end(rows);
	ret->item = item;
	take_person(sql, pid, arena, ret);
	return item != NULL;
}

/* The places and people of the hits, one more than the limit when there are more. */
static int64_t *take_hits(struct sql *sql, const struct read_chosen *chosen, bool best_first,
			  size_t limit, struct arena *arena, size_t *ret_count)
{
	struct sql_rows *rows = choose(sql, chosen, best_first, (int64_t)limit + 1);
	int64_t *hits = arena_alloc(arena, 2 * (limit + 1) * sizeof(*hits));
	size_t count = 0;

	while (sql_next(rows) && count <= limit) {
		hits[2 * count] = sql_int(rows, 0);
		hits[2 * count++ + 1] = sql_int(rows, 1);
	}
	*ret_count = count;
	return hits;
}

int view_voices(struct view_reader *reader, const struct view_wanted *wanted, size_t limit,
		struct arena *arena, struct view_items *ret, struct err *err)
{
	struct read_chosen chosen;
	int64_t *hits;
	size_t count = 0;

	if (limit > LIMIT_MAX)
		limit = LIMIT_MAX;
	*ret = (struct view_items){.items = arena_alloc(arena, (limit + 1) * sizeof(*ret->items))};
	read_chosen(reader->sql, wanted, &chosen);
	if (read_can_hit(&chosen, wanted)) {
		hits = take_hits(reader->sql, &chosen, wanted->best_first, limit, arena, &count);
		ret->has_more = count > limit;
		for (size_t i = 0; i < count && i < limit; i++)
			if (take_item(reader->sql, hits[2 * i], hits[2 * i + 1], arena,
				      &ret->items[ret->count]))
				ret->count++;
	}
	find_free(&chosen.find);
	return sql_check(reader->sql, err);
}

int view_voice(struct view_reader *reader, const char *customer, const char *id,
	       struct arena *arena, struct view_item *ret, struct err *err)
{
	int64_t pid = view_pid_known(reader->sql, slice_text(customer));
	int64_t n = pid ? view_item_known(reader->sql, pid, id) : 0;
	bool is_there = n && take_item(reader->sql, n, pid, arena, ret);

	if (sql_check(reader->sql, err) < 0)
		return -1;
	return is_there ? 1 : 0;
}
