/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forecast.c - what an action is certain to bring about now, in a line.
 *
 * Only what follows from the snapshots of both ends: where the kernel or the other process has a
 * say, nothing is foretold.
 */
#include "situation.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define SAMPLE 5 /* bytes of the "hello" that the samples write */

/* The other end has been given up by its process, whoever had it: data for it is answered by RST.
 */
static bool peer_closed(const struct situation *situation)
{
	const struct snapshot *other =
		situation->peer->snapshot ? situation->peer->snapshot->snapshot : NULL;

	return !situation->scene.side[SIDE_CHILD].alive && other && !situation->peer->down &&
	       (other->orphan || other->gone || other->state == STATE_TIME_WAIT);
}

static bool fin_came(enum tcp_state state)
{
	return state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING ||
	       state == STATE_TIME_WAIT;
}

/* It has sent its FIN, or the connection is over: nothing more is sent. */
static bool fin_went(enum tcp_state state)
{
	return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSING ||
	       state == STATE_LAST_ACK || state == STATE_TIME_WAIT;
}

/* Bytes that wait to be read: a FIN counts as one in Recv-Q until it is read, too. */
static uint32_t bytes_unread(const struct snapshot *own)
{
	return own->recvq && fin_came(own->state) ? own->recvq - 1 : own->recvq;
}

static const char *on_sigpipe(const struct snapshot *own)
{
	switch (own->signals[SIGPIPE]) {
	case DISP_DEFAULT:
		return "SIGPIPE kills the process";
	case DISP_IGNORE:
		return "SIGPIPE is ignored";
	default:
		return "its handler gets SIGPIPE";
	}
}

static void of_write(const struct situation *situation, const char *command, char *out, size_t size)
{
	const struct snapshot *own = situation->own;
	bool nosignal = strstr(command, "nosignal");

	if (own->channel != CHANNEL_TCP)
		return;
	if (fin_went(own->state))
		snprintf(out, size, "-1 EPIPE: its FIN has gone; %s",
			 nosignal ? "no signal" : on_sigpipe(own));
	else if (own->state == STATE_CLOSE && own->poll_known && own->poll & POLLERR)
		snprintf(out, size, "-1: the error that is pending");
	else if (own->state == STATE_CLOSE)
		snprintf(out, size, "-1 EPIPE: it is over; %s",
			 nosignal ? "no signal" : on_sigpipe(own));
	else if (own->state == STATE_SYN_SENT)
		snprintf(out, size, "no connection yet: it waits for that");
	else if (own->sendq || (own->state != STATE_ESTABLISHED && own->state != STATE_CLOSE_WAIT))
		return;
	else if (situation->cut)
		snprintf(out, size, "returns %d; the cable is cut: they stay in Send-Q", SAMPLE);
	else if (situation->peer->down)
		snprintf(out, size, "returns %d; nobody answers: they stay in Send-Q", SAMPLE);
	else if (situation->hold)
		snprintf(out, size, "returns %d; the wire holds what is sent", SAMPLE);
	else if (peer_closed(situation))
		snprintf(out, size, "returns %d; the peer is closed: RST answers", SAMPLE);
	else if (own->state == STATE_ESTABLISHED && situation->other)
		snprintf(out, size, "%d bytes for the peer's Recv-Q", SAMPLE);
}

static void of_read(const struct situation *situation, bool dontwait, char *out, size_t size)
{
	const struct snapshot *own = situation->own;
	uint32_t bytes = bytes_unread(own);

	if (own->channel != CHANNEL_TCP || !own->queues_known || own->gone)
		return;
	if (bytes)
		snprintf(out, size, "returns at once: %u byte%s wait%s", bytes,
			 bytes == 1 ? "" : "s", bytes == 1 ? "s" : "");
	else if (fin_came(own->state))
		snprintf(out, size, "returns 0: the peer's FIN is the end of file");
	else if (own->state != STATE_ESTABLISHED && own->state != STATE_FIN_WAIT1 &&
		 own->state != STATE_FIN_WAIT2)
		return;
	else if (dontwait || own->options.nonblock)
		snprintf(out, size, "-1 EAGAIN: nothing waits to be read");
	else if (own->options.rcvtimeo)
		snprintf(out, size, "blocks until bytes come, at most its rcvtimeo");
	else
		snprintf(out, size, "blocks until the peer writes or closes");
}

/* Descriptors for the connection besides the one that `close` takes. */
static unsigned other_copies(const struct situation *situation)
{
	const struct scene_side *holders[] = {&situation->scene.side[SIDE_SERVER],
					      &situation->scene.side[SIDE_CHILD]};
	const struct snapshot *own = situation->own;
	unsigned conn = 0, count = 0;

	for (unsigned i = 0; i < own->nfds && i < SNAPSHOT_FDS; i++)
		if (own->fds[i].conn && own->fds[i].channel != CHANNEL_LISTENER)
			conn = own->fds[i].conn;
	for (unsigned i = 0; conn && i < own->nfds && i < SNAPSHOT_FDS; i++)
		count += own->fds[i].conn == conn;
	for (int i = 0; conn && situation->side != SIDE_CLIENT && i < 2; i++) {
		const struct snapshot *snapshot =
			holders[i]->alive && holders[i]->snapshot && holders[i] != situation->end
				? holders[i]->snapshot->snapshot
				: NULL;

		for (unsigned j = 0; snapshot && j < snapshot->nfds && j < SNAPSHOT_FDS; j++)
			count += snapshot->fds[j].conn == conn;
	}
	return count ? count - 1 : 0;
}

