/* SPDX-License-Identifier: GPL-3.0-or-later */
/* command.c - the table of commands, and one of them from a line. */
#include "grammar.h"

#include <stdlib.h>
#include <string.h>

#define WITHIN (2 * NS_PER_S)	     /* how long a condition is awaited */
#define WITHIN_NOT (200 * NS_PER_MS) /* how long `expect not` must hold */

#define PLACE_NONE ""
#define PLACE_ANY "SIDE "
#define PLACE_HOST "SIDE "
#define PLACE_CLIENT "client "
#define PLACE_SERVER "server "
#define ROW(op, who, verb, rest, flags, group, help, more, man)                                  \
	{                                                                                        \
		OP_##op, WHO_##who, verb, {PLACE_##who verb rest, help, group, more, man}, flags \
	}
#define ACT ROW_ACTS
#define SCREEN ROW_SCREEN
#define WIRE (ROW_WIRE | ROW_ACTS)
#define OPTION(verb, rest, help, more, man) \
	ROW(SET, ANY, "set " verb, " " rest, ACT, "Socket options", help, more, man)

static const struct row rows[] = {
	/* The lab */
	ROW(LINK, NONE, "link", " loopback|wire", ACT, "Lab",
	    "choose the link; starts the lab afresh",
	    "loopback: both ends on one host, 127.0.0.1. wire: a host each, and every segment "
	    "between them in your hand.",
	    ""),
	ROW(OPEN, NONE, "open", " [tcp|socketpair|pipe]", ACT, "Lab",
	    "the usual calls up to a connected pair",
	    "TCP if nothing is said, on a free port. In a pipe the client writes and the server "
	    "reads; a pipe or a socketpair needs both on one host, so not on the wire.",
	    ""),
	ROW(RESET, NONE, "reset", "", ACT, "Lab",
	    "new processes, a mended wire, the sysctls kept, then open", "", ""),
	ROW(SYSCTL, NONE, "sysctl", " NAME [VALUE]", ACT, "Lab",
	    "show or set a net.ipv4.tcp_* of the private hosts",
	    "Nothing outside the lab changes. A value of several words goes in double quotes.",
	    "tcp(7)"),

	/* Calls */
	ROW(LISTEN, SERVER, "listen", " [PORT] [backlog N]", ACT, "Calls",
	    "socket, bind and listen", "Without SO_REUSEADDR, unless it was set before.",
	    "listen(2)"),
	ROW(CONNECT, CLIENT, "connect", " [PORT] [nonblock]", ACT, "Calls",
	    "socket and connect, to the server's port if none is given", "", "connect(2)"),
	ROW(ACCEPT, SERVER, "accept", "", ACT, "Calls", "take a connection from the queue", "",
	    "accept(2)"),
	ROW(WRITE, ANY, "write", " DATA|SIZE", ACT, "Calls", "write(2) these bytes, or this many",
	    "", "write(2)"),
	ROW(SEND, ANY, "send", " DATA|SIZE [nosignal] [dontwait] [oob]", ACT, "Calls",
	    "send(2), with MSG_NOSIGNAL, MSG_DONTWAIT, MSG_OOB",
	    "nosignal: EPIPE without a SIGPIPE.", "send(2)"),
	ROW(READ, ANY, "read", " [N]", ACT, "Calls", "read(2) at most N bytes, 4096 if left out",
	    "", "read(2)"),
	ROW(RECV, ANY, "recv", " [N] [peek] [dontwait]", ACT, "Calls",
	    "recv(2), with MSG_PEEK, MSG_DONTWAIT", "", "recv(2)"),
	ROW(DRAIN, ANY, "drain", " [N]", ACT, "Calls", "read until the end of file, or N bytes",
	    "The other half of a bulk transfer: many reads told as one.", "read(2)"),
	ROW(POLL, ANY, "poll", " [in] [out] [rdhup] [TIMEOUT]", ACT, "Calls",
	    "poll(2) and its revents; without a time it waits",
	    "ERR and HUP are reported whether asked for or not.", "poll(2)"),
	ROW(SHUTDOWN, ANY, "shutdown", " rd|wr|rdwr", ACT, "Calls",
	    "end one direction, or both; the descriptor stays",
	    "wr sends the FIN at once, whoever else has the socket.", "shutdown(2)"),
	ROW(CLOSE, ANY, "close", " [listen]", ACT, "Calls",
	    "close the connection's descriptor, or the listener's",
	    "After dup it closes the older. The FIN goes when the last one is closed.", "close(2)"),
	ROW(DUP, ANY, "dup", "", ACT, "Calls", "a second descriptor for the same socket", "",
	    "dup(2)"),
	ROW(FORK, SERVER, "fork", "", ACT, "Calls", "make the child, which shares the descriptors",
	    "As a forking server does; the server gets the SIGCHLD.", "fork(2)"),

	/* Socket options */
	OPTION("linger", "off|SECONDS", "what close does with unsent data",
	       "0: close sends a RST at once and throws unsent data away.", "socket(7)"),
	OPTION("keepalive", "on|off", "probe an idle peer", "", "tcp(7)"),
	OPTION("keepalive", "[idle TIME] [interval TIME] [count N]", "... and how often",
	       "Turns it on. The kernel counts in whole seconds.", "tcp(7)"),
	OPTION("rcvtimeo", "TIME", "how long a read may block; then EAGAIN", "0: for ever.",
	       "socket(7)"),
	OPTION("sndtimeo", "TIME", "how long a write may block; then EAGAIN", "0: for ever.",
	       "socket(7)"),
	OPTION("user-timeout", "TIME", "how long sent data may stay unacknowledged",
	       "Then the connection ends with ETIMEDOUT. 0: the kernel's own limits.", "tcp(7)"),
	OPTION("nodelay", "on|off", "send small segments at once: no Nagle", "", "tcp(7)"),
	OPTION("cork", "on|off", "send full segments only", "", "tcp(7)"),
	OPTION("nonblock", "on|off", "EAGAIN instead of blocking", "O_NONBLOCK, by fcntl.",
	       "fcntl(2)"),
	OPTION("rcvbuf", "SIZE", "receive buffer; the kernel doubles it", "", "socket(7)"),
	OPTION("sndbuf", "SIZE", "send buffer; the kernel doubles it", "", "socket(7)"),
	OPTION("linger2", "TIME", "how long an orphan stays in FIN_WAIT2",
	       "The kernel counts in whole seconds.", "tcp(7)"),
	OPTION("reuseaddr", "on|off", "bind although an old connection is in TIME_WAIT",
	       "Set it before listen; the old listener must have had it too.", "socket(7)"),
	ROW(GET, ANY, "get", " OPTION", ACT, "Socket options", "getsockopt(2): what it is now",
	    "`get error` takes the pending error away, as SO_ERROR does.", "getsockopt(2)"),

	/* Processes */
	ROW(SIGNAL, ANY, "signal", " SIGNAL default|ignore|catch [restart]", ACT, "Processes",
	    "what the process does on a signal, SIGPIPE above all",
	    "restart is SA_RESTART: a blocked call goes on instead of failing with EINTR.",
	    "sigaction(2)"),
	ROW(KILL, ANY, "kill", " [SIGNAL]", ACT, "Processes",
	    "send the process a signal, SIGTERM if none is given", "", "kill(2)"),
	ROW(EXIT, ANY, "exit", " [STATUS]", ACT, "Processes",
	    "the process exits, with status 0 if none is given",
	    "The kernel closes its descriptors.", "exit(3)"),
	ROW(STOP, ANY, "stop", "", ACT, "Processes", "freeze the process (SIGSTOP)",
	    "Its kernel goes on acknowledging: this is not a crash.", "signal(7)"),
	ROW(CONT, ANY, "cont", "", ACT, "Processes", "let it go on (SIGCONT)", "", "signal(7)"),
	ROW(INTERRUPT, ANY, "interrupt", "", ACT, "Processes",
	    "wake the process from its blocking call", "The call fails with EINTR.", "signal(7)"),

	/* The wire */
	ROW(WIRE_CUT, NONE, "wire cut", "", WIRE, "Wire", "cut the cable: nothing gets across", "",
	    ""),
	ROW(WIRE_MEND, NONE, "wire mend", "", WIRE, "Wire",
	    "end hold, cut, delay, loss and unreachable; deliver what was held", "", ""),
	ROW(WIRE_HOLD, NONE, "wire hold", " [SIDE]", WIRE, "Wire",
	    "stop every segment (from SIDE) in mid-wire", "", ""),
	ROW(WIRE_RELEASE, NONE, "wire release", " [SIDE] [N|all] [segment ID]", WIRE, "Wire",
	    "deliver held segments, the oldest first; 1 if no number is given",
	    "Waits up to 2 s for N segments; `all` takes what is there. Retransmissions of a "
	    "segment that has already arrived come after all others.",
	    ""),
	ROW(WIRE_DROP, NONE, "wire drop", " [SIDE] [N|all] [segment ID]", WIRE, "Wire",
	    "lose held segments", "Where nothing is on hold: the next N.", ""),
	ROW(WIRE_DUPLICATE, NONE, "wire duplicate", " [SIDE] [N|all] [segment ID]", WIRE, "Wire",
	    "deliver held segments twice", "Where nothing is on hold: the next N.", ""),
	ROW(WIRE_REORDER, NONE, "wire reorder", " [SIDE]", WIRE, "Wire",
	    "let the second held segment go before the first", "", ""),
	ROW(WIRE_DELAY, NONE, "wire delay", " TIME", WIRE, "Wire",
	    "every segment takes this long; 0: none", "", ""),
	ROW(WIRE_LOSS, NONE, "wire loss", " PERCENT", WIRE, "Wire",
	    "lose this share of the segments; seeded, so a run repeats", "", ""),
	ROW(WIRE_UNREACHABLE, NONE, "wire unreachable", " host|net|port|off", WIRE, "Wire",
	    "answer segments with ICMP, as a router would", "", "icmp(7)"),
	ROW(CRASH, HOST, "crash", "", WIRE, "Wire", "the side's host is gone: no FIN, no answer",
	    "", ""),
	ROW(REBOOT, HOST, "reboot", "", WIRE, "Wire",
	    "the host is back, and its kernel knows no connection: RST", "", ""),
	ROW(POWEROFF, HOST, "poweroff", " [GRACE]", WIRE, "Wire",
	    "shut the host down: SIGTERM, the grace time, SIGKILL", "", ""),

	/* Checks */
	ROW(WAIT, NONE, "wait", " TIME", 0, "Checks", "let this time pass", "", ""),
	ROW(WAIT_UNTIL, NONE, "wait until", " CONDITION [within TIME]", 0, "Checks",
	    "wait for a condition, 2 s if no time is given", "", ""),
	ROW(EXPECT, NONE, "expect", " CONDITION [within TIME] [already]", 0, "Checks",
	    "journal whether it comes to hold, within 2 s if no time is given",
	    "already: it may be true before the step begins.", ""),
	ROW(EXPECT_NOT, NONE, "expect not", " CONDITION [for TIME]", 0, "Checks",
	    "journal whether it stays false, for 200 ms if no time is given", "", ""),

	/* The screen's own */
	ROW(NEXT, NONE, "next", "", SCREEN, "Screen", "go on: the next event or lesson step", "",
	    ""),
	ROW(BACK, NONE, "back", "", SCREEN, "Screen", "rewind the view; the kernel stays live", "",
	    ""),
	ROW(END, NONE, "end", "", SCREEN, "Screen", "return the view to now", "", ""),
	ROW(AGAIN, NONE, "again", " [STEP]", SCREEN, "Screen", "replay the lesson up to a step",
	    "On a fresh pair, and without a stop; then the step is the reader's, as if it had "
	    "never "
	    "been played. F6 lists the steps.",
	    ""),
	ROW(LESSON, NONE, "lesson", " [NAME]", SCREEN, "Screen",
	    "begin a lesson, by name or number; without, the list",
	    "A part of the name will do where no other lesson has it; a page has a letter. A file "
	    "of commands, FILE.lab, is a lesson too: a step a paragraph.",
	    ""),
	ROW(LEAVE, NONE, "leave", "", SCREEN, "Screen",
	    "leave the lesson for the free lab, with the connection as it is",
	    "`next` comes back: to where it was, or, if the lab was changed meanwhile, by playing "
	    "the steps before again on a fresh pair.",
	    ""),
	ROW(HINT, NONE, "hint", "", SCREEN, "Screen", "show the step's hint, if it has one", "",
	    ""),
	ROW(PLAY, NONE, "play", " [TIME]", SCREEN, "Screen",
	    "go on by itself, every 5 s or as it is said",
	    "A step counts from when it was done, and a question waits as long before it is "
	    "played. In the past it moves towards now. It stops at the end; a key that goes back, "
	    "answers or types pauses it. From 200ms to 3600s.",
	    ""),
	ROW(PAUSE, NONE, "pause", "", SCREEN, "Screen", "no longer go on by itself", "", ""),
	ROW(SAVE, NONE, "save", " NAME", SCREEN, "Screen",
	    "save the session: NAME.jsonl .pcap .md .c",
	    "jsonl: the journal, a JSON object a line; `bothends replay` opens it. pcap: the "
	    "segments, for tcpdump and Wireshark. md: a transcript, to read and to hand out. c: a "
	    "program that makes the same calls. Existing files are left alone.",
	    ""),
	ROW(SAVE_OVER, NONE, "save!", " NAME", SCREEN, "Screen",
	    "the same, and write over files of that name", "", ""),
	ROW(FOCUS, NONE, "focus", " SIDE", SCREEN, "Screen",
	    "the side that commands without one go to", "", ""),
	ROW(HELP, NONE, "help", " [WORD]", SCREEN, "Screen", "all commands, or what a word means",
	    "", ""),
	ROW(EXPLAIN, NONE, "explain", " [WORD]", SCREEN, "Screen",
	    "what a number of the panels is, or the cursor on them",
	    "What it is, what its value means now, what makes it change, where the kernel keeps "
	    "it, "
	    "which command shows it outside the lab. F7 puts a cursor on the panels: the arrows "
	    "move "
	    "it from number to number.",
	    ""),
	ROW(QUIT, NONE, "quit", "", SCREEN, "Screen", "end the lab and all its processes", "", ""),
};

