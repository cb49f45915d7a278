/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_replay.c - `bothends replay FILE.jsonl`: a saved session on the screen, without a lab. */
#include "cli.h"
#include "glyph.h"
#include "screen.h"
#include "usage.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A large file takes seconds: how much of it is read, on standard error. */
struct reading {
	int64_t begun;
	int shown; /* percent; -1: nothing was shown yet */
};

static int64_t reading_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void reading_tell(int64_t done, int64_t size, void *arg)
{
	struct reading *reading = arg;
	int percent = size ? (int)(done * 100 / size) : 0;

	if (percent == reading->shown || !isatty(STDERR_FILENO) ||
	    reading_now() - reading->begun < NS_PER_S)
		return;
	reading->shown = percent;
	fprintf(stderr, "\rbothends: %d %% read of %lld MB; Ctrl-C leaves", percent,
		(long long)(size / 1000000));
}

static int reading_session(const char *file, struct session **session, struct err *err)
{
	struct reading reading = {.begun = reading_now(), .shown = -1};
	int result = session_read_telling(file, reading_tell, &reading, session, err);

	if (reading.shown >= 0)
		fprintf(stderr, "\r%60s\r", "");
	return result;
}

/* Without a terminal: the lines that `run` printed. */
static int replay_print(const struct session *session)
{
	const struct journal *journal = session->journal;
	const bool utf8 = glyph_utf8_locale();
	const struct event *event;
	char line[4096];

	for (uint64_t n = 0; (event = journal_list_after(journal, LIST_LINES, SIDE_NONE, n));
	     n = event->n) {
		event_format(event, utf8, line, sizeof(line));
		if (printf("%9.4f  %s\n", (double)event->t / (double)NS_PER_S, line) < 0)
			break;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "bothends: cannot write standard output: %s\n", strerror(errno));
		return EXIT_MACHINE;
	}
	if (session->cut)
		fprintf(stderr, "bothends: the file is cut in its last line: what comes before it "
				"is here\n");
	return EXIT_HELD;
}

int cli_replay(int argc, char **argv)
{
	struct screen_options screen = {0};
	int first = cli_screen_options(&screen, "replay", argc, argv), status;
	struct session *session = NULL;
	struct err err = {0};

	if (first < 0)
		return EXIT_MISTAKE;
	if (first + 1 != argc) {
		usage_print_word(stderr, "replay");
		return EXIT_MISTAKE;
	}
	if (reading_session(argv[first], &session, &err)) {
		cli_say(&err);
		return EXIT_MISTAKE;
	}
	screen.session = session;
	screen.file = argv[first];
	if (!screen.plain && !isatty(STDOUT_FILENO))
		status = replay_print(session);
	else
		status = cli_screen(&screen);
	session_free(session);
	return status;
}
