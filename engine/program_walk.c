/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_walk.c - the journal's events as turns.
 *
 *   COMMAND   a comment, before whatever it causes; kill, stop, interrupt, wait: the director's
 * turn CALL      CALL(7, write(4, "123", 3))           a turn of the process BLOCKED   BLOCKS(8,
 * read(3, data, 4096), 12)    entered at turn 8, back at turn 12 PROCESS   until(9, SERVER, "ZX")
 * the director sees it happen SEGMENT, STATE   if they came late, by the kernel's own clock: the
 * director waits
 */
#include "program.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define DIRECTOR 0
#define COLUMN 72		    /* where the comments stand */
#define WIDTH 98		    /* of a line, where it can be had */
#define BY_ITSELF (60 * NS_PER_MS)  /* longer than a delayed ACK */
#define WAIT_MOST (5 * NS_PER_S)    /* for what nobody has asked to wait for */
#define WAITS_MOST (600 * NS_PER_S) /* all together */
#define COMMENT_MOST 160
#define TEXT_MOST 400
#define ADDRESS "{sa_family=AF_INET, sin_port=htons("

/* ---------------------------------------------------------------- processes */
/* "client", "server_2". */
void process_word(const struct process *process, char *out, size_t size)
{
	if (process->number > 1)
		snprintf(out, size, "%s_%u", side_name(process->side), process->number);
	else
		snprintf(out, size, "%s", side_name(process->side));
}

void process_constant(const struct process *process, char *out, size_t size)
{
	process_word(process, out, size);
	for (char *at = out; *at; at++)
		*at = (char)toupper((unsigned char)*at);
}

/* The living process of a side; with a pid, this very one. NULL: none. */
static struct process *process_find(struct program *program, enum side side, pid_t pid)
{
	for (unsigned i = program->nprocesses; i-- > 1;) {
		struct process *process = &program->processes[i];

		if (process->side == side && process->alive && (!pid || process->pid == pid))
			return process;
	}
	return NULL;
}

static unsigned process_index(const struct program *program, const struct process *process)
{
	return (unsigned)(process - program->processes);
}

static struct process *process_new(struct program *program, enum side side, pid_t pid)
{
	struct process *process, *old = process_find(program, side, 0);

	if (program->nprocesses == PROGRAM_PROCESSES)
		return NULL;
	process = &program->processes[program->nprocesses++];
	*process = (struct process){.side = side, .pid = pid, .alive = true, .number = 1};
	program->needs |= NEED_START;
	for (unsigned i = 1; i + 1 < program->nprocesses; i++)
		process->number += program->processes[i].side == side;
	if (old)
		old->alive = false; /* its end was not told */
	return process;
}

/* -------------------------------------------------------------------- turns */
/* A statement and its comment behind it. A long one is broken before its compound literal. */
static void body_line(struct strbuf *body, const char *code, const char *comment)
{
	size_t width = 8 + strlen(code);
	const char *tail = width > WIDTH ? strstr(code, "&(struct ") : NULL;

	if (tail) {
		strbuf_printf(body, "\t%.*s\n\t\t", (int)(tail - code - 1), code);
		code = tail;
		width = 16 + strlen(tail);
	} else {
		strbuf_puts(body, "\t");
	}
	strbuf_puts(body, code);
	if (*comment)
		strbuf_printf(body, "%*s/* %s */", width < COLUMN ? (int)(COLUMN - width) : 1, "",
			      comment);
	strbuf_puts(body, "\n");
}

static void body_comment(struct strbuf *body, const char *before, const char *text,
			 const char *after)
{
	strbuf_printf(body, "%s\t/* %s", body->len ? "\n" : "", before);
	comment_add(body, text, COMMENT_MOST);
	strbuf_printf(body, "%s */\n", after);
}

/* Above what a command has caused in this process stands the command, once. */
static void body_command(struct process *process)
{
	if (process->command)
		body_comment(&process->body, "",
			     process->command->command.text ? process->command->command.text : "",
			     "");
	process->command = NULL;
}

