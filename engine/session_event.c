/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_event.c - a JSON object as the event it was: what json.c has written, read back. */
#include "json.h"

#include "mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PID_MOST (1 << 22) /* PID_MAX_LIMIT: include/linux/threads.h */

static int change_from_name(const char *name)
{
	return !strcmp(name, "down") ? HOST_DOWN : !strcmp(name, "up") ? HOST_UP : -1;
}

static int unreachable_from_name(const char *name)
{
	for (int i = 0; i <= UNREACHABLE_PORT; i++)
		if (!strcmp(unreachable_names[i], name))
			return i;
	return -1;
}

static int fate_from_name(const char *name)
{
	for (int i = 0; i < FATE_COUNT; i++)
		if (!strcmp(fate_name((enum fate)i), name))
			return i;
	return -1;
}

static int kind_from_name(const char *name)
{
	for (int i = EVENT_NONE + 1; i < EVENT_KINDS; i++)
		if (!strcmp(kind_name((enum event_kind)i), name))
			return i;
	return -1;
}

static int process_from_name(const char *name)
{
	for (int i = 0; i < PROCESS_COUNT; i++)
		if (!strcmp(process_name((enum process_change)i), name))
			return i;
	return -1;
}

/* E999 is one too: errno_name writes so what it has no name for. */
static int error_from_name(const char *name)
{
	int number = errno_from_name(name);
	char *end;

	if (number >= 0 || name[0] != 'E')
		return number;
	number = (int)strtol(name + 1, &end, 10);
	return !*end && number > 0 && number < 4096 ? number : -1;
}

/* A packet's bytes, as hex digits; `*len` is how many, NULL where there are none. */
static const uint8_t *read_raw(struct reading *reading, json_t *object, size_t most, size_t *len,
			       int64_t *full)
{
	const char *hex = read_text(reading, object, "raw", false);
	const size_t digits = hex ? strlen(hex) : 0;
	unsigned char *bytes;

	*len = digits / 2;
	*full = 0;
	if (!hex)
		return NULL;
	if (digits % 2 || *len > most) {
		reading_fault(reading, "\"raw\": pairs of hex digits are expected, at most %zu",
			      most);
		return NULL;
	}
	bytes = reading_room(reading, *len);
	for (size_t i = 0; i < digits; i++) {
		const char c = hex[i];
		const int digit = c >= '0' && c <= '9'	 ? c - '0'
				  : c >= 'a' && c <= 'f' ? c - 87
							 : -1;

		if (digit < 0) {
			reading_fault(reading, "\"raw\": hex digits are expected, 0 to 9, a to f");
			return NULL;
		}
		bytes[i / 2] = (unsigned char)(i % 2 ? bytes[i / 2] << 4 | digit : digit);
	}
	*full = read_number(reading, object, "full", (int64_t)*len, UINT32_MAX,
			    raw_length(bytes, *len));
	return bytes;
}

/* The inside of a C string literal, as text_escape writes it. */
static const void *read_data(struct reading *reading, json_t *object, size_t *len)
{
	static const char letters[] = "abtnvfr\"\\", plain[] = "\a\b\t\n\v\f\r\"\\";
	const char *at = read_text(reading, object, "data", false), *letter;
	unsigned char *bytes;

	*len = 0;
	if (!at)
		return NULL;
	bytes = reading_room(reading, strlen(at));
	while (*at) {
		if (*at != '\\') {
			bytes[(*len)++] = (unsigned char)*at++;
		} else if (at[1] && (letter = strchr(letters, at[1]))) {
			bytes[(*len)++] = (unsigned char)plain[letter - letters];
			at += 2;
		} else if (strspn(at + 1, "01234567") >= 3 && at[1] < '4') {
			bytes[(*len)++] = (unsigned char)((at[1] - '0') << 6 | (at[2] - '0') << 3 |
							  (at[3] - '0'));
			at += 4;
		} else {
			reading_fault(reading, "\"data\": C escapes are expected, as \\n or \\000");
			return NULL;
		}
	}
	return bytes;
}

