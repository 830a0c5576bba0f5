/* digest.c - see digest.h. */
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/zone.h"
#include "services/desk/plain.h"

enum part { OVERDUE, DUE_TODAY, OPEN, EXPIRED, PARTS };

static const char *const titles[PARTS] = {
    [OVERDUE] = "Overdue",
    [DUE_TODAY] = "Due today",
    [OPEN] = "Open",
    [EXPIRED] = "Too late: expired since the last list",
};

static int by_due(const void *first, const void *second)
{
	const struct dsk_listed *a = first, *b = second;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->id, b->id);
}

static bool is_of(const struct desk_person *person, const struct dsk_listed *task)
{
	return desk_is_in_team(person, task->owner) || desk_is_by(person, task->by);
}

static bool is_same_day(const struct zone *zone, int64_t a_ms, int64_t b_ms)
{
	int64_t ignored;

	return civil_days(zone_date(zone, a_ms, &ignored)) ==
	       civil_days(zone_date(zone, b_ms, &ignored));
}

/* PARTS: it does not concern the person today. */
static enum part part_of(const struct desk_person *person, const struct dsk_listed *task,
			 int64_t since_ms, int64_t now_ms)
{
	if (!is_of(person, task))
		return PARTS;
	if (task->is_expired)
		return task->due_ms >= since_ms && task->due_ms <= now_ms ? EXPIRED : PARTS;
	if (task->due_ms <= now_ms)
		return OVERDUE;
	return task->due_ms != NEVER_MS && is_same_day(person->hours.zone, task->due_ms, now_ms)
		   ? DUE_TODAY
		   : OPEN;
}

static void write_time(const struct zone *zone, int64_t at_ms, struct buf *out)
{
	int64_t ms_of_day;
	struct civil_date date;

	if (at_ms == NEVER_MS) {
		buf_text(out, "                ");
		return;
	}
	date = zone_date(zone, at_ms, &ms_of_day);
	buf_printf(out, "%04d-%02d-%02d %02d:%02d", date.year, date.month, date.day,
		   (int)(ms_of_day / HOUR_MS), (int)(ms_of_day / MINUTE_MS % 60));
}

static void write_line(const struct desk_person *person, const struct dsk_listed *task,
		       const char *console_url, struct buf *out)
{
	struct arena arena = {0};
	const char *url = dsk_task_url(console_url, task->id, &arena);

	buf_text(out, "  ");
	write_time(person->hours.zone, task->due_ms, out);
	buf_printf(out, "  %s", task->action);
	if (task->customer.len)
		buf_printf(out, "  %s%scustomer %.*s", task->name, *task->name ? ", " : "",
			   SLICE_ARGS(task->customer));
	buf_printf(out, "  (%s%s%s)  %s\n", task->owner, *task->by ? ", " : "",
		   dsk_plain(task->by, &arena), task->id);
	if (*url)
		buf_printf(out, "                    %s\n", url);
	arena_free(&arena);
}

/* What one mail is about. */
struct reading {
	const struct desk_person *person;
	const struct dsk_listed *list;
	size_t count;
	int64_t since_ms, now_ms;
	const char *console_url;
};

static unsigned write_part(const struct reading *reading, enum part part, struct buf *out)
{
	unsigned lines = 0;

	for (size_t i = 0; i < reading->count; i++) {
		if (part_of(reading->person, &reading->list[i], reading->since_ms,
			    reading->now_ms) != part)
			continue;
		if (lines == 0)
			buf_printf(out, "%s%s\n", out->len ? "\n" : "", titles[part]);
		if (lines++ < DSK_DIGEST_LINES_MAX)
			write_line(reading->person, &reading->list[i], reading->console_url, out);
	}
	if (lines > DSK_DIGEST_LINES_MAX)
		buf_printf(out, "  and %u more\n", lines - DSK_DIGEST_LINES_MAX);
	return lines;
}

struct dsk_digest dsk_digest_write(const struct desk_person *person, struct dsk_listed *list,
				   size_t count, int64_t since_ms, int64_t now_ms,
				   const char *console_url, struct buf *out)
{
	const struct reading reading = {person, list, count, since_ms, now_ms, console_url};
	unsigned lines[PARTS];

	if (count)
		qsort(list, count, sizeof(*list), by_due);
	for (int part = 0; part < PARTS; part++)
		lines[part] = write_part(&reading, (enum part)part, out);
	return (struct dsk_digest){lines[OVERDUE], lines[DUE_TODAY], lines[OPEN], lines[EXPIRED]};
}

void dsk_digest_subject(const struct dsk_digest *digest, const struct desk_person *person,
			int64_t now_ms, struct buf *out)
{
	const struct {
		unsigned count;
		const char *words;
	} parts[] = {{digest->overdue, "overdue"},
		     {digest->due_today, "due today"},
		     {digest->open, "open"},
		     {digest->expired, "expired"}};
	int64_t ignored;
	struct civil_date date = zone_date(person->hours.zone, now_ms, &ignored);
	const char *before = ": ";

	buf_printf(out, "Tasks on %04d-%02d-%02d", date.year, date.month, date.day);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].count) {
			buf_printf(out, "%s%u %s", before, parts[i].count, parts[i].words);
			before = ", ";
		}
}
