/* cmd_import.c - years of orders as history: they are remembered and set nothing off. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advance.h"
#include "commands.h"
#include "common/base/text.h"
#include "common/io/config/config.h"
#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "import_source.h"
#include "order_sender.h"
#include "services/nurturectl/progress.h"
#include "services/nurturectl/sim/orders_identity.h"
#include "services/nurturectl/sim/order_feed.h"
#include "services/nurturectl/text_file.h"

/* How many events are acknowledged before the progress is written down. */
enum { CHECKPOINT_EVENTS = 2000, PROGRESS_MAX_BYTES = 4096 };

struct import_values {
	struct orders_values orders;
	const char *progress;
	struct import_source_values source;
	bool as_history, also_live;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct import_values, orders),
    {"as-history", OPTION_FLAG, offsetof(struct import_values, as_history), NULL, NULL, false, 0, 0,
     "nothing before --live-from (default: now) sets a message off; must be said"},
    {"also-live", OPTION_FLAG, offsetof(struct import_values, also_live), NULL, NULL, false, 0, 0,
     "publish what happened since --live-from as well, as live events"},
    IMPORT_SOURCE_OPTIONS(struct import_values, source),
    {"progress", OPTION_TEXT, offsetof(struct import_values, progress), "FILE", NULL, false, 0, 0,
     "where it is noted how far it is; default: the file's name with .import"},
    {0}};

struct import {
	struct order_feed feed;
	struct order_sender sender;
	struct import_source source;
	char *progress_file;
	char file_id[ID_TEXT_BYTES]; /* of what is imported and how */
	int64_t live_from_ms;
	bool also_live, is_noted;
	size_t history; /* events before live_from_ms */
	size_t count;   /* that are published */
	size_t done;    /* acknowledged of them */
	size_t resumed; /* done when it began */
};

