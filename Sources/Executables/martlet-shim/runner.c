// The runner: the command's parent, in the command's namespaces.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Of the keeper, made before the runner.
struct ties {
    int keeper;        // its pidfd
    int lifeline[2];
    int reports[2];
    uid_t user;
    gid_t group;
};

static bool write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return written;
}

// In the new user namespace we stay who we are.
static bool map_identity(uid_t user, gid_t group) {
    char line[64];
    snprintf(line, sizeof line, "%u %u 1", user, user);
    if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", line)) return false;
    snprintf(line, sizeof line, "%u %u 1", group, group);
    return write_file("/proc/self/gid_map", line);
}

// The streams are the command's alone: their readers see the end of file when its last process is gone.
static void let_go_of_streams(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream < 3; stream++)
        if (null >= 0) dup2(null, stream);
        else close(stream);
    if (null > 2) close(null);
}

// Runs the command to its end. The exit code for this process.
static int run(const struct options *options, const struct ties *ties, bool kernel_ends_the_rest) {
    int signals = catch_signals();
    pid_t child = launch(options, ties->reports[1]);
    let_go_of_streams();
    if (child < 0) return EXIT_FAILED;
    struct ending ending = supervise(child, ties->lifeline[0], signals);
    if (!ending.cut) report_ended(ties->reports[1], ending.code, ending.value);
    // What an entered command leaves behind ends with the container's pid namespace, where it has one.
    if (options->enter && kernel_ends_the_rest) {
        if (ending.cut) kill(-child, SIGKILL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    } else if (!kernel_ends_the_rest) end_all(child);
    return 0;
}

// A path of this container's that leads nowhere says nothing about the system.
static bool is_refusal(int error) {
    return error != ENOENT && error != ENOTDIR && error != ELOOP && error != ENAMETOOLONG && error != EROFS;
}

static int confine(const struct options *options, const struct ties *ties, int flags) {
    if ((flags & CLONE_NEWUSER) && !map_identity(ties->user, ties->group))
        return report_failed(ties->reports[1], "confine", errno), EXIT_FAILED;
    // Mounts of the host still arrive here; ours never leave.
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
        return report_failed(ties->reports[1], "confine", errno), EXIT_FAILED;
    // Without its own /proc, `ps` and many runtimes would be misled.
    if ((flags & CLONE_NEWPID) && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return EXIT_NO_PROC;
    if (options->has_root ? make_root(options) : mount_binds(options)) return 0;
    return report_failed(ties->reports[1], is_refusal(errno) ? "confine" : "bind", errno), EXIT_FAILED;
}

[[noreturn]] static void be_runner(
    const struct options *options, const struct ties *ties, int flags, bool kernel_ends_the_rest) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd death = {.fd = ties->keeper, .events = POLLIN};
    if (poll(&death, 1, 0) != 0) _exit(EXIT_FAILED);  // it died before the line above
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const int others[] = {
        ties->keeper, ties->lifeline[1], ties->reports[0], options->control, options->output, options->error,
        options->input,
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] >= 0) close(others[i]);
    if (options->cgroup_count > 0 && !enter_groups(options)) report_without(ties->reports[1], "cgroup", errno);
    int refusal = options->confine ? confine(options, ties, flags) : 0;
    _exit(refusal ? refusal : run(options, ties, kernel_ends_the_rest));
}

static pid_t start(const struct options *options, const struct ties *ties, int flags, bool kernel_ends_the_rest) {
    pid_t process = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
    if (process == 0) be_runner(options, ties, flags, kernel_ends_the_rest);
    return process;
}

// Whether the runner leaves at once since it can mount no /proc. Its first word or its end tells.
static bool lacks_proc(const struct ties *ties, pid_t process) {
    struct pollfd word = {.fd = ties->reports[0], .events = POLLIN};
    siginfo_t ended = {.si_pid = 0};
    for (;;) {
        if (poll(&word, 1, 1) != 0) return false;
        if (waitid(P_PID, (id_t)process, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || ended.si_pid == 0) continue;
        return ended.si_code == CLD_EXITED && ended.si_status == EXIT_NO_PROC;
    }
}

static pid_t start_confined(const struct options *options, const struct ties *ties, bool *owns_pids) {
    // From the best to what is least; each as we are and, where that needs more rights, in a user namespace.
    static const int wanted[] = {CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS, CLONE_NEWNS | CLONE_NEWPID, CLONE_NEWNS};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *owns_pids = wanted[i] & CLONE_NEWPID;
        pid_t process = start(options, ties, wanted[i], *owns_pids);
        if (process < 0) process = start(options, ties, wanted[i] | CLONE_NEWUSER, *owns_pids);
        if (process < 0) continue;
        if (!*owns_pids || !lacks_proc(ties, process)) return process;
        waitpid(process, NULL, 0);
    }
    return -1;
}

bool start_runner(const struct options *options, bool has_joined_pids, struct runner *runner) {
    struct ties ties = {.user = geteuid(), .group = getegid()};
    ties.keeper = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (ties.keeper < 0 || pipe2(ties.lifeline, O_CLOEXEC) < 0 || pipe2(ties.reports, O_CLOEXEC) < 0) return false;
    fcntl(ties.keeper, F_SETFD, FD_CLOEXEC);
    runner->owns_pids = false;
    runner->process = options->confine ? start_confined(options, &ties, &runner->owns_pids)
                                       : start(options, &ties, 0, has_joined_pids);
    if (runner->process < 0) return false;
    close(ties.keeper);
    close(ties.lifeline[0]);
    close(ties.reports[1]);
    runner->lifeline = ties.lifeline[1];
    runner->reports = ties.reports[0];
    let_go_of_streams();
    return true;
}

void end_runner(struct runner *runner) {
    if (runner->lifeline >= 0) close(runner->lifeline);
    runner->lifeline = -1;
    if (runner->owns_pids) kill(runner->process, SIGKILL);
}