/* The number of a new turn. `members`: of its row, behind `.by`. */
static unsigned turn_new(struct program *program, const struct process *process,
			 const char *members)
{
	char name[32] = "DIRECTOR";

	if (process_index(program, process) != DIRECTOR)
		process_constant(process, name, sizeof(name));
	program->turns++;
	strbuf_printf(&program->table, "\t[%u] = {.by = %s%s},\n", program->turns, name, members);
	return program->turns;
}

/* The director's body, for what comes behind its notes. */
static struct strbuf *director_body(struct program *program)
{
	struct process *director = &program->processes[DIRECTOR];

	program->noted = false;
	body_command(director);
	return &director->body;
}

/* A turn of the director's: `act` and what it is for. */
static void director_act(struct program *program, const char *act, const char *comment)
{
	struct process *director = &program->processes[DIRECTOR];
	unsigned n = turn_new(program, director, "");
	char *line = xasprintf("ACT(%u, %s);", n, act);

	program->needs |= NEED_ACT;
	director_body(program);
	body_line(&director->body, line, comment);
	free(line);
}

static void director_wait(struct program *program, int64_t ns, const char *why)
{
	char act[64];

	if (ns > WAITS_MOST - program->waits)
		ns = WAITS_MOST - program->waits;
	if (ns <= 0)
		return;
	program->waits += ns;
	program->needs |= NEED_WAIT;
	snprintf(act, sizeof(act), "nap(%lld)", (long long)((ns + NS_PER_MS - 1) / NS_PER_MS));
	director_act(program, act, why);
}

/* Whatever the kernel did by its own clock before event time t shall have happened again. */
static void wait_for_kernel(struct program *program, int64_t least)
{
	int64_t ns = program->moved - program->idle;

	if (program->wire || !program->turns || ns < least)
		return;
	director_wait(program, (ns < WAIT_MOST ? ns : WAIT_MOST) + 20 * NS_PER_MS,
		      "the kernel moved by itself");
	program->idle = program->moved;
}

/* -------------------------------------------------------------------- calls */
/* "= 3", "= -1 EPIPE", "= ?" */
static void ret_comment(const struct event *event, char *out, size_t size)
{
	char err[16];

	if (event->call.killed)
		snprintf(out, size, "= ?");
	else if (event->call.err)
		snprintf(out, size, "= %lld %s", (long long)event->call.ret,
			 errno_code(event->call.err, err, sizeof(err)));
	else
		snprintf(out, size, "= %lld", (long long)event->call.ret);
}

/* The members of a row: what the journal says of a call. */
static char *row_members(const struct program *program, const struct event *event,
			 const struct code *code)
{
	static const char *const how[] = {"", ", .how = SOME", ", .how = OPEN"};
	struct strbuf row = {0};
	const char *args = code && code->shown ? code->shown
			   : event->call.args  ? event->call.args
					       : "";
	const char *address = args + strcspn(args, "{");
	char err[16];

	strbuf_printf(&row, ", .call = \"%s(", call_name(event->call.call));
	if (program->needs & NEED_AT && !strncmp(address, ADDRESS, sizeof(ADDRESS) - 1) &&
	    strchr(address, '}')) {
		literal_add(&row, args, (size_t)(address - args));
		strbuf_printf(&row, "\" ADDRESS(%d) \"", atoi(address + sizeof(ADDRESS) - 1));
		args = strchr(address, '}') + 1;
	}
	literal_add(&row, args, strnlen(args, TEXT_MOST));
	strbuf_puts(&row, ")\"");
	if (event->kind == EVENT_CALL && !event->call.killed) {
		strbuf_printf(&row, ", .ret = %lld", (long long)event->call.ret);
		if (event->call.err)
			strbuf_printf(&row, ", .err = %s",
				      errno_code(event->call.err, err, sizeof(err)));
		strbuf_puts(&row, code && code->expects ? code->expects : "");
		strbuf_puts(&row, code ? how[code->exactness] : "");
	} else if (code && code->exactness == OPEN) {
		strbuf_puts(&row, how[OPEN]);
	}
	return strbuf_take(&row);
}

