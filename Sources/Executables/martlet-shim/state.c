// What is found by the next Martlet: DIRECTORY/state, lines that are only ever added,
//   shim PID START BOOT     who writes this: start in ticks after the boot, and which boot that was
//   MICROSECONDS REPORT     what happened when, see report.c
// and the socket DIRECTORY/control.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static ssize_t read_file(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, size - 1);
    if (file >= 0) close(file);
    text[length > 0 ? length : 0] = 0;
    return length;
}

// The 22nd field of /proc/self/stat.
static unsigned long long start_time(void) {
    char text[1024];
    if (read_file("/proc/self/stat", text, sizeof text) <= 0) return 0;
    char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
    return at ? strtoull(at, NULL, 10) : 0;
}

static void write_all(int file, const char *text, size_t length) {
    ssize_t written = write(file, text, length);
    (void)written;  // the disk is full: the next Martlet starts the server afresh
}

int open_state(const char *directory) {
    char path[4096], boot[64], line[192];
    if (snprintf(path, sizeof path, "%s/state", directory) >= (int)sizeof path) return errno = ENAMETOOLONG, -1;
    int state = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (state < 0) return -1;
    read_file("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    boot[strcspn(boot, "\n")] = 0;
    int length = snprintf(line, sizeof line, "shim %d %llu %s\n", getpid(), start_time(), boot);
    write_all(state, line, (size_t)length);
    return state;
}

void add_to_state(int state, const char *lines, size_t length) {
    if (state < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long long microseconds = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
    char line[320];
    for (const char *at = lines, *end = lines + length; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t count = (size_t)((newline ? newline : end) - at);
        if (count > 256) count = 256;
        int size = snprintf(line, sizeof line, "%lld %.*s\n", microseconds, (int)count, at);
        write_all(state, line, (size_t)size);
        at = newline ? newline + 1 : end;
    }
}

// A socket's path may have 107 bytes; by way of the directory's descriptor it never has more.
static int socket_in(const char *directory, struct sockaddr_un *address) {
    int folder = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/control", folder);
    return folder;
}

int open_socket(const char *directory) {
    struct sockaddr_un address;
    int folder = socket_in(directory, &address);
    if (folder < 0) return -1;
    unlinkat(folder, "control", 0);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener >= 0 && (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
                          fchmodat(folder, "control", 0600, 0) < 0 || listen(listener, 4) < 0)) {
        int error = errno;
        close(listener);
        errno = error;
        listener = -1;
    }
    close(folder);
    return listener;
}

bool has_socket(const char *directory) {
    struct sockaddr_un address;
    struct stat found;
    int folder = socket_in(directory, &address);
    if (folder < 0) return false;
    bool is_there = fstatat(folder, "control", &found, AT_SYMLINK_NOFOLLOW) == 0;
    close(folder);
    return is_there;
}
