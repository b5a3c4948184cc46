// Entering the namespaces of a container that runs.
#define _GNU_SOURCE
#include "shim.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// The shim's one child: its runner. 0 where there is none.
static pid_t child_of(pid_t shim) {
    DIR *processes = opendir("/proc");
    if (!processes) return 0;
    pid_t found = 0;
    for (struct dirent *entry; !found && (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == shim) found = atoi(entry->d_name);
    closedir(processes);
    if (!found) errno = ESRCH;
    return found;
}

// A descriptor of the namespace; -1 where it is our own already, -2 and errno where there is none.
static int open_other(pid_t process, const char *name) {
    char theirs[64], ours[64];
    snprintf(theirs, sizeof theirs, "/proc/%d/ns/%s", process, name);
    snprintf(ours, sizeof ours, "/proc/self/ns/%s", name);
    struct stat their, our;
    if (stat(theirs, &their) < 0 || stat(ours, &our) < 0) return -2;
    if (their.st_ino == our.st_ino) return -1;
    int file = open(theirs, O_RDONLY | O_CLOEXEC);
    return file < 0 ? -2 : file;
}

bool join_namespaces(pid_t shim, bool *has_joined_pids) {
    pid_t process = child_of(shim);
    if (!process) return false;
    // The user namespace first: it gives the right to enter the others. All are opened before /proc changes.
    static const struct {
        const char *name;
        int type;
    } kinds[] = {{"user", CLONE_NEWUSER}, {"pid", CLONE_NEWPID}, {"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS},
                 {"net", CLONE_NEWNET}, {"mnt", CLONE_NEWNS}};
    enum { COUNT = sizeof kinds / sizeof *kinds };
    int files[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        if ((files[i] = open_other(process, kinds[i].name)) == -2) return false;
    for (size_t i = 0; i < COUNT; i++)
        if (files[i] >= 0 && setns(files[i], kinds[i].type) < 0) return false;
    *has_joined_pids = files[1] >= 0;
    return true;
}
