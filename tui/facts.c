/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.c - what can be said about one end at one moment. */
#include "facts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fact *fact_new(struct facts *facts, enum fact_id id, int rank)
{
	struct fact *fact = &facts->fact[facts->count++];

	memset(fact, 0, sizeof(*fact));
	fact->id = id;
	fact->rank = rank;
	fact->bar = STYLE_COUNT;
	return fact;
}

struct part *fact_add(struct fact *fact, enum style style, const char *fmt, ...)
{
	struct part *part = &fact->parts[fact->count < FACT_PARTS ? fact->count++ : FACT_PARTS - 1];
	va_list args;

	part->style = style;
	part->counts = false;
	va_start(args, fmt);
	vsnprintf(part->text, sizeof(part->text), fmt, args);
	va_end(args);
	return part;
}

void fact_pair(struct fact *fact, const char *label, const char *value)
{
	fact_add(fact, STYLE_LABEL, "%s%s ", fact->count ? "  " : "", label);
	fact_add(fact, STYLE_VALUE, "%s", value);
}

static bool fds_has(const struct snapshot *snapshot, int fd)
{
	for (unsigned i = 0; i < snapshot->nfds && i < SNAPSHOT_FDS; i++)
		if (snapshot->fds[i].fd == fd)
			return true;
	return false;
}

static enum style state_bar(enum tcp_state state)
{
	switch (state) {
	case STATE_ESTABLISHED:
		return STYLE_STATE_OPEN;
	case STATE_NONE:
	case STATE_CLOSE:
	case STATE_LISTEN:
	case STATE_COUNT:
		return STYLE_STATE_GONE;
	default:
		return STYLE_STATE_HALF;
	}
}

static void facts_state(struct facts *facts, const struct scene_side *end, bool utf8)
{
	const struct snapshot *snapshot = end->snapshot ? end->snapshot->snapshot : NULL;
	struct fact *fact = fact_new(facts, FACT_STATE, 0);
	const char *dot = glyph_text(GLYPH_DOT, utf8), *word;
	enum glyph glyph = GLYPH_ALIVE;
	enum tcp_state state;
	char more[48] = "";
	bool open;

	fact->bar = STYLE_STATE_GONE;
	if (!snapshot ||
	    (snapshot->channel == CHANNEL_NONE && !snapshot->gone && snapshot->last_fd < 0)) {
		fact_add(fact, fact->bar, "%s no socket yet", glyph_text(GLYPH_GONE, utf8));
		return;
	}
	open = snapshot->last_fd >= 0 && fds_has(snapshot, snapshot->last_fd);
	/* Between two snapshots the state moves on: a handshake runs inside one call. */
	state = end->state && end->state->n > end->snapshot->n ? end->state->state.new
							       : snapshot->state;
	if (snapshot->channel == CHANNEL_SOCKETPAIR || snapshot->channel == CHANNEL_PIPE) {
		word = snapshot->channel == CHANNEL_PIPE ? "pipe" : "socketpair";
		fact->bar = open ? STYLE_STATE_OPEN : STYLE_STATE_GONE;
		glyph = open ? GLYPH_ALIVE : GLYPH_GONE;
		snprintf(more, sizeof(more), "%s", open ? "" : "closed");
	} else if (snapshot->gone && !open) {
		word = "gone";
		glyph = GLYPH_GONE;
	} else if (snapshot->channel == CHANNEL_NONE) {
		word = "gone";
		glyph = GLYPH_GONE;
	} else {
		fact->bar = state_bar(state);
		word = state_name(state);
		if (state != snapshot->state) {
			snprintf(more, sizeof(more), "%s",
				 end->state->state.inferred ? "inferred" : "");
		} else if (snapshot->gone) {
			glyph = GLYPH_GONE;
			snprintf(more, sizeof(more), "gone");
		} else if (snapshot->orphan) {
			glyph = GLYPH_ORPHAN;
			snprintf(more, sizeof(more), "orphan");
		} else if (snapshot->channel == CHANNEL_LISTENER) {
			snprintf(more, sizeof(more), "port %u", snapshot->port);
		} else if (!snapshot->observed) {
			snprintf(more, sizeof(more), "as TCP_INFO says");
		} else if (end->snapshot->side != SIDE_CLIENT && !snapshot->accepted &&
			   state != STATE_SYN_RECV) {
			/* The descriptors below are older connections'. */
			snprintf(more, sizeof(more), "unaccepted");
		}
	}
	if (*more)
		fact_add(fact, fact->bar, "%s %s %s %s", glyph_text(glyph, utf8), word, dot, more);
	else
		fact_add(fact, fact->bar, "%s %s", glyph_text(glyph, utf8), word);
}

