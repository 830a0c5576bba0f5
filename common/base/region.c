/*
 * region.c - see region.h.
 *
 * Regions are those of ISO 3166-2 as of 2024. Which zone is whose is what tzdata 2024b says in
 * zone.tab and the comments of its sources, and for regions that it cuts, the newest censuses of
 * the municipalities on the other side.
 */
#include "region.h"

#include <string.h>

/* "*": all regions of the country that do not stand before. "": its people have several clocks. */
static const struct {
	const char *country, *zone, *regions;
} groups[] = {
    {"AU", "Australia/Sydney", "ACT NSW"},
    {"AU", "Australia/Melbourne", "VIC"},
    {"AU", "Australia/Brisbane", "QLD"},
    {"AU", "Australia/Hobart", "TAS"},
    {"AU", "Australia/Adelaide", "SA"},
    {"AU", "Australia/Darwin", "NT"},
    {"AU", "Australia/Perth", "WA"},
    {"BR", "America/Rio_Branco", "AC"},
    {"BR", "America/Manaus", "AM"},
    {"BR", "America/Porto_Velho", "RO"},
    {"BR", "America/Boa_Vista", "RR"},
    {"BR", "America/Cuiaba", "MT"},
    {"BR", "America/Campo_Grande", "MS"},
    {"BR", "America/Belem", "AP PA"},
    {"BR", "America/Fortaleza", "CE MA PB PI RN"},
    {"BR", "America/Recife", "PE"},
    {"BR", "America/Maceio", "AL SE"},
    {"BR", "America/Bahia", "BA"},
    {"BR", "America/Araguaina", "TO"},
    {"BR", "America/Sao_Paulo", "DF ES GO MG PR RJ RS SC SP"},
    {"CA", "America/St_Johns", "NL"},
    {"CA", "America/Halifax", "NS PE"},
    {"CA", "America/Moncton", "NB"},
    {"CA", "America/Toronto", "ON QC"},
    {"CA", "America/Winnipeg", "MB"},
    {"CA", "America/Regina", "SK"},
    {"CA", "America/Edmonton", "AB NT"},
    {"CA", "America/Vancouver", "BC"},
    {"CA", "America/Whitehorse", "YT"},
    {"CA", "", "NU"},
    {"CL", "America/Punta_Arenas", "MA"},
    {"CL", "", "AI"}, /* went the way of Magallanes in 2025, which older tzdata does not know */
    {"CL", "America/Santiago", "AN AP AR AT BI CO LI LL LR ML NB RM TA VS"},
    {"EC", "Pacific/Galapagos", "W"},
    {"EC", "America/Guayaquil", "*"},
    {"ES", "Atlantic/Canary", "CN GC TF"},
    {"ES", "Africa/Ceuta", "CE ML"},
    {"ES", "Europe/Madrid", "*"},
    {"ID", "Asia/Jakarta", "AC BB BE BT JA JB JI JK JT KR LA RI SB SS SU YO"},
    {"ID", "Asia/Pontianak", "KB KT"},
    {"ID", "Asia/Makassar", "BA GO KI KS KU NB NT SA SG SN SR ST"},
    {"ID", "Asia/Jayapura", "MA MU PA PB PD PE PS PT"},
    {"MX", "America/Tijuana", "BCN"},
    {"MX", "America/Hermosillo", "SON"},
    {"MX", "America/Mazatlan", "BCS SIN"},
    {"MX", "America/Cancun", "ROO"},
    {"MX", "America/Merida", "CAM YUC"},
    {"MX", "America/Monterrey", "DUR NLE"},
    {"MX", "", "CHH COA NAY TAM"},
    {"MX", "America/Mexico_City",
     "AGU CHP CMX COL GRO GUA HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC"},
    {"NZ", "Pacific/Chatham", "CIT"},
    {"NZ", "Pacific/Auckland", "*"},
    {"PT", "Atlantic/Azores", "20"},
    {"PT", "Atlantic/Madeira", "30"},
    {"PT", "Europe/Lisbon", "*"},
    {"RU", "Europe/Kaliningrad", "KGD"},
    {"RU", "Europe/Moscow",
     "AD ARK BEL BRY CE CU DA IN IVA KB KC KDA KL KLU KO KOS KR KRS LEN LIP ME MO MOS MOW MUR NEN "
     "NGR NIZ ORL PNZ PSK ROS RYA SE SMO SPE STA TA TAM TUL TVE VLA VLG VOR YAR"},
    {"RU", "Europe/Kirov", "KIR"},
    {"RU", "Europe/Volgograd", "VGG"},
    {"RU", "Europe/Astrakhan", "AST"},
    {"RU", "Europe/Saratov", "SAR"},
    {"RU", "Europe/Ulyanovsk", "ULY"},
    {"RU", "Europe/Samara", "SAM UD"},
    {"RU", "Asia/Yekaterinburg", "BA CHE KGN KHM ORE PER SVE TYU YAN"},
    {"RU", "Asia/Omsk", "OMS"},
    {"RU", "Asia/Novosibirsk", "NVS"},
    {"RU", "Asia/Barnaul", "AL ALT"},
    {"RU", "Asia/Tomsk", "TOM"},
    {"RU", "Asia/Novokuznetsk", "KEM"},
    {"RU", "Asia/Krasnoyarsk", "KK KYA TY"},
    {"RU", "Asia/Irkutsk", "BU IRK"},
    {"RU", "Asia/Chita", "ZAB"},
    {"RU", "Asia/Yakutsk", "AMU"},
    {"RU", "", "SA"},
    {"RU", "Asia/Vladivostok", "KHA PRI YEV"},
    {"RU", "Asia/Sakhalin", "SAK"},
    {"RU", "Asia/Magadan", "MAG"},
    {"RU", "Asia/Kamchatka", "KAM"},
    {"RU", "Asia/Anadyr", "CHU"},
    {"US", "America/New_York", "CT DC DE FL GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV"},
    {"US", "America/Detroit", "MI"},
    {"US", "America/Chicago", "AL AR IA IL KS LA MN MO MS NE OK TX WI"},
    {"US", "America/Denver", "CO MT NM UT WY"},
    {"US", "America/Phoenix", "AZ"},
    {"US", "America/Los_Angeles", "CA NV OR WA"},
    {"US", "America/Anchorage", "AK"},
    {"US", "Pacific/Honolulu", "HI"},
    {"US", "America/Puerto_Rico", "PR VI"},
    {"US", "Pacific/Guam", "GU MP"},
    {"US", "Pacific/Pago_Pago", "AS"},
    {"US", "", "ID IN KY ND SD TN"},
};

