/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_hostile_packets.c - whatever a host puts on the wire is journalled as what it is and
 * carried; nothing of it makes the lab fail, lie or lose a packet in silence.
 *
 * Packets are made by hand and sent through a packet socket on the host's own device.
 */
#include "core.h"
#include "play.h"
#include "wire.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#define SPOOFED 0x0a010203U /* 10.1.2.3 */
#define FLOOD 15000
#define MUTATED 3000

struct bytes {
	uint8_t at[1600];
	size_t len;
};

struct sender { /* a packet socket in a host */
	int fd;
	struct sockaddr_ll to;
};

static struct sender sender_open(struct play *p, enum side side)
{
	struct sender sender = {.to = {.sll_family = AF_PACKET}};

	play_needs(p, FEATURE_TUN);
	link_enter(p->lab, side);
	sender.fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	sender.to.sll_ifindex = (int)if_nametoindex("wire");
	link_leave(p->lab);
	sender.to.sll_protocol = htons(ETH_P_IP);
	play_assert(p, sender.fd >= 0 && sender.to.sll_ifindex > 0);
	return sender;
}

static bool sender_put(const struct sender *sender, const struct bytes *packet)
{
	return sendto(sender->fd, packet->at, packet->len, 0, (const void *)&sender->to,
		      sizeof(sender->to)) == (ssize_t)packet->len;
}

/* ----------------------------------------------------------------------- packets by hand */
static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static uint32_t sum16(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? at[i] : (uint32_t)at[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static struct bytes ip_make(uint32_t from, uint32_t to, unsigned protocol, size_t body)
{
	struct bytes packet = {.len = 20 + body};

	packet.at[0] = 0x45;
	put16(packet.at + 2, (unsigned)packet.len);
	packet.at[8] = 64;
	packet.at[9] = (uint8_t)protocol;
	put32(packet.at + 12, from);
	put32(packet.at + 16, to);
	put16(packet.at + 10, fold(sum16(0, packet.at, 20)));
	return packet;
}

struct tcp {
	uint16_t sport, dport;
	uint32_t seq, ack;
	unsigned flags;
	size_t len; /* of the payload */
};

static struct bytes tcp_make(uint32_t from, uint32_t to, struct tcp tcp)
{
	struct bytes packet = ip_make(from, to, IPPROTO_TCP, 20 + tcp.len);
	uint8_t *at = packet.at + 20;
	uint32_t sum;

	put16(at, tcp.sport);
	put16(at + 2, tcp.dport);
	put32(at + 4, tcp.seq);
	put32(at + 8, tcp.ack);
	at[12] = 0x50;
	at[13] = (uint8_t)tcp.flags;
	put16(at + 14, 1000);
	sum = sum16(sum16(0, packet.at + 12, 8), at, 20 + tcp.len);
	put16(at + 16, fold(sum + IPPROTO_TCP + (uint32_t)(20 + tcp.len)));
	return packet;
}

/* ------------------------------------------------------------------------ what came of it */
static const struct event *note_find(struct play *p, const char *part)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_LINK, SIDE_NONE, p->since);

	while (event && !strstr(event->note.text, part))
		event = journal_after(journal, EVENT_LINK, SIDE_NONE, event->n);
	return event;
}

/* Send it and see that it is told with these words. */
static void assert_told(struct play *p, const struct sender *sender, const struct bytes *packet,
			const char *part)
{
	int64_t until = clock_ns() + COMMAND_BOUND;

	p->since = journal_last_n(p);
	play_assert(p, sender_put(sender, packet));
	while (!note_find(p, part)) {
		if (clock_ns() > until)
			print_message("# not told: %s\n", part);
		play_assert(p, clock_ns() <= until);
		play_turns(p, NS_PER_MS);
	}
}

static void open_wire(struct play *p)
{
	play_needs(p, FEATURE_TUN);
	play(p, "link wire\nopen");
}

