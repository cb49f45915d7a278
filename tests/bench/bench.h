/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench.h - what the benches share: clocks, medians, rows, and work done in a process of its own.
 */
#ifndef BENCH_H
#define BENCH_H

#include "lab.h"

#define BENCH_RUNS 7 /* of each of two things that are compared, in turn */
#define MEGA (1 << 20)

int64_t bench_now(void); /* CLOCK_MONOTONIC, ns */
double
bench_cpu(bool user); /* of this process so far, in µs: its own part, or the kernel's for it */
double bench_median(double *values, size_t count); /* sorts them */

/* Do the work in a process of its own (one lab a process), which is given `seconds`; it fills
 * `result`, of `size` bytes, and returns 0. -1: it did not, or died, or was not done in time. */
int bench_fork(int (*work)(const void *arg, void *result), const void *arg, void *result,
	       size_t size, unsigned seconds);

/* How a value is to lie to its budget. */
enum bench_budget { AT_MOST, AT_LEAST, NO_BUDGET };
/* "name  value  budget  ok|MISS": a miss is told, and is no failure. */
void bench_row(const char *name, double value, enum bench_budget kind, double budget,
	       const char *unit);
void bench_skip(const char *name, const char *why);
/* Something was lost, or did not work at all: that is a failure. */
void bench_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int bench_failures(void);

/* A lab driven without a screen. */
struct lab *drive_new(enum link_kind link, struct err *err);
/* Do one command; 0 once it is done (a call that blocks goes on). */
int drive_do(struct lab *lab, const char *line, struct err *err);
/* Turn the lab until the journal has a call of this side and name that returned, newer than
 * `since`; NULL after `seconds`. */
const struct event *drive_call(struct lab *lab, enum side side, enum call call, uint64_t since,
			       int seconds);

/* The longest turn so far, in ns: for so long a screen would have stood still. */
int64_t drive_longest(void);

/* The benches. Each prints its rows. */
void bench_wire(uint64_t bytes);
void bench_loopback(uint64_t bytes);
void bench_observation(void);
void bench_journal(void);
void bench_screen(void);
void bench_past(void);
void bench_hundred(void);
void bench_lessons(void);

#endif
