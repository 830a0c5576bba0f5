/* page_model.c - see page_model.h. */
#include "page_model.h"

#include <inttypes.h>

#include "common/base/money.h"
#include "services/console/who/roles.h"

enum { JOINED_MAX_BYTES = 64 * 1024, BEHIND_SHOWN = 1000, USUAL_LOW_SCORE = 2 };

const char *con_say(const struct con_page *page, const char *key)
{
	return words_say(page->site->words, page->language, key);
}

const char *con_say_of(const struct con_page *page, const char *prefix, const char *name,
		       struct arena *arena)
{
	const char *said = con_say(page, arena_printf(arena, "%s-%s", prefix, name));

	return *said ? said : name;
}

const char *con_said(const struct con_page *page, const char *key, const char *name,
		     const char *value, struct arena *arena)
{
	struct model values = model_object(arena);

	model_text(&values, name, value);
	return words_fill(con_say(page, key), &values, arena);
}

static void add_who(const struct con_page *page, struct model *model)
{
	const struct con_identity *who = page->who;

	model_text(model, "address", who ? who->address : "");
	model_text(model, "role_title",
		   who ? con_say_of(page, "role", con_role_text(who->role), model->arena) : "");
	model_flag(model, "can_sign_out", who && page->can_sign_out);
	model_flag(model, "may_act", who && con_may(who->role, CON_DO_NOTE));
	model_flag(model, "may_erase", who && con_may(who->role, CON_DO_ERASE));
}

struct model con_model_begin(const struct con_page *page, const char *at, struct arena *arena)
{
	struct model model = web_model_begin(page->site, page->language, arena);

	model_text(&model, "shop", page->policy->shop.name);
	add_who(page, &model);
	model_text(&model, "form", page->form);
	model_printf(&model, "behind", "%" PRId64, page->view.behind);
	model_flag(&model, "not_built", page->who && !page->view.is_built);
	model_flag(&model, "is_behind",
		   page->who && page->view.is_built && page->view.behind > BEHIND_SHOWN);
	if (page->who && page->view.clock_ms)
		model_text(
		    &model, "clock",
		    con_said(page, "clock", "now", con_time(page, page->now_ms, arena), arena));
	if (*at)
		model_flag(&model, at, true);
	return model;
}

void con_model_render(const struct con_page *page, const char *name, struct model *model)
{
	struct slice notice = slice_text("notice");

	if (!model_find(model, notice))
		model_text(model, "notice",
			   *page->said
			       ? con_say(page, arena_printf(model->arena, "said-%s", page->said))
			       : "");
	web_render(page->site, page->language, name, model, page->out);
}

int con_low_score(const struct policy *policy)
{
	return policy->feedback.off ? USUAL_LOW_SCORE : policy->feedback.low_score;
}

void con_page_plain(const struct con_page *page, const char *name)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "", &arena);

	con_model_render(page, name, &model);
	arena_free(&arena);
}

const char *con_date(const struct con_page *page, int64_t time_ms, struct arena *arena)
{
	int64_t ms_of_day;
	struct civil_date date;

	if (time_ms <= 0)
		return "";
	date = zone_date(page->policy->shop_zone, time_ms, &ms_of_day);
	return arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

const char *con_time(const struct con_page *page, int64_t time_ms, struct arena *arena)
{
	int64_t ms_of_day;

	if (time_ms <= 0)
		return "";
	zone_date(page->policy->shop_zone, time_ms, &ms_of_day);
	return arena_printf(arena, "%s %02d:%02d", con_date(page, time_ms, arena),
			    (int)(ms_of_day / HOUR_MS), (int)(ms_of_day % HOUR_MS / MINUTE_MS));
}

const char *con_window(const struct con_page *page, int64_t window_s, struct arena *arena)
{
	bool is_days = window_s % DAY_S == 0;
	int64_t count = is_days ? window_s / DAY_S : (window_s + HOUR_S - 1) / HOUR_S;

	if (count == 1)
		return con_say(page, is_days ? "window-day" : "window-hour");
	return con_said(page, is_days ? "window-days" : "window-hours", "n",
			arena_printf(arena, "%" PRId64, count), arena);
}

const char *con_money(int64_t e4, const char *currency, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s", money_of_e4(arena, e4, currency), *currency ? " " : "",
			    currency);
}

const char *con_person_url(const struct con_page *page, const char *id, struct arena *arena)
{
	char cover[CON_COVER_BYTES];
	size_t len = strlen(id);

	if (!len || len > CON_ID_MAX_BYTES || !page->who)
		return "";
	con_cover_make(page->key, page->who->address, id, cover);
	return arena_printf(arena, "/people/%s", cover);
}

const char *con_phone_link(const char *phone, struct arena *arena)
{
	char *link = arena_alloc(arena, strlen(phone) + 1), *end = link;

	for (; *phone; phone++)
		if ((*phone >= '0' && *phone <= '9') || (*phone == '+' && end == link))
			*end++ = *phone;
	*end = '\0';
	return link;
}

void con_join(struct buf *out, const char *separator, const char *text)
{
	if (!out->max_bytes)
		*out = BUF_MAX(JOINED_MAX_BYTES);
	if (!*text)
		return;
	if (out->len)
		buf_text(out, separator);
	buf_text(out, text);
}

void con_model_joined(struct model *model, const char *name, struct buf *joined)
{
	model_buf(model, name, joined);
}