static void test_malformed(void **state)
{
	struct play *p = *state;
	struct sender client;
	struct bytes packet;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	packet = (struct bytes){{0x45}, 1};
	assert_told(p, &client, &packet, "truncated IPv4 header, 1 bytes");
	packet = ip_make(WIRE_CLIENT, WIRE_SERVER, IPPROTO_TCP, 10);
	assert_told(p, &client, &packet, "header truncated, 10 of at least 20 bytes");
	packet = tcp_make(WIRE_CLIENT, WIRE_SERVER, (struct tcp){1, 2, 3, 4, TH_S, 0});
	packet.at[32] = 0xf0;
	assert_told(p, &client, &packet, "data offset 60 in a segment of 20 bytes");
	packet.at[32] = 0x10;
	assert_told(p, &client, &packet, "data offset 4 in a segment of 20 bytes");
	packet = tcp_make(WIRE_CLIENT, WIRE_SERVER, (struct tcp){1, 2, 3, 4, TH_A, 40});
	packet.at[6] = 0x20; /* more fragments */
	assert_told(p, &client, &packet, "fragment of TCP");
	packet.at[6] = 0;
	put16(packet.at + 2, 1400);
	assert_told(p, &client, &packet, "cut short: 80 of 1400 bytes");
	packet.at[0] = 0x42;
	assert_told(p, &client, &packet, "IPv4 header length 8");
	packet.at[0] = 0x05;
	assert_told(p, &client, &packet, "not IP, version 0");
	packet.at[0] = 0xf5;
	assert_told(p, &client, &packet, "not IP, version 15");
	packet = ip_make(WIRE_CLIENT, WIRE_SERVER, 132, 1480);
	assert_told(p, &client, &packet, "SCTP");
	play(p, "client write \"still\"\nserver read\nexpect server read = \"still\"");
	close(client.fd);
}

/* Carried: the other host's kernel answers. */
static void test_strangers(void **state)
{
	struct play *p = *state;
	struct sender client;
	struct bytes packet;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	packet = ip_make(WIRE_CLIENT, WIRE_SERVER, IPPROTO_UDP, 20);
	put16(packet.at + 20, 5000);
	put16(packet.at + 22, 53);
	put16(packet.at + 24, 20);
	assert_told(p, &client, &packet, "UDP 192.0.2.1:5000 > 192.0.2.2:53");
	play(p, "expect icmp to client port-unreachable already");
	packet = tcp_make(SPOOFED, WIRE_SERVER, (struct tcp){7, 7001, 9, 0, TH_S, 0});
	assert_told(p, &client, &packet, "TCP 10.1.2.3:7 > 192.0.2.2:7001");
	/* Nobody listens; and nobody of the client's has asked. */
	packet = tcp_make(WIRE_CLIENT, WIRE_SERVER, (struct tcp){9, 9, 1000, 0, TH_S, 0});
	p->since = journal_last_n(p);
	play_assert(p, sender_put(&client, &packet));
	play_until(p, "segment from client S", COMMAND_BOUND);
	play_until(p, "segment from server R.", COMMAND_BOUND);
	play_turns(p, 5 * NS_PER_MS);
	play_assert(p, !journal_after(lab_journal(p->lab), EVENT_STATE, SIDE_NONE, p->since));
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->state, STATE_ESTABLISHED);
	play(p, "client write \"still\"\nserver read\nexpect server read = \"still\"");
	close(client.fd);
}

