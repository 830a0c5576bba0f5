/* Any bytes of a DNS server: bounded lists of host names and addresses that may stand in a URL. */
#include <string.h>

#include "common/io/smtp/dns_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char host_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-._";
	struct dns_address_list addresses = {0};
	struct dns_mx_list list;

	if (dns_answer_mx(data, size, &list) == 0) {
		if (list.count > DNS_MX_MAX || (list.is_null && list.count))
			__builtin_trap();
		dns_mx_sort(&list, size);
		for (unsigned i = 0; i < list.count; i++)
			if (!list.mx[i].host[0] ||
			    list.mx[i].host[strspn(list.mx[i].host, host_letters)] ||
			    (i && list.mx[i - 1].preference > list.mx[i].preference))
				__builtin_trap();
	}
	if (dns_answer_addresses(data, size, &addresses) == 0)
		for (unsigned i = 0; i < addresses.count; i++)
			if (i >= DNS_ADDRESSES_MAX || !addresses.address[i].text[0] ||
			    strspn(addresses.address[i].text, "0123456789abcdef:.") !=
				strlen(addresses.address[i].text))
				__builtin_trap();
	return 0;
}
