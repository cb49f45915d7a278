/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire.c - the ladder of the wire, what waits in it, and a segment opened. */
#include "stage.h"

#include "journal_view.h"
#include "ladder.h"
#include "limit.h"
#include "page.h"
#include "panel.h"
#include "segment_view.h"
#include "title.h"

#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ladder ladder_of(const struct journal *journal)
{
	return (struct ladder){.journal = journal,
			       .upto = journal_last(journal),
			       .since = journal_last(journal),
			       .capture = true,
			       .wire = true};
}

static void put_handshake(struct journal *journal)
{
	put_segment(journal, 1, SIDE_CLIENT, TH_S, 0, 0, 0, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_SERVER, TH_S | TH_A, 0, 1, 0, FATE_DELIVERED);
	put_segment(journal, 1, SIDE_CLIENT, TH_A, 1, 1, 0, FATE_DELIVERED);
}

/* Every fate a segment can have. */
static void put_fates(struct journal *journal)
{
	uint64_t held, late, two;

	put_handshake(journal);
	put_command(journal, 2, "wire hold", true);
	held = put_segment(journal, 2, SIDE_CLIENT, TH_F | TH_A, 1, 1, 0, FATE_HELD);
	late = put_segment(journal, 2.01, SIDE_SERVER, TH_P | TH_A, 1, 1, 3, FATE_DELAYED);
	two = put_segment(journal, 2.02, SIDE_SERVER, TH_A, 1, 1, 0, FATE_HELD);
	put_fate(journal, 2.2, held, FATE_HELD, 2);
	put_fate(journal, 2.6, held, FATE_HELD, 3);
	put_command(journal, 3, "wire duplicate server", true);
	put_fate(journal, 3, two, FATE_RELEASED, 1);
	put_fate(journal, 3, two, FATE_DUPLICATED, 1);
	put_segment(journal, 3.1, SIDE_CLIENT, TH_P | TH_A, 1, 1, 9, FATE_DROPPED);
	put_segment(journal, 3.1, SIDE_SERVER, TH_P | TH_A, 1, 1, 9, FATE_CUT);
	put_segment(journal, 3.1, SIDE_CLIENT, TH_A, 10, 1, 0, FATE_LOST);
	put_segment(journal, 3.1, SIDE_CLIENT, TH_R, 10, 1, 0, FATE_SILENCED);
	put_segment(journal, 3.1, SIDE_CLIENT, TH_A, 10, 1, 0, FATE_UNREACHABLE);
	put_icmp(journal, 3.1, SIDE_CLIENT, "host-unreachable");
	put_fate(journal, 3.4, held, FATE_HELD, 4);
	(void)late;
}

static void draw_fates(const char *name, bool utf8)
{
	struct journal *journal = journal_new(0);
	struct ladder ladder;
	struct canvas canvas;

	put_fates(journal);
	ladder = ladder_of(journal);
	stage_open(&canvas, 31, 90, utf8);
	ladder_draw(&canvas, (struct rect){0, 0, 14, 20}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 22, 14, 12}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 36, 14, 30}, &ladder);
	ladder_draw(&canvas, (struct rect){15, 0, 16, 64}, &ladder);
	ladder.walked = true;
	ladder.pick = ladder_walk(&ladder, 0);
	ladder_draw(&canvas, (struct rect){15, 68, 16, 20}, &ladder);
	stage_expect(&canvas, name);
	journal_free(journal);
	stage_close();
}

static void test_fates(void **state)
{
	(void)state;
	draw_fates("wire-fates", true);
}

static void test_fates_in_ascii(void **state)
{
	(void)state;
	draw_fates("wire-fates-ascii", false);
}

