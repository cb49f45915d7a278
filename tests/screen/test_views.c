/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_views.c - the panels, the ladder and the journal, drawn from journals made by hand. */
#include "stage.h"

#include "facts.h"
#include "journal_view.h"
#include "ladder.h"
#include "menu.h"
#include "panel.h"

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

/* What the panel shows at the journal's end, `before` being the journal up to that event. */
static void panel_at(struct canvas *canvas, struct rect at, const struct journal *journal,
		     enum side side, uint64_t since, double t, bool focused, bool past)
{
	struct scene now, before;
	struct panel panel = {.side = side, .at = (int64_t)(t * 1e9), .focused = focused};

	scene_at(journal, journal_last(journal), &now);
	scene_at(journal, since, &before);
	panel.end = &now.side[side];
	panel.before = since ? &before.side[side] : NULL;
	panel.past = past;
	panel_draw(canvas, at, &panel);
}

static struct journal *journal_started(void)
{
	struct journal *journal = journal_new(0);

	put_process(journal, 0, SIDE_CLIENT, PROCESS_STARTED, 0);
	put_process(journal, 0, SIDE_SERVER, PROCESS_STARTED, 0);
	return journal;
}

/* Each way an end can be, two panels a row. */
static void test_panels(void **state)
{
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 0, POLLOUT);
	struct snapshot half = snapshot_of(STATE_CLOSE_WAIT, 4, 1, POLLIN | POLLOUT | POLLRDHUP);
	struct snapshot orphan = snapshot_of(STATE_FIN_WAIT2, -1, 0, 0);
	struct snapshot closed = snapshot_of(STATE_CLOSE, 4, 0, POLLIN | POLLERR | POLLHUP);
	struct snapshot gone = snapshot_of(STATE_CLOSE, -1, 0, 0);
	struct snapshot listener = snapshot_of(STATE_LISTEN, 3, 1, POLLIN);
	struct journal *journal = journal_started();
	struct canvas canvas;
	uint64_t since;

	(void)state;
	stage_open(&canvas, 40, 72, true);
	panel_at(&canvas, (struct rect){0, 0, 8, 34}, journal, SIDE_CLIENT, 0, 1, false, false);

	listener.channel = listener.fds[0].channel = CHANNEL_LISTENER;
	listener.sendq = 128;
	put_snapshot(journal, 1, SIDE_SERVER, &listener);
	panel_at(&canvas, (struct rect){0, 36, 8, 34}, journal, SIDE_SERVER, 0, 1, true, false);

	put_snapshot(journal, 1, SIDE_SERVER, &open);
	since = journal_last(journal);
	put_call(journal, 2, SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", -1, EPIPE);
	half.signals[SIGPIPE] = DISP_IGNORE;
	half.options.known = half.options.linger_on = true;
	put_snapshot(journal, 2, SIDE_SERVER, &half);
	panel_at(&canvas, (struct rect){8, 0, 8, 34}, journal, SIDE_SERVER, since, 2, true, false);

	orphan.timer = TIMER_TIMEWAIT;
	orphan.timer_ns = 60 * NS_PER_S;
	put_call(journal, 2, SIDE_CLIENT, CALL_CLOSE, "4", 0, 0);
	put_snapshot(journal, 2, SIDE_CLIENT, &orphan);
	panel_at(&canvas, (struct rect){8, 36, 8, 34}, journal, SIDE_CLIENT, 0, 2.5, false, false);

	put_blocked(journal, 3, SIDE_SERVER, CALL_READ, "4, ..., 4096");
	panel_at(&canvas, (struct rect){16, 0, 8, 34}, journal, SIDE_SERVER, 0, 15.2, true, false);
	put_process(journal, 16, SIDE_SERVER, PROCESS_STOPPED, SIGSTOP);
	panel_at(&canvas, (struct rect){16, 36, 8, 34}, journal, SIDE_SERVER, 0, 200, true, true);

	closed.gone = true;
	put_process(journal, 16, SIDE_SERVER, PROCESS_CONTINUED, SIGCONT);
	put_call(journal, 17, SIDE_SERVER, CALL_READ, "4, ..., 4096", -1, ECONNRESET);
	put_snapshot(journal, 17, SIDE_SERVER, &closed);
	panel_at(&canvas, (struct rect){24, 0, 8, 34}, journal, SIDE_SERVER, 0, 17, false, false);

	gone.gone = true;
	gone.orphan = false;
	put_process(journal, 18, SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
	put_snapshot(journal, 18, SIDE_SERVER, &gone);
	panel_at(&canvas, (struct rect){24, 36, 8, 34}, journal, SIDE_SERVER, 0, 18, false, false);

	put_process(journal, 19, SIDE_CLIENT, PROCESS_EXITED, 3);
	panel_at(&canvas, (struct rect){32, 0, 8, 34}, journal, SIDE_CLIENT, 0, 19, false, false);
	/* Few lines: what matters most is left. */
	panel_at(&canvas, (struct rect){32, 36, 5, 34}, journal, SIDE_CLIENT, 0, 19, false, false);
	stage_expect(&canvas, "panels");
	journal_free(journal);
	stage_close();
}

static void test_panels_in_ascii(void **state)
{
	struct snapshot orphan = snapshot_of(STATE_FIN_WAIT2, -1, 0, 0);
	struct journal *journal = journal_started();
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 16, 72, false);
	put_snapshot(journal, 1, SIDE_CLIENT, &orphan);
	panel_at(&canvas, (struct rect){0, 0, 8, 34}, journal, SIDE_CLIENT, 2, 1, false, false);
	put_blocked(journal, 3, SIDE_SERVER, CALL_READ, "4, ..., 4096");
	panel_at(&canvas, (struct rect){0, 36, 8, 34}, journal, SIDE_SERVER, 2, 5, true, false);
	put_process(journal, 5, SIDE_SERVER, PROCESS_KILLED, SIGTERM);
	panel_at(&canvas, (struct rect){8, 0, 8, 34}, journal, SIDE_SERVER, 2, 5, true, true);
	stage_expect(&canvas, "panels-ascii");
	journal_free(journal);
	stage_close();
}

