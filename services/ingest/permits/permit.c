/* permit.c - see permit.h: what a tool says. */
#include "permit.h"

#include <cjson/cJSON.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/codec/json.h"

enum { TEXT_MAX_BYTES = 200, PRIORITY_USUAL = 50, PRIORITY_MAX = 100 };

/* A permit that is reserved is known as long as the arbiter remembers questions: 8 days. */
#define RESERVE_MAX_MS (7 * DAY_MS)

static const char *const question_members[] = {"category", "class",     "customer",    "id",
					       "priority", "programme", "reserve_for", "value"};
static const char *const report_members[] = {"customer"};

bool permit_id_is_valid(struct slice id)
{
	static const char others[] = "._~:-";

	for (size_t i = 0; i < id.len; i++) {
		uint8_t c = id.bytes[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!is_letter && !(c >= '0' && c <= '9') && !memchr(others, c, strlen(others)))
			return false;
	}
	return id.len > 0 && id.len <= PERMIT_ID_MAX_BYTES;
}

static bool is_short(struct slice text)
{
	return text.len <= TEXT_MAX_BYTES && text_is_printable(text);
}

static int refuse(const char *member, const char *expected, const cJSON *value, struct err *err)
{
	char found[JSON_FOUND_BYTES];

	return err_set(err, "$.%s: expected %s, found %s", member, expected,
		       json_found(value, found));
}

static int check_known(const cJSON *object, const char *const *known, size_t count, struct err *err)
{
	const cJSON *member;
	char shown[TEXT_SHOWN_BYTES];

	cJSON_ArrayForEach (member, object) {
		const char *nearest;
		size_t i = 0;

		while (i < count && strcmp(member->string, known[i]) != 0)
			i++;
		if (i < count)
			continue;
		text_shown(slice_text(member->string), shown);
		nearest = text_nearest(slice_text(member->string), known, count);
		if (nearest)
			return err_set(err,
				       "$: found \"%s\", which means nothing here (perhaps "
				       "\"%s\")",
				       shown, nearest);
		return err_set(err, "$: found \"%s\", which means nothing here", shown);
	}
	return 0;
}

/* null and "" are absent. */
static int take_text(const cJSON *object, const char *name, bool (*matches)(struct slice text),
		     const char *expected, struct arena *arena, char **ret, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

	*ret = arena_text(arena, "");
	if (!value || cJSON_IsNull(value))
		return 0;
	if (!cJSON_IsString(value) ||
	    (value->valuestring[0] && !matches(slice_text(value->valuestring))))
		return refuse(name, expected, value, err);
	*ret = arena_text(arena, value->valuestring);
	return 0;
}

static int need_text(const cJSON *object, const char *name, bool (*matches)(struct slice text),
		     const char *expected, struct arena *arena, char **ret, struct err *err)
{
	if (take_text(object, name, matches, expected, arena, ret, err) < 0)
		return -1;
	if (!(*ret)[0])
		return refuse(name, expected, cJSON_GetObjectItemCaseSensitive(object, name), err);
	return 0;
}

static int take_reserve(const cJSON *object, int64_t *ret, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "reserve_for");
	int64_t reserve_ms;
	struct err ignored;

	if (!value || cJSON_IsNull(value))
		return 0;
	if (!cJSON_IsString(value) ||
	    text_duration_ms(slice_text(value->valuestring), &reserve_ms, &ignored) < 0 ||
	    reserve_ms < SECOND_MS || reserve_ms > RESERVE_MAX_MS)
		return refuse("reserve_for", "a duration from \"1s\" to \"7d\"", value, err);
	*ret = reserve_ms;
	return 0;
}

static int take_priority(const cJSON *object, int32_t *ret, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "priority");

	if (!value || cJSON_IsNull(value))
		return 0;
	if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > PRIORITY_MAX ||
	    value->valuedouble != (int32_t)value->valuedouble)
		return refuse("priority", "a whole number from 0 to 100", value, err);
	*ret = (int32_t)value->valuedouble;
	return 0;
}

static int take_value(const cJSON *object, int64_t *ret, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "value");
	int64_t value_e4;
	struct err ignored;

	if (!value || cJSON_IsNull(value))
		return 0;
	if (!cJSON_IsString(value) ||
	    text_money_e4(slice_text(value->valuestring), &value_e4, &ignored) < 0 || value_e4 < 0)
		return refuse("value",
			      "an amount like \"12.50\" with at most 4 decimals, in quotes", value,
			      err);
	*ret = value_e4;
	return 0;
}

static int read_question(const cJSON *object, struct arena *arena, struct permit_question *ret,
			 struct err *err)
{
	static const char id_form[] = "1 to 128 of A-Z, a-z, 0-9 and . _ ~ : -";
	static const char text_form[] = "at most 200 printable bytes";
	static const char name_form[] = "1 to 200 printable bytes";

	if (check_known(object, question_members,
			sizeof(question_members) / sizeof(*question_members), err) < 0 ||
	    need_text(object, "id", permit_id_is_valid, id_form, arena, &ret->id, err) < 0 ||
	    need_text(object, "customer", text_is_id, name_form, arena, &ret->customer, err) < 0 ||
	    need_text(object, "class", text_is_id, "a class of the policy", arena,
		      &ret->message_class, err) < 0 ||
	    take_text(object, "category", is_short, text_form, arena, &ret->category, err) < 0 ||
	    take_text(object, "programme", text_is_id, name_form, arena, &ret->programme, err) < 0)
		return -1;
	if (take_reserve(object, &ret->reserve_ms, err) < 0 ||
	    take_priority(object, &ret->priority, err) < 0)
		return -1;
	return take_value(object, &ret->value_e4, err);
}

/* The tree of one object. */
static int parse(struct slice body, cJSON **ret, struct err *err)
{
	if (json_parse_strict(body, ret, err) < 0)
		return -1;
	if (cJSON_IsObject(*ret))
		return 0;
	cJSON_Delete(*ret);
	return err_set(err, "$: expected a JSON object");
}

int permit_question_read(struct slice body, struct arena *arena, struct permit_question *ret,
			 struct err *err)
{
	struct permit_question question = {.priority = PRIORITY_USUAL};
	cJSON *tree;
	int r;

	if (parse(body, &tree, err) < 0)
		return -1;
	r = read_question(tree, arena, &question, err);
	cJSON_Delete(tree);
	if (r == 0)
		*ret = question;
	return r;
}

int permit_report_read(struct slice body, struct arena *arena, char **ret_customer, struct err *err)
{
	cJSON *tree;
	int r;

	if (parse(body, &tree, err) < 0)
		return -1;
	r = check_known(tree, report_members, 1, err);
	if (r == 0)
		r = need_text(tree, "customer", text_is_id, "1 to 200 printable bytes", arena,
			      ret_customer, err);
	cJSON_Delete(tree);
	return r;
}

int permit_path_read(const char *path, struct arena *arena, char **ret_id, enum permit_report *ret)
{
	static const char begin[] = "/v1/permits/";
	const char *id = path + strlen(begin), *end;

	if (strncmp(path, begin, strlen(begin)) != 0)
		return -1;
	end = strchr(id, '/');
	if (!end || !permit_id_is_valid(slice_of(id, (size_t)(end - id))))
		return -1;
	if (strcmp(end, "/confirm") == 0)
		*ret = PERMIT_CONFIRM;
	else if (strcmp(end, "/release") == 0)
		*ret = PERMIT_RELEASE;
	else
		return -1;
	*ret_id = arena_copy(arena, id, (size_t)(end - id));
	return 0;
}
