// From the shim to the command: a session of its own, the shim's death is its death, limits, clean signals, no
// descriptors but the standard streams.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct failure {
    char step[16];
    int error;
    bool goes_on;   // without it
};

static void tell(int to, const char *step, bool goes_on) {
    struct failure failure = {.error = errno, .goes_on = goes_on};
    strncpy(failure.step, step, sizeof failure.step - 1);
    ssize_t written = write(to, &failure, sizeof failure);
    (void)written;
}

[[noreturn]] static void fail(int to, const char *step) {
    tell(to, step, false);
    _exit(127);
}

// The filter comes last: what is before it may need what it refuses.
static void give_up_rights(const struct options *options, int failures) {
    if (options->harden && !drop_capabilities()) tell(failures, "capabilities", true);
    if (options->harden && !forbid_new_privileges()) tell(failures, "privileges", true);
    if (options->harden && !filter_calls()) tell(failures, "seccomp", true);
}

static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

[[noreturn]] static void run(const struct options *options, pid_t parent, int failures) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before the line above
    if (options->terminal && ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0) fail(failures, "terminal");
    for (size_t i = 0; i < options->limit_count; i++)
        if (setrlimit(options->limits[i].resource, &options->limits[i].value) < 0) fail(failures, "limit");
    if (!become_user(options)) fail(failures, "user");
    if (options->directory && chdir(options->directory) < 0) fail(failures, "directory");
    reset_signals();
    give_up_rights(options, failures);
    execvp(options->command[0], options->command);
    fail(failures, "exec");
}

pid_t launch(const struct options *options, int reports) {
    int failures[2];
    pid_t self = getpid();
    pid_t child = pipe2(failures, O_CLOEXEC) < 0 ? -1 : fork();
    if (child < 0) return report_failed(reports, "fork", errno), -1;
    if (child == 0) run(options, self, failures[1]);
    close(failures[1]);
    struct failure failure = {0};
    for (;;) {
        ssize_t length = read(failures[0], &failure, sizeof failure);
        if (length < 0 && errno == EINTR) continue;
        if (length != sizeof failure) break;
        if (failure.goes_on) {
            report_without(reports, failure.step, failure.error);
            continue;
        }
        close(failures[0]);
        waitpid(child, NULL, 0);
        return report_failed(reports, failure.step, failure.error), -1;
    }
    close(failures[0]);
    report_started(reports);
    return child;
}
