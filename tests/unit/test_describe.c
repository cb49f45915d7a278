/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_describe.c - a line for any packet that is not a TCP segment. */
#include "decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An IPv4 header from 192.0.2.1 to 192.0.2.2 and a body. */
static size_t packet_make(uint8_t *raw, unsigned protocol, unsigned fragment, const void *body,
			  size_t len)
{
	static const uint8_t head[20] = {0x45, 0, 0,   0, 0, 7, 0,   0, 64, 0,
					 0,    0, 192, 0, 2, 1, 192, 0, 2,  2};

	memcpy(raw, head, sizeof(head));
	raw[2] = (uint8_t)((len + 20) >> 8);
	raw[3] = (uint8_t)(len + 20);
	raw[6] = (uint8_t)(fragment >> 8);
	raw[7] = (uint8_t)fragment;
	raw[9] = (uint8_t)protocol;
	if (len)
		memcpy(raw + 20, body, len);
	return len + 20;
}

static void assert_line(const uint8_t *raw, size_t len, const char *expected)
{
	uint8_t *exact = malloc(len ? len : 1); /* of this size: the sanitizer sees a step beyond */
	char line[256];

	memcpy(exact, raw, len);
	assert_ptr_equal(packet_describe(exact, len, line, sizeof(line)), line);
	assert_string_equal(line, expected);
	free(exact);
}

static void assert_packet(unsigned protocol, unsigned fragment, const void *body, size_t len,
			  const char *expected)
{
	uint8_t raw[2048];

	assert_line(raw, packet_make(raw, protocol, fragment, body, len), expected);
}

static void test_protocols(void **unused)
{
	static const uint8_t udp[28] = {0x13, 0x88, 0, 53, 0, 28}, echo[64] = {8}, sctp[30] = {0};

	(void)unused;
	assert_packet(17, 0, udp, sizeof(udp), "UDP 192.0.2.1:5000 > 192.0.2.2:53 len 20");
	assert_packet(1, 0, echo, sizeof(echo), "ICMP echo-request 192.0.2.1 > 192.0.2.2 len 56");
	assert_packet(47, 0, udp, 28, "IPv4 protocol 47 192.0.2.1 > 192.0.2.2 len 28");
	assert_packet(132, 0, sctp, 30, "SCTP 192.0.2.1 > 192.0.2.2 len 30");
	assert_packet(2, 0, udp, 8, "IGMP 192.0.2.1 > 192.0.2.2 len 8");
	/* The do-not-fragment bit makes no fragment. */
	assert_packet(17, 0x4000, udp, sizeof(udp), "UDP 192.0.2.1:5000 > 192.0.2.2:53 len 20");
}

static void test_fragments(void **unused)
{
	static const uint8_t body[1480] = {0x13, 0x88, 0, 53};

	(void)unused;
	assert_packet(6, 0x2000, body, 1480,
		      "fragment of TCP 192.0.2.1 > 192.0.2.2 id 7 offset 0 len 1480, more follow");
	assert_packet(6, 185, body, 20,
		      "fragment of TCP 192.0.2.1 > 192.0.2.2 id 7 offset 1480 len 20, the last");
	assert_packet(99, 0x3fff, body, 4,
		      "fragment of IPv4 protocol 99 192.0.2.1 > 192.0.2.2 id 7 offset 65528 len 4,"
		      " more follow");
}

static void test_truncated(void **unused)
{
	static const uint8_t body[40] = {0x13, 0x88, 0x1b, 0x59, [12] = 0x40};
	uint8_t raw[2048] = {0};
	size_t len;

	(void)unused;
	assert_line(raw, 0, "empty packet");
	len = packet_make(raw, 6, 0, body, 40);
	assert_line(raw, 7, "truncated IPv4 header, 7 bytes");
	assert_line(raw, 1, "truncated IPv4 header, 1 bytes");
	assert_line(raw, 19, "truncated IPv4 header, 19 bytes");
	assert_line(raw, 27,
		    "TCP 192.0.2.1:5000 > 192.0.2.2:7001 header truncated, 7 of at least 20 bytes, "
		    "cut short: 27 of 60 bytes");
	assert_line(raw, 23,
		    "TCP 192.0.2.1 > 192.0.2.2 header truncated, 3 of at least 20 bytes, "
		    "cut short: 23 of 60 bytes");
	assert_line(raw, len,
		    "TCP 192.0.2.1:5000 > 192.0.2.2:7001 data offset 16 in a segment "
		    "of 40 bytes");
	raw[32] = 0xf0;
	assert_line(raw, len,
		    "TCP 192.0.2.1:5000 > 192.0.2.2:7001 data offset 60 in a segment "
		    "of 40 bytes");
	raw[32] = 0x50;
	assert_line(raw, len, "TCP 192.0.2.1:5000 > 192.0.2.2:7001 len 20");
	assert_line(raw, 45,
		    "TCP 192.0.2.1:5000 > 192.0.2.2:7001 len 20, cut short: 45 of 60 bytes");
	assert_packet(17, 0, body, 5,
		      "UDP 192.0.2.1:5000 > 192.0.2.2:7001 header truncated, 5 of 8 bytes");
	assert_packet(1, 0, body, 7, "ICMP 192.0.2.1 > 192.0.2.2 header truncated, 7 of 8 bytes");
	assert_packet(6, 0, body, 0,
		      "TCP 192.0.2.1 > 192.0.2.2 header truncated, 0 of at least 20 bytes");
	raw[0] = 0x4f; /* a header of 60 bytes in a packet of 60 */
	assert_line(raw, 59, "truncated IPv4 header, 59 bytes");
	raw[0] = 0x44;
	assert_line(raw, len, "IPv4 header length 16, less than 20, 60 bytes");
	raw[0] = 0x45;
	raw[2] = 0;
	raw[3] = 19;
	assert_line(raw, len, "IPv4 total length 19, less than its header, 60 bytes");
	raw[0] = 0x95;
	assert_line(raw, len, "not IP, version 9, 60 bytes");
}

