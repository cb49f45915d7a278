/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explanation.c - what each number and word of a panel is, and where the kernel keeps it.
 *
 * What tcp_info, a socket option, a state, an errno, a signal or a poll event is stands in their
 * own tables; here stand the numbers that are none of these. Members and files as in Linux 6.
 */
#include "lab.h"
#include "topic.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct explanation rows[] = {
	{"recvq", "Recv-Q", "bytes",
	 "What has arrived in order and the process has not read. A FIN counts as 1.",
	 "a segment with data, or a FIN: up; read and recv: down",
	 "struct tcp_sock::rcv_nxt less copied_seq (net/ipv4/tcp_diag.c)",
	 "sock_diag's idiag_rqueue", "ss -tn", "ss(8)", ""},
	{"sendq", "Send-Q", "bytes",
	 "What the process has written and the peer has not acknowledged: sent or not. A FIN "
	 "counts "
	 "as 1.",
	 "write, send, close: up; an ACK: down",
	 "struct tcp_sock::write_seq less snd_una (net/ipv4/tcp_diag.c)",
	 "sock_diag's idiag_wqueue", "ss -tn", "ss(8)", ""},
	{"accept-queue", "waiting for accept", "connections",
	 "Connections whose handshake is done and that accept has not returned yet.",
	 "a handshake's last ACK: up; accept: down",
	 "struct sock::sk_ack_backlog (net/ipv4/tcp_diag.c)", "sock_diag's idiag_rqueue",
	 "ss -tln, Recv-Q", "listen(2)", ""},
	{"backlog", "backlog", "connections",
	 "How many connections may wait for accept; one more SYN than fits is dropped, and the "
	 "peer "
	 "tries again.",
	 "listen alone; the sysctl net.core.somaxconn bounds it",
	 "struct sock::sk_max_ack_backlog (net/ipv4/tcp_diag.c)", "sock_diag's idiag_wqueue",
	 "ss -tln, Send-Q", "listen(2)", ""},
	{"fd", "fd", "",
	 "A file descriptor: the number by which the process knows its socket. The connection ends "
	 "with the last descriptor for it, not with the process's first close.",
	 "socket, accept, dup and fork: one more; close: one less",
	 "struct fdtable::fd, in the process's struct files_struct (include/linux/fdtable.h)",
	 "/proc/PID/fd", "ls -l /proc/PID/fd", "close(2)", ""},
	{"poll", "poll", "",
	 "What poll would say of this descriptor now, whatever it was asked for.",
	 "data, FIN and RST of the peer; room in the send buffer",
	 "nowhere: tcp_poll() works it out each time (net/ipv4/tcp.c)", "poll(2), epoll(7)",
	 "strace -e poll -p PID", "poll(2)", ""},
	{"timer", "timer", "",
	 "What the kernel will do by itself and when: on (send again), keepalive (probe an idle "
	 "peer), persist (probe a closed window), timewait (forget the connection), off (nothing).",
	 "data sent: on; its ACK: off; close: timewait; options and windows: the others",
	 "struct inet_connection_sock::icsk_pending, struct sock::sk_timer (net/ipv4/inet_diag.c)",
	 "sock_diag's idiag_timer", "ss -tno", "ss(8)", ""},
	{"expires", "expires", "seconds", "How long until the timer does what it is for.",
	 "time; each time it is set it begins anew",
	 "struct inet_connection_sock::icsk_timeout, or sk_timer.expires (net/ipv4/inet_diag.c)",
	 "sock_diag's idiag_expires", "ss -tno", "ss(8)", ""},
	{"retry", "retry", "times",
	 "How often in a row this was sent, or probed, again without an answer.",
	 "the timer runs out: one up; an answer: to 0",
	 "struct inet_connection_sock::icsk_retransmits, or icsk_probes_out "
	 "(net/ipv4/inet_diag.c)",
	 "sock_diag's idiag_retrans", "ss -tno", "tcp(7)", ""},
	{"gives-up", "gives up", "seconds",
	 "How long the kernel goes on trying if no answer comes. Then it ends the connection, and "
	 "the "
	 "process learns ETIMEDOUT. Reckoned by the lab, good to a second or so.",
	 "time; an answer; sysctl tcp_retries2, tcp_orphan_retries, tcp_syn_retries, "
	 "tcp_synack_retries",
	 "nowhere: tcp_write_timeout() works it out (net/ipv4/tcp_timer.c)",
	 "nothing: it is reckoned", "sysctl net.ipv4.tcp_retries2", "tcp(7)", ""},
	{"port", "port", "", "This end's TCP port, by which segments find the socket.",
	 "bind, or connect, which takes a free one",
	 "struct inet_sock::inet_sport (include/net/inet_sock.h)", "getsockname(2)", "ss -tn",
	 "ip(7)", ""},
	{"peer", "peer", "", "The other end's TCP port.", "connect, or the SYN that came",
	 "struct inet_sock::inet_dport (include/net/inet_sock.h)", "getpeername(2)", "ss -tn",
	 "ip(7)", ""},
	{"pid", "pid", "", "The process that makes this side's calls: a real one.",
	 "`reset`, `server fork`", "struct task_struct::tgid (include/linux/sched.h)", "getpid(2)",
	 "ps -p PID", "getpid(2)", ""},
	{"process", "process", "",
	 "What the process is: alive, stopped (frozen, but its kernel goes on), exited or killed.",
	 "exit, a signal, `SIDE stop`, `SIDE cont`",
	 "struct task_struct::__state, exit_state, exit_code (include/linux/sched.h)",
	 "/proc/PID/status, wait(2)", "ps -o pid,stat -p PID", "wait(2)", ""},
	{"call", "call", "", "The last call that the process made, and what it returned.",
	 "each call", "nowhere: it is what the kernel gave back", "the call's own return",
	 "strace -p PID", "syscalls(2)", ""},
	{"blocked", "blocked", "seconds",
	 "The process waits inside this call, and for how long by now. Nothing else of it goes on.",
	 "what the call waits for: data, room, a connection, a time limit, a signal",
	 "struct task_struct::__state; sk_wait_data() and its like (net/core/sock.c)",
	 "/proc/PID/syscall", "strace -p PID", "signal(7)", ""},
	{"stopped", "stopped", "",
	 "SIGSTOP has frozen the process. Its kernel goes on: segments are acknowledged, and "
	 "Recv-Q "
	 "grows.",
	 "SIGSTOP and SIGCONT: `SIDE stop`, `SIDE cont`",
	 "struct task_struct::__state is TASK_STOPPED (include/linux/sched.h)", "/proc/PID/status",
	 "ps -o pid,stat -p PID", "signal(7)", ""},
	{"exit-status", "status", "",
	 "What the process left behind when it ended by itself; its parent reads it.", "exit alone",
	 "struct task_struct::exit_code (include/linux/sched.h)", "wait(2)",
	 "ps -o pid,stat -p PID", "wait(2)", ""},
	{"host", "host", "",
	 "The side's host is down: its kernel, and all it knew of the connection, is gone. Nobody "
	 "answers, not even with RST.",
	 "`SIDE crash`, `SIDE poweroff`; `SIDE reboot` brings it back",
	 "a network namespace: struct net (include/net/net_namespace.h)", "nothing: it is silent",
	 "ip netns", "network_namespaces(7)", ""},
	{"gone", "gone", "",
	 "The kernel has forgotten the connection; a segment for it draws RST. A descriptor for it "
	 "may still be open.",
	 "a RST; the end of LAST_ACK or TIME_WAIT; a time limit",
	 "no longer in the table of connections (net/ipv4/inet_hashtables.c)",
	 "sock_diag answers ENOENT", "ss -tan", "tcp(7)", ""},
	{"orphan", "orphan", "",
	 "The kernel still has the connection, but no process has a descriptor for it.",
	 "the last close; it ends with the connection, or when the kernel gives up",
	 "struct sock::sk_socket is NULL, flag SOCK_DEAD (include/net/sock.h)",
	 "sock_diag's idiag_inode is 0", "ss -tanp, /proc/net/sockstat", "tcp(7)", ""},
	{"unaccepted", "unaccepted", "",
	 "The connection is open, and waits in the listener's queue: accept has not returned it.",
	 "accept",
	 "struct request_sock::sk, in the listener's icsk_accept_queue "
	 "(include/net/request_sock.h)",
	 "sock_diag's idiag_inode is 0", "ss -tln, Recv-Q", "accept(2)", ""},
	{"inferred", "inferred", "",
	 "Nobody looked while the connection was in this state: it follows from the segments seen.",
	 "the next look", "struct sock::sk_state, passed through between two looks", "the capture",
	 "tcpdump -i lo", "tcp(7)", ""},
	{"no-socket", "no socket yet", "", "The process has not made a socket yet.", "socket",
	 "nowhere", "/proc/PID/fd", "ls -l /proc/PID/fd", "socket(2)", ""},
	{"closed", "closed", "",
	 "The process has closed this descriptor: a call on it fails with EBADF. What becomes of "
	 "the "
	 "connection is the kernel's business.",
	 "close, exit, a signal that kills", "the number is free in struct fdtable::fd",
	 "/proc/PID/fd", "ls -l /proc/PID/fd", "close(2)", ""},
	{"no-info", "no tcp_info", "",
	 "In SYN_RECV, in TIME_WAIT and as an orphan in FIN_WAIT2 the kernel keeps a small "
	 "substitute "
	 "of the socket, which has no tcp_info.",
	 "the state", "struct tcp_request_sock, struct tcp_timewait_sock (include/linux/tcp.h)",
	 "sock_diag sends no INET_DIAG_INFO", "ss -tani", "tcp(7)", ""},
	{"socketpair", "socketpair", "",
	 "Two sockets of one kernel, joined: no segments, so each end knows at once what the other "
	 "did.",
	 "close", "struct unix_sock::peer (include/net/af_unix.h)", "/proc/PID/fd", "ss -x",
	 "unix(7)", ""},
	{"pipe", "pipe", "",
	 "One way, in one kernel, no segments: the writer learns at once that the reader is gone.",
	 "close", "struct pipe_inode_info (include/linux/pipe_fs_i.h)", "/proc/PID/fd",
	 "ls -l /proc/PID/fd", "pipe(7)", ""},
	{"rmem", "received", "bytes",
	 "Memory that received segments take: more than their data, for each brings its own "
	 "record.",
	 "a segment with data: up; read: down",
	 "struct sock::sk_rmem_alloc (sk_get_meminfo() in net/core/sock.c)",
	 "SK_MEMINFO_RMEM_ALLOC", "ss -tm, r", "ss(8)", ""},
	{"rcvbuf", "rcvbuf", "bytes",
	 "The most that received segments may take; it bounds the window that the peer is offered.",
	 "`SIDE set rcvbuf`; otherwise it grows with the transfer, up to tcp_rmem",
	 "struct sock::sk_rcvbuf (sk_get_meminfo() in net/core/sock.c)", "SK_MEMINFO_RCVBUF",
	 "ss -tm, rb", "socket(7)", ""},
	{"wmem", "in flight", "bytes",
	 "Memory that sent segments take below TCP, on their way out.",
	 "a segment sent: up; handed over by the device: down",
	 "struct sock::sk_wmem_alloc (sk_get_meminfo() in net/core/sock.c)",
	 "SK_MEMINFO_WMEM_ALLOC", "ss -tm, t", "ss(8)", ""},
	{"sndbuf", "sndbuf", "bytes",
	 "The most that unacknowledged data may take; beyond it write blocks.",
	 "`SIDE set sndbuf`; otherwise it grows with the congestion window, up to tcp_wmem",
	 "struct sock::sk_sndbuf (sk_get_meminfo() in net/core/sock.c)", "SK_MEMINFO_SNDBUF",
	 "ss -tm, tb", "socket(7)", ""},
	{"fwd-alloc", "reserved", "bytes", "Memory set aside for this socket and not in use.",
	 "whole pages are taken and given back as data comes and goes",
	 "struct sock::sk_forward_alloc (sk_get_meminfo() in net/core/sock.c)",
	 "SK_MEMINFO_FWD_ALLOC", "ss -tm, f", "ss(8)", ""},
	{"wmem-queued", "queued", "bytes",
	 "Memory that data takes in the send queue until the peer has acknowledged it.",
	 "write: up; an ACK: down",
	 "struct sock::sk_wmem_queued (sk_get_meminfo() in net/core/sock.c)",
	 "SK_MEMINFO_WMEM_QUEUED", "ss -tm, w", "ss(8)", ""},
	{"optmem", "options", "bytes", "Memory that socket options and filters take.", "setsockopt",
	 "struct sock::sk_omem_alloc (sk_get_meminfo() in net/core/sock.c)", "SK_MEMINFO_OPTMEM",
	 "ss -tm, o", "ss(8)", ""},
	{"sock-backlog", "waiting", "bytes",
	 "What has come while a process was inside a call on the socket; it is taken in right "
	 "after.",
	 "a segment during a call: up; the call's end: to 0",
	 "struct sock::sk_backlog.len (sk_get_meminfo() in net/core/sock.c)", "SK_MEMINFO_BACKLOG",
	 "ss -tm, bl", "ss(8)", ""},
	{"drops", "dropped", "segments", "Segments that came and were thrown away here.",
	 "a full buffer, a wrong checksum, a number outside the window",
	 "struct sock::sk_drops (sk_get_meminfo() in net/core/sock.c)", "SK_MEMINFO_DROPS",
	 "ss -tm, d", "ss(8)", ""},
};

