/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - a journal written by hand, and the program that is written of it. */
#ifndef RECORD_H
#define RECORD_H

#include "core.h"

#include <stdbool.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ADDRESS(port) \
	"{sa_family=AF_INET, sin_port=htons(" port "), sin_addr=inet_addr(\"127.0.0.1\")}"

/* What is written into, and the time of its newest event. */
extern struct journal *record_journal;
extern int64_t record_now;

/* cmocka's setup and teardown: an empty journal. */
int record_begin(void **unused);
int record_end(void **unused);
#define RECORD_TEST(name) cmocka_unit_test_setup_teardown(name, record_begin, record_end)

/* The process that stands for this side. */
pid_t record_pid(enum side side);
/* An event, a millisecond after the one before. */
void record_add(struct event *event);
void record_command(enum side side, const char *text);
void record_process(enum side side, enum process_change what, int status);
struct event record_event(enum side side, enum call call, const char *args, int64_t ret, int err);
void record_call(enum side side, enum call which, const char *args, int64_t ret, int err);
/* Both processes and the calls of `open`. */
void record_pair(void);

/* The journal as a program; to be freed. */
char *written(const char *title);
/* Through the compiler, with all its warnings as errors. */
bool compiles(const char *compiler, const char *text);
/* Through each compiler that is here. */
void assert_compiles(const char *text);
void assert_has(const char *text, const char *part);

#endif
