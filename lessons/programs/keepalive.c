/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keepalive.c - a client with nothing to say asks for keepalive, and the host at the other end
 * vanishes. Lesson 28.
 *
 * Prints:
 *	first probe after 7200 s
 *	read: -1 ETIMEDOUT
 */
#include "pair.h"

#include <netinet/tcp.h>

static void switch_on(int fd)
{
	int idle = 0;
	socklen_t size = sizeof(idle);

	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &size);
	printf("first probe after %d s\n", idle);
	fflush(stdout);
}

static void set_times(int fd, int idle, int every, int probes)
{
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof(every));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
}

int main(void)
{
	int fd[2];
	char buf[64];
	ssize_t n;

	tcp_pair(fd);
	switch_on(fd[0]);
	set_times(fd[0], 1, 1, 1);
	cable_cut(fd[1]);
	n = read(fd[0], buf, sizeof(buf));
	report("read", n);
	return 0;
}
