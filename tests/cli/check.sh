#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bothends check: a lesson that lies, that proves nothing or that is no lesson does not pass.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

check() { # status wanted, words...
	wanted=$1
	shift
	timeout 60 "$BOTHENDS" check "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$wanted" ] || {
		echo "exit status $status, not $wanted" >>err
		false
	}
}
# The first lines of every lesson here, 9 of them.
title() {
	printf '# T\n\n'
	block lesson 'link: loopback' 'minutes: 1' 'level: test' 'source: none'
	echo
}
block() { # INFO LINE...
	echo "\`\`\`$1"
	shift
	printf '%s\n' "$@"
	echo '```'
}
# NAME, LINE, what the diagnostic says; the lesson's steps are in the file `steps`.
fails() {
	{
		title
		cat steps
	} >bad.md
	check "${4:-1}" bad.md && grep -qx 'not ok 1 - bad' out && grep -q "^# bad.md:$2: .*$3" out
	verdict "$1" out err bad.md
}
passes() {
	{
		title
		cat steps
	} >good.md
	check 0 good.md && printf '1..1\nok 1 - good\n' | cmp -s - out
	verdict "$1" out err good.md
}
pair() {
	echo '## S'
	block 'predict Q' "$1" "$2"
	block lab open "${3:-expect server state ESTABLISHED}"
}

pair 'a :: server recvq 0' 'b :: server recvq 1' >steps
passes "a lesson that is right"
pair 'a :: server recvq 2' 'b :: server recvq 1' >steps
fails "no choice is true" 11 "no choice is true: Q"
pair 'a :: server recvq 0' 'b :: server sendq 0' >steps
fails "two choices are true" 11 "several"
{
	echo '## S'
	block lab open
	block 'claim "C" - X' 'server recvq 1'
} >steps
fails "a claim that does not hold" 14 'a claim was not true: C: saw Recv-Q 0'
{
	echo '## S'
	block lab open
	block 'claim "C" - X' 'server read = 0'
} >steps
fails "a claim that stays undecided" 14 'a claim was not true'
{
	echo '## S'
	block lab open
	block 'claim "C" - X' 'server recvq 1' 'differs: so it is'
	block 'claim "D" - X' 'server recvq 0'
} >steps
passes "claims as they are written"
{
	echo '## S'
	block lab open
	block 'claim "C" - X' 'server recvq 0' 'differs: so it is'
} >steps
fails "a claim that differs, but holds" 14 'differs was not false: C'
{
	echo '## S'
	block lab open
	block 'claim "C" - X' 'server read = 0' 'differs: so it is'
} >steps
fails "a claim that differs, but is undecided" 14 'differs was not false: C'

two() {
	echo '## S'
	block lab open 'server write "1"' 'expect server write = 1' 'expect client recvq 1'
	echo '## S2'
}
{
	two
	block lab 'client read' 'expect server state ESTABLISHED'
} >steps
fails "an expectation that was true before the step" 20 'proves nothing'
{
	two
	block lab 'client read' 'expect server state ESTABLISHED already' 'expect client recvq 0'
} >steps
passes "unless it says so"
{
	two
	block lab 'expect server write = 1'
} >steps
fails "a call's result that is an old call's" 19 'proves nothing'
{
	two
	block lab 'server write "2"' 'expect server write = 1' 'expect client recvq 2'
} >steps
passes "the same result of a new call"
{
	two
	block lab 'client read' 'expect not client recvq 7 for 1ms' \
		'expect not client recvq 1 for 1ms'
} >steps
passes "expect not is exempt"
{
	two
	block 'predict Q' 'a :: server state ESTABLISHED' 'b :: client recvq 2'
	block lab 'client read'
} >steps
fails "a right choice that was true before the step" 19 'proves nothing'
timeout 20 "$BOTHENDS" run bad.md >out 2>err </dev/null
verdict "... which is for its author: run has nothing to say" out err
{
	two
	block 'predict Q' 'a :: server state ESTABLISHED already' 'b :: client recvq 2'
	block lab 'client read'
} >steps
passes "unless it says so, too"

{
	echo '## S'
	block lab open 'expect client recvq 3 within 10ms' 'child close'
} >steps
fails "an expectation that fails" 13 'expect client recvq 3 within 10ms: saw Recv-Q 0'
grep -q '^# bad.md:14: ' out
verdict "a command that is refused" out

printf 'text\n' >steps
fails "no step" 1 'at least one step' 2
{ echo '##'; block lab open; } >steps
fails "a step without a heading" 10 'heading' 2
block lab open >steps
fails "a lab block without a step" 10 'heading' 2
printf '## S\ntext\n' >steps
fails "a step without a lab block" 10 'no lab block' 2
{ echo '## S'; block lab 'open sesame'; } >steps
fails "a mistake in a command" 12 '' 2
{
	echo '## S'
	block 'predict Q' 'a :: server recvq 0' 'no condition'
	block lab 'open sesame' 'client close' 'quit'
	echo '## S2'
	block 'claim "C" - X' 'nobody gone'
} >steps
fails "mistakes in several blocks: the first" 13 'TEXT :: CONDITION' 2
[ "$(sed -n 's/^# bad.md:\([0-9]*\): .*/\1/p' out | tr '\n' ' ')" = "13 16 18 21 22 " ]
verdict "... and all the others" out
timeout 20 "$BOTHENDS" run bad.md >out 2>err </dev/null
[ $? -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q '^bad.md:13: ' err
verdict "run tells the first" out err

{
	title | grep -v minutes
	echo '## S'
	block lab open
} >bad.md
check 2 bad.md && grep -q "^# bad.md:3: .*minutes" out
verdict "no minutes" out err
check 2 nowhere.md && grep -qx 'not ok 1 - nowhere' out && grep -q '^# nowhere.md: ' out
verdict "no such file" out err

# Many at once, told in order, whoever is done first.
{
	title
	echo '## S'
	block lab open 'wait 300ms'
} >slow.md
printf '# P\n\nA page.\n' >A-page.md
check 2 -j 1 slow.md good.md A-page.md nowhere.md bad.md good.md
cp out one
check 2 -j 6 slow.md good.md A-page.md nowhere.md bad.md good.md
cmp -s out one && grep -qx 'ok 3 - A-page' out
verdict "the output does not depend on -j" out one
check 0 || [ $status -eq 3 ] && grep -q '^ok [0-9]* - 01-the-write' out && ! grep '^not ok' out
verdict "the course" out err

{
	title
	echo '## S'
	block lab open 'wait 300s'
} >endless.md
"$BOTHENDS" check -j 2 endless.md endless.md >out 2>err </dev/null &
pid=$!
servers() {
	pgrep -x server -P "$(pgrep -d , -P $pid)"
}
for _ in $(seq 100); do
	[ "$(servers | wc -l)" -lt 2 ] || break
	timeout 0.1 tail -f /dev/null
done
workers="$(pgrep -P $pid) $(servers)"
kill -TERM $pid
wait $pid
[ $? -eq 143 ] && [ "$(echo "$workers" | wc -w)" -eq 4 ] && for worker in $workers; do
	! kill -0 "$worker" 2>/dev/null || exit 1
done
verdict "SIGTERM ends all of them" out err
done_testing
