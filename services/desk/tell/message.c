/* message.c - see message.h. */
#include "message.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/zone.h"
#include "common/codec/json.h"
#include "common/message/notice.h"
#include "services/desk/plain.h"

enum { MESSAGE_MAX_BYTES = 64 * 1024 };

static const char *local_time(int64_t at_ms, const struct zone *zone, struct arena *arena)
{
	int64_t ms_of_day;
	struct civil_date date = zone_date(zone, at_ms, &ms_of_day);

	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d", date.year, date.month, date.day,
			    (int)(ms_of_day / HOUR_MS), (int)(ms_of_day / MINUTE_MS % 60));
}

static const char *opening(const Nurture__V1__Notice *notice, struct arena *arena)
{
	if (strcmp(notice->kind, NOTICE_ESCALATION) == 0)
		return arena_printf(arena, "Not done in time (step %u)", notice->step);
	return strcmp(notice->kind, NOTICE_EXPIRED) == 0 ? "Too late: nobody did it" : "Reminder";
}

static const char *when(const struct dsk_told *told, struct arena *arena)
{
	const Nurture__V1__Notice *notice = told->notice;
	const struct zone *zone = desk_team(told->desk, notice->to).hours.zone;
	int64_t by_ms = notice->due_ms ? notice->due_ms : notice->expires_ms;

	if (!by_ms || by_ms == NEVER_MS)
		return "";
	return arena_printf(arena, ", %s %s", notice->due_ms ? "due" : "expires",
			    local_time(by_ms, zone, arena));
}

static const char *text_of(const struct dsk_told *told, struct arena *arena)
{
	const Nurture__V1__Notice *notice = told->notice;
	const char *url = dsk_task_url(told->console_url, notice->task, arena);
	const char *taken = "";

	if (*notice->by)
		taken = arena_printf(arena, ", taken by %s", dsk_plain(notice->by, arena));
	return arena_printf(arena, "%s: %s for %s%scustomer %s, a task of %s%s%s (%s)%s%s",
			    opening(notice, arena), notice->action, told->name,
			    *told->name ? ", " : "", dsk_plain(notice->customer, arena),
			    notice->owner, when(told, arena), taken, dsk_plain(notice->task, arena),
			    *url ? " " : "", url);
}

struct slice dsk_message(const struct dsk_told *told, struct arena *arena)
{
	const Nurture__V1__Notice *notice = told->notice;
	struct buf out = BUF_MAX(MESSAGE_MAX_BYTES);
	char at[RFC3339_BYTES];
	struct slice ret;

	buf_char(&out, '{');
	json_put_key(&out, "data");
	buf_add(&out, told->json.bytes, told->json.len);
	json_put_key(&out, "text");
	json_put_text(&out, slice_text(text_of(told, arena)));
	json_put_key(&out, "timestamp");
	json_put_text(&out, slice_text(rfc3339_text((int64_t)notice->at_ms, at)));
	json_put_key(&out, "type");
	json_put_text(&out, slice_text(arena_printf(arena, "task.%s", notice->kind)));
	buf_char(&out, '}');
	ret = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return ret;
}
