#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The story of a license: issued to a card, taken out sealed, lost, restored,
# refused by others, and recovered when its card is dead.
#
# usage: demo.sh [FILE]
#
# FILE, the content, is also taken from the environment (`make demo
# FILE=path`); without one it is a program that every Debian has.  SDVAULT
# names the tool, SDV_DEMO_KERNEL the kernel (direct).  What is made stays in
# the folder demo beside the tool until the next time.
#
# Every step checks what it shows; the first check that fails ends the demo.
set -eu

base_mhz=50   # clock of the slot: docs/protocol.md, "Frames"
first_lba=64  # where the content begins; the blocks before it are for backups
lba_a=0       # backup on card A
lba_b=1       # backup on card B
kernel=${SDV_DEMO_KERNEL:-direct}

fail() {
    echo "demo: $*" >&2
    exit 1
}

size_of() {
    wc -c <"$1"
}

# The first of these that has some megabytes.
default_file() {
    for candidate in /usr/bin/perl /usr/lib/*/libcrypto.so.* \
        /usr/lib/gcc/*/*/lto1 /usr/lib/gcc/*/*/cc1; do
        if [ ! -f "$candidate" ] || [ ! -r "$candidate" ]; then
            continue
        fi
        bytes=$(size_of "$candidate")
        if [ "$bytes" -ge 2000000 ] && [ "$bytes" -le 32000000 ]; then
            echo "$candidate"
            return
        fi
    done
    fail "found no file of 2 to 32 MB: name one with FILE=path"
}

check_file() {
    [ -e "$file" ] || fail "$file: there is no such file"
    [ -f "$file" ] || fail "$file: not a plain file"
    [ -r "$file" ] || fail "$file: may not be read"
    size=$(size_of "$file")
    [ "$size" -gt 0 ] || fail "$file: has no bytes"
    [ "$size" -le 4000000000 ] || fail "$file: too large for this demo"
}

# ---- showing and running ----

# A word as it stands on a command line.
quote() {
    case $1 in
    '' | *[!A-Za-z0-9_./=+,:@%-]*)
        printf "'%s'\n" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
        ;;
    *) printf '%s\n' "$1" ;;
    esac
}

# Show a command in lines of up to 78 characters; an option stays with its
# value.
show() {
    for word; do
        quote "$word"
    done | awk '
        function put(part) {
            if (length(line part) > 75) {
                print line " \\"
                line = "      " part
            } else
                line = line " " part
        }
        BEGIN { line = "$" }
        /^--?[a-z]/ { if (held != "") put(held); held = $0; next }
        held != "" && length(held $0) > 68 { put(held); held = "" }
        held != "" { put(held " " $0); held = ""; next }
        { put($0) }
        END { if (held != "") put(held); print line }'
}

# step TITLE NAME: close the row of the step before, open another.
step() {
    close_step
    number=$((number + 1))
    printf '\n%d. %s\n' "$number" "$1"
    name=$2
    sd=0
    base=0
    core=0
    has_clocks=no
    start=$(date +%s%N)
}

close_step() {
    [ -n "$name" ] || return 0
    wall=$(($(date +%s%N) - start))
    if [ $has_clocks = yes ]; then
        echo "  = $sd SD clocks, $core core clocks"
    fi
    echo "$number;$name;$has_clocks;$sd;$base;$core;$wall" >>"$table"
}

