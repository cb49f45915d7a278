/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program.c - a session as a C program: the order of its parts. */
#include "program.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void write_title(const struct program *program, FILE *out)
{
	const char *title = program->about->title;
	struct strbuf text = {0};

	comment_add(&text, title ? title : "", 90);
	fprintf(out, "/*\n * %s\n *\n", text.len ? text.text : "A TCP session");
	strbuf_free(&text);
}

static void write_origin(const struct program *program, FILE *out)
{
	const time_t seconds = (time_t)(program->about->epoch / NS_PER_S);
	struct strbuf text = {0};
	char date[64] = "an unknown day", name[200];
	const char *kernel = kernel_name(program->about, name, sizeof(name));
	struct tm tm;

	if (program->about->epoch && gmtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fprintf(out, " * A session of bothends, recorded on %s", date);
	comment_add(&text, kernel ? kernel : "", 90);
	if (text.len)
		fprintf(out, ",\n * on %s", text.text);
	strbuf_free(&text);
	fprintf(out, ".\n *\n");
}

/* What a reader must know before believing the returns. */
static void write_limits(const struct program *program, FILE *out)
{
	if (journal_first(program->journal) > 1)
		fputs(" * The session's beginning was not kept: calls on descriptors from before "
		      "will "
		      "fail here,\n * and what they return is not compared.\n *\n",
		      out);
	if (program->wired)
		fputs(" * The session was on the lab's wire, a cable that holds, drops and delays "
		      "segments, and\n * between two hosts, which crash. Outside the lab there is "
		      "neither: the calls are made on\n * 127.0.0.1, and may return something "
		      "else. That is shown, and not counted.\n *\n",
		      out);
	if (program->partial)
		fputs(" * How much of a large transfer fits at once is a matter of the machine's "
		      "buffers: of such\n * returns only the sign is compared.\n *\n",
		      out);
	if (program->strange)
		fprintf(out, " * %llu call%s could not be understood and became comment%s.\n *\n",
			(unsigned long long)program->strange, program->strange == 1 ? "" : "s",
			program->strange == 1 ? "" : "s");
	if (program->left)
		fprintf(out, " * %llu more calls of the session were left out, at the end.\n *\n",
			(unsigned long long)program->left);
}

static void write_head(const struct program *program, FILE *out)
{
	write_title(program, out);
	write_origin(program, out);
	fputs(" * The same processes make the same calls in the same order. Each says what its "
	      "call "
	      "has\n * returned, and compares that with what it returned in the session.\n *\n"
	      " *     cc -o session THIS-FILE.c && ./session\n *\n"
	      " * Exit status: 0, all returns are the session's; 1, some are not; 2, it could not "
	      "run.\n",
	      out);
	fputs(" *\n", out);
	write_limits(program, out);
	fputs(" * Read client(), server() and main(); the run-time behind them only sees to the "
	      "order.\n */\n",
	      out);
}

static void write_names(const struct program *program, FILE *out)
{
	fputs("\n/* The processes. The director starts and ends them, and makes no call of the "
	      "session's. */\nenum process { DIRECTOR",
	      out);
	for (unsigned i = 1; i < program->nprocesses; i++) {
		char name[32];

		process_constant(&program->processes[i], name, sizeof(name));
		fprintf(out, ", %s", name);
	}
	fputs(", PROCESSES };\nstatic const char *const names[] = {\"\"", out);
	for (unsigned i = 1; i < program->nprocesses; i++)
		fprintf(out, ", \"%s\"", side_name(program->processes[i].side));
	fputs("};\n", out);
	if (!(program->needs & NEED_ADDRESS))
		return;
	fputs("\n/* The session's ports. They may be taken here: free ones stand in for them. */\n"
	      "enum port { ",
	      out);
	for (unsigned i = 0; i < program->nports; i++)
		fprintf(out, "PORT_%u, ", program->ports[i]);
	fputs("PORTS };\n", out);
}

static void write_session(const struct program *program, FILE *out)
{
	fputs("\n/* The session, turn by turn: who made which call, and what it returned. */\n"
	      "enum how {\n"
	      "\tSAME, /* here it must return the same */\n"
	      "\tSOME, /* ... a number above 0 */\n"
	      "\tOPEN, /* ... whatever it does: only the lab can make it return the same */\n"
	      "};\n"
	      "static const struct turn {\n"
	      "\tenum process by;\n"
	      "\tconst char *call; /* as strace(1) shows it; NULL: no call */\n"
	      "\tlong ret;\n"
	      "\tint err;\n"
	      "\tenum how how;\n",
	      out);
	if (program->needs & NEED_VALUE)
		fputs("\tint value; /* what getsockopt or poll put into its argument */\n", out);
	if (program->needs & NEED_DATA)
		fputs("\tconst char *data; /* the first bytes that came in */\n\tsize_t len;\n",
		      out);
	if (program->needs & NEED_AT)
		fputs("#define ADDRESS(port) \\\n\t\"{sa_family=AF_INET, sin_port=htons(\" #port "
		      "\"), \" "
		      "\\\n\t\"sin_addr=inet_addr(\\\"127.0.0.1\\\")}\"\n",
		      out);
	fputs("} session[] = {\n", out);
	fputs(program->table.text ? program->table.text : "", out);
	fprintf(out, "\t[%u] = {.by = DIRECTOR}, /* the end */\n};\n", program->turns + 1);
}

/* They are named in the functions that fork into them. */
static void write_children(const struct program *program, FILE *out)
{
	for (unsigned i = 1; i < program->nprocesses; i++) {
		char name[32];

		process_word(&program->processes[i], name, sizeof(name));
		if (program->processes[i].forked)
			fprintf(out, "static void %s(void);\n", name);
	}
}

static void write_process(const struct process *process, FILE *out)
{
	char name[32];

	process_word(process, name, sizeof(name));
	fprintf(out, "\n/* %s%s, pid %d in the session. */\nstatic void %s(void)\n{\n",
		process->side == SIDE_CLIENT   ? "The client"
		: process->side == SIDE_SERVER ? "The server"
					       : "The server's child",
		process->number > 1 ? ", a new one" : "", (int)process->pid, name);
	fputs(process->body.text ? process->body.text : "\t/* It makes no call. */\n", out);
	fputs("}\n", out);
}

static void write_main(const struct program *program, FILE *out)
{
	const struct process *director = &program->processes[0];

	fputs("\nint main(void)\n{\n\tbegin();\n", out);
	for (unsigned i = 1; i < program->nprocesses; i++) {
		const struct process *process = &program->processes[i];
		char name[32], constant[32];

		process_word(process, name, sizeof(name));
		process_constant(process, constant, sizeof(constant));
		if (process->first && !process->forked)
			fprintf(out, "\tstart(%s, %s);\n", constant, name);
	}
	fputs("\tpass(0);\n", out);
	if (director->body.text)
		fprintf(out, "\n%s\n", director->body.text);
	fprintf(out, "\tturn(%u);\n\treturn finish();\n}\n", program->turns + 1);
}

void program_write(const struct journal *journal, const struct session_about *about, FILE *out)
{
	struct program *program = xcalloc(1, sizeof(*program));

	program->journal = journal;
	program->about = about;
	program_walk(program);
	write_head(program, out);
	runtime_include(out);
	write_names(program, out);
	write_session(program, out);
	runtime_declare(program, out);
	write_children(program, out);
	for (unsigned i = 1; i < program->nprocesses; i++)
		write_process(&program->processes[i], out);
	write_main(program, out);
	runtime_define(program, out);
	for (unsigned i = 0; i < program->nprocesses; i++) {
		strbuf_free(&program->processes[i].body);
		free(program->processes[i].blocked);
	}
	strbuf_free(&program->table);
	free(program);
}
