/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_runtime.c - the part of a written program that is the same in all of them: it hands the
 * turn from process to process, reports and compares. Only what a session needs is written. */
#include "program.h"

#include <string.h>

/* A piece of text, and the parts of a program of which any one needs it; 0: every program does. */
struct piece {
	unsigned needs;
	const char *text;
};

#define NEED_NAP (NEED_BLOCKS | NEED_UNTIL | NEED_CAUGHT | NEED_INTERRUPT | NEED_WAIT)
#define NEED_ROWS (NEED_CALL | NEED_BLOCKS | NEED_DIES | NEED_FORK)

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

static const struct piece definitions[] = {
	{0, "\n/* ------------------------------------------------------------ the run-time */\n"
	    "enum { BELL = 100, GIVE, TAKE }; /* its descriptors, out of the session's way */\n"},
	{NEED_NAP,
	 "\n"
	 "static void nap(long ms)\n"
	 "{\n"
	 "\tstruct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};\n"
	 "\n"
	 "\twhile (nanosleep(&rest, &rest) && errno == EINTR)\n"
	 "\t\t;\n"
	 "}\n"},
	{0, "\n"
	    "/* R: it runs, S: it sleeps, T: it is stopped, Z: it has ended, with this status; 0: "
	    "it is\n"
	    " * gone. proc_pid_stat(5), the third field and the last. */\n"
	    "static char state_of(enum process who, int *status)\n"
	    "{\n"
	    "\tchar path[40], line[1024];\n"
	    "\tconst char *state;\n"
	    "\tssize_t len;\n"
	    "\tint fd;\n"
	    "\n"
	    "\tsnprintf(path, sizeof(path), \"/proc/%d/stat\", (int)lab->pid[who]);\n"
	    "\tfd = open(path, O_RDONLY);\n"
	    "\tlen = fd < 0 ? 0 : read(fd, line, sizeof(line) - 1);\n"
	    "\tif (fd >= 0)\n"
	    "\t\tclose(fd);\n"
	    "\tline[len > 0 ? len : 0] = '\\0';\n"
	    "\tstate = strrchr(line, ')'); /* the second field, the name, may hold anything */\n"
	    "\tif (!state)\n"
	    "\t\treturn 0;\n"
	    "\t*status = atoi(strrchr(line, ' '));\n"
	    "\treturn state[2];\n"
	    "}\n"
	    "\n"
	    "/* All processes are on one processor, and its loopback is a queue: when a datagram "
	    "of our\n"
	    " * own comes back, all that was sent before it has arrived. Thrice: so have the "
	    "answers. */\n"
	    "static void settle(void)\n"
	    "{\n"
	    "\tstruct pollfd bell = {.fd = BELL, .events = POLLIN};\n"
	    "\tchar ring = 0;\n"
	    "\n"
	    "\tfor (int i = 0; i < 3; i++) {\n"
	    "\t\tif (send(BELL, &ring, 1, MSG_DONTWAIT) != 1)\n"
	    "\t\t\treturn;\n"
	    "\t\twhile (poll(&bell, 1, 1000) < 0 && errno == EINTR)\n"
	    "\t\t\t;\n"
	    "\t\twhile (recv(BELL, &ring, 1, MSG_DONTWAIT) == 1)\n"
	    "\t\t\t;\n"
	    "\t}\n"
	    "}\n"
	    "\n"
	    "static int stuck(int n, const char *why)\n"
	    "{\n"
	    "\tdprintf(STDOUT_FILENO, \"%-6s  %s: turn %d does not come\\n\", "
	    "names[session[n].by], why,\n"
	    "\t\tn);\n"
	    "\tlab->differ++;\n"
	    "\texit(finish());\n"
	    "}\n"
	    "\n"
	    "/* The director waits for its turn, and sees to it that the others get on. */\n"
	    "static int watch(void)\n"
	    "{\n"
	    "\tstatic int helped;\n"
	    "\tconst int n = lab->turn;\n"
	    "\tconst enum process who = session[n].by;\n"
	    "\tstruct timespec until_then;\n"
	    "\tint status;\n"
	    "\tchar state;\n"
	    "\n"
	    "\tclock_gettime(CLOCK_REALTIME, &until_then);\n"
	    "\tuntil_then.tv_sec += PATIENCE;\n"
	    "\tif (!sem_timedwait(&lab->baton[me], &until_then))\n"
	    "\t\treturn 0;\n"
	    "\tif (errno != ETIMEDOUT || lab->turn != n || who == me)\n"
	    "\t\treturn -1;\n"
	    "\tstate = state_of(who, &status);\n"
	    "\tif (!state || state == 'Z' || state == 'X')\n"
	    "\t\treturn stuck(n, \"has ended\");\n"
	    "\tif (helped == n)\n"
	    "\t\treturn stuck(n, \"is stuck\");\n"
	    "\thelped = n; /* a call that has not returned by now does so with EINTR */\n"
	    "\tkill(lab->pid[who], SIGRTMIN);\n"
	    "\treturn -1;\n"
	    "}\n"
	    "\n"
	    "static void turn(int n)\n"
	    "{\n"
	    "\twhile (me == DIRECTOR ? watch() : sem_wait(&lab->baton[me]))\n"
	    "\t\t; /* a signal was caught */\n"
	    "\tlab->turn = n;\n"},
	{NEED_BLOCKS, "\t/* Whoever is in a call shall really be blocked. */\n"
		      "\tfor (int who = 1; who < PROCESSES; who++) {\n"
		      "\t\tint status;\n"
		      "\n"
		      "\t\tfor (int ms = 0; lab->blocked[who] && ms < 2000; ms++) {\n"
		      "\t\t\tchar state = state_of((enum process)who, &status);\n"
		      "\n"
		      "\t\t\tif (state != 'R' && state != 'D')\n"
		      "\t\t\t\tbreak;\n"
		      "\t\t\tnap(1);\n"
		      "\t\t}\n"
		      "\t}\n"},
	{0, "\tsettle();\n"
	    "}\n"
	    "\n"
	    "static void pass(int n)\n"
	    "{\n"
	    "\tlab->turn = n + 1;\n"
	    "\tsem_post(&lab->baton[session[n + 1].by]);\n"
	    "}\n"},
	{NEED_ROWS | NEED_LOST,
	 "\n/* A turn's call as the session had it, but with today's port. */\n"
	 "static void show(int n, enum process who)\n"
	 "{\n"
	 "\tconst char *call = session[n].call;\n"},
	{NEED_AT, "\tconst char *port = strstr(call, \"htons(\");\n"
		  "\n"
		  "\tif (port) {\n"
		  "\t\tdprintf(STDOUT_FILENO, \"%-6s  %.*s(%u%s\", names[who],\n"
		  "\t\t\t(int)(port + 5 - call), call, ntohs(at.sin_port), strchr(port, ')'));\n"
		  "\t\treturn;\n"
		  "\t}"},
	{NEED_ROWS | NEED_LOST, "\n"
				"\tdprintf(STDOUT_FILENO, \"%-6s  %s\", names[who], call);\n"
				"}\n"},
	{NEED_CALL | NEED_FORK | NEED_BLOCKS,
	 "\nstatic void print_return(const char *before, long ret, int err)\n"
	 "{\n"
	 "\tif (err)\n"
	 "\t\tdprintf(STDOUT_FILENO, \"%s%ld %s (%s)\", before, ret, strerrorname_np(err),\n"
	 "\t\t\tstrerror(err));\n"
	 "\telse\n"
	 "\t\tdprintf(STDOUT_FILENO, \"%s%ld\", before, ret);\n"
	 "}\n"
	 "\n"
	 "static void report(int n, long ret, int err)\n"
	 "{\n"
	 "\tconst struct turn *was = &session[n];\n"
	 "\tint same = ret == was->ret && err == was->err;\n"
	 "\n"
	 "\tshow(n, me);\n"
	 "\tprint_return(\" = \", ret, err);\n"},
	{NEED_BLOCKS,
	 "\tif (took >= 1000)\n"
	 "\t\tdprintf(STDOUT_FILENO, \"   after %ld.%ld s\", took / 1000, took / 100 % 10);\n"
	 "\telse if (took >= 0)\n"
	 "\t\tdprintf(STDOUT_FILENO, \"   after %ld ms\", took);\n"
	 "\ttook = -1;\n"},
	{NEED_CALL | NEED_FORK | NEED_BLOCKS, "\tdprintf(STDOUT_FILENO, \"\\n\");\n"
					      "\tif (was->how == SOME)\n"
					      "\t\tsame = ret > 0;\n"},
	{NEED_POLL, "\tvalue |= one.revents;\n"
		    "\tone.revents = 0;\n"},
	{NEED_INFO, "\tvalue |= info.tcpi_state;\n"
		    "\tinfo.tcpi_state = 0;\n"},
	{NEED_VALUE, "\tsame = same && value == was->value;\n"
		     "\tvalue = 0;\n"},
	{NEED_DATA, "\tif (same && was->data)\n"
		    "\t\tsame = !memcmp(data, was->data, was->len);\n"},
	{NEED_CALL | NEED_FORK | NEED_BLOCKS,
	 "\tif (same)\n"
	 "\t\treturn;\n"
	 "\tif (was->how != OPEN)\n"
	 "\t\tlab->differ++;\n"
	 "\tprint_return(\"        in the session: \", was->ret, was->err);\n"
	 "\tdprintf(STDOUT_FILENO, \"%s\\n\",\n"
	 "\t\tret == was->ret && err == was->err ? \", and other data or another value\" : \"\");\n"
	 "}\n"},
	{NEED_CALL | NEED_FORK, "\nstatic void returned(int n, long ret)\n"
				"{\n"
				"\treport(n, ret, ret < 0 ? errno : 0);\n"
				"\tpass(n);\n"
				"}\n"},
	{NEED_BLOCKS,
	 "\nstatic long long clock_now(void)\n"
	 "{\n"
	 "\tstruct timespec now;\n"
	 "\n"
	 "\tclock_gettime(CLOCK_MONOTONIC, &now);\n"
	 "\treturn now.tv_sec * 1000000000LL + now.tv_nsec;\n"
	 "}\n"
	 "\n"
	 "static void enter(int n)\n"
	 "{\n"
	 "\tturn(n);\n"
	 "\tshow(n, me);\n"
	 "\tdprintf(STDOUT_FILENO, \"   blocked\\n\");\n"
	 "\tentered = n;\n"
	 "\tentered_at = clock_now();\n"
	 "\tlab->blocked[me] = 1;\n"
	 "\tpass(n);\n"
	 "}\n"
	 "\n"
	 "static void back(int m, long ret)\n"
	 "{\n"
	 "\tint err = ret < 0 ? errno : 0;\n"
	 "\tlong long ns = clock_now() - entered_at;\n"
	 "\n"
	 "\tlab->blocked[me] = 0;\n"
	 "\tif (m) {\n"
	 "\t\tturn(m);\n"
	 "\t\ttook = (long)(ns / 1000000);\n"
	 "\t\treport(m, ret, err);\n"
	 "\t\tpass(m);\n"
	 "\t\treturn;\n"
	 "\t}\n"
	 "\tlab->differ += session[entered].how != OPEN;\n"
	 "\tprint_return(\"        in the session it did not return; here: \", ret, err);\n"
	 "\tdprintf(STDOUT_FILENO, \"\\n\");\n"
	 "}\n"},
	{NEED_DIES, "\nstatic void last(int n)\n"
		    "{\n"
		    "\tturn(n);\n"
		    "\tshow(n, me);\n"
		    "\tdprintf(STDOUT_FILENO, \" = ?\\n\");\n"
		    "\tpass(n);\n"
		    "}\n"
		    "\n"
		    "static void survived(int n)\n"
		    "{\n"
		    "\tdprintf(STDOUT_FILENO, \"        turn %d did not kill it\\n\", n);\n"
		    "}\n"},
	{NEED_LOST, "\nstatic void lost(int n, enum process who)\n"
		    "{\n"
		    "\tturn(n);\n"
		    "\tshow(n, who);\n"
		    "\tdprintf(STDOUT_FILENO, \" = ?\\n\");\n"
		    "\tpass(n);\n"
		    "}\n"},
	{NEED_UNTIL,
	 "\nstatic void until(int n, enum process who, const char *states)\n"
	 "{\n"
	 "\tint status = 0, same = 0;\n"
	 "\tchar state = 0;\n"
	 "\n"
	 "\tturn(n);\n"
	 "\tfor (int ms = 0; ms < 2000 && !same; ms++) {\n"
	 "\t\tstate = state_of(who, &status);\n"
	 "\t\tsame = state ? strchr(states, state) != NULL : *states == 'Z';\n"
	 "\t\tif (!same)\n"
	 "\t\t\tnap(1);\n"
	 "\t}\n"
	 "\tif (*states == 'Z' && state) /* without the bit that says that a core was written */\n"
	 "\t\tsame = same && (status & ~0x80) == session[n].ret;\n"
	 "\tdprintf(STDOUT_FILENO, \"%-6s  pid %d %s%s\\n\", names[who], (int)lab->pid[who],\n"
	 "\t\tsame ? \"\" : \"in the session: \", session[n].call);\n"
	 "\tif (!same && session[n].how != OPEN)\n"
	 "\t\tlab->differ++;\n"},
	{NEED_UNTIL_BLOCKED, "\tif (*states == 'Z')\n"
			     "\t\tlab->blocked[who] = 0;\n"},
	{NEED_UNTIL, "\tpass(n);\n"
		     "}\n"},
	{NEED_CATCHES, "\nstatic void handler(int signo)\n"
		       "{\n"
		       "\t(void)signo;\n"
		       "\tlab->caught[me]++;\n"
		       "}\n"},
	{NEED_CAUGHT,
	 "\nstatic void catches(int n, enum process who)\n"
	 "{\n"
	 "\tstatic int seen[PROCESSES];\n"
	 "\n"
	 "\tturn(n);\n"
	 "\tfor (int ms = 0; ms < 2000 && lab->caught[who] <= seen[who]; ms++)\n"
	 "\t\tnap(1);\n"
	 "\tdprintf(STDOUT_FILENO, \"%-6s  pid %d %s%s\\n\", names[who], (int)lab->pid[who],\n"
	 "\t\tlab->caught[who] > seen[who] ? \"\" : \"in the session: \", session[n].call);\n"
	 "\tif (lab->caught[who] <= seen[who] && session[n].how != OPEN)\n"
	 "\t\tlab->differ++;\n"
	 "\tseen[who]++;\n"
	 "\tpass(n);\n"
	 "}\n"},
	{NEED_INTERRUPT,
	 "\nstatic void interrupt(enum process who)\n"
	 "{\n"
	 "\tfor (int ms = 0; lab->blocked[who] && ms < 2000; ms++) {\n"
	 "\t\tif (ms % 10 == 0) /* the first may come just before the call sleeps */\n"
	 "\t\t\tkill(lab->pid[who], SIGRTMIN);\n"
	 "\t\tnap(1);\n"
	 "\t}\n"
	 "}\n"},
	{NEED_ADDRESS, "\nstatic struct sockaddr *address(enum port port)\n"
		       "{\n"
		       "\tat.sin_family = AF_INET;\n"
		       "\tat.sin_port = lab->port[port];\n"
		       "\tat.sin_addr.s_addr = htonl(INADDR_LOOPBACK);\n"
		       "\treturn (struct sockaddr *)&at;\n"
		       "}\n"},
	{NEED_ROOM, "\nstatic socklen_t *room(size_t size)\n"
		    "{\n"
		    "\tlength = (socklen_t)size;\n"
		    "\treturn &length;\n"
		    "}\n"},
	{NEED_TEXT, "\nstatic const char *text(size_t size)\n"
		    "{\n"
		    "\tstatic char *all;\n"
		    "\tchar *more = realloc(all, size ? size : 1);\n"
		    "\n"
		    "\tif (!more)\n"
		    "\t\texit(2);\n"
		    "\tall = more;\n"
		    "\tfor (size_t i = 0; i < size; i++)\n"
		    "\t\tall[i] = (char)('a' + i % (1 << 20) % 26);\n"
		    "\treturn all;\n"
		    "}\n"},
	{NEED_DRAIN, "\nstatic long drain(int fd, long most)\n"
		     "{\n"
		     "\tstatic char sink[65536];\n"
		     "\tlong total = 0;\n"
		     "\tssize_t got;\n"
		     "\n"
		     "\tdo {\n"
		     "\t\tsize_t want = sizeof(sink);\n"
		     "\n"
		     "\t\tif (most && most - total < (long)want)\n"
		     "\t\t\twant = (size_t)(most - total);\n"
		     "\t\tgot = want ? read(fd, sink, want) : 0;\n"
		     "\t\ttotal += got > 0 ? got : 0;\n"
		     "\t} while (got > 0);\n"
		     "\treturn got < 0 ? -1 : total;\n"
		     "}\n"},
	{NEED_TAKE,
	 "\nstatic void hand(int fd)\n"
	 "{\n"
	 "\tunion {\n"
	 "\t\tstruct cmsghdr head;\n"
	 "\t\tchar room[CMSG_SPACE(sizeof(int))];\n"
	 "\t} control;\n"
	 "\tstruct iovec byte = {.iov_base = (char[]){0}, .iov_len = 1};\n"
	 "\tstruct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};\n"
	 "\n"
	 "\tmemset(&control, 0, sizeof(control));\n"
	 "\tcontrol.head.cmsg_len = CMSG_LEN(sizeof(int));\n"
	 "\tcontrol.head.cmsg_level = SOL_SOCKET;\n"
	 "\tcontrol.head.cmsg_type = SCM_RIGHTS;\n"
	 "\tmemcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));\n"
	 "\tmessage.msg_control = &control;\n"
	 "\tmessage.msg_controllen = sizeof(control);\n"
	 "\tsendmsg(GIVE, &message, 0);\n"
	 "}\n"
	 "\n"
	 "static void take(void)\n"
	 "{\n"
	 "\tchar control[CMSG_SPACE(sizeof(int))], nothing;\n"
	 "\tstruct iovec byte = {.iov_base = &nothing, .iov_len = 1};\n"
	 "\tstruct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = control,\n"
	 "\t\t\t\t .msg_controllen = sizeof(control)};\n"
	 "\n"
	 "\trecvmsg(TAKE, &message, MSG_DONTWAIT);\n"
	 "}\n"},
	{NEED_START | NEED_FORK,
	 "\nstatic pid_t fork_to(enum process who, void (*run)(void))\n"
	 "{\n"
	 "\tpid_t pid = fork();\n"
	 "\n"
	 "\tif (pid) {\n"
	 "\t\tlab->pid[who] = pid;\n"
	 "\t\treturn pid;\n"
	 "\t}\n"
	 "\tif (me == DIRECTOR) /* a server's death is none of its child's */\n"
	 "\t\tprctl(PR_SET_PDEATHSIG, SIGKILL);\n"
	 "\talarm(LIMIT);\n"
	 "\tme = who;\n"
	 "\tlab->pid[me] = getpid();\n"
	 "\trun();\n"
	 "\tfor (;;)\n"
	 "\t\tpause(); /* with its descriptors, until the director ends it */\n"
	 "}\n"},
	{NEED_START, "\n"
		     "static void start(enum process who, void (*run)(void))\n"
		     "{\n"
		     "\tif (fork_to(who, run) < 0) {\n"
		     "\t\tperror(\"fork\");\n"
		     "\t\texit(2);\n"
		     "\t}\n"
		     "}\n"},
	{0, "\n"
	    "static void wake(int signo)\n"
	    "{\n"
	    "\t(void)signo; /* its only work is to make a blocked call return EINTR */\n"
	    "}\n"
	    "\n"
	    "static int fail(const char *what)\n"
	    "{\n"
	    "\tperror(what);\n"
	    "\texit(2);\n"
	    "}\n"},
	{NEED_ADDRESS, "\n/* A free port below those that the kernel gives to clients. */\n"
		       "static in_port_t port_free(void)\n"
		       "{\n"
		       "\tstatic unsigned next;\n"
		       "\n"
		       "\tfor (unsigned tries = 0; tries < 10000; tries++) {\n"
		       "\t\tstruct sockaddr_in any = {.sin_family = AF_INET};\n"
		       "\t\tint fd = socket(AF_INET, SOCK_STREAM, 0), taken;\n"
		       "\n"
		       "\t\tany.sin_port = htons((in_port_t)(20000 + ((unsigned)getpid() * 7 + "
		       "next++) % 10000));\n"
		       "\t\tany.sin_addr.s_addr = htonl(INADDR_LOOPBACK);\n"
		       "\t\ttaken = bind(fd, (struct sockaddr *)&any, sizeof(any));\n"
		       "\t\tclose(fd);\n"
		       "\t\tif (!taken)\n"
		       "\t\t\treturn any.sin_port;\n"
		       "\t}\n"
		       "\treturn (in_port_t)fail(\"no free port\");\n"
		       "}\n"},
	{0, "\nstatic void begin(void)\n"
	    "{\n"
	    "\tstruct sockaddr_in self = {.sin_family = AF_INET};\n"
	    "\tstruct sigaction waking = {.sa_handler = wake};\n"
	    "\tsocklen_t size = sizeof(self);\n"
	    "\tsigset_t none;\n"
	    "\tcpu_set_t here;\n"
	    "\tint fd;\n"
	    "\n"
	    "\t/* Whatever it was started with: the session began with all signals at their "
	    "default, and\n"
	    "\t * its first descriptor was 3. */\n"
	    "\tfor (int i = 1; i < NSIG; i++)\n"
	    "\t\tsignal(i, SIG_DFL);\n"
	    "\tsigaction(SIGRTMIN, &waking, NULL);\n"
	    "\tsigemptyset(&none);\n"
	    "\tsigprocmask(SIG_SETMASK, &none, NULL);\n"
	    "\tfor (fd = 3; fd <= TAKE; fd++)\n"
	    "\t\tclose(fd);\n"
	    "\tlab = mmap(NULL, sizeof(*lab), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, "
	    "-1, 0);\n"
	    "\tif (lab == MAP_FAILED)\n"
	    "\t\tfail(\"mmap\");\n"
	    "\tfor (int i = 0; i < PROCESSES; i++)\n"
	    "\t\tsem_init(&lab->baton[i], 1, 0);\n"
	    "\tCPU_ZERO(&here);\n"
	    "\tCPU_SET((size_t)sched_getcpu(), &here);\n"
	    "\tsched_setaffinity(0, sizeof(here), &here);\n"
	    "\tself.sin_addr.s_addr = htonl(INADDR_LOOPBACK);\n"
	    "\tfd = socket(AF_INET, SOCK_DGRAM, 0);\n"
	    "\tif (fd < 0 || bind(fd, (struct sockaddr *)&self, size) ||\n"
	    "\t    getsockname(fd, (struct sockaddr *)&self, &size) ||\n"
	    "\t    connect(fd, (struct sockaddr *)&self, size) || dup2(fd, BELL) < 0)\n"
	    "\t\tfail(\"127.0.0.1\");\n"
	    "\tclose(fd);\n"},
	{NEED_TAKE,
	 "\t{\n"
	 "\t\tint ends[2];\n"
	 "\n"
	 "\t\tif (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) || dup2(ends[0], GIVE) < 0 ||\n"
	 "\t\t    dup2(ends[1], TAKE) < 0)\n"
	 "\t\t\tfail(\"socketpair\");\n"
	 "\t\tclose(ends[0]);\n"
	 "\t\tclose(ends[1]);\n"
	 "\t}\n"},
	{NEED_ADDRESS, "\tfor (int i = 0; i < PORTS; i++)\n"
		       "\t\tlab->port[i] = port_free();\n"},
	{0, "}\n"
	    "\n"
	    "static int finish(void)\n"
	    "{\n"
	    "\tfor (int who = 1; who < PROCESSES; who++) {\n"
	    "\t\tint status;\n"
	    "\n"
	    "\t\tif (lab->pid[who] > 0 && state_of((enum process)who, &status))\n"
	    "\t\t\tkill(lab->pid[who], SIGKILL);\n"
	    "\t}\n"
	    "\twhile (wait(NULL) > 0 || errno == EINTR)\n"
	    "\t\t;\n"
	    "\tif (lab->differ)\n"
	    "\t\tprintf(\"%d did not do what they did in the session\\n\", lab->differ);\n"
	    "\treturn lab->differ ? 1 : 0;\n"
	    "}\n"},
};

static void pieces_write(const struct program *program, const struct piece *pieces, size_t count,
			 FILE *out)
{
	for (size_t i = 0; i < count; i++)
		if (!pieces[i].needs || (program->needs & pieces[i].needs))
			fputs(pieces[i].text, out);
}
#define PIECES_WRITE(program, pieces, out) \
	pieces_write(program, pieces, sizeof(pieces) / sizeof((pieces)[0]), out)

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

void runtime_define(const struct program *program, FILE *out)
{
	const long long patience = program->wired ? 1 : program->longest / NS_PER_S + 3;

	fprintf(out,
		"\n/* Seconds: after which a call is woken; after which all is over, whatever "
		"happens. "
		"*/\nenum { PATIENCE = %lld, LIMIT = %lld };\n",
		patience, 300 + program->waits / NS_PER_S + patience);
	PIECES_WRITE(program, definitions, out);
}