# Add up the clocks that --cycles has printed, and show the rest.
show_output() {
    # three numbers for each card that was switched on
    # shellcheck disable=SC2046
    set -- $(sed -n '/^total: [0-9]/ s/[^0-9]\{1,\}/ /gp' output)
    while [ $# -ge 3 ]; do
        sd=$((sd + $1))
        base=$((base + $2))
        core=$((core + $3))
        has_clocks=yes
        shift 3
    done
    sed '/^commands  *times/,/^seed:/d; /^crypto: /,$d; /^$/d; s/^/  /' output
}

# run COMMAND...: it must end with status 0.
run() {
    show "$@"
    "$@" >output 2>errors || {
        status=$?
        cat output errors >&2
        fail "step $number: exit status $status"
    }
    show_output
}

# card COMMAND...: the tool, on the kernel of the demo, with its clocks.
card() {
    if [ "$kernel" = direct ]; then
        run sdvault "$@" --cycles
    else
        run sdvault "$@" --cycles --kernel "$kernel"
    fi
}

# refused NAME COMMAND...: it must end with status 1 and name the reason.
refused() {
    reason=$1
    shift
    show "$@"
    status=0
    "$@" >output 2>errors || status=$?
    sed 's/^sdvault [a-z]* [a-z]*: //' errors | fold -s -w 74 |
        sed 's/ *$//; s/^/  /'
    show_output
    [ "$status" -eq 1 ] ||
        fail "step $number: exit status $status, a refusal has 1"
    grep -q "\[$reason\]" errors ||
        fail "step $number: not the reason $reason"
}

# The same for a command that goes to a card.
card_refused() {
    reason=$1
    shift
    if [ "$kernel" = direct ]; then
        refused "$reason" sdvault "$@" --cycles
    else
        refused "$reason" sdvault "$@" --cycles --kernel "$kernel"
    fi
}

# expect TEXT: the last command has printed this.
expect() {
    grep -q -e "$1" output || fail "step $number: nowhere: $1"
}

say() {
    printf '%s\n' "$@" | sed 's/^/  /'
}

sdvault() {
    "$tool" "$@"
}

# ---- the story ----

file=${1:-${FILE:-}}
[ -n "$file" ] || file=$(default_file)
check_file
file=$(realpath "$file")
tool=${SDVAULT:-build/sdvault}
[ -x "$tool" ] || fail "$tool is not there: run make demo"
tool=$(realpath "$tool")
dir=$(dirname "$tool")/demo
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
table=$dir/table
number=0
name=

# Room for the content, in steps of 512 KiB.
blocks=$(((size + 511) / 512 + 1))
capacity=$((((first_lba + blocks) / 1024 + 2) * 512))

echo "sdvault is $tool, at work in"
echo "$dir."
echo "The content is $file, $size bytes."

step "A license authority: a master key and a ledger" "authority"
run sdvault authority init auth --insecure

step "Two blank cards, and an identity for each" "personalize A, B"
for c in a b; do
    run sdvault card create $c.img --capacity ${capacity}K
    card authority personalize auth $c.img
    card card info $c.img
    expect '^lifecycle: *active'
    sed -n 's/^medium id: *//p' output >$c.id
done
id_a=$(cat a.id)
id_b=$(cat b.id)
[ "$id_a" != "$id_b" ] || fail "both cards have the id $id_a"

step "A license for card A, and the content key that belongs to it" "issue"
run sdvault authority issue auth --medium "$id_a" --title "Demo" \
    -o a.license --key-out content.key
[ "$(size_of a.license)" -eq 512 ] || fail "a.license has no 512 bytes"

step "The content, encrypted, into the user area of both cards" "store"
for c in a b; do
    card content store $c.img --lba $first_lba --key-file content.key \
        -i "$file"
done
say "Encrypted content is for everybody; the license is for card A."

step "Card A takes the license in" "import"
if [ "$kernel" = direct ]; then
    card license import a.img --file a.license --log bus.log
    echo "  On the wires, after identification (SD clock, command, response):"
    sed -n '/CMD3[4-7] /p' bus.log
else
    card license import a.img --file a.license
fi
card license list a.img
expect ' live '
license=$(sed -n 's/^\([0-9a-f]\{32\}\) .*/\1/p' output)

step "It comes out again, sealed by the card: to A's user area, to B's" "export"
card license export a.img "$license" --lba $lba_a
card license export a.img "$license" --lba $lba_b --to-card b.img

step "Flash fails: both sectors of the license's slot are garbage" "lose"
run sdvault sim damage a.img --region secure --at 0 --count 2 --seed 1
card_refused SW_NOT_USABLE license export a.img "$license" --file x

step "Restored from the copy in A's own user area" "restore from A"
card license import a.img --lba $lba_a
card license export a.img "$license" --file a.backup

step "Lost again" "lose again"
run sdvault sim damage a.img --region secure --at 0 --count 2 --seed 2
card_refused SW_NOT_USABLE license export a.img "$license" --file x

step "Restored from the copy on card B" "restore from B"
card license import a.img --lba $lba_b --from-card b.img
card license export a.img "$license" --file a.backup
[ "$(size_of a.backup)" -eq 512 ] || fail "a.backup has no 512 bytes"

step "Card B holds that copy, but will not take it: it is A's" "B refuses"
card_refused SW_SEAL_MEDIUM license import b.img --lba $lba_b

step "One bit of a copy flipped: card A refuses it" "flipped bit"
cp a.backup flipped
byte=$(od -An -tu1 -j300 -N1 a.backup | tr -d ' ')
# shellcheck disable=SC2059
printf "\\$(printf '%03o' $((byte ^ 1)))" |
    dd of=flipped bs=1 seek=300 conv=notrunc status=none
[ "$(cmp -l a.backup flipped | wc -l)" -eq 1 ] || fail "no bit was flipped"
card_refused SW_SEAL_TAG license import a.img --file flipped

step "Card A is dead; the authority recovers from the id on its label" "recover"
run mv a.img a.dead
card card read b.img --lba $lba_b --blocks 1 -o rescued
run sdvault authority recover auth --medium "$id_a" --blob rescued \
    --to-medium "$id_b" -o b.license
card license import b.img --file b.license
card license list b.img
expect "^$license  *live "

step "It does that once" "recover again"
refused ERR_RECOVERED sdvault authority recover auth --medium "$id_a" \
    --blob rescued --to-medium "$id_b" -o again

step "Card B plays the content" "play"
card content play b.img --lba $first_lba --key-file content.key -o played
run cmp "$file" played
say "Equal: $size bytes." \
    "The key that it was decrypted with is the authority's, from content.key:" \
    "a card gives keys only to an apparatus behind a secure channel (USE), and" \
    "that channel does not exist yet."
close_step

# ---- the table ----

printf '\nClocks of the CLK pin and of the card'\''s core, power-up included; '
printf 'time at %d MHz\n' $base_mhz
awk -F';' -v mhz=$base_mhz '
    BEGIN {
        printf "%-3s %-17s %13s %13s %13s %9s\n", "", "step", "SD clocks",
            "core clocks", "simulated ms", "wall s"
    }
    {
        printf "%2d. %-17s ", $1, $2
        if ($3 == "yes")
            printf "%13d %13d %13.3f ", $4, $6, $5 / mhz / 1e3
        else
            printf "%13s %13s %13s ", "-", "-", "-"
        printf "%9.2f\n", $7 / 1e9
        sd += $4; base += $5; core += $6; wall += $7
    }
    END {
        printf "%-21s ", "all"
        if (sd > 0)
            printf "%13d %13d %13.3f ", sd, core, base / mhz / 1e3
        else
            printf "%13s %13s %13s ", "-", "-", "-"
        printf "%9.2f\n", wall / 1e9
    }' "$table"
rm -f output errors table
echo
echo "Every step was checked.  Cards, licenses and key are kept in"
echo "$dir."