static void of_end(const struct snapshot *own, const char *fin, char *out, size_t size)
{
	if (own->state == STATE_ESTABLISHED)
		snprintf(out, size, "%s: FIN_WAIT1", fin);
	else if (own->state == STATE_CLOSE_WAIT)
		snprintf(out, size, "%s, the second: LAST_ACK", fin);
}

static void of_close(const struct situation *situation, char *out, size_t size)
{
	const struct snapshot *own = situation->own;
	unsigned copies = other_copies(situation);
	uint32_t bytes = bytes_unread(own);

	if (own->channel != CHANNEL_TCP)
		return;
	if (copies)
		snprintf(out, size, "no FIN: %u other descriptor%s %s it open", copies,
			 copies == 1 ? "" : "s", copies == 1 ? "keeps" : "keep");
	else if (own->state != STATE_ESTABLISHED && own->state != STATE_CLOSE_WAIT)
		return;
	else if (bytes)
		snprintf(out, size, "RST instead of FIN: %u byte%s unread", bytes,
			 bytes == 1 ? " is" : "s are");
	else if (own->options.linger_on && !own->options.linger)
		snprintf(out, size, "RST at once: linger is 0");
	else
		of_end(own, "sends its FIN", out, size);
}

static void of_shutdown(const struct situation *situation, char *out, size_t size)
{
	if (situation->own->channel == CHANNEL_LISTENER)
		snprintf(out, size, "nothing: a listener sends nothing");
	else if (situation->own->channel == CHANNEL_TCP)
		of_end(situation->own,
		       fin_came(situation->own->state) ? "its FIN goes"
						       : "its FIN goes; it can still read",
		       out, size);
}

static void of_accept(const struct situation *situation, char *out, size_t size)
{
	const struct snapshot *own = situation->own;

	if (own->channel != CHANNEL_LISTENER || !own->queues_known)
		return;
	if (own->recvq)
		snprintf(out, size, "returns at once: %u connection%s wait%s", own->recvq,
			 own->recvq == 1 ? "" : "s", own->recvq == 1 ? "s" : "");
	else
		snprintf(out, size, "blocks until a client connects");
}

static void of_poll(const struct situation *situation, char *out, size_t size)
{
	const struct snapshot *own = situation->own;
	char events[48];

	if (own->last_fd >= 0 && !(situation->met & NEED_FD))
		snprintf(out, size, "returns at once: POLLNVAL, fd %d is closed", own->last_fd);
	else if (own->poll_known && own->channel == CHANNEL_TCP)
		snprintf(out, size, "returns at once: %s",
			 poll_format(own->poll & (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP),
				     events, sizeof(events)));
}

static bool listens(const struct scene_side *end)
{
	const struct snapshot *snapshot =
		end->alive && end->snapshot ? end->snapshot->snapshot : NULL;

	for (unsigned i = 0; snapshot && i < snapshot->nfds && i < SNAPSHOT_FDS; i++)
		if (snapshot->fds[i].channel == CHANNEL_LISTENER)
			return true;
	return false;
}

static void of_connect(const struct situation *situation, char *out, size_t size)
{
	const struct scene *scene = &situation->scene;

	if (situation->cut || situation->peer->down)
		snprintf(out, size, "blocks: no answer to its SYN can come");
	else if (situation->hold)
		snprintf(out, size, "blocks while the wire holds the handshake");
	else if (!listens(&scene->side[SIDE_SERVER]) && !listens(&scene->side[SIDE_CHILD]))
		snprintf(out, size, "-1 ECONNREFUSED: nobody listens");
	else if (!situation->end->alive)
		snprintf(out, size, "a new process, socket(2) and connect(2)");
}

static void of_held(const struct situation *situation, const char *one, const char *next, char *out,
		    size_t size)
{
	if (situation->held == 1)
		snprintf(out, size, "%s", one);
	else if (situation->held)
		snprintf(out, size, "%s; %d are held", one, situation->held);
	else
		snprintf(out, size, "%s", next);
}

static bool begins(const char *command, const char *verb)
{
	return !strncmp(command, verb, strlen(verb));
}

char *forecast(const struct situation *situation, const char *command, char *out, size_t size)
{
	const struct snapshot *own = situation->own;

	*out = '\0';
	if (begins(command, "wire release"))
		of_held(situation, "the oldest held segment goes on", "", out, size);
	else if (begins(command, "wire drop"))
		of_held(situation, "the oldest held segment is lost", "the next one will be lost",
			out, size);
	else if (begins(command, "wire duplicate"))
		of_held(situation, "the oldest held arrives twice", "the next one arrives twice",
			out, size);
	else if (begins(command, "connect"))
		of_connect(situation, out, size);
	else if (begins(command, "interrupt") && situation->end->blocked)
		snprintf(out, size, "its %s fails with EINTR",
			 call_name(situation->end->blocked->call.call));
	else if (!own)
		return out;
	else if (begins(command, "write") || begins(command, "send "))
		of_write(situation, command, out, size);
	else if (begins(command, "read"))
		of_read(situation, false, out, size);
	else if (begins(command, "recv"))
		of_read(situation, true, out, size);
	else if (!strcmp(command, "close"))
		of_close(situation, out, size);
	else if (begins(command, "shutdown"))
		of_shutdown(situation, out, size);
	else if (begins(command, "accept"))
		of_accept(situation, out, size);
	else if (begins(command, "poll"))
		of_poll(situation, out, size);
	return out;
}