/* What shops write for Mexico's states: Shopify's codes, then WooCommerce's. */
static const char *const mexican[][2] = {
    {"AGS", "AGU"},  {"BC", "BCN"},   {"CAMP", "CAM"}, {"CHIH", "CHH"},  {"CHIS", "CHP"},
    {"DF", "CMX"},   {"COAH", "COA"}, {"DGO", "DUR"},  {"GTO", "GUA"},   {"HGO", "HID"},
    {"MICH", "MIC"}, {"NL", "NLE"},   {"QRO", "QUE"},  {"Q ROO", "ROO"}, {"TAMPS", "TAM"},
    {"TLAX", "TLA"}, {"AG", "AGU"},   {"BS", "BCS"},   {"CM", "CAM"},    {"CS", "CHP"},
    {"CH", "CHH"},   {"CO", "COA"},   {"CL", "COL"},   {"DG", "DUR"},    {"GT", "GUA"},
    {"GR", "GRO"},   {"HG", "HID"},   {"JA", "JAL"},   {"MX", "MEX"},    {"MI", "MIC"},
    {"MO", "MOR"},   {"NA", "NAY"},   {"OA", "OAX"},   {"PU", "PUE"},    {"QT", "QUE"},
    {"QR", "ROO"},   {"SL", "SLP"},   {"SI", "SIN"},   {"SO", "SON"},    {"TB", "TAB"},
    {"TM", "TAM"},   {"TL", "TLA"},   {"VE", "VER"},   {"YU", "YUC"},    {"ZA", "ZAC"},
};

enum { CODE_MAX_BYTES = 5 };

static bool stands_in(const char *regions, const char *code)
{
	size_t len = strlen(code);

	for (const char *at = regions; (at = strstr(at, code)); at += len)
		if ((at == regions || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* NULL: it is no region of a country that is here. */
static const char *zone_of(const char *country, const char *code)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (strcmp(groups[i].country, country) == 0 &&
		    (groups[i].regions[0] == '*' || stands_in(groups[i].regions, code)))
			return groups[i].zone;
	return NULL;
}

/* Letters in capitals, digits and blanks; false when it is anything else, or too long. */
static bool read_code(struct slice text, char ret[CODE_MAX_BYTES + 1])
{
	if (text.len == 0 || text.len > CODE_MAX_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.bytes[i];

		ret[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		if (!(ret[i] >= 'A' && ret[i] <= 'Z') && !(c >= '0' && c <= '9') && c != ' ')
			return false;
	}
	ret[text.len] = '\0';
	return true;
}

static const char *in_iso(const char *country, const char *code)
{
	if (strcmp(country, "MX") != 0)
		return code;
	for (size_t i = 0; i < sizeof(mexican) / sizeof(*mexican); i++)
		if (strcmp(mexican[i][0], code) == 0)
			return mexican[i][1];
	return code;
}

bool region_of(struct slice alpha2, struct slice province, char ret[REGION_BYTES])
{
	enum { ISO_CODE_MAX_BYTES = 3 };
	char country[CODE_MAX_BYTES + 1], code[CODE_MAX_BYTES + 1];
	const char *region;

	province = slice_trim(province, " \t\r\n");
	if (alpha2.len != 2 || !read_code(alpha2, country))
		return false;
	if (province.len > 3 && province.bytes[2] == '-' && memcmp(province.bytes, country, 2) == 0)
		province = slice_of(province.bytes + 3, province.len - 3);
	if (!read_code(province, code))
		return false;
	region = in_iso(country, code);
	if (strlen(region) > ISO_CODE_MAX_BYTES || strchr(region, ' ') || !zone_of(country, region))
		return false;
	memcpy(ret, country, 2);
	ret[2] = '-';
	memcpy(ret + 3, region, strlen(region) + 1);
	return true;
}

const char *region_zone(struct slice region)
{
	char found[REGION_BYTES];

	if (region.len <= 3 || !region_of(slice_of(region.bytes, 2), region, found))
		return "";
	return zone_of((const char[]){found[0], found[1], '\0'}, found + 3);
}
