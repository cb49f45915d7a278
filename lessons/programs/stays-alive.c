/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stays-alive.c - a server that writes to a client that has gone, and stays
 * alive in three ways: a flag, a handler, a signal ignored. Lesson 3.
 *
 * Prints:
 *	send: -1 EPIPE
 *	killed by SIGPIPE
 *	write: -1 EPIPE
 *	caught: 1
 *	exited 0
 *	write: -1 EPIPE
 *	exited 0
 */
#include "pair.h"

#include <signal.h>

/* The server's end, as lesson 1 left it: the client has closed, and the
 * first write has drawn a RST. */
static int reset_by_client(void)
{
	int fd[2];

	tcp_pair(fd);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	if (write(fd[1], "123", 3) != 3)
		fail("write");
	await(fd[1], 0);
	return fd[1];
}

static void flag(int fd)
{
	ssize_t n = send(fd, "A", 1, MSG_NOSIGNAL);

	report("send", n);
	n = write(fd, "B", 1);
	report("write", n);
}

static volatile sig_atomic_t caught;

static void handler(int signal)
{
	caught += signal == SIGPIPE;
}

static void catcher(int fd)
{
	struct sigaction action = {.sa_handler = handler};
	ssize_t n;

	sigaction(SIGPIPE, &action, NULL);
	n = write(fd, "A", 1);
	report("write", n);
	report("caught", caught);
}

static void ignorer(int fd)
{
	ssize_t n;

	signal(SIGPIPE, SIG_IGN);
	if (fork() == 0) {
		n = write(fd, "A", 1);
		report("write", n);
		exit(EXIT_SUCCESS);
	}
	wait(NULL);
}

static void play(void (*server)(int))
{
	pid_t pid = fork();

	if (pid == 0) {
		server(reset_by_client());
		exit(EXIT_SUCCESS);
	}
	report_end(pid);
}

int main(void)
{
	play(flag);
	play(catcher);
	play(ignorer);
	return 0;
}
