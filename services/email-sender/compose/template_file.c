/* template_file.c - see template_file.h. */
#include "template_file.h"

#include "common/base/locale.h"

const char *const template_part_names[TEMPLATE_PART_COUNT] = {"subject", "txt", "html", "block.txt",
							      "block.html"};

/* Takes ".ENDING" off the end of a name, if it is there. */
static bool take_ending(struct slice *name, const char *ending)
{
	size_t len = strlen(ending);

	if (name->len <= len ||
	    !slice_equal(slice_of(name->bytes + name->len - len, len), slice_text(ending)) ||
	    name->bytes[name->len - len - 1] != '.')
		return false;
	name->len -= len + 1;
	return true;
}

/* Takes the part off; the longer endings come last in the table and are looked for first. */
static bool take_part(struct slice *name, enum template_part *ret)
{
	for (int part = TEMPLATE_PART_COUNT; part-- > 0;)
		if (take_ending(name, template_part_names[part])) {
			*ret = (enum template_part)part;
			return true;
		}
	return false;
}

/* Splits "tips.de" into tips and de. */
static struct slice take_locale(struct slice *name)
{
	const uint8_t *dot = memchr(name->bytes, '.', name->len);
	struct slice locale = slice_of(name->bytes, 0);

	if (dot) {
		locale = slice_of(dot + 1, name->len - (size_t)(dot + 1 - name->bytes));
		name->len = (size_t)(dot - name->bytes);
	}
	return locale;
}

int template_file_parse(const char *file, struct template_file *ret, struct err *err)
{
	struct slice name = slice_text(file);

	if (!take_ending(&name, "mustache") || !take_part(&name, &ret->part))
		goto unexpected;
	ret->locale = take_locale(&name);
	if (name.len == 0 || name.len > TEMPLATE_NAME_MAX_BYTES ||
	    (ret->locale.bytes != name.bytes && !locale_is_tag(ret->locale)))
		goto unexpected;
	ret->name = name;
	return 0;
unexpected:
	return err_config(
	    err,
	    "%.150s: expected NAME.subject.mustache, NAME.txt.mustache, "
	    "NAME.html.mustache, NAME.block.txt.mustache or NAME.block.html.mustache, "
	    "or a language before the part: NAME.de.txt.mustache",
	    file);
}
