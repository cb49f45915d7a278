/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linger-zero.c - a client that closes with a linger time of zero, and what the server's next two
 * calls are told of it. Lesson 9.
 *
 * Prints:
 *	write: -1 ECONNRESET
 *	send: -1 EPIPE
 */
#include "pair.h"

static void client(int fd)
{
	struct linger l = {.l_onoff = 1, .l_linger = 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

static void server(int fd)
{
	ssize_t n;

	await(fd, 0); /* the client's RST */
	n = write(fd, "123", 3);
	report("write", n);
	n = send(fd, "4", 1, MSG_NOSIGNAL);
	report("send", n);
	close(fd);
}

int main(void)
{
	int fd[2];

	tcp_pair(fd);
	client(fd[0]);
	server(fd[1]);
	return 0;
}
