// martlet-shim runs one container process and answers for everything that comes of it. See main.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { MAX_BINDS = 32, MAX_LIMITS = 16 };

// A directory or file of the host that the process sees at another place.
struct bind {
    const char *source;
    const char *target;
    bool read_only;
};

struct limit {
    int resource;
    struct rlimit value;
};

// What the command line asks for.
struct options {
    int lifeline;            // its end of file means: kill everything and leave
    int status;              // reports go here, see report.c
    const char *directory;   // the process's working directory, or NULL
    bool confine;            // mount (and, where it can be had, pid) namespace
    pid_t enter;             // another shim, whose command's namespaces are entered; or 0
    bool terminal;           // standard input is a terminal, to be the command's own
    struct bind binds[MAX_BINDS];
    size_t bind_count;
    struct limit limits[MAX_LIMITS];
    size_t limit_count;
    char **command;          // NULL-terminated, at least one word
};

// options.c: leaves with EXIT_USAGE and a line on stderr if the command line is wrong.
void parse_options(struct options *options, int argc, char **argv);

// report.c: one line each on the status descriptor.
void report_started(int status);
void report_failed(int status, const char *step, int error);
void report_ended(int status, int code, int value);

// confine.c: false and errno where something to be bound is not there, and where the system refuses.
bool has_sources(const struct options *options);
bool enter_namespaces(void);
// In the namespace that was entered.
bool mount_binds(const struct options *options);

// enter.c: false and errno where there is no such process, or the system refuses. Also answers whether processes that are
// started from now on are in another pid namespace.
bool join_namespaces(pid_t shim, bool *has_joined_pids);

// launch.c: starts the command in a session of its own; reports `started` or why not. -1 if not.
pid_t launch(const struct options *options);

// supervise.c
struct ending {
    bool cut;   // the lifeline ended first
    int code;   // CLD_EXITED, CLD_KILLED or CLD_DUMPED
    int value;  // exit code or signal
};

// Blocks all signals; the descriptor that tells them.
int catch_signals(void);
// Passes signals on to `child` and reaps, until `child` ends (it is left to be waited for) or `lifeline` (-1: none) does.
struct ending supervise(pid_t child, int lifeline, int signals);
// The fourth field of /proc/PID/stat; 0 where there is no such process.
pid_t parent_of(const char *pid);
// Kills `child`, its group, and every descendant that this process has become the parent of, until none is left.
void end_all(pid_t child);

enum {
    EXIT_USAGE = 120,
    EXIT_REFUSED = 121,   // no namespaces here: `failed confine ERRNO` was reported
    EXIT_FAILED = 122,    // the command could not be started: `failed STEP ERRNO` was reported
    EXIT_NO_PROC = 123,   // between the shim's own two processes: no pid namespace here
};
