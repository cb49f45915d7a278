/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lab.h - the engine's one public header.
 *
 *   keys ─▶ prompt ─ line ─▶ command_parse ─▶ lab_submit ─▶ ┌──── engine ────┐
 *                                                           │ actors         │
 *   screen ◀─ scene_at(journal, cursor) ◀─── journal ◀──────┤ observation    │
 *   lesson checks ◀─ condition_judge ◀───────┤              │ link           │
 *   JSON · pcap · text ◀─────────────────────┘              └────────────────┘
 *
 * Commands go down, events come back up, nothing else crosses. The engine never prints, never
 * exits and knows no terminal. Nothing here blocks: wait for lab_fd() to be readable, then call
 * lab_turn(). All times are nanoseconds; `t` counts from the start of the lab (CLOCK_MONOTONIC).
 */
#ifndef LAB_H
#define LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define LAB_VERSION "1.0.0" /* the one place: make, manual, package and completion read it */

#define NS_PER_MS 1000000LL
#define NS_PER_S 1000000000LL

/* ------------------------------------------------------------------ errors
 * A kernel's refusal is an event. `struct err` is for the other kind: the lab's own failure or a
 * user's mistake, one line, with file and line where there is one. */
struct err {
	char file[256]; /* "" when there is no file */
	int line;	/* from 1; 0 when there is none */
	char text[512]; /* one line, no newline, UTF-8 */
};

/* Set the message (printf style) and keep file and line. Always returns -1. */
int err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Put "what: " before the message that is there. Always returns -1. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Write "FILE:LINE: text" (whatever is known of it) into `out`; returns `out`. */
char *err_format(const struct err *err, char *out, size_t size);

/* ------------------------------------------------------------------- names
 * One table for each list of things (names.c). Each X-macro gives enum and table. */
enum side { SIDE_NONE = -1, SIDE_CLIENT, SIDE_SERVER, SIDE_CHILD, SIDE_COUNT };

/* The kernel's numbers: include/net/tcp_states.h. 12 (NEW_SYN_RECV) is folded into SYN_RECV. */
enum tcp_state {
	STATE_NONE, /* nothing known: no socket was ever seen */
	STATE_ESTABLISHED,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT1,
	STATE_FIN_WAIT2,
	STATE_TIME_WAIT,
	STATE_CLOSE,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_LISTEN,
	STATE_CLOSING,
	STATE_COUNT
};

/* The calls an actor makes, as strace names them, but `drain` (many reads told as one),
 * `fork` (clone) and `sigaction` (rt_sigaction). */
#define CALLS(X)                      \
	X(SOCKET, "socket")           \
	X(BIND, "bind")               \
	X(GETSOCKNAME, "getsockname") \
	X(LISTEN, "listen")           \
	X(ACCEPT, "accept")           \
	X(CONNECT, "connect")         \
	X(WRITE, "write")             \
	X(SEND, "send")               \
	X(READ, "read")               \
	X(RECV, "recv")               \
	X(DRAIN, "drain")             \
	X(POLL, "poll")               \
	X(CLOSE, "close")             \
	X(SHUTDOWN, "shutdown")       \
	X(DUP, "dup")                 \
	X(FORK, "fork")               \
	X(SETSOCKOPT, "setsockopt")   \
	X(GETSOCKOPT, "getsockopt")   \
	X(FCNTL, "fcntl")             \
	X(SIGACTION, "sigaction")     \
	X(SOCKETPAIR, "socketpair")   \
	X(PIPE, "pipe")
enum call {
#define X(id, name) CALL_##id,
	CALLS(X)
#undef X
		CALL_COUNT
};

/* What became of a segment. On loopback every segment is `delivered`. */
#define FATES(X)                      \
	X(DELIVERED, "delivered")     \
	X(HELD, "held")               \
	X(RELEASED, "released")       \
	X(DROPPED, "dropped")         \
	X(CUT, "cut")                 \
	X(DELAYED, "delayed")         \
	X(LOST, "lost")               \
	X(DUPLICATED, "duplicated")   \
	X(UNREACHABLE, "unreachable") \
	X(SILENCED, "silenced")
enum fate {
#define X(id, name) FATE_##id,
	FATES(X)
#undef X
		FATE_COUNT
};

#define KINDS(X)                \
	X(COMMAND, "command")   \
	X(CALL, "call")         \
	X(BLOCKED, "blocked")   \
	X(SEGMENT, "segment")   \
	X(ICMP, "icmp")         \
	X(STATE, "state")       \
	X(SNAPSHOT, "snapshot") \
	X(PROCESS, "process")   \
	X(LINK, "link")         \
	X(HOST, "host")         \
	X(EXPECT, "expect")
enum event_kind {
	EVENT_NONE,
#define X(id, name) EVENT_##id,
	KINDS(X)
#undef X
		EVENT_KINDS
};

/* `caught` is ours: a signal reached a handler set with `SIDE signal NAME catch`. */
#define PROCESS_CHANGES(X)        \
	X(STARTED, "started")     \
	X(EXITED, "exited")       \
	X(KILLED, "killed")       \
	X(STOPPED, "stopped")     \
	X(CONTINUED, "continued") \
	X(CAUGHT, "caught")
enum process_change {
#define X(id, name) PROCESS_##id,
	PROCESS_CHANGES(X)
#undef X
		PROCESS_COUNT
};

/* sock_diag's idiag_timer, named as ss(8) names them. */
enum timer_kind {
	TIMER_OFF,
	TIMER_ON,
	TIMER_KEEPALIVE,
	TIMER_TIMEWAIT,
	TIMER_PERSIST,
	TIMER_COUNT
};

enum link_kind { LINK_LOOPBACK, LINK_WIRE, LINK_COUNT };

