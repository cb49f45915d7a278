/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diag.c - exact look-ups through NETLINK_SOCK_DIAG. */
#include "diag.h"

#include "mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KERNEL_NEW_SYN_RECV 12
#define DIAG_RETRIES 3

struct diag {
	struct mnl_socket *socket;
	unsigned portid;
	uint32_t seq;
	char room[32768] __attribute__((aligned(8)));
};

struct diag *diag_new(struct err *err)
{
	struct diag *diag = xcalloc(1, sizeof(*diag));

	diag->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!diag->socket || mnl_socket_bind(diag->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err_set(err, "NETLINK_SOCK_DIAG: %s (%s)", errno_name(errno), strerror(errno));
		diag_free(diag);
		return NULL;
	}
	diag->portid = mnl_socket_get_portid(diag->socket);
	return diag;
}

void diag_free(struct diag *diag)
{
	if (!diag)
		return;
	if (diag->socket)
		mnl_socket_close(diag->socket);
	free(diag);
}

int diag_fd(const struct diag *diag)
{
	return mnl_socket_get_fd(diag->socket);
}

static enum tcp_state state_fold(unsigned state)
{
	if (state == KERNEL_NEW_SYN_RECV)
		return STATE_SYN_RECV;
	return state < STATE_COUNT ? (enum tcp_state)state : STATE_NONE;
}

static int tcp_attr(const struct nlattr *attr, void *data)
{
	struct diag_socket *socket = data;
	unsigned len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case INET_DIAG_INFO:
		/* An older kernel gives less, a newer one more than we know of. */
		if (len > sizeof(socket->info))
			len = sizeof(socket->info);
		memcpy(socket->info, mnl_attr_get_payload(attr), len);
		socket->info_len = len;
		break;
	case INET_DIAG_SKMEMINFO:
		if (len > sizeof(socket->skmem))
			len = sizeof(socket->skmem);
		memcpy(socket->skmem, mnl_attr_get_payload(attr), len);
		socket->skmem_known = true;
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static void tcp_fill(const struct nlmsghdr *head, struct diag_socket *socket)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(head);

	socket->state = state_fold(msg->idiag_state);
	socket->timer = msg->idiag_timer < TIMER_COUNT ? msg->idiag_timer : TIMER_OFF;
	socket->timer_ns = msg->idiag_timer ? (int64_t)msg->idiag_expires * NS_PER_MS : 0;
	socket->retransmits = msg->idiag_retrans;
	socket->recvq = msg->idiag_rqueue;
	socket->sendq = msg->idiag_wqueue;
	socket->inode = msg->idiag_inode;
	socket->cookie = msg->id.idiag_cookie[0] | (uint64_t)msg->id.idiag_cookie[1] << 32;
	socket->port = ntohs(msg->id.idiag_sport);
	socket->peer_port = ntohs(msg->id.idiag_dport);
	mnl_attr_parse(head, sizeof(*msg), tcp_attr, socket);
	/* A half-open request has no tcp_info, although the attribute may be there, zeroed. */
	if (socket->state == STATE_SYN_RECV && msg->idiag_state != STATE_SYN_RECV)
		socket->info_len = 0;
}

/* Ask once; `reply` gets the first message of the answer. 1, 0 (ENOENT) or -1. */
static int diag_ask(struct diag *diag, struct nlmsghdr *head, const struct nlmsghdr **reply)
{
	ssize_t got;

	head->nlmsg_seq = ++diag->seq;
	if (mnl_socket_sendto(diag->socket, head, head->nlmsg_len) < 0)
		return -1;
	for (;;) {
		/* The kernel answers within sendto: never a wait here. */
		got = recv(mnl_socket_get_fd(diag->socket), diag->room, sizeof(diag->room),
			   MSG_DONTWAIT);
		if (got < 0)
			return -1;
		*reply = (const struct nlmsghdr *)diag->room;
		if (mnl_nlmsg_ok(*reply, (int)got) && (*reply)->nlmsg_seq == diag->seq)
			break;
	}
	if ((*reply)->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = mnl_nlmsg_get_payload(*reply);

		errno = -error->error;
		return errno == ENOENT ? 0 : -1;
	}
	return (*reply)->nlmsg_type == SOCK_DIAG_BY_FAMILY ? 1 : -1;
}

int diag_tcp(struct diag *diag, uint32_t addr, uint16_t port, uint32_t peer_addr,
	     uint16_t peer_port, bool info, struct diag_socket *socket)
{
	char room[256] __attribute__((aligned(8)));
	struct nlmsghdr *head = mnl_nlmsg_put_header(room);
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
	const struct nlmsghdr *reply;
	int found;

	memset(socket, 0, sizeof(*socket));
	memset(req, 0, sizeof(*req));
	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST;
	req->sdiag_family = AF_INET;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1);
	if (info)
		req->idiag_ext |= 1 << (INET_DIAG_INFO - 1);
	req->idiag_states = ~0U;
	req->id.idiag_sport = htons(port);
	req->id.idiag_dport = htons(peer_port);
	req->id.idiag_src[0] = addr;
	req->id.idiag_dst[0] = peer_addr;
	req->id.idiag_cookie[0] = req->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	found = diag_ask(diag, head, &reply);
	if (found != 1)
		return found;
	tcp_fill(reply, socket);
	/* Asked for a connection that is gone, the kernel answers with the listener. */
	if (socket->port != port || socket->peer_port != peer_port ||
	    (peer_port && socket->state == STATE_LISTEN)) {
		memset(socket, 0, sizeof(*socket));
		return 0;
	}
	return 1;
}

