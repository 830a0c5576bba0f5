/* dsn_report.c - see dsn_report.h. */
#include "dsn_report.h"

#include "eml.h"

enum { FIELD_MAX_BYTES = 4096 };

static const char *const names[] = {
#define X(name, text) [DSN_##name] = text,
    DSN_FIELDS(X)
#undef X
};

/* Returns the field that the line begins; DSN_FIELD_COUNT for none of ours. */
static enum dsn_field field_of(struct slice line, struct slice *ret_value)
{
	for (int i = 0; i < DSN_FIELD_COUNT; i++) {
		size_t len = strlen(names[i]);

		if (!eml_begins(line, names[i]) || line.len == len || line.bytes[len] != ':')
			continue;
		*ret_value = eml_trim(slice_of(line.bytes + len + 1, line.len - len - 1));
		return (enum dsn_field)i;
	}
	return DSN_FIELD_COUNT;
}

static bool is_continuation(struct slice line)
{
	return line.len && (line.bytes[0] == ' ' || line.bytes[0] == '\t') && eml_trim(line).len;
}

/* Returns the value with its continuation lines, which are taken off rest. */
static struct slice unfold(struct slice value, struct slice *rest, struct arena *arena)
{
	struct slice from = *rest, ahead = *rest, line;
	size_t room = value.len, len = value.len;
	uint8_t *out;

	while (eml_line(&ahead, &line) && is_continuation(line)) {
		room += 1 + eml_trim(line).len;
		*rest = ahead;
	}
	if (room == value.len)
		return value;
	out = arena_alloc(arena, room);
	memcpy(out, value.bytes, value.len);
	while (from.bytes < rest->bytes && eml_line(&from, &line)) {
		line = eml_trim(line);
		out[len++] = ' ';
		memcpy(out + len, line.bytes, line.len);
		len += line.len;
	}
	return slice_of(out, len < FIELD_MAX_BYTES ? len : FIELD_MAX_BYTES);
}

static bool is_recipient(const struct dsn_report *report)
{
	return report->fields[DSN_ACTION].len || report->fields[DSN_FINAL_RECIPIENT].len ||
	       report->fields[DSN_STATUS].len;
}

static bool has_failed(const struct dsn_report *report)
{
	return eml_begins(report->fields[DSN_ACTION], "failed");
}

/* Fields of the whole report are every recipient's; of two recipients the one that failed. */
static bool close_group(struct dsn_report *group, struct dsn_report *best, bool *have)
{
	if (!is_recipient(group))
		return false;
	if (!*have || (has_failed(group) && !has_failed(best)))
		*best = *group;
	*have = true;
	*group = (struct dsn_report){0};
	return has_failed(best);
}

bool dsn_report_read(struct slice text, struct arena *arena, struct dsn_report *ret)
{
	struct dsn_report group = {0}, best = {0};
	bool have = false, any = false;
	struct slice rest = text, line, value;

	while (eml_line(&rest, &line)) {
		enum dsn_field field;

		if (!eml_trim(line).len) {
			if (close_group(&group, &best, &have))
				break;
			continue;
		}
		field = field_of(line, &value);
		if (field == DSN_FIELD_COUNT)
			continue;
		any = true;
		/* Some servers leave out the empty line between two recipients. */
		if (group.fields[field].len && field == DSN_FINAL_RECIPIENT &&
		    close_group(&group, &best, &have))
			break;
		if (!group.fields[field].len)
			group.fields[field] = unfold(value, &rest, arena);
	}
	close_group(&group, &best, &have);
	if (any)
		*ret = have ? best : group;
	return any;
}

struct slice dsn_address(struct slice value)
{
	const uint8_t *semicolon = value.len ? memchr(value.bytes, ';', value.len) : NULL;

	if (semicolon)
		value = slice_of(semicolon + 1, (size_t)(value.bytes + value.len - semicolon - 1));
	value = eml_trim(value);
	if (value.len && value.bytes[0] == '<')
		value = slice_of(value.bytes + 1, value.len - 1);
	while (value.len &&
	       (value.bytes[value.len - 1] == '>' || value.bytes[value.len - 1] == ' '))
		value.len--;
	return value;
}
