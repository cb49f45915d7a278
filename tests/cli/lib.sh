# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the tests here: TAP, a directory of one's own, a copy of the program anyone can run.
set -u
: "${BOTHENDS:?is set by tests/run}"
n=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/bothends-cli.XXXXXX") || exit 1
trap 'cd / && rm -rf "$dir"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
chmod 755 "$dir"
cd "$dir" || exit 1

pass() {
	n=$((n + 1))
	echo "ok $n - $1"
}
fail() { # NAME, files that show why
	n=$((n + 1))
	echo "not ok $n - $1"
	shift
	for file; do
		echo "# $file:"
		head -c 4000 "$file" | sed 's/^/#   /'
		echo
	done
}
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
verdict() { # NAME, files that show why: did the last command succeed?
	if [ $? -eq 0 ]; then
		pass "$1"
	else
		fail "$@"
	fi
}
done_testing() {
	echo "1..$n"
}

# bothends, bothends-actor and the lessons where every user may read them, under $dir/program.
program_copy() {
	mkdir "$dir/program"
	cp "$O/bothends" "$O/bothends-actor" "$dir/program/"
	cp -R "$SOURCE/lessons" "$dir/program/lessons"
	chmod -R a+rX "$dir/program"
	BOTHENDS=$dir/program/bothends
}
