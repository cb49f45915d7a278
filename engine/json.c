/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.c - one journal event as one JSON object: the promise to other programs.
 *
 * The names of the fields change only with a version number. */
#include "json.h"
#include "core.h"

#include "mem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

void json_put(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new_nocheck(object, key, value))
		abort();
}

const char *const unreachable_names[] = {"off", "host", "net", "port"};

uint32_t raw_length(const uint8_t *raw, size_t len)
{
	const uint32_t total = raw && len >= 4 ? (uint32_t)raw[2] << 8 | raw[3] : 0;

	return total > len ? total : (uint32_t)len;
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

json_t *json_state(enum tcp_state state)
{
	return state == STATE_NONE ? json_null() : json_string_nocheck(state_name(state));
}

static json_t *side_or_null(enum side side)
{
	return side == SIDE_NONE ? json_null() : json_string_nocheck(side_name(side));
}

json_t *json_number(int64_t number, bool known)
{
	return known ? json_integer(number) : json_null();
}

json_t *json_seconds(int64_t ns)
{
	return json_real((double)ns / (double)NS_PER_S);
}

/* Packets as hex digits, from the IP header on. How long it was is told where its header does not:
 * read_full takes that for granted. */
static void json_raw(json_t *out, const uint8_t *raw, size_t len, uint32_t full)
{
	static const char digits[] = "0123456789abcdef";
	char *hex;

	if (!raw)
		return;
	hex = xmalloc(len * 2 + 1);
	for (size_t i = 0; i < len; i++) {
		hex[i * 2] = digits[raw[i] >> 4];
		hex[i * 2 + 1] = digits[raw[i] & 15];
	}
	json_put(out, "raw", json_stringn_nocheck(hex, len * 2));
	free(hex);
	if (full != raw_length(raw, len))
		json_put(out, "full", json_integer(full));
}

static void json_call(json_t *out, const struct event *event)
{
	const bool returned = event->kind == EVENT_CALL;
	char *data;

	json_put(out, "pid", json_integer(event->call.pid));
	json_put(out, "call", json_string_nocheck(call_name(event->call.call)));
	json_put(out, "args", text_or_null(event->call.args));
	if (!returned)
		return;
	json_put(out, "ret", json_number(event->call.ret, !event->call.killed));
	json_put(out, "errno",
		 event->call.err ? json_string_nocheck(errno_name(event->call.err)) : json_null());
	json_put(out, "us", json_integer(event->call.us));
	if (event->call.was_blocked)
		json_put(out, "was_blocked", json_true());
	if (!event->call.data)
		return;
	/* A byte is at most a backslash and three digits. */
	data = xmalloc(event->call.len * 4 + 8);
	text_escape(event->call.data, event->call.len, true, data, event->call.len * 4 + 8);
	json_put(out, "data", json_string(data));
	free(data);
}

static void json_segment(json_t *out, const struct event *event)
{
	char flags[16];

	json_put(out, "id", json_integer(event->segment.id));
	json_put(out, "conn", json_number(event->conn, event->conn));
	json_put(out, "from", side_or_null(event->side));
	json_put(out, "to", side_or_null(event->segment.to));
	json_put(out, "flags",
		 json_string(flags_format(event->segment.flags, flags, sizeof(flags))));
	json_put(out, "seq", json_integer(event->segment.seq));
	json_put(out, "ack", json_integer(event->segment.ack));
	json_put(out, "len", json_integer(event->segment.len));
	json_put(out, "win", json_integer(event->segment.win));
	json_put(out, "fate", json_string_nocheck(fate_name(event->segment.fate)));
	json_put(out, "sent", json_integer(event->segment.sent));
	json_raw(out, event->segment.raw, event->segment.raw_len, event->segment.raw_full);
}

/* What the cable does from now on; nothing is said of loopback. */
static void json_wire(json_t *out, const struct wire_state *wire)
{
	json_t *is, *list;

	if (!wire->on)
		return;
	is = json_object();
	if (wire->cut)
		json_put(is, "cut", json_true());
	if (wire->hold[SIDE_CLIENT] || wire->hold[SIDE_SERVER]) {
		list = json_array();
		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			if (wire->hold[side])
				json_array_append_new(list, json_string_nocheck(side_name(side)));
		json_put(is, "hold", list);
	}
	if (wire->delay)
		json_put(is, "delay", json_seconds(wire->delay));
	if (wire->loss)
		json_put(is, "loss", json_integer(wire->loss));
	if (wire->unreachable && wire->unreachable <= UNREACHABLE_PORT)
		json_put(is, "unreachable",
			 json_string_nocheck(unreachable_names[wire->unreachable]));
	if (wire->next_drop || wire->next_duplicate || wire->next_reorder) {
		list = json_array();
		if (wire->next_drop)
			json_array_append_new(list, json_string_nocheck("drop"));
		if (wire->next_duplicate)
			json_array_append_new(list, json_string_nocheck("duplicate"));
		if (wire->next_reorder)
			json_array_append_new(list, json_string_nocheck("reorder"));
		json_put(is, "next", list);
	}
	json_put(out, "wire", is);
}

static void json_note(json_t *out, const struct event *event)
{
	static const char *const changes[] = {[HOST_DOWN] = "down", [HOST_UP] = "up"};

	json_put(out, "text", text_or_null(event->note.text));
	if (event->side != SIDE_NONE)
		json_put(out, "side", side_or_null(event->side));
	if (event->kind == EVENT_HOST) {
		if (event->note.change == HOST_DOWN || event->note.change == HOST_UP)
			json_put(out, "change", json_string_nocheck(changes[event->note.change]));
		return;
	}
	json_wire(out, &event->note.wire);
	json_raw(out, event->note.raw, event->note.raw_len, event->note.raw_full);
}

static void json_process(json_t *out, const struct event *event)
{
	enum process_change what = event->process.what;

	json_put(out, "pid", json_integer(event->process.pid));
	json_put(out, "what", json_string_nocheck(process_name(what)));
	if (what == PROCESS_EXITED)
		json_put(out, "status", json_integer(event->process.status));
	else if (what == PROCESS_KILLED || what == PROCESS_STOPPED || what == PROCESS_CAUGHT)
		json_put(out, "signal", json_string_nocheck(signal_name(event->process.status)));
}

/* Everything behind n, t and kind. */
static void json_fill(json_t *out, const struct event *event)
{
	switch (event->kind) {
	case EVENT_COMMAND:
		json_put(out, "text", text_or_null(event->command.text));
		json_put(out, "line", json_number(event->command.line, event->command.line));
		if (event->side != SIDE_NONE)
			json_put(out, "side", side_or_null(event->side));
		if (!event->command.acts)
			json_put(out, "acts", json_false());
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
	case EVENT_STATE:
	case EVENT_SNAPSHOT:
		json_put(out, "side", side_or_null(event->side));
		json_put(out, "conn", json_number(event->conn, event->conn));
		if (event->kind == EVENT_SNAPSHOT) {
			json_snapshot(out, event->snapshot);
		} else if (event->kind == EVENT_STATE) {
			json_put(out, "old", json_state(event->state.old));
			json_put(out, "new", json_state(event->state.new));
			json_put(out, "inferred", json_boolean(event->state.inferred));
		} else {
			json_call(out, event);
		}
		break;
	case EVENT_SEGMENT:
		json_segment(out, event);
		break;
	case EVENT_ICMP:
		json_put(out, "from",
			 event->side == SIDE_NONE ? json_string_nocheck("router")
						  : side_or_null(event->side));
		json_put(out, "to", side_or_null(event->icmp.to));
		json_put(out, "type", text_or_null(event->icmp.type));
		if (event->conn)
			json_put(out, "conn", json_integer(event->conn));
		json_raw(out, event->icmp.raw, event->icmp.raw_len,
			 raw_length(event->icmp.raw, event->icmp.raw_len));
		break;
	case EVENT_PROCESS:
		json_put(out, "side", side_or_null(event->side));
		json_process(out, event);
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		json_note(out, event);
		break;
	case EVENT_EXPECT:
		json_put(out, "text", text_or_null(event->expect.text));
		json_put(out, "line", json_number(event->expect.line, event->expect.line));
		json_put(out, "held",
			 event->expect.held < 0 ? json_null() : json_boolean(event->expect.held));
		json_put(out, "saw", text_or_null(event->expect.saw));
		break;
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
}

const char *kernel_name(const struct session_about *about, char *out, size_t size)
{
	struct utsname name;

	if (about->kernel || uname(&name))
		return about->kernel;
	snprintf(out, size, "%s %s %s", name.sysname, name.release, name.machine);
	return out;
}

static char *event_line(const struct event *event, const struct session_about *about)
{
	json_t *rest = json_object();
	struct strbuf line = {0};
	json_t *session;
	char *fields, kernel[200];

	if (!rest)
		abort();
	json_fill(rest, event);
	if (about) {
		session = json_object();
		json_put(session, "format", json_integer(SESSION_FORMAT));
		json_put(session, "version", json_string_nocheck(LAB_VERSION));
		json_put(session, "epoch", json_integer(about->epoch));
		json_put(session, "title", text_or_null(about->title));
		json_put(session, "kernel",
			 text_or_null(kernel_name(about, kernel, sizeof(kernel))));
		json_put(rest, "session", session);
	}
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

char *event_json(const struct event *event)
{
	return event_line(event, NULL);
}

char *session_json(const struct event *event, const struct session_about *about)
{
	return event_line(event, about);
}
