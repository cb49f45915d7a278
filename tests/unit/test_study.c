/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_study.c - what a study keeps of a lesson, on a lab of paper that judges as it is told. */
#include "language.h"

#include <stdio.h>

#define SYSCTL_REFUSED "sysctl tcp_retries2 3"

/* The lab's side of the contract. A condition's verdict is a letter for its `recvq N`: 't'rue,
 * 'f'alse, 'u'ndecided, un'a'vailable. */
static struct {
	char log[512];
	const char *verdicts;
	bool no_sysctl, unsettled;
	int64_t now;
} lab;
static struct journal *journal;
static struct feature_state feature;

struct journal *lab_journal(const struct lab *unused)
{
	(void)unused;
	return journal;
}

int lab_submit(struct lab *unused, const struct command *command, int64_t patience, struct err *err)
{
	const size_t len = strlen(lab.log);

	(void)unused;
	(void)patience;
	snprintf(lab.log + len, sizeof(lab.log) - len, "%s;", command->text);
	if (lab.no_sysctl && command->op == OP_SYSCTL)
		return err_set(err, "sysctl: refused");
	return 0;
}

bool lab_busy(const struct lab *unused)
{
	(void)unused;
	return false;
}

void lab_cancel(struct lab *unused)
{
	(void)unused;
}

int lab_outcome(const struct lab *unused, struct err *err)
{
	(void)unused;
	(void)err;
	return 0;
}

int lab_held(const struct lab *unused)
{
	(void)unused;
	return 1;
}

bool lab_settled(const struct lab *unused)
{
	(void)unused;
	return !lab.unsettled;
}

int64_t lab_now(const struct lab *unused)
{
	(void)unused;
	return lab.now;
}

const struct feature_state *lab_feature(const struct lab *unused, enum feature which)
{
	(void)unused;
	feature.ok = which != FEATURE_SYSCTL || !lab.no_sysctl;
	return &feature;
}

enum verdict lab_judge(struct lab *unused, const struct condition *condition, uint64_t since,
		       uint64_t *decider, char *saw, size_t size)
{
	const char letter = lab.verdicts[condition->text[strlen(condition->text) - 1] - '0'];

	(void)unused;
	(void)since;
	if (decider)
		*decider = 0;
	if (size)
		snprintf(saw, size, "%c", letter);
	return letter == 't'   ? VERDICT_TRUE
	       : letter == 'f' ? VERDICT_FALSE
	       : letter == 'a' ? VERDICT_UNAVAILABLE
			       : VERDICT_UNDECIDED;
}

#define STEP(commands)                                                                         \
	"## S\n```predict Q\na :: server recvq 0\nb :: server recvq 1\n```\n```lab\n" commands \
	"```\n```claim \"C\" - X\nserver recvq 2\n```\n"                                       \
	"```claim \"D\" - X\nserver recvq 3\ndiffers: so\n```\n"

static struct lesson *lesson;
static struct study *study;

static int begin(void **state)
{
	static const char text[] =
		"# T\n```lesson\nlink: loopback\nminutes: 1\nlevel: x\nsource: y\n```\n" STEP(
			SYSCTL_REFUSED "\nopen\n") STEP("server close\n");
	struct err err;

	(void)state;
	memset(&lab, 0, sizeof(lab));
	journal = journal_new(0);
	if (lesson_parse("x.md", text, strlen(text), &lesson, &err))
		return -1;
	study = study_new(NULL, lesson);
	return 0;
}

static int end(void **state)
{
	(void)state;
	study_free(study);
	lesson_free(lesson);
	journal_free(journal);
	return 0;
}

/* Play a step of which this is true before, and this after it. */
static void play(size_t step, const char *before, const char *after)
{
	lab.verdicts = before;
	study_begin(study, step);
	lab.verdicts = after;
	study_play(study);
	assert_int_equal(study_turn(study), STUDY_DONE);
}

static unsigned faults(bool strict)
{
	struct err fault;
	unsigned count = 0;

	while (study_fault(study, strict, count, &fault))
		count++;
	return count;
}

