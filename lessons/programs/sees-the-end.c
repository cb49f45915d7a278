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
	uint16_t port = 0;
	int listener = tcp_listen(&port), client, server;

	client = tcp_connect(port);
	server = accept(listener, NULL, NULL);
	server_receives(server);
	close(client);
	await(server, POLLRDHUP);
	server_polls(server);
	server_receives(server);

	client = tcp_connect(port);
	server = accept(listener, NULL, NULL);
	if (write(client, "bye", 3) != 3)
		fail("write");
	close(client);
	await(server, POLLRDHUP);
	server_peeks(server);
	server_polls(server);

	client = tcp_connect(port);
	server = accept(listener, NULL, NULL);
	server_receives(server); /* nothing yet: so it writes */
	close(client);
	report("write", write(server, "123", 3));
	await(server, 0); /* a RST */
	server_polls(server);
	return 0;
}
