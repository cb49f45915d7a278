/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read-with-limit.c - a client sets a limit for its reads; its server is only slow. Lesson 27.
 *
 * Prints:
 *	read: -1 EAGAIN
 *	read: 4
 */
#include "pair.h"

#include <sys/time.h>

static void client_read(int fd)
{
	char buf[64];
	ssize_t n;

	struct timeval limit = {.tv_usec = 500000};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	n = read(fd, buf, sizeof(buf));
	report("read", n);
}

int main(void)
{
	int fd[2];

	tcp_pair(fd);
	client_read(fd[0]);
	if (write(fd[1], "late", 4) != 4)
		fail("write");
	client_read(fd[0]);
	return 0;
}
