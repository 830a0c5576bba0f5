/* content_type.c - see content_type.h. */
#include "content_type.h"

#include <string.h>
#include <strings.h>

#include "common/base/slice.h"

static const struct {
	const char *name;
	enum ing_content_type content_type;
} known[] = {
    {"application/json", ING_JSON},
    {"application/cloudevents+json", ING_CLOUDEVENT},
    {"application/cloudevents-batch+json", ING_CLOUDEVENT_BATCH},
    {"application/x-protobuf", ING_PROTOBUF},
    {"application/protobuf", ING_PROTOBUF},
};

static struct slice trim(struct slice text)
{
	while (text.len && strchr(" \t", text.bytes[0])) {
		text.bytes++;
		text.len--;
	}
	while (text.len && strchr(" \t", text.bytes[text.len - 1]))
		text.len--;
	return text;
}

static bool is_word(struct slice text, const char *word)
{
	return text.len == strlen(word) &&
	       strncasecmp((const char *)text.bytes, word, text.len) == 0;
}

/* The text up to the next ';', which is taken off. */
static struct slice next_part(const char **rest)
{
	size_t len = strcspn(*rest, ";");
	struct slice part = trim(slice_of(*rest, len));

	*rest += len;
	if (**rest == ';')
		(*rest)++;
	return part;
}

/* Other parameters (a protobuf's messageType, say) mean nothing here. */
static bool is_other_charset(struct slice parameter)
{
	static const char name[] = "charset=";
	struct slice value;

	if (parameter.len < strlen(name) ||
	    strncasecmp((const char *)parameter.bytes, name, strlen(name)) != 0)
		return false;
	value = slice_of(parameter.bytes + strlen(name), parameter.len - strlen(name));
	return !is_word(value, "utf-8") && !is_word(value, "\"utf-8\"");
}

int ing_content_type_parse(const char *content_type, const char *content_encoding,
			   enum ing_content_type *ret, struct err *err)
{
	const char *rest = content_type ? content_type : "";
	struct slice name = next_part(&rest);
	size_t i = 0;

	if (content_encoding && strcasecmp(content_encoding, "identity") != 0)
		return err_set(err, "expected no Content-Encoding: bodies are not decompressed");
	while (i < sizeof(known) / sizeof(known[0]) && !is_word(name, known[i].name))
		i++;
	if (i == sizeof(known) / sizeof(known[0]))
		return err_set(err, "expected Content-Type application/json, "
				    "application/cloudevents+json, "
				    "application/cloudevents-batch+json or application/x-protobuf");
	while (*rest)
		if (is_other_charset(next_part(&rest)))
			return err_set(err, "expected charset utf-8");
	*ret = known[i].content_type;
	return 0;
}
