/*
 * apply_item.c - what customers have said: items of nurture.feedback; see view_internal.h.
 *
 * An item's number is its place in time, so that the index of words gives the newest first without
 * sorting.  The index takes numbers in ascending order at the cost of one write, and in any other
 * at one each; so what a batch has brought is told to it at the batch's end.
 */
#include "common/base/hash.h"
#include "common/message/feedback.h"
#include "view_internal.h"

/* The lower bits of a number tell items of the same millisecond apart. */
enum { PLACE_BITS = 20 };
#define PLACE_MAX_MS ((INT64_C(1) << (62 - PLACE_BITS)) - 1)

static int64_t clamp_ms(int64_t at_ms, const struct view_record *record)
{
	if (record->stamp_ms > 0 && at_ms > record->stamp_ms)
		at_ms = record->stamp_ms;
	return at_ms < 0 ? 0 : at_ms > PLACE_MAX_MS ? PLACE_MAX_MS : at_ms;
}

int64_t view_item_known(struct sql *sql, int64_t pid, const char *id)
{
	struct sql_rows *rows =
	    sql_query(sql, "SELECT n FROM item WHERE pid=? AND id=?", "it", pid, id);
	int64_t n = 0;

	if (sql_next(rows)) {
		n = sql_int(rows, 0);
		sql_end(rows);
	}
	return n;
}

static bool is_taken(struct view *view, int64_t n)
{
	struct sql_rows *rows = sql_query(view->sql, "SELECT 1 FROM item WHERE n=?", "i", n);

	if (!sql_next(rows))
		return false;
	sql_end(rows);
	return true;
}

static int64_t place_of(struct view *view, int64_t at_ms, const char *id)
{
	const int64_t low = (int64_t)(hash64(slice_text(id)) & ((1U << PLACE_BITS) - 1));
	int64_t n = at_ms << PLACE_BITS | low;

	while (n == 0 || is_taken(view, n))
		n++;
	return n;
}

static void drop_item(struct view *view, int64_t n)
{
	struct sql *sql = view->sql;

	sql_do(sql, "DELETE FROM unsaid WHERE n=?", "i", n);
	/* The index keeps no texts: who leaves it says what was there. */
	if (sql_changes(sql) == 0)
		sql_do(sql,
		       "INSERT INTO said(said, rowid, title, text)"
		       " SELECT 'delete', n, title, text FROM item_text WHERE n=?",
		       "i", n);
	sql_do(sql, "DELETE FROM item_tag WHERE n=?", "i", n);
	sql_do(sql, "DELETE FROM item_text WHERE n=?", "i", n);
	sql_do(sql, "DELETE FROM item WHERE n=?", "i", n);
}

void view_drop_items(struct view *view, int64_t pid, int64_t until_ms)
{
	const int64_t until = until_ms < PLACE_MAX_MS ? (until_ms + 1) << PLACE_BITS : INT64_MAX;
	struct sql_rows *rows = sql_query(
	    view->sql, "SELECT n FROM item WHERE pid=? AND n<? ORDER BY n", "ii", pid, until);

	while (sql_next(rows))
		drop_item(view, sql_int(rows, 0));
}

static void put_tags(struct view *view, int64_t n, const Nurture__V1__FeedbackItem *item)
{
	for (size_t i = 0; i < item->n_tags; i++)
		sql_do(view->sql, "INSERT OR IGNORE INTO item_tag VALUES(?,?)", "ii",
		       number_of_text(view, item->tags[i]), n);
}

static int64_t number_or_none(struct view *view, const char *text)
{
	return text[0] ? number_of_text(view, text) : 0;
}

static void put_facets(struct view *view, int64_t n, int64_t pid,
		       const Nurture__V1__FeedbackItem *item)
{
	sql_do(view->sql, "INSERT OR REPLACE INTO item VALUES(?,?,?,?,?,?,?,?)", "iitiiiii", n, pid,
	       item->id, (int64_t)item->score, number_or_none(view, item->kind),
	       number_or_none(view, item->source), number_or_none(view, item->state),
	       number_or_none(view, item->sku));
}

static void put_text(struct view *view, int64_t n, const Nurture__V1__FeedbackItem *item)
{
	Nurture__V1__FeedbackItem kept = *item;

	/* In columns of their own, or in another row. */
	kept.customer = kept.id = kept.title = kept.text = (char *)protobuf_c_empty_string;
	sql_do(view->sql, "INSERT OR REPLACE INTO item_text VALUES(?,?,?,?)", "ittb", n,
	       item->title, item->text, keep_packed(&kept, &view->arena));
}

static bool has_same_words(struct view *view, int64_t n, const Nurture__V1__FeedbackItem *item)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT 1 FROM item_text WHERE n=? AND title=? AND text=?", "itt",
		      n, item->title, item->text);

	if (!sql_next(rows))
		return false;
	sql_end(rows);
	return true;
}

static void put_item(struct view *view, int64_t pid, int64_t at_ms,
		     const Nurture__V1__FeedbackItem *item)
{
	int64_t n = view_item_known(view->sql, pid, item->id);

	if (n && (n >> PLACE_BITS != at_ms || !has_same_words(view, n, item))) {
		drop_item(view, n);
		view->must_wipe = true;
		n = 0;
	}
	if (!n) {
		n = place_of(view, at_ms, item->id);
		sql_do(view->sql, "INSERT INTO unsaid VALUES(?)", "i", n);
	} else {
		sql_do(view->sql, "DELETE FROM item_tag WHERE n=?", "i", n);
	}
	put_facets(view, n, pid, item);
	put_text(view, n, item);
	put_tags(view, n, item);
}

static void take_away(struct view *view, struct slice customer, const char *id)
{
	int64_t pid = view_pid_known(view->sql, customer);
	int64_t n = pid ? view_item_known(view->sql, pid, id) : 0;

	if (!n)
		return;
	drop_item(view, n);
	view->must_wipe = true;
	view_forget_empty(view->sql, pid);
}

int view_apply_item(struct view *view, const struct view_record *record, struct err *err)
{
	Nurture__V1__FeedbackItem *item;
	struct slice customer;
	const char *id;
	int64_t at_ms;

	if (feedback_key_read(record->key, &view->arena, &customer, &id, err) < 0)
		return -1;
	if (!record->value.bytes) {
		take_away(view, customer, id);
		return 0;
	}
	if (feedback_item_decode(record->value, &view->arena, &item, err) < 0)
		return -1;
	at_ms = clamp_ms(item->at_ms, record);
	/* A word from before an erasure, which the topic has not let go yet. */
	if (at_ms <= view_erased_ms(view->sql, customer)) {
		take_away(view, customer, id);
		return 0;
	}
	item->id = arena_text(&view->arena, id);
	put_item(view, view_pid(view, customer), at_ms, item);
	return 0;
}

void view_tell_words(struct view *view)
{
	sql_do(view->sql,
	       "INSERT INTO said(rowid, title, text)"
	       " SELECT t.n, t.title, t.text FROM unsaid u JOIN item_text t ON t.n=u.n"
	       " ORDER BY u.n",
	       "");
	sql_do(view->sql, "DELETE FROM unsaid", "");
}
