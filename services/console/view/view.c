/* view.c - see view.h: the file and its batches. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/message/feedback.h"
#include "schema.h"
#include "view_internal.h"

#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

const char *view_topic_name(enum view_topic topic)
{
	static const char *const names[] = {
#define X(name, text) [VIEW_##name] = text,
	    VIEW_TOPICS(X)
#undef X
	};

	return names[topic];
}

static void remove_file(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	struct arena arena = {0};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		unlink(arena_printf(&arena, "%s%s", path, ends[i]));
	arena_free(&arena);
}

/* Before the first table: what cannot be changed later. */
static void make(struct sql *sql)
{
	sql_script(sql, "PRAGMA page_size=8192; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL;");
	sql_script(sql, "BEGIN IMMEDIATE;");
	sql_script(sql, view_schema);
	sql_script(
	    sql, "PRAGMA application_id=" TEXT_OF(
		     VIEW_APPLICATION_ID) ";"
					  "PRAGMA user_version=" TEXT_OF(VIEW_VERSION) ";COMMIT;");
}

enum found { FOUND_OURS, FOUND_EMPTY, FOUND_OLD, FOUND_OTHER };

static enum found look_at(struct sql *sql)
{
	int64_t application = sql_number(sql, "PRAGMA application_id", 0);
	int64_t version = sql_number(sql, "PRAGMA user_version", 0);
	int64_t tables = sql_number(sql, "SELECT count(*) FROM sqlite_schema", 0);

	if (application == VIEW_APPLICATION_ID)
		return version == VIEW_VERSION ? FOUND_OURS : FOUND_OLD;
	return application == 0 && tables == 0 ? FOUND_EMPTY : FOUND_OTHER;
}

/* Erased bytes are overwritten; a crash of the machine may lose a batch, which is read again. */
static void configure(struct sql *sql)
{
	sql_script(sql, "PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL;"
			"PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;"
			"PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000;");
}

void view_expect(struct view *view, bool very_much)
{
	if (view->expects_much == very_much)
		return;
	view->expects_much = very_much;
	sql_script(view->sql, very_much ? "PRAGMA cache_size=-262144"
					: "PRAGMA cache_size=-32768; PRAGMA shrink_memory");
}

/* What stands in it is of people: nobody else reads it.  SQLite gives its log the same rights. */
static void make_private(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	/* What cannot be made is said when it is opened. */
	if (file >= 0)
		close(file);
}

/* 1: opened.  0: it was thrown away, try again.  -1: failed. */
static int try_open(struct view *view, struct err *err)
{
	const char *path = view->options.path;
	enum found found;

	make_private(path);
	if (sql_open(&view->sql, path, true, err) < 0)
		return -1;
	configure(view->sql);
	found = look_at(view->sql);
	if (found == FOUND_EMPTY)
		make(view->sql);
	if (found == FOUND_OTHER && sql_check(view->sql, err) == 0)
		return err_config(err,
				  "%s: this is a database, but no view of the console; "
				  "expected a file that may be thrown away",
				  path);
	if (found == FOUND_OLD || sql_is_damaged(view->sql)) {
		sql_close(&view->sql);
		remove_file(path);
		return 0;
	}
	return sql_check(view->sql, err) < 0 ? err_prefix(err, "%s", path) : 1;
}

static struct view_position *position_of(struct view *view, enum view_topic topic,
					 int32_t partition)
{
	int32_t room = view->partitions[topic];

	if (partition < 0 || partition >= VIEW_PARTITIONS_MAX)
		abort(); /* more partitions than a topic of ours may have */
	if (partition >= room) {
		struct view_position *grown =
		    realloc(view->positions[topic], (size_t)(partition + 1) * sizeof(*grown));

		if (!grown)
			abort();
		memset(grown + room, 0, (size_t)(partition + 1 - room) * sizeof(*grown));
		view->positions[topic] = grown;
		view->partitions[topic] = partition + 1;
	}
	return &view->positions[topic][partition];
}

static void forget_positions(struct view *view)
{
	for (unsigned topic = 0; topic < VIEW_TOPIC_COUNT; topic++) {
		free(view->positions[topic]);
		view->positions[topic] = NULL;
		view->partitions[topic] = 0;
	}
}

static void read_positions(struct view *view)
{
	struct sql_rows *rows =
	    sql_query(view->sql, "SELECT topic, partition, next FROM position", "");

	while (sql_next(rows)) {
		int64_t topic = sql_int(rows, 0), partition = sql_int(rows, 1);

		if (topic >= 0 && topic < VIEW_TOPIC_COUNT && partition >= 0 &&
		    partition < VIEW_PARTITIONS_MAX)
			position_of(view, (enum view_topic)topic, (int32_t)partition)->next =
			    sql_int(rows, 2);
	}
}

