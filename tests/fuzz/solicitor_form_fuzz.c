/* solicitor_form_fuzz.c - forms from anybody; what is taken is shown, and opens no tag. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "services/review-solicitor/pages/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct policy policy = {.shop = {.name = "Shop"}};
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);
	static struct web_site site;
	const struct sol_page german = {&site, &policy, 1, &page};
	struct arena arena = {0};
	struct sol_form form;
	struct err err;

	if (!site.pages && (sol_site_begin(&site, &err) < 0 || sol_site_end(&site, &err) < 0))
		abort();
	if (sol_form_parse(slice_of(data, size), &arena, &form, &err) == 0) {
		const char *begin, *end;

		if (form.score < 0 || form.score > 5 || !text_is_utf8(slice_text(form.comment)))
			abort();
		sol_page_form(&german, "17", &form, SOL_SAY_NOTHING);
		if (buf_failed(&page))
			abort();
		begin = strstr(page.bytes, "rows=\"5\">\n") + strlen("rows=\"5\">\n");
		end = strstr(begin, "</textarea>");
		if (memchr(begin, '<', (size_t)(end - begin)))
			abort();
	}
	buf_free(&page);
	arena_free(&arena);
	return 0;
}
