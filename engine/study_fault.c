/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_fault.c - where a step that was just played and its lesson do not agree. */
#include "study.h"

static const char proves_nothing[] = "true before the step began, so it proves nothing "
				     "(`already` says that it is meant)";

/* A predict is decided when exactly one choice is true; one that could not be judged excuses. */
static void study_count_choices(const struct study *study, unsigned *held, unsigned *unavailable)
{
	*held = *unavailable = 0;
	for (size_t i = 0; i < study_at(study)->nchoices; i++) {
		*held += study->choices[i].verdict == VERDICT_TRUE;
		*unavailable += study->choices[i].verdict == VERDICT_UNAVAILABLE;
	}
}

unsigned study_unavailable(const struct study *study)
{
	unsigned held, unavailable, count;

	if (study->state != STUDY_DONE)
		return 0;
	study_count_choices(study, &held, &unavailable);
	count = !held && unavailable;
	for (size_t i = 0; i < study_at(study)->nclaims; i++)
		count += study->claims[i].verdict == VERDICT_UNAVAILABLE;
	return count;
}

static bool claim_is_wrong(const struct claim *claim, const struct study_verdict *verdict)
{
	if (verdict->verdict == VERDICT_UNAVAILABLE)
		return false;
	return verdict->verdict != (claim->differs ? VERDICT_FALSE : VERDICT_TRUE);
}

static bool fault_set(const struct study *study, struct err *fault, int line, const char *what,
		      const char *text, const char *saw)
{
	*fault = (struct err){.line = line};
	snprintf(fault->file, sizeof(fault->file), "%s", study->lesson->file);
	err_set(fault, "%s: %s%s%s", what, text, saw && *saw ? ": saw " : "", saw ? saw : "");
	return true;
}

static bool fault_predict(const struct study *study, struct err *fault)
{
	const struct step *step = study_at(study);
	unsigned held, unavailable;

	study_count_choices(study, &held, &unavailable);
	if (!step->question || held == 1 || (!held && unavailable))
		return false;
	return fault_set(study, fault, step->question_line,
			 held ? "several choices are true" : "no choice is true", step->question,
			 held ? NULL : study->choices[0].saw);
}

bool study_fault(const struct study *study, bool strict, size_t i, struct err *fault)
{
	const struct step *step;

	if (study->state != STUDY_DONE)
		return false;
	step = study_at(study);
	if (fault_predict(study, fault) && !i--)
		return true;
	for (size_t j = 0; j < step->nclaims; j++)
		if (claim_is_wrong(&step->claims[j], &study->claims[j]) && !i--)
			return fault_set(study, fault, step->claims[j].line,
					 step->claims[j].differs
						 ? "a claim that differs was not false"
						 : "a claim was not true",
					 step->claims[j].text, study->claims[j].saw);
	for (size_t j = 0; strict && j < step->nchoices; j++)
		if (study->choices[j].already && study->choices[j].verdict == VERDICT_TRUE && !i--)
			return fault_set(study, fault, step->choices[j].line, proves_nothing,
					 step->choices[j].text, NULL);
	for (size_t j = 0; strict && j < step->script.count; j++)
		if (study->already[j] && !i--)
			return fault_set(study, fault, step->script.commands[j].line,
					 proves_nothing, step->script.commands[j].text, NULL);
	return false;
}
