/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay.c - the limit: what two kernels and a cable that does nothing can carry.
 *
 *   writer ─ 192.0.2.1 ─ TUN ═╗ read, write ╔═ TUN ─ 192.0.2.2 ─ reader
 *                             ╚═════════════╝
 */
#include "relay.h"

#include "bench.h"
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 7001
#define BLOCK 65536
#define ACTOR_BLOCK \
	(256 * 1024) /* what an actor reads, and the text it writes from: actor/call.c */
#define PATTERN (1 << 20)
#define MTU 1500
#define QUEUE 10000
#define A_TURN 64 /* packets read from a device before the other has its turn */

/* When the writer began and the reader ended. */
struct moments {
	int64_t begun, ended;
	uint64_t bytes;
};

static int file_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool whole = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return whole ? 0 : -1;
}

/* A network namespace, in a user namespace of our own where we are not root. */
static int network_new(bool first)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	char map[64];

	if (first && uid) {
		if (unshare(CLONE_NEWUSER))
			return -1;
		file_put("/proc/self/setgroups", "deny");
		snprintf(map, sizeof(map), "%u %u 1", uid, uid);
		if (file_put("/proc/self/uid_map", map))
			return -1;
		snprintf(map, sizeof(map), "%u %u 1", gid, gid);
		if (file_put("/proc/self/gid_map", map))
			return -1;
	}
	if (unshare(CLONE_NEWNET))
		return -1;
	return file_put("/proc/sys/net/ipv4/tcp_congestion_control", "reno");
}

static int device_set(int fd, unsigned long request, struct ifreq *ifr, const char *name)
{
	snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", name);
	return ioctl(fd, request, ifr);
}

static void address_put(struct sockaddr *at, const char *text)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};

	inet_pton(AF_INET, text, &addr.sin_addr);
	memcpy(at, &addr, sizeof(addr));
}

/* Up, with an address where there is one; no IPv6, a long queue. */
static int device_up(const char *name, const char *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), bad;
	struct ifreq ifr = {0};

	if (fd < 0)
		return -1;
	if (address) {
		file_put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
		file_put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
		address_put(&ifr.ifr_addr, address);
		bad = device_set(fd, SIOCSIFADDR, &ifr, name);
		address_put(&ifr.ifr_netmask, "255.255.255.0");
		bad = bad || device_set(fd, SIOCSIFNETMASK, &ifr, name);
		ifr.ifr_mtu = MTU;
		bad = bad || device_set(fd, SIOCSIFMTU, &ifr, name);
		if (bad || network_queue_set(name, QUEUE))
			goto fail;
	}
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	if (!device_set(fd, SIOCSIFFLAGS, &ifr, name)) {
		close(fd);
		return 0;
	}
fail:
	close(fd);
	return -1;
}

static int tun_open(const char *address)
{
	struct ifreq ifr = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (device_set(fd, TUNSETIFF, &ifr, "wire0") || device_up("wire0", address)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* `file` is the /proc/net/dev of the device's namespace. */
static uint64_t tun_dropped(FILE *file)
{
	char line[512];
	uint64_t dropped = 0;

	while (file && fgets(line, sizeof(line), file)) {
		unsigned long long n = 0;

		/* bytes packets errs drop fifo frame compressed multicast | bytes packets errs
		 * drop: proc_pid_net(5) */
		if (sscanf(line, " wire0: %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu", &n) ==
		    1)
			dropped = n;
	}
	if (file)
		fclose(file);
	return dropped;
}

static struct sockaddr_in where(const char *address)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(PORT)};

	inet_pton(AF_INET, address, &addr.sin_addr);
	return addr;
}

/* What both ends do. */
struct ends {
	const char *address; /* of the reader */
	uint64_t bytes;
	bool as_actor; /* with the calls an actor makes: one long write, reads of 256 KiB */
};

