/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.c - what can be said about one end at one moment. */
#include "facts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fact *fact_new(struct facts *facts, enum fact_id id, enum fact_group group, int rank)
{
	struct fact *fact = &facts->fact[facts->count++];

	memset(fact, 0, sizeof(*fact));
	fact->id = id;
	fact->group = group;
	fact->rank = rank;
	fact->bar = STYLE_COUNT;
	return fact;
}

struct part *fact_add(struct fact *fact, enum style style, const char *about, const char *fmt, ...)
{
	struct part *part = &fact->parts[fact->count < FACT_PARTS ? fact->count++ : FACT_PARTS - 1];
	va_list args;

	part->style = style;
	part->counts = false;
	part->brief[0] = '\0';
	snprintf(part->about, sizeof(part->about), "%s", about);
	va_start(args, fmt);
	vsnprintf(part->text, sizeof(part->text), fmt, args);
	va_end(args);
	return part;
}

void fact_brief(struct part *part, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(part->brief, sizeof(part->brief), fmt, args);
	va_end(args);
}

void fact_pair(struct fact *fact, const char *about, const char *label, const char *value)
{
	fact->pairs = true;
	fact_add(fact, STYLE_LABEL, "", "%s%s ", fact->count ? "  " : "", label);
	fact_add(fact, STYLE_VALUE, about, "%s", value);
}

const char *fact_heading(enum fact_group group)
{
	static const char *const headings[] = {"",
					       "connection",
					       "queues",
					       "timers",
					       "options and signals",
					       "window and congestion",
					       "counters",
					       "memory"};

	return headings[group];
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
	struct fact *fact = fact_new(facts, FACT_STATE, GROUP_NONE, 0);
	const char *dot = glyph_text(GLYPH_DOT, utf8), *word, *why = "";
	enum glyph glyph = GLYPH_ALIVE;
	enum tcp_state state;
	char more[48] = "";
	bool open;

	fact->bar = STYLE_STATE_GONE;
	if (!snapshot ||
	    (snapshot->channel == CHANNEL_NONE && !snapshot->gone && snapshot->last_fd < 0)) {
		fact_add(fact, fact->bar, "no-socket", "%s no socket yet",
			 glyph_text(GLYPH_GONE, utf8));
		return;
	}
	open = snapshot->last_fd >= 0 && fds_has(snapshot, snapshot->last_fd);
	/* Between two snapshots the state moves on: a handshake runs inside one call. */
	state = snapshot->state;
	if (end->state && end->state->n > end->snapshot->n &&
	    (end->state->conn || end->state->state.old != STATE_LISTEN)) /* no listener's end */
		state = end->state->state.new;
	if (snapshot->channel == CHANNEL_SOCKETPAIR || snapshot->channel == CHANNEL_PIPE) {
		word = snapshot->channel == CHANNEL_PIPE ? "pipe" : "socketpair";
		fact->bar = open ? STYLE_STATE_OPEN : STYLE_STATE_GONE;
		glyph = open ? GLYPH_ALIVE : GLYPH_GONE;
		snprintf(more, sizeof(more), "%s", open ? "" : "closed");
		why = "closed";
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
			why = "inferred";
		} else if (snapshot->gone) {
			glyph = GLYPH_GONE;
			snprintf(more, sizeof(more), "gone");
			why = "gone";
		} else if (snapshot->orphan) {
			glyph = GLYPH_ORPHAN;
			snprintf(more, sizeof(more), "orphan");
			why = "orphan";
		} else if (snapshot->channel == CHANNEL_LISTENER) {
			snprintf(more, sizeof(more), "port %u", snapshot->port);
			why = "port";
		} else if (!snapshot->observed) {
			snprintf(more, sizeof(more), "as TCP_INFO says");
			why = "state";
		} else if (end->snapshot->side != SIDE_CLIENT && !snapshot->accepted &&
			   state != STATE_SYN_RECV) {
			/* The descriptors below are older connections'. */
			snprintf(more, sizeof(more), "unaccepted");
			why = "unaccepted";
		}
	}
	fact_add(fact, fact->bar, word, "%s %s", glyph_text(glyph, utf8), word);
	if (*more) {
		fact_brief(fact_add(fact, fact->bar, "", " %s ", dot), " ");
		fact_brief(fact_add(fact, fact->bar, why, "%s", more), "%s",
			   !strcmp(why, "unaccepted") ? "queued" : "");
	}
}

