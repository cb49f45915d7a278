/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_run.c - `bothends run`: play a script or a lesson without a screen.
 *
 *   file ─ parse all ─▶ lab ─ turn ─▶ player or study ─▶ events ─▶ text or JSON, pcap
 *                        ▲                                  │
 *                        └───────────── loop_wait ──────────┘
 *
 * Nothing is executed before all of the file was understood. */
#include "cli.h"
#include "run.h"
#include "usage.h"

#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_options(struct run *run, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", option_getopt("run"), NULL)) != -1) {
		switch (c) {
		case 'j':
			run->json = true;
			break;
		case 'p':
			run->pcap = optarg;
			break;
		case 'n':
		case 'o':
			run->save = optarg;
			run->over = c == 'o';
			break;
		case 'l':
			if (cli_link(optarg, &run->options.link))
				return -1;
			break;
		case 's':
			if (cli_number("--seed", optarg, 0, UINT_MAX, &run->options.seed))
				return -1;
			break;
		default:
			usage_print_word(stderr, "run");
			return -1;
		}
	}
	if (optind + 1 != argc) {
		usage_print_word(stderr, "run");
		return -1;
	}
	run->file = argv[optind];
	return 0;
}

static int run_parse(struct run *run)
{
	const size_t name = strlen(run->file);
	struct err err = {0};
	size_t len;
	char *text;
	int bad;

	text = file_read(run->file, &len, &err);
	if (!text)
		return cli_say(&err);
	if (name > 3 && !strcmp(run->file + name - 3, ".md"))
		bad = lesson_parse(run->file, text, len, &run->lesson, &err);
	else
		bad = script_parse(run->file, text, len, &run->script, &err);
	free(text);
	if (!bad && run->lesson && run->lesson->page) {
		snprintf(err.file, sizeof(err.file), "%s", run->file);
		bad = err_set(&err, "a page is read, not played");
	}
	if (bad)
		return cli_say(&err);
	/* The file's own link wins over --link. */
	if (run->lesson)
		run->options.link = run->lesson->link;
	else if (run->script.count && run->script.commands[0].op == OP_LINK)
		run->options.link =
			command_has(run->script.commands, "wire") ? LINK_WIRE : LINK_LOOPBACK;
	return 0;
}

static void run_count(struct run *run, const struct player *player)
{
	unsigned held, failed, unavailable;

	player_counts(player, &held, &failed, &unavailable);
	run->held += held;
	run->failed += failed;
	run->unavailable += unavailable;
}

/* A refused command is the file's failure, unless it asks for what this machine lacks. */
static int run_refused(struct run *run, const struct err *err, const struct script *script,
		       const struct player *player)
{
	cli_say(err);
	return cli_excuse(run->lab, script, player) ? EXIT_MACHINE : EXIT_FAILED;
}

/* Go on as far as it goes without waiting. -1: not at the end yet; otherwise the exit status. */
static int run_script(struct run *run)
{
	switch (player_turn(run->player)) {
	case PLAYER_DONE:
		run_count(run, run->player);
		return EXIT_HELD;
	case PLAYER_FAILED:
		return run_refused(run, player_err(run->player), &run->script, run->player);
	case PLAYER_READY:
	case PLAYER_RUNNING:
		break;
	}
	return -1;
}

static void run_step(struct run *run, size_t step)
{
	study_begin(run->study, step);
	run_print(run, "%s%zu. %s\n", step ? "\n" : "", step + 1, run->lesson->steps[step].heading);
	study_play(run->study);
}

static int run_lesson(struct run *run)
{
	const size_t step = study_step(run->study);
	struct err fault;

	switch (study_turn(run->study)) {
	case STUDY_FAILED:
		run_tell(run);
		return run_refused(run, study_err(run->study), &run->lesson->steps[step].script,
				   study_player(run->study));
	case STUDY_DONE:
		run_tell(run);
		run_print_verdicts(run);
		run_count(run, study_player(run->study));
		run->unavailable += study_unavailable(run->study);
		for (size_t i = 0; study_fault(run->study, false, i, &fault); i++) {
			cli_say(&fault);
			run->failed++;
		}
		if (step + 1 == run->lesson->nsteps) {
			run_print_summary(run);
			return EXIT_HELD;
		}
		run_step(run, step + 1);
		break;
	case STUDY_IDLE:
	case STUDY_READY:
	case STUDY_PLAYING:
		break;
	}
	return -1;
}

/* Results that cannot be written end the run; a reader who has seen enough (`| head`) is no error.
 */
static int run_broken(const struct run *run)
{
	if (run->loop.broken == EPIPE)
		return 128 + SIGPIPE;
	fprintf(stderr, "bothends: cannot write standard output: %s\n", strerror(run->loop.broken));
	return EXIT_MACHINE;
}

static int run_late(const struct run *run)
{
	const struct script *script = &run->lesson->steps[study_step(run->study)].script;
	const size_t i = player_line(study_player(run->study));
	struct err err = {.line = i < script->count ? script->commands[i].line : 0};

	snprintf(err.file, sizeof(err.file), "%s", run->file);
	err_set(&err, "not done after %d s", RUN_TIME);
	cli_say(&err);
	return EXIT_FAILED;
}