/* Where a socket's options are kept. */
static const struct {
	const char *name, *kernel;
} options[] = {
	{"error", "struct sock::sk_err (include/net/sock.h)"},
	{"linger", "struct sock::sk_lingertime, flag SOCK_LINGER (include/net/sock.h)"},
	{"keepalive", "flag SOCK_KEEPOPEN of struct sock::sk_flags (include/net/sock.h)"},
	{"keepidle", "struct tcp_sock::keepalive_time (include/linux/tcp.h)"},
	{"keepintvl", "struct tcp_sock::keepalive_intvl (include/linux/tcp.h)"},
	{"keepcnt", "struct tcp_sock::keepalive_probes (include/linux/tcp.h)"},
	{"rcvtimeo", "struct sock::sk_rcvtimeo (include/net/sock.h)"},
	{"sndtimeo", "struct sock::sk_sndtimeo (include/net/sock.h)"},
	{"user-timeout", "struct inet_connection_sock::icsk_user_timeout "
			 "(include/net/inet_connection_sock.h)"},
	{"nodelay", "struct tcp_sock::nonagle, TCP_NAGLE_OFF (include/linux/tcp.h)"},
	{"cork", "struct tcp_sock::nonagle, TCP_NAGLE_CORK (include/linux/tcp.h)"},
	{"nonblock", "struct file::f_flags (include/linux/fs.h)"},
	{"linger2", "struct tcp_sock::linger2 (include/linux/tcp.h)"},
	{"reuseaddr", "struct sock::sk_reuse (include/net/sock.h)"},
	{"type", "struct sock::sk_type (include/net/sock.h)"},
	{"acceptconn", "struct sock::sk_state is TCP_LISTEN (include/net/sock.h)"},
	{"maxseg", "struct tcp_sock::mss_cache (include/linux/tcp.h)"},
	{"info", "tcp_get_info() fills it in (net/ipv4/tcp.c)"},
};