/* Number to name: a constant string, "?" for what is out of range. */
const char *side_name(enum side side);
const char *state_name(enum tcp_state state);
const char *call_name(enum call call);
const char *fate_name(enum fate fate);
const char *kind_name(enum event_kind kind);
const char *process_name(enum process_change change);
const char *timer_name(enum timer_kind kind);
const char *link_name(enum link_kind link);
const char *errno_name(int number);  /* "EPIPE"; "E999" (static buffer) for an unknown one */
const char *signal_name(int number); /* "SIGPIPE"; "SIG99" for an unknown one */

/* Name to number: -1 when it is not one. side_from_name knows c, s and ch; signal_from_name
 * takes "SIGPIPE", "PIPE" and a number. Case counts everywhere but in signals. */
int side_from_name(const char *name);
int state_from_name(const char *name);
int call_from_name(const char *name);
int errno_from_name(const char *name);
int signal_from_name(const char *name);
int timer_from_name(const char *name);
int poll_from_name(const char *name); /* "IN" -> POLLIN, ... */

/* The lists, for completion: the i-th name, or NULL past the end. */
const char *errno_name_at(size_t i);
const char *signal_name_at(size_t i);
const char *poll_name_at(size_t i);

/* poll(2) events as "IN OUT RDHUP", in one fixed order; "none" when 0. Returns `out`. */
char *poll_format(unsigned events, char *out, size_t size);

/* TCP flags: the header's 13th byte; as tcpdump(8) prints them: "S", "S.", "P.", "F.", "R". */
enum { TH_F = 1, TH_S = 2, TH_R = 4, TH_P = 8, TH_A = 16, TH_U = 32, TH_E = 64, TH_W = 128 };
char *flags_format(unsigned flags, char *out, size_t size);
int flags_from_name(const char *name); /* -1 when it is none */

/* One socket option the language knows. */
struct sockopt {
	const char *name;      /* the language's word: "linger", "user-timeout" */
	const char *kernel;    /* "SO_LINGER" */
	const char *levelname; /* "SOL_SOCKET" */
	int level, option;
	enum {
		OPT_INT,
		OPT_BOOL,
		OPT_LINGER,
		OPT_TIMEVAL,
		OPT_MS,
		OPT_SECONDS,
		OPT_ERRNO,
		OPT_INFO
	} type;
	const char *man;  /* "socket(7)" */
	const char *help; /* one line */
};
const struct sockopt *sockopt_at(size_t i); /* NULL past the end */
const struct sockopt *sockopt_find(const char *name);

/* One field of the kernel's struct tcp_info (include/uapi/linux/tcp.h), named without `tcpi_`. */
struct info_field {
	const char *name;
	unsigned short offset, size; /* in bytes */
	unsigned char shift, bits;   /* within a byte that holds two; bits 0: the whole field */
	const char *unit;	     /* "µs", "bytes", "" */
	const char *help;	     /* one line */
	bool clock;		     /* it changes with time alone */
	const char *kernel;	     /* where the kernel keeps it: "struct tcp_sock::snd_cwnd" */
	const char *changes;	     /* what makes it change */
};
const struct info_field *info_field_at(size_t i);	    /* NULL past the end */
const struct info_field *info_field_find(const char *name); /* with or without "tcpi_" */

/* ------------------------------------------------------------- explanations
 * What a number or a word of a panel is, for who points at it (explanation.c). */
struct explanation {
	const char *name;    /* the word it is asked for by: "recvq", "snd_cwnd", "EPIPE" */
	const char *label;   /* as it is shown: "Recv-Q" */
	const char *unit;    /* "bytes"; "" */
	const char *what;    /* a sentence or two */
	const char *changes; /* what makes it change */
	const char *kernel;  /* where the kernel keeps it: struct and member, or function, file */
	const char *told;    /* by which interface a process learns it: "tcp_info.tcpi_rtt" */
	const char *outside; /* the command that shows it without the lab: "ss -tn" */
	const char *man;     /* "tcp(7)" */
	char text[160];	     /* for what of it is put together */
};
/* By its word, or its label in any case; false: nothing is known of it. Strings are constants or
 * the explanation's own: it cannot be copied. */
bool explanation_find(const char *word, struct explanation *explanation);
/* The i-th word, for completion: of the panels, tcp_info, options, then states, errnos, signals
 * and poll events of which there is more to say than a name. NULL past the end. */
const char *explanation_name_at(size_t i);

/* -------------------------------------------------------------------- text */
/* Write bytes as the inside of a C string literal: printable ASCII as it is, valid UTF-8 as it
 * is when `utf8`, everything else escaped; cut with "..." at `size`. Returns `out`. */
char *text_escape(const void *data, size_t len, bool utf8, char *out, size_t size);
/* "4096", "64k", "1M" -> bytes; "50ms", "2s", "1.5s" -> ns. -1 when it is none. A time needs its
 * unit; a bare number of seconds is taken where `bare` says so. */
int64_t text_size(const char *word);
int64_t text_time(const char *word, bool bare);

/* --------------------------------------------------------------- snapshots */
enum channel { CHANNEL_NONE, CHANNEL_TCP, CHANNEL_LISTENER, CHANNEL_SOCKETPAIR, CHANNEL_PIPE };

struct fd_info {
	int fd;
	enum channel channel;
	enum tcp_state state; /* TCP: by TCP_INFO on the descriptor; otherwise STATE_NONE */
	unsigned conn;	      /* 0: none (a listener, an unconnected socket) */
};

struct socket_options { /* of the side's current descriptor; times in ns, sizes in bytes */
	bool known;
	bool linger_on, keepalive, nodelay, cork, nonblock, reuseaddr;
	int linger; /* seconds */
	int keepidle, keepintvl, keepcnt;
	int64_t rcvtimeo, sndtimeo, user_timeout; /* 0: none */
	int rcvbuf, sndbuf;
	int linger2; /* seconds */
};

