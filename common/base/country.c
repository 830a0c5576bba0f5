/* country.c - see country.h. */
#include "country.h"

/* ISO 3166-1 as of 2024, and XK, which shops use for Kosovo. */
static const char codes[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
    "BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV "
    "CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
    "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
    "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
    "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
    "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
    "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
    "UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

static bool is_code(struct slice text, const char *code)
{
	return text.len == 2 && memcmp(text.bytes, code, 2) == 0;
}

bool country_is_known(struct slice alpha2)
{
	if (alpha2.len != 2)
		return false;
	for (const char *code = codes; *code; code += 3) {
		if (is_code(alpha2, code))
			return true;
	}
	return false;
}

/*
 * Reserved in ISO 3166-1 for a country, or for a part of one that has a code.
 * EL is what the European Union writes for Greece.
 */
static const char *const others[][2] = {
    {"UK", "GB"}, {"EL", "GR"}, {"AC", "SH"}, {"TA", "SH"}, {"CP", "FR"},
    {"FX", "FR"}, {"DG", "IO"}, {"EA", "ES"}, {"IC", "ES"},
};

const char *country_for_code(struct slice alpha2)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (is_code(alpha2, others[i][0]))
			return others[i][1];
	}
	return NULL;
}

/*
 * By the newest censuses and estimates of the regions that each zone of
 * tzdata's zone.tab covers.
 */
static const struct {
	const char *alpha2, *zone;
} main_zones[] = {
    {"AQ", "Antarctica/McMurdo"},
    {"AR", "America/Argentina/Buenos_Aires"},
    {"AU", "Australia/Sydney"},
    {"BR", "America/Sao_Paulo"},
    {"CA", "America/Toronto"},
    {"CD",
     "Africa/Lubumbashi"}, /* the east has three fifths of the people, the west has Kinshasa */
    {"CL", "America/Santiago"},
    {"CN", "Asia/Shanghai"},
    {"CY", "Asia/Nicosia"},
    {"DE", "Europe/Berlin"},
    {"EC", "America/Guayaquil"},
    {"ES", "Europe/Madrid"},
    {"FM", "Pacific/Chuuk"}, /* with Yap; more than half of the people */
    {"GL", "America/Nuuk"},
    {"ID", "Asia/Jakarta"},
    {"KI", "Pacific/Tarawa"},
    {"KZ", "Asia/Almaty"},
    {"MH", "Pacific/Majuro"},
    {"MN", "Asia/Ulaanbaatar"},
    {"MX", "America/Mexico_City"},
    {"MY", "Asia/Kuala_Lumpur"},
    {"NZ", "Pacific/Auckland"},
    {"PF", "Pacific/Tahiti"},
    {"PG", "Pacific/Port_Moresby"},
    {"PS", "Asia/Hebron"},
    {"PT", "Europe/Lisbon"},
    {"RU", "Europe/Moscow"},
    {"UA", "Europe/Kyiv"},
    {"UM", "Pacific/Wake"},
    {"US", "America/New_York"},
    {"UZ", "Asia/Tashkent"},
    {"XK", "Europe/Belgrade"}, /* zone.tab has no line for it; the clocks are the same */
};

const char *country_main_zone(struct slice alpha2)
{
	for (size_t i = 0; i < sizeof(main_zones) / sizeof(main_zones[0]); i++) {
		if (is_code(alpha2, main_zones[i].alpha2))
			return main_zones[i].zone;
	}
	return "";
}
