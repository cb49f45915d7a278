/* SPDX-License-Identifier: GPL-3.0-or-later */
/* invariants.c - what every journal must keep to, whatever was played. */
#include "play.h"

#include <stdio.h>

#define CONNS 512

struct stream {		 /* one direction of a connection */
	uint32_t sent;	 /* the highest sequence number that has been on the wire */
	int64_t written; /* bytes the calls so far have put in; -1: a write was blocked or killed */
	bool begun;
};

struct audit {
	const struct journal *journal;
	enum tcp_state state[CONNS][2], listener;
	bool known[CONNS][2], inferred[CONNS][2];
	bool seen[CONNS][2]; /* a snapshot has shown the newest state */
	unsigned newest[2];  /* the connection of the side's newest snapshot */
	struct stream streams[CONNS][2];
	bool blocked[SIDE_COUNT];
	uint32_t ids;
	char *out;
	size_t size;
};

static bool broken(struct audit *audit, const struct event *event, const char *what)
{
	snprintf(audit->out, audit->size, "event %llu: %s", (unsigned long long)event->n, what);
	return false;
}

static bool audit_state(struct audit *audit, const struct event *event)
{
	enum tcp_state *state = &audit->listener;
	unsigned conn = event->conn;
	enum side side = event->side;
	bool known = true;

	if (conn) {
		state = &audit->state[conn][side];
		known = audit->known[conn][side];
		bool at_work =
			audit->blocked[side] || (side == SIDE_SERVER && audit->blocked[SIDE_CHILD]);

		/* A side at work in a call is looked at, but not asked for all of a snapshot. */
		if (known && !audit->inferred[conn][side] && !audit->seen[conn][side] &&
		    conn >= audit->newest[side] && !at_work)
			return broken(audit, event, "the state before was not inferred, nor seen");
		audit->known[conn][side] = true;
		audit->inferred[conn][side] = event->state.inferred;
		audit->seen[conn][side] = at_work;
	}
	if (known && event->state.old != *state)
		return broken(audit, event, "the old state is not the newest one");
	if (!known && event->state.old != STATE_CLOSE && event->state.old != STATE_LISTEN)
		return broken(audit, event, "the first state comes from nowhere");
	if (event->state.old == event->state.new)
		return broken(audit, event, "a change that changes nothing");
	*state = event->state.new;
	return true;
}

static bool audit_snapshot(struct audit *audit, const struct event *event)
{
	const struct snapshot *snapshot = event->snapshot;
	enum side side = event->side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;

	if (event->side != SIDE_CHILD && event->conn)
		audit->newest[side] = event->conn;
	if (!event->conn || snapshot->channel != CHANNEL_TCP || !snapshot->observed)
		return true;
	if (!audit->known[event->conn][side])
		return true;
	if (snapshot->state != audit->state[event->conn][side])
		return broken(audit, event, "the snapshot's state was never journalled");
	if (audit->inferred[event->conn][side])
		return broken(audit, event, "a state that was seen is marked as inferred");
	audit->seen[event->conn][side] = true;
	if (snapshot->gone && snapshot->state != STATE_CLOSE)
		return broken(audit, event, "gone and not CLOSE");
	return true;
}

/* No segment without the call that caused it before it, none left out, none out of order. */
static bool audit_segment(struct audit *audit, const struct event *event)
{
	struct stream *stream = &audit->streams[event->conn][event->side];
	uint32_t end = event->segment.seq + event->segment.len + !!(event->segment.flags & TH_S) +
		       !!(event->segment.flags & TH_F);

	if (event->segment.id > audit->ids)
		audit->ids = event->segment.id;
	if (event->segment.flags & TH_R || !event->conn)
		return true;
	if (stream->begun && (int32_t)(event->segment.seq - stream->sent) > 0)
		return broken(audit, event, "a segment before this one is missing");
	if (!stream->begun || (int32_t)(end - stream->sent) > 0)
		stream->sent = end;
	stream->begun = true;
	if (stream->written >= 0 && event->segment.len &&
	    (int64_t)event->segment.seq + event->segment.len - 1 > stream->written)
		return broken(audit, event, "data before the line of the call that wrote it");
	return true;
}

static bool audit_call(struct audit *audit, const struct event *event)
{
	enum side side = event->side == SIDE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
	struct stream *stream = &audit->streams[event->conn][side];
	bool writes = event->call.call == CALL_WRITE || event->call.call == CALL_SEND;

	if (event->kind == EVENT_BLOCKED) {
		if (audit->blocked[event->side])
			return broken(audit, event, "blocked in two calls");
		audit->blocked[event->side] = true;
		if (writes)
			stream->written = -1;
		return true;
	}
	if (event->call.was_blocked != audit->blocked[event->side])
		return broken(audit, event, "blocked and returned do not match");
	audit->blocked[event->side] = false;
	if (writes && event->call.killed)
		stream->written = -1;
	else if (writes && stream->written >= 0 && event->call.ret > 0)
		stream->written += event->call.ret;
	return true;
}

bool journal_sound(const struct journal *journal, char *out, size_t size)
{
	static struct audit audit;
	uint64_t n = journal_first(journal), last = journal_last(journal);
	const struct event *event, *before = NULL;
	bool sound = n == 1;

	memset(&audit, 0, sizeof(audit));
	audit.journal = journal;
	audit.listener = STATE_CLOSE;
	audit.out = out;
	audit.size = size;
	snprintf(out, size, "the journal has let events go");
	for (; sound && n <= last; n++, before = event) {
		event = journal_at(journal, n);
		if (!event || event->n != n || event->conn >= CONNS)
			return false;
		if (before && event->t < before->t)
			return broken(&audit, event, "time goes back");
		if (event->kind == EVENT_STATE)
			sound = audit_state(&audit, event);
		else if (event->kind == EVENT_SNAPSHOT)
			sound = audit_snapshot(&audit, event);
		else if (event->kind == EVENT_SEGMENT)
			sound = audit_segment(&audit, event);
		else if (event->kind == EVENT_CALL || event->kind == EVENT_BLOCKED)
			sound = audit_call(&audit, event);
		else if (event->kind == EVENT_PROCESS && event->process.what == PROCESS_STARTED)
			audit.blocked[event->side] = false;
	}
	return sound;
}
