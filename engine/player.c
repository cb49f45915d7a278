/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * player.c - plays a script on a lab, one command after the other.
 *
 *   player_start ─▶ submit ─▶ (lab_turn, player_turn)* ─▶ outcome ─▶ submit the next ... ─▶ DONE
 *                     └─────────────── refused ──────────────────────────────────────▶ FAILED
 *
 * An expectation that does not hold is counted and the script goes on: what follows shows more.
 */
#include "lab.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE (2 * NS_PER_S) /* for a blocked side to come back */

struct player {
	struct lab *lab;
	const struct script *script; /* the caller's */
	size_t at;		     /* the command being played */
	enum player_state state;
	bool submitted; /* command `at` is the lab's last one */
	unsigned held, failed, unavailable;
	uint64_t since;
	struct err err;
};

struct player *player_new(struct lab *lab, const struct script *script)
{
	struct player *player = xcalloc(1, sizeof(*player));

	player->lab = lab;
	player->script = script;
	return player;
}

void player_free(struct player *player)
{
	free(player);
}

static void player_fail(struct player *player)
{
	snprintf(player->err.file, sizeof(player->err.file), "%s", player->script->file);
	player->err.line = player->script->commands[player->at].line;
	player->state = PLAYER_FAILED;
}

static bool command_judges(const struct command *command)
{
	return command->op == OP_EXPECT || command->op == OP_EXPECT_NOT ||
	       command->op == OP_WAIT_UNTIL;
}

static void player_count(struct player *player)
{
	int held = lab_held(player->lab);

	if (held > 0)
		player->held++;
	else if (held == 0)
		player->failed++;
	else
		player->unavailable++;
}

/* Take what became of the command that was submitted; false when it was refused. */
static bool player_finish(struct player *player)
{
	player->submitted = false;
	memset(&player->err, 0, sizeof(player->err));
	if (lab_outcome(player->lab, &player->err) < 0) {
		player_fail(player);
		return false;
	}
	if (command_judges(&player->script->commands[player->at]))
		player_count(player);
	player->at++;
	return true;
}

enum player_state player_turn(struct player *player)
{
	while (player->state == PLAYER_RUNNING) {
		/* Busy with ours, or with one that was begun at the prompt. */
		if (lab_busy(player->lab))
			break;
		if (player->submitted && !player_finish(player))
			break;
		if (player->at == player->script->count) {
			player->state = PLAYER_DONE;
			break;
		}
		memset(&player->err, 0, sizeof(player->err));
		if (lab_submit(player->lab, &player->script->commands[player->at], PATIENCE,
			       &player->err) < 0) {
			player_fail(player);
			break;
		}
		player->submitted = true;
	}
	return player->state;
}

void player_start(struct player *player)
{
	player->at = 0;
	player->submitted = false;
	player->held = player->failed = player->unavailable = 0;
	player->since = journal_last(lab_journal(player->lab));
	player->state = PLAYER_RUNNING;
	player_turn(player);
}

void player_skip(struct player *player)
{
	if (player->state != PLAYER_FAILED)
		return;
	player->submitted = false;
	player->at++;
	player->state = PLAYER_RUNNING;
	player_turn(player);
}

enum player_state player_status(const struct player *player)
{
	return player->state;
}

size_t player_line(const struct player *player)
{
	return player->at;
}

const struct err *player_err(const struct player *player)
{
	return &player->err;
}

void player_counts(const struct player *player, unsigned *held, unsigned *failed,
		   unsigned *unavailable)
{
	*held = player->held;
	*failed = player->failed;
	*unavailable = player->unavailable;
}

uint64_t player_since(const struct player *player)
{
	return player->since;
}
