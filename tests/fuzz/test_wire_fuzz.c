/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_wire_fuzz.c - the cable fed with mutated packets, in every state of the cable: each packet
 * is told, what waits stays bounded, nothing is read past a packet's end.
 *
 * No device and no host: two socket pairs stand for the TUNs, and nobody answers. Run it with
 * SANITIZE=address,undefined.
 */
#include "core.h"
#include "wire.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ROUNDS 100000
#define JOURNAL 20000

static const uint8_t tcp[] = {
	0x45, 0x00, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x74, 0xc0, 0x00, 0x02,
	0x01, 0xc0, 0x00, 0x02, 0x02, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00,
	0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0x0d, 0x08, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
	0x02, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07};
static const uint8_t icmp[] = {0x45, 0x00, 0x00, 0x3c, 0x00, 0x00, 0x00, 0x00, 0x40, 0x01,
			       0x00, 0x00, 0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02,
			       0x03, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x45, 0x00,
			       0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00,
			       0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02};

static unsigned seed = 1;

static unsigned pick(unsigned count)
{
	return (unsigned)rand_r(&seed) % count;
}

/* A TUN whose far end is ours: datagrams, and reading never waits. */
static int tun_make(int *ours)
{
	int pair[2];

	assert_false(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
	*ours = pair[1];
	return pair[0];
}

static struct lab *lab_make(int ours[2])
{
	struct lab *lab = calloc(1, sizeof(*lab));

	assert_non_null(lab);
	lab->wire = calloc(1, sizeof(*lab->wire));
	assert_non_null(lab->wire);
	lab->options.link = LINK_WIRE;
	lab->journal = journal_new(JOURNAL);
	lab->start = lab_clock();
	lab->wire->state.on = true;
	lab->wire->drops_at = NEVER;
	for (int side = 0; side < 2; side++) {
		struct host *host = &lab->wire->host[side];

		*host = (struct host){.ns = -1, .devices = -1, .tun = tun_make(&ours[side])};
		host->addr = htonl(side == SIDE_CLIENT ? WIRE_CLIENT : WIRE_SERVER);
	}
	return lab;
}

static void lab_unmake(struct lab *lab, int ours[2])
{
	wire_free(lab);
	for (unsigned i = 0; i < lab->nconns; i++)
		free(lab->conns[i]);
	free(lab->conns);
	arena_free(&lab->staged_arena);
	free(lab->staged);
	journal_free(lab->journal);
	free(lab);
	close(ours[0]);
	close(ours[1]);
}

/* The seeds are the client's; from the server the addresses and ports change places. */
static size_t packet_make(enum side from, uint8_t *out)
{
	bool segment = pick(4);
	size_t len = segment ? sizeof(tcp) : sizeof(icmp);

	memcpy(out, segment ? tcp : icmp, len);
	if (from == SIDE_SERVER) {
		memcpy(out + 12, tcp + 16, 4);
		memcpy(out + 16, tcp + 12, 4);
		memcpy(out + 20, segment ? tcp + 22 : out + 20, 2);
		memcpy(out + 22, segment ? tcp + 20 : out + 22, 2);
	}
	if (segment) {
		static const uint8_t flags[] = {TH_S,	     TH_A,	  TH_F | TH_A, TH_R,
						TH_P | TH_A, TH_S | TH_A, TH_R | TH_A};

		out[27] = (uint8_t)pick(20);
		out[33] = flags[pick(sizeof(flags))];
		out[32] = pick(3) ? 0x50 : 0xa0;
	}
	for (unsigned i = pick(3) ? 0 : pick(6); i > 0; i--)
		out[pick((unsigned)len)] = (uint8_t)pick(256);
	if (!pick(8))
		len = 1 + pick((unsigned)len);
	return len;
}

/* Turn a knob of the cable. */
static void wire_turn_knob(struct lab *lab)
{
	struct wire *wire = lab->wire;
	struct wire_state *state = &wire->state;
	struct parcel *parcel, taken;
	unsigned side = pick(3);

	switch (pick(12)) {
	case 0:
		state->hold[side % 2] = !state->hold[side % 2];
		break;
	case 1:
		state->delay = pick(3) * NS_PER_MS / 4;
		break;
	case 2:
		state->loss = (uint8_t)pick(101);
		break;
	case 3:
		state->unreachable = (uint8_t)pick(4);
		break;
	case 4:
		state->cut = !pick(3);
		break;
	case 5:
		wire->drop_next[side] = pick(3);
		break;
	case 6:
		wire->duplicate_next[side] = pick(3);
		break;
	case 7:
		wire->reorder_next[side] = true;
		break;
	case 8:
		wire->bulk = !wire->bulk;
		break;
	case 9:
		wire->host[side % 2].down = !pick(3);
		break;
	default:
		while ((parcel = parcel_next(lab, &wire->held, SIDE_NONE, pick(2)))) {
			taken = parcel_take(&wire->held, parcel);
			if (pick(3))
				wire_release(lab, &taken, FATE_RELEASED);
			else
				wire_lose(lab, &taken, FATE_DROPPED);
		}
		break;
	}
}

static void test_any_bytes(void **unused)
{
	uint8_t packet[256], rest[2048];
	int ours[2];
	struct lab *lab = lab_make(ours);

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		enum side from = (enum side)pick(2);
		size_t len = packet_make(from, packet);
		bool ipv6 = packet[0] >> 4 == 6;
		uint64_t told;

		if (!pick(20))
			wire_turn_knob(lab);
		stage_flush(lab, true);
		told = journal_last(lab->journal);
		assert_int_equal(write(ours[from], packet, len), len);
		while (!wire_turn(lab))
			;
		stage_flush(lab, true);
		assert_true(ipv6 || journal_last(lab->journal) > told);
		for (int side = 0; side < 2; side++)
			while (read(ours[side], rest, sizeof(rest)) > 0)
				;
		assert_true(lab->wire->held.count <= HELD_MAX);
		assert_true(lab->wire->late.count <= LATE_MAX);
	}
	stage_flush(lab, true);
	assert_true(journal_last(lab->journal) > ROUNDS / 2);
	wire_forget(lab);
	lab_unmake(lab, ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_bytes)};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("wire fuzz", tests, NULL, NULL);
}