/* Opens the file and reads what is needed of it from the start. */
static int read_file(struct view *view, struct err *err)
{
	int r = try_open(view, err);

	/* Once: what is damaged after it was made anew is the disk, or a file that cannot go. */
	if (r == 0 && (r = try_open(view, err)) == 0)
		return err_environment(err, "%s: damaged, and cannot be thrown away",
				       view->options.path);
	if (r < 0)
		return -1;
	view->numbers = numbers_open();
	view->counts = counts_open();
	view->tending = tending_open();
	view->lifting = lifting_open();
	read_positions(view);
	view->must_wipe =
	    sql_number(view->sql, "SELECT value FROM meta WHERE name='must_wipe'", 0) != 0;
	if (sql_number(view->sql, "SELECT value FROM meta WHERE name='policy'", -1) !=
	    view_policy_number(view))
		view_refresh_due(view);
	view->state = (struct view_state){
	    .is_built = sql_number(view->sql, "SELECT value FROM meta WHERE name='is_built'", 0),
	    .clock_ms = sql_number(view->sql, "SELECT value FROM meta WHERE name='clock'", 0)};
	return sql_check(view->sql, err);
}

static void close_file(struct view *view)
{
	sql_close(&view->sql);
	numbers_close(&view->numbers);
	counts_close(&view->counts);
	tending_close(&view->tending);
	lifting_close(&view->lifting);
	forget_positions(view);
	view->in_batch = view->expects_much = view->is_damaged = false;
}

static int open_file(struct view *view, struct err *err)
{
	int r = read_file(view, err);

	/* Its first page may be well while others are not. */
	if (r == 0 || !view->sql || !sql_is_damaged(view->sql))
		return r;
	close_file(view);
	remove_file(view->options.path);
	return read_file(view, err);
}

/*
 * Two who write would each go on from places of their own, and say everything twice.  The lock ends
 * with the process, however that ends.
 */
static int lock(struct view *view, struct err *err)
{
	struct arena arena = {0};
	const char *path = arena_printf(&arena, "%s-lock", view->options.path);
	int r = 0;

	view->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (view->lock_file < 0)
		r = err_environment(err, "%s: %s", path, strerror(errno));
	else if (flock(view->lock_file, LOCK_EX | LOCK_NB) < 0)
		r = err_environment(err,
				    "%s: another console has this view; expected a file of "
				    "its own for each",
				    view->options.path);
	arena_free(&arena);
	return r;
}

int view_open(struct view **ret, const struct view_options *options, struct err *err)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		abort();
	view->options = *options;
	view->lock_file = -1;
	pthread_mutex_init(&view->lock, NULL);
	if (lock(view, err) < 0 || open_file(view, err) < 0) {
		view_close(&view);
		return -1;
	}
	*ret = view;
	return 0;
}

