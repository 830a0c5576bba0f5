/* names.c - see names.h. */
#include "names.h"

#include <stdio.h>

#include "common/base/text.h"

static const struct {
	const char *name;
	enum event_type type;
} built_in[] = {
    {"order completed", EVENT_ORDER_PLACED},
    {"completed order", EVENT_ORDER_PLACED}, /* the first version of the spec */
    {"order updated", EVENT_ORDER_UPDATED},
    {"order cancelled", EVENT_ORDER_CANCELLED},
    {"order canceled", EVENT_ORDER_CANCELLED},
    {"order refunded", EVENT_ORDER_REFUNDED},
    {"order shipped", EVENT_ORDER_SHIPPED},
    {"order delivered", EVENT_ORDER_DELIVERED},
    {"order late", EVENT_ORDER_LATE},
    {"return opened", EVENT_RETURN_OPENED},
    {"return closed", EVENT_RETURN_CLOSED},
    {"complaint opened", EVENT_COMPLAINT_OPENED},
    {"complaint closed", EVENT_COMPLAINT_CLOSED},
    {"product reviewed", EVENT_REVIEW_PUBLISHED},
    {"email delivered", EVENT_MESSAGE_SENT_ELSEWHERE},
    {"email opened", EVENT_MESSAGE_OPENED},
    {"email link clicked", EVENT_MESSAGE_CLICKED},
    {"email bounced", EVENT_MESSAGE_BOUNCED},
    {"email marked as spam", EVENT_MESSAGE_COMPLAINED},
    {"unsubscribed", EVENT_MESSAGE_UNSUBSCRIBED},
};

static char plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return (char)(c == '_' ? ' ' : c);
}

static bool is_name(const char *a, const char *b)
{
	while (*a && plain(*a) == plain(*b)) {
		a++;
		b++;
	}
	return plain(*a) == plain(*b);
}

enum event_type ing_name_find(const struct ing_tracking_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (is_name(names->list[i].name, name))
			return names->list[i].type;
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		if (is_name(built_in[i].name, name))
			return built_in[i].type;
	return EVENT_OTHER;
}

/* Is it among the types that the built-in names have? Those are the ones that can be filled. */
static bool can_be_filled(enum event_type type)
{
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		if (built_in[i].type == type)
			return true;
	return false;
}

/* Takes "NAME=VALUE" off the text, up to a comma or a line's end; false at the end. */
static bool next_pair(struct slice *text, struct slice *ret_name, struct slice *ret_value,
		      bool *ret_has_value)
{
	while (text->len) {
		size_t len = 0;
		struct slice entry;
		const uint8_t *equals;

		while (len < text->len && !strchr(",\n", text->bytes[len]))
			len++;
		entry = slice_trim(slice_of(text->bytes, len), " \t\r");
		len += len < text->len;
		*text = slice_of(text->bytes + len, text->len - len);
		if (!entry.len)
			continue;
		equals = memchr(entry.bytes, '=', entry.len);
		*ret_has_value = equals != NULL;
		len = equals ? (size_t)(equals - entry.bytes) : entry.len;
		*ret_name = slice_trim(slice_of(entry.bytes, len), " \t");
		len += equals != NULL;
		*ret_value = slice_trim(slice_of(entry.bytes + len, entry.len - len), " \t");
		return true;
	}
	return false;
}

int ing_names_parse(struct slice text, struct ing_tracking_names *names, struct err *err)
{
	struct slice name, value;
	bool has_value;

	while (next_pair(&text, &name, &value, &has_value)) {
		struct ing_tracking_name *added = &names->list[names->count];
		char type[ING_WORD_BYTES], shown[TEXT_SHOWN_BYTES];

		if (!has_value || !name.len || name.len >= ING_NAME_BYTES)
			return err_config(err, "expected NAME=TYPE, found %s",
					  text_shown(name, shown));
		if (names->count == ING_NAMES_MAX)
			return err_config(err, "expected at most %d names", ING_NAMES_MAX);
		snprintf(type, sizeof(type), "%.*s", SLICE_ARGS(value));
		added->type = event_type_of(type);
		if (value.len && !can_be_filled(added->type))
			return err_config(err,
					  "%.*s: expected a type that a tracked event can be, such "
					  "as order.delivered, or nothing, found %s",
					  SLICE_ARGS(name), text_shown(value, shown));
		snprintf(added->name, sizeof(added->name), "%.*s", SLICE_ARGS(name));
		names->count++;
	}
	return 0;
}

int ing_consents_parse(struct slice text, struct ing_tracking_names *names, struct err *err)
{
	struct slice name, value;
	bool has_value;

	while (next_pair(&text, &name, &value, &has_value)) {
		struct ing_tracking_consent *added = &names->consents[names->consent_count];
		char shown[TEXT_SHOWN_BYTES];

		if (!name.len || name.len >= ING_WORD_BYTES || !value.len ||
		    value.len >= ING_WORD_BYTES)
			return err_config(err, "expected TRAIT=CLASS, found %s",
					  text_shown(name, shown));
		if (names->consent_count == ING_CONSENTS_MAX)
			return err_config(err, "expected at most %d traits", ING_CONSENTS_MAX);
		snprintf(added->trait, sizeof(added->trait), "%.*s", SLICE_ARGS(name));
		snprintf(added->message_class, sizeof(added->message_class), "%.*s",
			 SLICE_ARGS(value));
		names->consent_count++;
	}
	return 0;
}
