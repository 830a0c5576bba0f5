/* cmd_feedback.c - what customers said: searched and exported from the console's view, imported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advance.h"
#include "commands.h"
#include "common/io/config/config.h"
#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "services/console/view/voices.h"
#include "services/nurturectl/voices/feedback_rows.h"

enum {
	FILE_MAX_BYTES = 256 << 20,
	FLUSH_MS = 180000,
	FULL_WAIT_MS = 5,
	PAGE_ITEMS = 1000,
	SEARCH_LIMIT = 20,
	CELLS_MAX_BYTES = 1 << 20, /* of one row */
};

struct feedback_values {
	const char *view, *tag, *kind, *state, *source, *product;
	int64_t score_min, score_max, limit;
};

static const struct command_option options[] = {
    {"view", OPTION_TEXT, offsetof(struct feedback_values, view), "FILE", NULL, false, 0, 0,
     "of search and export: the console's file; default $NURTURE_CONSOLE_VIEW"},
    {"tag", OPTION_TEXT, offsetof(struct feedback_values, tag), "TAG", NULL, false, 0, 0,
     "those with this tag"},
    {"kind", OPTION_TEXT, offsetof(struct feedback_values, kind), "KIND", NULL, false, 0, 0,
     "praise, complaint, ..."},
    {"state", OPTION_TEXT, offsetof(struct feedback_values, state), "STATE", NULL, false, 0, 0,
     "new, triaged, answered or archived"},
    {"source", OPTION_TEXT, offsetof(struct feedback_values, source), "SOURCE", NULL, false, 0, 0,
     "page, support, ..."},
    {"product", OPTION_TEXT, offsetof(struct feedback_values, product), "SKU", NULL, false, 0, 0,
     "about this product"},
    {"at-least", OPTION_NUMBER, offsetof(struct feedback_values, score_min), "SCORE", NULL, false,
     1, 5, "of at least this score"},
    {"at-most", OPTION_NUMBER, offsetof(struct feedback_values, score_max), "SCORE", NULL, false, 1,
     5, "of at most this score"},
    {"limit", OPTION_NUMBER, offsetof(struct feedback_values, limit), "N", NULL, false, 1, 1000000,
     "so many, the newest; default 20 of a search, all of an export"},
    {0}};

static struct view_wanted wanted_of(const struct feedback_values *values, const char *words)
{
	struct view_wanted wanted = {.words = slice_text(words ? words : ""),
				     .tag = values->tag,
				     .kind = values->kind,
				     .state = values->state,
				     .source = values->source,
				     .product = values->product,
				     .before = VIEW_FROM_NEWEST};

	if (values->score_min != OPTION_ABSENT || values->score_max != OPTION_ABSENT) {
		wanted.score_min = values->score_min == OPTION_ABSENT ? 1 : (int)values->score_min;
		wanted.score_max = values->score_max == OPTION_ABSENT ? 5 : (int)values->score_max;
	}
	return wanted;
}

static void print_item(const struct view_item *found, struct buf *out)
{
	const Nurture__V1__FeedbackItem *item = found->item;
	char at[RFC3339_BYTES];

	buf_printf(out, "%s  %s  %s", rfc3339_text(item->at_ms, at), found->person, item->kind);
	if (item->score)
		buf_printf(out, " %d/5", item->score);
	if (*item->sku)
		buf_printf(out, "  %s", item->sku);
	for (size_t i = 0; i < item->n_tags; i++)
		buf_printf(out, "  +%s", item->tags[i]);
	buf_char(out, '\n');
	if (*item->title)
		buf_printf(out, "    %s\n", item->title);
	if (*item->text)
		buf_printf(out, "    %s\n", item->text);
}

/* What customers write does not steer a terminal. */
static void write_out(const struct buf *out, bool is_for_people)
{
	for (size_t i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->bytes[i];

		putchar(is_for_people && ((c < 0x20 && c != '\n') || c == 0x7f) ? '?' : c);
	}
}

/* Page by page, so that what is asked for need not fit into memory. */
static int print_all(struct view_reader *reader, struct view_wanted wanted, size_t limit,
		     void (*put)(const struct view_item *found, struct buf *out), struct err *err)
{
	struct view_items items = {.has_more = true};
	size_t done = 0;

	while (items.has_more && done < limit) {
		size_t page = limit - done < PAGE_ITEMS ? limit - done : PAGE_ITEMS;
		struct arena arena = {0};
		int r = view_voices(reader, &wanted, page, &arena, &items, err);

		for (size_t i = 0; r == 0 && i < items.count; i++) {
			struct buf out = BUF_MAX(CELLS_MAX_BYTES);

			put(&items.items[i], &out);
			write_out(&out, put == print_item);
			buf_free(&out);
			wanted.before = items.items[i].place;
		}
		done += items.count;
		arena_free(&arena);
		if (r < 0 || !items.count)
			return r;
	}
	return 0;
}

