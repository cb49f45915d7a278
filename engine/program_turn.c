/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_turn.c - the processes of a program, the turns they take, and the lines these become: a
 * row of `session` and a statement in the process's function. */
#include "program.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN 72		    /* where the comments stand */
#define WIDTH 98		    /* of a line, where it can be had */
#define WAIT_MOST (5 * NS_PER_S)    /* for what nobody has asked to wait for */
#define WAITS_MOST (600 * NS_PER_S) /* all together */
#define COMMENT_MOST 160
#define TEXT_MOST 400
#define ADDRESS "{sa_family=AF_INET, sin_port=htons("

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
struct process *process_find(struct program *program, enum side side, pid_t pid)
{
	for (unsigned i = program->nprocesses; i-- > 1;) {
		struct process *process = &program->processes[i];

		if (process->side == side && process->alive && (!pid || process->pid == pid))
			return process;
	}
	return NULL;
}

unsigned process_index(const struct program *program, const struct process *process)
{
	return (unsigned)(process - program->processes);
}

struct process *process_new(struct program *program, enum side side, pid_t pid)
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

/* A statement and its comment behind it. A long one is broken before its compound literal. */
void body_line(struct strbuf *body, const char *code, const char *comment)
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

void body_comment(struct strbuf *body, const char *before, const char *text, const char *after)
{
	strbuf_printf(body, "%s\t/* %s", body->len ? "\n" : "", before);
	comment_add(body, text, COMMENT_MOST);
	strbuf_printf(body, "%s */\n", after);
}

/* Above what a command has caused in this process stands the command, once. */
void body_command(struct process *process)
{
	if (process->command)
		body_comment(&process->body, "",
			     process->command->command.text ? process->command->command.text : "",
			     "");
	process->command = NULL;
}

/* The number of a new turn. `members`: of its row, behind `.by`. */
unsigned turn_new(struct program *program, const struct process *process, const char *members)
{
	char name[32] = "DIRECTOR";
	const char *data;

	if (process_index(program, process) != DIRECTOR)
		process_constant(process, name, sizeof(name));
	program->turns++;
	data = strstr(members, ", .data = \""); /* in a literal a quote is escaped */
	if (data && strlen(members) > WIDTH - 30)
		strbuf_printf(&program->table, "\t[%u] = {.by = %s%.*s,\n\t\t%s},\n",
			      program->turns, name, (int)(data - members), members, data + 2);
	else
		strbuf_printf(&program->table, "\t[%u] = {.by = %s%s},\n", program->turns, name,
			      members);
	return program->turns;
}

/* The director's body, for what comes behind its notes. */
struct strbuf *director_body(struct program *program)
{
	struct process *director = &program->processes[DIRECTOR];

	program->noted = false;
	body_command(director);
	return &director->body;
}

/* A turn of the director's: `act` and what it is for. */
void director_act(struct program *program, const char *act, const char *comment)
{
	struct process *director = &program->processes[DIRECTOR];
	unsigned n = turn_new(program, director, "");
	char *line = xasprintf("ACT(%u, %s);", n, act);

	program->needs |= NEED_ACT;
	director_body(program);
	body_line(&director->body, line, comment);
	free(line);
}

struct process *director_start(struct program *program, enum side side, pid_t pid)
{
	struct process *process = process_new(program, side, pid);
	char act[80], name[32], constant[32];

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

/* What nobody can do outside the lab. */
void director_note(struct program *program, const struct event *event)
{
	struct strbuf *body = &program->processes[DIRECTOR].body;

	strbuf_printf(body, "%s\t/* before turn %u, only in the lab: ",
		      body->len && !program->noted ? "\n" : "", program->turns + 1);
	comment_add(body, event->command.text ? event->command.text : "", COMMENT_MOST);
	strbuf_puts(body, " */\n");
	program->noted = true;
	program->notes++;
}

void director_wait(struct program *program, int64_t ns, const char *why)
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
void director_await_kernel(struct program *program, int64_t least)
{
	int64_t ns = program->moved - program->idle;

	if (program->wire || !program->turns || ns < least)
		return;
	director_wait(program, (ns < WAIT_MOST ? ns : WAIT_MOST) + 20 * NS_PER_MS,
		      "the kernel moved by itself");
	program->idle = program->moved;
}

/* "= 3", "= -1 EPIPE", "= ?" */
void call_comment(const struct event *event, char *out, size_t size)
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
char *row_members(const struct program *program, const struct event *event, const struct code *code)
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
unsigned turn_of_call(struct program *program, const struct process *process,
		      const struct event *event, const struct code *code)
{
	char *members = row_members(program, event, code);
	unsigned n = turn_new(program, process, members);

	free(members);
	program->calls++;
	return n;
}
