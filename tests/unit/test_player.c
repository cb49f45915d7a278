/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_player.c - the player on a lab of paper: what it submits, counts and stops at. */
#include "language.h"

#include <stdio.h>

/* The lab's side of the contract. A command takes `turns` turns; expectations end as `ends` says
 * ('h'eld, 'f'ailed, 'u'navailable), one letter each; 'r' refuses at once, 'x' in the end. */
static struct {
	char log[512];
	const char *ends;
	int turns, left, held;
	bool busy, refuse;
} lab;
static struct journal *journal;

struct journal *lab_journal(const struct lab *unused)
{
	(void)unused;
	return journal;
}

int lab_submit(struct lab *unused, const struct command *command, int64_t patience, struct err *err)
{
	size_t len = strlen(lab.log);
	char end = 'd';

	(void)unused;
	assert_false(lab.busy);
	assert_int_equal(patience, 2 * NS_PER_S);
	snprintf(lab.log + len, sizeof(lab.log) - len, "%s;", command->text);
	if (*lab.ends)
		end = *lab.ends++;
	if (end == 'r')
		return err_set(err, "the server is dead");
	lab.refuse = end == 'x';
	lab.held = end == 'h' ? 1 : end == 'u' ? -1 : 0;
	lab.left = lab.turns;
	lab.busy = lab.left > 0;
	return 0;
}

bool lab_busy(const struct lab *unused)
{
	(void)unused;
	return lab.busy;
}

int lab_outcome(const struct lab *unused, struct err *err)
{
	(void)unused;
	assert_false(lab.busy);
	return lab.refuse ? err_set(err, "the server is blocked in read") : 0;
}

int lab_held(const struct lab *unused)
{
	(void)unused;
	return lab.held;
}

static void turn(void)
{
	if (lab.busy && --lab.left == 0)
		lab.busy = false;
}

static struct script script;

/* Play a text to its end; returns how it ended. */
static enum player_state play(const char *text, const char *ends, int turns, struct player **player)
{
	enum player_state state;
	struct err err;

	memset(&lab, 0, sizeof(lab));
	lab.ends = ends;
	lab.turns = turns;
	journal = journal_new(0);
	assert_int_equal(script_parse("x.lab", text, strlen(text), &script, &err), 0);
	*player = player_new(NULL, &script);
	assert_int_equal(player_status(*player), PLAYER_READY);
	player_start(*player);
	for (int i = 0; i < 100; i++) {
		turn();
		state = player_turn(*player);
		assert_int_equal(state, player_status(*player));
		if (state != PLAYER_RUNNING)
			return state;
	}
	return PLAYER_RUNNING;
}

static void end(struct player *player)
{
	player_free(player);
	script_clear(&script);
	journal_free(journal);
}

static void plays(void **state)
{
	struct player *player;
	unsigned held, failed, unavailable;

	(void)state;
	for (int turns = 0; turns < 3; turns++) {
		assert_int_equal(play("open\n\nserver close\nwait 1s\n", "", turns, &player),
				 PLAYER_DONE);
		assert_string_equal(lab.log, "open;server close;wait 1s;");
		assert_int_equal(player_line(player), 3);
		player_counts(player, &held, &failed, &unavailable);
		assert_int_equal(held + failed + unavailable, 0);
		end(player);
	}
}

static void counts(void **state)
{
	struct player *player;
	unsigned held, failed, unavailable;

	(void)state;
	assert_int_equal(play("open\nexpect s gone\nexpect not s gone\nexpect segment from c S\n"
			      "wait until c gone\nexpect s recvq 1\nserver close\n",
			      "dhfufhd", 1, &player),
			 PLAYER_DONE);
	player_counts(player, &held, &failed, &unavailable);
	/* A failed expectation does not stop it, and a wait until counts like one. */
	assert_int_equal(held, 2);
	assert_int_equal(failed, 2);
	assert_int_equal(unavailable, 1);
	assert_non_null(strstr(lab.log, "server close;"));
	end(player);
}

static void refused(void **state)
{
	char line[600];
	struct player *player;

	(void)state;
	assert_int_equal(play("open\n\nserver read\nserver close\n", "dr", 1, &player),
			 PLAYER_FAILED);
	assert_string_equal(err_format(player_err(player), line, sizeof(line)),
			    "x.lab:3: the server is dead");
	assert_int_equal(player_line(player), 1);
	assert_string_equal(lab.log, "open;server read;");
	assert_int_equal(player_turn(player), PLAYER_FAILED);
	end(player);
	assert_int_equal(play("open\n\nserver read\nserver close\n", "dx", 1, &player),
			 PLAYER_FAILED);
	assert_string_equal(err_format(player_err(player), line, sizeof(line)),
			    "x.lab:3: the server is blocked in read");
	assert_string_equal(lab.log, "open;server read;");
	end(player);
}

/* One that was refused is left out, and only that one. */
static void skips(void **state)
{
	struct player *player;
	unsigned held, failed, unavailable;

	(void)state;
	assert_int_equal(play("open\nexpect s gone\nserver read\nexpect s gone\nserver close\n",
			      "dhrh", 0, &player),
			 PLAYER_FAILED);
	player_skip(player);
	assert_int_equal(player_status(player), PLAYER_DONE);
	assert_string_equal(lab.log, "open;expect s gone;server read;expect s gone;server close;");
	player_counts(player, &held, &failed, &unavailable);
	assert_int_equal(held, 2);
	player_skip(player); /* nothing was refused */
	assert_int_equal(player_status(player), PLAYER_DONE);
	assert_int_equal(player_line(player), 5);
	end(player);
	/* The last, and one that is refused in the end. */
	assert_int_equal(play("open\nserver read\n", "dx", 1, &player), PLAYER_FAILED);
	player_skip(player);
	assert_int_equal(player_turn(player), PLAYER_DONE);
	end(player);
}

/* What was begun at the prompt is let come to its end first. */
static void waits_for_the_prompt(void **state)
{
	struct event event = {.kind = EVENT_LINK, .side = SIDE_NONE, .note.text = "cut"};
	struct player *player;
	struct err err;

	(void)state;
	memset(&lab, 0, sizeof(lab));
	lab.ends = "";
	lab.turns = 1;
	lab.left = 2;
	lab.busy = true;
	journal = journal_new(0);
	journal_append(journal, &event);
	assert_int_equal(script_parse("x.lab", "open", 4, &script, &err), 0);
	player = player_new(NULL, &script);
	player_start(player);
	assert_int_equal(player_since(player), 1);
	assert_string_equal(lab.log, "");
	turn();
	assert_int_equal(player_turn(player), PLAYER_RUNNING);
	assert_string_equal(lab.log, "");
	turn();
	assert_int_equal(player_turn(player), PLAYER_RUNNING);
	assert_string_equal(lab.log, "open;");
	turn();
	assert_int_equal(player_turn(player), PLAYER_DONE);
	/* Started again, it plays again. */
	player_start(player);
	assert_string_equal(lab.log, "open;open;");
	end(player);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plays),
		cmocka_unit_test(counts),
		cmocka_unit_test(refused),
		cmocka_unit_test(skips),
		cmocka_unit_test(waits_for_the_prompt),
	};

	return cmocka_run_group_tests_name("player", tests, NULL, NULL);
}
