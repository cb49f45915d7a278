/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sees-the-end.c - a server that asks its socket whether the client has gone, before it writes:
 * three ways to ask, and what they cannot tell. Lesson 11.
 *
 * Prints:
 *	recv: -1 EAGAIN
 *	poll: IN RDHUP
 *	recv: 0
 *	peek: 3
 *	poll: IN RDHUP
 *	recv: -1 EAGAIN
 *	write: 3
 *	poll: IN RDHUP ERR HUP
 */
#include "pair.h"

static char buf[16];

static void server_receives(int fd)
{
	ssize_t n;

	n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	report("recv", n);
}

static void server_peeks(int fd)
{
	ssize_t n;

	n = recv(fd, buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT);
	report("peek", n);
}

static void server_polls(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLRDHUP};
	int n;

	n = poll(&p, 1, 0);
	if (n < 0)
		fail("poll");
	printf("poll:%s%s%s%s\n", p.revents & POLLIN ? " IN" : "",
	       p.revents & POLLRDHUP ? " RDHUP" : "", p.revents & POLLERR ? " ERR" : "",
	       p.revents & POLLHUP ? " HUP" : "");
}

int main(void)
{
	int fd[2];

	tcp_pair(fd);
	server_receives(fd[1]);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	server_polls(fd[1]);
	server_receives(fd[1]);

	tcp_pair(fd);
	if (write(fd[0], "bye", 3) != 3)
		fail("write");
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	server_peeks(fd[1]);
	server_polls(fd[1]);

	tcp_pair(fd);
	server_receives(fd[1]); /* nothing yet: so it writes */
	close(fd[0]);
	report("write", write(fd[1], "123", 3));
	await(fd[1], 0); /* a RST */
	server_polls(fd[1]);
	return 0;
}