/* "ID LIVE_FROM DONE" of an import that was begun. 1: there is one, 0: there is none. */
static int read_progress(struct import *import, struct err *err)
{
	char *text, id[ID_TEXT_BYTES];
	int64_t live_from_ms;
	size_t len, done;
	int fields;

	if (access(import->progress_file, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (file_read(import->progress_file, PROGRESS_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	fields = sscanf(text, "%32s %" SCNd64 " %zu", id, &live_from_ms, &done);
	free(text);
	if (fields != 3 || done > SIZE_MAX / 2)
		return err_config(err,
				  "%s: expected the progress of an import; remove it to begin anew",
				  import->progress_file);
	if (strcmp(id, import->file_id) != 0)
		return err_config(
		    err,
		    "%s: is of an import of another file, or with other options; remove "
		    "it, or name another one with --progress",
		    import->progress_file);
	import->live_from_ms = live_from_ms;
	import->done = import->resumed = done;
	return 1;
}

static int write_progress(const struct import *import, struct err *err)
{
	char text[120];

	snprintf(text, sizeof(text), "%s %" PRId64 " %zu\n", import->file_id, import->live_from_ms,
		 import->done);
	return text_file_write(import->progress_file, slice_text(text), err);
}

static int checkpoint(struct import *import, size_t sent, struct err *err)
{
	if (producer_flush(import->sender.producer, ORDER_SENDER_FLUSH_MS, err) < 0)
		return -1;
	import->done = sent;
	return write_progress(import, err);
}

static int send_next(struct import *import, struct err *err)
{
	const struct order_event *event;
	int r = order_feed_next(&import->feed, &import->sender.orders, &event, err);

	if (r == 0)
		return err_environment(err, "the file has fewer events than it had");
	return r < 0 ? -1 : order_sender_send(&import->sender, event, err);
}

static int send_all(struct import *import, struct err *err)
{
	struct progress progress = progress_begin("importing events");
	int r = order_feed_skip(&import->feed, import->done, err);

	for (size_t i = import->done; r == 0 && i < import->count; i++) {
		r = stop_requested() ? err_environment(err, "interrupted; run it again to go on")
				     : send_next(import, err);
		if (r == 0 && (i + 1) % CHECKPOINT_EVENTS == 0)
			r = checkpoint(import, i + 1, err);
		progress_show(&progress, (int64_t)i, (int64_t)import->count);
	}
	progress_end(&progress);
	return r < 0 ? -1 : checkpoint(import, import->count, err);
}

static void print_counts(const struct import *import)
{
	size_t later = import->feed.shares.all.count - import->count;
	char at[RFC3339_BYTES];

	printf("%zu events of %zu customers are history, live from %s\n", import->history,
	       import->feed.shares.all.customers, rfc3339_text(import->live_from_ms, at));
	if (import->count > import->history)
		printf("%zu events since then are published as live ones\n",
		       import->count - import->history);
	if (import->resumed)
		printf("%zu of them had been imported before\n", import->resumed);
	if (later)
		printf("%zu later events left out: they are told live\n", later);
}

/* Where it was broken off it goes on, under the same time to be live from. */
static int begin(struct import *import, struct err *err)
{
	int r = read_progress(import, err);

	if (r < 0)
		return -1;
	orders_set_live_from(&import->feed.shares.all, import->live_from_ms);
	if (order_feed_count_before(&import->feed, import->live_from_ms, &import->history, err) < 0)
		return -1;
	import->count = import->history;
	/* What --delivered-after makes may still be to come. */
	if (import->also_live &&
	    order_feed_count_before(&import->feed, clock_wall_ms(), &import->count, err) < 0)
		return -1;
	if (import->done > import->count)
		import->done = import->count;
	import->is_noted = r > 0;
	return 0;
}

static int import_all(struct import *import, const struct settings *settings, struct err *err)
{
	int32_t partitions;
	int r;

	if (advance_open(settings, &import->sender.producer, err) < 0)
		return -1;
	r = producer_partitions(import->sender.producer, import->sender.topic, &partitions, err);
	/* From when on the shop is live is noted once Kafka is there to hear of it, and before. */
	if (r == 0 && !import->is_noted)
		r = write_progress(import, err);
	if (r == 0)
		r = send_all(import, err);
	producer_close(&import->sender.producer);
	arena_free(&import->sender.arena);
	if (r == 0)
		print_counts(import);
	return r;
}

static int prepare(struct import *import, const struct import_values *values, struct err *err)
{
	const char *file = orders_file_name(&values->orders);
	int64_t now_ms = clock_wall_ms(), from_ms = values->orders.live_from_ms;

	if (!values->as_history)
		return err_config(err, "--as-history is missing: what is live is published over "
				       "POST /v1/events, and a rehearsal is nurturectl replay");
	import->also_live = values->also_live;
	import->live_from_ms = from_ms == OPTION_ABSENT ? now_ms : from_ms;
	if (import->live_from_ms > now_ms)
		return err_config(err, "--live-from: expected a time that is not in the future");
	if (file && !values->progress && asprintf(&import->progress_file, "%s.import", file) < 0)
		abort();
	if (values->progress)
		import->progress_file = strdup(values->progress);
	return 0;
}

static int identify(struct import *import, const struct invocation *call,
		    const struct import_values *values, struct err *err)
{
	struct id_parts *files = order_feed_identify(&import->feed, &values->orders, err);

	if (!files)
		return -1;
	import_source_identify(&import->source, files);
	orders_identity(files, &values->orders, &call->settings->policy->shop,
			call->settings->catalogue, values->also_live, import->file_id);
	return 0;
}

static int import_files(struct import *import, const struct invocation *call,
			const struct import_values *values, struct err *err)
{
	int r;

	if (order_feed_open(call->settings, &values->orders, &import->feed, err) < 0)
		return -1;
	settings_topic(call->settings, "events", import->sender.topic);
	import->sender.is_import = true;
	import->sender.keeps_ids = values->source.text && !values->source.mends;
	r = identify(import, call, values, err);
	if (r == 0)
		r = begin(import, err);
	if (r == 0)
		r = import_all(import, call->settings, err);
	order_feed_close(&import->feed);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	struct import_values values = *(const struct import_values *)call->values;
	struct import import = {0};
	int r;

	values.orders.is_live = true;
	r = prepare(&import, &values, err);
	if (r == 0)
		r = import_source_open(&values.source, &values.orders, &import.source, err);
	if (r == 0)
		r = import_files(&import, call, &values, err);
	free(import.progress_file);
	import_source_close(&import.source);
	return r;
}

const struct command cmd_import = {
    .name = "import",
    .line = "publish years of orders as history, which sets nothing off",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct import_values),
    .text =
	"Customers, segments and ledgers are as if Nurture had been there all the time, and no\n"
	"message is about what happened before --live-from. Nobody consents, and nobody has an\n"
	"address, unless the file says so. Broken off, it goes on where it was; run again, it\n"
	"changes nothing: each event's id follows from its row. Read\n"
	"otherwise, with other columns, a row is a newer word about the same order. The\n"
	"services run on the wall clock, and may run meanwhile. docs/history.md says how to go "
	"live.\n\n" ORDERS_HELP,
    .run = run,
};
