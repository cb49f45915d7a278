/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "core.h"
#include "mem.h"

/*
 * program.h - a session as a C program.
 *
 *   journal ─ program_walk ─▶ turns ─┬─▶ the table `session`   what each call returned
 *                                    ├─▶ client(), server() …  the calls, one a turn
 *                                    └─▶ main()                who starts, ends, waits
 *
 * The program's processes take turns, in the journal's order; the run-time that hands the turn on
 * is text of program_runtime.c, of which only those parts are written that the session needs.
 *
 * A journal may come from a stranger: a call is written only where its arguments are understood
 * to the last character, and then from what was understood, never from the journal's text.
 */

#define PROGRAM_TURNS 2000   /* as many as a reader, and a compiler, can bear */
#define PROGRAM_PROCESSES 60 /* the director among them */
#define PROGRAM_PORTS 64
#define PROGRAM_MOST (1L << 30) /* bytes that one call may ask for */

/* Parts of the run-time. */
enum need {
	NEED_BLOCKS = 1 << 0,
	NEED_DIES = 1 << 1,
	NEED_UNTIL = 1 << 2,
	NEED_CATCHES = 1 << 3,
	NEED_INTERRUPT = 1 << 4,
	NEED_DRAIN = 1 << 5,
	NEED_TEXT = 1 << 6,
	NEED_DATA = 1 << 7,
	NEED_ADDRESS = 1 << 8,
	NEED_ROOM = 1 << 9,
	NEED_VALUE = 1 << 10,
	NEED_POLL = 1 << 11,
	NEED_INFO = 1 << 12,
	NEED_LINGER = 1 << 13,
	NEED_TIME = 1 << 14,
	NEED_HAND = 1 << 15,
	NEED_AT = 1 << 16,
	NEED_CALL = 1 << 17,
	NEED_FORK = 1 << 18,
	NEED_TAKE = 1 << 19,
	NEED_LOST = 1 << 20,
	NEED_LAST = 1 << 21,
	NEED_CAUGHT = 1 << 22,
	NEED_ACT = 1 << 23,
	NEED_UNTIL_BLOCKED = 1 << 24, /* both of them */
	NEED_WAIT = 1 << 25,
	NEED_START = 1 << 26,
	NEED_SIGNAL = 1 << 27,
};

/* How exactly a return is to be what it was. */
enum exactness { EXACT, SOME, OPEN };

/* One process of the session, one function of the program. The first is the director. */
struct process {
	enum side side;
	unsigned number; /* of its side, from 1 */
	pid_t pid;
	bool alive, forked;
	bool doomed;	    /* what ends it is written */
	bool first;	    /* started before the first turn */
	uint64_t sent;	    /* signals it was sent, by number */
	struct strbuf body; /* of its function */
	char *blocked;	    /* the call it is in; NULL: none */
	enum call blocked_call;
	unsigned blocked_at;	     /* the turn it was entered */
	const struct event *command; /* whose calls are to come; NULL: said already */
	const struct event *cause;   /* of the newest call */
};

struct program {
	const struct journal *journal;
	const struct session_about *about;
	struct process processes[PROGRAM_PROCESSES];
	unsigned nprocesses;
	struct strbuf table; /* the rows of `session` */
	unsigned turns;
	unsigned calls;	  /* of the turns */
	uint64_t left;	  /* calls left out */
	uint64_t strange; /* calls that were not understood */
	unsigned notes;	  /* comments that stand in a turn's place */
	uint16_t ports[PROGRAM_PORTS];
	unsigned nports;
	unsigned needs;	  /* enum need */
	size_t room;	  /* of `data` */
	bool wire, wired; /* now; ever */
	bool open;	  /* what calls return from here on can be different outside the lab */
	bool partial;	  /* a transfer fitted only in part: what follows depends on buffers */
	bool other;	  /* bytes were written that are not known */
	bool noted;	  /* the director's last line is a note */
	int64_t idle;	  /* when the last turn was over */
	int64_t moved;	  /* when the kernel last did something */
	int64_t waits;	  /* ns that the program waits */
	int64_t longest;  /* µs that a call has blocked */
	const struct event *command; /* the newest */
	const struct event *cause;   /* of the call that is being written; NULL: not known */
};

/* A call as C. */
struct code {
	struct strbuf expr;
	char *before;  /* a statement that comes first; NULL: none */
	char *expects; /* more members of the row: what came in; NULL: none */
	char *shown;   /* its arguments for the row; NULL: the journal's */
	enum exactness exactness;
};

/* program_walk.c: all turns of the journal. */
void program_walk(struct program *program);

