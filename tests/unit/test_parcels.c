/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_parcels.c - what waits in mid-wire and what is next; loss that repeats; the router's ICMP.
 */
#include "wire.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define C SIDE_CLIENT
#define S SIDE_SERVER

struct bench {
	struct lab lab;
	struct conn conn, *conns[1];
	struct parcels held;
	uint32_t id;
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->conn = (struct conn){.id = 1, .channel = CHANNEL_TCP};
	bench->conns[0] = &bench->conn;
	bench->lab.conns = bench->conns;
	bench->lab.nconns = 1;
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	parcels_clear(&bench->held);
	free(bench);
	return 0;
}

static struct packet packet(unsigned flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	static const uint8_t bytes[64] = {0x45};

	return (struct packet){.flags = (uint8_t)flags,
			       .seq = seq,
			       .ack = ack,
			       .len = len,
			       .raw = bytes,
			       .raw_len = sizeof(bytes),
			       .raw_full = sizeof(bytes)};
}

/* As the wire does it: folded into the held one, or held as one more. Returns its id. */
static uint32_t hold(struct bench *bench, enum side from, struct packet one)
{
	struct parcel *parcel = parcel_like(&bench->lab, &bench->held, from, 1, &one);

	if (parcel) {
		parcel_renew(parcel, &one);
		return parcel->id;
	}
	parcel = parcel_add(&bench->held, HELD_MAX, &one);
	parcel->id = ++bench->id;
	parcel->conn = 1;
	parcel->from = from;
	return parcel->id;
}

static uint32_t next(struct bench *bench, enum side from, bool repeats)
{
	struct parcel *parcel = parcel_next(&bench->lab, &bench->held, from, repeats);
	struct parcel taken;

	if (!parcel)
		return 0;
	taken = parcel_take(&bench->held, parcel);
	parcel_clear(&taken);
	return taken.id;
}

static void arrived(struct bench *bench, enum side from, uint32_t upto)
{
	bench->conn.end[from].arrived_end = upto;
	bench->conn.end[from].arrived_known = true;
}

static void test_folding(void **state)
{
	struct bench *bench = *state;
	struct packet fin = packet(TH_F | TH_A, 100, 7, 0);
	uint32_t id = hold(bench, C, fin);

	fin.t = 5;
	assert_int_equal(hold(bench, C, fin), id);
	assert_int_equal(bench->held.at[0].sent, 2);
	assert_int_equal(bench->held.at[0].t, 5);
	/* The same numbers from the other side are another segment. */
	assert_int_not_equal(hold(bench, S, fin), id);
	/* A newer ack makes another segment of it, and that one is folded again. */
	fin.ack = 8;
	assert_int_equal(hold(bench, C, fin), 3);
	assert_int_equal(hold(bench, C, fin), 3);
	assert_int_equal(bench->held.at[2].sent, 2);
	/* Pure ACKs say something each time. */
	assert_int_equal(hold(bench, S, packet(TH_A, 100, 7, 0)), 4);
	assert_int_equal(hold(bench, S, packet(TH_A, 100, 7, 0)), 5);
	/* But for a probe, which has an old number. */
	bench->conn.end[S].sent_end = 101;
	bench->conn.end[S].sent_known = true;
	assert_int_equal(hold(bench, S, packet(TH_A, 99, 7, 0)), 6);
	assert_int_equal(hold(bench, S, packet(TH_A, 99, 7, 0)), 6);
}

static void test_order(void **state)
{
	struct bench *bench = *state;

	hold(bench, C, packet(TH_S, 99, 0, 0));		       /* 1 */
	hold(bench, S, packet(TH_A, 500, 100, 0));	       /* 2 */
	hold(bench, C, packet(TH_P | TH_A, 100, 1, 10));       /* 3 */
	hold(bench, C, packet(TH_P | TH_A, 110, 1, 5));	       /* 4 */
	hold(bench, C, packet(TH_P | TH_A, 100, 1, 15));       /* 5: both, sent again as one */
	hold(bench, C, packet(TH_P | TH_F | TH_A, 110, 1, 5)); /* 6: with a FIN that is new */
	arrived(bench, C, 100);
	/* The SYN has arrived: it comes after all others, and only where repeats are wanted. */
	assert_int_equal(next(bench, C, false), 3);
	assert_int_equal(next(bench, SIDE_NONE, false), 2);
	arrived(bench, C, 110);
	assert_int_equal(next(bench, C, false), 4);
	arrived(bench, C, 115);
	assert_int_equal(next(bench, C, false), 6);
	arrived(bench, C, 116);
	assert_int_equal(next(bench, C, false), 0);
	assert_int_equal(next(bench, C, true), 1);
	assert_int_equal(next(bench, C, true), 5);
	assert_int_equal(next(bench, C, true), 0);
}

static void arrives(struct bench *bench, uint32_t seq, uint32_t len)
{
	struct packet one = packet(TH_A, seq, 1, len);

	packet_arrives(&bench->conn.end[C], &one);
}

