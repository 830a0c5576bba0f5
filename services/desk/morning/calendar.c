/* calendar.c - see calendar.h. */
#include "calendar.h"

#include <stdio.h>
#include <string.h>

#include "common/base/civil.h"
#include "services/desk/plain.h"

enum { LINE_MAX_BYTES = 75, VALUE_MAX_BYTES = 4096 };

static bool is_inside_letter(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* A line of any length: what is too long goes on behind a blank, between two letters. */
static void put_line(const char *name, struct slice value, struct buf *out)
{
	size_t room = LINE_MAX_BYTES - strlen(name);

	buf_text(out, name);
	while (value.len > room) {
		size_t len = room;

		while (len > 0 && is_inside_letter(value.bytes[len]))
			len--;
		len = len ? len : room; /* no UTF-8: anywhere */
		buf_add(out, value.bytes, len);
		buf_text(out, "\r\n ");
		value = slice_of(value.bytes + len, value.len - len);
		room = LINE_MAX_BYTES - 1;
	}
	buf_add(out, value.bytes, value.len);
	buf_text(out, "\r\n");
}

/* RFC 5545 3.3.11; other controls have no place in a text. */
static void escape(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.bytes[i];

		if (c == '\n')
			buf_text(out, "\\n");
		else if (strchr("\\;,", c) && c)
			buf_printf(out, "\\%c", c);
		else if ((unsigned char)c >= ' ' && c != 0x7f)
			buf_char(out, c);
	}
}

static void put_time(const char *name, int64_t at_ms, struct buf *out)
{
	struct civil_date date = civil_from_days(at_ms / DAY_MS);
	int64_t second = at_ms % DAY_MS / SECOND_MS;

	buf_printf(out, "%s%04d%02d%02dT%02d%02d%02dZ\r\n", name, date.year, date.month, date.day,
		   (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void put_text(const char *name, const char *const *parts, struct buf *out)
{
	struct buf value = BUF_MAX(VALUE_MAX_BYTES);

	for (; *parts; parts++)
		escape(slice_text(*parts), &value);
	put_line(name, buf_slice(&value), out);
	buf_free(&value);
}

static void put_event(const struct dsk_listed *task, int64_t now_ms, const char *console_url,
		      struct buf *out)
{
	struct arena arena = {0};
	const char *url = dsk_task_url(console_url, task->id, &arena);
	char customer[256];

	snprintf(customer, sizeof(customer), "%.*s", SLICE_ARGS(task->customer));
	buf_text(out, "BEGIN:VEVENT\r\n");
	put_text("UID:", (const char *const[]){task->id, "@nurture", NULL}, out);
	put_time("DTSTAMP:", now_ms, out);
	put_time("DTSTART:", task->due_ms, out);
	buf_text(out, "DURATION:PT15M\r\n");
	put_text("SUMMARY:",
		 (const char *const[]){task->due_ms <= now_ms ? "Overdue: " : "", task->action,
				       " for customer ", customer, NULL},
		 out);
	put_text("DESCRIPTION:",
		 (const char *const[]){"Task ", task->id, "\nof ", task->owner,
				       *task->by ? "\ntaken by " : "", task->by, NULL},
		 out);
	if (*url)
		put_line("URL:", slice_text(url), out);
	buf_text(out, "END:VEVENT\r\n");
	arena_free(&arena);
}

static const struct desk_person *find(const struct desk *desk, const char *owner)
{
	for (unsigned i = 0; i < desk->people_count; i++)
		if (strcmp(desk->people[i].id, owner) == 0)
			return &desk->people[i];
	return NULL;
}

static bool is_of(const struct desk_person *person, const char *owner,
		  const struct dsk_listed *task)
{
	if (!person)
		return strcmp(task->owner, owner) == 0;
	return desk_is_in_team(person, task->owner) || desk_is_by(person, task->by);
}

void dsk_calendar_write(const struct desk *desk, const char *owner, const struct dsk_listed *list,
			size_t count, int64_t now_ms, const char *console_url, struct buf *out)
{
	const struct desk_person *person = find(desk, owner);

	buf_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Nurture//Desk//EN\r\n");
	put_text("X-WR-CALNAME:", (const char *const[]){"Tasks of ", owner, NULL}, out);
	for (size_t i = 0; i < count; i++)
		if (!list[i].is_expired && list[i].due_ms != NEVER_MS &&
		    is_of(person, owner, &list[i]))
			put_event(&list[i], now_ms, console_url, out);
	buf_text(out, "END:VCALENDAR\r\n");
}