static void facts_queues(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact;
	char value[24];

	if (!snapshot->queues_known)
		return;
	fact = fact_new(facts, FACT_QUEUES, GROUP_QUEUES, 1);
	if (snapshot->channel == CHANNEL_LISTENER) {
		fact_add(fact, STYLE_LABEL, "", "waiting for accept ");
		fact_add(fact, STYLE_VALUE, "accept-queue", "%u", snapshot->recvq);
		fact_add(fact, STYLE_LABEL, "", " of ");
		fact_add(fact, STYLE_VALUE, "backlog", "%u", snapshot->sendq);
		return;
	}
	snprintf(value, sizeof(value), "%-5u", snapshot->recvq);
	fact_pair(fact, "recvq", "Recv-Q", value);
	snprintf(value, sizeof(value), "%u", snapshot->sendq);
	fact_pair(fact, "sendq", "Send-Q", value);
}

static void facts_fds(struct facts *facts, const struct snapshot *snapshot, bool utf8)
{
	bool closed = snapshot->last_fd >= 0 && !fds_has(snapshot, snapshot->last_fd);
	struct fact *fact;

	if (snapshot->last_fd < 0 && !snapshot->nfds)
		return;
	fact = fact_new(facts, FACT_FDS, GROUP_CONNECTION, 3);
	if (closed) {
		fact_add(fact, STYLE_VALUE, "fd", "fd %d", snapshot->last_fd);
		fact_add(fact, STYLE_ERROR, "closed", " %s closed", glyph_text(GLYPH_DEAD, utf8));
	}
	for (unsigned i = 0; i < snapshot->nfds && i < SNAPSHOT_FDS; i++) {
		const struct fd_info *info = &snapshot->fds[i];
		bool listens = info->channel == CHANNEL_LISTENER;

		fact_add(fact, STYLE_VALUE, "fd", "%sfd %d", fact->count ? ", " : "", info->fd);
		if (listens)
			fact_add(fact, STYLE_LABEL, "", " listens");
		else if (info->channel == CHANNEL_TCP && info->conn && i + 1 < snapshot->nfds &&
			 snapshot->fds[i + 1].conn == info->conn)
			fact_add(fact, STYLE_LABEL, "", " =");
	}
}

static void facts_poll(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact;
	const char *name, *space = "";

	if (!snapshot->poll_known)
		return;
	fact = fact_new(facts, FACT_POLL, GROUP_CONNECTION, 4);
	fact->joins = true;
	fact_add(fact, STYLE_LABEL, "", "poll ");
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		if (snapshot->poll & (unsigned)poll_from_name(name)) {
			fact_add(fact, STYLE_VALUE, name, "%s%s", space, name);
			space = " ";
		}
	if (fact->count == 1)
		fact_add(fact, STYLE_VALUE, "poll", "none");
}