/* What is missing before the last that has arrived is no repeat when it comes. */
static void test_gaps(void **state)
{
	struct bench *bench = *state;
	struct conn_end *end = &bench->conn.end[C];

	arrives(bench, 90, 10);
	hold(bench, C, packet(TH_A, 90, 1, 10));  /* 1 */
	hold(bench, C, packet(TH_A, 100, 1, 30)); /* 2 */
	hold(bench, C, packet(TH_A, 110, 1, 10)); /* 3 */
	arrives(bench, 130, 10);
	assert_int_equal(end->arrived_end, 140);
	arrives(bench, 105, 10);
	assert_int_equal(end->ngaps, 2);
	assert_int_equal(next(bench, C, false), 2);
	assert_int_equal(next(bench, C, false), 3);
	hold(bench, C, packet(TH_A, 105, 1, 10)); /* 4 */
	assert_int_equal(next(bench, C, false), 0);
	arrives(bench, 90, 45);
	assert_int_equal(end->ngaps, 0);
	assert_int_equal(end->arrived_end, 140);
	/* Of too many the newest are forgotten. */
	for (uint32_t i = 0; i < 100; i++)
		arrives(bench, 200 + 20 * i, 10);
	assert_int_equal(end->ngaps, GAPS_MAX);
	arrives(bench, 100, 3000);
	assert_int_equal(end->ngaps, 0);
}

/* Sequence numbers wrap. */
static void test_wrapped(void **state)
{
	struct bench *bench = *state;

	hold(bench, C, packet(TH_A, 0xfffffff0, 1, 0x20));
	arrived(bench, C, 0x10);
	assert_null(parcel_next(&bench->lab, &bench->held, C, false));
	arrived(bench, C, 0x0f);
	assert_ptr_equal(parcel_next(&bench->lab, &bench->held, C, false), &bench->held.at[0]);
}

static void test_bounded(void **state)
{
	struct bench *bench = *state;
	struct packet one = packet(TH_A, 1, 1, 0);

	for (int i = 0; i < HELD_MAX; i++)
		assert_non_null(parcel_add(&bench->held, HELD_MAX, &one));
	assert_null(parcel_add(&bench->held, HELD_MAX, &one));
}

/* Draw for 2000 segments, each sent `times` times; the losses as a checksum. */
static uint64_t losses(unsigned seed, uint8_t percent, int times, unsigned *lost)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	uint64_t sum = 0;

	wire->state.loss = percent;
	*lost = 0;
	for (uint32_t seq = 1; seq <= 2000; seq++)
		for (int i = 0; i < times; i++) {
			struct packet one = packet(TH_A, seq, 1, 0);
			bool strikes = loss_strikes(wire, seed, C, seq, 1, &one);

			sum = sum * 31 + strikes;
			*lost += strikes;
		}
	free(wire);
	return sum;
}

static void test_loss(void **unused)
{
	unsigned lost, again;
	uint64_t first = losses(1, 30, 1, &lost);

	(void)unused;
	assert_true(first == losses(1, 30, 1, &again) && lost == again);
	assert_true(first != losses(2, 30, 1, &again));
	/* Five standard deviations. */
	assert_in_range(lost, 600 - 103, 600 + 103);
	losses(3, 0, 1, &lost);
	assert_int_equal(lost, 0);
	losses(3, 100, 1, &lost);
	assert_int_equal(lost, 2000);
	/* Sent again, a segment has another chance. */
	losses(4, 50, 8, &lost);
	assert_in_range(lost, 8000 - 320, 8000 + 320);
}

/* The other side's segments in between change nothing, but where two share one of 1024 counters. */
static void test_loss_alone(void **unused)
{
	struct wire *one = calloc(1, sizeof(*one)), *other = calloc(1, sizeof(*other));
	unsigned differ = 0;

	(void)unused;
	one->state.loss = other->state.loss = 50;
	for (uint32_t seq = 1; seq <= 200; seq++) {
		struct packet data = packet(TH_A, seq, 1, 0), ack = packet(TH_A, 7, 1, 0);

		loss_strikes(other, 9, S, 7, 1, &ack);
		differ += loss_strikes(one, 9, C, seq, 1, &data) !=
			  loss_strikes(other, 9, C, seq, 1, &data);
	}
	assert_in_range(differ, 0, 3);
	free(one);
	free(other);
}

static void test_icmp(void **unused)
{
	uint8_t raw[1500] = {0x45}, out[600];
	struct packet big = packet(TH_A, 1, 1, 1460);
	struct header header;
	size_t len;

	(void)unused;
	big.raw = raw;
	big.raw_len = big.raw_full = sizeof(raw);
	big.src = htonl(WIRE_CLIENT);
	len = icmp_unreachable(UNREACHABLE_HOST, &big, out, sizeof(out));
	assert_int_equal(len, 576);
	assert_string_equal(icmp_type_name(out, len), "host-unreachable");
	assert_string_equal(unreachable_name(UNREACHABLE_HOST), "host-unreachable");
	assert_memory_equal(out + 28, raw, 576 - 28);
	assert_true(header_decode(out, len, len, &header));
	assert_int_equal(header.ip_check, CHECKSUM_RIGHT);
	len = icmp_unreachable(UNREACHABLE_NET, &big, out, sizeof(out));
	assert_string_equal(icmp_type_name(out, len), "net-unreachable");
	len = icmp_unreachable(UNREACHABLE_PORT, &big, out, sizeof(out));
	assert_string_equal(icmp_type_name(out, len), "port-unreachable");
	assert_int_equal(icmp_unreachable(UNREACHABLE_PORT, &big, out, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_folding, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_gaps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wrapped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bounded, set_up, tear_down),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_loss_alone),
		cmocka_unit_test(test_icmp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