enum disposition { DISP_DEFAULT, DISP_IGNORE, DISP_CATCH, DISP_CATCH_RESTART };

#define SNAPSHOT_FDS 16
#define SNAPSHOT_INFO 320 /* more than any kernel's struct tcp_info has today */

/* One end, as the kernel sees it at one moment. Bytes are bytes, times are ns. */
struct snapshot {
	enum channel channel;
	enum tcp_state state; /* CLOSE also for a connection that is gone */
	bool gone;	      /* sock_diag no longer knows the connection */
	bool observed;	      /* false: sock_diag was not to be had, state is TCP_INFO's or none */
	bool orphan;	      /* the kernel has it, no descriptor of the side does */
	bool accepted;	      /* server: accept(2) has returned it */
	uint16_t port, peer_port; /* host byte order */
	uint32_t recvq, sendq;	  /* as ss(8) has them; a listener: queue length and backlog */
	bool queues_known;
	enum timer_kind timer;
	int64_t timer_ns; /* from this snapshot's time until it expires */
	unsigned retransmits, backoff;
	unsigned info_len; /* bytes of tcp_info the kernel gave: 0 for half-open and minisocks */
	unsigned char info[SNAPSHOT_INFO];
	bool skmem_known;
	uint32_t skmem[9]; /* SK_MEMINFO_*: include/uapi/linux/sock_diag.h */
	bool poll_known;
	unsigned poll; /* live poll(2) events of the connection's descriptor */
	unsigned nfds;
	struct fd_info fds[SNAPSHOT_FDS];
	int last_fd; /* the number the connection had, also after close; -1: never */
	struct socket_options options;
	unsigned char signals[32]; /* enum disposition by signal number */
};

/* The value of a tcp_info field; false when this kernel (or this state) does not report it. */
bool snapshot_info(const struct snapshot *snapshot, const struct info_field *field, int64_t *value);

/* What the wire does to segments; `on` is false on loopback. */
enum unreachable { UNREACHABLE_OFF, UNREACHABLE_HOST, UNREACHABLE_NET, UNREACHABLE_PORT };
struct wire_state {
	bool on, cut;
	bool hold[2]; /* by sender: enum side */
	uint8_t loss; /* percent */
	uint8_t unreachable;
	/* Segments yet to come will be dropped, delivered twice, overtaken. */
	bool next_drop, next_duplicate, next_reorder;
	int64_t delay; /* ns */
};
/* What a note says of a side's host: nothing, that it is down from now on, that it is up again. */
enum host_change { HOST_SAID, HOST_DOWN, HOST_UP };

/* ------------------------------------------------------------------ events */
struct event {
	uint64_t n; /* from 1, without a gap */
	int64_t t;  /* ns since the start of the lab */
	enum event_kind kind;
	enum side side; /* SIDE_NONE where the kind has none; a segment's sender */
	unsigned conn;	/* from 1; 0: none */
	union {
		struct { /* EVENT_COMMAND */
			const char *text;
			int line;  /* 0 at the prompt */
			bool acts; /* neither expect nor wait nor one of the screen's own */
		} command;
		struct { /* EVENT_CALL, EVENT_BLOCKED (which has neither ret, err, us nor data) */
			enum call call;
			pid_t pid;
			const char *args; /* as strace writes them, without the parentheses */
			int64_t ret;
			int err;	  /* 0: none */
			bool killed;	  /* the process was killed inside: no ret */
			bool was_blocked; /* an EVENT_BLOCKED went before */
			int64_t us;
			const void *data; /* bytes that came in; NULL: none */
			size_t len;
		} call;
		struct { /* EVENT_SEGMENT; from = event.side */
			uint32_t id;
			enum side to;
			unsigned flags;	   /* TH_* */
			uint32_t seq, ack; /* relative; ack 0 without TH_A */
			uint32_t len;	   /* of the payload */
			uint32_t win; /* the header's field, unscaled, as tcpdump(8) shows it */
			enum fate fate;
			unsigned sent;	    /* how many times the sender has sent it: 1, 2, ... */
			const uint8_t *raw; /* from the IP header on */
			uint16_t raw_len;   /* bytes kept */
			uint32_t raw_full;  /* bytes there were */
		} segment;
		struct { /* EVENT_ICMP; from = event.side, SIDE_NONE: the router */
			enum side to;
			const char *type;   /* "host-unreachable" */
			const uint8_t *raw; /* from the IP header on */
			uint16_t raw_len;
		} icmp;
		struct { /* EVENT_STATE */
			enum tcp_state old, new;
			bool inferred;
		} state;
		const struct snapshot *snapshot; /* EVENT_SNAPSHOT */
		struct {			 /* EVENT_PROCESS */
			enum process_change what;
			pid_t pid;
			int status; /* EXITED: the exit status; KILLED, STOPPED, CAUGHT: the signal
				     */
		} process;
		struct { /* EVENT_LINK, EVENT_HOST (event.side: whose host) */
			const char *text;
			enum host_change change; /* EVENT_HOST */
			struct wire_state wire;	 /* EVENT_LINK: the cable from now on */
			/* EVENT_LINK, on a packet that is no segment; otherwise NULL */
			const uint8_t *raw; /* from the IP header on */
			uint16_t raw_len;   /* bytes kept */
			uint16_t raw_full;  /* bytes there were */
		} note;
		struct { /* EVENT_EXPECT */
			const char *text;
			int line;
			int held; /* 1, 0, -1: unavailable */
			const char *saw;
		} expect;
	};
};

