/* sim_account.c - see sim_account.h. */
#include "sim_account.h"

#include <stdlib.h>

enum { ALIGN = sizeof(max_align_t) };

void sim_account_begin(struct sim_account *account)
{
	*account = (struct sim_account){.last_told = &account->told, .last_task = &account->tasks};
}

static size_t rounded_up(size_t bytes)
{
	return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t text_bytes(const struct outcome_facts *facts)
{
	return strlen(facts->id) + strlen(facts->programme) + strlen(facts->message_class) +
	       strlen(facts->channel) + strlen(facts->rule) + strlen(facts->detail) + 6;
}

static size_t told_bytes(const struct outcome_facts *facts, struct slice line)
{
	return rounded_up(sizeof(struct sim_told) + text_bytes(facts) + line.len);
}

static const char *put_text(const char *text, char **at)
{
	size_t size = strlen(text) + 1;
	char *copy = memcpy(*at, text, size);

	*at += size;
	return copy;
}

/* Puts it, with its texts behind it, into room for told_bytes(), and behind the account's last. */
static void put_told(struct sim_account *account, const struct outcome_facts *facts,
		     struct slice line, void *room)
{
	struct sim_told *told = room;
	char *at = (char *)(told + 1);

	*told = (struct sim_told){.facts = *facts, .line = slice_of("", 0)};
	told->facts.id = put_text(facts->id, &at);
	told->facts.programme = put_text(facts->programme, &at);
	told->facts.message_class = put_text(facts->message_class, &at);
	told->facts.channel = put_text(facts->channel, &at);
	told->facts.rule = put_text(facts->rule, &at);
	told->facts.detail = put_text(facts->detail, &at);
	if (line.len)
		told->line = slice_of(memcpy(at, line.bytes, line.len), line.len);
	*account->last_told = told;
	account->last_told = &told->next;
}

static size_t task_bytes(struct slice line)
{
	return rounded_up(sizeof(struct sim_task) + line.len);
}

static void put_task(struct sim_account *account, struct slice line, void *room)
{
	struct sim_task *task = room;

	*task = (struct sim_task){.line = slice_of(task + 1, line.len)};
	if (line.len)
		memcpy(task + 1, line.bytes, line.len);
	*account->last_task = task;
	account->last_task = &task->next;
}

void sim_account_outcome(struct sim_account *account, struct slice value, struct arena *arena)
{
	struct outcome_facts facts;
	struct slice line = slice_of(value.bytes + sizeof(facts), value.len - sizeof(facts));

	memcpy(&facts, value.bytes, sizeof(facts));
	put_told(account, &facts, line, arena_alloc(arena, told_bytes(&facts, line)));
	account->outcome_count++;
	account->no_consent_count += facts.status == STATUS_NO_CONSENT;
}

void sim_account_task(struct sim_account *account, struct slice line, struct arena *arena)
{
	put_task(account, line, arena_alloc(arena, task_bytes(line)));
}

void sim_account_dead(struct sim_account *account, const struct err *why, struct arena *arena)
{
	if (account->dead_count++ == 0)
		account->first_dead = memcpy(arena_alloc(arena, sizeof(*why)), why, sizeof(*why));
}

static size_t packed_bytes(const struct sim_account *account)
{
	size_t bytes = account->first_dead ? rounded_up(sizeof(*account->first_dead)) : 0;

	for (const struct sim_told *told = account->told; told; told = told->next)
		bytes += told_bytes(&told->facts, told->line);
	for (const struct sim_task *task = account->tasks; task; task = task->next)
		bytes += task_bytes(task->line);
	return bytes;
}

void sim_account_pack(const struct sim_account *account, struct sim_account *ret)
{
	char *at = malloc(packed_bytes(account) + 1);

	if (!at)
		abort();
	*ret = *account;
	ret->block = at;
	ret->last_told = &ret->told;
	ret->last_task = &ret->tasks;
	if (account->first_dead) {
		ret->first_dead = memcpy(at, account->first_dead, sizeof(*ret->first_dead));
		at += rounded_up(sizeof(*ret->first_dead));
	}
	for (const struct sim_told *told = account->told; told; told = told->next) {
		put_told(ret, &told->facts, told->line, at);
		at += told_bytes(&told->facts, told->line);
	}
	for (const struct sim_task *task = account->tasks; task; task = task->next) {
		put_task(ret, task->line, at);
		at += task_bytes(task->line);
	}
}

void sim_account_free(struct sim_account *account)
{
	free(account->block);
	sim_account_begin(account);
}

void sim_account_table(const struct sim_account *account, struct slice customer,
		       struct outcome_table *table)
{
	outcome_table_begin(table, customer);
	for (const struct sim_told *told = account->told; told; told = told->next)
		outcome_table_add(table, &told->facts);
	outcome_table_end(table);
}

static int compare_told(const void *a, const void *b)
{
	const struct sim_told *x = *(const struct sim_told *const *)a;
	const struct sim_told *y = *(const struct sim_told *const *)b;

	if (x->facts.at_ms != y->facts.at_ms)
		return x->facts.at_ms < y->facts.at_ms ? -1 : 1;
	return strcmp(x->facts.id, y->facts.id);
}

static void put_line(struct slice line, struct buf *out)
{
	buf_add(out, line.bytes, line.len);
	buf_char(out, '\n');
}

void sim_account_lines(const struct sim_account *account, struct buf *out)
{
	const struct sim_told **sorted = malloc((account->outcome_count + 1) * sizeof(*sorted));
	size_t count = 0;

	if (!sorted)
		abort();
	for (const struct sim_told *told = account->told; told; told = told->next)
		sorted[count++] = told;
	qsort(sorted, count, sizeof(*sorted), compare_told);
	for (size_t i = 0; i < count; i++)
		put_line(sorted[i]->line, out);
	free(sorted);
}

void sim_account_task_lines(const struct sim_account *account, struct buf *out)
{
	for (const struct sim_task *task = account->tasks; task; task = task->next)
		put_line(task->line, out);
}
