/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observation.c - what a look at both ends costs, and an event in the journal. */
#include "bench.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOKS 2000
#define SS_RUNS 10
#define EVENTS 1000000

struct look_result {
	double lab, bare, ss; /* µs */
	char note[200];
};

/* One look-up by the exact 4-tuple, as little as can be: a request, an answer. */
static int look_bare(int fd, uint16_t port, uint16_t peer_port)
{
	static char answer[8192];
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 body;
	} request = {
		.head = {.nlmsg_len = sizeof(request),
			 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			 .nlmsg_flags = NLM_F_REQUEST},
		.body = {.sdiag_family = AF_INET,
			 .sdiag_protocol = IPPROTO_TCP,
			 .idiag_ext = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_SKMEMINFO - 1),
			 .idiag_states = ~0U},
	};

	request.body.id.idiag_sport = htons(port);
	request.body.id.idiag_dport = htons(peer_port);
	request.body.id.idiag_src[0] = request.body.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
	request.body.id.idiag_cookie[0] = request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	if (send(fd, &request, sizeof(request), 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0)
		return -1;
	return ((struct nlmsghdr *)answer)->nlmsg_type == SOCK_DIAG_BY_FAMILY ? 0 : -1;
}

/* For a process of the lab's network. µs; 0: there is no ss(8). */
static double ss_time(void)
{
	double times[SS_RUNS];

	for (int i = 0; i < SS_RUNS; i++) {
		const int64_t begun = bench_now();
		const pid_t pid = fork();
		int status;

		if (!pid) {
			if (!freopen("/dev/null", "w", stdout))
				_exit(1);
			execlp("ss", "ss", "-tin", (char *)NULL);
			_exit(127);
		}
		if (pid < 0 || waitpid(pid, &status, 0) < 0 || status)
			return 0;
		times[i] = (double)(bench_now() - begun) / 1000;
	}
	return bench_median(times, SS_RUNS);
}

static int look_measure(const void *unused, void *out)
{
	struct look_result *result = out;
	struct err err = {0};
	struct lab *lab = drive_new(LINK_LOOPBACK, &err);
	const struct event *seen;
	double mine[LOOKS], bare[LOOKS];
	uint16_t port, peer;
	int fd;

	(void)unused;
	if (!lab || drive_do(lab, "open", &err) || drive_do(lab, "wait 100ms", &err)) {
		snprintf(result->note, sizeof(result->note), "%.180s", err.text);
		return 0;
	}
	seen = journal_latest(lab_journal(lab), EVENT_SNAPSHOT, SIDE_CLIENT, UINT64_MAX);
	port = seen->snapshot->port;
	peer = seen->snapshot->peer_port;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	for (int i = 0; i < LOOKS; i++) {
		int64_t begun = bench_now();

		if (look_bare(fd, port, peer) || look_bare(fd, peer, port)) {
			snprintf(result->note, sizeof(result->note), "a bare look-up found none");
			return 0;
		}
		bare[i] = (double)(bench_now() - begun) / 1000;
		begun = bench_now();
		lab_observe(lab, false);
		mine[i] = (double)(bench_now() - begun) / 1000;
	}
	result->lab = bench_median(mine, LOOKS);
	result->bare = bench_median(bare, LOOKS);
	signal(SIGCHLD, SIG_DFL);
	result->ss = ss_time();
	lab_free(lab);
	return 0;
}

void bench_observation(void)
{
	struct look_result result;

	if (bench_fork(look_measure, NULL, &result, sizeof(result), 60) || result.lab <= 0) {
		bench_fail("observation: %s", *result.note ? result.note : "no answer");
		return;
	}
	bench_row("two bare netlink look-ups", result.bare, NO_BUDGET, 0, "µs");
	bench_row("an observation of both ends", result.lab, NO_BUDGET, 0, "µs");
	bench_row("an observation, of two bare look-ups", result.lab / result.bare, AT_MOST, 2,
		  "x");
	if (result.ss > 0)
		bench_row("an observation, cheaper than ss -tin", result.ss / result.lab, AT_LEAST,
			  500, "x");
	else
		bench_skip("an observation, cheaper than ss -tin", "there is no ss(8) here");
}

struct journal_result {
	double append; /* ns */
	double memory; /* MB a million events took */
};

static double memory_now(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file && fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / MEGA;
}

/* What a bulk transfer is: segments with their headers. */
static int journal_measure(const void *unused, void *out)
{
	static const uint8_t head[60] = {0x45};
	struct journal_result *result = out;
	struct event event = {.kind = EVENT_SEGMENT, .side = SIDE_CLIENT, .conn = 1};
	struct journal *journal = journal_new(0);
	const double before = memory_now();
	int64_t begun = bench_now();

	(void)unused;
	event.segment.raw = head;
	event.segment.raw_len = sizeof(head);
	event.segment.raw_full = 1500;
	for (int i = 0; i < EVENTS; i++) {
		event.t = i;
		event.segment.id = (uint32_t)i;
		event.side = i % 3 ? SIDE_CLIENT : SIDE_SERVER;
		journal_append(journal, &event);
	}
	result->append = (double)(bench_now() - begun) / EVENTS;
	result->memory = memory_now() - before;
	journal_free(journal);
	return 0;
}

void bench_journal(void)
{
	struct journal_result result;

	if (bench_fork(journal_measure, NULL, &result, sizeof(result), 60)) {
		bench_fail("journal: no answer");
		return;
	}
	bench_row("an event appended to the journal", result.append, NO_BUDGET, 0, "ns");
	bench_row("a million events in the journal", result.memory, AT_MOST, 200, "MB");
}
