/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.c - one journal event as one JSON object: the promise to other programs.
 *
 * The names of the fields change only with a version number. */
#include "lab.h"
#include "mem.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* SK_MEMINFO_*, as ss(8) and include/uapi/linux/sock_diag.h call them. */
static const char *const skmem_names[] = {"rmem_alloc", "rcvbuf",    "wmem_alloc",
					  "sndbuf",	"fwd_alloc", "wmem_queued",
					  "optmem",	"backlog",   "drops"};
static const char *const channel_names[] = {"none", "tcp", "listener", "socketpair", "pipe"};
static const char *const disposition_names[] = {"default", "ignore", "catch", "catch restart"};

/* Keys are constants of this file, so they need no check. A NULL value is memory that ran out. */
static void put(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new_nocheck(object, key, value))
		abort();
}

/* Whatever bytes come: what is not UTF-8 becomes U+FFFD. Control characters stay, escaped. */
static json_t *text_or_null(const char *text)
{
	struct strbuf clean = {0};
	json_t *value;

	if (!text)
		return json_null();
	value = json_string(text);
	if (value)
		return value;
	for (size_t len = strlen(text), i = 0; i < len;) {
		const unsigned char *at = (const unsigned char *)text + i;
		size_t n = *at < 0x80 ? 1 : text_utf8(at, len - i);

		if (n)
			strbuf_add(&clean, at, n);
		else
			strbuf_puts(&clean, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
	value = json_string(clean.text);
	strbuf_free(&clean);
	return value;
}

static json_t *side_or_null(enum side side)
{
	return side == SIDE_NONE ? json_null() : json_string_nocheck(side_name(side));
}

static json_t *number_or_null(int64_t number, bool known)
{
	return known ? json_integer(number) : json_null();
}

static json_t *seconds(int64_t ns)
{
	return json_real((double)ns / (double)NS_PER_S);
}

static void json_call(json_t *out, const struct event *event)
{
	const bool returned = event->kind == EVENT_CALL;
	char *data;

	put(out, "pid", json_integer(event->call.pid));
	put(out, "call", json_string_nocheck(call_name(event->call.call)));
	put(out, "args", text_or_null(event->call.args));
	if (!returned)
		return;
	put(out, "ret", number_or_null(event->call.ret, !event->call.killed));
	put(out, "errno",
	    event->call.err ? json_string_nocheck(errno_name(event->call.err)) : json_null());
	put(out, "us", json_integer(event->call.us));
	if (!event->call.data)
		return;
	/* A byte is at most a backslash and three digits. */
	data = xmalloc(event->call.len * 4 + 8);
	text_escape(event->call.data, event->call.len, true, data, event->call.len * 4 + 8);
	put(out, "data", json_string(data));
	free(data);
}

static void json_segment(json_t *out, const struct event *event)
{
	char flags[16];

	put(out, "id", json_integer(event->segment.id));
	put(out, "conn", number_or_null(event->conn, event->conn));
	put(out, "from", side_or_null(event->side));
	put(out, "to", side_or_null(event->segment.to));
	put(out, "flags", json_string(flags_format(event->segment.flags, flags, sizeof(flags))));
	put(out, "seq", json_integer(event->segment.seq));
	put(out, "ack", json_integer(event->segment.ack));
	put(out, "len", json_integer(event->segment.len));
	put(out, "win", json_integer(event->segment.win));
	put(out, "fate", json_string_nocheck(fate_name(event->segment.fate)));
	put(out, "sent", json_integer(event->segment.sent));
}

static json_t *json_info(const struct snapshot *snapshot)
{
	const struct info_field *field;
	json_t *out;

	if (!snapshot->info_len)
		return json_null();
	out = json_object();
	for (size_t i = 0; (field = info_field_at(i)); i++) {
		int64_t value;

		if (!snapshot_info(snapshot, field, &value))
			continue;
		/* The kernel's "no limit" is ~0, past what a signed number holds. */
		put(out, field->name,
		    value < 0 ? json_real((double)(uint64_t)value) : json_integer(value));
	}
	return out;
}

static json_t *json_skmem(const struct snapshot *snapshot)
{
	json_t *out;

	if (!snapshot->skmem_known)
		return json_null();
	out = json_object();
	for (size_t i = 0; i < sizeof(skmem_names) / sizeof(skmem_names[0]); i++)
		put(out, skmem_names[i], json_integer(snapshot->skmem[i]));
	return out;
}

static json_t *json_poll(const struct snapshot *snapshot)
{
	const char *name;
	json_t *out;

	if (!snapshot->poll_known)
		return json_null();
	out = json_array();
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		if (snapshot->poll & (unsigned)poll_from_name(name))
			json_array_append_new(out, json_string_nocheck(name));
	return out;
}

static json_t *state_or_null(enum tcp_state state)
{
	return state == STATE_NONE ? json_null() : json_string_nocheck(state_name(state));
}

static json_t *json_fds(const struct snapshot *snapshot)
{
	json_t *out = json_array();

	for (unsigned i = 0; i < snapshot->nfds && i < SNAPSHOT_FDS; i++) {
		const struct fd_info *fd = &snapshot->fds[i];
		json_t *one = json_object();

		put(one, "fd", json_integer(fd->fd));
		put(one, "channel",
		    json_string_nocheck(
			    channel_names[fd->channel <= CHANNEL_PIPE ? fd->channel : 0]));
		put(one, "state", state_or_null(fd->state));
		put(one, "conn", number_or_null(fd->conn, fd->conn));
		json_array_append_new(out, one);
	}
	return out;
}

/* The kernel's names and units; a SO_RCVTIMEO or SO_SNDTIMEO in seconds, 0 where there is none. */
static json_t *json_options(const struct socket_options *options)
{
	json_t *out, *linger;

	if (!options->known)
		return json_null();
	linger = json_object();
	put(linger, "l_onoff", json_boolean(options->linger_on));
	put(linger, "l_linger", json_integer(options->linger));
	out = json_object();
	put(out, "SO_LINGER", linger);
	put(out, "SO_KEEPALIVE", json_boolean(options->keepalive));
	put(out, "TCP_KEEPIDLE", json_integer(options->keepidle));
	put(out, "TCP_KEEPINTVL", json_integer(options->keepintvl));
	put(out, "TCP_KEEPCNT", json_integer(options->keepcnt));
	put(out, "SO_RCVTIMEO", seconds(options->rcvtimeo));
	put(out, "SO_SNDTIMEO", seconds(options->sndtimeo));
	put(out, "TCP_USER_TIMEOUT", json_integer(options->user_timeout / NS_PER_MS));
	put(out, "TCP_NODELAY", json_boolean(options->nodelay));
	put(out, "TCP_CORK", json_boolean(options->cork));
	put(out, "O_NONBLOCK", json_boolean(options->nonblock));
	put(out, "SO_RCVBUF", json_integer(options->rcvbuf));
	put(out, "SO_SNDBUF", json_integer(options->sndbuf));
	put(out, "TCP_LINGER2", json_integer(options->linger2));
	put(out, "SO_REUSEADDR", json_boolean(options->reuseaddr));
	return out;
}

/* SIGPIPE is always told, it decides whether a write kills; others only where they were set. */
static json_t *json_signals(const struct snapshot *snapshot)
{
	const int pipe_number = signal_from_name("SIGPIPE");
	json_t *out = json_object();

	for (int i = 1; i < (int)sizeof(snapshot->signals); i++) {
		unsigned disposition = snapshot->signals[i];

		if (i == pipe_number || disposition != DISP_DEFAULT)
			put(out, signal_name(i),
			    json_string_nocheck(disposition_names[disposition & 3]));
	}
	return out;
}

static void json_snapshot(json_t *out, const struct snapshot *snapshot)
{
	json_t *timer;

	put(out, "state", state_or_null(snapshot->state));
	put(out, "gone", json_boolean(snapshot->gone));
	put(out, "recvq", number_or_null(snapshot->recvq, snapshot->queues_known));
	put(out, "sendq", number_or_null(snapshot->sendq, snapshot->queues_known));
	if (snapshot->observed) {
		timer = json_object();
		put(timer, "kind", json_string_nocheck(timer_name(snapshot->timer)));
		put(timer, "ms", json_integer(snapshot->timer_ns / NS_PER_MS));
		put(timer, "retransmits", json_integer(snapshot->retransmits));
	} else {
		timer = json_null();
	}
	put(out, "timer", timer);
	put(out, "tcp_info", json_info(snapshot));
	put(out, "skmem", json_skmem(snapshot));
	put(out, "poll", json_poll(snapshot));
	put(out, "fds", json_fds(snapshot));
	put(out, "options", json_options(&snapshot->options));
	put(out, "signals", json_signals(snapshot));
}

static void json_process(json_t *out, const struct event *event)
{
	enum process_change what = event->process.what;

	put(out, "pid", json_integer(event->process.pid));
	put(out, "what", json_string_nocheck(process_name(what)));
	if (what == PROCESS_EXITED)
		put(out, "status", json_integer(event->process.status));
	else if (what == PROCESS_KILLED || what == PROCESS_STOPPED || what == PROCESS_CAUGHT)
		put(out, "signal", json_string_nocheck(signal_name(event->process.status)));
}

/* Everything behind n, t and kind. */
static void json_fill(json_t *out, const struct event *event)
{
	switch (event->kind) {
	case EVENT_COMMAND:
		put(out, "text", text_or_null(event->command.text));
		put(out, "line", number_or_null(event->command.line, event->command.line));
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
	case EVENT_STATE:
	case EVENT_SNAPSHOT:
		put(out, "side", side_or_null(event->side));
		put(out, "conn", number_or_null(event->conn, event->conn));
		if (event->kind == EVENT_SNAPSHOT) {
			json_snapshot(out, event->snapshot);
		} else if (event->kind == EVENT_STATE) {
			put(out, "old", state_or_null(event->state.old));
			put(out, "new", state_or_null(event->state.new));
			put(out, "inferred", json_boolean(event->state.inferred));
		} else {
			json_call(out, event);
		}
		break;
	case EVENT_SEGMENT:
		json_segment(out, event);
		break;
	case EVENT_ICMP:
		put(out, "from",
		    event->side == SIDE_NONE ? json_string_nocheck("router")
					     : side_or_null(event->side));
		put(out, "to", side_or_null(event->icmp.to));
		put(out, "type", text_or_null(event->icmp.type));
		break;
	case EVENT_PROCESS:
		put(out, "side", side_or_null(event->side));
		json_process(out, event);
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		put(out, "text", text_or_null(event->note.text));
		break;
	case EVENT_EXPECT:
		put(out, "text", text_or_null(event->expect.text));
		put(out, "line", number_or_null(event->expect.line, event->expect.line));
		put(out, "held",
		    event->expect.held < 0 ? json_null() : json_boolean(event->expect.held));
		put(out, "saw", text_or_null(event->expect.saw));
		break;
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
}

char *event_json(const struct event *event)
{
	json_t *rest = json_object();
	struct strbuf line = {0};
	char *fields;

	if (!rest)
		abort();
	json_fill(rest, event);
	fields = json_dumps(rest, JSON_COMPACT | JSON_EMBED | JSON_REAL_PRECISION(15));
	json_decref(rest);
	if (!fields)
		abort();
	/* By hand: jansson would write 1.5e-05 for a time of 15 µs. */
	strbuf_printf(&line, "{\"n\":%llu,\"t\":%lld.%09lld,\"kind\":\"%s\"%s%s}",
		      (unsigned long long)event->n, (long long)(event->t / NS_PER_S),
		      (long long)(event->t % NS_PER_S), kind_name(event->kind), *fields ? "," : "",
		      fields);
	free(fields);
	return strbuf_take(&line);
}
