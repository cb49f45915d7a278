/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_header.c - every field of the headers, of whole packets, cut ones and misleading ones. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 192.0.2.1.40000 > 192.0.2.2.7001: S, 0 bytes, with the options Linux sends. */
static const uint8_t syn[] = {
	0x45, 0x10, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x74, 0xc0, 0x00, 0x02,
	0x01, 0xc0, 0x00, 0x02, 0x02, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00,
	0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0x0d, 0x08, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
	0x02, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07};

/* As on loopback: P. and 5 bytes, whose checksum is the pseudo header's. */
static const uint8_t data[] = {
	0x45, 0x00, 0x00, 0x39, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0x2a, 0x89, 0x7f, 0x00, 0x00,
	0x01, 0x7f, 0x00, 0x00, 0x01, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0xa0, 0xb0,
	0xc0, 0xd0, 0x80, 0x18, 0x02, 0x00, 0xfe, 0x2d, 0x00, 0x00, 0x01, 0x01, 0x08, 0x0a, 0x00,
	0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 'h',	'e',  'l',  'l',  'o'};

static void test_fields(void **unused)
{
	struct header header;

	(void)unused;
	assert_true(header_decode(syn, sizeof(syn), sizeof(syn), &header));
	assert_int_equal(header.ip_len, 20);
	assert_int_equal(header.tos, 0x10);
	assert_int_equal(header.total, 60);
	assert_int_equal(header.id, 0x1234);
	assert_true(header.df);
	assert_false(header.mf);
	assert_int_equal(header.offset, 0);
	assert_int_equal(header.ttl, 64);
	assert_int_equal(header.protocol, 6);
	assert_int_equal(header.ip_sum, 0xa474);
	assert_int_equal(header.ip_check, CHECKSUM_RIGHT);
	assert_memory_equal(header.src, "\xc0\0\2\1", 4);
	assert_memory_equal(header.dst, "\xc0\0\2\2", 4);
	assert_true(header.quoted && header.tcp && !header.icmp);
	assert_int_equal(header.sport, 40000);
	assert_int_equal(header.dport, 7001);
	assert_int_equal(header.seq, 0x01020304);
	assert_int_equal(header.ack, 0);
	assert_int_equal(header.tcp_len, 40);
	assert_int_equal(header.flags, TH_S);
	assert_int_equal(header.win, 64240);
	assert_int_equal(header.tcp_check, CHECKSUM_RIGHT);
	assert_int_equal(header.options_len, 20);
	assert_null(header.payload);
	assert_int_equal(header.payload_full, 0);
}

static void test_options(void **unused)
{
	static const struct {
		uint8_t kind;
		unsigned len;
		const char *data;
	} expected[] = {{TCP_OPTION_MSS, 2, "\x05\xb4"},
			{TCP_OPTION_SACK_OK, 0, ""},
			{TCP_OPTION_TIMESTAMPS, 8, "\0\0\0\x64\0\0\0\0"},
			{TCP_OPTION_NOP, 0, ""},
			{TCP_OPTION_WSCALE, 1, "\7"}};
	struct tcp_option option;
	struct header header;
	unsigned at = 0;

	(void)unused;
	assert_true(header_decode(syn, sizeof(syn), sizeof(syn), &header));
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(header_option(&header, &at, &option));
		assert_true(option.whole);
		assert_int_equal(option.kind, expected[i].kind);
		assert_int_equal(option.len, expected[i].len);
		if (option.len)
			assert_memory_equal(option.data, expected[i].data, option.len);
	}
	assert_false(header_option(&header, &at, &option));
}

static void test_payload(void **unused)
{
	struct header header;

	(void)unused;
	assert_true(header_decode(data, sizeof(data), sizeof(data), &header));
	assert_int_equal(header.ack, 0xa0b0c0d0);
	assert_int_equal(header.ip_check, CHECKSUM_RIGHT);
	assert_int_equal(header.tcp_check, CHECKSUM_LEFT);
	assert_int_equal(header.payload_len, 5);
	assert_int_equal(header.payload_full, 5);
	assert_memory_equal(header.payload, "hello", 5);
	/* A frame may be longer than the packet in it. */
	assert_true(header_decode(data, sizeof(data) - 3, sizeof(data), &header));
	assert_int_equal(header.payload_len, 2);
	assert_int_equal(header.payload_full, 5);
}

