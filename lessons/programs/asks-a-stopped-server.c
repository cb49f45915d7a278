/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asks-a-stopped-server.c - a client that connects to a stopped server, writes, and waits for an
 * answer, but not for ever; then the server gets a SIGTERM. Lesson 24.
 *
 * Prints:
 *	server stopped by SIGSTOP
 *	write: 5
 *	read: -1 EAGAIN
 *	after SIGTERM it is still there
 *	server killed by SIGTERM
 */
#include "pair.h"

#include <signal.h>

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);
	char line[4096];
	ssize_t n = read(fd, line, sizeof(line));

	report("echo", write(fd, line, n > 0 ? (size_t)n : 0)); /* is never reached */
}

static void client(uint16_t port)
{
	struct timeval limit = {.tv_usec = 200000};
	char answer[16];
	int fd = tcp_connect(port);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	report("write", write(fd, "hello", 5));
	report("read", read(fd, answer, sizeof(answer)));
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), status;
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0)
		server(listener);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	if (WIFSTOPPED(status))
		printf("server stopped by SIG%s\n", sigabbrev_np(WSTOPSIG(status)));
	client(port);
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, WNOHANG) == 0)
		puts("after SIGTERM it is still there");
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("server killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	return 0;
}
