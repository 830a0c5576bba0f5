/*
 * message_schemas_test.c - deploy/schemas says of events, outcomes and tasks what their tables say.
 *
 * Every member of a table is a property of the schema, of the same type, with the same bounds, and
 * required where it is; the schema has no other property.  Lists of words are those of the code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "common/message/event_internal.h"
#include "common/message/outcome.h"
#include "common/message/shapes.h"
#include "common/policy/event_type.h"
#include "common/policy/rule.h"
#include "common/policy/rung.h"

enum { SCHEMA_MAX_BYTES = 256 * 1024, FILES_MAX = 8 };

/* Each file is read once, since they refer to one another. */
static struct file {
	char name[64];
	cJSON *tree;
} files[FILES_MAX];

static cJSON *read_schema(const char *name)
{
	static char text[SCHEMA_MAX_BYTES];
	char path[128];
	size_t len;
	FILE *file;
	cJSON *tree;

	snprintf(path, sizeof(path), "deploy/schemas/%s", name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s is missing", path); /* tests run at the top of the tree */
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	tree = cJSON_ParseWithLength(text, len);
	if (!tree)
		fail_msg("%s is not JSON", path);
	return tree;
}

static cJSON *schema_file(const char *name)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (!files[i].tree) {
			snprintf(files[i].name, sizeof(files[i].name), "%s", name);
			files[i].tree = read_schema(name);
		}
		if (strcmp(files[i].name, name) == 0)
			return files[i].tree;
	}
	fail_msg("more than %d schemas", FILES_MAX);
	return NULL;
}

/* A schema, and the file that its references are relative to. */
struct place {
	const cJSON *file, *at;
	const char *where;
};