/* The newest connection waits in the listener's queue: the descriptor is an older one's. */
static void test_panel_unaccepted(void **state)
{
	struct snapshot waiting = snapshot_of(STATE_ESTABLISHED, 4, 1, 0);
	struct journal *journal = journal_started();
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 8, 64, true);
	waiting.accepted = waiting.poll_known = false;
	put_snapshot(journal, 1, SIDE_CLIENT, &waiting);
	put_snapshot(journal, 1, SIDE_SERVER, &waiting);
	panel_at(&canvas, (struct rect){0, 0, 8, 30}, journal, SIDE_CLIENT, 0, 1, false, false);
	panel_at(&canvas, (struct rect){0, 32, 8, 30}, journal, SIDE_SERVER, 0, 1, true, false);
	stage_expect(&canvas, "panel-unaccepted");
	stage_clear(&canvas);
	panel_at(&canvas, (struct rect){0, 0, 7, 24}, journal, SIDE_CLIENT, 0, 1, false, false);
	panel_at(&canvas, (struct rect){0, 32, 7, 24}, journal, SIDE_SERVER, 0, 1, true, false);
	stage_expect(&canvas, "panel-narrow");
	journal_free(journal);
	stage_close();
}

static void put_story(struct journal *journal)
{
	put_segment(journal, 1, SIDE_CLIENT, TH_S, 0, 0, 0, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_SERVER, TH_S | TH_A, 0, 1, 0, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_CLIENT, TH_A, 1, 1, 0, FATE_DELIVERED);
	put_command(journal, 2, "client close", true);
	put_call(journal, 2, SIDE_CLIENT, CALL_CLOSE, "3", 0, 0);
	put_segment(journal, 2, SIDE_CLIENT, TH_F | TH_A, 1, 1, 0, FATE_DELIVERED);
	put_state(journal, 2, SIDE_SERVER, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	put_segment(journal, 2.04, SIDE_SERVER, TH_A, 1, 2, 0, FATE_DELIVERED);
	put_command(journal, 3, "server write \"123\"", true);
	put_call(journal, 3, SIDE_SERVER, CALL_WRITE, "4, \"123\", 3", 3, 0);
	put_segment(journal, 3, SIDE_SERVER, TH_P | TH_A, 1, 2, 65483, FATE_DROPPED);
	put_segment(journal, 3, SIDE_CLIENT, TH_R, 2, 0, 0, FATE_HELD);
	put_command(journal, 3, "expect server write = 3", false);
	put_expect(journal, 3, "server write = 3", 1);
	put_call(journal, 4, SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", -1, EPIPE);
	put_process(journal, 4, SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
}

static void test_ladder(void **state)
{
	struct journal *journal = journal_started();
	struct ladder ladder = {.journal = journal, .capture = true, .since = 10};
	struct canvas canvas;

	(void)state;
	put_story(journal);
	ladder.upto = journal_last(journal);
	stage_open(&canvas, 33, 60, true);
	ladder_draw(&canvas, (struct rect){0, 0, 8, 20}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 30, 8, 12}, &ladder);
	ladder_draw(&canvas, (struct rect){8, 0, 8, 60}, &ladder);
	ladder.mark = 8; /* and room for the newest only */
	ladder_draw(&canvas, (struct rect){17, 0, 4, 20}, &ladder);
	ladder.upto = 8; /* in the past */
	ladder_draw(&canvas, (struct rect){17, 30, 4, 20}, &ladder);
	ladder.from = 4; /* segments of another lab */
	ladder_draw(&canvas, (struct rect){22, 30, 4, 20}, &ladder);
	ladder.from = ladder.upto = 0;
	ladder.capture = false;
	ladder.reason = "a raw socket: EPERM";
	ladder_draw(&canvas, (struct rect){22, 0, 6, 20}, &ladder);
	stage_expect(&canvas, "ladder");
	journal_free(journal);
	stage_close();
}

static void test_journal(void **state)
{
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 0, POLLOUT);
	struct journal *journal = journal_started();
	struct journal_view view = {.journal = journal};
	struct canvas canvas;
	uint64_t n;

	(void)state;
	put_story(journal);
	for (int i = 0; i < 3000; i++) /* which have no line */
		put_snapshot(journal, 5, SIDE_SERVER, &open);
	stage_open(&canvas, 30, 60, true);
	view.since = journal_last(journal) - 3004;
	view.decider = view.since + 1;
	journal_view_draw(&canvas, (struct rect){0, 0, 19, 60}, &view);
	view.cursor = 7; /* in the past, what comes later is below it */
	journal_view_draw(&canvas, (struct rect){20, 0, 9, 60}, &view);
	stage_expect(&canvas, "journal");
	/* The cursor steps over what has no line, and the scene takes it in. */
	n = journal_view_latest(journal, journal_last(journal));
	assert_int_equal(n, journal_last(journal) - 3000);
	assert_int_equal(journal_view_after(journal, n), 0);
	assert_int_equal(journal_view_scene(journal, n), journal_last(journal));
	assert_int_equal(journal_view_scene(journal, 3), 3);
	assert_int_equal(journal_view_before(journal, 1), 0);
	/* A click finds the event of its row. */
	assert_int_equal(journal_view_at((struct rect){20, 0, 9, 60}, &view, 20 + 5), 7);
	assert_int_equal(journal_view_at((struct rect){20, 0, 9, 60}, &view, 40), 0);
	journal_free(journal);
	stage_close();
}

/* What a snapshot decided is shown at the event that led to it. */
static void test_cause(void **state)
{
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 5, POLLIN | POLLOUT);
	struct journal *journal = journal_started();
	uint64_t cause, snapshot;

	(void)state;
	cause = put_segment(journal, 1, SIDE_CLIENT, TH_P | TH_A, 1, 1, 5, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_SERVER, TH_A, 1, 6, 0, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_CLIENT, TH_F | TH_A, 6, 1, 0, FATE_HELD);
	put_command(journal, 1, "expect server recvq 5", false);
	snapshot = put_snapshot(journal, 1, SIDE_SERVER, &open);
	assert_int_equal(journal_view_cause(journal, snapshot), cause);
	assert_int_equal(journal_view_cause(journal, cause), cause);
	assert_int_equal(journal_view_cause(journal, 0), 0);
	snapshot = put_snapshot(journal, 1, SIDE_CHILD, &open); /* of which nothing tells */
	assert_int_equal(journal_view_cause(journal, snapshot), snapshot);
	journal_free(journal);
}

