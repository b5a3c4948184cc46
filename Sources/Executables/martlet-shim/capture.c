// The log while there is no Martlet to write it: the same file, in the format that Kubernetes' runtimes share,
//   2026-11-23T19:57:01.123456789Z stderr F text
// with P instead of F for a part of a line that goes on in the next record of its stream.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// So much is written while Martlet is away, and no more: nobody is there to begin a new file.
enum { LIMIT_BYTES = 10 << 20 };

void begin_capture(struct capture *capture, const char *log) {
    *capture = (struct capture){.log = -1, .room = LIMIT_BYTES};
    if (log) capture->log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void end_capture(struct capture *capture) {
    if (capture->log >= 0) close(capture->log);
    capture->log = -1;
}

static void write_record(struct capture *capture, const char *time, const char *name, const char *text, size_t length,
                         bool is_partial) {
    char prefix[64];
    int size = snprintf(prefix, sizeof prefix, "%s %s %c ", time, name, is_partial ? 'P' : 'F');
    struct iovec parts[] = {
        {.iov_base = prefix, .iov_len = (size_t)size}, {.iov_base = (char *)text, .iov_len = length},
        {.iov_base = "\n", .iov_len = 1}};
    size_t total = (size_t)size + length + 1;
    if (capture->log < 0 || total > capture->room) return;
    capture->room -= total;
    ssize_t written = writev(capture->log, parts, 3);
    (void)written;  // the disk is full: a server does not stop because its log cannot be written
}

bool take_output(struct capture *capture, int stream, const char *name) {
    static char bytes[8192];
    ssize_t length = read(stream, bytes, sizeof bytes);
    if (length <= 0) return length < 0 && (errno == EAGAIN || errno == EINTR);
    struct timespec now;
    struct tm calendar;
    char seconds[32], time[48];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &calendar);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &calendar);
    snprintf(time, sizeof time, "%s.%09ldZ", seconds, now.tv_nsec);
    for (char *at = bytes, *end = bytes + length; at < end;) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        write_record(capture, time, name, at, (size_t)((newline ? newline : end) - at), !newline);
        at = newline ? newline + 1 : end;
    }
    return true;
}
