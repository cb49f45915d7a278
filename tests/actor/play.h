/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * play.h - a lab on real sockets, driven by lines of the command language.
 *
 *   play(p, "open\n"
 *           "client close\n"
 *           "expect server state CLOSE_WAIT\n");
 *
 * Every wait has a bound. What fails prints the journal before it fails the test.
 */
#ifndef PLAY_H
#define PLAY_H

#include "lab.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct play {
	struct lab *lab;
	uint64_t since;	 /* the journal's last number when the newest play() began */
	char text[8192]; /* what play_states and play_segments return */
};

#define PATIENCE (100 * NS_PER_MS)
/* No command of these tests may take longer than this beside its own times. */
#define COMMAND_BOUND (5 * NS_PER_S)

/* cmocka's setup and teardown: a lab of its own for each test. */
int play_setup(void **state);
int play_teardown(void **state);
struct play *play_new(void);
void play_free(struct play *p);
#define PLAY_TEST(f) cmocka_unit_test_setup_teardown(f, play_setup, play_teardown)
/* Skip what a test needs and this machine does not have. */
void play_needs(struct play *p, enum feature feature);
/* The same in a process of its own: it ends with this status. */
void play_needs_apart(struct play *p, enum feature feature, int status);

/* Play the lines of a text: a refusal or an expectation that does not hold fails the test. */
#define play(p, text) play_at(p, text, __FILE__, __LINE__)
void play_at(struct play *p, const char *text, const char *file, int line);
/* Play one line that must be refused with a message that contains `part`. */
#define play_refused(p, text, part) play_refused_at(p, text, part, __FILE__, __LINE__)
void play_refused_at(struct play *p, const char *text, const char *part, const char *file,
		     int line);
/* One line, whatever becomes of it: 0 done, -1 refused. */
int play_line(struct play *p, const char *text, size_t len, struct err *err);
/* Turn the lab while it has something to do, until `ns` have gone by. */
void play_turns(struct play *p, int64_t ns);
/* ... or until the condition (of the language) holds; fails the test when it never does. */
#define play_until(p, text, ns) play_until_at(p, text, ns, __FILE__, __LINE__)
void play_until_at(struct play *p, const char *text, int64_t ns, const char *file, int line);

/* Assert, with the journal when it does not hold. */
#define play_assert(p, c) play_assert_at(p, c, #c, __FILE__, __LINE__)
void play_assert_at(struct play *p, bool holds, const char *what, const char *file, int line);
#define play_assert_text(p, is, want) play_assert_text_at(p, is, want, __FILE__, __LINE__)
void play_assert_text_at(struct play *p, const char *is, const char *want, const char *file,
			 int line);
#define play_assert_int(p, is, want) play_assert_int_at(p, is, want, __FILE__, __LINE__)
void play_assert_int_at(struct play *p, long long is, long long want, const char *file, int line);
void play_dump(struct play *p);

/* ---------------------------------------------------------- what the journal holds */
/* The newest snapshot, state, ... of a side: NULL where there is none. */
const struct snapshot *play_snapshot(struct play *p, enum side side);
const struct event *play_newest(struct play *p, enum event_kind kind, enum side side);
/* The newest returned call of this name. */
const struct event *play_call(struct play *p, enum side side, enum call call);
/* Wait until the side's call has returned, and give it. */
const struct event *play_returned(struct play *p, enum side side, enum call call);
bool journal_has_call(struct play *p, enum side side, enum call call, int64_t ret, int err);
bool journal_has_process(struct play *p, enum side side, enum process_change what, int status);
/* The states of a side's connection in order, "CLOSE SYN_SENT ESTABLISHED". */
const char *journal_states(struct play *p, enum side side, unsigned conn);
/* The segments of a connection, ">S <S. >. >P.3": > from the client, with lengths but 0. */
const char *journal_segments(struct play *p, unsigned conn);
/* What every journal keeps to (invariants.c); asked after each test. */
bool journal_sound(const struct journal *journal, char *out, size_t size);
uint64_t journal_last_n(struct play *p);
unsigned journal_count(struct play *p, enum event_kind kind, uint64_t since);
pid_t play_pid(struct play *p, enum side side);
int64_t play_info(const struct snapshot *snapshot, const char *field); /* -1: not reported */

/* --------------------------------------------------------- what the machine holds */
/* The text of a file, at most size - 1 bytes; "" where it cannot be read. Returns `out`. */
char *slurp(const char *path, char *out, size_t size);
/* A field of /proc/PID/status, "CapEff". Returns `out`. */
char *proc_status(pid_t pid, const char *field, char *out, size_t size);
/* The open descriptors of a process ("3 4 100 "); with their targets when `targets`. */
char *proc_fds(pid_t pid, bool targets, char *out, size_t size);
unsigned proc_count_fds(pid_t pid);
/* The processes whose parent is this one, zombies too. */
unsigned proc_children(pid_t parent);
char proc_letter(pid_t pid); /* R, S, T, Z; 0: no such process */
/* What a command prints, run in the lab's network. Returns `out`. */
char *shell(const char *command, char *out, size_t size);
/* When the lab's own timer goes off, in ns from now; 0: it is not armed, -1: there is none. */
int64_t timer_armed(void);
int64_t clock_ns(void);

#endif
