/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * join.c - into the network of a lab that runs already.
 *
 *   the lab ─┬─ client   found in /proc: the program bothends-actor under these two names;
 *            └─ server   the newest parent of such processes is the newest lab
 */
#include "lab.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LABS 64

struct found {
	pid_t lab, actor[2];	 /* 0: none; actor by enum side */
	pid_t host[2];		 /* on the wire: who is in that side's host */
	unsigned long long born; /* of the lab, in clock ticks since boot */
};

/* Name, parent and start of a process (proc(5): fields 2, 4 and 22). A name may hold anything, so
 * the last parenthesis counts. */
static int stat_read(pid_t pid, char *comm, size_t size, pid_t *parent, unsigned long long *born)
{
	char path[64], line[1024], *open_paren, *close_paren, *field;
	int fd;
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (got <= 0)
		return -1;
	line[got] = '\0';
	open_paren = strchr(line, '(');
	close_paren = strrchr(line, ')');
	if (!open_paren || !close_paren || close_paren < open_paren)
		return -1;
	*close_paren = '\0';
	snprintf(comm, size, "%s", open_paren + 1);
	if (sscanf(close_paren + 1, " %*c %d", parent) != 1)
		return -1;
	field = close_paren + 1;
	for (int i = 3; i <= 22; i++) {
		field = strchr(field, ' ');
		if (!field++)
			return -1;
	}
	*born = strtoull(field, NULL, 10);
	return 0;
}

enum program { PROGRAM_OTHER, PROGRAM_LAB, PROGRAM_ACTOR };

/* What host.c calls the warden of a host: the lab's own program, in the host's network. */
static enum side warden_side(const char *comm)
{
	return !strcmp(comm, "client-host")   ? SIDE_CLIENT
	       : !strcmp(comm, "server-host") ? SIDE_SERVER
					      : SIDE_NONE;
}

/* Which of our programs a living process of our user runs. Rebuilt since it started, its file is
 * "(deleted)". */
static enum program program_of(pid_t pid)
{
	char path[64], exe[4096], *name, *deleted;
	struct stat st;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	if (stat(path, &st) || st.st_uid != geteuid())
		return PROGRAM_OTHER;
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	len = readlink(path, exe, sizeof(exe) - 1);
	if (len <= 0)
		return PROGRAM_OTHER;
	exe[len] = '\0';
	deleted = strstr(exe, " (deleted)");
	if (deleted)
		*deleted = '\0';
	name = strrchr(exe, '/');
	name = name ? name + 1 : exe;
	return !strcmp(name, "bothends-actor") ? PROGRAM_ACTOR
	       : !strcmp(name, "bothends")     ? PROGRAM_LAB
					       : PROGRAM_OTHER;
}

/* A namespace of a process, and whether it is our own already. -1 with errno. */
static int namespace_open(pid_t pid, const char *kind, bool *ours)
{
	char path[64];
	struct stat theirs, own;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	*ours = !fstat(fd, &theirs) && !stat(path, &own) && theirs.st_ino == own.st_ino &&
		theirs.st_dev == own.st_dev;
	return fd;
}

/* The lab that a process belongs to, and as what (`host`: it is that side's host); 0: none. A lab
 * whose ends are both dead still has its network: its own process is known by being in another than
 * ours. */
static pid_t lab_of(pid_t pid, enum side *side, bool *host)
{
	char comm[64];
	unsigned long long born;
	pid_t parent;
	bool ours = true;
	int fd;

	*side = SIDE_NONE;
	*host = false;
	switch (program_of(pid)) {
	case PROGRAM_ACTOR:
		if (stat_read(pid, comm, sizeof(comm), &parent, &born))
			return 0;
		*side = (enum side)side_from_name(comm);
		return *side == SIDE_CLIENT || *side == SIDE_SERVER ? parent : 0;
	case PROGRAM_LAB:
		if (stat_read(pid, comm, sizeof(comm), &parent, &born))
			return 0;
		*side = warden_side(comm);
		*host = *side != SIDE_NONE;
		if (*host)
			return program_of(parent) == PROGRAM_LAB ? parent : 0;
		fd = namespace_open(pid, "net", &ours);
		if (fd >= 0)
			close(fd);
		return ours ? 0 : pid;
	default:
		return 0;
	}
}

