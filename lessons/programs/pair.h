/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pair.h - what every program here needs: two ends on 127.0.0.1, and a line for what a call
 * returned. Each function ends the program when it cannot do its work. */
#ifndef PAIR_H
#define PAIR_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* A listening socket on 127.0.0.1; a port of 0 is set to the one the kernel has chosen. */
static inline int tcp_listen(uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) || listen(fd, 8) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		fail("listen");
	*port = ntohs(address.sin_port);
	return fd;
}

static inline int tcp_connect(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("connect");
	return fd;
}

/* Both ends of one connection in one process: fd[0] has connected, fd[1] was accepted. */
static inline void tcp_pair(int fd[2])
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);

	fd[0] = tcp_connect(port);
	fd[1] = accept(listener, NULL, NULL);
	if (fd[1] < 0)
		fail("accept");
	close(listener);
}

/* Cut the cable to this end, or mend it: while it is cut no segment arrives here, and nobody is
 * told, as when a host has lost its power. The socket asks for a TTL that no segment has, and its
 * kernel drops them all (RFC 5082 has a better use for that). */
static inline void cable_cut(int fd)
{
	if (setsockopt(fd, IPPROTO_IP, IP_MINTTL, &(int){255}, sizeof(int)))
		fail("cable_cut");
}

static inline void cable_mend(int fd)
{
	if (setsockopt(fd, IPPROTO_IP, IP_MINTTL, &(int){0}, sizeof(int)))
		fail("cable_mend");
}

/* The host of fd[1] crashes and boots: it has forgotten the connection, and fd[0] has heard of
 * nothing. (It aborts its end, and its RST is lost.) */
static inline void host_reboot(int fd[2])
{
	struct linger zero = {.l_onoff = 1};

	cable_cut(fd[0]);
	setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &zero, sizeof(zero));
	close(fd[1]);
	fd[1] = -1;
	cable_mend(fd[0]);
}

/* Wait until poll(2) reports one of these events, or an error or a hang-up, which it always
 * reports: the kernel has taken the segment that brings it. */
static inline void await(int fd, short events)
{
	struct pollfd poller = {.fd = fd, .events = events};

	if (poll(&poller, 1, 5000) != 1)
		fail("poll");
}

/* "write: 3", or "write: -1 EPIPE". */
static inline void report(const char *call, ssize_t ret)
{
	if (ret < 0)
		printf("%s: %zd %s\n", call, ret, strerrorname_np(errno));
	else
		printf("%s: %zd\n", call, ret);
	fflush(stdout);
}

/* Wait for a child and tell how it has ended: "killed by SIGPIPE", or "exited 0". */
static inline void report_end(pid_t pid)
{
	int status;

	if (pid < 0) /* waitpid() would wait for any child */
		fail("fork");
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	if (WIFSIGNALED(status))
		printf("killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	else
		printf("exited %d\n", WEXITSTATUS(status));
	fflush(stdout);
}

#endif
