/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_study.c - a reader's way through a lesson, on real sockets. */
#include "play.h"

#include <poll.h>

static const char text[] = "# T\n\n"
			   "```lesson\nlink: loopback\nminutes: 1\nlevel: test\nsource: none\n```\n"
			   "## One\n"
			   "```lab\nopen\nclient close\nexpect server state CLOSE_WAIT\n"
			   "expect client state FIN_WAIT2\n```\n"
			   "## Two\n"
			   "```predict Q\n"
			   "fails :: server write fails EPIPE\n"
			   "three :: server write = 3\n"
			   "state :: server state CLOSE_WAIT\n"
			   "```\n"
			   "```lab\nserver write \"123\"\nexpect server gone\n"
			   "expect server write = 3\n```\n"
			   "```claim \"C\" - X\nserver write fails EPIPE\ndiffers: so\n```\n"
			   "```claim \"D\" - X\nserver gone\n```\n"
			   "## Three\n"
			   "```lab\nexpect server gone\nchild close\n```\n" /* refused: line 37 */
			   "## Four\n"
			   "```lab\nwait 60s\n```\n";

static struct lesson *lesson_new(void)
{
	struct lesson *lesson = NULL;
	struct err err = {0};

	if (lesson_parse("x.md", text, strlen(text), &lesson, &err))
		fail_msg("line %d: %s", err.line, err.text);
	return lesson;
}

/* Drive both until the study stands still. */
static enum study_state study_drive(struct play *p, struct study *study)
{
	const int64_t end = lab_now(p->lab) + COMMAND_BOUND;
	enum study_state state;

	for (;;) {
		struct pollfd fd = {.fd = lab_fd(p->lab), .events = POLLIN};

		lab_turn(p->lab);
		state = study_turn(study);
		if (state != STUDY_PLAYING || lab_now(p->lab) > end)
			return state;
		poll(&fd, 1, 100);
	}
}

static void test_verdicts(void **state)
{
	struct play *p = *state;
	struct lesson *lesson = lesson_new();
	struct study *study = study_new(p->lab, lesson);
	const struct study_verdict *verdict;
	const struct study_result *result;
	const struct event *write;
	struct err fault;

	play_assert(p, study_status(study) == STUDY_IDLE);
	study_begin(study, 0);
	play_assert(p, study_status(study) == STUDY_READY && !study_player(study));
	study_play(study);
	play_assert(p, study_drive(p, study) == STUDY_DONE);
	play_assert(p, !study_choice(study, 0) && !study_claim(study, 0));
	play_assert(p, !study_fault(study, true, 0, &fault));

	study_begin(study, 1);
	study_predict(study, 7); /* there is none */
	play_assert_int(p, study_predicted(study, 1), -1);
	study_predict(study, 0);
	play_assert(p, !study_choice(study, 1)->already && study_choice(study, 2)->already);
	play_assert(p, study_choice(study, 2)->verdict == VERDICT_UNDECIDED);
	study_play(study);
	study_predict(study, 1); /* too late */
	play_assert(p, study_drive(p, study) == STUDY_DONE);
	play_assert_int(p, study_predicted(study, 1), 0);
	play_assert_int(p, study_predicted(study, 0), -1);
	write = play_call(p, SIDE_SERVER, CALL_WRITE);
	verdict = study_choice(study, 1);
	play_assert(p, verdict->verdict == VERDICT_TRUE && verdict->decider == write->n);
	verdict = study_choice(study, 0);
	play_assert(p, verdict->verdict == VERDICT_FALSE && verdict->decider == write->n);
	play_assert_text(p, verdict->saw, "write = 3");
	play_assert(p, study_choice(study, 2)->verdict == VERDICT_FALSE);
	play_assert(p, !study_choice(study, 3));
	play_assert(p, study_claim(study, 0)->verdict == VERDICT_FALSE);
	play_assert(p, study_claim(study, 1)->verdict == VERDICT_TRUE && !study_claim(study, 2));
	play_assert(p, !study_fault(study, true, 0, &fault) && !study_unavailable(study));
	result = study_result(study, 1);
	play_assert(p, result && result->predicted == 0 && result->measured == 1);
	play_assert(p, result->claims[0].verdict == VERDICT_FALSE && !result->failed);

	study_begin(study, 2);
	play_assert(p, study_already(study, 0) && !study_already(study, 1));
	study_play(study);
	play_assert(p, study_drive(p, study) == STUDY_FAILED);
	play_assert_text(p, study_err(study)->file, "x.md");
	play_assert_int(p, study_err(study)->line, 37);
	play_assert(p, study_result(study, 1) == result && study_result(study, 0) &&
			       !study_result(study, 2) && !study_result(study, 99));
	play_assert_int(p, study_result(study, 0)->predicted, -1);
	play_assert_int(p, study_result(study, 0)->held, 2);
	study_free(study);
	lesson_free(lesson);
}

/* Back to a step: a fresh lab in which all before it has been played. */
static void test_again(void **state)
{
	struct play *p = *state;
	struct lesson *lesson = lesson_new();
	struct study *study = study_new(p->lab, lesson);
	pid_t before = play_pid(p, SIDE_SERVER);

	for (size_t i = 0; i < 2; i++) {
		study_begin(study, i);
		study_play(study);
		play_assert(p, study_drive(p, study) == STUDY_DONE);
	}
	for (int i = 0; i < 3; i++) {
		study_again(study, 1);
		play_assert(p, study_drive(p, study) == STUDY_READY);
		play_assert_int(p, (long long)study_step(study), 1);
		play_assert(p, play_pid(p, SIDE_SERVER) != before);
		play_until(p, "server state CLOSE_WAIT", NS_PER_S);
		study_play(study);
		play_assert(p, study_drive(p, study) == STUDY_DONE);
		play_assert(p, study_choice(study, 1)->verdict == VERDICT_TRUE);
		before = play_pid(p, SIDE_SERVER);
	}
	/* In the middle of a command, and to the first step: nothing is played. */
	study_begin(study, 3);
	study_play(study);
	lab_turn(p->lab);
	play_assert(p, study_turn(study) == STUDY_PLAYING && lab_busy(p->lab));
	study_again(study, 0);
	play_assert(p, study_drive(p, study) == STUDY_READY);
	play_assert_int(p, (long long)study_step(study), 0);
	play_assert(p, !play_snapshot(p, SIDE_CLIENT) ||
			       play_snapshot(p, SIDE_CLIENT)->state == STATE_NONE);
	/* A step past the end is the last one; one that fails on the way is told. */
	study_again(study, 99);
	play_assert(p, study_drive(p, study) == STUDY_FAILED);
	play_assert_int(p, study_err(study)->line, 37);
	study_free(study);
	lesson_free(lesson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_verdicts),
		PLAY_TEST(test_again),
	};

	return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
