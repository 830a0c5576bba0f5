/* read_search.c - who may be meant by what somebody typed; see view.h. */
#include "find.h"
#include "read.h"

enum { PHONE_TAIL_MIN = 7, ORDER_HITS_MAX = 1000 };

struct search {
	struct sql *sql;
	struct arena *arena;
	struct view_people *people;
	size_t limit;
	int64_t pids[VIEW_SEARCH_MAX];
};

static bool is_known(const struct search *search, int64_t pid)
{
	for (size_t i = 0; i < search->people->count; i++)
		if (search->pids[i] == pid)
			return true;
	return false;
}

static void take_card(const Nurture__V1__Card *card, struct view_found *found)
{
	if (!card)
		return;
	found->name = card->name;
	found->email = card->email;
	found->phone = card->phone;
	found->address = card->address;
	found->orders = card->orders;
	found->last_order_ms = card->last_ms;
}

/* False: there is no room for more. */
static bool take(struct search *search, int64_t pid, enum view_match match, struct slice order)
{
	struct view_found *found;
	struct sql_rows *rows;

	pid = read_living(search->sql, pid);
	if (is_known(search, pid))
		return true;
	if (search->people->count == search->limit) {
		search->people->has_more = true;
		return false;
	}
	rows = sql_query(search->sql, "SELECT id, card FROM person WHERE pid=?", "i", pid);
	if (!sql_next(rows))
		return true;
	search->pids[search->people->count] = pid;
	found = &search->people->items[search->people->count++];
	*found = (struct view_found){.id = sql_text(rows, 0, search->arena),
				     .name = "",
				     .email = "",
				     .phone = "",
				     .address = "",
				     .match = match,
				     .order = arena_copy(search->arena, order.bytes, order.len)};
	take_card(keep_unpacked(&nurture__v1__card__descriptor, sql_bytes(rows, 1, search->arena),
				search->arena),
		  found);
	sql_end(rows);
	return true;
}

static void take_all(struct search *search, struct sql_rows *rows, enum view_match match,
		     struct slice order)
{
	while (sql_next(rows)) {
		if (take(search, sql_int(rows, 0), match, order))
			continue;
		sql_end(rows);
		return;
	}
}

#define NO_ORDER slice_of("", 0)

static void by_email(struct search *search, const struct find *find)
{
	struct slice email = buf_slice(&find->email);

	if (email.len == 0)
		return;
	take_all(search, sql_query(search->sql, "SELECT pid FROM person WHERE email=?", "s", email),
		 VIEW_BY_EMAIL, NO_ORDER);
	/* The first bytes of one, as soon as there are some. */
	if (email.len >= 3)
		take_all(search,
			 sql_query(search->sql,
				   "SELECT pid FROM person WHERE email>?1"
				   " AND email<CAST(?1 AS TEXT)||char(1114111) LIMIT ?2",
				   "si", email, (int64_t)search->limit + 1),
			 VIEW_BY_EMAIL, NO_ORDER);
}

/*
 * What was typed is the end of a number that is known, or the other way round: with the country
 * or without it.
 */
static void by_phone(struct search *search, const struct find *find)
{
	struct slice phone = buf_slice(&find->phone);

	if (phone.len == 0)
		return;
	take_all(search,
		 sql_query(search->sql,
			   "SELECT pid FROM person WHERE phone>=?1"
			   " AND phone<CAST(?1 AS TEXT)||':' LIMIT ?2",
			   "si", phone, (int64_t)search->limit + 1),
		 VIEW_BY_PHONE, NO_ORDER);
	for (size_t len = phone.len; len-- > PHONE_TAIL_MIN;)
		take_all(search,
			 sql_query(search->sql, "SELECT pid FROM person WHERE phone=? LIMIT ?",
				   "si", slice_of(phone.bytes, len), (int64_t)search->limit + 1),
			 VIEW_BY_PHONE, NO_ORDER);
}

static void by_all(struct search *search, const struct find *find)
{
	take_all(search,
		 sql_query(search->sql, "SELECT pid FROM person WHERE id=?", "s", find->text),
		 VIEW_BY_ID, NO_ORDER);
	take_all(search,
		 sql_query(search->sql, "SELECT pid FROM order_of WHERE number=? LIMIT ?", "si",
			   find->order, (int64_t)ORDER_HITS_MAX),
		 VIEW_BY_ORDER, find->order);
	by_email(search, find);
	by_phone(search, find);
	if (find->words.len)
		take_all(search,
			 sql_query(search->sql, "SELECT rowid FROM who WHERE who MATCH ?", "s",
				   buf_slice(&find->words)),
			 VIEW_BY_WORDS, NO_ORDER);
}

int view_search(struct view_reader *reader, struct slice text, size_t limit, struct arena *arena,
		struct view_people *ret, struct err *err)
{
	struct search search = {.sql = reader->sql, .arena = arena, .people = ret};
	struct find find;

	search.limit = limit < VIEW_SEARCH_MAX ? limit : VIEW_SEARCH_MAX;
	*ret = (struct view_people){
	    .items = arena_alloc(arena, (search.limit + 1) * sizeof(*ret->items))};
	find_read(text, &find);
	if (find.text.len)
		by_all(&search, &find);
	find_free(&find);
	return sql_check(reader->sql, err);
}
