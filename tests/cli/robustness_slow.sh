#!/usr/bin/env bash
# Bad input of every kind ends in one clear message, the right exit code, and no process or half-written file left behind.
set -u
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# expect NAME EXIT PATTERN COMMAND...: the exit code, and a line of the output that matches; messages stay short.
expect() {
    local name=$1 code=$2 pattern=$3 got
    shift 3
    timeout 60 "$@" > output 2> errors < /dev/null
    got=$?
    [ "$got" -eq "$code" ] || fail "$name: exit $got, expected $code: $(head -n 2 errors output)"
    cat output errors | grep -qiE "$pattern" || fail "$name: no line matches '$pattern': $(head -n 3 errors output)"
    [ "$(wc -l < errors)" -le 8 ] || fail "$name: $(wc -l < errors) lines of messages"
    if pgrep -f "$work" > /dev/null; then fail "$name: a process is left"; fi
}

module() { # FILE GLOBALS INIT EXIT
    cat > "$1" <<END
#include <linux/module.h>
#include <linux/kthread.h>
#include <linux/interrupt.h>
#include <linux/slab.h>
$2
static int __init test_init(void)
{
$3
	return 0;
}
static void __exit test_exit(void)
{
$4
}
module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL");
END
}
crash='*(volatile int *)8 = 1;'

echo 'int x = ;' > syntax.c
printf '#include <linux/module.h>\nstatic int __init i(void) { return no_such_function_anywhere(); }\nmodule_init(i);\n' > unknown.c
printf '#include <linux/no_such_header.h>\n' > header.c
echo 'garbage' > garbage.trace
head -c 4096 /dev/urandom > binary.trace
printf 'kloom-trace 1\nprogram x\nchoice 5 dance cpu0\nend\n' > choice.trace
: > empty.c
module crash_load.c '' "	$crash" ''
module crash_unload.c '' '' "	$crash"
module crash_thread.c "static int run(void *u) { $crash return 0; }" '	kthread_run(run, NULL, "run");' ''
module crash_irq.c "static irqreturn_t on(int irq, void *d) { $crash return IRQ_HANDLED; }" '	if (request_irq(19, on, IRQF_SHARED, "t", &on)) return -1;' '	free_irq(19, &on);'
module wild_call.c '' '	((void (*)(void))0x1234567000ul)();' ''
module silent_loop.c '' '	for (;;) ;' ''
module recursion.c 'int deep(int n); int deep(int n) { volatile char pad[512]; pad[0] = n; return n < 0 ? 0 : deep(n + 1) + pad[0]; }' '	return deep(0);' ''
module memory.c '' '	for (;;) if (!kmalloc(1 << 20, GFP_KERNEL)) ;' ''
module heap.c '' '	char *p = kmalloc(16, GFP_KERNEL); int i; for (i = 0; i < 100000; i++) p[i] = 1;' ''
module divide.c 'static volatile int zero;' '	return 7 / zero;' ''
module stop.c '' '	panic("enough");' ''
module bug.c '' '	BUG();' ''

expect 'syntax error' 2 'syntax.c:1' "$KLOOM" check syntax.c
expect 'unknown function' 2 'no_such_function_anywhere' "$KLOOM" check unknown.c
expect 'unknown header' 2 'no_such_header' "$KLOOM" check header.c
expect 'missing file' 2 'nowhere.c' "$KLOOM" check nowhere.c
expect 'a folder without a module' 2 . "$KLOOM" check .
expect 'empty file' 2 'empty.c' "$KLOOM" check empty.c
expect 'no file' 2 . "$KLOOM" check
expect 'unknown option' 2 'frobnicate' "$KLOOM" check --frobnicate crash_load.c
expect 'unknown command' 2 'frobnicate' "$KLOOM" frobnicate
expect 'bad number' 2 'cpus' "$KLOOM" check --cpus many crash_load.c
expect 'unknown finding' 2 'no-such' "$KLOOM" explain no-such
expect 'garbage trace' 2 'trace' "$KLOOM" replay garbage.trace
expect 'binary trace' 2 'trace' "$KLOOM" replay binary.trace
expect 'unknown choice' 2 'dance' "$KLOOM" replay choice.trace
expect 'missing trace' 2 'nowhere' "$KLOOM" replay nowhere.trace
expect 'crash at load' 1 'null-dereference' "$KLOOM" check crash_load.c
expect 'crash at unload' 1 'null-dereference' "$KLOOM" check crash_unload.c
expect 'crash in a thread' 1 'null-dereference' "$KLOOM" check crash_thread.c
expect 'crash in an interrupt' 1 'null-dereference' "$KLOOM" check --irq 19 crash_irq.c
expect 'wild call' 1 'wild-access' "$KLOOM" check wild_call.c
expect 'loop without a step' 1 'soft-lockup' "$KLOOM" check silent_loop.c
expect 'endless recursion' 1 'stack-overflow' "$KLOOM" check recursion.c
expect 'exhausted memory' 1 'out-of-memory|soft-lockup' "$KLOOM" check memory.c
expect 'heap corruption' 1 'out-of-bounds' "$KLOOM" check heap.c
expect 'division by zero' 1 'divide-error' "$KLOOM" check divide.c
expect 'panic' 1 'assertion' "$KLOOM" check stop.c
expect 'BUG' 1 'assertion' "$KLOOM" check bug.c
expect 'no compiler' 2 'gcc' env PATH=/nowhere "$KLOOM" check crash_load.c --cflags -DUNCACHED
[ "$failures" -eq 0 ] && echo "all bad input is answered"
exit $((failures != 0))
