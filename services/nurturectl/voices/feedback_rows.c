/* feedback_rows.c - see feedback_rows.h. */
#include "feedback_rows.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/message/event.h"
#include "common/message/feedback.h"
#include "common/policy/event_type.h"

static const char *const columns[FEEDBACK_COLUMNS] = {
    [FEEDBACK_CUSTOMER] = "customer",
    [FEEDBACK_KIND] = "kind",
    [FEEDBACK_SOURCE] = "source",
    [FEEDBACK_SCORE] = "score",
    [FEEDBACK_TITLE] = "title",
    [FEEDBACK_TEXT] = "text",
    [FEEDBACK_LANG] = "lang",
    [FEEDBACK_ORDER] = "order",
    [FEEDBACK_SKU] = "sku",
    [FEEDBACK_TAGS] = "tags",
    [FEEDBACK_BY] = "by",
    [FEEDBACK_AT] = "at",
    [FEEDBACK_ID] = "id",
};

static int column_of(struct slice name)
{
	for (int i = 0; i < FEEDBACK_COLUMNS; i++)
		if (slice_is(name, columns[i]))
			return i;
	return -1;
}

/* What an export says of an item, and nobody else can. */
static bool is_passed_over(struct slice name)
{
	return slice_is(name, "name") || slice_is(name, "state") || slice_is(name, "item");
}

static int take_name(struct feedback_rows *rows, struct slice name, int place, struct err *err)
{
	int column = column_of(slice_trim(name, " \t"));

	if (column < 0 && is_passed_over(slice_trim(name, " \t")))
		return 0;
	if (column < 0)
		return err_config(err,
				  "line %d: unknown column %.*s; expected customer and of kind, "
				  "source, score, title, text, lang, order, sku, tags, by, at, id "
				  "those that there are",
				  rows->csv.line,
				  SLICE_ARGS(slice_of(name.bytes, name.len > 40 ? 40 : name.len)));
	if (rows->places[column] >= 0)
		return err_config(err, "line %d: the column %s is there twice", rows->csv.line,
				  columns[column]);
	rows->places[column] = place;
	return 0;
}

int feedback_rows_begin(struct feedback_rows *rows, struct slice text, int64_t now_ms,
			struct arena *arena, struct err *err)
{
	struct slice cells[CSV_FIELDS_MAX];
	size_t count;

	*rows = (struct feedback_rows){.csv = csv_of_export(text), .now_ms = now_ms};
	for (int i = 0; i < FEEDBACK_COLUMNS; i++)
		rows->places[i] = -1;
	if (csv_next(&rows->csv, arena, cells, &count, err) <= 0)
		return err_config(err, "expected a first row with the names of the columns");
	for (size_t i = 0; i < count; i++)
		if (take_name(rows, cells[i], (int)i, err) < 0)
			return -1;
	rows->width = count;
	if (rows->places[FEEDBACK_CUSTOMER] < 0)
		return err_config(err, "line %d: expected a column customer", rows->csv.line);
	return 0;
}

/* The members that an event may have, where they live until it is written. */
struct parts {
	Nurture__V1__Event event;
	Nurture__V1__Customer customer;
	Nurture__V1__Feedback feedback;
	char *tags[FEEDBACK_TAGS_MAX];
	char id[ID_TEXT_BYTES];
};

static char *cell(const struct feedback_rows *rows, const struct slice *cells, size_t count,
		  enum feedback_column column, struct arena *arena)
{
	int place = rows->places[column];
	struct slice text = place < 0 || (size_t)place >= count
				? slice_of("", 0)
				: slice_trim(cells[place], " \t\r\n");

	return arena_copy(arena, text.bytes, text.len);
}

static int take_tags(struct parts *parts, char *text, struct err *err)
{
	for (char *at = text, *next; *at; at = next) {
		size_t len = strcspn(at, ";");
		struct slice tag = slice_trim(slice_of(at, len), " \t");

		next = at + len + (at[len] == ';');
		if (!tag.len)
			continue;
		if (parts->feedback.n_tags == FEEDBACK_TAGS_MAX)
			return err_set(err, "tags: more than %d", FEEDBACK_TAGS_MAX);
		((char *)(uintptr_t)tag.bytes)[tag.len] = '\0';
		parts->tags[parts->feedback.n_tags++] = (char *)(uintptr_t)tag.bytes;
	}
	parts->feedback.tags = parts->tags;
	return 0;
}

static int take_score(struct parts *parts, const char *text, struct err *err)
{
	int64_t score;

	if (!*text)
		return 0;
	if (text_int64(slice_text(text), 1, 5, &score, err) < 0)
		return err_prefix(err, "score");
	parts->feedback.score = (int32_t)score;
	return 0;
}

/* What was said before now is history: it is kept, and sets nothing off. */
static int take_time(struct parts *parts, const char *text, int64_t now_ms, struct err *err)
{
	parts->event.time_ms = now_ms;
	if (!*text)
		return 0;
	if (rfc3339_parse(slice_text(text), &parts->event.time_ms, err) < 0)
		return err_prefix(err, "at");
	parts->event.live_from_ms = now_ms;
	return 0;
}

