/* site.c - see site.h: which page may show which names. */
#include "site.h"

#define TASK                                                                                       \
	"is_late url who action due expires programme team state attempts phone phone_link "       \
	"postal missing facts may_act task form back is_mine has_results results result "
#define MOMENT "is_bad url who title at when kind other_id words_said detail "
#define CARD                                                                                       \
	"orders cases told not_told paused undeliverable heard phone phone_link email postal "     \
	"birthday tongue segments id other_ids who "

static const struct web_names names[] = {
    {"", "language shop other_languages tag own_name address can_sign_out at_today at_people "
	 "at_voices at_programmes not_built is_behind clock notice"},
    {"today", TASK MOMENT
     "count_overdue count_open count_low count_escalated tasks_of other_tasks other_tasks_url "
     "has_tasks tasks more_tasks has_low low has_escalated escalated"},
    {"people", "q was_asked has_found found url who order orders about has_more"},
    {"person", TASK MOMENT CARD
     "card since voices_url has_last_words last_words has_recent recent order about has_waiting "
     "waiting "
     "has_tasks tasks may_act has_moments moments earlier_url can_pause may_erase"},
    {"voices",
     "may_act may_tag form back q of of_url is_best hits has_draft draft_who draft_kinds "
     "draft_scores draft_words draft_order draft_sku value title count is_chosen choices field "
     "label options has_items items earlier_url is_bad url who score at when about headline "
     "words_said has_tags tags tag_name suggested has_others others other item "
     "is_answered is_archived"},
    {"merge", CARD "ends lives other form url"},
    {"erase", CARD "card form url"},
    {"programmes", "has_programmes programmes programme owner wanted said waits displaced "
		   "no_consent holdout others deferred has_planned days day planned counts count "
		   "caps line has_lifts lifts people held mean mean_held difference interval"},
};

int con_site_open(struct web_site *ret, struct err *err)
{
	if (web_site_begin(ret, "deploy/pages/console/", "deploy/words/console/", err) < 0)
		return -1;
	return web_site_end(ret,
			    &(struct web_rules){
				.names = names,
				.name_count = sizeof(names) / sizeof(names[0]),
				.english = "deploy/words/console/en.yaml",
				/* Not no-referrer: a browser then says Origin: null, and a form of
				 * ours could not be told from another's. */
				.headers = "Referrer-Policy: same-origin\n"
					   "Cross-Origin-Opener-Policy: same-origin\n"
					   "Cross-Origin-Resource-Policy: same-origin",
			    },
			    err);
}
