/* read_moments.c - rows of `moment` as the messages they were; see read.h. */
#include <stdlib.h>

#include "common/message/words.h"
#include "read.h"

static int take_outcome(struct sql_rows *rows, struct arena *arena, struct view_moment *ret,
			struct err *err)
{
	struct slice fields = sql_bytes(rows, 4, arena), request = sql_bytes(rows, 5, arena);
	Nurture__V1__Outcome *outcome =
	    keep_unpacked(&nurture__v1__outcome__descriptor, fields, arena);

	if (!outcome || keep_outcome_join(outcome, sql_bytes(rows, 6, arena), arena, err) < 0)
		return err_environment(err, "the view: an outcome is not readable");
	outcome->at_ms = (uint64_t)ret->at_ms;
	outcome->customer = (char *)ret->customer;
	outcome->status = sql_text(rows, 3, arena);
	outcome->request = request.len == WORDS_ID_BYTES ? words_id_text(request.bytes, arena)
							 : (char *)request.bytes;
	ret->outcome = outcome;
	return 0;
}

static int take_event(struct sql_rows *rows, struct arena *arena, struct view_moment *ret,
		      struct err *err)
{
	Nurture__V1__Event *event =
	    keep_unpacked(&nurture__v1__event__descriptor, sql_bytes(rows, 6, arena), arena);

	if (!event)
		return err_environment(err, "the view: an event is not readable");
	event->type = sql_text(rows, 3, arena);
	event->time_ms = ret->at_ms;
	event->customer = arena_alloc(arena, sizeof(*event->customer));
	nurture__v1__customer__init(event->customer);
	event->customer->id = (char *)ret->customer;
	ret->event = event;
	return 0;
}

static int take_message(struct sql_rows *rows, struct arena *arena, struct view_moment *ret,
			enum view_kind kind, struct err *err)
{
	struct slice body;
	Nurture__V1__End *end;
	Nurture__V1__Notice *notice;

	if (kind == VIEW_KIND_EVENT)
		return take_event(rows, arena, ret, err);
	if (kind == VIEW_KIND_OUTCOME)
		return take_outcome(rows, arena, ret, err);
	body = sql_bytes(rows, 6, arena);
	if (kind == VIEW_KIND_END) {
		ret->end = end = keep_unpacked(&nurture__v1__end__descriptor, body, arena);
		if (end)
			end->customer = (char *)ret->customer;
	} else {
		ret->notice = notice = keep_unpacked(&nurture__v1__notice__descriptor, body, arena);
		if (notice)
			notice->customer = (char *)ret->customer;
	}
	if (!ret->end && !ret->notice)
		return err_environment(err, "the view: what the desk said is not readable");
	return 0;
}

static struct view_moment *next_place(struct read_moments *moments)
{
	if (moments->count == moments->room) {
		moments->room = moments->room ? 2 * moments->room : 64;
		moments->items = realloc(moments->items, moments->room * sizeof(*moments->items));
		if (!moments->items)
			abort();
	}
	return &moments->items[moments->count];
}

int read_moments(struct read_moments *moments, struct sql_rows *rows, struct err *err)
{
	while (sql_next(rows)) {
		struct view_moment *moment = next_place(moments);

		*moment = (struct view_moment){.number = sql_int(rows, 0),
					       .at_ms = sql_int(rows, 1),
					       .customer = sql_text(rows, 7, moments->arena),
					       .winner = ""};
		if (take_message(rows, moments->arena, moment, (enum view_kind)sql_int(rows, 2),
				 err) < 0) {
			sql_end(rows);
			return -1;
		}
		moments->count++;
	}
	return sql_check(moments->sql, err);
}

static int compare(const void *first, const void *second)
{
	const struct view_moment *a = first, *b = second;

	if (a->at_ms != b->at_ms)
		return a->at_ms > b->at_ms ? -1 : 1;
	return a->number > b->number ? -1 : a->number < b->number;
}

