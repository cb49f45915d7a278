/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.c - what differs between loopback, one host for both ends, and the wire, a host each. */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The child shares the server's host. */
static enum side host_side(enum side side)
{
	return side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
}

struct diag *link_diag(const struct lab *lab, enum side side)
{
	return lab->wire ? lab->wire->host[host_side(side)].diag : lab->diag;
}

uint32_t link_addr(const struct lab *lab, enum side side)
{
	return lab->wire ? lab->wire->host[host_side(side)].addr : htonl(INADDR_LOOPBACK);
}

bool link_sees(const struct lab *lab)
{
	return lab->wire || lab->capture;
}

bool link_down(const struct lab *lab, enum side side)
{
	return lab->wire && lab->wire->host[host_side(side)].down;
}

static void feature_refused(struct feature_state *feature, const char *reason, const char *cure)
{
	feature->ok = false;
	snprintf(feature->reason, sizeof(feature->reason), "%.*s", (int)sizeof(feature->reason) - 1,
		 reason);
	snprintf(feature->cure, sizeof(feature->cure), "%.*s", (int)sizeof(feature->cure) - 1,
		 cure);
}

static void feature_got(struct feature_state *feature, const char *how)
{
	feature->ok = true;
	snprintf(feature->how, sizeof(feature->how), "%s", how);
}

static void loopback_start(struct lab *lab)
{
	struct feature_state *features = lab->features;
	struct epoll_event event = {.events = EPOLLIN};
	struct err err = {0};

	lab->diag = diag_new(&err);
	if (lab->diag)
		feature_got(&features[FEATURE_DIAG], "exact look-ups through netlink");
	else
		feature_refused(&features[FEATURE_DIAG], err.text,
				"load the modules inet_diag and tcp_diag, or let the container "
				"open netlink sockets");
	/* On the machine's own network the lab neither listens in nor changes settings. */
	if (!lab->network.private) {
		feature_refused(&features[FEATURE_CAPTURE], "needs the private network",
				features[FEATURE_NETWORK].cure);
		return;
	}
	lab->capture = capture_new(&err);
	if (!lab->capture) {
		feature_refused(&features[FEATURE_CAPTURE], err.text,
				"let this process have CAP_NET_RAW and AF_PACKET sockets");
		return;
	}
	feature_got(&features[FEATURE_CAPTURE], "libpcap on the private lo");
	event.data.fd = capture_fd(lab->capture);
	epoll_ctl(lab->poll, EPOLL_CTL_ADD, event.data.fd, &event);
}

static int wire_link_start(struct lab *lab, struct err *err)
{
	struct feature_state *features = lab->features, *tun = &features[FEATURE_TUN];

	if (!tun->ok)
		return err_set(err, "the wire is not to be had: %s; %s", tun->reason, tun->cure);
	if (wire_start(lab, err)) {
		feature_refused(tun, err->text,
				"let this process make network namespaces and TUN devices");
		return err_wrap(err, "the wire is not to be had");
	}
	feature_got(&features[FEATURE_DIAG], "exact look-ups through netlink, at each host");
	feature_got(&features[FEATURE_CAPTURE], "the lab is the cable");
	return 0;
}

void link_end(struct lab *lab)
{
	wire_free(lab);
	capture_free(lab->capture);
	diag_free(lab->diag);
	lab->capture = NULL;
	lab->diag = NULL;
	lab->dropped = 0;
	lab->bulk = false;
}

int link_start(struct lab *lab, enum link_kind kind, struct err *err)
{
	link_end(lab);
	lab->options.link = kind;
	if (kind == LINK_WIRE)
		return wire_link_start(lab, err);
	loopback_start(lab);
	return 0;
}

void link_enter(struct lab *lab, enum side side)
{
	if (!lab->wire)
		return;
	if (lab->home < 0)
		lab->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (lab->home >= 0)
		namespace_enter(lab->wire->host[host_side(side)].ns);
}

void link_leave(struct lab *lab)
{
	if (lab->wire && lab->home >= 0)
		namespace_enter(lab->home);
}

int link_sysctl(struct lab *lab, const char *name, const char *value, char *out, size_t size,
		struct err *err)
{
	char was[128];
	int bad;

	if (link_down(lab, SIDE_CLIENT) && link_down(lab, SIDE_SERVER))
		return err_set(err, "sysctl: both hosts are down: `client reboot` and `server "
				    "reboot` start them again");
	if (value && !lab->network.private)
		return err_set(err, "sysctl: the lab works on the machine's own network, whose "
				    "settings it leaves alone");
	snprintf(out, size, "%s", value ? value : "");
	bad = sysctl_value(name, NULL, was, sizeof(was), err);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER && !bad; side++) {
		if (link_down(lab, side) || (!lab->wire && side == SIDE_SERVER))
			continue;
		link_enter(lab, side);
		bad = sysctl_value(name, value, out, size, err);
		link_leave(lab);
	}
	return !bad && value ? settings_keep(&lab->settings, name, value, was, err) : bad;
}

void link_tell(struct lab *lab)
{
	stage_note(lab, EVENT_LINK, SIDE_NONE, "%s%s", link_name(lab->options.link),
		   lab->network.private ? "" : ", on the machine's own network");
}