/* A call too long for its line keeps what it returned. */
static void test_long_call(void **state)
{
	struct journal *journal = journal_started();
	struct journal_view view = {.journal = journal};
	struct canvas canvas;

	(void)state;
	put_call(journal, 1, SIDE_CLIENT, CALL_CONNECT,
		 "3, {sa_family=AF_INET, sin_port=htons(7001), sin_addr=inet_addr(\"127.0.0.1\")}, "
		 "16",
		 -1, ECONNREFUSED);
	stage_open(&canvas, 3, 70, true);
	journal_view_draw(&canvas, (struct rect){0, 0, 3, 70}, &view);
	stage_expect(&canvas, "long-call");
	journal_free(journal);
	stage_close();
}

/* What a peer sends is escaped when it is formatted, and again no control character is drawn. */
static void test_hostile_text(void **state)
{
	struct journal *journal = journal_started();
	struct journal_view view = {.journal = journal};
	struct event event = {.kind = EVENT_CALL, .side = SIDE_CLIENT};
	struct canvas canvas;
	char *text;

	(void)state;
	event.call.call = CALL_READ;
	event.call.args = "4, \"\033]0;pwn\007\xff\xc2\x9b\", 9";
	event.call.ret = 9;
	journal_append(journal, &event);
	stage_open(&canvas, 10, 60, true);
	journal_view_draw(&canvas, (struct rect){0, 0, 5, 60}, &view);
	draw_text(&canvas, 6, 0, 60, STYLE_PLAIN, "\033[31m\a\b\n\x7f|\xff|\xc2\x9b|\xe2\x80\xae|");
	text = stage_text(&canvas);
	for (char *c = text; *c; c++)
		assert_true(*c == '\n' || ((unsigned char)*c >= ' ' && *c != 0x7f));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(text, "?[31m????|?|?|?|"));
	free(text);
	journal_free(journal);
	stage_close();
}