const char *read_programme_of(struct sql *sql, int64_t pid, const char *request,
			      struct arena *arena)
{
	uint8_t bytes[WORDS_ID_BYTES];
	struct slice id =
	    words_id_bytes(request, bytes) ? slice_of(bytes, sizeof(bytes)) : slice_text(request);
	struct sql_rows *rows =
	    sql_query(sql,
		      "SELECT (SELECT fields FROM manner WHERE number=m.manner) FROM moment m"
		      " WHERE m.pid=? AND m.request=? AND m.manner IS NOT NULL LIMIT 1",
		      "ib", pid, id);
	const Nurture__V1__Outcome *manner = NULL;

	if (sql_next(rows)) {
		manner = keep_unpacked(&nurture__v1__outcome__descriptor, sql_bytes(rows, 0, arena),
				       arena);
		sql_end(rows);
	}
	return manner ? manner->programme : "";
}

/* One that won often is looked for once. */
static const char *winner_of(struct read_moments *moments, size_t at)
{
	const Nurture__V1__Outcome *outcome = moments->items[at].outcome;
	const char *winner;

	if (!outcome || !outcome->reason || !outcome->reason->won_by[0])
		return "";
	winner = outcome->reason->won_by;
	for (size_t i = 0; i < at; i++) {
		const Nurture__V1__Outcome *before = moments->items[i].outcome;

		if (before && before->reason && strcmp(before->reason->won_by, winner) == 0)
			return moments->items[i].winner;
	}
	return read_programme_of(moments->sql,
				 view_pid_known(moments->sql, slice_text(outcome->customer)),
				 winner, moments->arena);
}

static bool is_repeat(const struct view_moment *a, const struct view_moment *b)
{
	return a->event && b->event && a->at_ms == b->at_ms &&
	       strcmp(a->event->id, b->event->id) == 0 && strcmp(a->customer, b->customer) == 0;
}

/* An event that a publisher has sent twice stands there once: as it was told first. */
static size_t drop_repeats(struct view_moment *items, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t k = kept;

		while (k > 0 && items[k - 1].at_ms == items[i].at_ms &&
		       !is_repeat(&items[k - 1], &items[i]))
			k--;
		if (k > 0 && is_repeat(&items[k - 1], &items[i]))
			items[k - 1] = items[i];
		else
			items[kept++] = items[i];
	}
	return kept;
}

void read_moments_end(struct read_moments *moments, size_t limit, struct view_moments *ret)
{
	size_t count = moments->count;

	*ret = (struct view_moments){.has_more = count > limit};
	if (count) {
		qsort(moments->items, count, sizeof(*moments->items), compare);
		ret->count = drop_repeats(moments->items, count < limit ? count : limit);
		for (size_t i = 0; i < ret->count; i++)
			moments->items[i].winner = winner_of(moments, i);
		ret->items = arena_alloc(moments->arena, ret->count * sizeof(*ret->items));
		memcpy(ret->items, moments->items, ret->count * sizeof(*ret->items));
	}
	free(moments->items);
	*moments = (struct read_moments){0};
}

int64_t read_word(struct sql *sql, const char *text)
{
	struct sql_rows *rows = sql_query(sql, "SELECT number FROM word WHERE text=?", "t", text);
	int64_t number = 0;

	if (sql_next(rows)) {
		number = sql_int(rows, 0);
		sql_end(rows);
	}
	return number;
}

int view_timeline(struct view_reader *reader, const char *id, struct view_place before,
		  size_t limit, struct arena *arena, struct view_moments *ret, struct err *err)
{
	struct read_moments moments = {.sql = reader->sql, .arena = arena};
	struct read_person person;
	int r = 0;

	read_person(reader->sql, id, arena, &person);
	for (size_t i = 0; i < person.count && r == 0; i++)
		r = read_moments(&moments,
				 sql_query(reader->sql,
					   READ_MOMENT
					   "WHERE m.pid=?1 AND m.at<=?2 AND (m.at<?2 OR m.n<?3)"
					   " ORDER BY m.at DESC, m.n DESC LIMIT ?4",
					   "iiii", person.ids[i].pid, before.at_ms, before.number,
					   (int64_t)limit + 1),
				 err);
	read_moments_end(&moments, limit, ret);
	return r < 0 ? -1 : sql_check(reader->sql, err);
}