/* A turn that is a call. */
static unsigned turn_of_call(struct program *program, const struct process *process,
			     const struct event *event, const struct code *code)
{
	char *members = row_members(program, event, code);
	unsigned n = turn_new(program, process, members);

	free(members);
	program->calls++;
	return n;
}

/* The process of a call; where the journal does not tell of its start it is started now. */
static struct process *process_of_call(struct program *program, const struct event *event)
{
	struct process *process = process_find(program, event->side, event->call.pid);
	char act[80], name[32], constant[32];

	if (process)
		return process;
	process = process_new(program, event->side, event->call.pid);
	if (!process)
		return NULL;
	process->first = !program->turns;
	if (process->first)
		return process;
	process_word(process, name, sizeof(name));
	process_constant(process, constant, sizeof(constant));
	snprintf(act, sizeof(act), "start(%s, %s)", constant, name);
	director_act(program, act, "");
	return process;
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
	free(text);
}

/* The child's function is called in the process that fork(2) has made. */
static void walk_fork(struct program *program, struct process *process, const struct event *event)
{
	struct code code = {.exactness = program->open ? OPEN : SOME};
	struct process *child = NULL;
	char name[32], constant[32], comment[64];
	unsigned n;
	char *line;

	if (event->call.args && *event->call.args) {
		walk_strange(program, process, event);
		return;
	}
	if (event->call.ret > 0)
		child = process_new(program, SIDE_CHILD, (pid_t)event->call.ret);
	else if (event->call.ret == 0)
		return; /* no fork tells its parent that */
	n = turn_of_call(program, process, event, &code);
	body_command(process);
	ret_comment(event, comment, sizeof(comment));
	if (child) {
		child->forked = true;
		process_word(child, name, sizeof(name));
		process_constant(child, constant, sizeof(constant));
		line = xasprintf("CALL(%u, fork_to(%s, %s));", n, constant, name);
		program->needs |= NEED_FORK;
	} else {
		line = xasprintf("CALL(%u, fork());", n);
	}
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
	body_line(&client->body, line, "for the server, as a fork would leave it there");
	n = turn_new(program, server, "");
	snprintf(line, sizeof(line), "ACT(%u, take());", n);
	body_command(server);
	body_line(&server->body, line, "the client's pair[0]");
	program->needs |= NEED_TAKE | NEED_ACT;
}

/* A call by which its process is killed: no kill(2) of the director's is needed. */
static bool kills_itself(const struct program *program, const struct event *event)
{
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, event->side, event->n);

	return event->call.killed && !event->call.was_blocked && end &&
	       end->process.what == PROCESS_KILLED && end->process.status == SIGPIPE &&
	       (event->call.call == CALL_WRITE || event->call.call == CALL_SEND);
}

static void blocked_end(struct program *program, struct process *process, unsigned back,
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

/* What ends a process, where no command and no call of its own has done so: its exit, or the lab,
 * for a fresh pair or a dead host. */
static void process_doom(struct program *program, struct process *process,
			 const struct event *event)
{
	const int number = event->process.status;
	const struct event *last =
		journal_before(program->journal, EVENT_CALL, event->side, event->n);
	char act[96], constant[32], name[16];

	if (process->doomed)
		return;
	process->doomed = true;
	if (event->process.what == PROCESS_EXITED) {
		body_command(process);
		snprintf(act, sizeof(act), "LAST(%u, _exit(%d));", turn_new(program, process, ""),
			 number & 0xff);
		program->needs |= NEED_LAST;
		body_line(&process->body, act, "");
	} else if (!(process->sent & 1ULL << number) && !(last && kills_itself(program, last))) {
		process_constant(process, constant, sizeof(constant));
		snprintf(act, sizeof(act), "kill(lab->pid[%s], %s)", constant,
			 signal_code(number, name, sizeof(name)));
		director_act(program, act, "");
	}
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
	blocked_end(program, process, 0, "blocked, = ?");
}

/* The call that was journalled as blocked has returned, or was never to. */
static void walk_returned(struct program *program, struct process *process,
			  const struct event *event)
{
	const unsigned needs = program->needs;
	char comment[96] = "blocked, ";
	struct code code;
	unsigned n;

	ret_comment(event, comment + strlen(comment), sizeof(comment) - strlen(comment));
	program->cause = process->cause;
	if (event->call.us * 1000 > program->longest)
		program->longest = event->call.us * 1000;
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
		blocked_end(program, process, 0, "blocked");
		code_free(&code);
		return;
	}
	n = turn_of_call(program, process, event, &code);
	blocked_end(program, process, n, comment);
	code_free(&code);
}