/* However much has come since, what is held is at the bottom; in the past, what was held then. */
static void test_held_stays(void **state)
{
	struct journal *journal = journal_new(0);
	struct ladder ladder;
	struct canvas canvas;
	uint64_t held, then;

	(void)state;
	put_handshake(journal);
	held = put_segment(journal, 2, SIDE_CLIENT, TH_F | TH_A, 1, 1, 0, FATE_HELD);
	then = journal_last(journal);
	for (int i = 0; i < 3000; i++)
		put_segment(journal, 3, SIDE_SERVER, TH_P | TH_A, 1 + (uint32_t)i, 1, 1,
			    FATE_DELIVERED);
	ladder = ladder_of(journal);
	stage_open(&canvas, 6, 70, true);
	ladder_draw(&canvas, (struct rect){0, 0, 6, 20}, &ladder);
	ladder.upto = ladder.since = then;
	ladder_draw(&canvas, (struct rect){0, 24, 6, 20}, &ladder);
	put_fate(journal, 5, held, FATE_RELEASED, 7);
	ladder = ladder_of(journal);
	ladder_draw(&canvas, (struct rect){0, 48, 6, 20}, &ladder);
	stage_expect(&canvas, "wire-held-stays");
	journal_free(journal);
	stage_close();
}

/* More waits than there are rows: the oldest are seen, and how many more there are. */
static void test_many_held(void **state)
{
	struct journal *journal = journal_new(0);
	struct ladder ladder;
	struct canvas canvas;
	struct pick pick;

	(void)state;
	put_handshake(journal);
	for (uint32_t i = 0; i < 12; i++)
		put_segment(journal, 2, SIDE_CLIENT, TH_A, 1 + i * 10, 1, 10 + i, FATE_HELD);
	ladder = ladder_of(journal);
	stage_open(&canvas, 8, 70, true);
	ladder_draw(&canvas, (struct rect){0, 0, 8, 20}, &ladder);
	pick = ladder_at((struct rect){0, 0, 8, 20}, &ladder, 0);
	assert_int_equal(pick.id, 4);
	/* A click on the count is one on the first it stands for. */
	pick = ladder_at((struct rect){0, 0, 8, 20}, &ladder, 7);
	assert_int_equal(pick.id, 11);
	pick = ladder_at((struct rect){0, 0, 8, 20}, &ladder, 8);
	assert_int_equal(pick.kind, EVENT_NONE);
	/* The keys begin at the oldest, and the ladder scrolls with them. */
	ladder.walked = true;
	ladder.pick = ladder_walk(&ladder, 5);
	assert_int_equal(ladder.pick.id, 4);
	ladder_draw(&canvas, (struct rect){0, 24, 8, 20}, &ladder);
	ladder.pick = ladder_walk(&ladder, -2);
	assert_int_equal(ladder.pick.id, 2);
	ladder_draw(&canvas, (struct rect){0, 48, 8, 20}, &ladder);
	pick = ladder_at((struct rect){0, 48, 8, 20}, &ladder, 1);
	assert_true(pick_same(pick, ladder.pick));
	ladder.pick = ladder_walk(&ladder, 1000);
	assert_int_equal(ladder.pick.id, 15);
	ladder.pick = ladder_walk(&ladder, -1000);
	assert_int_equal(ladder.pick.id, 1);
	stage_expect(&canvas, "wire-many-held");
	journal_free(journal);
	stage_close();
}

/* A retransmission's back-off: 0.2, 0.4, 0.8. The reader's own time takes no row. */
static void test_back_off(void **state)
{
	static const double times[] = {9, 9.21, 9.62, 10.45, 12.11, 15.4};
	struct journal *journal = journal_new(0);
	struct ladder ladder;
	struct canvas canvas;

	(void)state;
	put_handshake(journal);
	put_command(journal, 9, "client write \"abc\"", true);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		put_segment(journal, times[i], SIDE_CLIENT, TH_P | TH_A, 1, 1, 3, FATE_LOST);
		if (i == 2) /* whatever the reader does meanwhile */
			put_command(journal, 10, "server read", true);
	}
	ladder = ladder_of(journal);
	stage_open(&canvas, 24, 90, true);
	ladder_draw(&canvas, (struct rect){0, 0, 8, 20}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 24, 13, 20}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 48, 24, 20}, &ladder);
	ladder_draw(&canvas, (struct rect){0, 72, 8, 12}, &ladder);
	stage_expect(&canvas, "wire-back-off");
	journal_free(journal);
	stage_close();
}

