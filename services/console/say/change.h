/*
 * change.h - what one of the shop's people did, as an event for nurture.events.  Pure.
 *
 * The console decides nothing: each change is an event with `by`, and the services that own the
 * state say what comes of it.  An event's id is a hash of the form and of what it says, so a form
 * that is sent twice is one event.
 */
#ifndef NURTURE_CONSOLE_SAY_CHANGE_H
#define NURTURE_CONSOLE_SAY_CHANGE_H

#include "common/base/buf.h"
#include "common/base/err.h"
#include "nurture/v1/request.pb-c.h"
#include "services/console/who/roles.h"

enum { CON_PAUSE_DAYS = 30 };

/* What is not of the action is "" or 0. */
struct con_change {
	enum con_action action; /* one that changes something */
	const char *customer;
	const char *by;   /* who does it */
	const char *form; /* of the page that it came from */
	int64_t now_ms;
	const char *task;       /* CLAIM, SNOOZE, DONE, FAILED: its id */
	const char *words;      /* DONE, FAILED: the result; NOTE, FEEDBACK: what was said */
	const char *note;       /* DONE, FAILED: what else is to be remembered */
	const char *channel;    /* NOTE: call, visit, ... */
	const char *direction;  /* NOTE: "in", "out" */
	const char *later;      /* SNOOZE: "4h", "1d" */
	const char *order;      /* FEEDBACK */
	const char *kind, *sku; /* FEEDBACK: what it is, and of which product */
	const char *item;       /* TAG, UNTAG, ANSWERED, ARCHIVE: its id */
	const char *tag;        /* TAG, UNTAG */
	int score;              /* FEEDBACK: 1 to 5 */
	const char *into;       /* MERGE_YES: who goes on */
	/* PAUSE, RESUME: how often the person wants to hear, which stays as it is. */
	Nurture__V1__Allowance *const *allowances;
	size_t allowance_count;
};

/*
 * Writes the event's JSON.  -1: it would not be taken, and err says why: no result, an unknown
 * later, an id that is none.
 */
int con_change_event(const struct con_change *change, struct buf *out, struct err *err);

#endif
