/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sleeps.c - the server writes and closes; the client reads to the end and sleeps instead of
 * closing, until it is killed. Lesson 14.
 *
 * Prints:
 *	read: 26
 *	read: 0
 *	killed by SIGINT
 */
#include "pair.h"

#include <signal.h>

static void client(int fd, int ready)
{
	char line[64];
	ssize_t n;

	while ((n = read(fd, line, sizeof(line))) > 0)
		report("read", n);
	report("read", n);
	close(ready);
	pause();
}

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (write(fd, "Sun Nov 22 08:00:00 2026\r\n", 26) != 26)
		fail("write");
	close(fd);
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), ready[2];
	pid_t pid;

	if (pipe(ready))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0)
		client(tcp_connect(port), ready[1]);
	close(ready[1]);
	server(listener);
	await(ready[0], POLLIN); /* the client sleeps, or is about to */
	kill(pid, SIGINT);
	report_end(pid);
	return 0;
}
