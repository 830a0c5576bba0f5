/* Any source compiles or is refused; what compiles renders within its limits. */
#include "common/template/mustache.h"

static const struct mustache *find_self(const void *context, struct slice name)
{
	(void)name;
	return context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	static const struct mustache_value pair[] = {
	    {.name = "b", .kind = MUSTACHE_TEXT, .text = {(const uint8_t *)"<b>", 3}},
	    {.name = "c", .kind = MUSTACHE_NOTHING}};
	static const struct mustache_value items[] = {
	    {.name = "", .kind = MUSTACHE_OBJECT, .items = pair, .count = 2},
	    {.name = "", .kind = MUSTACHE_TEXT, .text = {(const uint8_t *)"x", 1}}};
	static const struct mustache_value root[] = {
	    {.name = "a", .kind = MUSTACHE_OBJECT, .items = pair, .count = 2},
	    {.name = "l", .kind = MUSTACHE_LIST, .items = items, .count = 2}};
	static const struct mustache_value top = {
	    .name = "", .kind = MUSTACHE_OBJECT, .items = root, .count = 2};
	struct mustache_options options = {MUSTACHE_HTML, find_self, NULL};
	struct mustache_reference reference;
	struct buf out = BUF_MAX(10000);
	const struct mustache *template;
	size_t position = 0;
	struct err err;

	if (mustache_compile(slice_of(data, size), "fuzz", &arena, &template, &err) == 0) {
		options.context = template;
		mustache_render(template, &top, &options, &out, &err);
		while (mustache_next_reference(template, &position, &reference))
			if (reference.name.len > size)
				__builtin_trap();
	}
	buf_free(&out);
	arena_reset(&arena);
	return 0;
}