int diag_unix(struct diag *diag, uint32_t inode, struct diag_socket *socket)
{
	char room[256] __attribute__((aligned(8)));
	struct nlmsghdr *head = mnl_nlmsg_put_header(room);
	struct unix_diag_req *req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
	const struct nlmsghdr *reply;
	const struct unix_diag_msg *msg;
	const struct nlattr *attr;
	int found;

	memset(socket, 0, sizeof(*socket));
	memset(req, 0, sizeof(*req));
	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST;
	req->sdiag_family = AF_UNIX;
	req->udiag_states = ~0U;
	req->udiag_ino = inode;
	req->udiag_show = UDIAG_SHOW_RQLEN;
	req->udiag_cookie[0] = req->udiag_cookie[1] = INET_DIAG_NOCOOKIE;
	found = diag_ask(diag, head, &reply);
	if (found != 1)
		return found;
	msg = mnl_nlmsg_get_payload(reply);
	socket->state = state_fold(msg->udiag_state);
	socket->inode = msg->udiag_ino;
	mnl_attr_for_each(attr, reply, sizeof(*msg))
	{
		const struct unix_diag_rqlen *queues = mnl_attr_get_payload(attr);

		if (mnl_attr_get_type(attr) != UNIX_DIAG_RQLEN ||
		    mnl_attr_get_payload_len(attr) < sizeof(*queues))
			continue;
		socket->recvq = queues->udiag_rqueue;
		socket->sendq = queues->udiag_wqueue;
	}
	return 1;
}

/* Walk the whole table of TCP sockets in these states. -1 with errno. */
static int diag_dump(struct diag *diag, uint32_t states, mnl_cb_t each, void *data)
{
	for (int try = 0; try < DIAG_RETRIES; try++) {
		char room[256] __attribute__((aligned(8)));
		struct nlmsghdr *head = mnl_nlmsg_put_header(room);
		struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
		int more = MNL_CB_OK;

		memset(req, 0, sizeof(*req));
		req->sdiag_family = AF_INET;
		req->sdiag_protocol = IPPROTO_TCP;
		req->idiag_states = states;
		head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
		head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
		head->nlmsg_seq = ++diag->seq;
		if (mnl_socket_sendto(diag->socket, head, head->nlmsg_len) < 0)
			return -1;
		while (more == MNL_CB_OK) {
			ssize_t got =
				mnl_socket_recvfrom(diag->socket, diag->room, sizeof(diag->room));

			if (got < 0)
				return -1;
			more = mnl_cb_run(diag->room, (size_t)got, diag->seq, diag->portid, each,
					  data);
		}
		if (more == MNL_CB_STOP)
			return 0;
		if (errno != EINTR) /* an interrupted dump is asked for again */
			return -1;
	}
	return -1;
}

struct connecting {
	uint16_t peer_port, port;
};

static int connecting_one(const struct nlmsghdr *head, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(head);
	struct connecting *connecting = data;

	if (ntohs(msg->id.idiag_dport) == connecting->peer_port)
		connecting->port = ntohs(msg->id.idiag_sport);
	return MNL_CB_OK;
}

uint16_t diag_connecting(struct diag *diag, uint16_t peer_port)
{
	struct connecting connecting = {.peer_port = peer_port};

	if (diag_dump(diag, 1U << STATE_SYN_SENT, connecting_one, &connecting))
		return 0;
	return connecting.port;
}

#define DOOMED_MAX 256

struct doomed {
	struct inet_diag_sockid id[DOOMED_MAX];
	int count;
};

static int doomed_one(const struct nlmsghdr *head, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(head);
	struct doomed *doomed = data;

	if (doomed->count < DOOMED_MAX)
		doomed->id[doomed->count++] = msg->id;
	return MNL_CB_OK;
}

int diag_destroy(struct diag *diag)
{
	struct doomed doomed = {.count = 0};

	if (diag_dump(diag, ~0U, doomed_one, &doomed))
		return -1;
	for (int i = 0; i < doomed.count; i++) {
		char room[256] __attribute__((aligned(8)));
		struct nlmsghdr *head = mnl_nlmsg_put_header(room);
		struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
		const struct nlmsghdr *reply;

		memset(req, 0, sizeof(*req));
		req->sdiag_family = AF_INET;
		req->sdiag_protocol = IPPROTO_TCP;
		req->idiag_states = ~0U;
		req->id = doomed.id[i];
		head->nlmsg_type = SOCK_DESTROY;
		head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
		/* One that has ended by itself meanwhile is no failure. */
		if (diag_ask(diag, head, &reply) < 0 && errno == EOPNOTSUPP)
			return -1;
	}
	return doomed.count;
}