/* Numbers out of the window are no reset, and a SYN does not open what is open (RFC 5961). */
static void test_wild_resets(void **state)
{
	struct play *p = *state;
	struct sender client;
	struct bytes packet;
	struct conn *conn;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	conn = conn_at(p->lab, 1);
	p->since = journal_last_n(p);
	for (unsigned i = 0; i < 64; i++) {
		struct tcp tcp = {conn->port[0],
				  conn->port[1],
				  conn->end[SIDE_CLIENT].isn + 0x10000000 + i * 0x01234567,
				  i * 77,
				  i % 2 ? TH_R : TH_R | TH_A,
				  i % 3};

		packet = tcp_make(WIRE_CLIENT, WIRE_SERVER, tcp);
		play_assert(p, sender_put(&client, &packet));
	}
	packet = tcp_make(WIRE_CLIENT, WIRE_SERVER,
			  (struct tcp){conn->port[0], conn->port[1], 77, 0, TH_S, 0});
	play_assert(p, sender_put(&client, &packet));
	play_until(p, "segment from client S", COMMAND_BOUND);
	play_assert(p, !journal_after(lab_journal(p->lab), EVENT_STATE, SIDE_NONE, p->since));
	play(p, "client write \"still\"\nserver read\nexpect server read = \"still\"\n"
		"client close\nexpect client state FIN_WAIT2\nserver close\n"
		"expect client state TIME_WAIT\nexpect server gone");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1),
			 "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1),
			 "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE");
	play_assert_int(p, p->lab->nconns, 1);
	close(client.fd);
}

static void test_ipv6_never_appears(void **state)
{
	struct play *p = *state;
	struct bytes packet = {.at = {0x60}, .len = 60};
	uint64_t before;
	struct sender client;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	lab_observe(p->lab, false);
	before = journal_last_n(p);
	client.to.sll_protocol = htons(ETH_P_IPV6);
	for (int i = 0; i < 100; i++)
		play_assert(p, sender_put(&client, &packet));
	play_turns(p, 5 * NS_PER_MS);
	for (uint64_t n = before + 1; n <= journal_last_n(p); n++)
		play_assert_int(p, journal_at(lab_journal(p->lab), n)->kind, EVENT_SNAPSHOT);
	close(client.fd);
}

/* Of the client's, to no connection, since p->since. */
static unsigned count_segments(struct play *p)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_SEGMENT, SIDE_CLIENT, p->since);
	unsigned count = 0;

	for (; event; event = journal_after(journal, EVENT_SEGMENT, SIDE_CLIENT, event->n))
		count += !event->conn;
	return count;
}

/* While nobody reads, the queue of the device fills; what it loses is told. */
static void test_flood(void **state)
{
	struct play *p = *state;
	struct bytes packet;
	struct sender client;
	unsigned segments = 0, lost;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	packet = tcp_make(WIRE_CLIENT, WIRE_SERVER, (struct tcp){1, 2, 3, 4, TH_A, 0});
	p->since = journal_last_n(p);
	for (int i = 0; i < FLOOD; i++)
		sender_put(&client, &packet);
	play_until(p, "segment from client .", COMMAND_BOUND);
	for (int64_t until = clock_ns() + COMMAND_BOUND; !note_find(p, "packets from the client");)
		play_assert(p, (play_turns(p, 10 * NS_PER_MS), clock_ns() < until));
	lost = (unsigned)atoi(note_find(p, "packets from the client")->note.text);
	for (int64_t until = clock_ns() + COMMAND_BOUND; clock_ns() < until;) {
		segments = count_segments(p);
		if (segments + lost == FLOOD)
			break;
		play_turns(p, 10 * NS_PER_MS);
	}
	print_message("# %u segments came, %u were lost\n", segments, lost);
	play_assert_int(p, segments + lost, FLOOD);
	play(p, "client write \"still\"\nserver read\nexpect server read = \"still\"");
	close(client.fd);
}

static unsigned count_told(struct play *p, enum side from)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event;
	unsigned count = 0;

	for (uint64_t n = p->since + 1; (event = journal_at(journal, n)); n++)
		count += ((event->kind == EVENT_SEGMENT || event->kind == EVENT_ICMP) &&
			  event->side == from) ||
			 (event->kind == EVENT_LINK && !strncmp(event->note.text, "from the ", 9));
	return count;
}

