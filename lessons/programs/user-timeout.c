/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user-timeout.c - a client sets a limit for sent bytes, and the host at the other end vanishes.
 * Lesson 32.
 *
 * Prints:
 *	write: 5
 *	read: -1 ETIMEDOUT
 */
#include "pair.h"

#include <netinet/tcp.h>

static void client(int fd)
{
	char buf[64];
	ssize_t n;

	unsigned limit = 1500; /* ms */
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
	n = write(fd, "hello", 5);
	report("write", n);
	n = read(fd, buf, sizeof(buf));
	report("read", n);
}

int main(void)
{
	int fd[2];

	tcp_pair(fd);
	cable_cut(fd[1]);
	client(fd[0]);
	return 0;
}