/* ----------------------------------------------------------------- journal
 * Appended to, never changed. Bounded: past `journal_bound` events the oldest are let go, whole
 * chunks at a time; numbers go on. */
struct journal;
struct journal *journal_new(uint64_t bound); /* bound in events, 0: the default of a million */
/* Number the first event to come; only while the journal is empty. */
void journal_number(struct journal *journal, uint64_t first);
void journal_free(struct journal *journal);
/* Copy `event` in (its strings, bytes and snapshot too); n is given here, and t is raised to the
 * last event's when it lies before. Returns the stored event, valid until it is let go. */
const struct event *journal_append(struct journal *journal, const struct event *event);
const struct event *journal_at(const struct journal *journal, uint64_t n); /* NULL: not there */
uint64_t journal_first(const struct journal *journal); /* 1, or more once some were let go */
uint64_t journal_last(const struct journal *journal);  /* 0: empty */
/* The newest event of this kind and side (SIDE_NONE: of any side) with n <= upto; NULL: none.
 * O(log n). */
const struct event *journal_latest(const struct journal *journal, enum event_kind kind,
				   enum side side, uint64_t upto);
/* The next older / newer event of the same kind and side rule than n. */
const struct event *journal_before(const struct journal *journal, enum event_kind kind,
				   enum side side, uint64_t n);
const struct event *journal_after(const struct journal *journal, enum event_kind kind,
				  enum side side, uint64_t n);

/* What readers of a long journal look for, beyond kind and side; each is as quickly found. */
enum journal_list {
	LIST_LINES,  /* has a line: no snapshot, which the panels show, and no expect, which is told
		      * when it is judged; of any side only */
	LIST_ACTS,   /* a command that acts */
	LIST_BEGINS, /* a lab begins (its note of the link), or a fresh pair (`reset`) */
	LIST_STARTS, /* a process started ... */
	LIST_LIVES,  /* ... or ended, too */
	LIST_STOPS,  /* stopped or continued */
	LIST_POWER,  /* a host went down or came up */
	LIST_COUNT
};
/* The newest on the list with n <= upto, the oldest with one > n, and how many have n <= upto. */
const struct event *journal_list_latest(const struct journal *journal, enum journal_list list,
					enum side side, uint64_t upto);
const struct event *journal_list_after(const struct journal *journal, enum journal_list list,
				       enum side side, uint64_t n);
uint64_t journal_list_count(const struct journal *journal, enum journal_list list, enum side side,
			    uint64_t upto);

/* ------------------------------------------------------------------- scene
 * Both ends as they were when event n had just happened: what the panels show. */
struct scene_side {
	bool started, alive, stopped;
	bool down; /* the side's host has crashed or was shut down */
	pid_t pid;
	const struct event *process;  /* the newest STARTED, EXITED or KILLED; NULL: none yet */
	const struct event *snapshot; /* NULL: none since the process started */
	const struct event *call;     /* newest returned call of this process; NULL: none */
	const struct event *blocked;  /* the call it is in; NULL: not blocked */
	const struct event *state;    /* newest state change */
};
struct scene {
	uint64_t n;
	struct scene_side side[SIDE_COUNT];
	const struct wire_state *wire; /* the cable; NULL: nothing was said of it yet */
};
void scene_at(const struct journal *journal, uint64_t n, struct scene *scene);

/* One line for an event, as the journal view, `run` and the transcript show it, without time:
 * `server  write(4, "123", 3) = 3`. UTF-8 glyphs when `utf8`. Returns `out`. */
char *event_format(const struct event *event, bool utf8, char *out, size_t size);
/* In place: an address as strace writes it, in short: "127.0.0.1:7001". Returns `text`. */
char *event_shorten(char *text);
/* One JSON object (design section 7), no newline; malloc'd, the caller frees. */
char *event_json(const struct event *event);

/* ----------------------------------------------------------------- headers
 * Every field of an IPv4 packet's headers: RFC 791, RFC 9293, RFC 792 (header.c). Numbers in host
 * byte order, lengths in bytes; pointers lie in the packet that was decoded. */
enum checksum {
	CHECKSUM_UNKNOWN, /* not all of its bytes are at hand */
	CHECKSUM_RIGHT,
	CHECKSUM_WRONG,
	CHECKSUM_LEFT, /* only the pseudo header's: a device is to do the rest, and none will */
};
struct header {
	unsigned ip_len; /* of the IPv4 header */
	uint8_t src[4], dst[4], tos, ttl, protocol;
	uint16_t total, id, ip_sum;
	unsigned offset; /* of a fragment */
	bool df, mf;
	enum checksum ip_check;
	bool quoted; /* ports and seq are known: a whole TCP header, or what ICMP quotes of one */
	uint16_t sport, dport;
	uint32_t seq;
	bool tcp; /* ... and the rest of the TCP header is */
	uint32_t ack;
	unsigned tcp_len, flags; /* 12 bits: TH_*, and from 256 on AE and the reserved ones */
	uint16_t win, tcp_sum, urgent;
	enum checksum tcp_check;
	const uint8_t *options; /* as far as they are at hand: header_option */
	unsigned options_len;
	bool icmp;
	uint8_t icmp_type, icmp_code;
	const uint8_t *payload; /* of TCP; of ICMP the packet it is about; NULL: none at hand */
	size_t payload_len;	/* bytes at hand */
	size_t payload_full;	/* bytes there were */
};
/* Decode a packet of which `have` of `full` bytes are at hand. False: not even an IPv4 header. */
bool header_decode(const uint8_t *raw, size_t have, size_t full, struct header *header);

