/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot.c - one end at one moment, put together from what the kernel and the actor say. */
#include "core.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#define SNAPSHOT_EVERY (10 * NS_PER_MS)
#define SNAPSHOT_BURST 16
#define TIMER_TICK (50 * NS_PER_MS) /* the kernel counts in jiffies of up to 10 ms */
#define SNAPSHOT_GRANT 4	    /* the call, its segments, its status */

static void snapshot_tcp(struct snapshot *snapshot, const struct diag_socket *now)
{
	snapshot->state = now->state;
	snapshot->recvq = now->recvq;
	snapshot->sendq = now->sendq;
	snapshot->queues_known = true;
	snapshot->timer = now->timer;
	snapshot->timer_ns = now->timer_ns;
	snapshot->retransmits = now->retransmits;
	snapshot->info_len = now->info_len;
	memcpy(snapshot->info, now->info, now->info_len);
	snapshot->skmem_known = now->skmem_known;
	memcpy(snapshot->skmem, now->skmem, sizeof(snapshot->skmem));
}

/* Does any descriptor of this side (and, for the server's end, of its child) hold it? */
static bool conn_held(const struct lab *lab, const struct conn *conn, enum side side)
{
	for (int i = 0; i < SIDE_COUNT; i++) {
		const struct actor *actor = &lab->actors[i];

		if ((i == SIDE_CLIENT) != (side == SIDE_CLIENT))
			continue;
		for (unsigned d = 0; d < actor->ndescs; d++)
			if (actor->descs[d].open && actor->descs[d].conn == conn->id)
				return true;
	}
	return false;
}

static void snapshot_conn(struct lab *lab, enum side side, const struct conn *conn,
			  struct snapshot *snapshot)
{
	enum side at = side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
	const struct conn_end *end = &conn->end[at];

	snapshot->channel = conn->channel;
	snapshot->accepted = conn->accepted;
	snapshot->port = conn->port[at];
	snapshot->peer_port = conn->port[side_other(at)];
	if (conn->channel != CHANNEL_TCP) {
		snapshot->observed = true;
		return;
	}
	snapshot->observed = link_diag(lab, side) != NULL || end->gone;
	snapshot->gone = end->gone;
	if (end->gone || !link_diag(lab, side))
		snapshot->state = end->gone ? STATE_CLOSE : end->state;
	else if (end->now.state != STATE_NONE)
		snapshot_tcp(snapshot, &end->now);
	else
		snapshot->state = end->state;
	/* A server's connection that nobody has accepted yet belongs to the listener. */
	snapshot->orphan = !end->gone && end->now.state != STATE_NONE &&
			   (at == SIDE_CLIENT || conn->accepted) && !conn_held(lab, conn, at);
}

static void snapshot_listener(struct lab *lab, const struct desc *listener,
			      struct snapshot *snapshot)
{
	struct diag_socket now;

	snapshot->channel = CHANNEL_LISTENER;
	snapshot->state = STATE_LISTEN;
	snapshot->port = listener->port;
	struct diag *diag = link_diag(lab, SIDE_SERVER);

	if (!diag ||
	    diag_tcp(diag, link_addr(lab, SIDE_SERVER), listener->port, 0, 0, true, &now) != 1)
		return;
	snapshot->observed = true;
	snapshot_tcp(snapshot, &now);
}

/* UNIX sockets tell their queues by inode, a pipe only through one of its descriptors. */
static void snapshot_queues(struct lab *lab, const struct desc *desc, struct snapshot *snapshot)
{
	/* The client has made it: a UNIX socket belongs to the network of its maker. */
	struct diag *diag = link_diag(lab, SIDE_CLIENT);
	struct diag_socket now;

	if (!desc->status_known)
		return;
	if (desc->channel == CHANNEL_PIPE && desc->status.pending >= 0) {
		snapshot->recvq = (uint32_t)desc->status.pending;
		snapshot->queues_known = true;
	} else if (desc->channel == CHANNEL_SOCKETPAIR && diag &&
		   diag_unix(diag, (uint32_t)desc->status.inode, &now) == 1) {
		snapshot->recvq = now.recvq;
		snapshot->sendq = now.sendq;
		snapshot->queues_known = true;
	}
}