static void test_menu(void **state)
{
	struct menu menu = {0};
	struct canvas canvas;

	(void)state;
	menu_title(&menu, "lessons");
	for (int i = 1; i <= 12; i++) {
		char name[32];

		snprintf(name, sizeof(name), "lesson number %d", i);
		menu_add(&menu, name, "5 min  loopback", name);
	}
	menu_move(&menu, 100);
	assert_int_equal(menu.chosen, 11);
	assert_false(menu_pick(&menu, "x"));
	assert_true(menu_pick(&menu, "8"));
	stage_open(&canvas, 8, 50, true);
	menu_draw(&canvas, (struct rect){0, 0, 8, 50}, &menu);
	stage_expect(&canvas, "menu");
	assert_int_equal(menu_at((struct rect){0, 0, 8, 50}, &menu, 1), menu.top);
	assert_int_equal(menu_at((struct rect){0, 0, 8, 50}, &menu, 0), -1);
	menu_clear(&menu);
	stage_close();
}

/* A heading is in sight as long as something below it is. */
static void test_menu_search(void **state)
{
	struct menu menu = {0};

	(void)state;
	menu_heading(&menu, "fruit");
	menu_add(&menu, "apple", "", "apple");
	menu_add(&menu, "pear", "", "pear");
	menu_heading(&menu, "trees");
	menu_add(&menu, "beech", "", "beech");
	for (const char *c = "/beech"; *c; c++)
		assert_int_equal(menu_key(&menu, *c), MENU_TAKEN);
	assert_true(menu.items[0].hidden && menu.items[1].hidden && menu.items[2].hidden);
	assert_false(menu.items[3].hidden || menu.items[4].hidden);
	assert_string_equal(menu_chosen(&menu)->value, "beech");
	assert_int_equal(menu_key(&menu, 27), MENU_TAKEN);
	for (size_t i = 0; i < menu.count; i++)
		assert_false(menu.items[i].hidden);
	menu_clear(&menu);
}