static void test_checksums(void **unused)
{
	uint8_t packet[sizeof(syn)];
	struct header header;

	(void)unused;
	for (size_t i = 0; i < sizeof(syn); i++) {
		memcpy(packet, syn, sizeof(syn));
		packet[i] ^= 0x20;
		if (!header_decode(packet, sizeof(packet), sizeof(packet), &header))
			continue; /* no longer IPv4 */
		if (i < 20)
			assert_int_equal(header.ip_check, CHECKSUM_WRONG);
		else
			assert_int_equal(header.ip_check, CHECKSUM_RIGHT);
		if (i >= 20 && header.tcp)
			assert_int_equal(header.tcp_check, CHECKSUM_WRONG);
	}
	/* What is not all there is not judged. */
	assert_true(header_decode(syn, sizeof(syn) - 1, sizeof(syn), &header));
	assert_int_equal(header.tcp_check, CHECKSUM_UNKNOWN);
	assert_int_equal(header.options_len, 19);
}

static void test_cut(void **unused)
{
	struct header header;

	(void)unused;
	for (size_t have = 0; have < sizeof(syn); have++) {
		assert_int_equal(header_decode(syn, have, sizeof(syn), &header), have >= 20);
		assert_int_equal(header.quoted, have >= 28);
		assert_int_equal(header.tcp, have >= 40);
	}
	assert_false(header_decode(NULL, 0, 0, &header));
}

/* What ICMP quotes: the header and eight bytes. */
static void test_icmp(void **unused)
{
	uint8_t packet[56] = {0x45, 0,	 0, 56, 0,   0,	  0, 0, 64, 1, 0,
			      0,    192, 0, 2,	254, 192, 0, 2, 1,  3, 1};
	struct header header, about;

	(void)unused;
	memcpy(packet + 28, syn, 28);
	assert_true(header_decode(packet, sizeof(packet), sizeof(packet), &header));
	assert_true(header.icmp && !header.tcp && !header.quoted);
	assert_int_equal(header.icmp_type, 3);
	assert_int_equal(header.icmp_code, 1);
	assert_int_equal(header.payload_len, 28);
	assert_true(header_decode(header.payload, header.payload_len, header.payload_len, &about));
	assert_true(about.quoted && !about.tcp);
	assert_int_equal(about.dport, 7001);
	assert_int_equal(about.seq, 0x01020304);
}

static void test_misleading(void **unused)
{
	uint8_t packet[sizeof(syn)];
	struct tcp_option option;
	struct header header;
	unsigned at = 0;

	(void)unused;
	memcpy(packet, syn, sizeof(syn));
	packet[32] = 0xf0; /* a TCP header longer than the packet */
	assert_true(header_decode(packet, sizeof(packet), sizeof(packet), &header));
	assert_true(header.quoted && !header.tcp);
	packet[32] = 0x40; /* ... and shorter than any */
	assert_true(header_decode(packet, sizeof(packet), sizeof(packet), &header));
	assert_false(header.tcp);
	memcpy(packet, syn, sizeof(syn));
	packet[7] = 1; /* a later fragment has no TCP header */
	assert_true(header_decode(packet, sizeof(packet), sizeof(packet), &header));
	assert_int_equal(header.offset, 8);
	assert_false(header.quoted || header.tcp);
	packet[0] = 0x4f; /* options beyond the end */
	assert_false(header_decode(packet, 40, 40, &header));
	packet[0] = 0x60;
	assert_false(header_decode(packet, sizeof(packet), sizeof(packet), &header));
	/* An option of no length, one that is too long: the list ends with it. */
	memcpy(packet, syn, sizeof(syn));
	for (int len = 0; len < 256; len++) {
		if (len >= 2 && len <= 18)
			continue;
		packet[43] = 0xff;
		packet[42] = 99;
		packet[40] = packet[41] = 1;
		packet[43] = (uint8_t)len;
		at = 0;
		assert_true(header_decode(packet, sizeof(packet), sizeof(packet), &header));
		assert_true(header_option(&header, &at, &option) && option.whole);
		assert_true(header_option(&header, &at, &option) && option.whole);
		assert_true(header_option(&header, &at, &option));
		assert_false(option.whole);
		assert_int_equal(option.kind, 99);
		assert_int_equal(option.len, 17);
		assert_false(header_option(&header, &at, &option));
	}
}

/* Segmentation offload: more than 64 KiB in one, total length 0. */
static void test_giant(void **unused)
{
	uint8_t head[52];
	struct header header;

	(void)unused;
	memcpy(head, data, 52);
	head[2] = head[3] = 0;
	assert_true(header_decode(head, 52, 52 + 100000, &header));
	assert_int_equal(header.total, 0);
	assert_int_equal(header.payload_full, 100000);
	assert_int_equal(header.tcp_check, CHECKSUM_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),	   cmocka_unit_test(test_options),
		cmocka_unit_test(test_payload),	   cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_cut),	   cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_misleading), cmocka_unit_test(test_giant),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
