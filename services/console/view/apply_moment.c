/* apply_moment.c - what happened to somebody: events, outcomes, the ends of tasks, notices. */
#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/notice.h"
#include "common/message/words.h"
#include "common/policy/event_type.h"
#include "view_internal.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When it happened: nobody may claim that it was later than it came. */
static int64_t not_after_stamp(int64_t time_ms, const struct view_record *record)
{
	return record->stamp_ms > 0 ? least(time_ms, record->stamp_ms) : time_ms;
}

/* One row of `moment`. */
struct moment {
	struct slice id;
	enum view_kind kind;
	int64_t at_ms;
	int64_t begun_ms; /* by which an erasure counts */
	const char *word;
	struct slice manner, request, body;
};

int64_t view_begun_ms(enum view_kind kind, struct slice body, int64_t at_ms, struct arena *arena)
{
	int64_t begun_ms = 0;

	if (kind == VIEW_KIND_OUTCOME) {
		const Nurture__V1__Outcome *outcome =
		    keep_unpacked(&nurture__v1__outcome__descriptor, body, arena);

		begun_ms = outcome ? outcome->triggered_ms : 0;
	} else if (kind == VIEW_KIND_END) {
		const Nurture__V1__End *end =
		    keep_unpacked(&nurture__v1__end__descriptor, body, arena);

		begun_ms = end ? end->opened_ms : 0;
	}
	return begun_ms ? least(begun_ms, at_ms) : at_ms;
}

/* 0: it is not kept, since the person was erased after it had begun. */
static int64_t add(struct view *view, const struct view_record *record, const struct moment *moment)
{
	int64_t pid;

	if (moment->begun_ms <= view_erased_ms(view->sql, moment->id))
		return 0;
	pid = view_pid(view, moment->id);
	sql_do(view->sql,
	       "INSERT INTO moment(pid,at,stamp,kind,word,manner,request,body)"
	       " VALUES(?,?,?,?,?,nullif(?,0),?,?)",
	       "iiiiiibb", pid, moment->at_ms,
	       record->stamp_ms > 0 ? record->stamp_ms : moment->at_ms, (int64_t)moment->kind,
	       number_of_text(view, moment->word),
	       moment->manner.bytes ? number_of_manner(view, moment->manner) : (int64_t)0,
	       moment->request, moment->body);
	return pid;
}

/* The bytes of an id, as a row has them. */
static struct slice id_bytes(const char *id, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, WORDS_ID_BYTES);

	if (!id[0])
		return slice_of(NULL, 0);
	return words_id_bytes(id, bytes) ? slice_of(bytes, WORDS_ID_BYTES) : slice_text(id);
}

/* A publisher may send an event twice: then the first one is heard. */
static void note_voice(struct view *view, const Nurture__V1__Event *event, int64_t pid, int64_t n,
		       const struct moment *moment)
{
	const Nurture__V1__Feedback *feedback = event->feedback;

	if (feedback && (feedback->score || feedback->comment[0]))
		sql_do(view->sql, "INSERT OR IGNORE INTO voice VALUES(?,?,?,?,?,?)", "iiiiib", n,
		       pid, moment->at_ms, (int64_t)feedback->score,
		       (int64_t)(feedback->comment[0] != '\0'), moment->request);
}

static void note_event(struct view *view, const struct view_record *record,
		       const Nurture__V1__Event *event, const struct moment *moment)
{
	int64_t pid, n;

	if (!(pid = add(view, record, moment)))
		return;
	n = sql_last_row(view->sql);
	note_voice(view, event, pid, n, moment);
	if (event->task && strcmp(event->type, event_type_text(EVENT_TASK_DONE)) == 0)
		view_note_end(view, record, event->task->id, pid, moment->at_ms);
}

