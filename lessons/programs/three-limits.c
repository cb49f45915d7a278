/* SPDX-License-Identifier: GPL-3.0-or-later */
/* three-limits.c - a client with three limits asks its server, and what its read returns for each
 * kind of fault. Lesson 33.
 *
 * Prints:
 *	the server closes
 *	read: 0
 *	the server's host reboots
 *	read: -1 ECONNRESET
 *	the server's host is silent
 *	read: -1 ETIMEDOUT
 *	the server's program hangs
 *	read: -1 EAGAIN
 */
#include "pair.h"

#include <netinet/tcp.h>
#include <sys/time.h>

static void client(int fd)
{
	struct timeval patience = {.tv_sec = 2};
	unsigned limit = 500; /* ms */
	int on = 1;
	char buf[64];
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
	if (write(fd, "hello", 5) != 5)
		fail("write");
	n = read(fd, buf, sizeof(buf));
	report("read", n);
}

static void close_server(int fd[2])
{
	shutdown(fd[1], SHUT_WR);
}

static void silence(int fd[2])
{
	cable_cut(fd[1]);
}

static void hang(int fd[2])
{
	(void)fd; /* its kernel goes on */
}

static void play(const char *fault, void (*happen)(int fd[2]))
{
	int fd[2];

	tcp_pair(fd);
	printf("%s\n", fault);
	happen(fd);
	client(fd[0]);
	close(fd[0]);
	if (fd[1] >= 0)
		close(fd[1]);
}

int main(void)
{
	play("the server closes", close_server);
	play("the server's host reboots", host_reboot);
	play("the server's host is silent", silence);
	play("the server's program hangs", hang);
	return 0;
}