/* The newest lab; returns how many there are (at most LABS are told apart). */
static unsigned lab_find(struct found *newest)
{
	pid_t seen[LABS];
	unsigned labs = 0;
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	memset(newest, 0, sizeof(*newest));
	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name), lab, ignored;
		unsigned long long born;
		enum side side;
		bool host;
		char comm[64];
		unsigned i;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !(lab = lab_of(pid, &side, &host)) ||
		    stat_read(lab, comm, sizeof(comm), &ignored, &born))
			continue;
		for (i = 0; i < labs && seen[i] != lab; i++)
			;
		if (i == LABS)
			continue;
		if (i == labs)
			seen[labs++] = lab;
		if (lab != newest->lab) {
			if (newest->lab &&
			    (born < newest->born || (born == newest->born && lab < newest->lab)))
				continue;
			*newest = (struct found){.lab = lab, .born = born};
		}
		if (side != SIDE_NONE)
			(host ? newest->host : newest->actor)[side] = pid;
	}
	if (proc)
		closedir(proc);
	return labs;
}

/* Every capability of the namespace goes on into the shell, but those over files: what the user
 * could not write before stays so. Root's exec keeps its own. */
static void capabilities_pass_on(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	uint32_t files = 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH;

	if (syscall(SYS_capget, &head, data))
		return;
	data[0].permitted &= ~files;
	data[0].effective = data[0].permitted;
	data[0].inheritable = data[0].permitted;
	data[1].inheritable = data[1].effective = data[1].permitted;
	if (syscall(SYS_capset, &head, data))
		return;
	for (int cap = 0; cap < 64; cap++)
		if (data[cap / 32].permitted & 1U << cap % 32)
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
}

static int network_enter(pid_t pid, bool *ours, struct err *err)
{
	bool our_user;
	int net, user = namespace_open(pid, "user", &our_user), result = -1;

	if (user < 0)
		return err_set(err, "shell: /proc/%d/ns/user: %s", pid, strerror(errno));
	/* Opened before the first setns: the lab may end in between. */
	net = namespace_open(pid, "net", ours);
	if (net < 0) {
		err_set(err, "shell: /proc/%d/ns/net: %s", pid, strerror(errno));
	} else if (*ours) {
		result = 0;
	} else if (!our_user && setns(user, CLONE_NEWUSER)) {
		err_set(err, "shell: the kernel refuses the lab's user namespace: %s",
			strerror(errno));
	} else if (setns(net, CLONE_NEWNET)) {
		err_set(err, "shell: the kernel refuses the lab's network namespace: %s",
			strerror(errno));
	} else {
		if (!our_user)
			capabilities_pass_on();
		result = 0;
	}
	if (net >= 0)
		close(net);
	close(user);
	return result;
}

int lab_join(enum side side, char *told, size_t size, struct err *err)
{
	char others[64] = "", ends[2][32] = {"", ""};
	struct found found;
	unsigned labs = lab_find(&found);
	int end = side == SIDE_SERVER || side == SIDE_CHILD;
	bool ours = false, wire;
	pid_t at;

	if (!labs)
		return err_set(err, "shell: no lab of yours is running; start one with `bothends` "
				    "in another terminal");
	/* A child shares the server's host. On loopback all of them share one. */
	wire = found.host[0] || found.host[1];
	if (wire && side == SIDE_NONE && !found.host[end])
		end = SIDE_SERVER;
	if (wire && !found.host[end])
		return err_set(err, "shell: the %s's host is down: `%s reboot` starts it again",
			       side_name((enum side)end), side_name((enum side)end));
	at = wire ? found.host[end] : found.actor[end];
	if (network_enter(at ? at : found.lab, &ours, err))
		return -1;
	if (labs > 1)
		snprintf(others, sizeof(others), ", the newest of %u", labs);
	for (int i = 0; i < 2; i++)
		if (found.actor[i])
			snprintf(ends[i], sizeof(ends[i]), ", %s %d", side_name((enum side)i),
				 found.actor[i]);
	if (ours)
		snprintf(told, size,
			 "the lab with pid %d%s has no network apart from this one: an ordinary "
			 "shell%s%s",
			 found.lab, others, ends[0], ends[1]);
	else if (wire)
		snprintf(told, size, "on the %s's host of the lab with pid %d%s%s%s",
			 side_name((enum side)end), found.lab, others, ends[0], ends[1]);
	else
		snprintf(told, size, "in the network of the lab with pid %d%s%s%s", found.lab,
			 others, ends[0], ends[1]);
	return found.lab;
}
