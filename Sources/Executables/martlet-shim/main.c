// martlet-shim stands between Martlet and one container process, so that a model server outlives Martlet, and nothing
// outlives the model server:
//
//   martlet ── control ── keeper (this process) ── runner ── command ── whatever it starts
//
// The runner is process 1 of a pid namespace: when the command ends, it ends, and the kernel kills whatever is left in
// the namespace. When the keeper is killed, the kernel kills the runner. Where there is no pid namespace to be had, the
// runner is the parent of the command and, as subreaper, of every process that daemonises; it kills them one by one.
//
// With --keep DIRECTORY the keeper goes on when Martlet is gone: it takes the output into the log, notes what happens in
// DIRECTORY/state, and waits at DIRECTORY/control for the next Martlet. Without, everything ends with Martlet.
//
// With --enter a command is started beside another shim's: in the same namespaces, under a shim of its own.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Nothing is inherited but the standard streams and what was named; nothing is passed on but the streams.
static void close_others(const struct options *options) {
    const int named[] = {options->control, options->output, options->error, options->input};
    for (int number = 3; number <= MAX_DESCRIPTOR; number++) {
        bool is_named = false;
        for (size_t i = 0; i < sizeof named / sizeof *named; i++) is_named = is_named || named[i] == number;
        if (is_named) fcntl(number, F_SETFD, FD_CLOEXEC);
        else close(number);
    }
    syscall(SYS_close_range, MAX_DESCRIPTOR + 1, ~0u, 0);
}

static int fail(const struct options *options, const char *step) {
    report_failed(options->control, step, errno);
    return EXIT_FAILED;
}

int main(int argc, char **argv) {
    struct options options;
    parse_options(&options, argc, argv);
    close_others(&options);
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int signals = catch_signals();
    if (!has_sources(&options)) return fail(&options, "bind");
    bool has_joined_pids = false;
    if (options.enter && !join_namespaces(options.enter, &has_joined_pids)) return fail(&options, "enter");
    if (!options.enter && options.cgroup_count > 0 && !make_groups(&options)) {
        report_without(options.control, "cgroup", errno);
        remove_groups(&options);
        options.cgroup_count = 0;
    }
    struct runner runner;
    if (!start_runner(&options, has_joined_pids, &runner)) return fail(&options, options.confine ? "confine" : "fork");
    keep(&options, &runner, signals);
    if (!options.enter) remove_groups(&options);
    return 0;
}
