/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stops-reading.c - a client writes to a server that does not read, and writes more than a kernel
 * keeps; then the server reads it all. Lesson 38.
 *
 * Prints:
 *	write: 16384
 *	write: 262144
 *	278528 bytes read
 */
#include "pair.h"

static char few[16 * 1024], many[256 * 1024];

static void client(int fd, int go)
{
	ssize_t n;

	n = write(fd, few, sizeof(few));
	report("write", n);
	close(go); /* the server may read */
	n = write(fd, many, sizeof(many));
	report("write", n);
}

static void server(int fd, int go)
{
	size_t total = 0;
	char buf[4096];
	ssize_t n;

	await(go, POLLIN);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	printf("%zu bytes read\n", total);
}

int main(void)
{
	int fd[2], go[2];
	pid_t pid;

	tcp_pair(fd);
	if (pipe(go))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		close(fd[0]);
		close(go[1]);
		server(fd[1], go[0]);
		exit(EXIT_SUCCESS);
	}
	close(fd[1]);
	client(fd[0], go[1]);
	close(fd[0]);
	waitpid(pid, NULL, 0);
	return 0;
}