enum {
	TCP_OPTION_END,
	TCP_OPTION_NOP,
	TCP_OPTION_MSS,
	TCP_OPTION_WSCALE,
	TCP_OPTION_SACK_OK,
	TCP_OPTION_SACK,
	TCP_OPTION_TIMESTAMPS = 8
};
struct tcp_option {
	uint8_t kind;
	bool whole;	     /* false: its length is wrong, or it was cut; the list ends here */
	const uint8_t *data; /* behind kind and length */
	unsigned len;	     /* of the data */
};
/* The option at offset `*at` (0 at first), which then is the next one's; false: no more. */
bool header_option(const struct header *header, unsigned *at, struct tcp_option *option);

/* ---------------------------------------------------------------- commands */
#define OPS(X)              \
	X(LINK)             \
	X(OPEN)             \
	X(RESET)            \
	X(LISTEN)           \
	X(ACCEPT)           \
	X(CONNECT)          \
	X(WRITE)            \
	X(SEND)             \
	X(READ)             \
	X(RECV)             \
	X(DRAIN)            \
	X(POLL)             \
	X(CLOSE)            \
	X(SHUTDOWN)         \
	X(DUP)              \
	X(FORK)             \
	X(SET)              \
	X(GET)              \
	X(SIGNAL)           \
	X(KILL)             \
	X(EXIT)             \
	X(STOP)             \
	X(CONT)             \
	X(INTERRUPT)        \
	X(WIRE_CUT)         \
	X(WIRE_MEND)        \
	X(WIRE_HOLD)        \
	X(WIRE_RELEASE)     \
	X(WIRE_DROP)        \
	X(WIRE_DUPLICATE)   \
	X(WIRE_REORDER)     \
	X(WIRE_DELAY)       \
	X(WIRE_LOSS)        \
	X(WIRE_UNREACHABLE) \
	X(CRASH)            \
	X(REBOOT)           \
	X(POWEROFF)         \
	X(SYSCTL)           \
	X(WAIT)             \
	X(WAIT_UNTIL)       \
	X(EXPECT)           \
	X(EXPECT_NOT)       \
	X(NEXT)             \
	X(BACK)             \
	X(END)              \
	X(AGAIN)            \
	X(LESSON)           \
	X(LEAVE)            \
	X(HINT)             \
	X(PLAY)             \
	X(PAUSE)            \
	X(SAVE)             \
	X(SAVE_OVER)        \
	X(FOCUS)            \
	X(HELP)             \
	X(EXPLAIN)          \
	X(QUIT)
enum op {
	OP_NONE, /* an empty line or a comment */
#define X(id) OP_##id,
	OPS(X)
#undef X
		OP_COUNT
};

/* One word that a pattern's item took. A keyword's name is the keyword itself, a value's name is
 * the placeholder of the usage: "PORT", "N", "DATA", "SIZE", "SECONDS", "TIME", ... The verb's own
 * words are not among them. A keyword right before a value has the value's number too: the num of
 * "backlog", "idle", "within" is what follows. Numbers: TIME, TIMEOUT, GRACE in ns; SECONDS in
 * seconds; SIZE and N in bytes (or a count); PERCENT 0 to 100; OPTION and FIELD their index in
 * sockopt_at and info_field_at; EVENT, FLAGS their bit. A SIDE in the pattern is the command's
 * side too. `set` has its option in the verb: "set linger". sysctl's NAME is made whole. */
struct arg {
	const char *name;
	int64_t num; /* sizes in bytes, times in ns, enums by number */
	char *text;  /* unescaped bytes of DATA and the word itself of others; owned */
	size_t len;
};

#define COMMAND_ARGS 32
struct condition {
	int row;	/* in the condition table; -1: none */
	enum side side; /* SIDE_NONE: the row has none */
	struct arg args[COMMAND_ARGS];
	unsigned nargs;
	char *text; /* as it was written; owned */
};

struct command {
	enum op op;
	const char
		*verb;	/* "server listen" without the side: "listen", "set linger", "wire hold" */
	enum side side; /* SIDE_NONE: none given, none needed (or optional: wire hold) */
	struct arg args[COMMAND_ARGS];
	unsigned nargs;
	struct condition cond; /* WAIT_UNTIL, EXPECT, EXPECT_NOT */
	int64_t within;	       /* ns: `within T` or `for T`; the default where it was left out */
	bool already;
	bool screen; /* one of the screen's own: next, back, save, ... */
	bool wire;   /* it needs the wire */
	bool acts;
	char *text; /* the line as written, without comment and outer blanks; owned */
	int line;   /* 0 at the prompt */
};

/* Parse one line (len bytes, no newline). `focus` is the side for a command without one;
 * SIDE_NONE in a file, where the side must be written. An empty line gives OP_NONE and 0. On a
 * mistake -1 and one line with what was expected there and the nearest name. */
int command_parse(const char *line, size_t len, enum side focus, struct command *command,
		  struct err *err);
void command_clear(struct command *command);
void command_copy(struct command *to, const struct command *from); /* `to` is overwritten */
bool command_has(const struct command *command, const char *name);
int64_t command_num(const struct command *command, const char *name, int64_t otherwise);
const struct arg *command_arg(const struct command *command, const char *name);

/* A condition alone, as `predict` choices and claims have it. */
int condition_parse(const char *text, size_t len, struct condition *condition, struct err *err);
void condition_clear(struct condition *condition);
const struct arg *condition_arg(const struct condition *condition, const char *name);

enum verdict { VERDICT_FALSE, VERDICT_TRUE, VERDICT_UNDECIDED, VERDICT_UNAVAILABLE };

struct judge { /* what a condition is judged by */
	const struct journal *journal;
	uint64_t upto;		 /* the journal's events from 1 to this one */
	uint64_t segments_since; /* segments and ICMP count when n is greater */
	uint64_t calls_since;	 /* calls count when n is greater; 0: all of the living process */
	bool capture;		 /* segments can be seen at all */
};
/* Pure: looks at the journal only. `saw` gets a few words on what was there instead (or that
 * made it true). `*decider`, when not NULL, gets the n of the event that decided, 0 if none. */
