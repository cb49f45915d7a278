/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain_value.c - what the value of a number of a panel means now, in words. */
#include "explain.h"

#include "facts.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Only the read that returns 0 takes the FIN, and that is the last one. */
static void value_recvq(const struct explained *of, const struct snapshot *now, char *out,
			size_t size)
{
	bool fin = now->state == STATE_CLOSE_WAIT || now->state == STATE_LAST_ACK ||
		   now->state == STATE_CLOSING;
	uint32_t n = now->recvq;

	(void)of;
	if (!n)
		snprintf(out, size, "0: the process has read all that has arrived");
	else if (fin && n == 1)
		snprintf(out, size,
			 "1: the peer's FIN has arrived, and the process has not read it: its next "
			 "read returns 0");
	else if (fin)
		snprintf(out, size,
			 "%u: %u byte%s and then the peer's FIN have arrived that the process has "
			 "not read",
			 n, n - 1, plural(n - 1));
	else
		snprintf(out, size, "%u byte%s %s arrived that the process has not read", n,
			 plural(n), n == 1 ? "has" : "have");
}

static void value_sendq(const struct explained *of, const struct snapshot *now, char *out,
			size_t size)
{
	bool fin = now->state == STATE_FIN_WAIT1 || now->state == STATE_LAST_ACK ||
		   now->state == STATE_CLOSING;
	uint32_t n = now->sendq;

	(void)of;
	if (!n)
		snprintf(out, size, "0: the peer has acknowledged all that was sent");
	else if (now->state == STATE_SYN_SENT)
		snprintf(out, size, "%u: the SYN, which is not answered yet, counts as 1", n);
	else if (fin && n == 1)
		snprintf(out, size, "1: the FIN, which the peer has not acknowledged");
	else if (fin)
		snprintf(out, size,
			 "%u: %u byte%s and the FIN, which the peer has not acknowledged", n, n - 1,
			 plural(n - 1));
	else
		snprintf(out, size, "%u byte%s that the peer has not acknowledged", n, plural(n));
}

static void value_queue(const struct explained *of, const struct snapshot *now, char *out,
			size_t size)
{
	(void)of;
	snprintf(out, size, "%u connection%s wait%s for accept; %u may", now->recvq,
		 plural(now->recvq), now->recvq == 1 ? "s" : "", now->sendq);
}

static void value_fd(const struct explained *of, const struct snapshot *now, char *out, size_t size)
{
	size_t used = 0;

	(void)of;
	for (unsigned i = 0; i < now->nfds && i < SNAPSHOT_FDS && used + 40 < size; i++)
		used += (size_t)snprintf(
			out + used, size - used, "%s%d is %s", used ? ", " : "", now->fds[i].fd,
			now->fds[i].channel == CHANNEL_LISTENER	    ? "the listener"
			: now->fds[i].channel == CHANNEL_PIPE	    ? "a pipe's end"
			: now->fds[i].channel == CHANNEL_SOCKETPAIR ? "a pair's end"
								    : "a connection's");
	if (!used)
		snprintf(out, size, "the process has none open; the last was %d", now->last_fd);
}

static void value_closed(const struct explained *of, const struct snapshot *now, char *out,
			 size_t size)
{
	(void)of;
	snprintf(out, size, "a call on %d fails with EBADF", now->last_fd);
}

static void value_orphan(const struct explained *of, const struct snapshot *now, char *out,
			 size_t size)
{
	(void)of;
	snprintf(out, size, "%s, and no descriptor is open for it", state_name(now->state));
}

static void value_poll(const struct explained *of, const struct snapshot *now, char *out,
		       size_t size)
{
	unsigned bit = (unsigned)poll_from_name(of->word);
	char events[64];

	if (!now->poll_known)
		snprintf(out, size, "no descriptor is open to ask");
	else if (!strcmp(of->word, "poll"))
		snprintf(out, size, "%s: poll %s", poll_format(now->poll, events, sizeof(events)),
			 now->poll ? "would return at once" : "would wait");
	else
		snprintf(out, size, "%s: poll %s", now->poll & bit ? "set" : "not set",
			 now->poll & bit ? "would return at once" : "would wait for it");
}

static int64_t timer_left(const struct explained *of, const struct snapshot *now)
{
	int64_t left = now->timer_ns - (of->at - of->end->snapshot->t);

	return left > 0 ? left : 0;
}

static void value_timer(const struct explained *of, const struct snapshot *now, char *out,
			size_t size)
{
	static const char *const does[] = {
		[TIMER_OFF] = "off: the kernel will do nothing by itself",
		[TIMER_ON] = "on: what is not acknowledged is sent again",
		[TIMER_KEEPALIVE] = "keepalive: an idle peer is probed",
		[TIMER_TIMEWAIT] = "timewait: the kernel forgets the connection",
		[TIMER_PERSIST] = "persist: the peer's closed window is probed",
	};
	char left[32];

	if (now->timer == TIMER_OFF || now->timer >= TIMER_COUNT)
		snprintf(out, size, "%s", does[TIMER_OFF]);
	else
		snprintf(
			out, size, "%s in %s", does[now->timer],
			fact_time(timer_left(of, now) / NS_PER_MS * NS_PER_MS, left, sizeof(left)));
}

static void value_retry(const struct explained *of, const struct snapshot *now, char *out,
			size_t size)
{
	(void)of;
	snprintf(out, size, "%u time%s again, and no answer yet", now->retransmits,
		 plural(now->retransmits));
}