static void read_call(struct reading *reading, json_t *object, struct event *event)
{
	event->call.call =
		(enum call)read_name(reading, object, "call", call_from_name, READ_NEEDED);
	event->call.pid = (pid_t)read_number(reading, object, "pid", 0, PID_MOST, READ_NEEDED);
	event->call.args = read_text(reading, object, "args", true);
	if (event->kind == EVENT_BLOCKED)
		return;
	event->call.killed = !json_is_integer(json_object_get(object, "ret"));
	event->call.ret = read_number(reading, object, "ret", INT64_MIN + 1, INT64_MAX, 0);
	event->call.err = read_name(reading, object, "errno", error_from_name, 0);
	event->call.us = read_number(reading, object, "us", 0, READ_TIME_MOST / 1000, 0);
	event->call.was_blocked = read_flag(reading, object, "was_blocked", false);
	event->call.data = read_data(reading, object, &event->call.len);
}

static void read_segment(struct reading *reading, json_t *object, struct event *event)
{
	int64_t full;
	size_t len;

	event->side = (enum side)read_name(reading, object, "from", side_from_name, READ_NEEDED);
	event->segment.id =
		(uint32_t)read_number(reading, object, "id", 0, UINT32_MAX, READ_NEEDED);
	event->segment.to =
		(enum side)read_name(reading, object, "to", side_from_name, READ_NEEDED);
	event->segment.flags =
		(unsigned)read_name(reading, object, "flags", flags_from_name, READ_NEEDED);
	event->segment.seq =
		(uint32_t)read_number(reading, object, "seq", 0, UINT32_MAX, READ_NEEDED);
	event->segment.ack = (uint32_t)read_number(reading, object, "ack", 0, UINT32_MAX, 0);
	event->segment.len = (uint32_t)read_number(reading, object, "len", 0, UINT32_MAX, 0);
	event->segment.win = (uint32_t)read_number(reading, object, "win", 0, UINT32_MAX, 0);
	event->segment.fate =
		(enum fate)read_name(reading, object, "fate", fate_from_name, READ_NEEDED);
	event->segment.sent = (unsigned)read_number(reading, object, "sent", 0, UINT32_MAX, 1);
	event->segment.raw = read_raw(reading, object, UINT16_MAX, &len, &full);
	event->segment.raw_len = (uint16_t)len;
	event->segment.raw_full = (uint32_t)full;
}

static void read_icmp(struct reading *reading, json_t *object, struct event *event)
{
	const char *from = json_string_value(json_object_get(object, "from"));
	int64_t full;
	size_t len;

	if (!from || strcmp(from, "router") != 0)
		event->side =
			(enum side)read_name(reading, object, "from", side_from_name, READ_NEEDED);
	event->icmp.to = (enum side)read_name(reading, object, "to", side_from_name, READ_NEEDED);
	event->icmp.type = read_text(reading, object, "type", true);
	event->icmp.raw = read_raw(reading, object, UINT16_MAX, &len, &full);
	event->icmp.raw_len = (uint16_t)len;
}

static void read_process(struct reading *reading, json_t *object, struct event *event)
{
	const enum process_change what = (enum process_change)read_name(
		reading, object, "what", process_from_name, READ_NEEDED);
	const char *name;

	event->process.what = what;
	event->process.pid = (pid_t)read_number(reading, object, "pid", 0, PID_MOST, READ_NEEDED);
	if (what == PROCESS_EXITED)
		event->process.status =
			(int)read_number(reading, object, "status", 0, 255, READ_NEEDED);
	if (what != PROCESS_KILLED && what != PROCESS_STOPPED && what != PROCESS_CAUGHT)
		return;
	name = read_text(reading, object, "signal", true);
	event->process.status = name ? read_signal(name) : 0;
	if (name && event->process.status < 0)
		reading_fault(reading, "\"signal\": the name of a signal is expected");
}

/* Whether a list of words has this one. */
static bool list_has(const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text && !strcmp(text, word))
			return true;
	}
	return false;
}

