/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_report.c - what a run tells: the journal as text or JSON, and what the kernel decided. */
#include "run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The text has no snapshots, and an expectation once: with its outcome. */
static bool run_shows(const struct event *event)
{
	if (event->kind == EVENT_COMMAND)
		return strncmp(event->command.text, "expect", 6) != 0;
	return event->kind != EVENT_SNAPSHOT;
}

void run_tell(struct run *run)
{
	const struct journal *journal = lab_journal(run->lab);
	const uint64_t last = journal_last(journal);
	char line[4096], text[4200];

	if (run->told + 1 < journal_first(journal))
		run->told = journal_first(journal) - 1;
	while (run->told < last) {
		const struct event *event = journal_at(journal, ++run->told);

		if (run->capture)
			capture_file_add(run->capture, event, lab_epoch(run->lab));
		if (run->json) {
			char *json = event_json(event);

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
	if (text)
		loop_add(&run->loop, text);
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

void run_tell_let_go(const struct run *run)
{
	const uint64_t first = journal_first(lab_journal(run->lab));

	if (first > 1)
		fprintf(stderr,
			"bothends: the journal let its events 1 to %" PRIu64
			" go, it keeps the newest%s; --pcap keeps every segment\n",
			first - 1, run->save ? ", and so does --save" : "");
}