/* The two ends. Each is a process that never returns. */
static void reader_run(const struct ends *ends, int ready, int told)
{
	const struct sockaddr_in addr = where(ends->address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	static char block[ACTOR_BLOCK];
	const size_t size = ends->as_actor ? ACTOR_BLOCK : BLOCK;
	struct moments moments = {0};

	if (bind(listener, (const struct sockaddr *)&addr, sizeof(addr)) || listen(listener, 1) ||
	    write(ready, "", 1) != 1)
		_exit(1);
	fd = accept(listener, NULL, NULL);
	while (moments.bytes < ends->bytes) {
		ssize_t got = read(fd, block, size);

		if (got <= 0)
			break;
		moments.bytes += (uint64_t)got;
	}
	moments.ended = bench_now();
	_exit(write(told, &moments, sizeof(moments)) != sizeof(moments));
}

/* The same megabyte over and over, as the actor has it. */
static const char *pattern_map(size_t size)
{
	int fd = memfd_create("pattern", MFD_CLOEXEC);
	char *base =
		mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (fd < 0 || base == MAP_FAILED || ftruncate(fd, PATTERN))
		_exit(1);
	for (size_t at = 0; at < size; at += PATTERN) {
		size_t part = size - at < PATTERN ? size - at : PATTERN;

		if (mmap(base + at, part, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
			_exit(1);
	}
	return base;
}

static void writer_run(const struct ends *ends, int ready, int told)
{
	const struct sockaddr_in addr = where(ends->address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	static char block[BLOCK];
	const char *from = block;
	struct moments moments = {0};
	uint64_t left = ends->bytes;
	size_t most = BLOCK;
	char word;

	if (read(ready, &word, 1) != 1 || connect(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		_exit(1);
	moments.begun = bench_now();
	if (ends->as_actor) {
		most = (size_t)left;
		from = pattern_map(most);
	}
	while (left) {
		ssize_t put = write(fd, from, left < most ? (size_t)left : most);

		if (put <= 0)
			_exit(1);
		left -= (uint64_t)put;
	}
	if (write(told, &moments, sizeof(moments)) != sizeof(moments))
		_exit(1);
	/* Until the other has read all. */
	_exit(read(fd, &word, 1) != 0);
}

/* What is on its way in one direction, at most a turn's; how many packets. */
static unsigned relay_some(int from, int to)
{
	static uint8_t packet[65536];
	unsigned count = 0;

	while (count < A_TURN) {
		ssize_t got = read(from, packet, sizeof(packet));

		if (got <= 0)
			break;
		count++;
		if (write(to, packet, (size_t)got) < 0 && errno != EIO)
			break;
	}
	return count;
}

/* Until the reader has told. */
static uint64_t relay_run(const int tun[2], int told)
{
	struct pollfd fds[] = {{.fd = tun[0], .events = POLLIN},
			       {.fd = tun[1], .events = POLLIN},
			       {.fd = told, .events = POLLIN}};
	uint64_t packets = 0;

	for (;;) {
		unsigned count = relay_some(tun[0], tun[1]) + relay_some(tun[1], tun[0]);

		packets += count;
		if (count)
			continue;
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return packets;
		if (fds[2].revents)
			return packets;
	}
}

static int moments_take(const int told[2], struct relay_result *result)
{
	struct moments writer = {0}, reader = {0};

	if (read(told[1], &reader, sizeof(reader)) != sizeof(reader) ||
	    read(told[0], &writer, sizeof(writer)) != sizeof(writer))
		return -1;
	result->bytes = reader.bytes;
	result->seconds = (double)(reader.ended - writer.begun) / (double)NS_PER_S;
	return 0;
}

struct pipes {
	int ready[2], writer[2], reader[2];
};

static pid_t end_start(bool writes, const struct ends *ends, const struct pipes *pipes)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	close(pipes->writer[0]);
	close(pipes->reader[0]);
	if (writes) {
		close(pipes->ready[1]);
		writer_run(ends, pipes->ready[0], pipes->writer[1]);
	}
	reader_run(ends, pipes->ready[1], pipes->reader[1]);
	_exit(1);
}

static int pipes_open(struct pipes *pipes)
{
	return pipe(pipes->ready) || pipe(pipes->writer) || pipe(pipes->reader) ? -1 : 0;
}

static int ends_finish(const struct pipes *pipes, const pid_t *pids, struct relay_result *result)
{
	const int told[2] = {pipes->writer[0], pipes->reader[0]};
	int bad;

	close(pipes->writer[1]);
	close(pipes->reader[1]);
	bad = moments_take(told, result);
	for (int i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	return bad;
}

int relay_bare(const void *arg, void *out)
{
	const struct ends ends = {"192.0.2.2", *(const uint64_t *)arg, false};
	struct relay_result *result = out;
	struct pipes pipes;
	FILE *devices[2];
	pid_t pids[2];
	int tun[2];

	if (pipes_open(&pipes) || network_new(true))
		return -1;
	tun[0] = tun_open("192.0.2.1");
	devices[0] = fopen("/proc/self/net/dev", "re");
	if (tun[0] < 0)
		return -1;
	pids[0] = end_start(true, &ends, &pipes);
	if (network_new(false))
		return -1;
	tun[1] = tun_open("192.0.2.2");
	devices[1] = fopen("/proc/self/net/dev", "re");
	if (tun[1] < 0)
		return -1;
	pids[1] = end_start(false, &ends, &pipes);
	close(pipes.ready[1]);
	prctl(PR_SET_NAME, "bench-relay"); /* perf(1) tells it from the lab */
	result->packets = relay_run(tun, pipes.reader[0]);
	result->user = bench_cpu(true);
	result->kernel = bench_cpu(false);
	result->dropped = tun_dropped(devices[0]) + tun_dropped(devices[1]);
	return ends_finish(&pipes, pids, result);
}

int relay_loopback(const void *arg, void *out)
{
	const struct ends ends = {"127.0.0.1", *(const uint64_t *)arg, true};
	struct pipes pipes;
	pid_t pids[2];

	if (pipes_open(&pipes) || network_new(true) || device_up("lo", NULL))
		return -1;
	pids[0] = end_start(true, &ends, &pipes);
	pids[1] = end_start(false, &ends, &pipes);
	close(pipes.ready[1]);
	return ends_finish(&pipes, pids, out);
}
