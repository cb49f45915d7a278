/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_noise.c - noise that is held, late, lost or answered: test_hostile_packets has it
 * carried by a plain wire. */
#include "cable.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define CHUNK 500

/* From here on this process is on that host. */
static int host_enter(pid_t pid)
{
	char path[64];
	int fd, bad;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	bad = setns(fd, CLONE_NEWNET);
	close(fd);
	return bad;
}

/* An IPv4 header between the two hosts (or what was one before a few bytes were changed), and
 * anything behind it. */
static size_t packet_make(uint8_t *bytes, bool client, unsigned *seed)
{
	static const uint8_t head[40] = {0x45, 0, 0, 40,  0, 7, 0, 0, 64, 6,  0,  0,	      192,
					 0,    2, 1, 192, 0, 2, 2, 0, 99, 27, 89, [32] = 0x50};
	static const uint8_t protocols[] = {6, 6, 6, 17, 1, 1, 47, 132};
	const size_t len = 1 + (size_t)(rand_r(seed) % (rand_r(seed) % 4 ? 80 : 1500));
	int changes = rand_r(seed) % 6;

	for (size_t i = 0; i < len; i++)
		bytes[i] = i < sizeof(head) && rand_r(seed) % 16 ? head[i] : (uint8_t)rand_r(seed);
	if (len > 20 && rand_r(seed) % 8) {
		memcpy(bytes, head, 20);
		bytes[2] = (uint8_t)(len >> 8);
		bytes[3] = (uint8_t)len;
		bytes[9] = protocols[rand_r(seed) % (int)sizeof(protocols)];
		bytes[15] = client ? 1 : 2;
		bytes[19] = client ? 2 : 1;
	}
	while (changes--)
		bytes[(size_t)rand_r(seed) % len] = (uint8_t)rand_r(seed);
	return len;
}

/* In a process of its own: 0, or 77 when a host does not let it. */
static int noise_make(pid_t on, bool client, unsigned seed)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	static uint8_t bytes[1600];
	int fd;

	if (host_enter(on))
		return 77;
	to.sll_ifindex = (int)if_nametoindex("wire");
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_IP));
	if (fd < 0 || !to.sll_ifindex)
		return 77;
	for (int i = 0; i < CHUNK; i++) {
		size_t len = packet_make(bytes, client, &seed);

		/* The kernel may refuse one that is too short. */
		sendto(fd, bytes, len, 0, (struct sockaddr *)&to, sizeof(to));
	}
	return 0;
}

/* A chunk of noise from this side's host, and the lab's turns until it has read all of it. */
static void noise(struct play *p, enum side side, unsigned seed)
{
	const pid_t on = play_pid(p, side);
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(noise_make(on, side == SIDE_CLIENT, seed));
	play_assert(p, waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("# no raw packets on this machine's hosts\n");
		skip();
	}
	play_assert(p, WIFEXITED(status) && !WEXITSTATUS(status));
	play_turns(p, 20 * NS_PER_MS);
}

/* Every line of the journal, as the screen and `run` have it, is printable. */
static void assert_printable(struct play *p)
{
	const struct journal *journal = lab_journal(p->lab);

	for (uint64_t n = journal_first(journal); n <= journal_last(journal); n++) {
		char line[4096];
		char *json = event_json(journal_at(journal, n));

		event_format(journal_at(journal, n), false, line, sizeof(line));
		for (const char *c = line; *c; c++)
			play_assert(p, *c >= ' ' && *c <= '~');
		for (const char *c = json; *c; c++)
			play_assert(p, (unsigned char)*c >= ' ');
		free(json);
	}
}

/* Noise that is held, late or cut is bounded like anything else. */
static void test_noise_held(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"wire hold\n");
	for (unsigned i = 0; i < 4; i++)
		noise(p, i % 2 ? SIDE_CLIENT : SIDE_SERVER, 100 + i);
	play(p, "wire release all\n"
		"wire mend\n"
		"wire delay 20ms\n"
		"wire loss 50\n");
	for (unsigned i = 0; i < 4; i++)
		noise(p, i % 2 ? SIDE_CLIENT : SIDE_SERVER, 200 + i);
	play(p, "wire mend\n"
		"wire unreachable port\n");
	for (unsigned i = 0; i < 4; i++)
		noise(p, i % 2 ? SIDE_CLIENT : SIDE_SERVER, 300 + i);
	assert_printable(p);
	play(p, "reset\n"
		"client write \"hello\"\n"
		"expect server recvq 5\n");
}

/* What every other journal keeps to, noise does not: data without a call that wrote it. */
static int noise_teardown(void **state)
{
	play_free(*state);
	return 0;
}
#define NOISE_TEST(f) cmocka_unit_test_setup_teardown(f, cable_setup, noise_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOISE_TEST(test_noise_held),
	};

	return cmocka_run_group_tests_name("wire_noise", tests, NULL, NULL);
}