/* What all names of a kind have in common. */
static const struct explanation kinds[] = {
	{"state", "state", "", "",
	 "segments that come, calls of the process, timers: RFC 9293, 3.3.2",
	 "struct sock::sk_state (include/net/tcp_states.h)", "sock_diag's idiag_state", "ss -tan",
	 "tcp(7)", ""},
	{"errno", "errno", "", "", "the next call that fails",
	 "a call's own; one that came over the network waits in struct sock::sk_err "
	 "(include/net/sock.h)",
	 "-1, and errno", "strace -p PID", "errno(3)", ""},
	{"signal", "signal", "", "", "`SIDE signal NAME default|ignore|catch`: sigaction(2)",
	 "struct sighand_struct::action (include/linux/sched/signal.h)",
	 "/proc/PID/status: SigIgn, SigCgt", "grep Sig /proc/PID/status", "signal(7)", ""},
	{"event", "poll", "", "", "data, FIN and RST of the peer; room in the send buffer",
	 "nowhere: tcp_poll() works it out each time (net/ipv4/tcp.c)", "poll(2), epoll(7)",
	 "strace -e poll -p PID", "poll(2)", ""},
};

static const struct explanation *kind_of(const char *word)
{
	return state_from_name(word) >= 0				 ? &kinds[0]
	       : errno_from_name(word) >= 0				 ? &kinds[1]
	       : !strncmp(word, "SIG", 3) && signal_from_name(word) >= 0 ? &kinds[2]
	       : poll_from_name(word) >= 0				 ? &kinds[3]
									 : NULL;
}

