/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_header_fuzz.c - packets mutated in seeded ways: decoding stays inside the bytes there are.
 *
 * Run it with SANITIZE=address,undefined: each packet lies in memory of exactly its size. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 200000

static const uint8_t seeds[][60] = {
	{0x45, 0x10, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x74, 0xc0, 0x00, 0x02,
	 0x01, 0xc0, 0x00, 0x02, 0x02, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00,
	 0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0x0d, 0x08, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
	 0x02, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07},
	{0x45, 0x00, 0x00, 0x3c, 0x00, 0x00, 0x00, 0x00, 0x40, 0x01, 0x00, 0x00,
	 0xc0, 0x00, 0x02, 0xfe, 0xc0, 0x00, 0x02, 0x01, 0x03, 0x01, 0x00, 0x00,
	 0x00, 0x00, 0x00, 0x00, 0x45, 0x00, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00,
	 0x40, 0x06, 0x00, 0x00, 0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02},
};

static unsigned touch(const uint8_t *at, size_t len)
{
	unsigned sum = 0;

	while (len--)
		sum += *at++;
	return sum;
}

static void look(const uint8_t *raw, size_t have, size_t full, int depth)
{
	struct tcp_option option;
	struct header header;
	unsigned at = 0, count = 0, sum = 0;

	if (!header_decode(raw, have, full, &header))
		return;
	assert_in_range(header.ip_len, 20, have);
	assert_true(header.payload_len <= have);
	assert_true(!header.tcp || header.quoted);
	assert_false(header.tcp && header.icmp);
	if (header.payload)
		sum += touch(header.payload, header.payload_len);
	while (header_option(&header, &at, &option)) {
		assert_true(at <= header.options_len);
		assert_true(++count <= 40);
		sum += touch(option.data, option.len);
	}
	assert_true(sum < 255 * 4096);
	if (header.icmp && depth)
		look(header.payload, header.payload_len, header.payload_full, depth - 1);
}

static void test_mutated(void **unused)
{
	unsigned seed = 1;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		size_t have = (size_t)rand_r(&seed) % 61, full;
		uint8_t *raw = malloc(have ? have : 1);

		assert_non_null(raw);
		memcpy(raw, seeds[rand_r(&seed) % 2], have);
		for (int i = rand_r(&seed) % 8; i > 0 && have; i--)
			raw[(size_t)rand_r(&seed) % have] = (uint8_t)rand_r(&seed);
		full = rand_r(&seed) % 2 ? have : (size_t)rand_r(&seed) % 200000;
		look(raw, have, full, 2);
		free(raw);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_mutated)};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("header fuzz", tests, NULL, NULL);
}
