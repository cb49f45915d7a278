/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_explain.c - every number that a panel shows is explained, whatever has become of its end;
 * and what may become of it cannot be taken for something else. */
#include "stage.h"

#include "explain.h"
#include "help_search.h"
#include "panel.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct journal *journal_started(void)
{
	struct journal *journal = journal_new(0);

	put_process(journal, 0, SIDE_CLIENT, PROCESS_STARTED, 0);
	put_process(journal, 0, SIDE_SERVER, PROCESS_STARTED, 0);
	return journal;
}

/* ------------------------------------------------------------------------ the table */
/* "tcp(7)" */
static bool man_page(const char *man)
{
	size_t len = strspn(man, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len && man[len] == '(' && man[len + 1] >= '1' && man[len + 1] <= '8' &&
	       !strcmp(man + len + 2, ")");
}

static void row_check(const char *word)
{
	struct explanation about;

	if (!explanation_find(word, &about))
		fail_msg("%s: nothing explains it", word);
	if (!*about.name || !*about.label || !*about.what || !*about.changes || !*about.kernel ||
	    !*about.told || !*about.outside)
		fail_msg("%s: a column is empty", word);
	if (!man_page(about.man))
		fail_msg("%s: \"%s\" is no manual page", word, about.man);
	if (strlen(about.name) >= sizeof(((struct part *)0)->about))
		fail_msg("%s: a part cannot name it", about.name);
}

static void test_table(void **state)
{
	const char *name;
	size_t count = 0;

	(void)state;
	for (; (name = explanation_name_at(count)); count++) {
		struct explanation about;

		row_check(name);
		for (size_t i = 0; i < count; i++)
			if (!strcmp(name, explanation_name_at(i)))
				fail_msg("%s is there twice", name);
		/* The word finds its own row, not another's label. */
		assert_true(explanation_find(name, &about));
		assert_string_equal(about.name, name);
	}
	assert_true(count > 120);
	for (size_t i = 0; info_field_at(i); i++)
		row_check(info_field_at(i)->name);
	for (size_t i = 0; sockopt_at(i); i++)
		row_check(sockopt_at(i)->name);
	for (int i = STATE_ESTABLISHED; i < STATE_COUNT; i++)
		row_check(state_name((enum tcp_state)i));
	for (size_t i = 0; errno_name_at(i); i++)
		row_check(errno_name_at(i));
	for (size_t i = 0; signal_name_at(i); i++)
		row_check(signal_name_at(i));
	for (size_t i = 0; poll_name_at(i); i++)
		row_check(poll_name_at(i));
	row_check("Recv-Q"); /* as it stands on the panel, in any case */
	row_check("send-q");
	assert_false(explanation_find("nonsense", &(struct explanation){0}));
}

/* -------------------------------------------------------------------- what is drawn */
static struct snapshot snapshot_full(enum tcp_state state)
{
	struct snapshot full = snapshot_of(
		state, 4, 12, POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP | POLLPRI);

	full.sendq = 2621440;
	full.timer = TIMER_ON;
	full.timer_ns = 90 * NS_PER_S;
	full.retransmits = 7;
	full.backoff = 9;
	full.info_len = sizeof(full.info);
	memset(full.info, 1, sizeof(full.info));
	full.skmem_known = true;
	for (unsigned i = 0; i < 9; i++)
		full.skmem[i] = 1000 + i;
	full.options = (struct socket_options){.known = true,
					       .linger_on = true,
					       .keepalive = true,
					       .nodelay = true,
					       .cork = true,
					       .nonblock = true,
					       .reuseaddr = true,
					       .keepidle = 7200,
					       .keepintvl = 75,
					       .keepcnt = 9,
					       .rcvtimeo = 1500 * NS_PER_MS,
					       .sndtimeo = 2 * NS_PER_S,
					       .user_timeout = 3 * NS_PER_S};
	full.signals[SIGPIPE] = DISP_CATCH_RESTART;
	full.signals[SIGINT] = DISP_IGNORE;
	full.nfds = 3;
	full.fds[0] = (struct fd_info){3, CHANNEL_LISTENER, STATE_LISTEN, 0};
	full.fds[1] = (struct fd_info){4, CHANNEL_TCP, state, 1};
	full.fds[2] = (struct fd_info){5, CHANNEL_TCP, state, 1};
	return full;
}

/* Digits of a drawn panel that no spot covers, but for what numbers were before: " (was 3)". */
static void digits_check(const struct canvas *canvas, struct rect at, const struct spots *spots)
{
	for (int y = at.y; y < at.y + at.h; y++) {
		bool was = false;

		for (int x = at.x; x < at.x + at.w; x++) {
			wchar_t wide[CCHARW_MAX + 1] = {0};
			attr_t attrs;
			short pair;
			cchar_t cell;
			bool covered = false;

			mvwin_wch(canvas->win, y, x, &cell);
			getcchar(&cell, wide, &attrs, &pair, NULL);
			was = wide[0] == L'(' ? true : wide[0] == L')' ? false : was;
			for (unsigned i = 0; i < spots->count; i++)
				covered |= spots->at[i].y == y && x >= spots->at[i].x &&
					   x < spots->at[i].x + spots->at[i].w;
			if (wide[0] < L'0' || wide[0] > L'9' || covered || was)
				continue;
			print_message("# %s\n", stage_text(canvas));
			fail_msg("the %lc at row %d, column %d is explained by nothing",
				 (wint_t)wide[0], y, x);
		}
	}
}

/* Draw the end as it is now at this size: all that is drawn explains itself. */
static void panel_check(struct canvas *canvas, const struct journal *journal, enum side side,
			uint64_t since, int h, int w)
{
	struct limits limits;
	struct scene now, before;
	struct spots spots = {.count = 0};
	struct panel panel = {.side = side, .at = 40 * NS_PER_S, .spots = &spots};
	struct rect at = {0, 0, h, w};
	char text[256];

	scene_at(journal, journal_last(journal), &now);
	scene_at(journal, since, &before);
	limits_read(journal, journal_last(journal), &limits);
	panel.end = &now.side[side];
	panel.before = &before.side[side];
	panel.limits = &limits;
	stage_clear(canvas);
	panel_draw(canvas, at, &panel);
	assert_true(spots.count > 0);
	for (unsigned i = 0; i < spots.count; i++) {
		struct explained of = {.word = spots.at[i].about,
				       .side = side,
				       .end = panel.end,
				       .at = panel.at,
				       .limits = &limits};

		row_check(spots.at[i].about);
		assert_true(spots.at[i].w > 0);
		assert_true(spots.at[i].x + spots.at[i].w <= w);
		assert_true(strlen(explain_value(&of, text, sizeof(text))) < sizeof(text) - 1);
	}
	digits_check(canvas, at, &spots);
}

static void sizes_check(const struct journal *journal, enum side side)
{
	static const int sizes[][2] = {{6, 24}, {8, 30}, {12, 30}, {17, 49}, {24, 75}, {26, 56}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct canvas canvas;

		stage_open(&canvas, sizes[i][0], sizes[i][1], i % 2);
		panel_check(&canvas, journal, side, 2, sizes[i][0], sizes[i][1]);
		stage_close();
	}
}

/* What can become of an end, one after the other. */
static void test_drawn(void **state)
{
	struct journal *journal = journal_started();
	struct snapshot one = snapshot_full(STATE_ESTABLISHED);

	(void)state;
	sizes_check(journal, SIDE_SERVER); /* no socket yet */
	for (int i = STATE_ESTABLISHED; i < STATE_COUNT; i++) {
		one = snapshot_full((enum tcp_state)i);
		put_snapshot(journal, 1, SIDE_SERVER, &one);
		sizes_check(journal, SIDE_SERVER);
		one.info_len = 0;
		one.accepted = false;
		put_snapshot(journal, 2, SIDE_SERVER, &one);
		sizes_check(journal, SIDE_SERVER);
		one = snapshot_of((enum tcp_state)i, -1, 0, 0);
		for (enum timer_kind timer = TIMER_OFF; timer < TIMER_COUNT; timer++) {
			one.timer = timer;
			put_snapshot(journal, 2, SIDE_SERVER, &one);
			sizes_check(journal, SIDE_SERVER);
		}
	}
	one = snapshot_full(STATE_LISTEN);
	one.channel = CHANNEL_LISTENER;
	put_snapshot(journal, 3, SIDE_SERVER, &one);
	sizes_check(journal, SIDE_SERVER);
	for (enum channel channel = CHANNEL_SOCKETPAIR; channel <= CHANNEL_PIPE; channel++) {
		one = snapshot_of(STATE_NONE, 3, 0, POLLIN);
		one.channel = one.fds[0].channel = channel;
		put_snapshot(journal, 3, SIDE_SERVER, &one);
		sizes_check(journal, SIDE_SERVER);
	}
	one = snapshot_full(STATE_CLOSE);
	one.gone = true;
	put_snapshot(journal, 4, SIDE_SERVER, &one);
	put_call(journal, 4, SIDE_SERVER, CALL_READ, "4, ..., 4096", -1, ECONNRESET);
	sizes_check(journal, SIDE_SERVER);
	put_call(journal, 5, SIDE_SERVER, CALL_WRITE, "4, \"123\", 3", 3, 0);
	sizes_check(journal, SIDE_SERVER);
	put_blocked(journal, 6, SIDE_SERVER, CALL_READ, "4, ..., 4096");
	sizes_check(journal, SIDE_SERVER);
	put_process(journal, 7, SIDE_SERVER, PROCESS_STOPPED, SIGSTOP);
	sizes_check(journal, SIDE_SERVER);
	put_process(journal, 8, SIDE_SERVER, PROCESS_KILLED, SIGKILL);
	sizes_check(journal, SIDE_SERVER);
	put_process(journal, 9, SIDE_CLIENT, PROCESS_EXITED, 3);
	sizes_check(journal, SIDE_CLIENT);
	put_host(journal, 10, SIDE_SERVER, "crash", HOST_DOWN);
	sizes_check(journal, SIDE_SERVER);
	journal_free(journal);
}

/* ------------------------------------------------------------------- unmistakable */
static char *drawn(const struct journal *journal, enum side side)
{
	struct scene now;
	struct panel panel = {.side = side, .at = 4 * NS_PER_S};
	struct canvas canvas;
	char *text;

	scene_at(journal, journal_last(journal), &now);
	panel.end = &now.side[side];
	stage_open(&canvas, 8, 30, false);
	panel_draw(&canvas, (struct rect){0, 0, 8, 30}, &panel);
	text = stage_text(&canvas);
	stage_close();
	return text;
}

/* Without colour, bold or anything beyond ASCII each has a word and a shape of its own. */
static void test_unmistakable(void **state)
{
	static const char *const marks[] = {
		"o ESTABLISHED",   "X closed",	       "% blocked in",
		"= stopped",	   "~ FIN_WAIT2",      "- gone",
		"X killed by SIG", "X exited, status", "X HOST DOWN",
	};
	enum { OPEN, CLOSED, BLOCKED, STOPPED, ORPHAN, GONE, KILLED, EXITED, DOWN, ALL };
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 0, POLLOUT);
	struct snapshot closed = snapshot_of(STATE_ESTABLISHED, -1, 0, 0);
	struct snapshot orphan = snapshot_of(STATE_FIN_WAIT2, -1, 0, 0);
	struct snapshot gone = snapshot_of(STATE_CLOSE, -1, 0, 0);
	char *panels[ALL];

	(void)state;
	closed.orphan = false;
	gone.gone = true;
	gone.orphan = false;
	for (int i = 0; i < ALL; i++) {
		struct journal *journal = journal_started();

		put_snapshot(journal, 1, SIDE_SERVER,
			     i == CLOSED   ? &closed
			     : i == ORPHAN ? &orphan
			     : i == GONE   ? &gone
					   : &open);
		if (i == BLOCKED || i == STOPPED)
			put_blocked(journal, 2, SIDE_SERVER, CALL_READ, "4, ..., 4096");
		if (i == STOPPED)
			put_process(journal, 3, SIDE_SERVER, PROCESS_STOPPED, SIGSTOP);
		else if (i == KILLED)
			put_process(journal, 3, SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
		else if (i == EXITED)
			put_process(journal, 3, SIDE_SERVER, PROCESS_EXITED, 0);
		else if (i == DOWN)
			put_host(journal, 3, SIDE_SERVER, "crash", HOST_DOWN);
		panels[i] = drawn(journal, SIDE_SERVER);
		journal_free(journal);
	}
	for (int i = 0; i < ALL; i++) {
		if (!strstr(panels[i], marks[i]))
			fail_msg("no \"%s\" in\n%s", marks[i], panels[i]);
		for (const char *c = panels[i]; *c; c++)
			assert_true(isascii(*c));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(panels[i], panels[j]);
	}
	/* In a word on the frame, too. */
	assert_non_null(strstr(panels[STOPPED], " stopped +"));
	assert_non_null(strstr(panels[KILLED], " killed +"));
	assert_non_null(strstr(panels[EXITED], " exited +"));
	assert_non_null(strstr(panels[DOWN], " host down +"));
	assert_non_null(strstr(panels[DOWN], "////"));
	for (int i = 0; i < ALL; i++)
		free(panels[i]);
}

/* ----------------------------------------------------------------------- in words */
static void assert_value(const struct scene_side *end, const char *word, const char *says)
{
	struct explained of = {.word = word, .side = SIDE_SERVER, .end = end, .at = 3 * NS_PER_S};
	char text[256];

	assert_string_equal(explain_value(&of, text, sizeof(text)), says);
}

static void info_put(struct snapshot *snapshot, const char *name, uint32_t value)
{
	const struct info_field *field = info_field_find(name);

	assert_int_equal(field->size, 4);
	memcpy(snapshot->info + field->offset, &value, 4);
	snapshot->info_len = sizeof(snapshot->info);
}

static void test_values(void **state)
{
	struct snapshot half = snapshot_of(STATE_CLOSE_WAIT, 4, 1, POLLIN | POLLRDHUP);
	struct journal *journal = journal_started();
	struct scene scene;
	const struct scene_side *end = &scene.side[SIDE_SERVER];

	(void)state;
	info_put(&half, "snd_cwnd", 10);
	info_put(&half, "snd_mss", 1460);
	info_put(&half, "rto", 204000);
	half.timer = TIMER_TIMEWAIT;
	half.timer_ns = 60 * NS_PER_S;
	put_state(journal, 1, SIDE_SERVER, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	put_snapshot(journal, 1, SIDE_SERVER, &half);
	put_call(journal, 1, SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", -1, EPIPE);
	scene_at(journal, journal_last(journal), &scene);
	assert_value(end, "recvq",
		     "1: the peer's FIN has arrived, and the process has not read "
		     "it: its next read returns 0");
	assert_value(end, "sendq", "0: the peer has acknowledged all that was sent");
	assert_value(end, "CLOSE_WAIT", "since 1.00 s; before that ESTABLISHED");
	assert_value(end, "snd_cwnd", "10 segments of 1460 bytes: 14600 bytes may be under way");
	assert_value(end, "rto", "if no ACK comes within 204 ms, what was sent is sent again");
	assert_value(end, "snd_wnd",
		     "0: the peer's window is closed: nothing may be sent, only probed");
	assert_value(end, "timer", "timewait: the kernel forgets the connection in 58 s");
	assert_value(end, "SIGPIPE", "default: a write where nobody reads kills the process");
	assert_value(end, "EPIPE", "the process's last write failed with it");
	assert_value(end, "RDHUP", "set: poll would return at once");
	assert_value(end, "PRI", "not set: poll would wait for it");
	assert_value(end, "nonsense", "");
	journal_free(journal);
}

/* ---------------------------------------------------------------------- searching */
static void test_search(void **state)
{
	struct search search = {.row = -1};
	struct page page = {0};

	(void)state;
	page_start(&page, 40, true);
	page_line(&page, STYLE_PLAIN, "the FIN");
	page_begin(&page, 0, STYLE_STRONG, "TIME_");
	page_flow(&page, STYLE_PLAIN, "WAIT is another");
	page_end(&page);
	page_line(&page, STYLE_PLAIN, "and a fin again");
	assert_int_equal(search_row(&search, &page, 0, 1), -1);
	for (const char *c = "fiN"; *c; c++)
		assert_true(search_type(&search, *c));
	assert_int_equal(search_row(&search, &page, 0, 1), 0);
	assert_int_equal(search_row(&search, &page, 1, 1), 2);
	assert_int_equal(search_row(&search, &page, 3, 1), 0); /* around the end */
	assert_int_equal(search_row(&search, &page, -1, -1), 2);
	assert_int_equal(search_count(&search, &page), 2);
	assert_true(search_type(&search, 127));
	assert_string_equal(search.word, "fi");
	assert_false(search_type(&search, KEY_DOWN));
	for (int i = 0; i < 200; i++) /* bounded */
		search_type(&search, 'x');
	assert_int_equal(strlen(search.word), sizeof(search.word) - 1);
	assert_int_equal(search_row(&search, &page, 0, 1), -1);
	page_free(&page);
}

/* Each place in a row is marked where it stands, behind others, too. */
static void test_search_marks(void **state)
{
	struct search search = {.word = "fin", .row = 0};
	struct page page = {0};
	struct canvas canvas;
	char *text;

	(void)state;
	page_start(&page, 40, true);
	page_line(&page, STYLE_PLAIN, "a FIN, then a fin");
	stage_open(&canvas, 2, 40, true);
	search_draw(&canvas, &search, &page, (struct rect){1, 1, 1, 39}, 0);
	text = stage_text(&canvas);
	assert_string_equal(text, "\n▸  FIN         fin\n");
	free(text);
	page_free(&page);
	stage_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),	     cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_unmistakable), cmocka_unit_test(test_values),
		cmocka_unit_test(test_search),	     cmocka_unit_test(test_search_marks),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
