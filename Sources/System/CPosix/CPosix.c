#define _GNU_SOURCE
#include "CPosix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
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

int cposix_socket_pair(int *one, int *other) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -1;
    *one = ends[0];
    *other = ends[1];
    return 0;
}

int cposix_connect_local(const char *path) {
    // An address holds 107 bytes; by way of its folder's descriptor a path never has more.
    char folder[4096];
    if (strlen(path) >= sizeof folder) return errno = ENAMETOOLONG, -1;
    strcpy(folder, path);
    char *slash = strrchr(folder, '/');
    if (!slash) return errno = EINVAL, -1;
    *slash = 0;
    int directory = open(*folder ? folder : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", directory, slash + 1);
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = connection < 0 ? -1 : connect(connection, (struct sockaddr *)&address, sizeof address);
    int error = errno;
    close(directory);
    if (result < 0 && connection >= 0) close(connection);
    errno = error;
    return result < 0 ? -1 : connection;
}

ssize_t cposix_receive(
    int socket, void *bytes, size_t size, int *descriptors, int capacity, int *count, int milliseconds) {
    *count = 0;
    struct pollfd ready = {.fd = socket, .events = POLLIN};
    int waited = poll(&ready, 1, milliseconds);
    if (waited <= 0) return waited == 0 ? (errno = ETIMEDOUT, -1) : -1;
    union {
        char bytes[CMSG_SPACE(16 * sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct iovec text = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &text, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); length >= 0 && header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int received = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < received; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + (size_t)i * sizeof(int), sizeof descriptor);
            if (*count < capacity) descriptors[(*count)++] = descriptor;
            else close(descriptor);
        }
    }
    return length;
}

pid_t cposix_peer(int socket) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ? -1 : peer.pid;
}

ssize_t cposix_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}
