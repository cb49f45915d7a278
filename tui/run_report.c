/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_report.c - what a run tells: the journal as text or JSON, and what the kernel decided. */
#include "cli.h"
#include "run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* The text has no snapshots, and an expectation once: with its outcome. */
static bool run_shows(const struct event *event)
{
	if (event->kind == EVENT_COMMAND)
		return strncmp(event->command.text, "expect", 6) != 0;
	return event->kind != EVENT_SNAPSHOT;
}

void run_about(struct run *run, struct session_about *about)
{
	/* The clocks are compared once more each time: what is said twice must be the same. */
	if (!run->epoch)
		run->epoch = lab_epoch(run->lab);
	about->epoch = run->epoch;
	about->kernel = NULL;
	about->title = run->lesson ? run->lesson->title : run->file;
}

void run_tell(struct run *run)
{
	const struct journal *journal = lab_journal(run->lab);
	const uint64_t last = journal_last(journal);
	struct session_about about;
	char line[4096], text[4200];

	run_about(run, &about);
	if (run->told + 1 < journal_first(journal))
		run->told = journal_first(journal) - 1;
	while (run->told < last) {
		const struct event *event = journal_at(journal, ++run->told);

		if (run->capture)
			capture_file_add(run->capture, event, lab_epoch(run->lab));
		if (run->json) {
			char *json = run->begun ? event_json(event) : session_json(event, &about);

			run->begun = true;
			loop_add(&run->loop, json);
			loop_add(&run->loop, "\n");
			free(json);
		} else if (run_shows(event)) {
			event_format(event, run->utf8, line, sizeof(line));
			snprintf(text, sizeof(text), "%9.4f  %s\n",
				 (double)event->t / (double)NS_PER_S, line);
			loop_add(&run->loop, text);
		}
	}
}

void run_print(struct run *run, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	if (run->json)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text) {
		char *plain = cli_plain(text);

		loop_add(&run->loop, plain);
		free(plain);
	}
	free(text);
}

static const char *run_mark(const struct run *run, bool held, bool unavailable)
{
	static const char *const marks[][2] = {{"x", "✘"}, {"+", "✔"}, {"-", "–"}};

	return marks[unavailable ? 2 : held][run->utf8];
}

void run_print_verdicts(struct run *run)
{
	const struct step *step = &run->lesson->steps[study_step(run->study)];
	const struct study_verdict *verdict;

	if (step->question)
		run_print(run, "? %s\n", step->question);
	for (size_t i = 0; (verdict = study_choice(run->study, i)); i++)
		run_print(run, "  %s %s\n",
			  run_mark(run, verdict->verdict == VERDICT_TRUE,
				   verdict->verdict == VERDICT_UNAVAILABLE),
			  step->choices[i].text);
	for (size_t i = 0; (verdict = study_claim(run->study, i)); i++) {
		const struct claim *claim = &step->claims[i];
		const bool unavailable = verdict->verdict == VERDICT_UNAVAILABLE;
		const bool held =
			verdict->verdict == (claim->differs ? VERDICT_FALSE : VERDICT_TRUE);

		run_print(run, "%s claim%s: %s (%s)\n", run_mark(run, held, unavailable),
			  claim->differs && !unavailable ? " differs" : "", claim->text,
			  claim->source);
		if (unavailable)
			run_print(run, "    unavailable: %s\n", verdict->saw);
		else if (claim->differs || !held)
			run_print(run, "    measured: %s%s%s\n", verdict->saw,
				  claim->differs ? ". " : "", claim->why);
	}
}

/* What of a claim this kernel has said. */
enum { CLAIM_SAME, CLAIM_DIFFERS, CLAIM_UNKNOWN, CLAIM_WORDS };
static const char *const claim_words[CLAIM_WORDS] = {"the same", "differs", "unknown"};

static int claim_word(const struct study_verdict *verdict)
{
	return verdict->verdict == VERDICT_TRUE	   ? CLAIM_SAME
	       : verdict->verdict == VERDICT_FALSE ? CLAIM_DIFFERS
						   : CLAIM_UNKNOWN;
}

static void run_print_measured(struct run *run, size_t i)
{
	const struct step *step = &run->lesson->steps[i];
	const struct study_result *result = study_result(run->study, i);

	if (!step->question || !result)
		return;
	run_print(run, "  %zu. %s\n     %s\n", i + 1, step->question,
		  result->measured >= 0 ? step->choices[result->measured].text
		  : result->unavailable ? "cannot be seen on this machine"
					: "not decided");
}

static void run_print_claims(struct run *run, size_t i)
{
	const struct step *step = &run->lesson->steps[i];
	const struct study_result *result = study_result(run->study, i);

	for (size_t j = 0; result && j < step->nclaims; j++) {
		const struct claim *claim = &step->claims[j];
		const int word = claim_word(&result->claims[j]);

		run_print(run, "  %-8s  \"%s\" - %s\n", claim_words[word], claim->text,
			  claim->source);
		if (word != CLAIM_SAME)
			run_print(run, "            measured: %s%s%s\n", result->claims[j].saw,
				  *claim->why ? "; " : "", claim->why);
	}
}

void run_print_summary(struct run *run)
{
	const struct lesson *lesson = run->lesson;
	unsigned count[CLAIM_WORDS] = {0};
	struct utsname name = {0};

	uname(&name);
	name.release[strcspn(name.release, "-+~")] = '\0'; /* a distribution's own number */
	run_print(run, "\nThat was the lesson: %u expectation%s held, %u failed, %u unavailable.\n",
		  run->held, run->held == 1 ? "" : "s", run->failed, run->unavailable);
	for (size_t i = 0; i < lesson->nsteps; i++) {
		const struct study_result *result = study_result(run->study, i);

		run_print_measured(run, i);
		for (size_t j = 0; result && j < lesson->steps[i].nclaims; j++)
			count[claim_word(&result->claims[j])]++;
	}
	if (!(count[CLAIM_SAME] + count[CLAIM_DIFFERS] + count[CLAIM_UNKNOWN]))
		return;
	run_print(run, "Documented, and measured on Linux %s: %u the same, %u differ%s",
		  name.release, count[CLAIM_SAME], count[CLAIM_DIFFERS],
		  count[CLAIM_DIFFERS] == 1 ? "s" : "");
	if (count[CLAIM_UNKNOWN])
		run_print(run, ", %u unknown", count[CLAIM_UNKNOWN]);
	run_print(run, "\n");
	for (size_t i = 0; i < lesson->nsteps; i++)
		run_print_claims(run, i);
}

void run_tell_let_go(const struct run *run)
{
	const uint64_t first = journal_first(lab_journal(run->lab));

	if (first > 1)
		fprintf(stderr,
			"bothends: the journal let its events 1 to %" PRIu64
			" go, it keeps the newest%s; --pcap keeps every segment\n",
			first - 1, run->save ? ", and so does --save" : "");
}