static void walk_call(struct program *program, const struct event *event)
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
	wait_for_kernel(program, event->call.call == CALL_GETSOCKOPT ? NS_PER_MS : BY_ITSELF);
	if (event->call.call == CALL_FORK) {
		walk_fork(program, process, event);
		return;
	}
	if (!program_call(program, event, &code)) {
		walk_strange(program, process, event);
		return;
	}
	body_command(process);
	if (kills_itself(program, event)) {
		how = "DIES";
		program->needs |= NEED_DIES;
		snprintf(comment, sizeof(comment), "= ?, killed by SIGPIPE");
	} else {
		program->needs |= NEED_CALL;
		ret_comment(event, comment, sizeof(comment));
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

static void walk_blocked(struct program *program, const struct event *event)
{
	struct process *process = process_of_call(program, event);
	struct code code;
	char *members;

	if (!process || process->blocked) {
		program->left++;
		return;
	}
	process_begins(program, process);
	wait_for_kernel(program, BY_ITSELF);
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

/* ----------------------------------------------------------------- commands */
/* What nobody can do outside the lab. */
static void director_note(struct program *program, const struct event *event)
{
	struct strbuf *body = &program->processes[DIRECTOR].body;

	strbuf_printf(body, "%s\t/* before turn %u, only in the lab: ",
		      body->len && !program->noted ? "\n" : "", program->turns + 1);
	comment_add(body, event->command.text ? event->command.text : "", COMMENT_MOST);
	strbuf_puts(body, " */\n");
	program->noted = true;
}

static void command_signal(struct program *program, const struct event *event, enum side side,
			   int number)
{
	struct process *process = process_find(program, side, 0);
	char act[96], constant[32], text[16];

	if (!process || number < 1 || number > 63)
		return;
	wait_for_kernel(program, BY_ITSELF);
	program->processes[DIRECTOR].command = event;
	process_constant(process, constant, sizeof(constant));
	snprintf(act, sizeof(act), "kill(lab->pid[%s], %s)", constant,
		 signal_code(number, text, sizeof(text)));
	director_act(program, act, "");
	process->sent |= 1ULL << number;
}

static void command_interrupt(struct program *program, const struct event *event, enum side side)
{
	struct process *process = process_find(program, side, 0);
	char act[64], constant[32];

	if (!process || !process->blocked)
		return;
	wait_for_kernel(program, BY_ITSELF);
	program->processes[DIRECTOR].command = event;
	process_constant(process, constant, sizeof(constant));
	snprintf(act, sizeof(act), "interrupt(%s)", constant);
	director_act(program, act, "");
	program->needs |= NEED_INTERRUPT;
}

static void command_wait(struct program *program, const struct event *event, int64_t ns)
{
	const struct event *next =
		journal_after(program->journal, EVENT_COMMAND, SIDE_NONE, event->n);

	if (next && next->t - event->t < ns)
		ns = next->t - event->t;
	if (program->wire)
		return;
	program->processes[DIRECTOR].command = event;
	director_wait(program, ns, "");
	program->idle = event->t + ns;
}

/* Whoever dies inside a call does so before another's death could end that call. */
static void lost_first(struct program *program, const struct event *event)
{
	for (unsigned i = 1; i < program->nprocesses; i++) {
		struct process *process = &program->processes[i];
		const struct event *call =
			journal_after(program->journal, EVENT_CALL, process->side, event->n);
		const struct event *end =
			journal_after(program->journal, EVENT_PROCESS, process->side, event->n);

		if (process->blocked && process->alive && call && call->call.killed && end &&
		    end->process.what == PROCESS_KILLED && end->process.pid == process->pid &&
		    end->process.status == SIGKILL)
			process_doom(program, process, end);
	}
}

static void walk_command(struct program *program, const struct event *event)
{
	const char *text = event->command.text ? event->command.text : "";
	struct command command = {0};
	struct err err = {0};

	for (unsigned i = 0; i < program->nprocesses; i++)
		program->processes[i].command = NULL;
	if (command_parse(text, strlen(text), SIDE_NONE, &command, &err))
		command.op = OP_NONE;
	program->command = event;
	for (unsigned i = 1; i < program->nprocesses; i++)
		if (event->side == SIDE_NONE || program->processes[i].side == event->side)
			program->processes[i].command = event;
	switch (command.op) {
	case OP_KILL:
		command_signal(program, event, command.side,
			       (int)command_num(&command, "SIGNAL", SIGTERM));
		break;
	case OP_STOP:
		command_signal(program, event, command.side, SIGSTOP);
		break;
	case OP_CONT:
		command_signal(program, event, command.side, SIGCONT);
		break;
	case OP_INTERRUPT:
		command_interrupt(program, event, command.side);
		break;
	case OP_WAIT:
		command_wait(program, event, command_num(&command, "TIME", 0));
		break;
	case OP_SYSCTL:
		director_note(program, event);
		break;
	case OP_RESET:
	case OP_LINK:
		program->processes[DIRECTOR].command = event;
		lost_first(program, event);
		break;
	default:
		if (command.wire)
			director_note(program, event);
		break;
	}
	command_clear(&command);
}

/* ---------------------------------------------------------------- processes */
/* The director waits until the process is in one of these states: proc_pid_stat(5). */
static void director_until(struct program *program, const struct process *process,
			   const char *states, int status, const char *text)
{
	struct process *director = &program->processes[DIRECTOR];
	char constant[32];
	char *members = xasprintf(", .call = \"%s\", .ret = %d%s", text, status,
				  program->open ? ", .how = OPEN" : ""),
	     *line;
	unsigned n;

	process_constant(process, constant, sizeof(constant));
	n = turn_new(program, director, members);
	line = xasprintf("until(%u, %s, \"%s\");", n, constant, states);
	body_line(director_body(program), line, text);
	program->needs |= NEED_UNTIL;
	free(line);
	free(members);
}

static void walk_ended(struct program *program, struct process *process, const struct event *event)
{
	const int number = event->process.status;
	char text[64];

	if (event->process.what == PROCESS_EXITED) {
		if (process->blocked)
			return;
		process_doom(program, process, event);
		snprintf(text, sizeof(text), "exited with status %d", number & 0xff);
		director_until(program, process, "ZX", (number & 0xff) << 8, text);
	} else {
		if (number < 1 || number > 63)
			return;
		process_doom(program, process, event);
		snprintf(text, sizeof(text), "killed by %s", signal_name(number));
		director_until(program, process, "ZX", number, text);
	}
	blocked_end(program, process, 0, "blocked");
	process->alive = false;
}

/* The server may hear of its child's end before the lab does. */
static void child_first(struct program *program, const struct event *event)
{
	const struct event *command =
		journal_after(program->journal, EVENT_COMMAND, SIDE_NONE, event->n);
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, SIDE_CHILD, event->n);
	struct process *child = end ? process_find(program, SIDE_CHILD, end->process.pid) : NULL;

	if (!child || child->blocked || (command && command->n < end->n))
		return;
	if (end->process.what == PROCESS_EXITED ||
	    (end->process.what == PROCESS_KILLED && end->process.status > 0 &&
	     end->process.status < 64))
		process_doom(program, child, end);
}

static void walk_caught(struct program *program, const struct process *process,
			const struct event *event)
{
	struct process *director = &program->processes[DIRECTOR];
	const int number = event->process.status;
	char constant[32], members[96], line[80], text[40];

	if (number < 1 || number > 64 || !(program->needs & NEED_CATCHES))
		return;
	if (number == SIGCHLD)
		child_first(program, event);
	snprintf(text, sizeof(text), "caught %s", signal_name(number));
	snprintf(members, sizeof(members), ", .call = \"%s\"%s", text,
		 program->open ? ", .how = OPEN" : "");
	process_constant(process, constant, sizeof(constant));
	snprintf(line, sizeof(line), "catches(%u, %s);", turn_new(program, director, members),
		 constant);
	body_line(director_body(program), line, text);
	program->needs |= NEED_CAUGHT;
}

static void walk_started(struct program *program, const struct event *event)
{
	struct process *process;
	char act[80], name[32], constant[32];

	if (process_find(program, event->side, event->process.pid))
		return; /* fork(2) has told */
	process = process_new(program, event->side, event->process.pid);
	if (!process)
		return;
	process->first = !program->turns;
	if (!process->first) {
		process_word(process, name, sizeof(name));
		process_constant(process, constant, sizeof(constant));
		snprintf(act, sizeof(act), "start(%s, %s)", constant, name);
		director_act(program, act, "");
		/* What the command under way does is for the new one, too. */
		process->command = program->command;
	}
}

static void walk_process(struct program *program, const struct event *event)
{
	struct process *process = process_find(program, event->side, event->process.pid);

	if (event->process.what == PROCESS_STARTED) {
		walk_started(program, event);
		return;
	}
	if (!process)
		return;
	switch (event->process.what) {
	case PROCESS_KILLED:
	case PROCESS_EXITED:
		walk_ended(program, process, event);
		break;
	case PROCESS_STOPPED:
		director_until(program, process, "T", 0, "stopped by SIGSTOP");
		break;
	case PROCESS_CONTINUED:
		director_until(program, process, "RSDZX", 0, "continued");
		break;
	case PROCESS_CAUGHT:
		walk_caught(program, process, event);
		break;
	default:
		break;
	}
}

/* Room for what one event may take, its waits and starts included. */
static bool walk_full(const struct program *program)
{
	return program->turns + 8 > PROGRAM_TURNS;
}

static void walk_event(struct program *program, const struct event *event)
{
	unsigned before = program->turns;

	switch (event->kind) {
	case EVENT_COMMAND:
		walk_command(program, event);
		break;
	case EVENT_CALL:
		walk_call(program, event);
		break;
	case EVENT_BLOCKED:
		walk_blocked(program, event);
		break;
	case EVENT_PROCESS:
		walk_process(program, event);
		break;
	case EVENT_LINK:
		program->wire = event->note.wire.on;
		program->wired |= program->wire;
		program->open = program->wire || journal_first(program->journal) > 1;
		break;
	case EVENT_SEGMENT:
	case EVENT_STATE:
		program->moved = event->t;
		break;
	default:
		break;
	}
	if (program->turns != before) {
		int64_t end = event->t;

		if (event->kind == EVENT_CALL && !event->call.was_blocked)
			end += event->call.us * 1000;
		if (program->idle < end)
			program->idle = end;
	}
}

void program_walk(struct program *program)
{
	const struct journal *journal = program->journal;

	program->nprocesses = 1;
	program->open = journal_first(journal) > 1;
	program->processes[DIRECTOR].side = SIDE_NONE;
	for (uint64_t n = journal_first(journal); n && n <= journal_last(journal); n++) {
		const struct event *event = journal_at(journal, n);

		if (!event)
			continue;
		if (walk_full(program))
			program->left += event->kind == EVENT_CALL;
		else
			walk_event(program, event);
	}
	for (unsigned i = 1; i < program->nprocesses; i++)
		blocked_end(program, &program->processes[i], 0, "blocked to the end");
	if (program->needs & NEED_UNTIL && program->needs & NEED_BLOCKS)
		program->needs |= NEED_UNTIL_BLOCKED;
}