static bool explain_row(const char *word, bool label, struct explanation *out)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!strcasecmp(label ? rows[i].label : rows[i].name, word)) {
			*out = rows[i];
			return true;
		}
	return false;
}

static bool explain_field(const char *word, struct explanation *out)
{
	const struct info_field *field = info_field_find(word);

	if (!field && !strcmp(word, "cwnd"))
		field = info_field_find("snd_cwnd");
	if (!field)
		return false;
	*out = (struct explanation){.name = field->name,
				    .label = field->name,
				    .unit = field->unit,
				    .what = field->help,
				    .changes = field->changes,
				    .kernel = field->kernel,
				    .told = out->text,
				    .outside = "ss -tni",
				    .man = "tcp(7)"};
	snprintf(out->text, sizeof(out->text), "tcp_info.tcpi_%s (tcp_get_info(), net/ipv4/tcp.c)",
		 field->name);
	return true;
}

static bool explain_option(const char *word, struct explanation *out)
{
	const struct sockopt *option = sockopt_find(word);

	for (size_t i = 0; option && i < COUNT(options); i++) {
		if (strcmp(options[i].name, word) != 0)
			continue;
		*out = (struct explanation){.name = option->name,
					    .label = option->name,
					    .unit = "",
					    .what = option->help,
					    .changes = "`SIDE set`: setsockopt(2), fcntl(2)",
					    .kernel = options[i].kernel,
					    .told = out->text,
					    .outside = "strace -e setsockopt -p PID",
					    .man = option->man};
		if (option->level < 0)
			snprintf(out->text, sizeof(out->text), "fcntl(2), F_GETFL: %s",
				 option->kernel);
		else
			snprintf(out->text, sizeof(out->text), "getsockopt(2): %s, %s",
				 option->levelname, option->kernel);
		return true;
	}
	return false;
}

