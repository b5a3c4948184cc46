// Waiting, without ever polling: signals come by descriptor, and so does the word that all is to end.
#define _GNU_SOURCE
#include "shim.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int catch_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool is_passed_on(unsigned number) {
    return number == SIGTERM || number == SIGINT || number == SIGQUIT || number == SIGHUP || number == SIGUSR1 ||
           number == SIGUSR2 || number == SIGWINCH || number == SIGCONT;
}

// Reaps what ended, except `child`: its number stays taken until its group was killed.
static bool has_ended(pid_t child, struct ending *ending) {
    for (;;) {
        siginfo_t ended = {.si_pid = 0};
        if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || ended.si_pid == 0) return false;
        if (ended.si_pid == child) {
            *ending = (struct ending){.code = ended.si_code, .value = ended.si_status};
            return true;
        }
        waitpid(ended.si_pid, NULL, 0);
    }
}

struct ending supervise(pid_t child, int lifeline, int signals) {
    struct pollfd watched[] = {{.fd = signals, .events = POLLIN}, {.fd = lifeline, .events = POLLIN}};
    struct ending ending = {.cut = true};
    while (!has_ended(child, &ending)) {
        poll(watched, 2, -1);
        if (watched[1].revents) return (struct ending){.cut = true};
        struct signalfd_siginfo signal;
        while (read(signals, &signal, sizeof signal) == sizeof signal)
            if (is_passed_on(signal.ssi_signo)) kill(child, (int)signal.ssi_signo);
    }
    return ending;
}

// The fourth field of /proc/PID/stat; the second is in parentheses and may contain anything.
pid_t parent_of(const char *pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    char *after_name = strrchr(text, ')');
    return after_name && strlen(after_name) > 4 ? atoi(after_name + 4) : 0;
}

static void kill_children(void) {
    DIR *processes = opendir("/proc");
    if (!processes) return;
    for (struct dirent *entry; (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == getpid())
            kill(atoi(entry->d_name), SIGKILL);
    closedir(processes);
}

void end_all(pid_t child) {
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    // Those who left the group come to us, the subreaper, when their parents end: again, until none is left.
    do kill_children();
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}
