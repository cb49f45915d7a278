#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files that are no scripts, and mistakes in scripts: one line with file and line, exit status 2,
# nothing executed, never a crash.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

# One line on standard error, that ends, and no event on standard output.
refused() { # FILE or -, the input of -
	timeout 20 "$BOTHENDS" run --json "$1" <"${2:-/dev/null}" >out 2>err
	[ $? -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && [ "$(wc -c <err)" -lt 1000 ]
}
said() { # FILE, LINE: where the message says the mistake is
	grep -q "$1:$2: " err
}

printf 'open\nclient frobnicate\n' >verb.lab
refused verb.lab && said verb.lab 2
verdict "an unknown verb" out err
printf 'open\nclient wirte "x"\n' >near.lab
refused near.lab && said near.lab 2 && grep -q write err
verdict "a near miss names the nearest" out err
printf 'open\nwrite "x"\n' >sideless.lab
refused sideless.lab && said sideless.lab 2
verdict "a side is missing" out err
printf 'open\nclient write "x\n' >quote.lab
refused quote.lab && said quote.lab 2
verdict "a quote that does not close" out err
printf 'open\nexpect server state NOWHERE\n' >state.lab
refused state.lab && said state.lab 2
verdict "an unknown state" out err

printf 'open\nclient write "a\000b"\n' >nul.lab
refused nul.lab && said nul.lab 2
verdict "a NUL byte" out err
printf 'open\nclient write "\377\376"\n' >utf8.lab
refused utf8.lab && said utf8.lab 2
verdict "invalid UTF-8" out err
printf 'open\r\nclient close\r\n' >crlf.lab
timeout 20 "$BOTHENDS" run crlf.lab >out 2>err </dev/null
[ $? -lt 3 ]
verdict "lines that end in CR LF: played or refused, no crash" out err
head -c 10000000 /dev/zero | tr '\000' 'x' >long.lab
refused long.lab
verdict "a line of 10 MB" out err
{
	printf 'open\n'
	head -c 3000000 /dev/zero | tr '\000' 'x'
} >long2.lab
refused long2.lab && said long2.lab 2
verdict "a line of 3 MB" out err
head -c 100000 /dev/urandom >random.lab
refused random.lab
verdict "random bytes" out err
cp "$BOTHENDS" program.lab
refused program.lab
verdict "a program" out err
head -c 100000 /dev/urandom >random.md
refused random.md
verdict "random bytes as a lesson" out err
printf '# A title\n\nNo lesson block.\n' >none.md
refused none.md
verdict "Markdown that is no lesson" out err
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "> "; print "x" }' >deep.md
refused deep.md
verdict "quotes nested 20000 deep" out err
awk 'BEGIN { for (i = 0; i < 50000; i++) printf "["; print "" }' >deep2.md
refused deep2.md
verdict "50000 open brackets" out err
: >empty.md
refused empty.md
verdict "an empty lesson" out err

refused no-such-file.lab
verdict "no such file" out err
refused .
verdict "a directory" out err
refused /dev/zero
verdict "a file without an end" out err
refused - /dev/zero
verdict "standard input without an end" out err
refused - random.lab
verdict "random bytes on standard input" out err
printf 'open\nclient write "x"\nexpect server recvq 1\nbogus\n' >last.lab
refused - last.lab && grep -q ':4: ' err
verdict "standard input is read to its end before anything is executed" out err

# Nothing to do is no mistake.
: >empty.lab
timeout 20 "$BOTHENDS" run --json empty.lab >out 2>err </dev/null && [ ! -s err ]
verdict "an empty script" out err

# Whatever came before: the mistake is found first, so that a save file is not begun either.
timeout 20 "$BOTHENDS" run --pcap begun.pcap verb.lab >out 2>err </dev/null
[ $? -eq 2 ] && [ ! -e begun.pcap ]
verdict "no save file for a script with a mistake" out err

for words in "run" "run --json" "run --bogus x.lab" "bogus" "run --link bogus empty.lab" \
	"run --pcap" "check -j x" "run --seed" "run a.lab b.lab" "doctor x" "shell nobody"; do
	# shellcheck disable=SC2086 # words
	timeout 20 "$BOTHENDS" $words >out 2>err </dev/null
	[ $? -eq 2 ] && [ ! -s out ] && [ -s err ]
	verdict "usage: bothends $words" out err
done

# Where the results cannot be written, that is no success.
printf 'open\nclient close\n' >short.lab
! timeout 20 "$BOTHENDS" run --json short.lab >/dev/full 2>err </dev/null
verdict "a full disk under standard output" err
! timeout 20 "$BOTHENDS" run --pcap /dev/full short.lab >out 2>err </dev/null
verdict "a save file that cannot be written" out err
{
	timeout 20 "$BOTHENDS" run --json short.lab 2>err </dev/null
	echo $? >status
} | head -n 1 >out
[ "$(cat status)" -lt 128 ] || [ "$(cat status)" -eq 141 ]
verdict "a reader that goes away" out err status
done_testing