static void facts_queues(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact;
	char value[24];

	if (!snapshot->queues_known)
		return;
	fact = fact_new(facts, FACT_QUEUES, 1);
	if (snapshot->channel == CHANNEL_LISTENER) {
		snprintf(value, sizeof(value), "%u of %u", snapshot->recvq, snapshot->sendq);
		fact_pair(fact, "waiting for accept", value);
		return;
	}
	snprintf(value, sizeof(value), "%-5u", snapshot->recvq);
	fact_pair(fact, "Recv-Q", value);
	snprintf(value, sizeof(value), "%u", snapshot->sendq);
	fact_pair(fact, "Send-Q", value);
}

static void facts_fds(struct facts *facts, const struct snapshot *snapshot, bool utf8)
{
	bool closed = snapshot->last_fd >= 0 && !fds_has(snapshot, snapshot->last_fd);
	struct fact *fact;

	if (snapshot->last_fd < 0 && !snapshot->nfds)
		return;
	fact = fact_new(facts, FACT_FDS, 3);
	if (closed) {
		fact_add(fact, STYLE_VALUE, "fd %d", snapshot->last_fd);
		fact_add(fact, STYLE_ERROR, " %s closed", glyph_text(GLYPH_DEAD, utf8));
	}
	for (unsigned i = 0; i < snapshot->nfds && i < SNAPSHOT_FDS; i++) {
		const struct fd_info *info = &snapshot->fds[i];
		bool listens = info->channel == CHANNEL_LISTENER;

		fact_add(fact, STYLE_VALUE, "%sfd %d", fact->count ? ", " : "", info->fd);
		if (listens)
			fact_add(fact, STYLE_LABEL, " listens");
		else if (info->channel == CHANNEL_TCP && info->conn && i + 1 < snapshot->nfds &&
			 snapshot->fds[i + 1].conn == info->conn)
			fact_add(fact, STYLE_LABEL, " =");
	}
}

static void facts_poll(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact;
	char events[48];

	if (!snapshot->poll_known)
		return;
	fact = fact_new(facts, FACT_POLL, 4);
	fact->joins = true;
	fact_add(fact, STYLE_LABEL, "poll ");
	fact_add(fact, STYLE_VALUE, "%s", poll_format(snapshot->poll, events, sizeof(events)));
}

static void facts_signals(struct facts *facts, const struct snapshot *snapshot)
{
	static const char *const words[] = {"default", "ignored", "caught", "caught, restarts"};
	struct fact *fact = fact_new(facts, FACT_SIGNALS, 6);

	fact_add(fact, STYLE_LABEL, "SIGPIPE ");
	fact_add(fact, STYLE_VALUE, "%s", words[snapshot->signals[SIGPIPE] & 3]);
	for (int i = 1; i < 32; i++)
		if (i != SIGPIPE && snapshot->signals[i])
			fact_add(fact, STYLE_VALUE, ", %s %s", signal_name(i),
				 words[snapshot->signals[i] & 3]);
}