static void test_ipv6(void **unused)
{
	/* A router solicitation, as a device with IPv6 on would open with. */
	static const uint8_t raw[48] = {0x60, 0,    0,	      0,    0,	  8,	    58, 255,
					0xfe, 0x80, [23] = 1, 0xff, 0x02, [39] = 2, 133};

	(void)unused;
	assert_line(raw, sizeof(raw), "IPv6 next header 58 fe80::1 > ff02::2 len 8");
	assert_line(raw, 39, "truncated IPv6 header, 39 bytes");
}

/* The router's answer: an error about a segment of which 8 bytes follow. */
static void test_icmp(void **unused)
{
	static const struct {
		uint8_t type, code;
		const char *name;
	} names[] = {
		{0, 0, "echo-reply"},	    {3, 0, "net-unreachable"}, {3, 1, "host-unreachable"},
		{3, 3, "port-unreachable"}, {3, 99, "unreachable"},    {8, 0, "echo-request"},
		{11, 0, "ttl-exceeded"},    {200, 3, "unknown"},
	};
	uint8_t raw[128], body[36] = {3, 1};

	(void)unused;
	packet_make(body + 8, 6, 0, "\x9c\x40\x1b\x59\0\0\0", 8);
	body[8 + 3] = 60; /* it was longer than what came back of it */
	assert_packet(1, 0, body, sizeof(body),
		      "ICMP host-unreachable 192.0.2.1 > 192.0.2.2 about TCP 192.0.2.1:40000 > "
		      "192.0.2.2:7001");
	assert_packet(1, 0, body, 20, "ICMP host-unreachable 192.0.2.1 > 192.0.2.2 len 12");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t len;

		body[0] = names[i].type;
		body[1] = names[i].code;
		len = packet_make(raw, 1, 0, body, sizeof(body));
		assert_string_equal(icmp_type_name(raw, len), names[i].name);
		assert_null(icmp_type_name(raw, 27));
		raw[9] = 6;
		assert_null(icmp_type_name(raw, len));
		raw[9] = 1;
		raw[7] = 1; /* the second fragment begins with something else */
		assert_null(icmp_type_name(raw, len));
	}
	body[0] = 200;
	body[1] = 3;
	assert_packet(1, 0, body, 8, "ICMP unknown type 200 code 3 192.0.2.1 > 192.0.2.2 len 0");
	assert_null(icmp_type_name(raw, 0));
}

static void test_small(void **unused)
{
	uint8_t raw[64];
	size_t len = packet_make(raw, 47, 0, "abcd", 4);
	char line[16] = "untouched";

	(void)unused;
	assert_ptr_equal(packet_describe(raw, len, line, 0), line);
	assert_string_equal(line, "untouched");
	packet_describe(raw, len, line, 1);
	assert_string_equal(line, "");
	packet_describe(raw, len, line, sizeof(line));
	assert_string_equal(line, "IPv4 protocol 4");
}

/* Any bytes: one printable line, nothing read beyond them. The address sanitizer watches. */
static void test_noise(void **unused)
{
	unsigned seed = 1;
	uint8_t head[64], inner[40] = {3, 1};

	(void)unused;
	packet_make(inner + 8, 6, 0, "12345678", 8);
	packet_make(head, 1, 0, inner, 40);
	for (int i = 0; i < 300000; i++) {
		size_t len = (size_t)(rand_r(&seed) % 64), size = 1 + (size_t)(rand_r(&seed) % 200);
		uint8_t *noise = malloc(len ? len : 1);
		char line[201];

		for (size_t at = 0; at < len; at++)
			noise[at] = rand_r(&seed) % 8 ? head[at] : (uint8_t)rand_r(&seed);
		packet_describe(noise, len, line, size);
		assert_true(strlen(line) < size);
		for (const char *c = line; *c; c++)
			assert_true(*c >= ' ' && *c <= '~');
		icmp_type_name(noise, len);
		free(noise);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protocols), cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_truncated), cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_icmp),	  cmocka_unit_test(test_small),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
