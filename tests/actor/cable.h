/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cable.h - what the tests of the wire share: a lab on the wire, and what became of each segment.
 *
 *   play(p, "wire hold client\n"
 *           "client write \"abc\"\n");
 *   play_assert_text(p, crossings(p, SIDE_CLIENT), ">P.3 held");
 */
#ifndef CABLE_H
#define CABLE_H

#include "play.h"

/* cmocka's setup: a lab on the wire; its teardown is play_teardown. */
int cable_setup(void **state);
#define CABLE_TEST(f) cmocka_unit_test_setup_teardown(f, cable_setup, play_teardown)
struct play *cable_new(unsigned seed);
/* The test's lab; skips where the machine has no wire. */
struct play *cable(void **state);

/* Every fate since the newest play() began, of this sender's segments (SIDE_NONE: of both), in the
 * order of the journal: ">P.3 held, <. delivered, >P.3 held x2" is data of 3 bytes from the client,
 * an ACK from the server, the same data sent a second time. In p->text. */
const char *crossings(struct play *p, enum side side);
/* The same without what the kernel sends again by itself: no copy is listed as held or late, none
 * is counted. */
const char *crossings_once(struct play *p, enum side side);
/* They begin so; what follows is the kernel's time. */
#define assert_crossings(p, side, want) assert_crossings_at(p, side, want, __FILE__, __LINE__)
void assert_crossings_at(struct play *p, enum side side, const char *want, const char *file,
			 int line);
/* The newest fate of a segment from this side, or with these flags, or of this length (-1: any). */
const struct event *crossing_newest(struct play *p, enum side side, int flags, int len);
/* The event, since the newest play() began, at which a segment of this side and length first met
 * this fate: its number. 0: none did. */
uint64_t crossing_first(struct play *p, enum side side, unsigned len, enum fate fate);
/* Turn the lab until that one has been sent so often. */
const struct event *crossing_await(struct play *p, enum side side, int flags, int len,
				   unsigned sent, int64_t ns);
/* The state of a side's end, as the newest scene has it: "CLOSING". */
const char *state_now(struct play *p, enum side side);
/* Into the network of this side's host, whatever runs there, and back with what that returned. */
int cable_enter(struct play *p, enum side side);
void cable_leave(struct play *p, int home);
/* The time from the newest play() to now. */
int64_t took(struct play *p);

#endif