static void test_title(void **state)
{
	struct wire_state wire = {.on = true};
	struct title title = {
		.name = "Both close at once", .link = LINK_WIRE, .where = "step 2 of 4"};
	struct canvas canvas;
	char words[96];

	(void)state;
	assert_string_equal(title_wire(NULL, words, sizeof(words)), "");
	assert_string_equal(title_wire(&wire, words, sizeof(words)), "");
	stage_open(&canvas, 6, 80, true);
	title.wire = &wire;
	title_draw(&canvas, (struct rect){0, 0, 1, 80}, &title);
	wire.hold[SIDE_CLIENT] = true;
	title_draw(&canvas, (struct rect){1, 0, 1, 80}, &title);
	wire.hold[SIDE_SERVER] = wire.cut = true;
	wire.delay = 200 * NS_PER_MS;
	title_draw(&canvas, (struct rect){2, 0, 1, 80}, &title);
	wire.loss = 10;
	wire.unreachable = UNREACHABLE_HOST;
	title_draw(&canvas, (struct rect){3, 0, 1, 80}, &title);
	title.past = true;
	title.line = 12;
	title.lines = 345678;
	title_draw(&canvas, (struct rect){4, 0, 1, 80}, &title);
	title_draw(&canvas, (struct rect){5, 0, 1, 60}, &title);
	stage_expect(&canvas, "wire-title");
	wire = (struct wire_state){
		.on = true, .next_drop = true, .next_duplicate = true, .next_reorder = true};
	assert_non_null(strstr(title_wire(&wire, words, sizeof(words)), "drops the next"));
	assert_non_null(strstr(words, "doubles the next"));
	assert_non_null(strstr(words, "reorders the next"));
	/* A short buffer cuts it. */
	assert_int_equal(strlen(title_wire(&wire, words, 12)), 11);
	stage_close();
}

/* A host that is down, whatever its processes are; a dead process on one that lives. */
static void test_down(void **state)
{
	struct snapshot open = snapshot_of(STATE_ESTABLISHED, 4, 0, 0);
	struct journal *journal = journal_new(0);
	struct canvas canvas;
	struct scene scene;
	struct panel panel = {.side = SIDE_SERVER, .at = 5 * NS_PER_S};

	(void)state;
	put_process(journal, 0, SIDE_SERVER, PROCESS_STARTED, 0);
	put_snapshot(journal, 1, SIDE_SERVER, &open);
	put_process(journal, 2, SIDE_SERVER, PROCESS_KILLED, SIGTERM);
	scene_at(journal, journal_last(journal), &scene);
	panel.end = &scene.side[SIDE_SERVER];
	stage_open(&canvas, 24, 72, true);
	panel_draw(&canvas, (struct rect){0, 0, 8, 30}, &panel);
	put_host(journal, 3, SIDE_SERVER, "crash", HOST_DOWN);
	scene_at(journal, journal_last(journal), &scene);
	panel_draw(&canvas, (struct rect){0, 34, 8, 30}, &panel);
	panel_draw(&canvas, (struct rect){9, 0, 15, 30}, &panel);
	canvas.utf8 = false;
	panel.past = true;
	panel_draw(&canvas, (struct rect){9, 34, 6, 24}, &panel);
	put_host(journal, 4, SIDE_SERVER, "reboot", HOST_UP);
	scene_at(journal, journal_last(journal), &scene);
	panel_draw(&canvas, (struct rect){16, 34, 8, 30}, &panel);
	stage_expect(&canvas, "wire-down");
	journal_free(journal);
	stage_close();
}

/* An end that has sent for the (backoff + 1)th time into silence. */
static struct snapshot silent(enum tcp_state state, bool orphan, int64_t rto, unsigned backoff)
{
	struct snapshot snapshot = snapshot_of(state, orphan ? -1 : 4, 0, 0);
	uint32_t us = (uint32_t)((rto << backoff) / 1000);