static const cJSON *get(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Where "$ref" leads: "FILE", "#/$defs/NAME" or "FILE#/$defs/NAME". */
static struct place resolve(struct place place)
{
	const char *ref = cJSON_GetStringValue(get(place.at, "$ref")), *hash;
	char name[64];

	if (!ref)
		return place;
	hash = strchr(ref, '#');
	snprintf(name, sizeof(name), "%.*s", hash ? (int)(hash - ref) : (int)strlen(ref), ref);
	if (name[0])
		place.file = schema_file(name);
	place.at = hash ? get(get(place.file, "$defs"), strrchr(ref, '/') + 1) : place.file;
	if (!place.at)
		fail_msg("%s: %s leads nowhere", place.where, ref);
	return place;
}

/* "type": one word, or a list with "null" in it. */
static bool has_type(const cJSON *schema, const char *wanted)
{
	const cJSON *type = get(schema, "type");

	if (cJSON_IsString(type))
		return strcmp(type->valuestring, wanted) == 0;
	return cJSON_GetArraySize(type) == 2 &&
	       strcmp(cJSON_GetArrayItem(type, 0)->valuestring, wanted) == 0 &&
	       strcmp(cJSON_GetArrayItem(type, 1)->valuestring, "null") == 0;
}

static bool is_number(const cJSON *schema, const char *name, double wanted)
{
	const cJSON *number = get(schema, name);

	return cJSON_IsNumber(number) && number->valuedouble == wanted;
}

static bool names(const cJSON *list, const char *word)
{
	const cJSON *entry;

	cJSON_ArrayForEach (entry, list) {
		if (cJSON_IsString(entry) && strcmp(entry->valuestring, word) == 0)
			return true;
	}
	return false;
}

static void check_shape(const struct shape *shape, struct place place);

static struct place inside(struct place place, const char *name)
{
	place.at = get(place.at, name);
	if (!place.at)
		fail_msg("%s: \"%s\" is missing", place.where, name);
	return resolve(place);
}

static bool is_map(const struct member *m, struct place place)
{
	const struct member *value = &m->shape->members[1];

	return has_type(place.at, "object") &&
	       has_type(get(place.at, "additionalProperties"),
			value->kind == MEMBER_FLAG ? "boolean" : "string") &&
	       is_number(place.at, "maxProperties", (double)m->max);
}

static bool is_list(const struct member *m, struct place place)
{
	struct place items = inside(place, "items");

	if (m->shape)
		check_shape(m->shape, items);
	else if (!has_type(items.at, "string"))
		return false;
	return has_type(place.at, "array") && is_number(place.at, "maxItems", (double)m->max);
}

/* A time, or a decimal number: a text that must look like it. */
static bool is_written(struct place place, const char *how)
{
	return has_type(place.at, "string") && get(place.at, how);
}

static bool says_the_same(const struct member *m, struct place place)
{
	switch (m->kind) {
	case MEMBER_TEXT:
		return has_type(place.at, "string");
	case MEMBER_TIME:
		return is_written(place, "format");
	case MEMBER_DECIMAL:
		return is_written(place, "pattern");
	case MEMBER_WHOLE:
		return has_type(place.at, "integer") &&
		       is_number(place.at, "minimum", (double)m->least) &&
		       is_number(place.at, "maximum", (double)m->most);
	case MEMBER_FLAG:
		return has_type(place.at, "boolean");
	case MEMBER_OBJECT:
		check_shape(m->shape, place);
		return true;
	case MEMBER_LIST:
	case MEMBER_TEXTS:
		return is_list(m, place);
	case MEMBER_MAP:
		return is_map(m, place);
	}
	return false;
}

/* What every record has, although the reader of tasks does not insist on it. */
static bool is_of_every_task(const char *name)
{
	return strcmp(name, "action") == 0 || strcmp(name, "customer") == 0 ||
	       strcmp(name, "id") == 0 || strcmp(name, "request") == 0 || strcmp(name, "time") == 0;
}

/* What must be there: by the table, or since zeros are written too. */
static bool is_required(const struct shape *shape, const struct member *m)
{
	bool counts = shape == &trial_shape || shape == &rival_shape;

	if (shape == &task_shape)
		return is_of_every_task(m->name);
	return m->required || (counts && m->kind == MEMBER_WHOLE);
}

static void check_member(const struct shape *shape, const struct member *m, struct place place)
{
	struct place property = place;

	property.at = get(get(place.at, "properties"), m->name);
	if (!property.at)
		fail_msg("%s: property %s is missing", place.where, m->name);
	if (!get(property.at, "description") && !get(resolve(property).at, "description"))
		fail_msg("%s.%s: nothing says what it is", place.where, m->name);
	if (names(get(place.at, "required"), m->name) != is_required(shape, m))
		fail_msg("%s.%s: required in the table or in the schema, not in both", place.where,
			 m->name);
	if (!says_the_same(m, resolve(property)))
		fail_msg("%s.%s: another type or other bounds than in the table", place.where,
			 m->name);
}

static void check_shape(const struct shape *shape, struct place place)
{
	const cJSON *properties = get(place.at, "properties");

	place.where = shape->descriptor->name;
	if (!cJSON_IsTrue(get(place.at, "additionalProperties")))
		fail_msg("%s: not said to be open", place.where);
	for (size_t i = 0; i < shape->count; i++)
		check_member(shape, &shape->members[i], place);
	if (cJSON_GetArraySize(properties) != (int)shape->count)
		fail_msg("%s: %d properties, %zu in the table", place.where,
			 cJSON_GetArraySize(properties), shape->count);
}

static struct place whole(const char *name)
{
	const cJSON *tree = schema_file(name);

	return (struct place){tree, tree, name};
}

static void the_tables_say_the_same(void **state)
{
	(void)state;
	check_shape(&event_shape, whole("event.schema.json"));
	check_shape(&outcome_shape, whole("outcome.schema.json"));
	check_shape(&task_shape, whole("task.schema.json"));
	check_shape(&end_shape, whole("end.schema.json"));
	check_shape(&notice_shape, whole("notice.schema.json"));
	check_shape(&feedback_shape, whole("feedback.schema.json"));
}

/* The words under `keyword` are these, in their order. */
static void check_words(const cJSON *schema, const char *keyword, const char *const *words,
			size_t count)
{
	const cJSON *list = get(schema, keyword);

	for (size_t i = 0; i < count; i++) {
		const cJSON *entry = cJSON_GetArrayItem(list, (int)i);

		if (!cJSON_IsString(entry) || strcmp(entry->valuestring, words[i]) != 0)
			fail_msg("%s, entry %zu: expected %s", keyword, i, words[i]);
	}
	assert_int_equal(cJSON_GetArraySize(list), count);
}

static const cJSON *property(const cJSON *schema, const char *name)
{
	return get(get(schema, "properties"), name);
}

static void the_words_are_those_of_the_code(void **state)
{
	const cJSON *outcome = schema_file("outcome.schema.json");
	const cJSON *reason = get(get(outcome, "$defs"), "reason");
	const char *statuses[STATUS_COUNT], *channels[CHANNEL_COUNT];

	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++)
		statuses[i] = status_text((enum status)i);
	for (int i = 0; i < CHANNEL_COUNT; i++)
		channels[i] = channel_text((enum channel)i);
	check_words(property(outcome, "status"), "enum", statuses, STATUS_COUNT);
	check_words(property(outcome, "channel"), "enum", channels, CHANNEL_COUNT);
	check_words(property(outcome, "rung"), "examples", rung_texts, RUNG_COUNT);
	check_words(property(reason, "rule"), "examples", rule_texts, RULE_COUNT);
	check_words(property(schema_file("feedback.schema.json"), "rung"), "examples", rung_texts,
		    RUNG_COUNT);
	check_words(property(schema_file("event.schema.json"), "type"), "examples",
		    event_type_texts, EVENT_TYPE_COUNT);
	check_words(property(schema_file("task.schema.json"), "state"), "enum",
		    (const char *const[]){TASK_CANCELLED}, 1);
	check_words(property(schema_file("answer.schema.json"), "status"), "enum",
		    &statuses[STATUS_PERMITTED], STATUS_COUNT - STATUS_PERMITTED);
}

