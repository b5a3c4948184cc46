#define _GNU_SOURCE
#include "CPosix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int cposix_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int descriptor, bool readable, bool writable, uint64_t token) {
    struct epoll_event event = {.data.u64 = token};
    if (readable) event.events |= EPOLLIN;
    if (writable) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int cposix_epoll_add(int epoll, int descriptor, bool readable, bool writable, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, readable, writable, token);
}

int cposix_epoll_modify(int epoll, int descriptor, bool readable, bool writable, uint64_t token) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, readable, writable, token);
}

int cposix_epoll_remove(int epoll, int descriptor) { return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL); }

int cposix_epoll_wait(int epoll, struct cposix_ready *ready, int capacity) {
    struct epoll_event events[64];
    if (capacity > 64) capacity = 64;
    int count;
    do count = epoll_wait(epoll, events, capacity, -1);
    while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) ready[i].token = events[i].data.u64;
    return count;
}

int cposix_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int cposix_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

const short cposix_spawn_setsid = POSIX_SPAWN_SETSID;

int cposix_allocate(int descriptor, int64_t size) { return fallocate(descriptor, 0, 0, size); }

void cposix_name_thread(pthread_t thread, const char *name) {
    char shortened[16] = {0};
    strncpy(shortened, name, sizeof shortened - 1);
    pthread_setname_np(thread, shortened);
}

int cposix_resize_terminal(int controller, int columns, int rows) {
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    return ioctl(controller, TIOCSWINSZ, &size);
}

int cposix_open_terminal(int *controller, int *terminal, int columns, int rows) {
    char name[128];
    *controller = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*controller < 0) return -1;
    if (grantpt(*controller) == 0 && unlockpt(*controller) == 0 &&
        ptsname_r(*controller, name, sizeof name) == 0 &&
        (*terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0) {
        if (columns > 0 && rows > 0) cposix_resize_terminal(*controller, columns, rows);
        return 0;
    }
    int error = errno;
    close(*controller);
    errno = error;
    return -1;
}

int cposix_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int cposix_set_pipe_size(int descriptor, int size) { return fcntl(descriptor, F_SETPIPE_SZ, size); }

int cposix_connect_tcp(uint32_t address, uint16_t port, bool *in_progress) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) return -1;
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
    *in_progress = false;
    if (connect(descriptor, (struct sockaddr *)&to, sizeof to) == 0) return descriptor;
    *in_progress = errno == EINPROGRESS;
    if (*in_progress) return descriptor;
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int cposix_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

ssize_t cposix_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}