/* When the next digit of something that counts is due. */
static void test_due(void **state)
{
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 0, POLLOUT);
	struct journal *journal = journal_started();
	struct scene scene;

	(void)state;
	put_snapshot(journal, 1, SIDE_SERVER, &open);
	scene_at(journal, journal_last(journal), &scene);
	assert_int_equal(facts_due(&scene.side[SIDE_SERVER], NS_PER_S), -1);
	put_blocked(journal, 2, SIDE_SERVER, CALL_READ, "4");
	scene_at(journal, journal_last(journal), &scene);
	assert_int_equal(facts_due(&scene.side[SIDE_SERVER], 2 * NS_PER_S + NS_PER_MS),
			 NS_PER_S - NS_PER_MS);
	open.timer = TIMER_KEEPALIVE;
	open.timer_ns = 10 * NS_PER_S + NS_PER_MS;
	put_snapshot(journal, 3, SIDE_CLIENT, &open);
	scene_at(journal, journal_last(journal), &scene);
	assert_int_equal(facts_due(&scene.side[SIDE_CLIENT], 3 * NS_PER_S), NS_PER_MS + 1);
	/* Under a second nothing counts any more: the engine looks when it expires. */
	assert_int_equal(facts_due(&scene.side[SIDE_CLIENT], 12 * NS_PER_S + 2 * NS_PER_MS), -1);
	journal_free(journal);
}

/* What an older look saw is not told of a state that came after it. */
static void test_passed_state(void **state)
{
	const struct snapshot listening = {.channel = CHANNEL_LISTENER,
					   .state = STATE_LISTEN,
					   .observed = true,
					   .queues_known = true,
					   .poll_known = true,
					   .last_fd = 3,
					   .nfds = 1,
					   .fds = {{.fd = 3, .channel = CHANNEL_LISTENER}}};
	struct event look = {.n = 5, .kind = EVENT_SNAPSHOT, .snapshot = &listening};
	struct event moved = {.n = 6, .kind = EVENT_STATE, .state.new = STATE_SYN_RECV};
	struct scene_side end = {.started = true, .alive = true, .snapshot = &look};
	struct facts facts;

	(void)state;
	facts_of(&end, 0, NULL, false, &facts);
	assert_non_null(facts_find(&facts, FACT_QUEUES));
	assert_non_null(facts_find(&facts, FACT_POLL));
	end.state = &moved;
	facts_of(&end, 0, NULL, false, &facts);
	assert_null(facts_find(&facts, FACT_QUEUES));
	assert_null(facts_find(&facts, FACT_POLL));
	assert_non_null(facts_find(&facts, FACT_FDS));
	moved.n = 4;
	facts_of(&end, 0, NULL, false, &facts);
	assert_non_null(facts_find(&facts, FACT_POLL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_panels),
		cmocka_unit_test(test_panels_in_ascii),
		cmocka_unit_test(test_panel_unaccepted),
		cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_cause),
		cmocka_unit_test(test_long_call),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_menu),
		cmocka_unit_test(test_menu_search),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_passed_state),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