/* "read(4…)": the call and its first argument, as far as it is a plain one. */
static char *call_short(const struct event *event, bool utf8, char *out, size_t size)
{
	const char *args = event->call.args ? event->call.args : "";
	int first = (int)strcspn(args, ", {[\"");

	snprintf(out, size, "%s(%.*s%s)", call_name(event->call.call), first > 12 ? 12 : first,
		 args, args[first] ? glyph_text(GLYPH_ELLIPSIS, utf8) : "");
	return out;
}

static void facts_call(struct facts *facts, const struct scene_side *end, int64_t at, bool utf8)
{
	struct fact *fact = fact_new(facts, FACT_CALL, 2);
	char call[48], value[32];

	if (end->process && end->process->process.what == PROCESS_KILLED) {
		fact->bar = STYLE_DEAD;
		fact_add(fact, fact->bar, "%s killed by %s", glyph_text(GLYPH_DEAD, utf8),
			 signal_name(end->process->process.status));
	} else if (end->process && end->process->process.what == PROCESS_EXITED) {
		fact->bar = STYLE_DEAD;
		fact_add(fact, fact->bar, "%s exited, status %d", glyph_text(GLYPH_DEAD, utf8),
			 end->process->process.status);
	} else if (end->blocked) {
		fact->bar = STYLE_BLOCKED;
		fact_add(fact, fact->bar, "%s %s in %s",
			 glyph_text(end->stopped ? GLYPH_STOPPED : GLYPH_BLOCKED, utf8),
			 end->stopped ? "stopped" : "blocked",
			 call_short(end->blocked, utf8, call, sizeof(call)));
		fact_add(fact, fact->bar, " %s",
			 fact_seconds(at - end->blocked->t, value, sizeof(value)))
			->counts = true;
	} else if (end->stopped) {
		fact->bar = STYLE_BLOCKED;
		fact_add(fact, fact->bar, "%s stopped", glyph_text(GLYPH_STOPPED, utf8));
	} else if (end->call) {
		fact_add(fact, STYLE_LABEL,
			 "%s = ", call_short(end->call, utf8, call, sizeof(call)));
		if (end->call->call.err)
			fact_add(fact, STYLE_ERROR, "-1 %s", errno_name(end->call->call.err));
		else
			fact_add(fact, STYLE_VALUE, "%lld", (long long)end->call->call.ret);
	} else {
		facts->count--;
	}
}

void facts_of(const struct scene_side *end, int64_t at, const struct limits *limits, bool utf8,
	      struct facts *facts)
{
	const struct snapshot *snapshot = end->snapshot ? end->snapshot->snapshot : NULL;

	facts->count = 0;
	if (end->down) {
		/* What its kernel knew went with it; only how the process ended is still true. */
		struct fact *fact = fact_new(facts, FACT_HOST, 0);

		fact->bar = STYLE_DEAD;
		fact_add(fact, fact->bar, "%s HOST DOWN %s no answer", glyph_text(GLYPH_DEAD, utf8),
			 glyph_text(GLYPH_DOT, utf8));
		if (!end->alive)
			facts_call(facts, end, at, utf8);
		return;
	}
	facts_state(facts, end, utf8);
	if (snapshot) {
		facts_queues(facts, snapshot);
		facts_fds(facts, snapshot, utf8);
		facts_poll(facts, snapshot);
		facts_timer(facts, end, at);
		facts_limit(facts, end, at, limits);
		if (end->alive)
			facts_signals(facts, snapshot);
		facts_options(facts, &snapshot->options);
		facts_info(facts, snapshot);
	}
	facts_call(facts, end, at, utf8);
}

const struct fact *facts_find(const struct facts *facts, enum fact_id id)
{
	for (unsigned i = 0; i < facts->count; i++)
		if (facts->fact[i].id == id)
			return &facts->fact[i];
	return NULL;
}

bool fact_same(const struct fact *one, const struct fact *other)
{
	if (!one || !other)
		return one == other;
	if (one->count != other->count)
		return false;
	for (unsigned i = 0; i < one->count; i++)
		if (!one->parts[i].counts && strcmp(one->parts[i].text, other->parts[i].text))
			return false;
	return true;
}
