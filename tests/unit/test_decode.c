/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_decode.c - IPv4 and TCP headers, whole, cut short, and made to mislead. */
#include "decode.h"
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As tcpdump captured it: 127.0.0.1.40000 > 127.0.0.1.7001, P., 5 bytes. */
static const uint8_t data[] = {
	0x45, 0x00, 0x00, 0x39, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00, 0x7f, 0x00, 0x00,
	0x01, 0x7f, 0x00, 0x00, 0x01, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0xa0, 0xb0,
	0xc0, 0xd0, 0x80, 0x18, 0x02, 0x00, 0xfe, 0x2d, 0x00, 0x00, 0x01, 0x01, 0x08, 0x0a, 0x00,
	0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 'h',	'e',  'l',  'l',  'o'};

static void test_whole(void **unused)
{
	struct packet packet;

	(void)unused;
	assert_true(packet_decode(data, sizeof(data), sizeof(data), &packet));
	assert_int_equal(packet.sport, 40000);
	assert_int_equal(packet.dport, 7001);
	assert_int_equal(packet.seq, 0x01020304);
	assert_int_equal(packet.ack, 0xa0b0c0d0);
	assert_int_equal(packet.len, 5);
	assert_int_equal(packet.win, 512);
	assert_int_equal(packet.flags, TH_P | TH_A);
	assert_memory_equal(&packet.src, "\x7f\0\0\1", 4);
	assert_ptr_equal(packet.raw, data);
	assert_int_equal(packet.raw_len, sizeof(data));
	assert_int_equal(packet.raw_full, sizeof(data));
}

/* The snap length cuts the payload, never the numbers. */
static void test_snapped(void **unused)
{
	struct packet packet;

	(void)unused;
	assert_true(packet_decode(data, sizeof(data) - 5, sizeof(data), &packet));
	assert_int_equal(packet.len, 5);
	assert_int_equal(packet.raw_len, sizeof(data) - 5);
	assert_int_equal(packet.raw_full, sizeof(data));
	/* Within the options: the fixed header is enough. */
	assert_true(packet_decode(data, 40, sizeof(data), &packet));
	assert_int_equal(packet.len, 5);
	for (size_t len = 0; len < 40; len++)
		assert_false(packet_decode(data, len, sizeof(data), &packet));
}

/* A frame may be longer than the packet in it. */
static void test_padded(void **unused)
{
	uint8_t frame[sizeof(data) + 10] = {0};
	struct packet packet;

	(void)unused;
	memcpy(frame, data, sizeof(data));
	assert_true(packet_decode(frame, sizeof(frame), sizeof(frame), &packet));
	assert_int_equal(packet.len, 5);
	assert_int_equal(packet.raw_len, sizeof(data));
	assert_int_equal(packet.raw_full, sizeof(data));
}

/* Generic segmentation: more than 64 KiB in one, total length 0. */
static void test_giant(void **unused)
{
	uint8_t head[60];
	struct packet packet;

	(void)unused;
	memcpy(head, data, 52);
	head[2] = head[3] = 0;
	assert_true(packet_decode(head, 52, 52 + 100000, &packet));
	assert_int_equal(packet.len, 100000);
	assert_int_equal(packet.raw_full, 100052);
}

static void assert_refused(size_t at, uint8_t value)
{
	uint8_t bad[sizeof(data)];
	struct packet packet;

	memcpy(bad, data, sizeof(data));
	bad[at] = value;
	assert_false(packet_decode(bad, sizeof(bad), sizeof(bad), &packet));
}

static void test_refused(void **unused)
{
	(void)unused;
	assert_refused(0, 0x65);  /* IPv6 */
	assert_refused(0, 0x44);  /* a header of 16 bytes */
	assert_refused(0, 0x4f);  /* of 60: no room for TCP's */
	assert_refused(9, 17);	  /* UDP */
	assert_refused(6, 0x20);  /* more fragments */
	assert_refused(7, 0x01);  /* not the first fragment */
	assert_refused(2, 0x10);  /* longer than it is */
	assert_refused(3, 51);	  /* shorter than both headers */
	assert_refused(32, 0x40); /* TCP header of 16 bytes */
	assert_refused(32, 0xf0); /* of 60 */
}

/* Any bytes at all: never beyond `len`, lengths that agree. The address sanitizer watches. */
static void test_noise(void **unused)
{
	unsigned seed = 1;
	struct packet packet;

	(void)unused;
	for (int i = 0; i < 200000; i++) {
		size_t len = (size_t)(rand_r(&seed) % 80), full = len + (size_t)(rand_r(&seed) % 9);
		uint8_t *noise = malloc(len ? len : 1);

		for (size_t at = 0; at < len; at++)
			noise[at] = at < sizeof(data) && rand_r(&seed) % 8 ? data[at]
									   : (uint8_t)rand_r(&seed);
		if (packet_decode(noise, len, full, &packet)) {
			assert_true(packet.raw_len <= len && packet.raw_len <= packet.raw_full);
			assert_true(packet.raw_full <= full);
			assert_true(packet.len + 40 <= packet.raw_full);
		}
		free(noise);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	cmocka_unit_test(test_snapped),
		cmocka_unit_test(test_padded),	cmocka_unit_test(test_giant),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
