/*
 * message.h - a notice as the bytes of one webhook's body.  Pure.
 *
 *	{"type": "task.reminder", "timestamp": "...", "text": "...", "data": {the notice}}
 *
 * `type`, `timestamp` and `data` are as Standard Webhooks advises, for programs; `text` is what
 * the incoming webhooks of Slack and Teams show to people: with the customer's name and where the
 * console shows the task, and with nothing that they would take for markup.
 */
#ifndef NURTURE_DESK_TELL_MESSAGE_H
#define NURTURE_DESK_TELL_MESSAGE_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/policy/desk.h"
#include "nurture/v1/notice.pb-c.h"

struct dsk_told {
	const Nurture__V1__Notice *notice;
	struct slice json;       /* the notice as it is on the topic */
	const char *name;        /* the customer's, plain; "": not known */
	const struct desk *desk; /* times are shown by the clock of the team that hears it */
	const char *console_url; /* "": none */
};

struct slice dsk_message(const struct dsk_told *told, struct arena *arena);

#endif
