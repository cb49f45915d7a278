/* SPDX-License-Identifier: GPL-3.0-or-later */
/* process.c - processes begin, end, stop and go on. */
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* include/uapi/linux/pidfd.h since Linux 6.13; the exit code since 6.15. */
struct pidfd_told {
	uint64_t mask, cgroup;
	uint32_t pid, tgid, ppid, ids[8];
	int32_t exit_code;
};
#define PIDFD_TOLD_EXIT (1ULL << 3)
#define PIDFD_TELL _IOWR(0xff, 11, struct pidfd_told)

static void process_event(struct lab *lab, struct actor *actor, enum process_change what,
			  int status, int64_t t)
{
	struct event event = {.kind = EVENT_PROCESS, .side = actor->side, .t = t};

	event.process.what = what;
	event.process.pid = actor->pid;
	event.process.status = status;
	stage_add(lab, &event);
}

void process_started(struct lab *lab, struct actor *actor)
{
	process_event(lab, actor, PROCESS_STARTED, 0, lab_now(lab));
}

void process_caught(struct lab *lab, struct actor *actor, int signal, int64_t t)
{
	process_event(lab, actor, PROCESS_CAUGHT, signal, t);
}

/* One field of /proc/PID/stat (proc_pid_stat(5)), counted from 1, from the third on; the second
 * may hold blanks and parentheses. */
static bool stat_field(pid_t pid, int field, char *out, size_t size)
{
	char path[32], line[1024], *at;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (got <= 0)
		return false;
	line[got] = '\0';
	at = strrchr(line, ')');
	for (int i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	snprintf(out, size, "%.*s", (int)strcspn(at + 1, " \n"), at + 1);
	return true;
}

int process_letter(pid_t pid)
{
	char letter[8];

	return stat_field(pid, 3, letter, sizeof(letter)) ? letter[0] : 0;
}

static void process_ended(struct lab *lab, struct actor *actor, int status, bool known)
{
	enum process_change what = known && WIFSIGNALED(status) ? PROCESS_KILLED : PROCESS_EXITED;
	int number = !known ? -1 : WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);

	actor_hang_up(lab, actor);
	process_event(lab, actor, what, number, lab_now(lab));
}

/* A process whose parent is not us: the server's child, or (the server gone) soon ours. */
static bool process_of_other(struct lab *lab, struct actor *actor)
{
	struct pollfd one = {.fd = actor->pidfd, .events = POLLIN};
	struct pidfd_told told = {.mask = PIDFD_TOLD_EXIT};
	char code[16];

	if (poll(&one, 1, 0) <= 0)
		return false;
	/* A zombie tells by its stat, one already reaped only to a recent kernel. */
	if (process_letter(actor->pid) == 'Z' && stat_field(actor->pid, 52, code, sizeof(code)))
		process_ended(lab, actor, atoi(code), true);
	else if (!ioctl(actor->pidfd, PIDFD_TELL, &told) && told.mask & PIDFD_TOLD_EXIT)
		process_ended(lab, actor, told.exit_code, true);
	else
		process_ended(lab, actor, 0, false);
	return true;
}

static void process_one(struct lab *lab, struct actor *actor)
{
	siginfo_t info = {0};

	if (waitid(P_PIDFD, (id_t)actor->pidfd, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) <
	    0) {
		bool stopped;

		if (errno != ECHILD || process_of_other(lab, actor))
			return;
		stopped = process_letter(actor->pid) == 'T';
		if (stopped != actor->stopped)
			process_event(lab, actor, stopped ? PROCESS_STOPPED : PROCESS_CONTINUED,
				      stopped ? SIGSTOP : SIGCONT, lab_now(lab));
		actor->stopped = stopped;
		return;
	}
	if (!info.si_pid)
		return;
	switch (info.si_code) {
	case CLD_STOPPED:
		actor->stopped = true;
		process_event(lab, actor, PROCESS_STOPPED, info.si_status, lab_now(lab));
		break;
	case CLD_CONTINUED:
		actor->stopped = false;
		process_event(lab, actor, PROCESS_CONTINUED, SIGCONT, lab_now(lab));
		break;
	case CLD_EXITED:
		process_ended(lab, actor, (info.si_status & 0xff) << 8, true);
		break;
	default: /* CLD_KILLED, CLD_DUMPED */
		process_ended(lab, actor, info.si_status, true);
		break;
	}
}

/* The server's dead children are the server's to wait for; when it is gone, ours. They are in its
 * process group, whose number is its own. */
static void orphans_reap(const struct lab *lab)
{
	const struct actor *server = &lab->actors[SIDE_SERVER], *child = &lab->actors[SIDE_CHILD];
	siginfo_t info;

	while (!server->alive && server->pid) {
		info.si_pid = 0;
		if (waitid(P_PGID, (id_t)server->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
		    !info.si_pid || (child->alive && info.si_pid == child->pid))
			return;
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

void process_check(struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct actor *actor = &lab->actors[side];
		bool stopped;

		if (!actor->alive || actor->pidfd < 0)
			continue;
		do { /* one change at a time, while there are any */
			stopped = actor->stopped;
			process_one(lab, actor);
		} while (actor->alive && stopped != actor->stopped);
	}
	orphans_reap(lab);
}
