#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The course as a whole: lessons/README.md knows every scenario and every lesson, each lesson is on
# its part's page, asks, hints and tells what to look at; and the README's example is a lesson.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
lessons=$SOURCE/lessons
readme=$lessons/README.md

# "ROW LESSON" for each line of the table; "ROW LESSON differs" where it says so.
awk -F' *[|] *' '$2 ~ /^[0-9]+$/ {
	name = $5
	sub(/^.*\(/, "", name)
	sub(/\)$/, "", name)
	print $2, name, ($3 ~ /\*\*differs\*\*/ ? "differs" : "")
}' "$readme" >rows
# The files that the course has, and their numbers, without leading zeros.
(cd "$lessons" && ls [0-9]*.md) >files
sed 's/^0*//; s/-.*//' files >numbers

same() { # what is found on standard input is what the file `wanted` says
	cat >found
	diff wanted found >why
}

seq 39 >wanted
cut -d' ' -f1 rows | sort -n | same
verdict "each of the 39 rows is in the README's table once" why

cut -d' ' -f2 rows | sort -u >wanted
sort files | same
verdict "every lesson of the table is there, and every lesson is in the table" why

grep -vxE '[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*\.md' files >why
[ ! -s why ]
verdict "a lesson's file is named for its number and its title" why

seq "$(wc -l <files)" >wanted
same <numbers
verdict "the lessons are numbered from 1 on, each once" why

printf '%s\n' 10 19 31 >wanted
sed -n 's/ .* differs$//p' rows | sort -n | same
verdict "the rows that differ are marked in the table" why

: >why
sed -n 's/^[0-9]* \(.*\) differs$/\1/p' rows | while read -r file; do
	awk '/^```claim/ { on = 1 } /^```$/ { on = 0 } on && /^differs: ./ { found = 1 }
	END { exit !found }' "$lessons/$file" || echo "$file: no claim that differs" >>why
done
[ ! -s why ]
verdict "and their lessons have a claim that differs" why

# A page's list, `N. what it is about`, has the lessons of its part, in order.
: >why
for page in "$lessons"/[A-Z]-*.md; do
	part=${page##*/}
	part=${part%%-*}
	while read -r file; do
		grep -qx "part: $part" "$lessons/$file" && echo "$file"
	done <files | sed 's/^0*//; s/-.*//' >wanted
	sed -n 's/^\([0-9]*\)\. .*/\1/p' "$page" >found
	diff wanted found >different || {
		echo "${page##*/}:"
		cat different
	} >>why
	grep -q "^| \[$part\](${page##*/}) |" "$readme" || echo "README.md: no ${page##*/}" >>why
done
while read -r file; do
	part=$(sed -n 's/^part: //p' "$lessons/$file")
	ls "$lessons/$part"-*.md >found 2>&1 || echo "$file: no page for its part: $part" >>why
done <files
[ ! -s why ]
verdict "each part's page lists its lessons, and each lesson has a page" why

# FILE: what a lesson owes its reader.
owes() {
	awk '
	function owed(what) { print FILENAME ": " what; missing = 1 }
	function step_end() {
		if (heading != "" && !before)
			owed("nothing says what to look at: " heading)
		if (asked && !after)
			owed("nothing says why: " heading)
	}
	/^```/ {
		fence = !fence
		kind = fence ? $1 : ""
		if (fence)
			count[kind]++
		asked = asked || kind == "```predict"
		played = played || kind == "```lab"
		next
	}
	fence { next }
	/^## / {
		step_end()
		heading = $0
		before = after = played = asked = 0
		next
	}
	/[a-z]/ { if (played) after = 1; else before = 1 }
	END {
		step_end()
		if (!count["```predict"])
			owed("no predict")
		if (!count["```hint"])
			owed("no hint")
		if (!count["```claim"])
			owed("no claim")
		exit missing
	}' "$1"
}
(cd "$lessons" && while read -r file; do
	owes "$file"
done) <files >why
[ ! -s why ]
verdict "each lesson asks, hints and claims, each step says what to look at, each answer why" why

"$BOTHENDS" lesson </dev/null >list 2>err
awk '$1 ~ /^[0-9]+$/ { print $1 + 0 }' list | cmp - numbers >why 2>&1
verdict "the list of lessons is the course, in its order" why list err

# A course of our own, beside a copy of the program: part before number, what has no part last.
mkdir -p own/lessons && cp "$BOTHENDS" "${BOTHENDS%/*}/bothends-actor" own/
one() { # FILE, lines of its lesson block
	file=own/lessons/$1
	shift
	{
		printf '# %s\n\n```lesson\n' "${file##*/}"
		printf '%s\n' "$@" 'link: loopback' 'minutes: 1' 'level: x' 'source: y'
		# shellcheck disable=SC2016 # Markdown
		printf '```\n\n## S\n\n```lab\nopen\n```\n'
	} >"$file"
}
one 1-e.md
one 2-d.md 'part: B'
one 3-c.md 'part:	A'
one 10-b.md 'part: A'
one 9-a.md 'part: A'
one 4-z.md
one 5-q.md 'part: C'
for page in A-z B-y; do
	printf '# %s.md\n\nA page.\n' "$page" >"own/lessons/$page.md"
done
own/bothends lesson </dev/null >list 2>err
sed 's/.* //' list | tr '\n' ' ' >order
echo 'A-z.md 3-c.md 9-a.md 10-b.md B-y.md 2-d.md 5-q.md 1-e.md 4-z.md ' | tr -d '\n' | cmp - order >why 2>&1
verdict "a course goes by parts, each begun by its page, then by numbers" why list err
awk '/^````markdown$/ { on = 1; next } /^````$/ { on = 0 } on' "$readme" >example.md
timeout 60 "$BOTHENDS" check example.md >out 2>err </dev/null
status=$?
if [ $status -eq 3 ]; then
	skip "the README's example is a lesson, and the kernel agrees" "this machine cannot tell"
else
	[ $status -eq 0 ] && printf '1..1\nok 1 - example\n' | cmp -s - out && [ "$(owes example.md)" = "" ]
	verdict "the README's example is a lesson, and the kernel agrees" out err example.md
fi
done_testing
