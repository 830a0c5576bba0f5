/* currency.c - see currency.h. */
#include "currency.h"

static const struct {
	int decimals;
	const char *codes; /* each with a blank behind it */
} groups[] = {
    /* What most shops sell in comes first: the search begins here. */
    {2, "EUR USD GBP CHF AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV "
	"BRL BSD BTN BWP BYN BZD CAD CDF CHE CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN "
	"ETB FJD FKP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW "
	"KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN "
	"NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
	"SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USN UYU UZS VED "
	"VES WST XAD XCD XCG YER ZAR ZMW ZWG "
	/* withdrawn */
	"ANG CUC EEK GHC HRK LTL LVL MRO SKK SLL STD VEB VEF ZMK ZWL "},
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR "},
    {3, "BHD IQD JOD KWD LYD OMR TND "},
    {4, "CLF UYW "},
};

static bool has_code(const char *codes, struct slice code)
{
	/* The first bytes differ nearly always, which saves a call. */
	for (; *codes; codes += 4) {
		if ((uint8_t)codes[0] == code.bytes[0] && memcmp(codes, code.bytes, 3) == 0)
			return true;
	}
	return false;
}

int currency_decimals(struct slice code)
{
	for (size_t i = 0; code.len == 3 && i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (has_code(groups[i].codes, code))
			return groups[i].decimals;
	}
	return -1;
}

bool currency_fits(struct slice code, struct slice amount)
{
	int decimals = currency_decimals(code), written, meant;
	const uint8_t *point = amount.len ? memchr(amount.bytes, '.', amount.len) : NULL;

	if (decimals < 0 || !point)
		return true;
	written = meant = (int)(amount.bytes + amount.len - point - 1);
	if (written <= decimals)
		return true;
	while (meant > 0 && point[meant] == '0')
		meant--;
	return meant <= decimals && written != 3;
}