/* Any bytes at all: each packet is told once, none is lost in silence, the lab goes on. */
static void test_mutated(void **state)
{
	struct play *p = *state;
	struct sender client;
	struct bytes seeds[3];
	unsigned seed = 1, sent = 0;

	open_wire(p);
	client = sender_open(p, SIDE_CLIENT);
	seeds[0] = tcp_make(WIRE_CLIENT, WIRE_SERVER,
			    (struct tcp){conn_at(p->lab, 1)->port[0], 7001, 5, 6, TH_A, 30});
	seeds[1] = ip_make(WIRE_CLIENT, WIRE_SERVER, IPPROTO_ICMP, 60);
	memcpy(seeds[1].at + 28, seeds[0].at, 50);
	seeds[1].at[20] = 3;
	seeds[2] = ip_make(WIRE_CLIENT, WIRE_SERVER, IPPROTO_UDP, 60);
	p->since = journal_last_n(p);
	for (int i = 0; i < MUTATED; i++) {
		struct bytes packet = seeds[rand_r(&seed) % 3];

		for (int many = rand_r(&seed) % 5; many > 0; many--)
			packet.at[(size_t)rand_r(&seed) % packet.len] = (uint8_t)rand_r(&seed);
		if (rand_r(&seed) % 4 == 0)
			packet.len = 1 + (size_t)rand_r(&seed) % packet.len;
		sent += sender_put(&client, &packet) && packet.at[0] >> 4 != 6;
		if (i % 64 == 0)
			play_turns(p, 0);
	}
	for (int64_t until = clock_ns() + COMMAND_BOUND; count_told(p, SIDE_CLIENT) < sent;)
		play_assert(p, (play_turns(p, 10 * NS_PER_MS), clock_ns() < until));
	print_message("# %u packets\n", sent);
	play_assert(p, sent > MUTATED / 2);
	play(p, "reset\nclient write \"still\"\nserver read\nexpect server read = \"still\"");
	close(client.fd);
}

/* So many wait in mid-wire as the lab keeps, and then get across: no turn of the lab is long. */
static void crowd(struct play *p, const char *line, unsigned many)
{
	struct sender client = sender_open(p, SIDE_CLIENT);
	int64_t begun, longest = 0;
	struct command mend;
	struct err err;

	play(p, line);
	for (unsigned i = 0; i < many; i++) {
		struct bytes packet =
			tcp_make(WIRE_CLIENT, WIRE_SERVER, (struct tcp){1, 2, i * 7, 4, TH_A, 1});

		play_assert(p, sender_put(&client, &packet));
		if (i % 512 == 0)
			play_turns(p, 0);
	}
	play_turns(p, 50 * NS_PER_MS);
	assert_int_equal(command_parse("wire mend", 9, SIDE_NONE, &mend, &err), 0);
	begun = clock_ns();
	assert_int_equal(lab_submit(p->lab, &mend, PATIENCE, &err), 0);
	longest = clock_ns() - begun;
	while (lab_busy(p->lab)) {
		begun = clock_ns();
		lab_turn(p->lab);
		if (clock_ns() - begun > longest)
			longest = clock_ns() - begun;
	}
	command_clear(&mend);
	print_message("# %u wait, then the longest turn is %lld ms\n", many,
		      (long long)longest / NS_PER_MS);
	play_assert(p, longest < NS_PER_S);
	close(client.fd);
}

static void test_crowds(void **state)
{
	struct play *p = *state;

	open_wire(p);
	crowd(p, "wire delay 60s", LATE_MAX - 10);
	crowd(p, "wire hold", HELD_MAX - 10);
	play(p, "client write \"still\"\nserver read\nexpect server read = \"still\"");
}

/* Segments made by hand are no faults of the journal. */
static int end_unaudited(void **state)
{
	play_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_malformed),
		PLAY_TEST(test_strangers),
		cmocka_unit_test_setup_teardown(test_wild_resets, play_setup, end_unaudited),
		PLAY_TEST(test_ipv6_never_appears),
		PLAY_TEST(test_flood),
		PLAY_TEST(test_crowds),
		cmocka_unit_test_setup_teardown(test_mutated, play_setup, end_unaudited),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