static bool explain_name(const char *word, struct explanation *out)
{
	const struct explanation *kind = kind_of(word);
	const struct topic *topic = topic_find(word);
	int number;

	if (!kind)
		return false;
	*out = *kind;
	out->what = "";
	if (topic) {
		out->name = out->label = topic->word;
		out->what = topic->text;
		out->man = *topic->man ? topic->man : kind->man;
	} else if ((number = errno_from_name(word)) >= 0) {
		out->name = out->label = errno_name(number);
		out->what = strerror(number);
	} else if ((number = signal_from_name(word)) >= 0) {
		out->name = out->label = signal_name(number);
		out->what = strsignal(number);
	}
	return *out->what;
}

bool explanation_find(const char *word, struct explanation *explanation)
{
	return explain_row(word, false, explanation) || explain_field(word, explanation) ||
	       explain_option(word, explanation) || explain_name(word, explanation) ||
	       explain_row(word, true, explanation);
}

const char *explanation_name_at(size_t i)
{
	const struct info_field *field;
	const struct topic *topic;

	if (i < COUNT(rows))
		return rows[i].name;
	i -= COUNT(rows);
	for (size_t at = 0; (field = info_field_at(at)); at++)
		if (!i--)
			return field->name;
	for (size_t at = 0; at < COUNT(options); at++)
		if (!i--)
			return options[at].name;
	for (size_t at = 0; (topic = topic_at(at)); at++)
		if (kind_of(topic->word) && !i--)
			return topic->word;
	return NULL;
}