static int run_play(struct run *run)
{
	int status = -1, got = 0;

	if (run->lesson) {
		alarm(RUN_TIME);
		run->study = study_new(run->lab, run->lesson);
		run_print(run, "%s\n\n", run->lesson->title);
		run_step(run, 0);
	} else {
		run->player = player_new(run->lab, &run->script);
		player_start(run->player);
	}
	while (!got) {
		const uint64_t before = journal_last(lab_journal(run->lab));

		lab_turn(run->lab);
		status = run->lesson ? run_lesson(run) : run_script(run);
		run_tell(run);
		if (status >= 0)
			break;
		/* What has just begun may be done already. */
		got = loop_wait(&run->loop, run->lab,
				journal_last(lab_journal(run->lab)) != before);
	}
	alarm(0);
	if (!got)
		got = loop_drain(&run->loop);
	if (got == SIGALRM)
		return run_late(run);
	if (got > 0)
		return 128 + got;
	if (got < 0)
		return run_broken(run);
	if (status == EXIT_HELD)
		return run->failed ? EXIT_FAILED : run->unavailable ? EXIT_MACHINE : EXIT_HELD;
	return status;
}

/* The line that asks for the wire; 0: the whole file does; -1: none. */
static int run_wire_line(const struct run *run)
{
	const struct command *link = cli_script_link(&run->script, true);

	for (size_t i = 0; run->lesson && !link && i < run->lesson->nsteps; i++)
		link = cli_script_link(&run->lesson->steps[i].script, true);
	return run->options.link == LINK_WIRE ? 0 : link ? link->line : -1;
}

/* A link that cannot be had is the machine's doing, and said before anything is executed. */
static int run_link(const struct run *run)
{
	const struct feature_state *lacks = cli_wire_lacks(run->lab);
	struct err err = {.line = run_wire_line(run)};

	if (err.line < 0)
		return EXIT_HELD;
	if (!lacks && run->options.link == LINK_WIRE && lab_link(run->lab) != LINK_WIRE)
		lacks = lab_feature(run->lab, FEATURE_TUN);
	if (!lacks)
		return EXIT_HELD;
	snprintf(err.file, sizeof(err.file), "%s", run->file);
	err_set(&err, "the wire is not to be had: %s; the cure: %s", lacks->reason, lacks->cure);
	cli_say(&err);
	return EXIT_MACHINE;
}

/* Before a long run, not after it. */
static int run_save_refused(const struct run *run)
{
	struct err err = {0};
	int bad = run->save ? session_save_check(run->save, run->over, &err) : 0;
	const size_t len = run->save && run->pcap ? strlen(run->save) : 0;
	char exists[sizeof(err.text)];

	if (!bad && len && !strncmp(run->pcap, run->save, len) && !strcmp(run->pcap + len, ".pcap"))
		bad = err_set(&err, "--pcap: %s is --save's; one of them will do", run->pcap);
	if (bad == SAVE_EXISTS) {
		snprintf(exists, sizeof(exists), "%s", err.text);
		err_set(&err, "%s: --save! %s writes over it", exists, run->save);
	}
	return bad ? cli_say(&err) : 0;
}

static int run_start(struct run *run)
{
	struct err err = {0};
	int status;

	if (run_save_refused(run))
		return EXIT_MISTAKE;

	if (loop_open(&run->loop, STDOUT_FILENO, &err)) {
		cli_say(&err);
		return EXIT_MACHINE;
	}
	if (run->pcap && !(run->capture = capture_file_new(run->pcap, &err))) {
		cli_say(&err);
		return EXIT_MISTAKE;
	}
	run->lab = lab_new(&run->options, &err);
	if (!run->lab) {
		cli_say(&err);
		return EXIT_MACHINE;
	}
	status = run_link(run);
	if (status == EXIT_HELD)
		status = run_play(run);
	return status;
}

static int run_end(struct run *run, int status)
{
	struct session_about about;
	struct err err = {0};

	study_free(run->study);
	player_free(run->player);
	if (run->lab)
		run_tell_let_go(run);
	if (run->save && run->lab) {
		run_about(run, &about);
		if (session_save(lab_journal(run->lab), &about, run->save, run->over, &err)) {
			cli_say(&err);
			status = EXIT_MACHINE;
		}
	}
	lab_free(run->lab);
	if (capture_file_free(run->capture, &err)) {
		cli_say(&err);
		status = EXIT_MACHINE;
	}
	lesson_free(run->lesson);
	script_clear(&run->script);
	loop_close(&run->loop);
	return status;
}

int cli_run(int argc, char **argv)
{
	struct run run = {.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"), .loop.signals = -1};

	if (run_options(&run, argc, argv))
		return EXIT_MISTAKE;
	if (run_parse(&run))
		return run_end(&run, EXIT_MISTAKE);
	return run_end(&run, run_start(&run));
}
