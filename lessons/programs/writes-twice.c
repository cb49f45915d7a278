/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writes-twice.c - a server that writes to a client that has gone, and
 * writes again: once as it is, and once with SIGPIPE ignored. Lesson 2.
 *
 * Prints:
 *	write: 3
 *	killed by SIGPIPE
 *	write: 3
 *	write: -1 EPIPE
 *	write: -1 EPIPE
 *	exited 0
 */
#include "pair.h"

#include <signal.h>

/* A client that comes and goes. */
static void client(uint16_t port)
{
	close(tcp_connect(port));
}

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);
	ssize_t n;

	await(fd, POLLRDHUP); /* the client has closed */
	n = write(fd, "123", 3);
	report("write", n);
	await(fd, 0); /* its kernel has answered: a RST */
	n = write(fd, "A", 1);
	report("write", n); /* is this ever reached? */
	n = write(fd, "B", 1);
	report("write", n);
}

static void careful_server(int listener)
{
	signal(SIGPIPE, SIG_IGN);
	server(listener);
}

/* The server in a process of its own, and how that has ended. */
static void play(void (*program)(int))
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);
	pid_t pid = fork();

	if (pid == 0) {
		program(listener);
		exit(EXIT_SUCCESS);
	}
	client(port);
	report_end(pid);
	close(listener);
}

int main(void)
{
	play(server);
	play(careful_server);
	return 0;
}
