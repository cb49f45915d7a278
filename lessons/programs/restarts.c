/* SPDX-License-Identifier: GPL-3.0-or-later */
/* restarts.c - a server serves one client, closes first and ends; a new one binds the same port
 * while the old connection is in TIME_WAIT. SO_REUSEADDR is set by neither, by one of the two, and
 * by both. Lesson 13.
 *
 * Prints:
 *	bind, neither has it: -1 EADDRINUSE
 *	bind, the new one has it: -1 EADDRINUSE
 *	bind, the old one had it: -1 EADDRINUSE
 *	bind, both have it: 0
 */
#include "pair.h"

#include <netinet/tcp.h>

/* A socket on this port, or on a free one where it is 0; returns what bind(2) does. */
static int bind_port(uint16_t port, int on, int *fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(*fd, (struct sockaddr *)&address, sizeof(address));
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len))
		fail("getsockname");
	return ntohs(address.sin_port);
}

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (write(fd, "12:00\r\n", 7) != 7)
		fail("write");
	exit(EXIT_SUCCESS); /* the kernel closes both descriptors */
}

static void play(int before, int after, const char *who)
{
	char line[64];
	int listener, fd, now = 1;
	uint16_t port;

	if (bind_port(0, before, &listener) || listen(listener, 8))
		fail("listen");
	port = port_of(listener);
	if (fork() == 0)
		server(listener);
	close(listener);
	fd = tcp_connect(port);
	while (read(fd, line, sizeof(line)) > 0)
		;
	wait(NULL);
	/* Acknowledge the server's FIN now: an ACK that our FIN overtakes could end TIME_WAIT. */
	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &now, sizeof(now));
	close(fd); /* the server's end is in TIME_WAIT */
	report(who, bind_port(port, after, &listener));
	close(listener);
}

int main(void)
{
	play(0, 0, "bind, neither has it");
	play(0, 1, "bind, the new one has it");
	play(1, 0, "bind, the old one had it");
	play(1, 1, "bind, both have it");
	return 0;
}
