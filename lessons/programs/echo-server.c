/* SPDX-License-Identifier: GPL-3.0-or-later */
/* echo-server.c - a forking echo server, with a child for each client. Lesson 18.
 *
 *	echo-server PORT	serve: `echo-client PORT` is a client for it
 *	echo-server		play one client as well; then the child is killed
 *
 * Prints:
 *	the child echoes: hello
 *	child killed by SIGKILL
 *	read: 0
 */
#include "pair.h"

#include <signal.h>

/* The child: send back what comes, until the end of the file. */
static void echo(int listener, int fd)
{
	char line[4096];
	ssize_t n;

	close(listener); /* the server's */
	while ((n = read(fd, line, sizeof(line))) > 0)
		if (write(fd, line, (size_t)n) < 0)
			fail("write");
	exit(EXIT_SUCCESS);
}

/* Give a client to a child; returns the child. */
static pid_t serve(int listener, int fd)
{
	pid_t child = fork();

	if (child == 0)
		echo(listener, fd);
	close(fd); /* the child's */
	if (child < 0)
		fail("fork");
	return child;
}

static void reap(int options)
{
	int status;

	while (waitpid(-1, &status, options) > 0)
		if (WIFSIGNALED(status))
			printf("child killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	fflush(stdout);
}

static void child_ended(int number)
{
	(void)number; /* accept fails with EINTR, and that is all we want */
}

static void server(int listener)
{
	struct sigaction action = {.sa_handler = child_ended}; /* no SA_RESTART */

	sigaction(SIGCHLD, &action, NULL);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			serve(listener, fd);
		else if (errno != EINTR && errno != ECONNABORTED)
			fail("accept");
		reap(WNOHANG);
	}
}

int main(int argc, char **argv)
{
	uint16_t port = argc > 1 ? (uint16_t)atoi(argv[1]) : 0;
	int listener = tcp_listen(&port), fd;
	char line[16];
	pid_t child;

	if (argc > 1)
		server(listener);
	fd = tcp_connect(port);
	child = serve(listener, accept(listener, NULL, NULL));
	if (write(fd, "hello", 5) != 5 || read(fd, line, sizeof(line)) != 5)
		fail("client");
	printf("the child echoes: %.5s\n", line);
	kill(child, SIGKILL);
	reap(0);
	report("read", read(fd, line, sizeof(line)));
	return 0;
}
