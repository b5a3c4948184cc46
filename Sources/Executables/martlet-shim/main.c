// martlet-shim stands between Martlet and one container process, so that no process ever outlives its pod:
//
//   martlet ── lifeline, status ── shim ── init (pid 1 of a pid namespace) ── command ── whatever it starts
//
// When the command ends, init ends, and the kernel kills whatever is left in the namespace. When Martlet dies or lets
// go of the lifeline, the shim kills init. When the shim is killed, the kernel kills init. Where there is no pid
// namespace to be had, the shim is itself the parent of the command and, as subreaper, of every process that
// daemonises; it kills them one by one.
//
// With --enter a command is started beside another shim's: in the same namespaces, under a shim of its own.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Nothing is inherited but the standard streams, the lifeline and the status; nothing is passed on but the streams.
static void close_others(const struct options *options) {
    int low = options->lifeline < options->status ? options->lifeline : options->status;
    int high = options->lifeline < options->status ? options->status : options->lifeline;
    if (low > 3) syscall(SYS_close_range, 3, low - 1, 0);
    if (high > low + 1) syscall(SYS_close_range, low + 1, high - 1, 0);
    syscall(SYS_close_range, high + 1, ~0u, 0);
    fcntl(low, F_SETFD, FD_CLOEXEC);
    fcntl(high, F_SETFD, FD_CLOEXEC);
}

// The streams are the command's alone: their readers see the end of file when its last process is gone.
static void let_go_of_streams(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream < 3; stream++)
        if (null >= 0) dup2(null, stream);
        else close(stream);
}

// Runs the command under this process, to its end. The exit code for this process.
static int run_here(const struct options *options, int signals, bool kernel_ends_the_rest) {
    pid_t child = launch(options);
    let_go_of_streams();
    if (child < 0) return EXIT_FAILED;
    struct ending ending = supervise(child, options->lifeline, signals);
    if (!ending.cut) report_ended(options->status, ending.code, ending.value);
    // What an entered command leaves behind ends with the container's pid namespace, where it has one.
    if (options->enter && kernel_ends_the_rest) {
        if (ending.cut) kill(-child, SIGKILL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    } else if (!kernel_ends_the_rest) end_all(child);
    return EXIT_SUCCESS;
}

// Process 1 of the namespace. Its /proc shows that namespace; without one, `ps` and many runtimes would be misled.
[[noreturn]] static void be_init(const struct options *options, int shim) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd death = {.fd = shim, .events = POLLIN};
    if (poll(&death, 1, 0) != 0) _exit(EXIT_FAILED);  // it died before the line above
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) _exit(EXIT_NO_PROC);
    _exit(run_here(options, catch_signals(), true));
}

// Runs the command in a pid namespace. EXIT_NO_PROC where there is none: nothing was started then.
static int run_in_namespace(const struct options *options, int signals) {
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (self < 0) return EXIT_NO_PROC;
    fcntl(self, F_SETFD, FD_CLOEXEC);
    pid_t init = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
    if (init == 0) be_init(options, self);
    close(self);
    if (init < 0) return EXIT_NO_PROC;
    struct ending ending = supervise(init, options->lifeline, signals);
    if (ending.cut) kill(init, SIGKILL);
    waitpid(init, NULL, 0);
    if (!ending.cut && ending.code != CLD_EXITED) report_ended(options->status, ending.code, ending.value);
    return ending.cut ? EXIT_SUCCESS : ending.code == CLD_EXITED ? ending.value : EXIT_FAILED;
}

int main(int argc, char **argv) {
    struct options options;
    parse_options(&options, argc, argv);
    close_others(&options);
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int signals = catch_signals();
    if (!has_sources(&options)) {
        report_failed(options.status, "bind", errno);
        return EXIT_FAILED;
    }
    bool has_joined_pids = false;
    if (options.enter && !join_namespaces(options.enter, &has_joined_pids)) {
        report_failed(options.status, "enter", errno);
        return EXIT_REFUSED;
    }
    if (options.confine && !enter_namespaces()) {
        report_failed(options.status, "confine", errno);
        return EXIT_REFUSED;
    }
    if (options.confine && !mount_binds(&options)) {
        // A path of this container's that leads nowhere says nothing about the system.
        bool is_refused = errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != ENAMETOOLONG;
        report_failed(options.status, is_refused ? "confine" : "bind", errno);
        return is_refused ? EXIT_REFUSED : EXIT_FAILED;
    }
    int result = options.confine ? run_in_namespace(&options, signals) : EXIT_NO_PROC;
    return result == EXIT_NO_PROC ? run_here(&options, signals, has_joined_pids) : result;
}
