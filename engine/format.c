/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format.c - one journal event as one line, in the notation of strace(1) and tcpdump(8).
 *
 *   > server write "123"
 *   server  write(4, "123", 3) = 3
 *           ◀── P. 1:4 ack 2 len 3
 *           ──▶ R 2
 *   server  CLOSE_WAIT → CLOSE
 *   server  pid 4243 killed by SIGPIPE
 *   ✔ expect server write = 3
 *
 * The client is on the left, the server and its child on the right. */
#include "lab.h"
#include "text.h"

#include <stdarg.h>
#include <string.h>

enum glyph {
	GLYPH_RIGHT,
	GLYPH_LEFT,
	GLYPH_LOST_RIGHT,
	GLYPH_LOST_LEFT,
	GLYPH_TO,
	GLYPH_HELD,
	GLYPH_FAILED,
	GLYPH_UNAVAILABLE
};
static const char *const glyphs[][2] = {
	[GLYPH_RIGHT] = {"-->", "──▶"},
	[GLYPH_LEFT] = {"<--", "◀──"},
	[GLYPH_LOST_RIGHT] = {"--x", "──✗"},
	[GLYPH_LOST_LEFT] = {"x--", "✗──"},
	[GLYPH_TO] = {"->", "→"},
	[GLYPH_HELD] = {"+", "✔"},
	[GLYPH_FAILED] = {"x", "✘"},
	[GLYPH_UNAVAILABLE] = {"-", "–"},
};

struct line {
	char *out;
	size_t len, size;
	bool utf8;
};

static void __attribute__((format(printf, 2, 3))) line_add(struct line *line, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line->out + line->len, line->size - line->len, fmt, ap);
	va_end(ap);
	if (len > 0)
		line->len += (size_t)len;
	if (line->len >= line->size)
		line->len = line->size - 1;
}

static const char *line_glyph(const struct line *line, enum glyph glyph)
{
	return glyphs[glyph][line->utf8];
}

/* The last word on what reaches a terminal: no control character, no half character at the cut. */
static void line_clean(struct line *line)
{
	unsigned char *text = (unsigned char *)line->out;
	size_t to = 0;

	for (size_t i = 0; i < line->len;) {
		size_t n = text_utf8(text + i, line->len - i);

		if (n == 0 || (n > 1 && !line->utf8)) {
			bool half = n == 0 && text[i] >= 0xc0 && line->len + 1 == line->size &&
				    line->len - i < 4;

			if (half)
				break;
			text[to++] = '?';
			i += n ? n : 1;
			continue;
		}
		memmove(text + to, text + i, n);
		to += n;
		i += n;
	}
	text[to] = '\0';
}

static void line_duration(struct line *line, int64_t us)
{
	if (us < 1000000)
		line_add(line, "%lld ms", (long long)(us / 1000));
	else
		line_add(line, "%lld.%lld s", (long long)(us / 1000000),
			 (long long)(us / 100000 % 10));
}

static void line_call(struct line *line, const struct event *event)
{
	const char *args = event->call.args ? event->call.args : "";
	const char *name = call_name(event->call.call);

	if (event->kind == EVENT_BLOCKED) {
		line_add(line, "%s(%s)   blocked", name, args);
		return;
	}
	line_add(line, "%s(%s) = ", name, args);
	if (event->call.killed)
		line_add(line, "?");
	else
		line_add(line, "%lld", (long long)event->call.ret);
	if (event->call.err) {
		const char *what = strerrordesc_np(event->call.err);

		line_add(line, " %s (%s)", errno_name(event->call.err), what ? what : "?");
	}
	if (event->call.was_blocked) {
		line_add(line, "   after ");
		line_duration(line, event->call.us);
	}
}

static void line_segment(struct line *line, const struct event *event)
{
	const enum fate fate = event->segment.fate;
	const bool lost = fate == FATE_DROPPED || fate == FATE_CUT || fate == FATE_LOST ||
			  fate == FATE_SILENCED;
	const unsigned flags = event->segment.flags;
	const uint32_t len = event->segment.len;
	char name[16];
	enum glyph glyph;

	if (event->side == SIDE_CLIENT)
		glyph = lost ? GLYPH_LOST_RIGHT : GLYPH_RIGHT;
	else
		glyph = lost ? GLYPH_LOST_LEFT : GLYPH_LEFT;
	line_add(line, "%s %s", line_glyph(line, glyph), flags_format(flags, name, sizeof(name)));
	if (len)
		line_add(line, " %u:%u", event->segment.seq, event->segment.seq + len);
	else if (flags & (TH_S | TH_F | TH_R))
		line_add(line, " %u", event->segment.seq);
	if (flags & TH_A)
		line_add(line, " ack %u", event->segment.ack);
	if (len)
		line_add(line, " len %u", len);
	if (!event->segment.win && !(flags & TH_R))
		line_add(line, " win 0");
	if (fate != FATE_DELIVERED)
		line_add(line, "  %s", fate_name(fate));
	if (event->segment.sent > 1)
		line_add(line, "%s sent %u times", fate != FATE_DELIVERED ? "," : " ",
			 event->segment.sent);
}