enum verdict condition_judge(const struct condition *condition, const struct judge *judge,
			     uint64_t *decider, char *saw, size_t size);

/* One row of the tables, for help, the manual and completion. */
struct usage {
	const char *usage; /* "SIDE send DATA [nosignal] [dontwait] [oob]" */
	const char *help;  /* one line */
	const char *group; /* "Calls", "Processes", "Wire", "Screen", "Conditions", ... */
	const char *more;  /* a paragraph for `help WORD`; "" when the line says all */
	const char *man;   /* "send(2)"; "" */
};
const struct usage *usage_at(size_t i); /* commands, then conditions; NULL past the end */
/* Everything known about a word (a verb, a condition, an option): text of some lines, malloc'd.
 * Without a word, the overview. NULL when the word is not known; `err` names the nearest. */
char *help_text(const char *word, struct err *err);
/* What the overview does not have: all numbers of the panels, fields of tcp_info, options, states,
 * errnos, signals, poll events and flags, a line each under headings; malloc'd. */
char *help_index(void);
/* The commands and conditions as roff, for the manual page; malloc'd. */
char *help_manual(void);

/* What can stand at `point` of this line. `start` gets the offset of the word being completed;
 * returns a NULL-terminated malloc'd array of malloc'd words (completion_free), never NULL.
 * Placeholders that cannot be completed are not offered; `hint`, when not NULL, gets what is
 * expected there in words ("PORT", "DATA: text in double quotes"). */
char **command_complete(const char *line, size_t point, enum side focus, size_t *start, char *hint,
			size_t hint_size);
void completion_free(char **words);

/* ------------------------------------------------------------------ scripts */
struct script {
	char *file;
	struct command *commands; /* no OP_NONE, none of the screen's own */
	size_t count;
};
/* Parse a whole text (hostile, any bytes). Nothing is executed. -1 with file and line set. */
int script_parse(const char *file, const char *text, size_t len, struct script *script,
		 struct err *err);
/* Lines of a `lab` block: the same, starting at this line of the file. */
int script_parse_at(const char *file, int line, const char *text, size_t len, struct script *script,
		    struct err *err);
void script_clear(struct script *script);
/* A whole file or, for "-", standard input to its end; at most 4 MiB; malloc'd. */
char *file_read(const char *file, size_t *len, struct err *err);

/* ------------------------------------------------------------------ lessons */
enum span_style { SPAN_PLAIN, SPAN_EMPH, SPAN_STRONG, SPAN_CODE };
struct span {
	enum span_style style;
	char *text; /* UTF-8, one line */
};
enum block_kind { BLOCK_PARAGRAPH, BLOCK_ITEM, BLOCK_QUOTE, BLOCK_CODE };
struct block { /* prose for the screen: wrapped there */
	enum block_kind kind;
	int depth;	    /* of the list, from 0 */
	char *marker;	    /* BLOCK_ITEM: "•" or "1.", "" where an item goes on; BLOCK_CODE: the
			     * fence's language */
	char *file;	    /* BLOCK_CODE: the fence's second word, the program that the listing is
			     * taken from, relative to the lesson's file; "" for none */
	struct span *spans; /* BLOCK_CODE: a span a line */
	size_t count;
};
struct choice {
	char *text;
	struct condition condition;
	bool already; /* the condition ends with `already`: true before the step is no fault */
	int line;
};
struct claim {
	char *text, *source;
	struct condition condition;
	bool differs;
	char *why; /* of `differs`; "" otherwise */
	int line;
};
struct step {
	char *heading;
	int line;
	struct block *blocks;
	size_t nblocks;
	size_t nbefore; /* the first of the blocks stand before the lab; the others tell why, after
			 */
	char *question; /* NULL: no predict */
	int question_line;
	struct choice *choices;
	size_t nchoices;
	struct block *hint; /* shown to who asks, before the step is played */
	size_t nhint;
	struct script script; /* all lab blocks of the step, in order */
	struct claim *claims;
	size_t nclaims;
};
struct lesson {
	char *file, *title;
	bool page; /* named for a letter, or README.md: only title and text, nothing to play */
	char part; /* 'A' to 'Z': of the course; a page's is its name's letter; '\0': none */
	enum link_kind link;
	int minutes;
	char *level;
	char **sources;
	size_t nsources;
	struct block *intro; /* between the title and the first step */
	size_t nintro;
	struct step *steps;
	size_t nsteps;
};
/* Parse a whole text (hostile, any bytes). -1 with file and line of the first mistake. */
int lesson_parse(const char *file, const char *text, size_t len, struct lesson **lesson,
		 struct err *err);
/* The same from a file. A script, FILE.lab, is a lesson too: a step a paragraph, its comments the
 * headings and the text, without a question. */
int lesson_read(const char *file, struct lesson **lesson, struct err *err);
/* The same for its author: what can be read behind a mistake is read. -1 with all mistakes, by
 * line; what only follows from another is not among them. */
#define MISTAKES 20
struct mistakes {
	struct err at[MISTAKES]; /* the last of so many may not be the last of the file */
	size_t count;
};
int lesson_parse_whole(const char *file, const char *text, size_t len, struct lesson **lesson,
		       struct mistakes *mistakes);
int lesson_read_whole(const char *file, struct lesson **lesson, struct mistakes *mistakes);
void lesson_free(struct lesson *lesson);

/* The course: paths of the lesson files beside the running binary (lessons, ../lessons), otherwise
 * in ../share/bothends/lessons. Part by part, each begun by its page, its lessons by number; what
 * belongs to no part comes last. NULL-terminated, never NULL; course_free. */
