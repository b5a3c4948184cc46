// What is told to Martlet, one line each:
//   started              the command was executed
//   failed STEP ERRNO    bind, confine, keep, fork, limit, directory or exec failed; nothing runs
//   without WHAT ERRNO   it runs without this part of its confinement: the system refuses it
//   out-of-memory        a process of it was killed since it had no more memory
//   exited CODE          the main process ended
//   killed SIGNAL        the main process was ended by a signal
// The end of file means that the shim and every process under it are gone.
#define _GNU_SOURCE
#include "shim.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void send(int to, const char *line, int length) {
    ssize_t written = write(to, line, (size_t)length);
    (void)written;  // nobody reads it: whoever would is gone
}

void report_started(int to) { send(to, "started\n", 8); }

void report_failed(int to, const char *step, int error) {
    char line[64];
    send(to, line, snprintf(line, sizeof line, "failed %s %d\n", step, error));
}

void report_ended(int to, int code, int value) {
    char line[64];
    send(to, line, snprintf(line, sizeof line, "%s %d\n", code == CLD_EXITED ? "exited" : "killed", value));
}

void report_without(int to, const char *what, int error) {
    char line[64];
    send(to, line, snprintf(line, sizeof line, "without %s %d\n", what, error));
}
