/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asks-twice.c - a client that sends its second question before it has read the answer to the
 *first; by then the server was killed. Lesson 22.
 *
 * Prints:
 *	write: 6
 *	write: 9
 *	read: 5
 *	that
 *	read: 0
 */
#include "pair.h"

#include <signal.h>

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);
	char question[16];

	if (read(fd, question, sizeof(question)) < 0 || write(fd, "that\n", 5) != 5)
		fail("server");
	raise(SIGKILL);
}

static void client(int fd)
{
	char answer[16];
	ssize_t n;

	report("write", write(fd, "what?\n", 6));
	await(fd, POLLRDHUP); /* answered, and killed */
	report("write", write(fd, "and now?\n", 9));
	await(fd, 0); /* a RST */
	n = read(fd, answer, sizeof(answer));
	report("read", n);
	if (n > 0)
		printf("%.*s", (int)n, answer);
	report("read", read(fd, answer, sizeof(answer)));
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);

	if (fork() == 0)
		server(listener);
	client(tcp_connect(port));
	wait(NULL);
	return 0;
}
