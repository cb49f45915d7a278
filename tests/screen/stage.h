/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.h - views drawn without a terminal, and their cells read back. */
#ifndef SCREEN_STAGE_H
#define SCREEN_STAGE_H

#include "draw.h"
#include "lab.h"

/* Start curses on /dev/null with a screen of this size; the canvas draws on all of it. The locale
 * must be set by then. */
void stage_open(struct canvas *canvas, int rows, int columns, bool utf8);
void stage_close(void);
void stage_clear(struct canvas *canvas);
/* The cells as UTF-8, a line a row, without the blanks at the ends; malloc'd. */
char *stage_text(const struct canvas *canvas);
/* Compare with tests/screen/expected/NAME.txt; with REGENERATE=1 in the environment, write it. */
void stage_expect(const struct canvas *canvas, const char *name);

/* Journals by hand: each appends one event and returns its number. */
uint64_t put_process(struct journal *journal, double t, enum side side, enum process_change what,
		     int status);
uint64_t put_call(struct journal *journal, double t, enum side side, enum call call,
		  const char *args, int64_t ret, int error);
uint64_t put_blocked(struct journal *journal, double t, enum side side, enum call call,
		     const char *args);
uint64_t put_segment(struct journal *journal, double t, enum side from, unsigned flags,
		     uint32_t seq, uint32_t ack, uint32_t len, enum fate fate);
/* A later fate of the segment that event n told of. */
uint64_t put_fate(struct journal *journal, double t, uint64_t n, enum fate fate, unsigned sent);
uint64_t put_icmp(struct journal *journal, double t, enum side to, const char *type);
uint64_t put_wire(struct journal *journal, double t, const char *text,
		  const struct wire_state *wire);
uint64_t put_host(struct journal *journal, double t, enum side side, const char *text,
		  enum host_change change);
uint64_t put_state(struct journal *journal, double t, enum side side, enum tcp_state old,
		   enum tcp_state now);
uint64_t put_command(struct journal *journal, double t, const char *text, bool acts);
uint64_t put_expect(struct journal *journal, double t, const char *text, int held);
uint64_t put_snapshot(struct journal *journal, double t, enum side side,
		      const struct snapshot *snapshot);
/* A snapshot of a connection in this state, with descriptor `fd` open (-1: closed, it was 4). */
struct snapshot snapshot_of(enum tcp_state state, int fd, uint32_t recvq, unsigned poll);

#endif
