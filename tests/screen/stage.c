/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.c - views drawn without a terminal, and their cells read back. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static SCREEN *terminal;
static FILE *null_out, *null_in;

void stage_open(struct canvas *canvas, int rows, int columns, bool utf8)
{
	null_out = fopen("/dev/null", "w");
	null_in = fopen("/dev/null", "r");
	assert_non_null(null_out);
	assert_non_null(null_in);
	terminal = newterm("xterm-256color", null_out, null_in);
	assert_non_null(terminal);
	start_color();
	assert_int_equal(resizeterm(rows, columns), OK);
	canvas_start(canvas, stdscr, SCHEME_DARK, utf8);
}

void stage_close(void)
{
	endwin();
	delscreen(terminal);
	fclose(null_out);
	fclose(null_in);
}

void stage_clear(struct canvas *canvas)
{
	werase(canvas->win);
}

char *stage_text(const struct canvas *canvas)
{
	int rows = getmaxy(canvas->win), columns = getmaxx(canvas->win);
	char *text = malloc((size_t)rows * ((size_t)columns * MB_CUR_MAX * 2 + 1) + 1);
	size_t len = 0;

	assert_non_null(text);
	for (int y = 0; y < rows; y++) {
		size_t end = len;
		wchar_t before = 0;

		for (int x = 0; x < columns; x++) {
			wchar_t wide[CCHARW_MAX + 1] = {0};
			attr_t attrs;
			short pair;
			cchar_t cell;

			mvwin_wch(canvas->win, y, x, &cell);
			getcchar(&cell, wide, &attrs, &pair, NULL);
			/* The second cell of a wide character gives it once more. */
			if (x && wcwidth(before) == 2 && wide[0] == before) {
				before = 0;
				continue;
			}
			before = wide[0];
			for (int i = 0; wide[i]; i++)
				len += (size_t)wctomb(text + len, wide[i]);
			if (len && text[len - 1] != ' ')
				end = len;
		}
		len = end;
		text[len++] = '\n';
	}
	while (len > 1 && text[len - 1] == '\n' && text[len - 2] == '\n')
		len--; /* rows that nothing is in are not told */
	text[len] = '\0';
	return text;
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 65536);

	assert_non_null(text);
	if (!file)
		return text;
	text[fread(text, 1, 65535, file)] = '\0';
	fclose(file);
	return text;
}

void stage_expect(const struct canvas *canvas, const char *name)
{
	char path[4096], *text = stage_text(canvas), *expected;

	snprintf(path, sizeof(path), "%s/tests/screen/expected/%s.txt", TEST_SOURCE, name);
	if (getenv("REGENERATE")) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
	}
	expected = file_text(path);
	if (strcmp(text, expected)) {
		print_message("# %s: expected\n%s# and drawn\n%s", name, expected, text);
		fail_msg("%s differs; REGENERATE=1 takes what is drawn as right", name);
	}
	free(expected);
	free(text);
}

static uint64_t put(struct journal *journal, double t, struct event *event)
{
	event->t = (int64_t)(t * 1e9);
	return journal_append(journal, event)->n;
}

uint64_t put_process(struct journal *journal, double t, enum side side, enum process_change what,
		     int status)
{
	struct event event = {.kind = EVENT_PROCESS, .side = side};

	event.process.what = what;
	event.process.pid = 4242 + (int)side;
	event.process.status = status;
	return put(journal, t, &event);
}

uint64_t put_call(struct journal *journal, double t, enum side side, enum call call,
		  const char *args, int64_t ret, int error)
{
	struct event event = {.kind = EVENT_CALL, .side = side, .conn = 1};

	event.call.call = call;
	event.call.pid = 4242 + (int)side;
	event.call.args = args;
	event.call.ret = ret;
	event.call.err = error;
	return put(journal, t, &event);
}

uint64_t put_blocked(struct journal *journal, double t, enum side side, enum call call,
		     const char *args)
{
	struct event event = {.kind = EVENT_BLOCKED, .side = side, .conn = 1};

	event.call.call = call;
	event.call.pid = 4242 + (int)side;
	event.call.args = args;
	return put(journal, t, &event);
}

uint64_t put_segment(struct journal *journal, double t, enum side from, unsigned flags,
		     uint32_t seq, uint32_t ack, uint32_t len, enum fate fate)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = from, .conn = 1};

	event.segment.id = (uint32_t)journal_last(journal) + 1;
	event.segment.to = from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	event.segment.flags = flags;
	event.segment.seq = seq;
	event.segment.ack = ack;
	event.segment.len = len;
	event.segment.win = 64;
	event.segment.fate = fate;
	event.segment.sent = 1;
	return put(journal, t, &event);
}

uint64_t put_fate(struct journal *journal, double t, uint64_t n, enum fate fate, unsigned sent)
{
	struct event event = *journal_at(journal, n);

	event.segment.fate = fate;
	event.segment.sent = sent;
	return put(journal, t, &event);
}

uint64_t put_icmp(struct journal *journal, double t, enum side to, const char *type)
{
	struct event event = {.kind = EVENT_ICMP, .side = SIDE_NONE, .conn = 1};

	event.icmp.to = to;
	event.icmp.type = type;
	return put(journal, t, &event);
}

uint64_t put_wire(struct journal *journal, double t, const char *text,
		  const struct wire_state *wire)
{
	struct event event = {.kind = EVENT_LINK, .side = SIDE_NONE};

	event.note.text = text;
	event.note.wire = *wire;
	return put(journal, t, &event);
}

uint64_t put_host(struct journal *journal, double t, enum side side, const char *text,
		  enum host_change change)
{
	struct event event = {.kind = EVENT_HOST, .side = side};

	event.note.text = text;
	event.note.change = change;
	return put(journal, t, &event);
}

uint64_t put_state(struct journal *journal, double t, enum side side, enum tcp_state old,
		   enum tcp_state now)
{
	struct event event = {.kind = EVENT_STATE, .side = side, .conn = 1};

	event.state.old = old;
	event.state.new = now;
	return put(journal, t, &event);
}

uint64_t put_command(struct journal *journal, double t, const char *text, bool acts)
{
	struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE};

	event.command.text = text;
	event.command.acts = acts;
	return put(journal, t, &event);
}

uint64_t put_expect(struct journal *journal, double t, const char *text, int held)
{
	struct event event = {.kind = EVENT_EXPECT, .side = SIDE_NONE};

	event.expect.text = text;
	event.expect.held = held;
	event.expect.saw = "";
	return put(journal, t, &event);
}

uint64_t put_snapshot(struct journal *journal, double t, enum side side,
		      const struct snapshot *snapshot)
{
	struct event event = {.kind = EVENT_SNAPSHOT, .side = side, .conn = 1};

	event.snapshot = snapshot;
	return put(journal, t, &event);
}

struct snapshot snapshot_of(enum tcp_state state, int fd, uint32_t recvq, unsigned poll)
{
	struct snapshot snapshot = {
		.channel = CHANNEL_TCP,
		.state = state,
		.observed = true,
		.orphan = fd < 0,
		.accepted = true,
		.port = 7001,
		.peer_port = 50000,
		.recvq = recvq,
		.queues_known = true,
		.poll_known = fd >= 0,
		.poll = poll,
		.last_fd = fd < 0 ? 4 : fd,
	};

	if (fd >= 0) {
		snapshot.nfds = 1;
		snapshot.fds[0] = (struct fd_info){fd, CHANNEL_TCP, state, 1};
	}
	return snapshot;
}
