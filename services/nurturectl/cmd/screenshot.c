/*
 * screenshot.c - see screenshot.h.
 *
 * Browsers have no window narrower than some 500 px, so the mail is shown in a
 * frame of the width that was asked for; the frame's own script says how high
 * the mail is, and the second run takes the picture of just that.
 */
#include "screenshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/io/process/program.h"
#include "common/template/page_set.h"
#include "services/nurturectl/text_file.h"

enum { PAGE_MAX_BYTES = 4 << 20, LIMIT_MS = 60000, HEIGHT_MAX_PX = 20000, PATH_BYTES = 4096 };

static const char *const browsers[] = {
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "wkhtmltoimage", NULL};

struct studio {
	char program[PATH_BYTES];
	char directory[PATH_BYTES - 64]; /* of its own; removed at the end */
	int width_px;
};

/* Changes the HTML as a mail client does that prefers dark colours. */
static void add_html(struct slice html, bool is_dark, struct buf *out)
{
	static const char query[] = "(prefers-color-scheme: dark)";
	const char *at = (const char *)html.bytes, *end = at + html.len, *found;

	while (is_dark && (found = memmem(at, (size_t)(end - at), query, sizeof(query) - 1))) {
		buf_add(out, at, (size_t)(found - at));
		buf_text(out, "all");
		at = found + sizeof(query) - 1;
	}
	buf_add(out, at, (size_t)(end - at));
}

static void add_frame(struct slice html, int width_px, struct buf *out)
{
	struct arena arena = {0};
	struct model page = model_object(&arena);

	model_printf(&page, "width_px", "%d", width_px);
	model_slice(&page, "html", html);
	page_render_embedded("deploy/pages/tools/", "picture", &page, out);
	arena_free(&arena);
}

static int chromium(const struct studio *studio, const char *window, const char *job,
		    struct buf *out, struct err *err)
{
	char data[PATH_BYTES + 32], page[PATH_BYTES + 32];
	const char *argv[] = {studio->program, "--headless", "--disable-gpu", "--hide-scrollbars",
			      "--no-first-run", "--force-device-scale-factor=1", data, window, job,
			      page,
			      /* A browser's own walls do not work for root. */
			      geteuid() == 0 ? "--no-sandbox" : NULL, NULL};

	snprintf(data, sizeof(data), "--user-data-dir=%s/data", studio->directory);
	snprintf(page, sizeof(page), "file://%s/page.html", studio->directory);
	return program_run(argv, LIMIT_MS, out, err);
}

static int by_chromium(const struct studio *studio, const char *png, struct err *err)
{
	struct buf dom = BUF_MAX(2 * PAGE_MAX_BYTES);
	char window[64], job[PATH_BYTES + 32];
	const char *title;
	int height_px, r;

	snprintf(window, sizeof(window), "--window-size=%d,200", studio->width_px);
	r = chromium(studio, window, "--dump-dom", &dom, err);
	title = r == 0 && dom.bytes ? strstr(dom.bytes, "<title>") : NULL;
	height_px = title ? (int)strtol(title + strlen("<title>"), NULL, 10) : 0;
	buf_free(&dom);
	if (r < 0)
		return -1;
	if (height_px <= 0 || height_px > HEIGHT_MAX_PX)
		return err_set(err, "%s: it does not say how high the mail is", studio->program);
	snprintf(window, sizeof(window), "--window-size=%d,%d", studio->width_px, height_px);
	snprintf(job, sizeof(job), "--screenshot=%s", png);
	return chromium(studio, window, job, NULL, err);
}

static int by_wkhtmltoimage(const struct studio *studio, const char *png, struct err *err)
{
	char page[PATH_BYTES + 16], width[16];
	const char *argv[] = {studio->program,
			      "--quiet",
			      "--disable-smart-width",
			      "--width",
			      width,
			      "--format",
			      "png",
			      page,
			      png,
			      NULL};

	snprintf(page, sizeof(page), "%s/mail.html", studio->directory);
	snprintf(width, sizeof(width), "%d", studio->width_px);
	return program_run(argv, LIMIT_MS, NULL, err);
}

static int write_page(const struct studio *studio, const char *name, const struct buf *page,
		      struct err *err)
{
	char path[PATH_BYTES];

	if (buf_failed(page))
		return err_set(err, "the mail is too large for a picture");
	snprintf(path, sizeof(path), "%s/%s", studio->directory, name);
	return text_file_write(path, buf_slice(page), err);
}

/* The picture is written beside the mail and then read, so that it is there whole or not at all. */
static int hand_over(const char *png, const char *file, struct err *err)
{
	struct buf bytes = BUF_MAX(64 << 20);
	FILE *from = fopen(png, "rb");
	char some[65536];
	size_t n;
	int r;

	if (!from)
		return err_set(err, "%s: the browser made no picture", png);
	while ((n = fread(some, 1, sizeof(some), from)) > 0)
		buf_add(&bytes, some, n);
	fclose(from);
	r = buf_failed(&bytes) ? err_set(err, "the picture is too large")
			       : text_file_write(file, buf_slice(&bytes), err);
	buf_free(&bytes);
	return r;
}

static int take(const struct studio *studio, struct slice html, bool is_dark, const char *file,
		struct err *err)
{
	struct buf mail = BUF_MAX(PAGE_MAX_BYTES), page = BUF_MAX(PAGE_MAX_BYTES);
	bool is_chromium = !strstr(studio->program, "/wkhtmltoimage");
	char png[PATH_BYTES];
	int r;

	snprintf(png, sizeof(png), "%s/mail.png", studio->directory);
	add_html(html, is_dark, &mail);
	add_frame(buf_slice(&mail), studio->width_px, &page);
	r = is_chromium ? write_page(studio, "page.html", &page, err)
			: write_page(studio, "mail.html", &mail, err);
	if (r == 0)
		r = is_chromium ? by_chromium(studio, png, err)
				: by_wkhtmltoimage(studio, png, err);
	if (r == 0)
		r = hand_over(png, file, err);
	buf_free(&mail);
	buf_free(&page);
	return r;
}

int screenshot_make(struct slice html, int width_px, bool is_dark, const char *file,
		    struct err *err)
{
	const char *const rm[] = {"/bin/rm", "-rf", "--", NULL, NULL};
	const char *base = getenv("TMPDIR");
	struct studio studio = {.width_px = width_px};
	const char *argv[5];
	struct err ignored;
	int r;

	if (!program_find(browsers, studio.program, sizeof(studio.program)))
		return err_config(err, "--png: a browser is needed: chromium, google-chrome or "
				       "wkhtmltoimage in PATH; there is none");
	snprintf(studio.directory, sizeof(studio.directory), "%.1000s/nurture-picture-XXXXXX",
		 base && *base ? base : "/tmp");
	if (!mkdtemp(studio.directory))
		return err_environment(err, "%s: %s", studio.directory, strerror(errno));
	r = take(&studio, html, is_dark, file, err);
	memcpy(argv, rm, sizeof(argv));
	argv[3] = studio.directory;
	program_run(argv, LIMIT_MS, NULL, &ignored);
	return r;
}