static int look(const struct invocation *call, bool is_export, struct err *err)
{
	const struct feedback_values *values = call->values;
	const char *path = values->view ? values->view : call->settings->console_view;
	size_t limit = values->limit != OPTION_ABSENT ? (size_t)values->limit
		       : is_export                    ? SIZE_MAX
						      : SEARCH_LIMIT;
	struct view_wanted wanted = wanted_of(values, call->arguments[1]);
	struct view_reader *reader = NULL;
	struct buf head = BUF_MAX(CELLS_MAX_BYTES);
	struct view *view = NULL;
	int r;

	if (!path[0])
		return err_config(err,
				  "which file? Say so with --view FILE or NURTURE_CONSOLE_VIEW");
	r = view_open_to_look(&view, path, err);
	if (r == 0)
		r = view_begin(view, &reader, err);
	if (r == 0 && is_export) {
		feedback_rows_head(&head);
		write_out(&head, false);
	}
	if (r == 0)
		r = print_all(reader, wanted, limit, is_export ? feedback_rows_put : print_item,
			      err);
	buf_free(&head);
	view_end(&reader);
	view_close(&view);
	return r;
}

static int send(struct producer *producer, const char *topic, const struct feedback_row *row,
		struct err *err)
{
	int r;

	while ((r = producer_send(producer, topic, -1, slice_text(row->customer), row->event,
				  RECORD_EVENT, NULL, err)) == 0) {
		if (stop_requested())
			return err_environment(err, "interrupted; run it again, it counts once");
		if (producer_check(producer, err) < 0)
			return -1;
		clock_sleep_ms(FULL_WAIT_MS); /* the queue is full */
	}
	return r < 0 ? -1 : 0;
}

/* Every row that is not taken is named with its line. */
static int send_all(struct feedback_rows *rows, struct producer *producer, const char *topic,
		    const char *file, struct err *err)
{
	size_t sent = 0, left_out = 0;
	struct feedback_row row;
	struct arena arena = {0};
	int r;

	while ((r = feedback_rows_next(rows, &arena, &row, err)) > 0) {
		if (!row.event.len) {
			left_out++;
			fprintf(stderr, "%s:%d: left out: %s\n", file, row.line, row.why.text);
		} else if (send(producer, topic, &row, err) < 0) {
			r = -1;
			break;
		} else {
			sent++;
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
	if (r < 0)
		err_prefix(err, "%s", file);
	if (producer_flush(producer, FLUSH_MS, r < 0 ? &(struct err){0} : err) < 0)
		return -1;
	printf("%zu rows are published, %zu are left out\n", sent, left_out);
	return r < 0 ? -1 : left_out ? 1 : 0;
}

static int import(const struct invocation *call, struct err *err)
{
	const char *file = call->arguments[1];
	char topic[TOPIC_NAME_BYTES], *text;
	struct producer *producer = NULL;
	struct feedback_rows rows;
	struct arena arena = {0};
	size_t len;
	int r;

	if (file_read(file, FILE_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	r = feedback_rows_begin(&rows, slice_of(text, len), clock_wall_ms(), &arena, err);
	if (r < 0)
		err_prefix(err, "%s", file);
	if (r == 0)
		r = advance_open(call->settings, &producer, err);
	settings_topic(call->settings, "events", topic);
	if (r == 0)
		r = send_all(&rows, producer, topic, file, err);
	producer_close(&producer);
	arena_free(&arena);
	free(text);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const char *what = call->arguments[0];

	if (strcmp(what, "import") == 0 && call->argument_count == 2)
		return import(call, err);
	if (strcmp(what, "search") == 0)
		return look(call, false, err);
	if (strcmp(what, "export") == 0 && call->argument_count == 1)
		return look(call, true, err);
	return err_config(err, "expected search [WORDS], export, or import FILE");
}

const struct command cmd_feedback = {
    .name = "feedback",
    .line = "what customers said: search it, export it, import it",
    .arguments = "search [WORDS] | export | import FILE",
    .argument_min = 1,
    .argument_max = 2,
    .options = options,
    .values_bytes = sizeof(struct feedback_values),
    .text =
	"search and export read the console's view, on its machine. import publishes each row of\n"
	"a CSV as feedback.received: its first row names the columns, customer and of kind,\n"
	"source, score, title, text, lang, order, sku, tags, by, at, id those that there are.\n"
	"Rows that would not be taken are left out, each with its line (exit code 1). An event's\n"
	"id follows from its row, or from id: run again, it changes nothing. What has a time\n"
	"(at) is history, and sets nothing off.",
    .run = run,
};
