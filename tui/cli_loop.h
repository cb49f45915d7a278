/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_loop.h - waiting without a screen: a lab, the signals that end it, results on their way. */
#ifndef CLI_LOOP_H
#define CLI_LOOP_H
#include "lab.h"
#include "mem.h"

struct loop {
	int signals; /* signalfd: SIGINT, SIGTERM, SIGHUP, SIGALRM */
	int out;     /* where the results go; -1: nowhere yet, they are kept */
	struct strbuf pending;
	size_t sent; /* bytes of `pending` that are written */
	int broken;  /* errno of the write that failed; EPIPE: nobody reads any more */
};

/* Take the signals that end a run into the loop; SIGPIPE becomes an error of write(2). */
int loop_open(struct loop *loop, int out, struct err *err);
void loop_close(struct loop *loop);
/* Add a result. It is written while the loop waits, so that a slow reader never holds the lab's
 * end back. */
void loop_add(struct loop *loop, const char *text);
/* Wait until the lab (NULL: none) has something due; with `more` there is, and only signals and
 * results are seen to. 0: it has; N: signal N came; -1: results can no longer be written. With
 * much still unwritten, waits for the reader first. */
int loop_wait(struct loop *loop, const struct lab *lab, bool more);
/* Write all that is pending; returns as loop_wait. */
int loop_drain(struct loop *loop);

#endif
