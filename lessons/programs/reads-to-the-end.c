/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reads-to-the-end.c - a server writes and is killed at once; its client comes late, and reads all
 *of it. Lesson 21.
 *
 * Prints:
 *	write: 3
 *	server killed by SIGKILL
 *	read: 3
 *	bye
 *	read: 0
 */
#include "pair.h"

#include <signal.h>

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);

	report("write", write(fd, "bye", 3));
	raise(SIGKILL);
}

static void client(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		report("read", n);
		printf("%.*s\n", (int)n, buf);
	}
	report("read", n);
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
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("server killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	await(fd, POLLRDHUP); /* nothing is read before the FIN has come */
	client(fd);
	return 0;
}
