/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leftover.c - the processes and namespaces that a lab has left, if any. */
#include "leftover.h"

#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int room_all;

int64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * NS_PER_S + at.tv_nsec;
}

int file_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t put;

	if (fd < 0)
		return -1;
	put = write(fd, text, strlen(text));
	close(fd);
	return put == (ssize_t)strlen(text) ? 0 : -1;
}

/* Into a user namespace as this user, with room for few others. */
static int room_limit(uid_t as)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char text[64];

	if (unshare(CLONE_NEWUSER))
		return -1;
	file_put("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "%u %u 1", as, uid);
	if (file_put("/proc/self/uid_map", text))
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", as, gid);
	if (file_put("/proc/self/gid_map", text))
		return -1;
	snprintf(text, sizeof(text), "%d", room_all);
	return file_put("/proc/sys/user/max_user_namespaces", text) ||
	       file_put("/proc/sys/user/max_net_namespaces", text);
}

int leftover_begin(uid_t as, int room)
{
	sigset_t child;

	room_all = room;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || room_limit(as) ? -1 : 0;
}

bool leftover_no_process(void)
{
	struct timespec second = {.tv_sec = 1};
	int64_t end = now() + 5 * NS_PER_S;
	sigset_t child;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return true;
		if (now() > end)
			break;
		sigtimedwait(&child, NULL, &second);
	}
	if (system("ps -e -o pid,ppid,stat,comm >&2 || true"))
		fputs("no ps\n", stderr);
	return false;
}

/* Each of so many processes takes one and holds it until the
 * pipe closes. The kernel gives a namespace back some time after its last process, and tells
 * nobody: each process asks again until it has one. */
bool leftover_no_namespace(void)
{
	int64_t end = now() + 20 * NS_PER_S;
	int hold[2], told[2], got = 0;
	char word;

	if (pipe(hold) || pipe(told))
		return false;
	for (int i = 0; i < room_all; i++) {
		if (fork())
			continue;
		close(hold[1]);
		while (unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
			if (now() > end)
				_exit(1);
			poll(NULL, 0, 5);
		}
		if (write(told[1], "y", 1) != 1)
			_exit(1);
		/* Or nobody would learn that another has got none. */
		close(told[1]);
		_exit(read(hold[0], &word, 1) < 0);
	}
	close(hold[0]);
	close(told[1]);
	while (got < room_all && read(told[0], &word, 1) == 1)
		got++;
	close(hold[1]);
	close(told[0]);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return got == room_all;
}
