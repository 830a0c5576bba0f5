/* dkim_test_keys.h - keys of the RFCs' examples, and keys that nobody should sign with. */
#ifndef NURTURE_TESTS_DKIM_TEST_KEYS_H
#define NURTURE_TESTS_DKIM_TEST_KEYS_H

/* RFC 6376 appendix C: s=brisbane */
__attribute__((unused)) static const char dkim_rfc6376_key[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIICXwIBAAKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC\n"
    "jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb\n"
    "to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\n"
    "AoGBALmn+XwWk7akvkUlqb+dOxyLB9i5VBVfje89Teolwc9YJT36BGN/l4e0l6QX\n"
    "/1//6DWUTB3KI6wFcm7TWJcxbS0tcKZX7FsJvUz1SbQnkS54DJck1EZO/BLa5ckJ\n"
    "gAYIaqlA9C0ZwM6i58lLlPadX/rtHb7pWzeNcZHjKrjM461ZAkEA+itss2nRlmyO\n"
    "n1/5yDyCluST4dQfO8kAB3toSEVc7DeFeDhnC1mZdjASZNvdHS4gbLIA1hUGEF9m\n"
    "3hKsGUMMPwJBAPW5v/U+AWTADFCS22t72NUurgzeAbzb1HWMqO4y4+9Hpjk5wvL/\n"
    "eVYizyuce3/fGke7aRYw/ADKygMJdW8H/OcCQQDz5OQb4j2QDpPZc0Nc4QlbvMsj\n"
    "7p7otWRO5xRa6SzXqqV3+F0VpqvDmshEBkoCydaYwc2o6WQ5EBmExeV8124XAkEA\n"
    "qZzGsIxVP+sEVRWZmW6KNFSdVUpk3qzK0Tz/WjQMe5z0UunY9Ax9/4PVhp/j61bf\n"
    "eAYXunajbBSOLlx4D+TunwJBANkPI5S9iylsbLs6NkaMHV6k5ioHBBmgCak95JGX\n"
    "GMot/L2x0IYyMLAz6oLWh2hm7zwtb0CgOrPo1ke44hFYnfc=\n"
    "-----END RSA PRIVATE KEY-----\n";
/* RFC 8463 A.1: s=test */
__attribute__((unused)) static const char dkim_rfc8463_rsa_key[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi\n"
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM\n"
    "KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\n"
    "AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm\n"
    "6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe\n"
    "zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy\n"
    "6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc\n"
    "uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy\n"
    "WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd\n"
    "WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a\n"
    "licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst\n"
    "o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe\n"
    "uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL\n"
    "-----END RSA PRIVATE KEY-----\n";
/* RFC 8463 A.1: s=brisbane, the seed of RFC 8032 7.1 in PKCS#8 */
__attribute__((unused)) static const char dkim_rfc8463_ed25519_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
/* too short */
__attribute__((unused)) static const char dkim_rsa_768_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIB5AIBADANBgkqhkiG9w0BAQEFAASCAc4wggHKAgEAAmEA21l/8plBFEnWTA62\n"
    "o2cCFnATfKOPdrdXsQW7eBsodwmiK2G3xqGpdc8EBz6kwu615j6CuuUyws4mmu1i\n"
    "kr51CYxaPaLOfRs33POKwPGYc6jLby38dShtzSw3T9uwtQxFAgMBAAECYBSBvouA\n"
    "tmveJ1G/AmYuaCyO19OMOwpfQ6yCG6+z4kmWtfmWTicc0An6i6bdvWuYA28sfsnN\n"
    "fRrqI8TFIS87mcBZU3uIptrUQkpVEJAcPMLAeTHpGIKiH/RSZVfqq9/RoQIxAPIt\n"
    "iSbDyb/0bXw3Qui8LiaKwz2k3YevFt0sBgAKfZNlEUOU5RwfYWUeY7qju6FZ6QIx\n"
    "AOfea4GmsxMCjsGqoq2cdEOv6ZwAWS90BVCHmJfBbDoAy1OnsonaL5w5tj0ZYaYJ\n"
    "/QIwYVk8kICTUL4IZK4yDyvVwVh2Mwlao3gWUMGph8qvv9gYoHnxvuQ+Wk9k91lp\n"
    "yupBAjEA0oYwNleU3/3CgDTd36PeLFbcVLg8QcmlyahT8/W6vi9abWolwORJth7w\n"
    "SClzb75BAjAloVKv/y+4JF9qhnzwur3xnYqxb7jj7oVdZQ4rSgUrltCOjQiQIX8L\n"
    "GFMgKpedLtk=\n"
    "-----END PRIVATE KEY-----\n";
/* of no DKIM algorithm */
__attribute__((unused)) static const char dkim_p256_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwvBsAkNQgRmpzXVM\n"
    "u+9MILXCRCiqVX9u40u5XbgbVMqhRANCAASeqyo6t2VCAgNwQXRa8lRwtWAuNocN\n"
    "X8ogMtCrIosk0Q1Mq/yh7jiJIG+gMIGVOTMtMflJVV27mYIQXOJtKjVL\n"
    "-----END PRIVATE KEY-----\n";
/* the passphrase is "secret" */
__attribute__((unused)) static const char dkim_encrypted_key[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh/D32fmwQQkwICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPirUiZYj/UgJ6wvx/VWPhgEQGg/\n"
    "R3QlnWGHTg/ygyjfTIfXgpyJ14YKTjCwZ//WSGpJY3cdD/jv7KjETOBq8yVREJpd\n"
    "VNi95zYspOiQTbGAIkc=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

#endif
