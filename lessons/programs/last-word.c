/* SPDX-License-Identifier: GPL-3.0-or-later */
/* last-word.c - an echo server that catches SIGTERM, and tells its client before it ends.
 *Lesson 23.
 *
 * Prints:
 *	read: 6
 *	hello
 *	read: 8
 *	closing
 *	read: 0
 *	server exited 0
 */
#include "pair.h"

#include <signal.h>

static void caught(int number)
{
	(void)number; /* ppoll fails with EINTR, and that is all we want */
}

static void echo(int fd)
{
	char line[4096];
	ssize_t n = read(fd, line, sizeof(line));

	if (n <= 0 || send(fd, line, (size_t)n, MSG_NOSIGNAL) != n)
		exit(EXIT_FAILURE);
}

/* SIGTERM is blocked, but for the time in ppoll: it cannot come between two calls. */
static void server(int listener)
{
	struct sigaction action = {.sa_handler = caught};
	struct pollfd poller = {.events = POLLIN};
	sigset_t term, none;

	sigemptyset(&none);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	sigaction(SIGTERM, &action, NULL);
	poller.fd = accept(listener, NULL, NULL);
	while (ppoll(&poller, 1, NULL, &none) > 0)
		echo(poller.fd);
	send(poller.fd, "closing\n", 8, MSG_NOSIGNAL);
	exit(EXIT_SUCCESS);
}

static ssize_t client_read(int fd)
{
	char line[4096];
	ssize_t n = read(fd, line, sizeof(line));

	report("read", n);
	if (n > 0)
		printf("%.*s", (int)n, line);
	return n;
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), fd, status;
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0)
		server(listener);
	fd = tcp_connect(port);
	if (write(fd, "hello\n", 6) != 6)
		fail("write");
	client_read(fd);
	kill(pid, SIGTERM);
	while (client_read(fd) > 0)
		;
	waitpid(pid, &status, 0);
	if (WIFEXITED(status))
		printf("server exited %d\n", WEXITSTATUS(status));
	return 0;
}
