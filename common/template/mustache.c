/* mustache.c - see mustache.h: rendering.  mustache_compile.c makes the ops. */
#include "mustache_internal.h"

#include "html.h"

/* The values in which a name is looked up, innermost first. */
struct frame {
	const struct mustache_value *value;
	const struct frame *outer;
};

/* Indentation of the partials that we are in, innermost first. */
struct indent {
	struct slice text;
	const struct indent *outer;
};

struct renderer {
	const struct mustache_options *options;
	struct buf *out;
	struct err *err;
	const struct mustache *template;
	const struct indent *indent;
	unsigned depth; /* of partials */
	unsigned *work;
};

const struct mustache_value *mustache_member(const struct mustache_value *value, struct slice name)
{
	if (value->kind != MUSTACHE_OBJECT)
		return NULL;
	for (size_t i = 0; i < value->count; i++)
		if (slice_equal(slice_text(value->items[i].name), name))
			return &value->items[i];
	return NULL;
}

/*
 * The first part of a name is looked for in all frames, outwards; the other parts only inside what
 * it named.
 */
static const struct mustache_value *look_up(const struct mustache_op *op, const struct frame *frame)
{
	const struct mustache_value *value = NULL;

	if (!op->part_count)
		return frame->value;
	for (; frame && !value; frame = frame->outer)
		value = mustache_member(frame->value, op->parts[0]);
	for (unsigned i = 1; value && i < op->part_count; i++)
		value = mustache_member(value, op->parts[i]);
	return value;
}

static bool is_true(const struct mustache_value *value)
{
	if (!value)
		return false;
	switch (value->kind) {
	case MUSTACHE_NOTHING:
		return false;
	case MUSTACHE_TEXT:
		return value->text.len > 0;
	case MUSTACHE_LIST:
		return value->count > 0;
	case MUSTACHE_OBJECT:
		return true;
	}
	return false;
}

static void add_value(struct renderer *r, const struct mustache_op *op, const struct frame *frame)
{
	const struct mustache_value *value = look_up(op, frame);

	if (!value || value->kind != MUSTACHE_TEXT || !value->text.len)
		return;
	if (op->kind == MUSTACHE_OP_VALUE && r->options->escape == MUSTACHE_HTML)
		html_slice(r->out, value->text);
	else
		buf_add(r->out, value->text.bytes, value->text.len);
}

static void add_indent(struct buf *out, const struct indent *indent)
{
	if (!indent)
		return;
	add_indent(out, indent->outer);
	if (indent->text.len)
		buf_add(out, indent->text.bytes, indent->text.len);
}

static int render_ops(struct renderer *r, size_t from, size_t to, const struct frame *frame);

static int render_section(struct renderer *r, size_t index, const struct frame *frame)
{
	const struct mustache_op *op = &r->template->ops[index];
	const struct mustache_value *value = look_up(op, frame);
	struct frame inner = {value, frame};

	if (op->kind == MUSTACHE_OP_INVERTED)
		return is_true(value) ? 0 : render_ops(r, index + 1, op->end, frame);
	if (!is_true(value))
		return 0;
	if (value->kind != MUSTACHE_LIST)
		return render_ops(r, index + 1, op->end, &inner);
	for (size_t i = 0; i < value->count; i++) {
		inner.value = &value->items[i];
		if (render_ops(r, index + 1, op->end, &inner) < 0)
			return -1;
	}
	return 0;
}

static int render_partial(struct renderer *r, const struct mustache_op *op,
			  const struct frame *frame)
{
	const struct mustache *partial =
	    r->options->find ? r->options->find(r->options->context, op->name) : NULL;
	struct indent indent = {op->text, r->indent};
	struct renderer inner = *r;

	if (!partial)
		return 0;
	if (r->depth == MUSTACHE_DEPTH_MAX)
		return err_set(r->err, "%s:%u: partials go deeper than %d", r->template->file,
			       op->line, MUSTACHE_DEPTH_MAX);
	inner.template = partial;
	inner.depth++;
	/* Inside a line there is nothing to indent: the line has begun. */
	inner.indent = op->is_standalone ? &indent : NULL;
	return render_ops(&inner, 0, partial->count, frame);
}

static int render_ops(struct renderer *r, size_t from, size_t to, const struct frame *frame)
{
	for (size_t i = from; i < to && !buf_failed(r->out); i++) {
		const struct mustache_op *op = &r->template->ops[i];

		/* Lists in lists, or pieces that name each other twice, must not go on for ever. */
		if (++*r->work > MUSTACHE_WORK_MAX)
			return err_set(r->err, "%s:%u: the rendering does not come to an end",
				       r->template->file, op->line);
		switch (op->kind) {
		case MUSTACHE_OP_TEXT:
			buf_add(r->out, op->text.bytes, op->text.len);
			break;
		case MUSTACHE_OP_LINE:
			add_indent(r->out, r->indent);
			break;
		case MUSTACHE_OP_VALUE:
		case MUSTACHE_OP_RAW:
			add_value(r, op, frame);
			break;
		case MUSTACHE_OP_SECTION:
		case MUSTACHE_OP_INVERTED:
			if (render_section(r, i, frame) < 0)
				return -1;
			i = op->end;
			break;
		case MUSTACHE_OP_END:
			break;
		case MUSTACHE_OP_PARTIAL:
			if (render_partial(r, op, frame) < 0)
				return -1;
			break;
		}
	}
	return 0;
}

int mustache_render(const struct mustache *template, const struct mustache_value *values,
		    const struct mustache_options *options, struct buf *out, struct err *err)
{
	unsigned work = 0;
	struct renderer r = {
	    .options = options, .out = out, .err = err, .template = template, .work = &work};
	struct frame frame = {values, NULL};

	if (render_ops(&r, 0, template->count, &frame) < 0)
		return -1;
	if (buf_failed(out))
		return err_set(err, "%s: the result is larger than %zu bytes", template->file,
			       out->max_bytes);
	return 0;
}

bool mustache_next_reference(const struct mustache *template, size_t *position,
			     struct mustache_reference *ret)
{
	while (*position < template->count) {
		const struct mustache_op *op = &template->ops[(*position)++];

		if (op->kind == MUSTACHE_OP_TEXT || op->kind == MUSTACHE_OP_LINE ||
		    op->kind == MUSTACHE_OP_END)
			continue;
		ret->name = op->name;
		ret->is_partial = op->kind == MUSTACHE_OP_PARTIAL;
		ret->is_section =
		    op->kind == MUSTACHE_OP_SECTION || op->kind == MUSTACHE_OP_INVERTED;
		ret->is_raw = op->kind == MUSTACHE_OP_RAW;
		ret->line = op->line;
		return true;
	}
	return false;
}

bool mustache_next_enclosing(const struct mustache *template, size_t position, size_t *at,
			     struct slice *ret_name)
{
	while (*at + 1 < position) {
		const struct mustache_op *op = &template->ops[(*at)++];

		if (op->kind == MUSTACHE_OP_SECTION && op->end >= position) {
			*ret_name = op->name;
			return true;
		}
	}
	return false;
}
