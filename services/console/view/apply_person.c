/* apply_person.c - what a profile says: the card, and the ways to find it. */
#include "view_internal.h"

enum { WORDS_MAX_BYTES = 4096, SHORT_MAX_BYTES = 512 };

/* Whom the row is about, and what it has until now. */
struct person {
	struct view *view;
	int64_t pid;
	const Nurture__V1__Card *before; /* NULL: none */
	struct slice packed_before;
};

static void load(struct person *person)
{
	struct arena *arena = &person->view->arena;
	struct sql_rows *rows =
	    sql_query(person->view->sql, "SELECT card FROM person WHERE pid=? AND card IS NOT NULL",
		      "i", person->pid);

	if (!sql_next(rows))
		return;
	person->packed_before = sql_bytes(rows, 0, arena);
	sql_end(rows);
	person->before =
	    keep_unpacked(&nurture__v1__card__descriptor, person->packed_before, arena);
}

static bool has_order(const Nurture__V1__Card *card, const char *id)
{
	for (size_t i = 0; card && i < card->n_recent; i++)
		if (strcmp(card->recent[i]->id, id) == 0)
			return true;
	return false;
}

static void index_orders(const struct person *person, const Nurture__V1__Card *card)
{
	const Nurture__V1__Card *before = person->before;
	struct sql *sql = person->view->sql;

	for (size_t i = 0; before && i < before->n_recent; i++)
		if (!has_order(card, before->recent[i]->id))
			sql_do(sql, "DELETE FROM order_of WHERE number=? AND pid=?", "ti",
			       before->recent[i]->id, person->pid);
	for (size_t i = 0; card && i < card->n_recent; i++)
		if (!has_order(before, card->recent[i]->id))
			sql_do(sql, "INSERT OR IGNORE INTO order_of VALUES(?,?)", "ti",
			       card->recent[i]->id, person->pid);
}

static void index_words(const struct person *person, const Nurture__V1__Card *card)
{
	struct buf before = BUF_MAX(WORDS_MAX_BYTES), now = BUF_MAX(WORDS_MAX_BYTES);

	if (person->before)
		keep_words(person->before, &before);
	if (card)
		keep_words(card, &now);
	if (!slice_equal(buf_slice(&before), buf_slice(&now))) {
		/* The index keeps no texts: who leaves it says what was there. */
		if (before.len)
			sql_do(person->view->sql,
			       "INSERT INTO who(who, rowid, words) VALUES('delete',?,?)", "is",
			       person->pid, buf_slice(&before));
		if (now.len)
			sql_do(person->view->sql, "INSERT INTO who(rowid, words) VALUES(?,?)", "is",
			       person->pid, buf_slice(&now));
	}
	buf_free(&before);
	buf_free(&now);
}

static struct slice text_or_null(const struct buf *buf)
{
	return buf->len ? buf_slice(buf) : slice_of(NULL, 0);
}

static void write(const struct person *person, const Nurture__V1__Card *card)
{
	struct buf email = BUF_MAX(SHORT_MAX_BYTES), phone = BUF_MAX(SHORT_MAX_BYTES);
	struct slice packed = keep_packed(card, &person->view->arena);

	if (slice_equal(packed, person->packed_before))
		return;
	keep_email(card->email, &email);
	keep_phone(card->phone, &phone);
	index_orders(person, card);
	index_words(person, card);
	sql_do(person->view->sql,
	       "UPDATE person SET merged_into=?, merged_ms=?, email=?, phone=?, card=? WHERE pid=?",
	       "tissbi", card->merged_into[0] ? card->merged_into : NULL, card->merged_ms,
	       text_or_null(&email), text_or_null(&phone), packed, person->pid);
	buf_free(&email);
	buf_free(&phone);
}

static void clear(const struct person *person)
{
	if (!person->before)
		return;
	index_orders(person, NULL);
	index_words(person, NULL);
	sql_do(person->view->sql,
	       "UPDATE person SET merged_into=NULL, merged_ms=NULL, email=NULL, phone=NULL,"
	       " card=NULL WHERE pid=?",
	       "i", person->pid);
	view_forget_empty(person->view->sql, person->pid);
	person->view->must_wipe = true;
}

/* Who was erased under the id that lives was erased under those that had been merged into it. */
static void follow_erasure(struct view *view, struct slice id, const Nurture__V1__Card *card)
{
	int64_t erased_ms = view_erased_ms(view->sql, slice_text(card->merged_into));

	if (erased_ms >= card->merged_ms)
		view_erase(view, id, erased_ms);
}

int view_apply_profile(struct view *view, const struct view_record *record, struct err *err)
{
	struct person person = {.view = view};
	Nurture__V1__Card *card = NULL;
	int64_t erased_ms = 0;

	if (record->value.bytes &&
	    keep_card(record->value, &view->arena, &card, &erased_ms, err) < 0)
		return -1;
	if (erased_ms)
		view_erase(view, record->key, erased_ms);
	person.pid = card ? view_pid(view, record->key) : view_pid_known(view->sql, record->key);
	if (!person.pid)
		return 0;
	load(&person);
	if (card)
		write(&person, card);
	else
		clear(&person);
	if (card && card->merged_into[0])
		follow_erasure(view, record->key, card);
	return 0;
}