static void make_id(const struct parts *parts, const char *const *texts, char ret[ID_TEXT_BYTES])
{
	if (*texts[FEEDBACK_ID])
		id_of_texts(ret, "feedback import", parts->customer.id, texts[FEEDBACK_ID], NULL);
	else
		id_of_texts(ret, "feedback row", parts->customer.id, texts[FEEDBACK_KIND],
			    texts[FEEDBACK_SOURCE], texts[FEEDBACK_SCORE], texts[FEEDBACK_TITLE],
			    texts[FEEDBACK_TEXT], texts[FEEDBACK_ORDER], texts[FEEDBACK_SKU],
			    texts[FEEDBACK_AT], NULL);
}

static int fill(struct parts *parts, char *const *texts, int64_t now_ms, struct err *err)
{
	parts->customer.id = texts[FEEDBACK_CUSTOMER];
	parts->event.customer = &parts->customer;
	parts->event.feedback = &parts->feedback;
	parts->event.type = event_type_text(EVENT_FEEDBACK_RECEIVED);
	parts->event.by = texts[FEEDBACK_BY];
	parts->feedback.kind = texts[FEEDBACK_KIND];
	parts->feedback.source =
	    *texts[FEEDBACK_SOURCE] ? texts[FEEDBACK_SOURCE] : (char *)(uintptr_t) "import";
	parts->feedback.title = texts[FEEDBACK_TITLE];
	parts->feedback.comment = texts[FEEDBACK_TEXT];
	parts->feedback.lang = texts[FEEDBACK_LANG];
	parts->feedback.order = texts[FEEDBACK_ORDER];
	parts->feedback.sku = texts[FEEDBACK_SKU];
	make_id(parts, (const char *const *)texts, parts->id);
	parts->event.id = parts->id;
	return take_score(parts, texts[FEEDBACK_SCORE], err) < 0 ||
		       take_tags(parts, texts[FEEDBACK_TAGS], err) < 0 ||
		       take_time(parts, texts[FEEDBACK_AT], now_ms, err) < 0
		   ? -1
		   : 0;
}

/* The same rules as at the door. */
static int make_event(const struct feedback_rows *rows, const struct slice *cells, size_t count,
		      struct arena *arena, struct feedback_row *ret, struct err *err)
{
	struct parts parts = {.event = NURTURE__V1__EVENT__INIT,
			      .customer = NURTURE__V1__CUSTOMER__INIT,
			      .feedback = NURTURE__V1__FEEDBACK__INIT};
	struct buf json = BUF_MAX(EVENT_MAX_BYTES);
	char *texts[FEEDBACK_COLUMNS];
	Nurture__V1__Event *event;
	int r;

	if (count != rows->width)
		return err_set(err, "%zu cells, the first row has %zu", count, rows->width);
	for (int i = 0; i < FEEDBACK_COLUMNS; i++)
		texts[i] = cell(rows, cells, count, (enum feedback_column)i, arena);
	ret->customer = texts[FEEDBACK_CUSTOMER];
	if (fill(&parts, texts, rows->now_ms, err) < 0)
		return -1;
	event_encode_json(&parts.event, &json);
	ret->event = slice_of(arena_copy(arena, json.bytes, json.len), json.len);
	r = buf_failed(&json) ? err_set(err, "more than %d bytes", EVENT_MAX_BYTES)
			      : event_decode(ret->event, arena, &event, err);
	buf_free(&json);
	return r;
}

int feedback_rows_next(struct feedback_rows *rows, struct arena *arena, struct feedback_row *ret,
		       struct err *err)
{
	struct slice cells[CSV_FIELDS_MAX];
	size_t count;
	int r = csv_next(&rows->csv, arena, cells, &count, err);

	if (r <= 0)
		return r;
	*ret = (struct feedback_row){.line = rows->csv.line, .customer = ""};
	if (make_event(rows, cells, count, arena, ret, &ret->why) < 0)
		ret->event = slice_of("", 0);
	return 1;
}

/* In quotes, with each quote twice. */
static void put_cell(struct buf *out, const char *text)
{
	buf_char(out, '"');
	if (*text && strchr("=+-@\t\r", *text))
		buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

static const char *const exported[] = {"item",   "at",    "customer", "name",  "kind",
				       "source", "score", "sku",      "order", "lang",
				       "title",  "text",  "tags",     "state", "by"};

void feedback_rows_head(struct buf *out)
{
	for (size_t i = 0; i < sizeof(exported) / sizeof(exported[0]); i++)
		buf_printf(out, "%s%s", i ? "," : "", exported[i]);
	buf_text(out, "\r\n");
}

static const char *tags_of(const Nurture__V1__FeedbackItem *item, struct buf *out)
{
	for (size_t i = 0; i < item->n_tags; i++)
		buf_printf(out, "%s%s", i ? ";" : "", item->tags[i]);
	return out->len ? out->bytes : "";
}

void feedback_rows_put(const struct view_item *found, struct buf *out)
{
	const Nurture__V1__FeedbackItem *item = found->item;
	struct buf tags = BUF_MAX(64 * 1024);
	char at[RFC3339_BYTES], score[2] = {(char)('0' + item->score), '\0'};
	const char *const cells[] = {item->id,
				     rfc3339_text(item->at_ms, at),
				     found->person,
				     found->name,
				     item->kind,
				     item->source,
				     item->score ? score : "",
				     item->sku,
				     item->order,
				     item->lang,
				     item->title,
				     item->text,
				     tags_of(item, &tags),
				     item->state,
				     item->by};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		if (i)
			buf_char(out, ',');
		put_cell(out, cells[i]);
	}
	buf_text(out, "\r\n");
	buf_free(&tags);
}
