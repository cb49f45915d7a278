/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.c - how many packets a device keeps for its reader.
 *
 * By netlink: SIOCSIFTXQLEN asks for CAP_NET_ADMIN in the first user namespace, RTM_NEWLINK for it
 * in the device's own (net/core/dev_ioctl.c, net/core/rtnetlink.c). */
#include "network.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

static int answer_read(struct mnl_socket *route)
{
	char answer[4096];
	ssize_t got = mnl_socket_recvfrom(route, answer, sizeof(answer));

	/* The answer is an acknowledgement or an error, which becomes errno. */
	return got < 0 || mnl_cb_run(answer, (size_t)got, 1, mnl_socket_get_portid(route), NULL,
				     NULL) < 0
		       ? -1
		       : 0;
}

int network_queue_set(const char *device, unsigned packets)
{
	char request[MNL_NLMSG_HDRLEN + 256];
	struct mnl_socket *route = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct nlmsghdr *head = mnl_nlmsg_put_header(request);
	struct ifinfomsg *about;
	int bad = -1, saved;

	if (!route)
		return -1;
	head->nlmsg_type = RTM_NEWLINK;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	head->nlmsg_seq = 1;
	about = mnl_nlmsg_put_extra_header(head, sizeof(*about));
	about->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(head, IFLA_IFNAME, device);
	mnl_attr_put_u32(head, IFLA_TXQLEN, packets);
	if (!mnl_socket_bind(route, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(route, head, head->nlmsg_len) >= 0)
		bad = answer_read(route);
	saved = errno;
	mnl_socket_close(route);
	errno = saved;
	return bad;
}