static void line_process(struct line *line, const struct event *event)
{
	const int status = event->process.status;

	line_add(line, "pid %d ", (int)event->process.pid);
	switch (event->process.what) {
	case PROCESS_EXITED:
		line_add(line, "exited with status %d", status);
		break;
	case PROCESS_KILLED:
		line_add(line, "killed by %s", signal_name(status));
		break;
	case PROCESS_STOPPED:
		line_add(line, "stopped by %s", signal_name(status));
		break;
	case PROCESS_CAUGHT:
		line_add(line, "caught %s", signal_name(status));
		break;
	case PROCESS_STARTED:
	case PROCESS_CONTINUED:
	case PROCESS_COUNT:
		line_add(line, "%s", process_name(event->process.what));
		break;
	}
}

static void line_snapshot(struct line *line, const struct snapshot *snapshot)
{
	char poll[48];

	line_add(line, "%s",
		 snapshot->state == STATE_NONE ? "no connection" : state_name(snapshot->state));
	if (snapshot->gone)
		line_add(line, " gone");
	if (snapshot->orphan)
		line_add(line, " orphan");
	if (snapshot->queues_known)
		line_add(line, "  Recv-Q %u Send-Q %u", snapshot->recvq, snapshot->sendq);
	if (snapshot->timer != TIMER_OFF)
		line_add(line, "  %s %lld ms", timer_name(snapshot->timer),
			 (long long)(snapshot->timer_ns / NS_PER_MS));
	if (snapshot->poll_known)
		line_add(line, "  %s", poll_format(snapshot->poll, poll, sizeof(poll)));
}

static void line_expect(struct line *line, const struct event *event)
{
	const int held = event->expect.held;
	const char *text = event->expect.text ? event->expect.text : "";
	const char *saw = event->expect.saw ? event->expect.saw : "";
	const bool worded = !strncmp(text, "expect", 6) || !strncmp(text, "wait", 4);

	line_add(line, "%s %s%s",
		 line_glyph(line, held > 0   ? GLYPH_HELD
				  : held < 0 ? GLYPH_UNAVAILABLE
					     : GLYPH_FAILED),
		 worded ? "" : "expect ", text);
	if (held < 0)
		line_add(line, ": unavailable%s%s%s", *saw ? " (" : "", saw, *saw ? ")" : "");
	else if (!held)
		line_add(line, ": saw %s", *saw ? saw : "nothing");
}

char *event_format(const struct event *event, bool utf8, char *out, size_t size)
{
	struct line line = {.out = out, .size = size, .utf8 = utf8};

	if (!size)
		return out;
	*out = '\0';
	switch (event->kind) {
	case EVENT_CALL:
	case EVENT_BLOCKED:
	case EVENT_STATE:
	case EVENT_SNAPSHOT:
	case EVENT_PROCESS:
		line_add(&line, "%-6s  ", side_name(event->side));
		break;
	case EVENT_SEGMENT:
	case EVENT_ICMP:
		line_add(&line, "%8s", "");
		break;
	default:
		break;
	}
	switch (event->kind) {
	case EVENT_COMMAND:
		line_add(&line, "> %s", event->command.text ? event->command.text : "");
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
		line_call(&line, event);
		break;
	case EVENT_SEGMENT:
		line_segment(&line, event);
		break;
	case EVENT_ICMP:
		line_add(
			&line, "%s ICMP %s",
			line_glyph(&line, event->icmp.to == SIDE_CLIENT ? GLYPH_LEFT : GLYPH_RIGHT),
			event->icmp.type ? event->icmp.type : "?");
		break;
	case EVENT_STATE:
		if (event->state.old != STATE_NONE)
			line_add(&line, "%s ", state_name(event->state.old));
		line_add(&line, "%s %s%s", line_glyph(&line, GLYPH_TO),
			 state_name(event->state.new), event->state.inferred ? " (inferred)" : "");
		break;
	case EVENT_SNAPSHOT:
		line_snapshot(&line, event->snapshot);
		break;
	case EVENT_PROCESS:
		line_process(&line, event);
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		line_add(&line, "%-6s  %s",
			 event->side == SIDE_NONE ? kind_name(event->kind) : side_name(event->side),
			 event->note.text ? event->note.text : "");
		break;
	case EVENT_EXPECT:
		line_expect(&line, event);
		break;
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
	line_clean(&line);
	return out;
}

char *event_shorten(char *text)
{
	static const char begin[] = "{sa_family=AF_INET, sin_port=htons(";
	char *at = strstr(text, begin), *end = at ? strchr(at, '}') : NULL;
	char port[8], addr[32];
	int len;

	if (!end || sscanf(at + strlen(begin), "%7[0-9]), sin_addr=inet_addr(\"%31[0-9.]\")}", port,
			   addr) != 2)
		return text;
	len = sprintf(at, "%s:%s", addr, port);
	memmove(at + len, end + 1, strlen(end + 1) + 1);
	return text;
}
