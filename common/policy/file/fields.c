/* fields.c - see fields.h. */
#include "fields.h"

#include <assert.h>
#include <string.h>

#include "value.h"

static int check_keys(const struct node *map, const struct field *fields, size_t count,
		      struct err *err)
{
	const char *keys[FIELDS_MAX];

	assert(count <= FIELDS_MAX);
	for (size_t i = 0; i < count; i++)
		keys[i] = fields[i].key;
	for (const struct node *child = map->first; child; child = child->next) {
		size_t i = 0;

		while (i < count && strcmp(child->key, keys[i]) != 0)
			i++;
		if (i == count)
			return node_key_error(child, err, "unknown key %s; %s",
					      node_quoted(child->key).text,
					      value_suggestion(child->key, keys, count).text);
	}
	return 0;
}

static int read_int(const struct node *node, const struct field *field, int *ret, struct err *err)
{
	int64_t number;

	if (value_int(node, field->min, field->max, &number, err) < 0)
		return -1;
	*ret = (int)number;
	return 0;
}

static int read_field(const struct node *node, const struct field *field, void *at, struct err *err)
{
	switch (field->kind) {
	case FIELD_OTHER:
		return 0;
	case FIELD_TEXT:
		return value_text(node, at, err);
	case FIELD_NAME:
		return value_name(node, at, err);
	case FIELD_BOOL:
		return value_bool(node, at, err);
	case FIELD_INT:
		return read_int(node, field, at, err);
	case FIELD_INT64:
		return value_int(node, field->min, field->max, at, err);
	case FIELD_DURATION:
		return value_duration(node, field->min, field->max, at, err);
	case FIELD_TIME:
		return value_time_of_day(node, at, err);
	case FIELD_PERCENT:
		return value_percent(node, at, err);
	case FIELD_MONEY:
		return value_money(node, at, err);
	case FIELD_COUNTRY:
		return value_country(node, at, err);
	}
	return 0;
}

int fields_read(const struct node *map, const struct field *fields, size_t count, void *ret,
		struct err *err)
{
	if (node_expect_map(map, err) < 0 || check_keys(map, fields, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct node *node = node_get(map, fields[i].key);

		if (!node && fields[i].missing)
			return node_error(map, err, "%s is missing; expected %s", fields[i].key,
					  fields[i].missing);
		if (node && read_field(node, &fields[i], (char *)ret + fields[i].offset, err) < 0)
			return -1;
	}
	return 0;
}
