/* page_set.c - see page_set.h. */
#include "page_set.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "embedded.h"

static const char ending[] = ".mustache";
enum { ENDING = sizeof(ending) - 1, PIECES_DEPTH_MAX = 8 };

struct page {
	struct page *next;
	const char *name;
	const char *path; /* for messages */
	const struct mustache *template;
};

struct page_set {
	struct arena arena;
	struct page *pages;
};

struct page_set *page_set_new(void)
{
	struct page_set *set = calloc(1, sizeof(*set));

	if (!set)
		abort();
	return set;
}

void page_set_free(struct page_set *set)
{
	if (!set)
		return;
	arena_free(&set->arena);
	free(set);
}

static struct page *find(const struct page_set *set, struct slice name)
{
	for (struct page *page = set->pages; page; page = page->next)
		if (slice_equal(slice_text(page->name), name))
			return page;
	return NULL;
}

const struct mustache *page_set_find(const struct page_set *set, struct slice name)
{
	const struct page *page = find(set, name);

	return page ? page->template : NULL;
}

/* "feedback" of "feedback.mustache"; empty for what is named otherwise. */
static struct slice name_of(const char *file)
{
	size_t len = strlen(file);

	if (len <= ENDING || strcmp(file + len - ENDING, ending) != 0)
		return slice_of("", 0);
	return slice_of(file, len - ENDING);
}

static int put(struct page_set *set, struct slice name, const char *path, struct slice text,
	       struct err *err)
{
	struct page *page = find(set, name);
	const struct mustache *template;

	if (!text_is_utf8(text))
		return err_config(err, "%s: not UTF-8", path);
	path = arena_text(&set->arena, path);
	if (mustache_compile(text, path, &set->arena, &template, err) < 0)
		return -1;
	if (!page) {
		page = arena_zalloc(&set->arena, sizeof(*page));
		page->name = arena_copy(&set->arena, name.bytes, name.len);
		page->next = set->pages;
		set->pages = page;
	}
	page->path = path;
	page->template = template;
	return 0;
}

int page_set_add_embedded(struct page_set *set, const char *folder, struct err *err)
{
	size_t len = strlen(folder);

	for (const struct embedded_file *file = embedded_files; file->name; file++)
		if (strncmp(file->name, folder, len) == 0 && !strchr(file->name + len, '/') &&
		    put(set, name_of(file->name + len), file->name,
			slice_of(file->bytes, file->len), err) < 0)
			return -1;
	return 0;
}

int page_set_replace(struct page_set *set, const char *path, const char *file, struct slice text,
		     struct err *err)
{
	struct slice name = name_of(file);

	if (!name.len)
		return err_config(err, "%s: expected a name such as feedback.mustache", path);
	if (name.bytes[0] != '_' && !find(set, name))
		return err_config(err, "%s: there is no page \"%.*s\"", path, SLICE_ARGS(name));
	return put(set, name, path, text, err);
}

struct check {
	const struct page_set *set;
	page_knows knows;
	const void *context;
	const char *page; /* for whom the names count */
	unsigned *work;   /* references of this page so far */
};

static int check_one(const struct check *check, const struct page *page, unsigned depth,
		     struct err *err);

static int check_reference(const struct check *check, const struct page *page,
			   const struct mustache_reference *reference, unsigned depth,
			   struct err *err)
{
	const struct page *piece;

	/* Ten pieces that each include the next one ten times would take for ever. */
	if (++*check->work > MUSTACHE_WORK_MAX)
		return err_config(err, "%s:%u: the page \"%s\" includes more than %d pieces",
				  page->path, reference->line, check->page, MUSTACHE_WORK_MAX);
	if (reference->is_partial) {
		piece = find(check->set, reference->name);
		if (!piece)
			return err_config(err, "%s:%u: there is no piece \"%.*s\"", page->path,
					  reference->line, SLICE_ARGS(reference->name));
		if (depth == PIECES_DEPTH_MAX)
			return err_config(err, "%s:%u: pieces include each other more than %d deep",
					  page->path, reference->line, PIECES_DEPTH_MAX);
		return check_one(check, piece, depth + 1, err);
	}
	if (reference->is_raw)
		return err_config(err, "%s:%u: {{{%.*s}}} is not escaped; expected {{%.*s}}",
				  page->path, reference->line, SLICE_ARGS(reference->name),
				  SLICE_ARGS(reference->name));
	if (check->knows(check->context, check->page, reference->name))
		return 0;
	return err_config(err, "%s:%u: \"%.*s\" is not known on the page \"%s\"", page->path,
			  reference->line, SLICE_ARGS(reference->name), check->page);
}

static int check_one(const struct check *check, const struct page *page, unsigned depth,
		     struct err *err)
{
	struct mustache_reference reference;
	size_t position = 0;

	while (mustache_next_reference(page->template, &position, &reference))
		if (check_reference(check, page, &reference, depth, err) < 0)
			return -1;
	return 0;
}

int page_set_check(const struct page_set *set, page_knows knows, const void *context,
		   struct err *err)
{
	unsigned work;
	struct check check = {.set = set, .knows = knows, .context = context, .work = &work};

	for (const struct page *page = set->pages; page; page = page->next) {
		check.page = page->name;
		work = 0;
		if (page->name[0] != '_' && check_one(&check, page, 0, err) < 0)
			return -1;
	}
	return 0;
}

static const struct mustache *find_piece(const void *context, struct slice name)
{
	return page_set_find(context, name);
}

int page_set_render(const struct page_set *set, const char *name,
		    const struct mustache_value *values, struct buf *out, struct err *err)
{
	const struct mustache *template = page_set_find(set, slice_text(name));
	const struct mustache_options options = {
	    .escape = MUSTACHE_HTML, .find = find_piece, .context = set};

	if (!template)
		return err_set(err, "there is no page \"%s\"", name);
	return mustache_render(template, values, &options, out, err);
}

void page_render_embedded(const char *folder, const char *name, const struct model *model,
			  struct buf *out)
{
	struct mustache_value values = model_value(model);
	struct page_set *pages = page_set_new();
	struct err err;

	if (page_set_add_embedded(pages, folder, &err) < 0 ||
	    page_set_render(pages, name, &values, out, &err) < 0)
		out->failed = true;
	page_set_free(pages);
}
