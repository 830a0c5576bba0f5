/* DNS answers: hosts in their order, null MX, what is no host's name, and who may be called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <arpa/inet.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/smtp/dns_answer.h"

static uint8_t packet[4096];
static size_t len;

static void put(const void *bytes, size_t count)
{
	memcpy(packet + len, bytes, count);
	len += count;
}

static void put16(unsigned number)
{
	const uint8_t bytes[2] = {(uint8_t)(number >> 8), (uint8_t)number};

	put(bytes, 2);
}

static void put_name(const char *name)
{
	for (const char *end; *name; name = *end ? end + 1 : end) {
		uint8_t part;

		end = strchrnul(name, '.');
		part = (uint8_t)(end - name);
		put(&part, 1);
		put(name, part);
	}
	put("", 1);
}

/* An answer about x.example with so many records to follow. */
static void begin(unsigned records)
{
	len = 0;
	put16(1), put16(0x8180), put16(1), put16(records), put16(0), put16(0);
	put_name("x.example");
	put16(15), put16(1);
}

static void record(unsigned type, unsigned data_len)
{
	put16(0xc00c), put16(type), put16(1), put16(0), put16(60), put16(data_len);
}

static void mx(unsigned preference, const char *host)
{
	record(15, (unsigned)(strlen(host) + (host[0] ? 4 : 3)));
	put16(preference);
	put_name(host);
}

static void hosts_in_order(void **state)
{
	struct dns_mx_list list, other;
	int first_a = 0, first_b = 0;

	(void)state;
	begin(5);
	mx(20, "c.example");
	mx(10, "a.example");
	mx(10, "b.example");
	mx(5, "127.0.0.1"); /* an address is no name (RFC 5321 5.1) */
	mx(1, "a b/c.example");
	assert_int_equal(dns_answer_mx(packet, len, &list), 0);
	assert_int_equal(list.count, 3);
	assert_false(list.is_null);
	for (uint64_t salt = 0; salt < 64; salt++) {
		other = list;
		dns_mx_sort(&other, salt << 58);
		assert_string_equal(other.mx[2].host, "c.example");
		assert_int_equal(other.mx[0].preference, 10);
		first_a += strcmp(other.mx[0].host, "a.example") == 0;
		first_b += strcmp(other.mx[0].host, "b.example") == 0;
	}
	/* Of equals not always the same one. */
	assert_true(first_a > 5 && first_b > 5);
}

static void null_mx(void **state)
{
	struct dns_mx_list list;

	(void)state;
	begin(1);
	mx(0, "");
	assert_int_equal(dns_answer_mx(packet, len, &list), 0);
	assert_true(list.is_null);
	assert_int_equal(list.count, 0);
	begin(2);
	mx(0, "");
	mx(10, "a.example");
	assert_int_equal(dns_answer_mx(packet, len, &list), 0);
	assert_false(list.is_null);
	assert_int_equal(list.count, 1);
}

static void too_many_and_broken(void **state)
{
	struct dns_address_list addresses = {0};
	struct dns_mx_list list;

	(void)state;
	begin(60);
	for (int i = 0; i < 60; i++)
		mx(1, "a.example");
	assert_int_equal(dns_answer_mx(packet, len, &list), 0);
	assert_int_equal(list.count, DNS_MX_MAX);
	for (size_t cut = 0; cut < 200; cut++)
		assert_int_equal(dns_answer_mx(packet, cut, &list), -1);
	begin(20);
	for (int i = 0; i < 20; i++) {
		record(1, 4);
		put("\x08\x08\x08\x08", 4);
	}
	assert_int_equal(dns_answer_addresses(packet, len, &addresses), 0);
	assert_int_equal(addresses.count, DNS_ADDRESSES_MAX);
	assert_string_equal(addresses.address[7].text, "8.8.8.8");
	assert_true(addresses.address[7].is_public);
}

static void who_may_be_called(void **state)
{
	static const struct {
		const char *address;
		bool is_public;
	} cases[] = {
	    {"8.8.8.8", true},
	    {"142.250.1.26", true},
	    {"172.32.0.1", true},
	    {"100.128.0.1", true},
	    {"0.0.0.0", false},
	    {"10.1.2.3", false},
	    {"100.64.0.1", false},
	    {"127.0.0.1", false},
	    {"127.9.9.9", false},
	    {"169.254.169.254", false},
	    {"172.16.0.1", false},
	    {"172.31.255.255", false},
	    {"192.168.1.1", false},
	    {"198.19.0.1", false},
	    {"192.0.2.1", false},
	    {"224.0.0.1", false},
	    {"255.255.255.255", false},
	    {"2a00:1450::1", true},
	    {"::1", false},
	    {"::", false},
	    {"::ffff:127.0.0.1", false},
	    {"fe80::1", false},
	    {"fd00::1", false},
	    {"ff02::1", false},
	    {"2001:db8::1", false},
	    {"2001::1", false},
	    {"64:ff9b::7f00:1", false},
	    {"2002:7f00:1::", false},
	    {"2002:808:808::1", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool is_v6 = strchr(cases[i].address, ':') != NULL;
		uint8_t bytes[16];

		assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, cases[i].address, bytes), 1);
		if (dns_is_public(bytes, is_v6 ? 16 : 4) != cases[i].is_public)
			fail_msg("%s", cases[i].address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts_in_order),
	    cmocka_unit_test(null_mx),
	    cmocka_unit_test(too_many_and_broken),
	    cmocka_unit_test(who_may_be_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
