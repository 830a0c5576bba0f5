/* message.c - see message.h. */
#include "message.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/zone.h"
#include "common/codec/json.h"
#include "common/message/notice.h"

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

/* Nothing of a person is in it but the customer's id, as in the notice. */
static const char *text_of(const Nurture__V1__Notice *notice, const struct desk *desk,
			   struct arena *arena)
{
	const struct zone *zone = desk_team(desk, notice->to).hours.zone;
	int64_t by_ms = notice->due_ms ? notice->due_ms : notice->expires_ms;
	const char *by = "", *taken = "";

	if (by_ms && by_ms != NEVER_MS)
		by = arena_printf(arena, ", %s %s", notice->due_ms ? "due" : "expires",
				  local_time(by_ms, zone, arena));
	if (*notice->by)
		taken = arena_printf(arena, ", taken by %s", notice->by);
	return arena_printf(arena, "%s: %s for customer %s, a task of %s%s%s (%s)",
			    opening(notice, arena), notice->action, notice->customer, notice->owner,
			    by, taken, notice->task);
}

struct slice dsk_message(const Nurture__V1__Notice *notice, struct slice json,
			 const struct desk *desk, struct arena *arena)
{
	struct buf out = BUF_MAX(MESSAGE_MAX_BYTES);
	char at[RFC3339_BYTES];
	struct slice ret;

	buf_char(&out, '{');
	json_put_key(&out, "data");
	buf_add(&out, json.bytes, json.len);
	json_put_key(&out, "text");
	json_put_text(&out, slice_text(text_of(notice, desk, arena)));
	json_put_key(&out, "timestamp");
	json_put_text(&out, slice_text(rfc3339_text((int64_t)notice->at_ms, at)));
	json_put_key(&out, "type");
	json_put_text(&out, slice_text(arena_printf(arena, "task.%s", notice->kind)));
	buf_char(&out, '}');
	ret = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return ret;
}
