/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writes-twice.c - a server that writes to a client that has gone, twice: once as it is, and once
 * with SIGPIPE ignored. Lesson 2.
 *
 * Prints:
 *	write: 3
 *	killed by SIGPIPE
 *	write: 3
 *	write: -1 EPIPE
 */
#include "pair.h"

#include <signal.h>

/* A client that comes and goes. */
static void client(uint16_t port)
{
	close(tcp_connect(port));
	exit(EXIT_SUCCESS);
}

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);
	ssize_t n;

	await(fd, POLLRDHUP); /* the client closes */
	n = write(fd, "123", 3);
	report("write", n);
	await(fd, 0); /* its kernel answers with a RST */
	n = write(fd, "A", 1);
	report("write", n); /* is this ever reached? */
}

/* Play it in two processes; returns what wait(2) tells of the server. */
static int play(void (*disposition)(int))
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGPIPE, disposition);
		server(listener);
		exit(EXIT_SUCCESS);
	}
	if (fork() == 0)
		client(port);
	close(listener);
	waitpid(pid, &status, 0);
	wait(NULL);
	return status;
}

int main(void)
{
	int status = play(SIG_DFL);

	if (WIFSIGNALED(status))
		printf("killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	fflush(stdout);
	play(SIG_IGN);
	return 0;
}
