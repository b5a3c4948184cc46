// martlet-shim runs one container process and answers for everything that comes of it. See main.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { MAX_BINDS = 64, MAX_LIMITS = 16, MAX_DEVICES = 32, MAX_GROUPS = 32, MAX_CGROUPS = 8, MAX_SETTINGS = 16, MAX_DESCRIPTOR = 15 };

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
    int control;             // the connection to Martlet
    int output, error, input;  // Martlet's ends of the streams, kept for its successor; -1 where there is none
    const char *keep;        // the directory of state and socket; NULL: everything ends with Martlet
    const char *log;         // where the output goes while there is no Martlet, or NULL
    const char *directory;   // the process's working directory, or NULL
    bool confine;            // mount (and, where they can be had, pid, ipc and uts) namespaces
    pid_t enter;             // another shim, whose command's namespaces are entered; or 0
    bool terminal;           // standard input is a terminal, to be the command's own
    struct bind binds[MAX_BINDS];
    size_t bind_count;
    struct limit limits[MAX_LIMITS];
    size_t limit_count;
    bool has_root;           // a root of its own, see root.c
    bool harden;             // no root's rights, no new ones, a filter of system calls
    const char *temporary;   // what is /tmp in that root; NULL for one in memory
    unsigned long long shared_memory;  // bytes of /dev/shm in it; 0: half of the machine's
    const char *devices[MAX_DEVICES];  // of /dev, seen in it
    size_t device_count;
    bool has_user;
    uid_t user;
    gid_t group, groups[MAX_GROUPS];
    size_t group_count;
    const char *cgroups[MAX_CGROUPS];    // directories, see cgroup.c
    size_t cgroup_count;
    const char *settings[MAX_SETTINGS];  // FILE=VALUE
    size_t setting_count;
    const char *cgroup_oom;              // the file that counts processes killed for want of memory
    char **command;          // NULL-terminated, at least one word
};

// options.c: leaves with EXIT_USAGE and a line on stderr if the command line is wrong.
void parse_options(struct options *options, int argc, char **argv);

// report.c: one line each on a descriptor.
void report_started(int to);
void report_failed(int to, const char *step, int error);
void report_ended(int to, int code, int value);
void report_without(int to, const char *what, int error);

// confine.c: false and errno where something to be bound is not there, and where the system refuses.
bool has_sources(const struct options *options);
// In a mount namespace of its own.
bool mount_binds(const struct options *options);

// root.c: likewise, and from then on in a root of its own.
bool make_root(const struct options *options);

// harden.c and seccomp.c: false and errno where the system refuses.
bool become_user(const struct options *options);
bool drop_capabilities(void);
bool forbid_new_privileges(void);
bool filter_calls(void);

// cgroup.c: likewise.
bool make_groups(const struct options *options);
bool enter_groups(const struct options *options);
bool has_run_out_of_memory(const struct options *options);
void remove_groups(const struct options *options);

// enter.c: false and errno where there is no such process, or the system refuses. Also answers whether processes that are
// started from now on are in another pid namespace.
bool join_namespaces(pid_t shim, bool *has_joined_pids);

// launch.c: starts the command in a session of its own; reports `started` or why not. -1 if not.
pid_t launch(const struct options *options, int reports);

// runner.c: the process that is the command's parent.
struct runner {
    pid_t process;
    int lifeline;        // its end is the end of everything under the runner
    int reports;         // what it says, see report.c
    bool owns_pids;      // it is process 1 of a pid namespace: killing it is enough
};
// False and errno where it cannot be had.
bool start_runner(const struct options *options, bool has_joined_pids, struct runner *runner);
void end_runner(struct runner *runner);

// keeper.c: stays with the runner until nothing of it is left, whether Martlet is there or not.
void keep(const struct options *options, struct runner *runner, int signals);

// state.c: what outlives Martlet in the directory `keep`. -1 and errno where it cannot be written.
int open_state(const char *directory);
void add_to_state(int state, const char *lines, size_t length);
// The socket by which the next Martlet finds this shim; -1 and errno.
int open_socket(const char *directory);
bool has_socket(const char *directory);

// welcome.c: takes one connection, and hands it the streams; -1 where it was none of ours.
int welcome(int listener, const struct options *options);

// capture.c: the output while there is no Martlet, in the log's format.
struct capture {
    int log;
    size_t room;   // bytes that are still written
};
void begin_capture(struct capture *capture, const char *log);
// Takes what is there; false at its end.
bool take_output(struct capture *capture, int stream, const char *name);
void end_capture(struct capture *capture);

// supervise.c
struct ending {
    bool cut;   // the lifeline ended first
    int code;   // CLD_EXITED, CLD_KILLED or CLD_DUMPED
    int value;  // exit code or signal
};

// Blocks all signals; the descriptor that tells them.
int catch_signals(void);
// Whether a signal is for the command.
bool is_passed_on(unsigned number);
// Passes signals on to `child` and reaps, until `child` ends (it is left to be waited for) or `lifeline` does.
struct ending supervise(pid_t child, int lifeline, int signals);
// The fourth field of /proc/PID/stat; 0 where there is no such process.
pid_t parent_of(const char *pid);
// Kills `child`, its group, and every descendant that this process has become the parent of, until none is left.
void end_all(pid_t child);

enum {
    EXIT_USAGE = 120,
    EXIT_FAILED = 122,    // the command could not be started: `failed STEP ERRNO` was reported
    EXIT_NO_PROC = 123,   // of a runner: no /proc can be mounted here, hence no pid namespace
};
