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

/* application/json, or another that ends in +json (RFC 6839), or none: there may be no data. */
static bool is_data_of_event(struct slice name)
{
	static const char suffix[] = "+json";

	return name.len == 0 || is_word(name, "application/json") ||
	       (name.len > strlen(suffix) &&
		is_word(slice_of(name.bytes + name.len - strlen(suffix), strlen(suffix)), suffix));
}

static int parse_name(struct slice name, bool has_specversion, enum ing_content_type *ret,
		      struct err *err)
{
	size_t i = 0;

	while (i < sizeof(known) / sizeof(known[0]) && !is_word(name, known[i].name))
		i++;
	if (i < sizeof(known) / sizeof(known[0]) &&
	    (!has_specversion || known[i].content_type == ING_CLOUDEVENT ||
	     known[i].content_type == ING_CLOUDEVENT_BATCH)) {
		*ret = known[i].content_type;
		return 0;
	}
	if (has_specversion && is_data_of_event(name)) {
		*ret = ING_CLOUDEVENT_BINARY;
		return 0;
	}
	if (has_specversion)
		return err_set(err, "expected the data of a CloudEvent as application/json");
	return err_set(err, "expected Content-Type application/json, "
			    "application/cloudevents+json, "
			    "application/cloudevents-batch+json or application/x-protobuf");
}

int ing_content_type_parse(const char *content_type, bool has_specversion,
			   enum ing_content_type *ret, struct err *err)
{
	const char *rest = content_type ? content_type : "";
	enum ing_content_type found = ING_JSON;

	if (parse_name(next_part(&rest), has_specversion, &found, err) < 0)
		return -1;
	while (*rest)
		if (is_other_charset(next_part(&rest)))
			return err_set(err, "expected charset utf-8");
	*ret = found;
	return 0;
}
