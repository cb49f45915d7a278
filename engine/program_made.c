/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_made.c - the calls of the journal as turns of the processes that made them: those that
 * returned at once, that blocked first, that never returned. */
#include "program.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* The process of a call; where the journal does not tell of its start it is started now. */
static struct process *process_of_call(struct program *program, const struct event *event)
{
	struct process *process = process_find(program, event->side, event->call.pid);

	return process ? process : director_start(program, event->side, event->call.pid);
}

/* It begins a call: of which command? */
static void process_begins(struct program *program, struct process *process)
{
	if (process->command)
		process->cause = process->command;
	program->cause = process->cause;
}

static void walk_strange(struct program *program, struct process *process,
			 const struct event *event)
{
	char *text = xasprintf("%s(%s)", call_name(event->call.call),
			       event->call.args ? event->call.args : "");

	body_command(process);
	body_comment(&process->body, "not understood, left out: ", text, "");
	program->strange++;
	program->notes++;
	free(text);
}

/* The child's function is called in the process that fork(2) has made. A fork without one is left
 * out: where it succeeds here there would be two of its caller, and of all that follows. */
static void walk_fork(struct program *program, struct process *process, const struct event *event)
{
	struct code code = {.exactness = program->open ? OPEN : SOME};
	struct process *child = NULL;
	char name[32], constant[32], comment[64], *line;
	unsigned n;

	if ((!event->call.args || !*event->call.args) && event->call.ret > 0)
		child = process_new(program, SIDE_CHILD, (pid_t)event->call.ret);
	if (!child) {
		walk_strange(program, process, event);
		return;
	}
	child->forked = true;
	n = turn_of_call(program, process, event, &code);
	body_command(process);
	call_comment(event, comment, sizeof(comment));
	process_word(child, name, sizeof(name));
	process_constant(child, constant, sizeof(constant));
	line = xasprintf("CALL(%u, fork_to(%s, %s));", n, constant, name);
	program->needs |= NEED_FORK;
	body_line(&process->body, line, comment);
	free(line);
}

/* After socketpair and pipe the client's first end is handed to the server. */
static void walk_hand(struct program *program, struct process *client)
{
	struct process *server = process_find(program, SIDE_SERVER, 0);
	unsigned n;
	char line[64];

	if (!server || server == client || server->blocked)
		return;
	n = turn_new(program, client, "");
	snprintf(line, sizeof(line), "ACT(%u, hand(pair[0]));", n);
	body_line(&client->body, line, "for the server");
	n = turn_new(program, server, "");
	snprintf(line, sizeof(line), "ACT(%u, take());", n);
	body_command(server);
	body_line(&server->body, line, "the client's pair[0]");
	program->needs |= NEED_TAKE | NEED_ACT;
}

/* A call by which its process is killed: no kill(2) of the director's is needed. */
bool call_kills(const struct program *program, const struct event *event)
{
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, event->side, event->n);

	return event->call.killed && !event->call.was_blocked && end &&
	       end->process.what == PROCESS_KILLED && end->process.status == SIGPIPE &&
	       (event->call.call == CALL_WRITE || event->call.call == CALL_SEND);
}

void process_unblock(struct program *program, struct process *process, unsigned back,
		     const char *comment)
{
	char *line;

	if (!process->blocked)
		return;
	line = xasprintf("BLOCKS(%u, %s, %u);", process->blocked_at, process->blocked, back);
	body_line(&process->body, line, comment);
	program->needs |= NEED_BLOCKS;
	free(line);
	free(process->blocked);
	process->blocked = NULL;
}

/* A process was killed inside the call it was blocked in. */
static void walk_lost(struct program *program, struct process *process, const struct event *event)
{
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, event->side, event->n);
	char *members, *line, constant[32];

	if (end && end->process.what == PROCESS_KILLED && end->process.pid == process->pid)
		process_doom(program, process, end);
	process_constant(process, constant, sizeof(constant));
	members = row_members(program, event, NULL);
	line = xasprintf("lost(%u, %s);", turn_new(program, &program->processes[DIRECTOR], members),
			 constant);
	body_line(director_body(program), line, "killed inside its call");
	program->needs |= NEED_LOST;
	program->calls++;
	free(members);
	free(line);
	process_unblock(program, process, 0, "blocked, = ?");
}

/* The call that was journalled as blocked has returned, or was never to. */
static void walk_returned(struct program *program, struct process *process,
			  const struct event *event)
{
	const unsigned needs = program->needs;
	char comment[96] = "blocked, ";
	struct code code;
	unsigned n;

	call_comment(event, comment + strlen(comment), sizeof(comment) - strlen(comment));
	program->cause = process->cause;
	if (event->call.us > program->longest)
		program->longest = event->call.us;
	if (event->call.killed) {
		walk_lost(program, process, event);
		return;
	}
	if (!program_call(program, event, &code)) {
		walk_strange(program, process, event);
		return;
	}
	/* A stranger's journal may have another call return than was entered. */
	if (event->call.call != process->blocked_call ||
	    (event->call.call != CALL_DRAIN && strcmp(code.expr.text, process->blocked) != 0)) {
		program->needs = needs;
		walk_strange(program, process, event);
		process_unblock(program, process, 0, "blocked");
		code_free(&code);
		return;
	}
	n = turn_of_call(program, process, event, &code);
	process_unblock(program, process, n, comment);
	code_free(&code);
}

void walk_call(struct program *program, const struct event *event)
{
	struct process *process = process_of_call(program, event);
	const char *how = "CALL";
	char comment[96];
	struct code code;
	char *line;

	if (!process) {
		program->left++;
		return;
	}
	if (process->blocked) {
		walk_returned(program, process, event);
		return;
	}
	process_begins(program, process);
	director_await_kernel(program, event->call.call == CALL_GETSOCKOPT ? NS_PER_MS : BY_ITSELF);
	if (event->call.call == CALL_FORK) {
		walk_fork(program, process, event);
		return;
	}
	if (!program_call(program, event, &code)) {
		walk_strange(program, process, event);
		return;
	}
	body_command(process);
	if (call_kills(program, event)) {
		how = "DIES";
		program->needs |= NEED_DIES;
		snprintf(comment, sizeof(comment), "= ?, killed by SIGPIPE");
	} else {
		program->needs |= NEED_CALL;
		call_comment(event, comment, sizeof(comment));
	}
	if (code.before)
		body_line(&process->body, code.before, "");
	line = xasprintf("%s(%u, %s);", how, turn_of_call(program, process, event, &code),
			 code.expr.text);
	body_line(&process->body, line, comment);
	free(line);
	if ((event->call.call == CALL_SOCKETPAIR || event->call.call == CALL_PIPE) &&
	    event->call.ret == 0)
		walk_hand(program, process);
	code_free(&code);
}

void walk_blocked(struct program *program, const struct event *event)
{
	struct process *process = process_of_call(program, event);
	struct code code;
	char *members;

	if (!process || process->blocked) {
		program->left++;
		return;
	}
	process_begins(program, process);
	director_await_kernel(program, BY_ITSELF);
	if (event->call.call == CALL_FORK || !program_call(program, event, &code)) {
		walk_strange(program, process, event);
		return;
	}
	body_command(process);
	if (code.before)
		body_line(&process->body, code.before, "");
	members = row_members(program, event, &code);
	process->blocked_at = turn_new(program, process, members);
	process->blocked = strbuf_take(&code.expr);
	process->blocked_call = event->call.call;
	free(members);
	code_free(&code);
}