char **course_list(void);
void course_free(char **paths);
/* The file of a lesson: a path, a number ("1", "01"), a page's letter, or a part of the name, in
 * any case, that fits one lesson only. Malloc'd; NULL with a message that says what there is. */
char *course_find(const char *name, struct err *err);

/* ---------------------------------------------------------------------- lab */
/* What this machine allows. Each missing thing has its reason and its cure. */
enum feature {
	FEATURE_NETWORK,
	FEATURE_CAPTURE,
	FEATURE_DIAG,
	FEATURE_SYSCTL,
	FEATURE_TUN,
	FEATURE_COUNT
};
struct feature_state {
	const char *name;  /* "private network" */
	const char *gives; /* what it is for, in a few words */
	bool ok;
	char how[80];	  /* ok: how it was got, "user namespace of uid 1000" */
	char reason[200]; /* not ok: what refused and with which errno */
	char cure[240];	  /* not ok: what to do about it */
};

struct lab;
struct lab_options {
	enum link_kind link;
	unsigned seed;
	uint64_t journal_bound; /* 0: the default */
	const char *actor;	/* path of bothends-actor; NULL: looked for (lab_actor_path) */
};
/* Start a lab: namespaces, link, two actors. What the machine lacks is in lab_feature, not an
 * error (a lab that cannot have the wire is on loopback: lab_link); -1 (NULL) only where nothing
 * could work (no actor program, no memory, no descriptors). Blocks SIGCHLD in the caller and makes
 * it a child subreaper. One lab a process. */
struct lab *lab_new(const struct lab_options *options, struct err *err);
/* End it: every process, namespace and device is gone when this returns. NULL is fine. */
void lab_free(struct lab *lab);
int lab_fd(const struct lab *lab); /* readable: something is due */
/* Do all that is due, without blocking; returns how many events were appended. */
int lab_turn(struct lab *lab);
int64_t lab_now(const struct lab *lab); /* ns since the start */
struct journal *lab_journal(const struct lab *lab);
enum link_kind lab_link(const struct lab *lab);
const struct feature_state *lab_feature(const struct lab *lab, enum feature feature);

/* Start a command (copied). `patience` in ns: how long it may wait for a blocked side to come
 * back (50 ms at the prompt, 2 s in a file). Commands run one at a time: -1 when one is still
 * running or the command is refused at once (the machine lacks it, the side is dead, the link is
 * the wrong one); 0 when it has begun. Then call lab_turn() until lab_busy() is false. */
int lab_submit(struct lab *lab, const struct command *command, int64_t patience, struct err *err);
bool lab_busy(const struct lab *lab);
/* Of the last command, once not busy: 0 done, -1 refused with a message (a blocked side, ...). */
int lab_outcome(const struct lab *lab, struct err *err);
/* The last expect or wait until: 1 held, 0 not, -1 unavailable. */
int lab_held(const struct lab *lab);
/* Nothing is open that only the next look decides: an end that may be gone, a state that a segment
 * has foretold. True again after 200 ms at the latest. */
bool lab_settled(const struct lab *lab);
/* Give up waiting (Ctrl-C on a `wait`); a call that was begun goes on. */
void lab_cancel(struct lab *lab);
/* Judge now, with the lab's own idea of what can be seen. */
enum verdict lab_judge(struct lab *lab, const struct condition *condition, uint64_t since,
		       uint64_t *decider, char *saw, size_t size);
/* Look at both ends now and journal what is new (force: a snapshot of each in any case). */
void lab_observe(struct lab *lab, bool force);

/* ------------------------------------------------------------------ player
 * Plays a script, or a lesson step by step, on a lab. Drives lab_submit; the owner drives
 * lab_turn and then player_turn. */
enum player_state { PLAYER_READY, PLAYER_RUNNING, PLAYER_DONE, PLAYER_FAILED };
struct player;
struct player *player_new(struct lab *lab, const struct script *script);
void player_free(struct player *player);
/* Begin; then after each lab_turn: player_turn. */
void player_start(struct player *player);
enum player_state player_turn(struct player *player);
/* Leave out the command that was refused (PLAYER_FAILED), and go on with the next. */
void player_skip(struct player *player);
enum player_state player_status(const struct player *player);
size_t player_line(const struct player *player); /* index of the command being played */
/* PLAYER_FAILED: the mistake (a command was refused), with file and line. */
const struct err *player_err(const struct player *player);
/* Counts over the expectations so far. */
void player_counts(const struct player *player, unsigned *held, unsigned *failed,
		   unsigned *unavailable);
uint64_t player_since(const struct player *player); /* the journal's last n when it started */

/* -------------------------------------------------------------------- study
 * A reader's way through a lesson on a lab: begin a step, predict, play, and see what the kernel
 * decided. The owner drives lab_turn and then study_turn, as with the player.
 *
 *   study_begin ─▶ READY ─ study_play ─▶ PLAYING ─▶ DONE (verdicts) ─ study_begin ─▶ ...
 *                                            └────▶ FAILED (a command was refused: study_err)
 */