	snapshot.timer = TIMER_ON;
	snapshot.timer_ns = rto << backoff;
	snapshot.retransmits = snapshot.backoff = backoff;
	snapshot.info_len = SNAPSHOT_INFO;
	memcpy(snapshot.info + info_field_find("rto")->offset, &us, sizeof(us));
	return snapshot;
}

static double seconds_left(const struct journal *journal, const struct snapshot *snapshot)
{
	struct limits limits;
	int64_t left;

	limits_read(journal, journal_last(journal), &limits);
	left = limits_left(&limits, snapshot, 0);
	return left < 0 ? -1 : (double)left / 1e9;
}

/* When the kernel gives up, against what was measured: 6.1 s after the first retransmission with 3
 * retries, 106 s for a closed socket, 15 min 24 s for an open one. */
static void test_limits(void **state)
{
	struct snapshot open = silent(STATE_ESTABLISHED, false, 204 * NS_PER_MS, 1);
	struct snapshot orphan = silent(STATE_FIN_WAIT1, true, 204 * NS_PER_MS, 1);
	struct journal *journal = journal_new(0);

	(void)state;
	assert_in_range((int)seconds_left(journal, &open), 924, 960);
	assert_in_range((int)seconds_left(journal, &orphan), 102, 106);
	orphan = silent(STATE_LAST_ACK, true, 204 * NS_PER_MS, 8);
	assert_in_range((int)seconds_left(journal, &orphan), 51, 53);
	orphan = silent(STATE_CLOSING, true, 204 * NS_PER_MS, 12); /* past its limit */
	assert_in_range((int)seconds_left(journal, &orphan), 0, 836);
	put_host(journal, 1, SIDE_NONE, "net.ipv4.tcp_retries2 = 5", HOST_SAID);
	put_host(journal, 1, SIDE_NONE, "net.ipv4.tcp_retries2 = 3", HOST_SAID);
	assert_in_range((int)(seconds_left(journal, &open) * 10), 60, 63);
	/* What the timers are late by decides: it gives up 6.4 s after the first, not 12.9 s. */
	put_host(journal, 1, SIDE_NONE, "net.ipv4.tcp_retries2 = 4", HOST_SAID);
	assert_in_range((int)(seconds_left(journal, &open) * 10), 60, 63);
	open.options.user_timeout = NS_PER_S;
	assert_true(seconds_left(journal, &open) < 0);
	open.options.user_timeout = 0;
	open.timer = TIMER_PERSIST;
	assert_true(seconds_left(journal, &open) < 0);
	open.timer = TIMER_ON;
	open.retransmits = 9; /* a router has taken doublings back */
	assert_true(seconds_left(journal, &open) < 0);
	open.retransmits = open.backoff;
	put_host(journal, 2, SIDE_NONE, "net.ipv4.tcp_rto_min_us = 5", HOST_SAID);
	assert_true(seconds_left(journal, &open) < 0);
	journal_free(journal);
}

/* Measured: 131 s, with 2 retries 7.1 s, with 3 of them 19.5 s; the first came after 1 s. */
static void test_limits_syn(void **state)
{
	struct snapshot half = silent(STATE_SYN_RECV, false, NS_PER_S, 1);
	struct snapshot syn = silent(STATE_SYN_SENT, false, NS_PER_S, 0);
	struct journal *journal = journal_new(0);

	(void)state;
	assert_in_range((int)seconds_left(journal, &half), 62, 62);
	half.retransmits = 3; /* two of them for the client's SYN, which has come again */
	assert_true(seconds_left(journal, &half) < 0);
	syn.retransmits = 1;
	assert_in_range((int)seconds_left(journal, &syn), 129, 131);
	put_host(journal, 1, SIDE_NONE, "net.ipv4.tcp_syn_retries = 2", HOST_SAID);
	assert_in_range((int)seconds_left(journal, &syn), 6, 6);
	put_host(journal, 1, SIDE_NONE, "net.ipv4.tcp_syn_retries = 3", HOST_SAID);
	assert_in_range((int)seconds_left(journal, &syn), 18, 18);
	syn = silent(STATE_SYN_SENT, false, NS_PER_S, 2);
	syn.retransmits = 6; /* two of them after the four that are not doubled */
	assert_in_range((int)seconds_left(journal, &syn), 12, 12);
	syn.retransmits = 2; /* an older kernel, 3 s after its first: 15 s in all */
	assert_in_range((int)seconds_left(journal, &syn), 12, 12);
	journal_free(journal);
}

