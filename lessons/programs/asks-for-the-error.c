/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asks-for-the-error.c - a client that is told nothing by its calls asks for the socket's error:
 * while the kernel tries, and when it has given up. Lesson 29, where a router has answered; here
 * none does.
 *
 * Prints:
 *	SO_ERROR: 0
 *	SO_ERROR: ETIMEDOUT
 *	SO_ERROR: 0
 */
#include "pair.h"

#include <netinet/tcp.h>

static void ask(int fd)
{
	int error = 0;

	socklen_t size = sizeof(error);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error ? strerrorname_np(error) : "0");
}

int main(void)
{
	unsigned limit = 300; /* ms, lesson 32 */
	int fd[2];

	tcp_pair(fd);
	setsockopt(fd[0], IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
	cable_cut(fd[1]);
	if (write(fd[0], "hello", 5) != 5)
		fail("write");
	ask(fd[0]);
	await(fd[0], 0); /* the kernel gives up */
	ask(fd[0]);
	ask(fd[0]); /* whoever asks also clears it */
	return 0;
}
