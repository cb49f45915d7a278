/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leaves-unread.c - a server that goes with the client's request unread: it closes, it is killed,
 * and it closes as it should. Lesson 16.
 *
 * Prints:
 *	it closes
 *	write: -1 ECONNRESET
 *	read: 3
 *	read: 0
 *	it is killed
 *	read: -1 ECONNRESET
 *	it reads all
 *	read: 3
 *	read: 0
 */
#include "pair.h"

#include <signal.h>

static char buf[64];

/* The answer comes before the request was read. */
static void server_refuses(int fd)
{
	await(fd, POLLIN);
	if (write(fd, "413", 3) < 0)
		fail("write");
	close(fd);
}

static void server_is_killed(int fd)
{
	await(fd, POLLIN);
	kill(getpid(), SIGKILL);
	close(fd);
}

static void server_reads_all(int fd)
{
	if (write(fd, "413", 3) < 0)
		fail("write");
	shutdown(fd, SHUT_WR);
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

/* A client that has sent its request to a server in another process; returns its socket. */
static int client(void (*server)(int))
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), fd = tcp_connect(port);

	if (write(fd, "request", 7) < 0)
		fail("write");
	if (fork() == 0) {
		close(fd);
		server(accept(listener, NULL, NULL));
		exit(EXIT_SUCCESS);
	}
	close(listener);
	return fd;
}

int main(void)
{
	int fd = client(server_refuses);

	puts("it closes");
	await(fd, 0); /* a RST */
	report("write", write(fd, "more", 4));
	report("read", read(fd, buf, sizeof(buf)));
	report("read", read(fd, buf, sizeof(buf)));

	fd = client(server_is_killed);
	puts("it is killed");
	await(fd, 0);
	report("read", read(fd, buf, sizeof(buf)));

	fd = client(server_reads_all);
	puts("it reads all");
	report("read", read(fd, buf, sizeof(buf)));
	report("read", read(fd, buf, sizeof(buf)));
	close(fd);
	while (wait(NULL) > 0)
		;
	return 0;
}