/* What a SYN and a segment with SACK blocks say, byte by byte. */
static const uint8_t syn[] = {
	0x45, 0x10, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x74, 0xc0, 0x00, 0x02,
	0x01, 0xc0, 0x00, 0x02, 0x02, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00,
	0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0x0d, 0x08, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
	0x02, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07};
static const uint8_t sack[59] = {
	0x45, 0x00, 0x00, 0x3b, 0x12, 0x35, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00, 0xc0, 0x00, 0x02,
	0x01, 0xc0, 0x00, 0x02, 0x02, 0x9c, 0x40, 0x1b, 0x59, 0x01, 0x02, 0x03, 0x05, 0x0a, 0x0b,
	0x0c, 0x0d, 0x90, 0x31, 0x01, 0xf5, 0x12, 0x34, 0x00, 0x02, 0x05, 0x0a, 0x0a, 0x0b, 0x0c,
	0x17, 0x0a, 0x0b, 0x0c, 0x21, 0xfe, 0x04, 0xab, 0xcd, 'h',  'i',  '\n', 0x1b, 0xff};

static uint64_t put_raw(struct journal *journal, double t, enum side from, unsigned flags,
			uint32_t seq, uint32_t ack, uint32_t len, const uint8_t *raw, size_t size)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = from, .conn = 1};

	event.t = (int64_t)(t * 1e9);
	event.segment.id = (uint32_t)journal_last(journal) + 1;
	event.segment.to = from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	event.segment.flags = flags;
	event.segment.seq = seq;
	event.segment.ack = ack;
	event.segment.len = len;
	event.segment.fate = FATE_HELD;
	event.segment.sent = 1;
	event.segment.raw = raw;
	event.segment.raw_len = (uint16_t)size;
	event.segment.raw_full = (uint32_t)size;
	return journal_append(journal, &event)->n;
}

static void page_of(struct canvas *canvas, struct rect at, const struct journal *journal,
		    uint64_t n)
{
	struct segment_view view = {.journal = journal,
				    .upto = journal_last(journal),
				    .pick = {journal_at(journal, n)->kind, n}};
	struct page page = {0};
	char title[80];

	page_start(&page, at.w, canvas->utf8);
	assert_true(segment_view_fill(&view, &page));
	draw_text(canvas, at.y, at.x, at.w, STYLE_HEADING,
		  segment_view_title(&view, title, sizeof(title)));
	page_draw(canvas, &page, (struct rect){at.y + 1, at.x, at.h - 1, at.w}, 0);
	page_free(&page);
}