/* program_turn.c */
#define DIRECTOR 0		   /* the index of the first process */
#define BY_ITSELF (60 * NS_PER_MS) /* longer than a delayed ACK */
/* "server_2", and "SERVER_2". */
void process_word(const struct process *process, char *out, size_t size);
void process_constant(const struct process *process, char *out, size_t size);
/* The living process of a side; with a pid, this very one. NULL: none. */
struct process *process_find(struct program *program, enum side side, pid_t pid);
unsigned process_index(const struct program *program, const struct process *process);
struct process *process_new(struct program *program, enum side side, pid_t pid); /* NULL: full */
/* A statement and its comment behind it. */
void body_line(struct strbuf *body, const char *code, const char *comment);
void body_comment(struct strbuf *body, const char *before, const char *text, const char *after);
/* Above what a command has caused in this process stands the command, once. */
void body_command(struct process *process);
/* The number of a new turn. `members`: of its row, behind `.by`. */
unsigned turn_new(struct program *program, const struct process *process, const char *members);
/* A turn that is a call. */
unsigned turn_of_call(struct program *program, const struct process *process,
		      const struct event *event, const struct code *code);
/* The members of a call's row; malloc'd. `code` NULL: it is not written as a call. */
char *row_members(const struct program *program, const struct event *event,
		  const struct code *code);
/* "= 3", "= -1 EPIPE", "= ?" */
void call_comment(const struct event *event, char *out, size_t size);
/* The director's body, for a line. */
struct strbuf *director_body(struct program *program);
/* A turn of the director's: `act` and what it is for. */
void director_act(struct program *program, const char *act, const char *comment);
/* A new process: one of the first, or the director starts it now. NULL: full. */
struct process *director_start(struct program *program, enum side side, pid_t pid);
void director_note(struct program *program, const struct event *event);
void director_wait(struct program *program, int64_t ns, const char *why);
/* Whatever the kernel did by its own clock, `least` ns after the last turn or later, shall have
 * happened again. */
void director_await_kernel(struct program *program, int64_t least);

/* program_made.c */
void walk_call(struct program *program, const struct event *event);
void walk_blocked(struct program *program, const struct event *event);
/* A call by which its process is killed: no kill(2) of the director's is needed. */
bool call_kills(const struct program *program, const struct event *event);
/* The call the process is in has returned at turn `back`, 0: never. */
void process_unblock(struct program *program, struct process *process, unsigned back,
		     const char *comment);

/* program_process.c */
void walk_process(struct program *program, const struct event *event);
/* Write what ends a process: `event` is its end. */
void process_doom(struct program *program, struct process *process, const struct event *event);

/* program_command.c */
void walk_command(struct program *program, const struct event *event);

/* program_call.c: one call as an expression. False: it is not understood; nothing was written. */
bool program_call(struct program *program, const struct event *event, struct code *code);
void code_free(struct code *code);
/* A descriptor that is none of the program's own. */
struct scan;
int call_fd(struct scan *scan);
/* program_option.c */
void call_setsockopt(struct program *program, const struct event *event, struct scan *scan,
		     struct code *code);
void call_getsockopt(struct program *program, const struct event *event, struct scan *scan,
		     struct code *code);
void call_fcntl(struct scan *scan, struct code *code);
void call_sigaction(struct program *program, struct scan *scan, struct code *code);
/* "PORT_7001", the name of a port; NULL: there are too many. */
const char *program_port(struct program *program, uint16_t port, char *out, size_t size);

/* program_text.c: text that can break out of nothing. */
/* The inside of a C string literal, one line. */
void literal_add(struct strbuf *out, const void *data, size_t len);
/* The inside of a comment: one line of at most `most` bytes. */
void comment_add(struct strbuf *out, const char *text, size_t most);
/* A name that the compiler knows, else the number. */
const char *errno_code(int err, char *out, size_t size);
const char *signal_code(int number, char *out, size_t size);

#define NEED_NAP (NEED_BLOCKS | NEED_UNTIL | NEED_CAUGHT | NEED_INTERRUPT | NEED_WAIT)
#define NEED_ROWS (NEED_CALL | NEED_BLOCKS | NEED_DIES | NEED_FORK)

/* A piece of text, and the parts of a program of which any one needs it; 0: every program does. */
struct piece {
	unsigned needs;
	const char *text;
};
void pieces_write(const struct program *program, const struct piece *pieces, size_t count,
		  FILE *out);
#define PIECES_WRITE(program, pieces, out) \
	pieces_write(program, pieces, sizeof(pieces) / sizeof((pieces)[0]), out)

/* program_declare.c */
void runtime_include(FILE *out);
void runtime_declare(const struct program *program, FILE *out);
/* program_runtime.c */
void runtime_define(const struct program *program, FILE *out);

#endif
