/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_replay.c - `bothends replay FILE.jsonl`: a saved session on the screen, without a lab. */
#include "cli.h"
#include "glyph.h"
#include "screen.h"
#include "usage.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

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
	if (session_read(argv[first], &session, &err)) {
		cli_say(&err);
		return EXIT_MISTAKE;
	}
	if (!isatty(STDOUT_FILENO)) {
		status = replay_print(session);
	} else {
		screen.session = session;
		screen.file = argv[first];
		status = screen_run(&screen, &err);
		if (err.text[0])
			cli_say(&err);
	}
	session_free(session);
	return status;
}