int view_apply_event(struct view *view, const struct view_record *record, struct err *err)
{
	Nurture__V1__Event *event, kept;
	struct moment moment = {.kind = VIEW_KIND_EVENT};
	uint8_t hash[8];
	uint64_t number;

	if (!record->value.bytes || event_decode(record->value, &view->arena, &event, err) < 0)
		return record->value.bytes ? -1 : 0;
	moment.id = slice_text(event->customer->id);
	moment.at_ms = moment.begun_ms = not_after_stamp(event->time_ms, record);
	if (strcmp(event->type, event_type_text(EVENT_CUSTOMER_ERASED)) == 0) {
		view_erase_events(view, moment.id);
		view_erase(view, moment.id, moment.at_ms);
		return 0;
	}
	number = hash64(slice_text(event->id));
	memcpy(hash, &number, sizeof(hash));
	moment.request = slice_of(hash, sizeof(hash));
	moment.word = event->type;
	/* Who the person is stands in the card. */
	kept = *event;
	kept.customer = NULL;
	kept.type = (char *)protobuf_c_empty_string;
	kept.time_ms = 0;
	moment.body = keep_packed(&kept, &view->arena);
	note_event(view, record, event, &moment);
	return 0;
}

int view_apply_outcome(struct view *view, const struct view_record *record, struct err *err)
{
	Nurture__V1__Outcome *outcome;
	struct moment moment = {.kind = VIEW_KIND_OUTCOME, .id = record->key};
	struct kept_outcome kept;
	int status;

	if (!record->value.bytes)
		return 0;
	if (outcome_decode(record->value, &view->arena, &outcome, err) < 0)
		return -1;
	status = status_from_text(slice_text(outcome->status));
	if (status < 0)
		return err_set(err, "an outcome of status %.40s", outcome->status);
	/* Counts are of nobody, and outlive whoever was counted. */
	counts_note(view, outcome, status);
	if (status == STATUS_ERASED)
		return 0;
	kept = keep_outcome(outcome, &view->arena);
	moment.at_ms = (int64_t)outcome->at_ms;
	moment.begun_ms = view_begun_ms(moment.kind, kept.body, moment.at_ms, &view->arena);
	moment.word = outcome->status;
	moment.manner = kept.manner;
	moment.request = id_bytes(outcome->request, &view->arena);
	moment.body = kept.body;
	add(view, record, &moment);
	return 0;
}

int view_apply_end(struct view *view, const struct view_record *record, struct err *err)
{
	struct moment moment = {.kind = VIEW_KIND_END, .id = record->key};
	Nurture__V1__End *end;
	int64_t pid;

	if (!record->value.bytes)
		return 0;
	if (end_decode(record->value, &view->arena, &end, err) < 0)
		return -1;
	moment.at_ms = (int64_t)end->at_ms;
	moment.word = end->status;
	moment.request = id_bytes(end->id, &view->arena);
	end->customer = (char *)protobuf_c_empty_string;
	moment.body = keep_packed(end, &view->arena);
	moment.begun_ms = view_begun_ms(moment.kind, moment.body, moment.at_ms, &view->arena);
	pid = add(view, record, &moment);
	if (pid)
		view_note_end(view, record, end->id, pid, moment.begun_ms);
	return 0;
}

/* The row before is the moment of the notice. */
static void note_told(struct view *view, int64_t pid, int64_t at_ms, const char *team)
{
	int64_t number = sql_last_row(view->sql);

	sql_do(view->sql, "INSERT INTO told VALUES(?,?,?,?)", "iiii", number, pid, at_ms,
	       number_of_text(view, team));
}

int view_apply_notice(struct view *view, const struct view_record *record, struct err *err)
{
	struct moment moment = {.kind = VIEW_KIND_NOTICE, .id = record->key};
	Nurture__V1__Notice *notice;
	const char *team;
	int64_t pid;

	if (!record->value.bytes)
		return 0;
	if (notice_decode(record->value, &view->arena, &notice, err) < 0)
		return -1;
	moment.at_ms = moment.begun_ms = (int64_t)notice->at_ms;
	moment.word = notice->kind;
	moment.request = id_bytes(notice->id, &view->arena);
	notice->customer = (char *)protobuf_c_empty_string;
	team = notice->to;
	moment.body = keep_packed(notice, &view->arena);
	pid = add(view, record, &moment);
	if (pid && strcmp(notice->kind, NOTICE_ESCALATION) == 0)
		note_told(view, pid, moment.at_ms, team);
	return 0;
}
