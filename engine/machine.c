/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.c - the TCP sockets of the machine itself, where the lab has no network of its own.
 *
 * There the lab's client must reach nobody but the lab's server, nor the server be reached by
 * others. Read from /proc/net/tcp and tcp6 (proc(5)), which are there without sock_diag too.
 */
#include "machine.h"

#include "lab.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

struct socket_line {
	char addr[33]; /* as /proc writes it: words of the machine's own byte order */
	unsigned port, peer_port, state;
	unsigned long inode;
};

/* Whether what is sent to 127.0.0.1 comes to this address. */
static bool addr_takes_loopback(const char *addr)
{
	char loopback[9], mapped[25];

	snprintf(loopback, sizeof(loopback), "%08X", htonl(INADDR_LOOPBACK));
	snprintf(mapped, sizeof(mapped), "%016X%08X", 0, htonl(0xffff));
	if (strspn(addr, "0") == strlen(addr))
		return true;
	if (strlen(addr) == 32 && !strncmp(addr, mapped, 24))
		addr += 24;
	return !strcmp(addr, loopback);
}

/* The first socket that `wanted` says is one; 1, 0: none, -1: the file is not to be read. */
static int socket_find(const char *path, const struct socket_line *wanted,
		       bool (*fits)(const struct socket_line *, const struct socket_line *),
		       struct socket_line *found)
{
	char line[512];
	FILE *file = fopen(path, "re");
	int result = 0;

	if (!file)
		return -1;
	while (!result && fgets(line, sizeof(line), file))
		if (sscanf(line, " %*u: %32[0-9A-F]:%x %*32[0-9A-F]:%x %x %*s %*s %*s %*u %*u %lu",
			   found->addr, &found->port, &found->peer_port, &found->state,
			   &found->inode) == 5)
			result = fits(found, wanted);
	fclose(file);
	return result;
}

static bool socket_listens(const struct socket_line *at, const struct socket_line *wanted)
{
	return at->state == STATE_LISTEN && at->port == wanted->port &&
	       addr_takes_loopback(at->addr);
}

static bool socket_connects(const struct socket_line *at, const struct socket_line *wanted)
{
	return at->state != STATE_LISTEN && at->port == wanted->port &&
	       at->peer_port == wanted->peer_port && addr_takes_loopback(at->addr);
}

int machine_listens(uint16_t port)
{
	const struct socket_line wanted = {.port = port};
	struct socket_line found;
	int four = socket_find("/proc/net/tcp", &wanted, socket_listens, &found);

	if (four)
		return four;
	/* A machine without IPv6 has no such file. */
	return socket_find("/proc/net/tcp6", &wanted, socket_listens, &found) > 0;
}

uint32_t machine_inode(uint16_t port, uint16_t peer_port)
{
	const struct socket_line wanted = {.port = port, .peer_port = peer_port};
	struct socket_line found;

	return socket_find("/proc/net/tcp", &wanted, socket_connects, &found) > 0
		       ? (uint32_t)found.inode
		       : 0;
}