/* What the schema asks of a type besides; NULL: nothing. */
static const char *need_of(const cJSON *event, const char *type)
{
	const char *found = NULL;
	const cJSON *rule;

	cJSON_ArrayForEach (rule, get(event, "allOf")) {
		if (!names(get(property(get(rule, "if"), "type"), "enum"), type))
			continue;
		assert_null(found);
		found = cJSON_GetStringValue(get(get(rule, "then"), "$ref"));
	}
	return found;
}

static void types_need_what_they_need(void **state)
{
	static const char *const words[EVENT_NEEDS_COUNT] = {
	    [EVENT_NEEDS_ORDER] = "order",       [EVENT_NEEDS_CASE] = "case",
	    [EVENT_NEEDS_MERGE] = "merge",       [EVENT_NEEDS_CONSENT] = "consent",
	    [EVENT_NEEDS_FEEDBACK] = "feedback", [EVENT_NEEDS_TASK] = "task",
	    [EVENT_NEEDS_UNTIL] = "until",       [EVENT_NEEDS_COUPON] = "coupon",
	    [EVENT_NEEDS_KIND] = "kind",         [EVENT_NEEDS_PREFERENCES] = "preferences",
	    [EVENT_NEEDS_CLASS] = "class",       [EVENT_NEEDS_INTERACTION] = "interaction",
	    [EVENT_NEEDS_ITEM] = "item",         [EVENT_NEEDS_TAGS] = "tags",
	};
	const cJSON *event = schema_file("event.schema.json");

	(void)state;
	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++) {
		const char *word = words[event_type_needs((enum event_type)type)];
		const char *need = need_of(event, event_type_texts[type]);
		char wanted[64];

		snprintf(wanted, sizeof(wanted), "#/$defs/needs_%s", word ? word : "");
		if (strcmp(need ? need : "#/$defs/needs_", wanted) != 0)
			fail_msg("%s: the schema says %s", event_type_texts[type], need);
		assert_true(!need || get(get(event, "$defs"), wanted + strlen("#/$defs/")));
	}
}

static int forget(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILES_MAX; i++)
		cJSON_Delete(files[i].tree);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_tables_say_the_same),
	    cmocka_unit_test(the_words_are_those_of_the_code),
	    cmocka_unit_test(types_need_what_they_need),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
