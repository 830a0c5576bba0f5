/* answer.c - see answer.h. */
#include "answer.h"

#include "common/codec/json.h"

static void put_member(struct buf *out, const char *key, const char *value)
{
	json_put_key(out, key);
	json_put_text(out, slice_text(value));
}

/* What is known of one event, without the braces. */
static void put_result(const struct ing_result *result, struct buf *out)
{
	if (result->id[0])
		put_member(out, "id", result->id);
	put_member(out, "status", ing_status_text(result->status));
	if (result->status == ING_ACCEPTED)
		return;
	put_member(out, "error", result->error);
	if (result->path[0])
		put_member(out, "path", result->path);
}

static void put_number(struct buf *out, size_t number)
{
	char digits[24], *first = digits + sizeof(digits);

	do {
		*--first = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_add(out, first, (size_t)(digits + sizeof(digits) - first));
}

static void put_results(const struct ing_result *results, size_t count, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		buf_text(out, i ? ",{\"index\":" : "{\"index\":");
		put_number(out, i);
		put_result(&results[i], out);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static int judge(const struct ing_result *results, size_t count)
{
	size_t counts[ING_STATUS_COUNT] = {0};

	for (size_t i = 0; i < count; i++)
		counts[results[i].status]++;
	if (counts[ING_FAILED])
		return 503;
	if (counts[ING_ACCEPTED] || count == 0)
		return 202;
	return counts[ING_FORBIDDEN] ? 403 : 400;
}

static void put_reason(int status, struct buf *out)
{
	put_member(out, "error",
		   status == 503   ? "not_stored"
		   : status == 403 ? "forbidden"
				   : "invalid_event");
	put_member(out, "message",
		   status == 503   ? "not every event was stored; send them again"
		   : status == 403 ? "no event was valid that this token may publish"
				   : "no event was valid");
}

static void answer_one(const struct ing_result *result, struct buf *out)
{
	buf_char(out, '{');
	if (result->status == ING_ACCEPTED) {
		put_result(result, out);
	} else {
		put_member(out, "error",
			   result->status == ING_FAILED      ? "not_stored"
			   : result->status == ING_FORBIDDEN ? "forbidden"
							     : "invalid_event");
		put_member(out, "message", result->error);
		if (result->path[0])
			put_member(out, "path", result->path);
		if (result->id[0])
			put_member(out, "id", result->id);
	}
	buf_text(out, "}\n");
}

int ing_answer(bool is_array, const struct ing_result *results, size_t count, struct buf *out)
{
	int status = judge(results, count);

	if (!is_array) {
		answer_one(results, out);
		return status;
	}
	if (status == 202) {
		put_results(results, count, out);
	} else {
		buf_char(out, '{');
		put_reason(status, out);
		json_put_key(out, "results");
		put_results(results, count, out);
		buf_char(out, '}');
	}
	buf_char(out, '\n');
	return status;
}