int view_open_to_look(struct view **ret, const char *path, struct err *err)
{
	struct view *view;
	enum found found;
	struct sql *sql;

	if (access(path, F_OK) < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	if (sql_open(&sql, path, false, err) < 0)
		return -1;
	found = look_at(sql);
	sql_close(&sql);
	if (found != FOUND_OURS)
		return err_config(err,
				  "%s: no view of this version of the console; the console makes "
				  "one when it starts",
				  path);
	view = calloc(1, sizeof(*view));
	if (!view)
		abort();
	view->options.path = path;
	view->lock_file = -1;
	pthread_mutex_init(&view->lock, NULL);
	*ret = view;
	return 0;
}

void view_close(struct view **view_address)
{
	struct view *view = *view_address;

	if (!view)
		return;
	*view_address = NULL;
	view_free_idle(view);
	close_file(view);
	if (view->lock_file >= 0)
		close(view->lock_file);
	arena_free(&view->arena);
	pthread_mutex_destroy(&view->lock);
	free(view);
}

int64_t view_offset(const struct view *view, enum view_topic topic, int32_t partition)
{
	if (partition < 0 || partition >= view->partitions[topic])
		return 0;
	return view->positions[topic][partition].next;
}

/*
 * After a topic was given more partitions a state may stand on two of them: the one that counts is
 * where its key belongs now.
 */
static bool is_old_state(const struct view_record *record)
{
	struct slice key = record->key;

	if (record->topic == VIEW_FEEDBACK)
		key = feedback_key_customer(key);
	return view_kept_ms(record->topic) == NEVER_MS && record->partitions > 0 && key.len > 0 &&
	       partition_of(key, record->partitions) != record->partition;
}

static int apply_one(struct view *view, const struct view_record *record, struct err *err)
{
	static int (*const appliers[])(struct view *, const struct view_record *, struct err *) = {
	    [VIEW_EVENTS] = view_apply_event,     [VIEW_OUTCOMES] = view_apply_outcome,
	    [VIEW_TASKS] = view_apply_task,       [VIEW_ENDS] = view_apply_end,
	    [VIEW_NOTICES] = view_apply_notice,   [VIEW_PROFILES] = view_apply_profile,
	    [VIEW_CONTACTS] = view_apply_contact, [VIEW_DESK] = view_apply_desk,
	    [VIEW_FEEDBACK] = view_apply_item,
	};

	if (record->is_for_others || is_old_state(record))
		return 0;
	/* A service's own note about a partition, and ticks, are about nobody. */
	if (record->key.len == 0 ? record->topic != VIEW_EVENTS : record->key.bytes[0] == '\0')
		return 0;
	return appliers[record->topic](view, record, err);
}

int view_apply(struct view *view, const struct view_record *record, struct err *err)
{
	struct view_position *position = position_of(view, record->topic, record->partition);
	int r;

	if (record->offset < position->next)
		return 1;
	if (!view->in_batch)
		sql_script(view->sql, "BEGIN IMMEDIATE");
	view->in_batch = true;
	arena_reset(&view->arena);
	r = apply_one(view, record, err);
	position->next = record->offset + 1;
	position->has_moved = true;
	if (r < 0 && err->kind == ERR_INPUT)
		return sql_check(view->sql, err) < 0 ? -1 : 0;
	return r < 0 || sql_check(view->sql, err) < 0 ? -1 : 1;
}

static void write_positions(struct view *view)
{
	for (int64_t topic = 0; topic < VIEW_TOPIC_COUNT; topic++)
		for (int64_t p = 0; p < view->partitions[topic]; p++) {
			struct view_position *position = &view->positions[topic][p];

			if (!position->has_moved)
				continue;
			sql_do(view->sql, "INSERT OR REPLACE INTO position VALUES(?,?,?)", "iii",
			       topic, p, position->next);
			position->has_moved = false;
		}
}

int view_commit(struct view *view, struct err *err)
{
	if (!view->in_batch)
		return sql_check(view->sql, err);
	write_positions(view);
	counts_write(view);
	view_tell_words(view);
	if (view->must_wipe)
		sql_do(view->sql, "INSERT OR REPLACE INTO meta VALUES('must_wipe',1)", "");
	sql_script(view->sql, "COMMIT");
	view->in_batch = false;
	return sql_check(view->sql, err);
}

int view_begin_anew(struct view *view, struct err *err)
{
	pthread_mutex_lock(&view->lock);
	view->generation++;
	view_free_idle(view);
	close_file(view);
	remove_file(view->options.path);
	pthread_mutex_unlock(&view->lock);
	return open_file(view, err);
}

bool view_is_damaged(struct view *view)
{
	bool is_damaged;

	/* What is deleted goes on for those who have it open, and nobody else can open it. */
	if (access(view->options.path, F_OK) < 0 && errno == ENOENT)
		return true;
	pthread_mutex_lock(&view->lock);
	is_damaged = view->is_damaged || sql_is_damaged(view->sql);
	pthread_mutex_unlock(&view->lock);
	return is_damaged;
}

bool view_is_asked_anew(const struct view *view)
{
	return sql_number(view->sql, "SELECT value FROM meta WHERE name='anew'", 0) != 0;
}

int view_ask_anew(const char *path, struct err *err)
{
	enum found found;
	struct sql *sql;
	int r;

	if (access(path, F_OK) < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	if (sql_open(&sql, path, false, err) < 0)
		return -1;
	found = look_at(sql);
	if (sql_is_damaged(sql) || found == FOUND_OTHER || found == FOUND_EMPTY) {
		r = err_config(err, "%s: this is no view of the console", path);
	} else {
		sql_do(sql, "INSERT OR REPLACE INTO meta VALUES('anew',1)", "");
		r = sql_check(sql, err);
	}
	sql_close(&sql);
	return r;
}

void view_set_state(struct view *view, const struct view_state *state)
{
	bool is_news, has_moved;

	pthread_mutex_lock(&view->lock);
	is_news = state->is_built && !view->state.is_built;
	has_moved = state->clock_ms != view->state.clock_ms;
	view->state = *state;
	pthread_mutex_unlock(&view->lock);
	if (is_news)
		sql_do(view->sql, "INSERT OR REPLACE INTO meta VALUES('is_built',1)", "");
	if (has_moved)
		sql_do(view->sql, "INSERT OR REPLACE INTO meta VALUES('clock',?)", "i",
		       state->clock_ms);
}

struct view_state view_get_state(struct view *view)
{
	struct view_state state;

	pthread_mutex_lock(&view->lock);
	state = view->state;
	pthread_mutex_unlock(&view->lock);
	return state;
}