enum study_state { STUDY_IDLE, STUDY_READY, STUDY_PLAYING, STUDY_DONE, STUDY_FAILED };
struct study_verdict {
	enum verdict verdict; /* after the step's last lab block */
	bool already;	      /* it was true before the step began: it proves nothing */
	uint64_t decider;     /* n of the event that decided; 0: none */
	char saw[160];	      /* what was there, in a few words */
};
struct study;
/* The lesson stays the caller's and must outlive the study. The lab must have its link. */
struct study *study_new(struct lab *lab, const struct lesson *lesson);
void study_free(struct study *study);
/* Stand before a step (from 0): what its conditions say now is kept as `already`. */
void study_begin(struct study *study, size_t step);
/* Play the step's lab blocks. */
void study_play(struct study *study);
/* Start the lab afresh, play all steps before this one without a stop, and stand before it. */
void study_again(struct study *study, size_t step);
enum study_state study_turn(struct study *study);
enum study_state study_status(const struct study *study);
size_t study_step(const struct study *study); /* the step begun last, from 0 */
const struct err *study_err(const struct study *study);
/* The step's player, for its line and counts; NULL before study_play. */
const struct player *study_player(const struct study *study);
/* The reader's own choice, before the step is played; -1: none made. Kept for every step. */
void study_predict(struct study *study, int choice);
int study_predicted(const struct study *study, size_t step);
/* Of the step begun last, once DONE (before: only `already` is known). NULL past the end. */
const struct study_verdict *study_choice(const struct study *study, size_t i);
const struct study_verdict *study_claim(const struct study *study, size_t i);
/* What became of each step the last time it was played to its end; NULL: it was not yet. Kept
 * while later steps are played, and by study_again, until the step is played once more. */
struct study_result {
	int predicted;	  /* the reader's choice; -1: none made */
	int measured;	  /* the choice that was true; -1: none, several, or no question */
	bool unavailable; /* ... because this machine cannot tell */
	unsigned held, failed, unknown;	    /* expectations */
	const struct study_verdict *claims; /* nclaims of the step */
};
const struct study_result *study_result(const struct study *study, size_t step);
/* Whether the i-th command of the step's script is an expect (not `expect not`, not marked
 * `already`) whose condition was true before the step began. */
bool study_already(const struct study *study, size_t i);
/* The i-th fault of the step just played (DONE), with file and line; false past the last: a predict
 * with none or several true choices, a claim whose verdict is not the one written, and, where
 * `strict`, what was true before the step. Failed expectations are the player's and the journal's.
 */
bool study_fault(const struct study *study, bool strict, size_t i, struct err *fault);
/* Whether a `sysctl` of the lesson was left out, because the lab is on the machine's own network
 * and leaves its settings alone: what follows may then differ. The journal has a note of each. */
bool study_lacks(const struct study *study);
/* How many predictions and claims of the step this machine could not judge. */
unsigned study_unavailable(const struct study *study);

/* ------------------------------------------------------ a lab seen from outside */
/* Take this process into the network (and user) namespace of a running lab of the same user, the
 * newest when there are several, for `bothends shell`: `side` chooses the host, SIDE_NONE any.
 * Capabilities are kept across exec (ambient), so tcpdump, ss -p and strace -p work. `told` gets
 * one line on where we are. Returns the lab's pid; -1: no lab runs, or the kernel refused. */
int lab_join(enum side side, char *told, size_t size, struct err *err);

/* Segments to a libpcap save file, DLT_RAW, nanosecond times. */
struct capture_file;
struct capture_file *capture_file_new(const char *file, struct err *err); /* refuses an old file */
/* ... or to a stream that stays the caller's; what could not be written is in ferror(out). */
struct capture_file *capture_file_on(FILE *out);
/* Take an event. A segment is written when its fate is known: at its delivery with that time, one
 * that was dropped (cut, lost, ...) with the time of its sending; ICMP as it comes. */
void capture_file_add(struct capture_file *capture, const struct event *event, int64_t epoch);
/* Write what is still held or delayed, with the time of its sending; flush and close. -1 when
 * anything could not be written (a full disk). */
int capture_file_free(struct capture_file *capture, struct err *err);
int64_t lab_epoch(const struct lab *lab); /* ns since 1970 at t = 0 */

/* ---------------------------------------------------------- saved sessions */
struct session_about {	    /* what the journal itself does not hold */
	int64_t epoch;	    /* lab_epoch */
	const char *title;  /* of the lesson, or the script's name; NULL: the free lab */
	const char *kernel; /* "Linux 6.12.0 x86_64"; NULL: this machine's */
};
/* Save what the journal holds: NAME.jsonl, a JSON object a line, of which the first also tells the
 * format (`session`); NAME.pcap, its segments; NAME.md, a transcript; NAME.c, a program that makes
 * the same calls. All of them or none: -1, and whatever was there before is there still;
 * SAVE_EXISTS where one of them is there and was not to be written over. What is no regular file
 * is never written over. */
#define SAVE_EXISTS (-2)
int session_save(const struct journal *journal, const struct session_about *about, const char *name,
		 bool over, struct err *err);
/* What session_save would refuse before it writes: a name, a directory, a file that exists. */
int session_save_check(const char *name, bool over, struct err *err);
const char *session_part(size_t i); /* the endings: "jsonl", ...; NULL past the end */

#define SESSION_FORMAT 1
/* event_json of a session's first line, which also tells what the session is. */
char *session_json(const struct event *event, const struct session_about *about);
struct session {
	struct journal *journal; /* numbered as it was */
	struct session_about about;
	char version[32]; /* of the bothends that saved it; "" unknown */
	bool cut;	  /* its last line is not whole: what comes before it is here */
};
/* Read a NAME.jsonl, or what `run --json` printed (hostile, any bytes, any size up to a bound).
 * -1 with file and line: it cannot be read, is damaged, no session, or of a newer format. */
int session_read(const char *file, struct session **session, struct err *err);
/* The same, telling at every mebibyte or so how many of the file's bytes are read; `size` is 0
 * where it has none (a pipe). */
int session_read_telling(const char *file, void (*tell)(int64_t done, int64_t size, void *arg),
			 void *arg, struct session **session, struct err *err);
void session_free(struct session *session);

/* Where the actor program is: beside the running binary, then ../libexec/bothends; malloc'd,
 * NULL when it is nowhere. */
char *lab_actor_path(void);

#endif
