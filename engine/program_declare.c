/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_declare.c - what stands at the top of a written program: headers, what its processes
 * share, and the macros by which a turn is taken. */
#include "program.h"

static const char includes[] = "#ifndef _GNU_SOURCE\n"
			       "#define _GNU_SOURCE\n"
			       "#endif\n"
			       "#include <arpa/inet.h>\n"
			       "#include <errno.h>\n"
			       "#include <fcntl.h>\n"
			       "#include <netinet/in.h>\n"
			       "#include <netinet/tcp.h>\n"
			       "#include <poll.h>\n"
			       "#include <sched.h>\n"
			       "#include <semaphore.h>\n"
			       "#include <signal.h>\n"
			       "#include <stdio.h>\n"
			       "#include <stdlib.h>\n"
			       "#include <string.h>\n"
			       "#include <sys/mman.h>\n"
			       "#include <sys/prctl.h>\n"
			       "#include <sys/socket.h>\n"
			       "#include <sys/time.h>\n"
			       "#include <sys/types.h>\n"
			       "#include <sys/wait.h>\n"
			       "#include <time.h>\n"
			       "#include <unistd.h>\n";

static const struct piece declarations[] = {
	{0, "\n/* What all processes share. */\n"
	    "static struct lab {\n"
	    "\tsem_t baton[PROCESSES];\t\t /* whoever gets it has the turn */\n"
	    "\tvolatile int turn;\t\t /* the one that is due, or under way */\n"
	    "\tvolatile int differ;\t\t /* returns that were not the session's */\n"
	    "\tvolatile pid_t pid[PROCESSES];\n"},
	{NEED_BLOCKS,
	 "\tvolatile int blocked[PROCESSES]; /* in a call that lets the others go on */\n"},
	{NEED_CATCHES, "\tvolatile int caught[PROCESSES];  /* signals */\n"},
	{NEED_ADDRESS, "\tin_port_t port[PORTS];\t\t /* network byte order */\n"},
	{0, "} *lab;\n"
	    "static enum process me = DIRECTOR;\n"},
	{NEED_AT | NEED_ROOM | NEED_DATA | NEED_VALUE | NEED_POLL | NEED_INFO | NEED_LINGER |
		 NEED_TIME | NEED_HAND,
	 "\n/* What calls are given, and put their results into. */\n"},
	{NEED_AT, "static struct sockaddr_in at;\n"},
	{NEED_ROOM, "static socklen_t length;\n"},
	{NEED_VALUE, "static int value;\n"},
	{NEED_POLL, "static struct pollfd one;\n"},
	{NEED_INFO, "static struct tcp_info info;\n"},
	{NEED_LINGER, "static struct linger linger;\n"},
	{NEED_TIME, "static struct timeval period;\n"},
	{NEED_HAND, "static int pair[2];\n"},
};

static const struct piece prototypes[] = {
	{0, "\n/* The run-time, at the end of the file. */\n"
	    "static void begin(void);\n"
	    "static int finish(void);\n"
	    "static void turn(int n); /* wait for turn n, and for all that was sent to arrive */\n"
	    "static void pass(int n); /* turn n is over: on to the next */\n"},
	{NEED_START, "static void start(enum process who, void (*run)(void));\n"},
	{NEED_FORK, "static pid_t fork_to(enum process who, void (*run)(void));\n"},
	{NEED_CALL | NEED_FORK, "\n/* Turn n is this call: report and compare what it returns. */\n"
				"static void returned(int n, long ret);\n"
				"#define CALL(n, call) (turn(n), returned((n), (long)(call)))\n"},
	{NEED_BLOCKS, "\n/* Turn n is this call, which blocks: the others go on, and it has "
		      "returned by turn m, or\n"
		      " * never does (0). */\n"
		      "static void enter(int n);\n"
		      "static int entered; /* the newest such turn of this process */\n"
		      "static long long entered_at; /* ns */\n"
		      "static long took = -1; /* ms; -1: it did not block */\n"
		      "static void back(int m, long ret);\n"
		      "#define BLOCKS(n, call, m) (enter(n), back((m), (long)(call)))\n"},
	{NEED_DIES, "\n/* Turn n is this call, inside which its process is killed. */\n"
		    "static void last(int n);\n"
		    "static void survived(int n);\n"
		    "#define DIES(n, call) (last(n), (void)!(call), survived(n))\n"},
	{NEED_LAST, "\n/* Turn n is this process's last: the director sees it end. */\n"
		    "#define LAST(n, act) (turn(n), pass(n), (act))\n"},
	{NEED_ACT, "\n/* Turn n is something else that somebody does. */\n"
		   "#define ACT(n, act) (turn(n), (void)(act), pass(n))\n"},
	{NEED_SIGNAL, "\n/* Send a process a signal: kill(2). */\n"
		      "static void signal_to(enum process who, int signo);\n"},
	{NEED_UNTIL,
	 "\n/* Turn n: this process has come into one of these states, proc_pid_stat(5). */\n"
	 "static void until(int n, enum process who, const char *states);\n"},
	{NEED_LOST, "/* Turn n: the process was killed inside this call. */\n"
		    "static void lost(int n, enum process who);\n"},
	{NEED_CAUGHT, "/* Turn n: the process's signal handler has run. */\n"
		      "static void catches(int n, enum process who);\n"},
	{NEED_CATCHES, "static void handler(int signo);\n"},
	{NEED_INTERRUPT, "/* Wake a process from the call it is in: EINTR. */\n"
			 "static void interrupt(enum process who);\n"},
	{NEED_NAP, "static void nap(long ms);\n"},
	{NEED_ADDRESS,
	 "static struct sockaddr *address(enum port port); /* 127.0.0.1, in `at` */\n"},
	{NEED_ROOM, "static socklen_t *room(size_t size); /* &length, set to that size */\n"},
	{NEED_TEXT, "static const char *text(size_t size); /* so many bytes: abc... */\n"},
	{NEED_DRAIN,
	 "/* Read until the end of file, or so many bytes: what a whole loop of reads got. */\n"
	 "static long drain(int fd, long most);\n"},
	{NEED_TAKE, "/* One process hands another a descriptor: unix(7), SCM_RIGHTS. */\n"
		    "static void hand(int fd);\n"
		    "static void take(void);\n"},
};

void pieces_write(const struct program *program, const struct piece *pieces, size_t count,
		  FILE *out)
{
	for (size_t i = 0; i < count; i++)
		if (!pieces[i].needs || (program->needs & pieces[i].needs))
			fputs(pieces[i].text, out);
}

void runtime_include(FILE *out)
{
	fputs(includes, out);
}

void runtime_declare(const struct program *program, FILE *out)
{
	PIECES_WRITE(program, declarations, out);
	if (program->needs & NEED_DATA)
		fprintf(out, "static char data[%zu];\n", program->room > 64 ? program->room : 64);
	PIECES_WRITE(program, prototypes, out);
}