static void test_opened(void **state)
{
	struct journal *journal = journal_new(0);
	struct segment_view none = {.journal = journal, .pick = {EVENT_SEGMENT, 99}};
	struct event icmp = {.kind = EVENT_ICMP, .side = SIDE_NONE};
	uint8_t quote[56] = {0x45, 0,	0, 56, 0,   0,	 0, 0, 64, 1, 0,
			     0,	   192, 0, 2,  254, 192, 0, 2, 1,  3, 1};
	struct page page = {0};
	struct canvas canvas;
	uint64_t first, second, third;

	(void)state;
	stage_open(&canvas, 62, 76, true);
	first = put_raw(journal, 1, SIDE_CLIENT, TH_S, 0, 0, 0, syn, sizeof(syn));
	put_raw(journal, 1, SIDE_SERVER, TH_S | TH_A, 0, 1, 0, syn, sizeof(syn));
	put_fate(journal, 1.2, first, FATE_HELD, 2);
	put_fate(journal, 1.6, first, FATE_HELD, 3);
	put_fate(journal, 2.4, first, FATE_RELEASED, 3);
	page_of(&canvas, (struct rect){0, 0, 16, 76}, journal, first);
	second = put_raw(journal, 3, SIDE_CLIENT, TH_F | TH_A | TH_U, 1, 1, 5, sack, sizeof(sack));
	page_of(&canvas, (struct rect){17, 0, 18, 76}, journal, second);
	third = put_segment(journal, 4, SIDE_CLIENT, TH_A, 1, 1, 0, FATE_DELIVERED);
	page_of(&canvas, (struct rect){36, 0, 4, 76}, journal, third);
	memcpy(quote + 28, syn, 28);
	icmp.icmp.to = SIDE_CLIENT;
	icmp.icmp.type = "host-unreachable";
	icmp.icmp.raw = quote;
	icmp.icmp.raw_len = sizeof(quote);
	page_of(&canvas, (struct rect){41, 0, 9, 76}, journal, journal_append(journal, &icmp)->n);
	page_of(&canvas, (struct rect){51, 0, 11, 50}, journal, second);
	stage_expect(&canvas, "wire-opened");
	none.upto = journal_last(journal);
	assert_false(segment_view_fill(&none, &page));
	page_free(&page);
	journal_free(journal);
	stage_close();
}

/* Whatever bytes a packet has: the page stays text, and the program whole. */
static void test_opened_hostile(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct journal *journal = journal_new(0);
		size_t len = (size_t)rand_r(&seed) % (sizeof(sack) + 1);
		uint8_t raw[sizeof(sack)];
		struct segment_view view = {journal, 0, 1, {EVENT_SEGMENT, 1}};
		struct page page = {0};

		memcpy(raw, rand_r(&seed) % 2 ? sack : syn, sizeof(raw));
		for (int i = rand_r(&seed) % 9; i > 0; i--)
			raw[(size_t)rand_r(&seed) % sizeof(raw)] = (uint8_t)rand_r(&seed);
		put_raw(journal, 1, SIDE_CLIENT, raw[33], 1, 1, 5, raw, len);
		page_start(&page, 40 + rand_r(&seed) % 60, rand_r(&seed) % 2);
		assert_true(segment_view_fill(&view, &page));
		assert_in_range(page.count, 2, 200);
		for (size_t row = 0; row < page.count; row++)
			for (size_t run = 0; run < page.rows[row].count; run++)
				for (char *c = page.rows[row].runs[run].text; *c; c++)
					assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		page_free(&page);
		journal_free(journal);
	}
}

/* What was let go is told in the journal's first row. */
static void test_let_go(void **state)
{
	struct journal *journal = journal_new(1000);
	struct journal_view view = {.journal = journal};
	struct canvas canvas;
	char *text;

	(void)state;
	for (int i = 0; i < 10000; i++)
		put_command(journal, 1, "client write 1", true);
	view.since = journal_last(journal);
	stage_open(&canvas, 4, 60, true);
	journal_view_draw(&canvas, (struct rect){0, 0, 4, 60}, &view);
	text = stage_text(&canvas);
	assert_non_null(strstr(text, " were let go; the newest "));
	assert_memory_equal(text, " events 1 to ", 13);
	assert_non_null(strstr(text, "\n    1.00 > client write 1\n    1.00 > client write 1\n"));
	assert_int_equal(journal_view_at((struct rect){0, 0, 4, 60}, &view, 0), 0);
	assert_int_equal(journal_view_at((struct rect){0, 0, 4, 60}, &view, 3), 10000);
	free(text);
	journal_free(journal);
	stage_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fates),	   cmocka_unit_test(test_fates_in_ascii),
		cmocka_unit_test(test_held_stays), cmocka_unit_test(test_many_held),
		cmocka_unit_test(test_back_off),   cmocka_unit_test(test_title),
		cmocka_unit_test(test_down),	   cmocka_unit_test(test_opened),
		cmocka_unit_test(test_let_go),	   cmocka_unit_test(test_opened_hostile),
		cmocka_unit_test(test_limits),	   cmocka_unit_test(test_limits_syn),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