static void snapshot_options(const struct actor_status *status, struct socket_options *options)
{
	/* Field by field: the padding stays zero, snapshots are compared whole. */
	options->known = status->linger_on >= 0;
	options->linger_on = status->linger_on > 0;
	options->linger = status->linger;
	options->keepalive = status->keepalive > 0;
	options->nodelay = status->nodelay > 0;
	options->cork = status->cork > 0;
	options->nonblock = status->nonblock > 0;
	options->reuseaddr = status->reuseaddr > 0;
	options->keepidle = status->keepidle;
	options->keepintvl = status->keepintvl;
	options->keepcnt = status->keepcnt;
	options->rcvtimeo = status->rcvtimeo > 0 ? status->rcvtimeo : 0;
	options->sndtimeo = status->sndtimeo > 0 ? status->sndtimeo : 0;
	options->user_timeout = status->user_timeout;
	options->rcvbuf = status->rcvbuf;
	options->sndbuf = status->sndbuf;
	options->linger2 = status->linger2;
}

/* Level-triggered and never taken: looking changes nothing. */
static void snapshot_poll(const struct actor *actor, const struct desc *desc,
			  struct snapshot *snapshot)
{
	struct pollfd end = {.fd = actor->pidfd, .events = POLLIN};
	struct epoll_event events[DESCS_MAX];
	int count;

	if (actor->epoll < 0 || !desc->open)
		return;
	do
		count = epoll_wait(actor->epoll, events, DESCS_MAX, 0);
	while (count < 0 && errno == EINTR);
	/* Of a process that has just died the kernel has closed all: that nothing is reported then
	 * says nothing of the socket. */
	if (count < 0 || (!count && poll(&end, 1, 0) > 0))
		return;
	snapshot->poll_known = true;
	for (int i = 0; i < count; i++)
		if (events[i].data.fd == desc->fd)
			snapshot->poll = events[i].events & (EPOLLIN | EPOLLPRI | EPOLLOUT |
							     EPOLLRDHUP | EPOLLERR | EPOLLHUP);
}

static void snapshot_descs(const struct lab *lab, const struct actor *actor,
			   struct snapshot *snapshot)
{
	for (unsigned i = 0; i < actor->ndescs && snapshot->nfds < SNAPSHOT_FDS; i++) {
		const struct desc *desc = &actor->descs[i];
		const struct conn *conn = conn_at(lab, desc->conn);
		enum side at = actor->side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
		enum tcp_state state = STATE_NONE;

		if (!desc->open)
			continue;
		if (desc->channel == CHANNEL_LISTENER)
			state = STATE_LISTEN;
		else if (conn && conn->channel == CHANNEL_TCP && !conn->end[at].gone)
			state = conn->end[at].state;
		else if (desc->status_known && desc->status.tcp_state > 0 &&
			 desc->status.tcp_state < STATE_COUNT)
			state = (enum tcp_state)desc->status.tcp_state;
		snapshot->fds[snapshot->nfds++] =
			(struct fd_info){desc->fd, desc->channel, state, desc->conn};
	}
}

/* What changes with the clock alone is no news. */
static void snapshot_mask(struct snapshot *snapshot)
{
	const struct info_field *field;
	size_t known = 0;

	snapshot->timer_ns = 0;
	for (size_t i = 0; (field = info_field_at(i)); i++) {
		if (field->offset + field->size > SNAPSHOT_INFO)
			continue;
		if (field->clock)
			memset(snapshot->info + field->offset, 0, field->size);
		if ((size_t)field->offset + field->size > known)
			known = (size_t)field->offset + field->size;
	}
	/* Nor what a newer kernel reports and nobody here can read: tcpi_total_rto_time. */
	memset(snapshot->info + known, 0, SNAPSHOT_INFO - known);
}

static bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	struct snapshot x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	snapshot_mask(&x);
	snapshot_mask(&y);
	return !memcmp(&x, &y, sizeof(x));
}

/* Whether the timer was set anew since: it expires at another time than it would have. */
static bool timer_moved(const struct snapshot *now, int64_t t, const struct snapshot *then,
			int64_t then_t)
{
	const int64_t moved = (t + now->timer_ns) - (then_t + then->timer_ns);

	/* One that is due has no time left, however late it is. */
	return now->timer != TIMER_OFF && now->timer_ns &&
	       (moved > TIMER_TICK || moved < -TIMER_TICK);
}

/* The descriptor a panel speaks of: the connection's, the fresh one, else the listener. */
static struct desc *snapshot_desc(struct actor *actor, const struct conn *conn)
{
	struct desc *desc = conn ? desc_of_conn(actor, conn->id) : NULL;

