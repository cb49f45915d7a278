/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_replay.c - a saved session on the screen, for anybody, where everything is refused. */
#include "console.h"

#include "../scratch.h"

#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define LEFT "\033OD"
#define RIGHT "\033OC"
#define HOME "\033OH"
#define END "\033OF"
#define F1 "\033OP"
#define F2 "\033OQ"
#define F4 "\033OS"
#define F5 "\033[15~"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char directory[] = "/tmp/bothends-replay.XXXXXX";
static char program[64], talk[64];
static bool made, captured;

static const char *const env[] = {"XDG_STATE_HOME=/proc/nonexistent", NULL};

static void file_write(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static char *file_text(const char *name, size_t *len)
{
	FILE *file = fopen(name, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	*len = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return text;
}

/* A talk of both ends, played once and saved. */
static int setup(void **state)
{
	static const char script[] = "open\nclient write \"hello\"\nserver read\nclient close\n"
				     "server write \"123\"\nexpect server gone\n"
				     "server send \"A\" nosignal\n";
	char line[512], *text;
	size_t len;
	int status;

	(void)state;
	if (!mkdtemp(directory) || chmod(directory, 0755))
		return -1;
	snprintf(program, sizeof(program), "%s/bothends", directory);
	snprintf(talk, sizeof(talk), "%s/talk.jsonl", directory);
	if (scratch_copy(TEST_BUILD "/bothends", program) || chmod(program, 0755))
		return -1;
	snprintf(line, sizeof(line), "%s/talk.lab", directory);
	file_write(line, script, strlen(script));
	snprintf(line, sizeof(line),
		 "cd %s && " TEST_BUILD "/bothends run --save talk talk.lab >/dev/null 2>&1 && "
		 "chmod 644 talk.*",
		 directory);
	status = system(line);
	made = WIFEXITED(status) && WEXITSTATUS(status) != 3;
	if (!made)
		return 0;
	text = file_text(talk, &len);
	captured = strstr(text, "\"segment\"");
	free(text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return scratch_remove(directory);
}

/* `bothends replay` of this file. */
static void replay_open(struct console *console, const char *file, void (*child)(void))
{
	const char *args[] = {"replay", file, NULL};
	const struct start start = {.args = args, .env = env, .child = child, .program = program};

	if (!made)
		skip();
	console_open(console, &start);
}

static void test_walk(void **state)
{
	struct console console;

	(void)state;
	replay_open(&console, talk, NULL);
	console_expect_row(&console, 0, "SAVED SESSION   talk.jsonl");
	console_expect(&console, "Recorded 20");
	console_expect_row(&console, 2, "no socket yet");
	console_type(&console, RIGHT);
	console_expect_row(&console, 2, "● ESTABLISHED");
	console_expect_row(&console, -3, "PgDn, PgUp: an event; Right, Left: a command");
	/* The journal's row ends it with an ellipsis; at the cursor all of it is shown. */
	console_expect_row(&console, -4, "sin_addr=inet_addr(\"127.0.0.1\")");
	console_type(&console, RIGHT);
	console_expect(&console, "Recv-Q 5");
	console_type(&console, RIGHT);
	console_expect_gone(&console, "Recv-Q 5");
	console_type(&console, RIGHT);
	console_expect(&console, "● CLOSE_WAIT");
	console_type(&console, LEFT);
	console_expect_gone(&console, "● CLOSE_WAIT");
	console_type(&console, LEFT);
	console_expect(&console, "Recv-Q 5");
	console_type(&console, PAGE_UP PAGE_UP PAGE_UP PAGE_UP);
	console_expect_gone(&console, "Recv-Q 5");
	console_type(&console, END);
	console_expect(&console, "EPIPE");
	console_expect_row(&console, -3, "The end.");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, -3, "this is the end of the session");
	console_type(&console, HOME);
	console_expect_row(&console, 0, " 1 of ");
	console_type(&console, PAGE_UP);
	console_expect_row(&console, -3, "nothing before this");
	console_type(&console, "next\r");
	console_expect_row(&console, 0, " 2 of ");
	console_type(&console, "end\r");
	console_expect(&console, "EPIPE");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

/* What acts is refused in a line; what looks is not. */
static void test_commands(void **state)
{
	static const char *const refused[] = {
		"open\r", "client close\r", "lesson 1\r", "again 1\r", F2, F4, "?"};
	char name[128];
	struct console console;
	size_t len, again;
	char *one, *other;

	(void)state;
	replay_open(&console, talk, NULL);
	console_expect(&console, "Recorded");
	for (size_t i = 0; i < COUNT(refused); i++) {
		console_type(&console, refused[i]);
		console_expect_row(&console, -3, "a saved session: nothing can be done to it");
		console_type(&console, "focus client\r");
		console_expect_row(&console, -2, "client>");
		console_expect_gone(&console, "nothing can be done");
	}
	console_type(&console, F1);
	console_expect(&console, "┏ help");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ help");
	snprintf(name, sizeof(name), "save %s/again\r", directory);
	console_type(&console, name);
	console_expect_row(&console, -3, "saved: ");
	snprintf(name, sizeof(name), "%s/again.jsonl", directory);
	one = file_text(talk, &len);
	other = file_text(name, &again);
	assert_int_equal(len, again);
	assert_memory_equal(one, other, len); /* nothing of it is lost on the way */
	free(one);
	free(other);
	if (captured) {
		console_type(&console, END F5);
		console_expect_row(&console, -3, "Enter open");
		console_type(&console, "\r");
		console_expect(&console, "total length");
		console_resize(&console, 10, 30);
		console_expect(&console, "needs 60 x 16");
		console_resize(&console, 1, 1);
		console_resize(&console, 24, 80);
		console_expect(&console, "total length");
	}
	console_close(&console);
}

/* No privilege, no namespace, no socket, no process. */
static void refuse_all(void)
{
#define KILL(name)                                             \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define REFUSE(name)                                           \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
	static struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		KILL(socket),
		KILL(socketpair),
		KILL(unshare),
		KILL(setns),
		KILL(mount),
		KILL(ptrace),
#ifdef SYS_fork
		REFUSE(fork),
		REFUSE(vfork),
#endif
		REFUSE(clone), /* the terminal's keeper: nice to have */
		REFUSE(clone3),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog prog = {COUNT(filter), filter};

	if (!getuid() && (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
		_exit(125);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &prog))
		_exit(124);
}

static void test_nobody(void **state)
{
	struct console console;

	(void)state;
	replay_open(&console, talk, refuse_all);
	console_expect_row(&console, 0, "SAVED SESSION");
	console_type(&console, RIGHT);
	console_expect_row(&console, 2, "● ESTABLISHED");
	console_type(&console, RIGHT RIGHT RIGHT PAGE_UP F5);
	console_expect_row(&console, -3, captured ? "Esc leave" : "no segment");
	console_type(&console, "\033");
	console_expect_gone(&console, "Esc leave");
	console_type(&console, "client write \"x\"\r");
	console_expect_row(&console, -3, "nothing can be done to it");
	console_type(&console, "save /proc/nonexistent/x\r");
	console_expect_row(&console, -3, "/proc/nonexistent/x");
	console_type(&console, END);
	console_expect(&console, "EPIPE");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

/* No screen for what is no session: a line, and 2. */
static void test_no_session(void **state)
{
	char name[128], *text;
	struct console console;
	size_t len;
	const struct {
		const char *name, *text, *said;
	} files[] = {
		{"empty", "", "empty"},
		{"newer",
		 "{\"n\":1,\"t\":0.1,\"kind\":\"link\",\"text\":\"loopback\","
		 "\"session\":{\"format\":99}}\n",
		 "newer bothends"},
		{"broken",
		 "{\"n\":1,\"t\":0.1,\"kind\":\"link\",\"text\":\"loopback\"}\n{\"n\n{}\n",
		 "broken:2: damaged"},
		{"text", "hello\n", "not a saved session"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		snprintf(name, sizeof(name), "%s/%s", directory, files[i].name);
		file_write(name, files[i].text, strlen(files[i].text));
		replay_open(&console, name, NULL);
		console_expect(&console, files[i].said);
		assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
		console_expect_restored(&console);
		console_close(&console);
	}
	replay_open(&console, directory, NULL);
	console_expect(&console, "a directory");
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
	console_close(&console);
	replay_open(&console, "/proc/nonexistent.jsonl", NULL);
	console_expect(&console, "No such file");
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
	console_close(&console);
	/* What is cut is shown as far as it goes. */
	text = file_text(talk, &len);
	snprintf(name, sizeof(name), "%s/cut.jsonl", directory);
	file_write(name, text, len - 20);
	free(text);
	replay_open(&console, name, NULL);
	console_expect(&console, "the file is cut in its last line");
	console_type(&console, RIGHT);
	console_expect_row(&console, 2, "● ESTABLISHED");
	console_close(&console);
}

/* What is said of a segment of a wire is not what is said on loopback. */
static void test_wire(void **state)
{
	static const char text[] =
		"{\"n\":1,\"t\":0.1,\"kind\":\"link\",\"text\":\"wire\",\"wire\":{},"
		"\"session\":{\"format\":1,\"version\":\"1.0.0\",\"epoch\":1795352891256903313,"
		"\"title\":\"wire\",\"kernel\":\"Linux\"}}\n"
		"{\"n\":2,\"t\":0.2,\"kind\":\"segment\",\"id\":1,\"conn\":1,\"from\":\"client\","
		"\"to\":\"server\",\"flags\":\"S\",\"seq\":0,\"ack\":0,\"len\":0,\"win\":64240,"
		"\"fate\":\"delivered\",\"sent\":1,\"raw\":\"4500003cf31940004006c39ec0000201"
		"c0000202ae561b59c22e97c400000000a002faf0f8e00000020405b40402080adf2bcd58"
		"000000000103030a\"}\n";
	char name[128];
	struct console console;

	(void)state;
	snprintf(name, sizeof(name), "%s/wire.jsonl", directory);
	file_write(name, text, strlen(text));
	replay_open(&console, name, NULL);
	console_type(&console, END F5);
	console_expect_row(&console, -3, "Enter open");
	console_type(&console, "d");
	console_expect_row(&console, -3, "is not held: it was delivered");
	console_close(&console);
}

/* It goes on by itself, up to the end. */
static void test_play(void **state)
{
	struct console console;

	(void)state;
	replay_open(&console, talk, NULL);
	console_expect(&console, "Recorded");
	console_type(&console, "play 200ms\r");
	console_expect(&console, "● ESTABLISHED");
	console_expect(&console, "Recv-Q 5");
	/* At the end there is nothing to go on to: it begins again. */
	console_type(&console, END);
	console_expect_row(&console, -3, "paused: ");
	console_type(&console, "play 60s\r");
	console_expect_row(&console, 2, "no socket yet");
	console_close(&console);
}

/* Where no cursor can be placed: line by line. */
static void test_lines(void **state)
{
	static const char *const dumb[] = {"TERM=dumb", "XDG_STATE_HOME=/proc/nonexistent", NULL};
	const char *args[] = {"replay", talk, NULL};
	const struct start start = {.args = args, .env = dumb, .program = program};
	struct console console;

	(void)state;
	if (!made)
		skip();
	console_open(&console, &start);
	console_watch(&console, "\033");
	console_expect(&console, "a saved session, line by line");
	console_expect(&console, "server>");
	console_type(&console, "next\r");
	console_expect(&console, "client  CLOSE → SYN_SENT");
	console_type(&console, "play 200ms\r");
	console_expect(&console, "this is the end of the session");
	console_type(&console, "open\r");
	console_expect(&console, "error: a saved session");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	assert_false(console.found);
	console_expect_restored(&console);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),   cmocka_unit_test(test_commands),
		cmocka_unit_test(test_nobody), cmocka_unit_test(test_no_session),
		cmocka_unit_test(test_wire),   cmocka_unit_test(test_play),
		cmocka_unit_test(test_lines),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("replay", tests, setup, teardown);
}
