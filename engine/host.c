/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * host.c - a host on the wire: a kernel TCP of its own behind a TUN device.
 *
 * The device is the lab's end of the cable: it lives as long as its descriptor. An orphan of a dead
 * process would keep the namespace alive for minutes (tcp_orphan_retries), so the sockets are
 * destroyed before a host ends; and where the lab itself is killed, its warden does that.
 */
#include "host.h"

#include "network.h"
#include "procfile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVICE "wire"
#define QUEUE 10000 /* packets; a TUN pushes nothing back, it drops when this is full */
#define WARDEN_PASSES 1000
#define WARDEN_PAUSE 2 /* ms */

static int refused(struct err *err, const char *what)
{
	return err_set(err, "%s: %s (%s)", what, errno_name(errno), strerror(errno));
}

/* The cable carries IPv4 only; a kernel that could speak IPv6 would do so unasked. */
static void ipv6_off(void)
{
	procfile_write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	procfile_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

static void address_put(struct ifreq *ifr, uint32_t addr)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = addr};

	memcpy(&ifr->ifr_addr, &in, sizeof(in));
}

static int device_up(uint32_t addr, struct err *err)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), bad;
	struct ifreq ifr = {.ifr_name = DEVICE};

	if (fd < 0)
		return refused(err, "socket");
	bad = network_queue_set(DEVICE, QUEUE);
	ifr.ifr_mtu = WIRE_MTU;
	bad |= ioctl(fd, SIOCSIFMTU, &ifr);
	address_put(&ifr, addr);
	bad |= ioctl(fd, SIOCSIFADDR, &ifr);
	address_put(&ifr, htonl(0xffffff00U));
	bad |= ioctl(fd, SIOCSIFNETMASK, &ifr);
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	bad |= ioctl(fd, SIOCSIFFLAGS, &ifr);
	if (bad)
		refused(err, "the TUN device's address");
	close(fd);
	return bad ? -1 : 0;
}

static int device_open(struct host *host, struct err *err)
{
	struct ifreq ifr = {.ifr_name = DEVICE, .ifr_flags = IFF_TUN | IFF_NO_PI};

	/* The device belongs to the namespace in which this is opened. */
	host->tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (host->tun < 0)
		return refused(err, "/dev/net/tun");
	if (ioctl(host->tun, TUNSETIFF, &ifr))
		return refused(err, "a TUN device");
	return device_up(host->addr, err);
}

/* Everything but these two descriptors. */
static void descriptors_keep(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

	if (low)
		close_range(0, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0U, 0);
}

/* When the lab has ended, however it has, its actors are killed; what their ends leave in this
 * kernel is destroyed as it appears, until there is nothing. */
static void warden_watch(enum side side, int life)
{
	struct pollfd end = {.fd = life};
	/* Its own: in the lab's, an answer may still lie unread that the lab had asked for. */
	struct diag *diag = diag_new(NULL);
	sigset_t all;

	if (!diag)
		_exit(1);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, side == SIDE_CLIENT ? "client-host" : "server-host");
	descriptors_keep(life, diag_fd(diag));
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
	for (int i = 0; i < WARDEN_PASSES && diag_destroy(diag) != 0; i++)
		poll(NULL, 0, WARDEN_PAUSE);
	_exit(0);
}

static int host_build(struct host *host, enum side side, const struct settings *settings, int life,
		      struct err *err)
{
	ipv6_off();
	network_loopback_up();
	if (device_open(host, err))
		return -1;
	sysctl_defaults();
	settings_apply(settings);
	host->diag = diag_new(err);
	if (!host->diag)
		return -1;
	host->devices = open("/proc/self/net/dev", O_RDONLY | O_CLOEXEC);
	host->ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (host->ns < 0 || host->devices < 0)
		return refused(err, "the host's namespace");
	host->warden = fork();
	if (host->warden == 0)
		warden_watch(side, life);
	return host->warden < 0 ? refused(err, "fork") : 0;
}

int host_start(struct host *host, enum side side, const struct settings *settings, int life,
	       struct err *err)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), result;

	*host = (struct host){.ns = -1, .tun = -1, .devices = -1};
	host->addr = htonl(side == SIDE_CLIENT ? WIRE_CLIENT : WIRE_SERVER);
	if (home < 0)
		return refused(err, "/proc/self/ns/net");
	if (unshare(CLONE_NEWNET)) {
		close(home);
		return refused(err, "a network namespace for a host");
	}
	result = host_build(host, side, settings, life, err);
	namespace_enter(home);
	close(home);
	if (result)
		host_end(host);
	return result;
}

int namespace_enter(int ns)
{
	return setns(ns, CLONE_NEWNET);
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void host_silence(struct host *host)
{
	fd_close(&host->tun);
	host->down = true;
}

void host_end(struct host *host)
{
	host_silence(host);
	for (int i = 0; i < WARDEN_PASSES && host->diag && diag_destroy(host->diag) > 0; i++)
		poll(NULL, 0, WARDEN_PAUSE);
	if (host->warden > 0) {
		kill(host->warden, SIGKILL);
		while (waitpid(host->warden, NULL, 0) < 0 && errno == EINTR)
			;
	}
	host->warden = 0;
	diag_free(host->diag);
	host->diag = NULL;
	fd_close(&host->devices);
	fd_close(&host->ns);
}

unsigned host_drops(struct host *host)
{
	unsigned long long dropped = 0;
	char text[2048], *line;
	ssize_t got;
	unsigned more;

	if (host->devices < 0)
		return 0;
	got = pread(host->devices, text, sizeof(text) - 1, 0);
	text[got > 0 ? got : 0] = '\0';
	line = strstr(text, DEVICE ":");
	/* What the host has sent: bytes, packets, errs, drop; before it the eight of receiving. */
	if (!line || sscanf(line, DEVICE ": %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %llu",
			    &dropped) != 1)
		return 0;
	more = (unsigned)(dropped - host->dropped);
	host->dropped = dropped;
	return more;
}