	if (!desc)
		desc = desc_current(actor);
	return desc ? desc : desc_listener(actor);
}

/* In bulk a snapshot every 10 ms will do; a handful may come at once. */
static bool snapshot_affordable(struct actor *actor, int64_t t)
{
	int64_t earned = (t - actor->snapshot_t) / SNAPSHOT_EVERY;

	if (earned > 0) {
		actor->snapshot_credit = earned + actor->snapshot_credit > SNAPSHOT_BURST
						 ? SNAPSHOT_BURST
						 : actor->snapshot_credit + (int)earned;
		actor->snapshot_t = t;
	}
	if (!actor->snapshot_credit)
		return false;
	actor->snapshot_credit--;
	return true;
}

void snapshot_grant(struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		if (lab->actors[side].snapshot_credit < SNAPSHOT_GRANT)
			lab->actors[side].snapshot_credit = SNAPSHOT_GRANT;
}

void snapshot_take(struct lab *lab, enum side side, int64_t t, bool force)
{
	struct actor *actor = &lab->actors[side];
	const struct conn *conn = conn_of_side(lab, side);
	struct event event = {.kind = EVENT_SNAPSHOT, .side = side, .t = t};
	struct snapshot snapshot;
	struct desc *desc;

	if (!actor->pid)
		return;
	/* Not while the lock is held: the state is observed all the same, the rest can wait. */
	if (lab->busy[side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER]) {
		lab->look_later = t + SNAPSHOT_EVERY;
		return;
	}
	memset(&snapshot, 0, sizeof(snapshot)); /* padding too: snapshots are compared whole */
	desc = snapshot_desc(actor, conn);
	/* A new process whose old connection has ended starts afresh. */
	if (conn && conn->id <= actor->born && conn->end[side == SIDE_CLIENT ? 0 : 1].gone)
		conn = NULL;
	if (conn && side == SIDE_CHILD && !actor->alive)
		conn = NULL;
	if (conn)
		snapshot_conn(lab, side, conn, &snapshot);
	else if (desc && desc->channel == CHANNEL_LISTENER)
		snapshot_listener(lab, desc, &snapshot);
	else if (desc) {
		snapshot.channel = CHANNEL_TCP;
		snapshot.state = STATE_CLOSE;
		snapshot.gone = false;
		snapshot.observed = desc->status_known;
	}
	if (conn && snapshot.channel == CHANNEL_TCP) {
		int64_t backoff;

		if (snapshot_info(&snapshot, info_field_find("backoff"), &backoff))
			snapshot.backoff = (unsigned)backoff;
	}
	snapshot.last_fd = actor->last_fd;
	if (desc) {
		/* Never another connection's. One that is not accepted yet has the listener's: an
		 * accept would not block. */
		if (!conn || desc->conn == conn->id ||
		    (desc->channel == CHANNEL_LISTENER && !conn->accepted))
			snapshot_poll(actor, desc, &snapshot);
		/* What a blocked writer goes on writing into a pipe, only its reader can tell. */
		if (force && desc->channel == CHANNEL_PIPE && side == SIDE_SERVER)
			desc->status_due = true;
		if (desc->channel == CHANNEL_PIPE || desc->channel == CHANNEL_SOCKETPAIR)
			snapshot_queues(lab, desc, &snapshot);
		if (desc->status_known)
			snapshot_options(&desc->status, &snapshot.options);
		/* The kernel's tables and the descriptor can differ: ask the descriptor too. */
		if (conn && snapshot.gone && desc->conn == conn->id &&
		    desc->status_t < conn->end[side != SIDE_CLIENT].gone_t)
			desc->status_due = true;
	}
	snapshot_descs(lab, actor, &snapshot);
	memcpy(snapshot.signals, actor->signals, sizeof(snapshot.signals));
	if (actor->snapshot_known && !force && snapshot_same(&snapshot, &actor->snapshot) &&
	    !timer_moved(&snapshot, t, &actor->snapshot, actor->snapshot_taken))
		return;
	if (!force && snapshot.state == actor->snapshot.state && !snapshot_affordable(actor, t)) {
		lab->look_later = t + SNAPSHOT_EVERY;
		return;
	}
	memcpy(&actor->snapshot, &snapshot, sizeof(snapshot));
	actor->snapshot_known = true;
	actor->snapshot_taken = t;
	event.conn = conn ? conn->id : 0;
	event.snapshot = &snapshot;
	stage_add(lab, &event);
}
