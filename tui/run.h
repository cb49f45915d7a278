/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h - one run of `bothends run`: what is played, on what, and what is told of it. */
#ifndef RUN_H
#define RUN_H
#include "cli_loop.h"
#include "lab.h"

struct run {
	const char *file, *pcap, *save;
	struct lab_options options;
	bool json, utf8, over; /* over: files of the name `save` may be written over */
	struct script script;  /* what is played: this */
	struct lesson *lesson; /* ... or, where there is one, this */
	struct lab *lab;
	struct player *player;
	struct study *study;
	struct capture_file *capture;
	struct loop loop;
	bool begun;    /* with --json: the first line is out */
	int64_t epoch; /* as first asked for; 0: not yet */
	uint64_t told; /* the journal's events up to this one are written */
	unsigned held, failed, unavailable;
};

/* What is played, for whoever opens the session later. */
void run_about(struct run *run, struct session_about *about);
/* Everything new in the journal, to the reader and the save file. */
void run_tell(struct run *run);
/* A line of our own between the journal's; nothing with --json. */
void run_print(struct run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What the kernel decided of the step just played: each choice, each claim. */
void run_print_verdicts(struct run *run);
/* The whole lesson, once more in a few lines: what was true, and which claims. */
void run_print_summary(struct run *run);
/* The journal is bounded: who wants all of a long run has to know. */
void run_tell_let_go(const struct run *run);

#endif