static void measured(void **state)
{
	static const struct {
		const char *verdicts;
		int measured;
		bool unavailable; /* the prediction */
		unsigned unknown; /* of predictions and claims */
		unsigned faults;
	} rows[] = {
		{"fttf", 1, false, 0, 0},  {"tftf", 0, false, 0, 0},  {"tttf", -1, false, 0, 1},
		{"fftf", -1, false, 0, 1}, {"autf", -1, true, 1, 0},  {"attf", 1, false, 0, 0},
		{"tatf", 0, false, 0, 0},  {"aaaa", -1, true, 3, 0},  {"uutf", -1, false, 0, 1},
		{"ftff", 1, false, 0, 1},  {"ftuf", 1, false, 0, 1},  {"fttt", 1, false, 0, 1},
		{"fttu", 1, false, 0, 1},  {"ttft", -1, false, 0, 3}, {"ftaa", 1, false, 2, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct study_result *result;

		play(1, "uuuu", rows[i].verdicts);
		result = study_result(study, 1);
		if (!result || result->measured != rows[i].measured ||
		    result->unavailable != rows[i].unavailable ||
		    study_unavailable(study) != rows[i].unknown || faults(true) != rows[i].faults ||
		    faults(false) != rows[i].faults)
			fail_msg("%s", rows[i].verdicts);
		assert_string_equal(result->claims[1].saw, rows[i].verdicts + 3);
	}
	assert_null(study_result(study, 0));
	assert_null(study_result(study, 2));
}

/* What was true before the step is a fault where one looks for it, if it stayed true. */
static void proves_nothing(void **state)
{
	(void)state;
	play(1, "tuuu", "tftf");
	assert_int_equal(faults(false), 0);
	assert_int_equal(faults(true), 1);
	play(1, "tuuu", "fttf");
	assert_int_equal(faults(true), 0);
}

/* A result stays until the step is played once more, whatever is replayed before it. */
static void kept(void **state)
{
	(void)state;
	play(0, "uuuu", "tftf");
	lab.verdicts = "uuuu";
	study_begin(study, 1);
	study_predict(study, 1);
	lab.verdicts = "tfff";
	study_play(study);
	assert_int_equal(study_turn(study), STUDY_DONE);
	assert_int_equal(study_result(study, 1)->predicted, 1);
	lab.verdicts = "fttf";
	study_again(study, 1);
	assert_int_equal(study_turn(study), STUDY_PLAYING);
	assert_int_equal(study_turn(study), STUDY_READY);
	assert_int_equal(study_step(study), 1);
	assert_int_equal(study_result(study, 0)->measured, 1);
	assert_int_equal(study_result(study, 1)->measured, 0);
	assert_int_equal(study_result(study, 1)->claims[0].verdict, VERDICT_FALSE);
	study_play(study);
	assert_int_equal(study_turn(study), STUDY_DONE);
	assert_int_equal(study_result(study, 1)->measured, 1);
	assert_int_equal(study_result(study, 1)->claims[0].verdict, VERDICT_TRUE);
}

/* Without sysctls the lesson goes on, and the journal and the study know. */
static void lacks(void **state)
{
	const struct event *note;

	(void)state;
	play(0, "uuuu", "tftf");
	assert_false(study_lacks(study));
	assert_null(journal_latest(journal, EVENT_HOST, SIDE_NONE, UINT64_MAX));
	lab.no_sysctl = true;
	lab.log[0] = '\0';
	play(0, "uuuu", "tftf");
	assert_string_equal(lab.log, SYSCTL_REFUSED ";open;");
	assert_true(study_lacks(study));
	note = journal_latest(journal, EVENT_HOST, SIDE_NONE, UINT64_MAX);
	assert_non_null(note);
	assert_non_null(strstr(note->note.text, "tcp_retries2 stays as it is"));
	play(1, "uuuu", "tftf");
	assert_true(study_lacks(study)); /* what follows may differ */
}

/* What only the next look decides is waited for, though not for ever. */
static void settles(void **state)
{
	(void)state;
	lab.unsettled = true;
	lab.now = NS_PER_S;
	lab.verdicts = "uuuu";
	study_begin(study, 1);
	study_play(study);
	assert_int_equal(study_turn(study), STUDY_PLAYING);
	lab.now += 100 * NS_PER_MS;
	assert_int_equal(study_turn(study), STUDY_PLAYING);
	lab.unsettled = false;
	lab.verdicts = "tftf";
	assert_int_equal(study_turn(study), STUDY_DONE);
	assert_int_equal(faults(true), 0);
	lab.unsettled = true;
	study_begin(study, 1);
	study_play(study);
	assert_int_equal(study_turn(study), STUDY_PLAYING);
	lab.now += NS_PER_S;
	assert_int_equal(study_turn(study), STUDY_DONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(measured), TEST(proves_nothing), TEST(kept), TEST(lacks), TEST(settles),
	};
#undef TEST

	return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