static void facts_signals(struct facts *facts, const struct snapshot *snapshot)
{
	static const char *const words[] = {"default", "ignored", "caught", "caught, restarts"};
	struct fact *fact = fact_new(facts, FACT_SIGNALS, GROUP_OPTIONS, 8);

	fact_add(fact, STYLE_LABEL, "", "SIGPIPE ");
	fact_add(fact, STYLE_VALUE, "SIGPIPE", "%s", words[snapshot->signals[SIGPIPE] & 3]);
	/* As the system makes them, they give way to the options that somebody has set. */
	if (snapshot->signals[SIGPIPE])
		fact->rank = 6;
	for (int i = 1; i < 32; i++)
		if (i != SIGPIPE && snapshot->signals[i]) {
			fact_add(fact, STYLE_VALUE, signal_name(i), ", %s %s", signal_name(i),
				 words[snapshot->signals[i] & 3]);
			fact->rank = 6;
		}
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

/* How the process ended; false: it has not. */
static bool facts_ended(struct fact *fact, const struct scene_side *end, bool utf8)
{
	const struct event *process = end->process;
	const char *dead = glyph_text(GLYPH_DEAD, utf8);

	fact->bar = STYLE_DEAD;
	if (process && process->process.what == PROCESS_KILLED)
		fact_add(fact, fact->bar, signal_name(process->process.status), "%s killed by %s",
			 dead, signal_name(process->process.status));
	else if (process && process->process.what == PROCESS_EXITED)
		fact_add(fact, fact->bar, "exit-status", "%s exited, status %d", dead,
			 process->process.status);
	else
		fact->bar = STYLE_COUNT;
	return fact->count;
}

static void facts_call(struct facts *facts, const struct scene_side *end, int64_t at, bool utf8)
{
	struct fact *fact = fact_new(facts, FACT_CALL, GROUP_NONE, 2);
	const char *glyph = glyph_text(end->stopped ? GLYPH_STOPPED : GLYPH_BLOCKED, utf8);
	char call[48], value[32];
	struct part *part;

	if (facts_ended(fact, end, utf8)) {
		fact->n = end->process->n;
		return;
	}
	if (end->blocked) {
		fact->n = end->blocked->n;
		fact->bar = STYLE_BLOCKED;
		part = fact_add(fact, fact->bar, end->stopped ? "stopped" : "blocked",
				"%s %s in %s", glyph, end->stopped ? "stopped" : "blocked",
				call_short(end->blocked, utf8, call, sizeof(call)));
		fact_brief(part, "%s %s in %s", glyph, end->stopped ? "stopped" : "blocked",
			   call_name(end->blocked->call.call));
		fact_add(fact, fact->bar, "blocked", " %s",
			 fact_seconds(at - end->blocked->t, value, sizeof(value)))
			->counts = true;
	} else if (end->stopped) {
		fact->bar = STYLE_BLOCKED;
		fact_add(fact, fact->bar, "stopped", "%s stopped", glyph);
	} else if (end->call) {
		fact->n = end->call->n;
		part = fact_add(fact, STYLE_LABEL, "call",
				"%s = ", call_short(end->call, utf8, call, sizeof(call)));
		fact_brief(part, "%s = ", call_name(end->call->call.call));
		if (end->call->call.err)
			fact_add(fact, STYLE_ERROR, errno_name(end->call->call.err), "-1 %s",
				 errno_name(end->call->call.err));
		else if (end->call->call.killed)
			fact_add(fact, STYLE_VALUE, "call", "?"); /* it never returned */
		else
			fact_add(fact, STYLE_VALUE, "call", "%lld", (long long)end->call->call.ret);
	} else {
		facts->count--;
	}
}

/* A state that was passed between two looks: what the older one saw was another state's. */
static bool facts_passed(const struct scene_side *end)
{
	return end->state && end->state->n > end->snapshot->n &&
	       end->state->state.new != end->snapshot->snapshot->state;
}

void facts_of(const struct scene_side *end, int64_t at, const struct limits *limits, bool utf8,
	      struct facts *facts)
{
	const struct snapshot *snapshot = end->snapshot ? end->snapshot->snapshot : NULL;

	facts->count = 0;
	if (end->down) {
		/* What its kernel knew went with it; only how the process ended is still true. */
		struct fact *fact = fact_new(facts, FACT_HOST, GROUP_NONE, 0);

		fact->bar = STYLE_DEAD;
		fact_brief(fact_add(fact, fact->bar, "host", "%s HOST DOWN %s no answer",
				    glyph_text(GLYPH_DEAD, utf8), glyph_text(GLYPH_DOT, utf8)),
			   "%s HOST DOWN", glyph_text(GLYPH_DEAD, utf8));
		if (!end->alive)
			facts_call(facts, end, at, utf8);
		return;
	}
	facts_state(facts, end, utf8);
	if (snapshot && facts_passed(end)) {
		facts_fds(facts, snapshot, utf8);
		if (end->alive)
			facts_signals(facts, snapshot);
	} else if (snapshot) {
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

bool fact_measures(enum fact_id id)
{
	return id == FACT_QUEUES || id == FACT_BACKOFF || (id >= FACT_PATH && id <= FACT_STORE);
}
