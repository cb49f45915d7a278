/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host.c - a network of our own, without root where the machine allows it. */
#include "host.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), saved;
	ssize_t put;

	if (fd < 0)
		return -1;
	put = write(fd, text, strlen(text));
	saved = errno;
	close(fd);
	errno = saved;
	return put == (ssize_t)strlen(text) ? 0 : -1;
}

static int file_read_line(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, out, size - 1);
	close(fd);
	if (got < 0)
		return -1;
	while (got && isspace((unsigned char)out[got - 1]))
		got--;
	out[got] = '\0';
	return 0;
}

/* Map the one user and group we are onto themselves: files stay ours, names stay true. */
static int ids_map(uid_t uid, gid_t gid)
{
	char map[64];

	/* Absent before Linux 3.19, refused where it is already so. */
	if (file_write("/proc/self/setgroups", "deny") && errno != ENOENT && errno != EPERM)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (file_write("/proc/self/uid_map", map))
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return file_write("/proc/self/gid_map", map);
}

enum user_ns_step { STEP_OK, STEP_UNSHARE, STEP_MAP, STEP_FORK };

/* Try it in a child first: a user namespace whose map is then refused cannot be left again. */
static enum user_ns_step user_ns_probe(int *error)
{
	int result[2] = {STEP_FORK, 0}, fds[2];
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC)) {
		*error = errno;
		return STEP_FORK;
	}
	pid = fork();
	if (pid == 0) {
		result[0] = STEP_OK;
		if (unshare(CLONE_NEWUSER)) {
			result[0] = STEP_UNSHARE;
			result[1] = errno;
		} else if (ids_map(uid, gid)) {
			result[0] = STEP_MAP;
			result[1] = errno;
		}
		_exit(write(fds[1], result, sizeof(result)) != sizeof(result));
	}
	result[1] = errno;
	close(fds[1]);
	if (pid > 0) {
		while (read(fds[0], result, sizeof(result)) < 0 && errno == EINTR)
			;
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(fds[0]);
	*error = result[1];
	return (enum user_ns_step)result[0];
}

static void refused_explain(struct feature_state *network, enum user_ns_step step, int error)
{
	char word[16];

	snprintf(network->reason, sizeof(network->reason), "%s: %s (%s)",
		 step == STEP_MAP    ? "a user namespace was made, but its uid map was refused"
		 : step == STEP_FORK ? "fork was refused"
				     : "a user and network namespace was refused",
		 errno_name(error), strerror(error));
	if (!file_read_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", word,
			    sizeof(word)) &&
	    !strcmp(word, "1"))
		snprintf(network->cure, sizeof(network->cure),
			 "AppArmor restricts user namespaces here: sudo make install (it brings a "
			 "profile), or `make run` from the source tree");
	else if (!file_read_line("/proc/sys/user/max_user_namespaces", word, sizeof(word)) &&
		 !strcmp(word, "0"))
		snprintf(network->cure, sizeof(network->cure),
			 "sudo sysctl user.max_user_namespaces=15000");
	else if (!file_read_line("/proc/sys/kernel/unprivileged_userns_clone", word,
				 sizeof(word)) &&
		 !strcmp(word, "0"))
		snprintf(network->cure, sizeof(network->cure),
			 "sudo sysctl kernel.unprivileged_userns_clone=1");
	else if (error == ENOSPC)
		snprintf(network->cure, sizeof(network->cure),
			 "raise user.max_user_namespaces and user.max_net_namespaces");
	else
		snprintf(network->cure, sizeof(network->cure),
			 "run bothends outside this container, as root, or let the container have "
			 "CAP_SYS_ADMIN and CAP_NET_ADMIN");
}

/* Keep only what the lab works with; the files it may write are then those the user may. */
static void capabilities_keep_few(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	uint32_t keep = 1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW | 1U << CAP_SYS_ADMIN |
			1U << CAP_SYS_PTRACE | 1U << CAP_KILL;

	/* The actors cannot do this for themselves: an ordinary user's have lost the capability
	 * for it when they start. */
	for (int i = 0; i <= CAP_LAST_CAP; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	if (syscall(SYS_capget, &head, data))
		return;
	data[0].effective &= keep;
	data[0].permitted &= keep;
	data[0].inheritable = 0;
	data[1] = (struct __user_cap_data_struct){0};
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	syscall(SYS_capset, &head, data);
}

static void loopback_up(void)
{
	struct ifreq ifr = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
}

void host_enter(struct host *host, struct feature_state *network)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	enum user_ns_step step;
	int error = 0;

	if (uid == 0 && !unshare(CLONE_NEWNET)) {
		host->private = true;
		snprintf(network->how, sizeof(network->how), "a network namespace (root)");
	} else {
		step = user_ns_probe(&error);
		/* Both in one call: where the second is refused, nothing has happened. */
		if (step == STEP_OK && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
			step = STEP_UNSHARE;
			error = errno;
		} else if (step == STEP_OK) {
			host->private = host->user_ns = true;
			if (ids_map(uid, gid)) {
				/* The probe could; files we make stay ours all the same. */
				error = errno;
			}
			snprintf(network->how, sizeof(network->how),
				 "a user and network namespace (uid %u)", uid);
		}
		if (step != STEP_OK)
			refused_explain(network, step, error);
	}
	network->ok = host->private;
	if (host->private) {
		char was[8];
		struct err err;

		loopback_up();
		/* Every machine's runs shall compare; reno is always built in. */
		host_sysctl(host, "tcp_congestion_control", "reno", was, sizeof(was), &err);
	}
	capabilities_keep_few();
}

int host_sysctl(const struct host *host, const char *name, const char *value, char *out,
		size_t size, struct err *err)
{
	const char *leaf = name;
	char path[128];

	if (!strncmp(leaf, "net.ipv4.", 9))
		leaf += 9;
	if (strncmp(leaf, "tcp_", 4) ||
	    strspn(leaf, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(leaf) ||
	    strlen(leaf) > 64)
		return err_set(err,
			       "sysctl: only net.ipv4.tcp_* can be read and set here, not '%.64s'",
			       name);
	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", leaf);
	if (access(path, F_OK))
		return err_set(err, "sysctl: this kernel has no net.ipv4.%s", leaf);
	if (value && !host->private)
		return err_set(err, "sysctl: the lab works on the machine's own network, whose "
				    "settings it leaves alone");
	if (value && file_write(path, value))
		return err_set(err, "sysctl: the kernel refuses net.ipv4.%s = %.64s: %s", leaf,
			       value, strerror(errno));
	if (file_read_line(path, out, size))
		return err_set(err, "sysctl: net.ipv4.%s: %s", leaf, strerror(errno));
	return 0;
}