const struct row *command_row(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

/* `sysctl tcp_x` means net.ipv4.tcp_x: give the executor the whole name. */
static void command_complete_name(struct command *command)
{
	for (unsigned i = 0; command->op == OP_SYSCTL && i < command->nargs; i++) {
		struct arg *arg = &command->args[i];
		char *whole;

		if (strcmp(arg->name, "NAME") != 0 || !strncmp(arg->text, "net.", 4))
			continue;
		whole = xasprintf("net.ipv4.%s", arg->text);
		free(arg->text);
		arg->text = whole;
		arg->len = strlen(whole);
	}
}

static void command_take(struct command *command, const struct match *match, const char *line)
{
	const struct tokens *tokens = match->tokens;
	const struct row *row = match->command.row;

	command->op = (enum op)row->id;
	command->verb = row->verb;
	command->side = match->command.side;
	command->nargs = args_take(command->args, &match->command, tokens);
	command->screen = row->flags & ROW_SCREEN;
	command->wire = row->flags & ROW_WIRE;
	command->acts = row->flags & ROW_ACTS;
	command->already = command_has(command, "already");
	command->text = xstrndup(line + tokens->begin, tokens->end - tokens->begin);
	if (command->op == OP_EXPECT || command->op == OP_WAIT_UNTIL)
		command->within = command_num(command, "within", WITHIN);
	if (command->op == OP_EXPECT_NOT)
		command->within = command_num(command, "for", WITHIN_NOT);
	if (match->condition.row)
		condition_take(&command->cond, &match->condition, tokens, line);
	command_complete_name(command);
}

int command_parse(const char *line, size_t len, enum side focus, struct command *command,
		  struct err *err)
{
	struct tokens tokens;
	struct match match;
	int result = 0;

	memset(command, 0, sizeof(*command));
	command->verb = "";
	command->side = command->cond.side = SIDE_NONE;
	command->cond.row = -1;
	if (tokens_split(&tokens, line, len, err) < 0)
		result = -1;
	else if (!tokens.count)
		command->text = xstrdup("");
	else if (!grammar_match(&match, &tokens, focus, false))
		result = grammar_explain(&match, err);
	else
		command_take(command, &match, line);
	tokens_clear(&tokens);
	return result;
}

void command_copy(struct command *to, const struct command *from)
{
	*to = *from;
	args_copy(to->args, from->args, from->nargs);
	condition_copy(&to->cond, &from->cond);
	to->text = from->text ? xstrdup(from->text) : NULL;
}

void command_clear(struct command *command)
{
	args_free(command->args, &command->nargs);
	condition_clear(&command->cond);
	free(command->text);
	command->text = NULL;
	command->op = OP_NONE;
}

bool command_has(const struct command *command, const char *name)
{
	return command_arg(command, name) != NULL;
}

int64_t command_num(const struct command *command, const char *name, int64_t otherwise)
{
	const struct arg *arg = command_arg(command, name);

	return arg ? arg->num : otherwise;
}

const struct arg *command_arg(const struct command *command, const char *name)
{
	return args_find(command->args, command->nargs, name);
}
