/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - a network of our own, without root where the machine allows it. */
#include "network.h"

#include "procfile.h"
#include "sysctl.h"

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

/* Map the one user and group we are onto themselves: files stay ours, names stay true. */
static int ids_map(uid_t uid, gid_t gid)
{
	char map[64];

	/* Absent before Linux 3.19, refused where it is already so. */
	if (procfile_write("/proc/self/setgroups", "deny") && errno != ENOENT && errno != EPERM)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (procfile_write("/proc/self/uid_map", map))
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return procfile_write("/proc/self/gid_map", map);
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
	if (!procfile_read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", word,
			   sizeof(word)) &&
	    !strcmp(word, "1"))
		snprintf(network->cure, sizeof(network->cure),
			 "AppArmor restricts user namespaces here: sudo make install (it brings a "
			 "profile), or `make run` from the source tree");
	else if (!procfile_read("/proc/sys/user/max_user_namespaces", word, sizeof(word)) &&
		 !strcmp(word, "0"))
		snprintf(network->cure, sizeof(network->cure),
			 "sudo sysctl user.max_user_namespaces=15000");
	else if (!procfile_read("/proc/sys/kernel/unprivileged_userns_clone", word, sizeof(word)) &&
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

void network_loopback_up(void)
{
	struct ifreq ifr = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
}

void network_enter(struct network *network, struct feature_state *feature)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	enum user_ns_step step;
	int error = 0;

	if (uid == 0 && !unshare(CLONE_NEWNET)) {
		network->private = true;
		snprintf(feature->how, sizeof(feature->how), "a network namespace (root)");
	} else {
		step = user_ns_probe(&error);
		/* Both in one call: where the second is refused, nothing has happened. */
		if (step == STEP_OK && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
			step = STEP_UNSHARE;
			error = errno;
		} else if (step == STEP_OK) {
			network->private = network->user_ns = true;
			if (ids_map(uid, gid)) {
				/* The probe could; files we make stay ours all the same. */
				error = errno;
			}
			snprintf(feature->how, sizeof(feature->how),
				 "a user and network namespace (uid %u)", uid);
		}
		if (step != STEP_OK)
			refused_explain(feature, step, error);
	}
	feature->ok = network->private;
	if (network->private) {
		network_loopback_up();
		sysctl_defaults();
	}
	capabilities_keep_few();
}