static void read_wire(struct reading *reading, const json_t *object, struct wire_state *wire)
{
	const json_t *is = read_object(reading, object, "wire"), *hold, *next;

	if (!is)
		return;
	hold = read_array(reading, is, "hold");
	next = read_array(reading, is, "next");
	wire->on = true;
	wire->cut = read_flag(reading, is, "cut", false);
	wire->hold[SIDE_CLIENT] = list_has(hold, side_name(SIDE_CLIENT));
	wire->hold[SIDE_SERVER] = list_has(hold, side_name(SIDE_SERVER));
	wire->loss = (uint8_t)read_number(reading, is, "loss", 0, 100, 0);
	wire->unreachable = (uint8_t)read_name(reading, is, "unreachable", unreachable_from_name,
					       UNREACHABLE_OFF);
	wire->delay = read_seconds(reading, is, "delay", 0);
	wire->next_drop = list_has(next, "drop");
	wire->next_duplicate = list_has(next, "duplicate");
	wire->next_reorder = list_has(next, "reorder");
}

static void read_note(struct reading *reading, json_t *object, struct event *event)
{
	int64_t full;
	size_t len;

	event->note.text = read_text(reading, object, "text", true);
	event->side = (enum side)read_name(reading, object, "side", side_from_name, SIDE_NONE);
	if (event->kind == EVENT_HOST) {
		event->note.change = (enum host_change)read_name(reading, object, "change",
								 change_from_name, HOST_SAID);
		return;
	}
	read_wire(reading, object, &event->note.wire);
	event->note.raw = read_raw(reading, object, UINT16_MAX, &len, &full);
	if (full > UINT16_MAX)
		reading_fault(reading, "\"full\": at most %d is expected", UINT16_MAX);
	event->note.raw_len = (uint16_t)len;
	event->note.raw_full = (uint16_t)full;
}

static void read_line(struct reading *reading, const json_t *object, int *line)
{
	*line = (int)read_number(reading, object, "line", 0, INT32_MAX, 0);
}

static void read_expect(struct reading *reading, json_t *object, struct event *event)
{
	const json_t *held = json_object_get(object, "held");

	event->expect.text = read_text(reading, object, "text", true);
	event->expect.saw = read_text(reading, object, "saw", false);
	event->expect.held =
		!held || json_is_null(held) ? -1 : read_flag(reading, object, "held", false);
	read_line(reading, object, &event->expect.line);
}

int event_read(struct reading *reading, json_t *object, struct event *event)
{
	memset(event, 0, sizeof(*event));
	reading->bad[0] = '\0';
	event->side = SIDE_NONE;
	event->kind =
		(enum event_kind)read_name(reading, object, "kind", kind_from_name, READ_NEEDED);
	event->t = read_seconds(reading, object, "t", READ_NEEDED);
	if (*reading->bad)
		return -1;
	event->conn = (unsigned)read_number(reading, object, "conn", 0, INT32_MAX, 0);
	if (event->kind == EVENT_CALL || event->kind == EVENT_BLOCKED ||
	    event->kind == EVENT_STATE || event->kind == EVENT_SNAPSHOT ||
	    event->kind == EVENT_PROCESS)
		event->side =
			(enum side)read_name(reading, object, "side", side_from_name, READ_NEEDED);
	switch (event->kind) {
	case EVENT_COMMAND:
		event->side =
			(enum side)read_name(reading, object, "side", side_from_name, SIDE_NONE);
		event->command.text = read_text(reading, object, "text", true);
		event->command.acts = read_flag(reading, object, "acts", true);
		read_line(reading, object, &event->command.line);
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
		read_call(reading, object, event);
		break;
	case EVENT_SEGMENT:
		read_segment(reading, object, event);
		break;
	case EVENT_ICMP:
		read_icmp(reading, object, event);
		break;
	case EVENT_STATE:
		event->state.old = (enum tcp_state)read_name(reading, object, "old",
							     state_from_name, STATE_NONE);
		event->state.new = (enum tcp_state)read_name(reading, object, "new",
							     state_from_name, STATE_NONE);
		event->state.inferred = read_flag(reading, object, "inferred", false);
		break;
	case EVENT_SNAPSHOT:
		snapshot_read(reading, object, &reading->snapshot);
		event->snapshot = &reading->snapshot;
		break;
	case EVENT_PROCESS:
		read_process(reading, object, event);
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		read_note(reading, object, event);
		break;
	case EVENT_EXPECT:
		read_expect(reading, object, event);
		break;
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
	return *reading->bad ? -1 : 0;
}
