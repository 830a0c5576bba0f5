/*
 * message.h - a notice as the bytes of one webhook's body.  Pure.
 *
 *	{"type": "task.reminder", "timestamp": "...", "text": "...", "data": {the notice}}
 *
 * `type`, `timestamp` and `data` are as Standard Webhooks advises, for programs; `text` is what
 * the incoming webhooks of Slack and Teams show to people.
 */
#ifndef NURTURE_DESK_TELL_MESSAGE_H
#define NURTURE_DESK_TELL_MESSAGE_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/policy/desk.h"
#include "nurture/v1/notice.pb-c.h"

/* json: the notice as it is on the topic. Times are shown by the clock of the team that hears it. */
struct slice dsk_message(const Nurture__V1__Notice *notice, struct slice json,
			 const struct desk *desk, struct arena *arena);

#endif
