// Control groups of one container: made, set and entered as the command line says, and removed at the end. Which they are
// and what is written to them is Martlet's business.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool write_to(const char *path, const char *text, size_t length) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool is_written = write(file, text, length) == (ssize_t)length;
    int error = errno;
    close(file);
    errno = error;
    return is_written;
}

bool make_groups(const struct options *options) {
    for (size_t i = 0; i < options->cgroup_count; i++)
        if (mkdir(options->cgroups[i], 0755) < 0 && errno != EEXIST) return false;
    for (size_t i = 0; i < options->setting_count; i++) {
        char path[4096];
        const char *equals = strchr(options->settings[i], '=');
        if (!equals || snprintf(path, sizeof path, "%.*s", (int)(equals - options->settings[i]), options->settings[i]) >=
                           (int)sizeof path)
            return errno = EINVAL, false;
        // What a group has no file for it cannot limit.
        if (!write_to(path, equals + 1, strlen(equals + 1)) && errno != ENOENT) return false;
    }
    return true;
}

bool enter_groups(const struct options *options) {
    for (size_t i = 0; i < options->cgroup_count; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/cgroup.procs", options->cgroups[i]) >= (int)sizeof path) return false;
        if (!write_to(path, "0", 1)) return false;
    }
    return true;
}

bool has_run_out_of_memory(const struct options *options) {
    char text[512];
    int file = options->cgroup_oom ? open(options->cgroup_oom, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (length <= 0) return false;
    text[length] = 0;
    char *count = strstr(text, "oom_kill ");
    return count && atoi(count + strlen("oom_kill ")) > 0;
}

void remove_groups(const struct options *options) {
    // The kernel may take a moment to let go of processes that have ended.
    for (size_t i = 0; i < options->cgroup_count; i++)
        for (int tries = 0; rmdir(options->cgroups[i]) < 0 && errno == EBUSY && tries < 50; tries++)
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}