static void value_gives_up(const struct explained *of, const struct snapshot *now, char *out,
			   size_t size)
{
	int64_t left = limits_left(of->limits, now, of->at - of->end->snapshot->t);
	char text[32];

	if (left >= 0)
		snprintf(out, size, "in about %s, if nothing is answered",
			 fact_seconds(left, text, sizeof(text)));
}

static void value_port(const struct explained *of, const struct snapshot *now, char *out,
		       size_t size)
{
	if (!strcmp(of->word, "port"))
		snprintf(out, size, "this end is port %u", now->port);
	else
		snprintf(out, size, "the other end is port %u", now->peer_port);
}

static void value_memory(const struct explained *of, const struct snapshot *now, char *out,
			 size_t size)
{
	static const char *const words[] = {"rmem",   "rcvbuf",	      "wmem",
					    "sndbuf", "fwd-alloc",    "wmem-queued",
					    "optmem", "sock-backlog", "drops"};

	for (unsigned i = 0; i < 9 && now->skmem_known; i++)
		if (!strcmp(words[i], of->word))
			snprintf(out, size, "%u %s%s", now->skmem[i], i == 8 ? "segment" : "byte",
				 plural(now->skmem[i]));
	if (!strcmp(of->word, "rmem") && now->skmem_known)
		snprintf(out, size, "%u of %u bytes", now->skmem[0], now->skmem[1]);
}

/* Those of the socket. */
static const struct {
	const char *word;
	void (*say)(const struct explained *, const struct snapshot *, char *, size_t);
} values[] = {
	{"recvq", value_recvq},
	{"sendq", value_sendq},
	{"accept-queue", value_queue},
	{"backlog", value_queue},
	{"fd", value_fd},
	{"closed", value_closed},
	{"orphan", value_orphan},
	{"poll", value_poll},
	{"IN", value_poll},
	{"OUT", value_poll},
	{"PRI", value_poll},
	{"ERR", value_poll},
	{"HUP", value_poll},
	{"RDHUP", value_poll},
	{"timer", value_timer},
	{"expires", value_timer},
	{"retry", value_retry},
	{"gives-up", value_gives_up},
	{"port", value_port},
	{"peer", value_port},
	{"rmem", value_memory},
	{"rcvbuf", value_memory},
	{"wmem", value_memory},
	{"sndbuf", value_memory},
	{"fwd-alloc", value_memory},
	{"optmem", value_memory},
	{"wmem-queued", value_memory},
	{"sock-backlog", value_memory},
	{"drops", value_memory},
};

static void value_process(const struct explained *of, char *out, size_t size)
{
	const struct scene_side *end = of->end;
	char age[32];

	if (!strcmp(of->word, "pid") && end->pid)
		snprintf(out, size, "process %d%s", (int)end->pid,
			 end->alive ? "" : ", which has ended");
	else if (!strcmp(of->word, "process"))
		snprintf(out, size, "%s",
			 end->down	 ? "its host is down, and it is gone"
			 : !end->started ? "it is not started yet"
			 : !end->alive	 ? "it has ended: it makes no more calls"
			 : end->stopped	 ? "it is frozen; its kernel goes on"
					 : "it is alive");
	else if (!strcmp(of->word, "blocked") && end->blocked)
		snprintf(out, size, "in %s for %s by now", call_name(end->blocked->call.call),
			 fact_seconds(of->at - end->blocked->t, age, sizeof(age)));
	else if (!strcmp(of->word, "stopped") && end->stopped)
		snprintf(out, size, "it makes no call; what comes is acknowledged for it");
	else if (!strcmp(of->word, "call") && end->call && end->call->call.killed)
		snprintf(out, size, "%s never returned: the process was killed inside",
			 call_name(end->call->call.call));
	else if (!strcmp(of->word, "call") && end->call && !end->call->call.err)
		snprintf(out, size, "%s returned %lld", call_name(end->call->call.call),
			 (long long)end->call->call.ret);
	else if (end->call && end->call->call.err &&
		 !strcmp(of->word, errno_name(end->call->call.err)))
		snprintf(out, size, "the process's last %s failed with it",
			 call_name(end->call->call.call));
	else if (!strcmp(of->word, "exit-status") && end->process &&
		 end->process->process.what == PROCESS_EXITED)
		snprintf(out, size, "%d%s", end->process->process.status,
			 end->process->process.status ? "" : ": it ended in good order");
	else if (!end->alive && end->process && end->process->process.what == PROCESS_KILLED &&
		 !strcmp(of->word, signal_name(end->process->process.status)))
		snprintf(out, size, "it has killed the process");
}

static void value_state(const struct explained *of, char *out, size_t size)
{
	const struct event *change = of->end->state;

	if (!change || strcmp(state_name(change->state.new), of->word) != 0)
		return;
	snprintf(out, size, "since %.2f s%s%s", (double)change->t / 1e9,
		 change->state.old ? "; before that " : "",
		 change->state.old ? state_name(change->state.old) : "");
}

char *explain_value(const struct explained *of, char *out, size_t size)
{
	const struct snapshot *now = of->end->snapshot ? of->end->snapshot->snapshot : NULL;
	const struct info_field *field = info_field_find(of->word);

	*out = '\0';
	value_process(of, out, size);
	value_state(of, out, size);
	if (*out || !now || of->end->down)
		return out;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (!strcmp(values[i].word, of->word)) {
			values[i].say(of, now, out, size);
			return out;
		}
	if (field)
		explain_info(now, field, out, size);
	else
		explain_option(now, of->word, out, size);
	return out;
}
