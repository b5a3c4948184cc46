// System calls that Swift cannot make by itself: variadic ones, and those its C library module leaves out. Every
// function returns -1 with errno set where it fails.
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// --- Readiness of descriptors (epoll), level-triggered.

// A descriptor that is ready, by the token it was added with.
struct cposix_ready {
    uint64_t token;
};

int cposix_epoll_create(void);
int cposix_epoll_add(int epoll, int descriptor, bool readable, bool writable, uint64_t token);
int cposix_epoll_modify(int epoll, int descriptor, bool readable, bool writable, uint64_t token);
int cposix_epoll_remove(int epoll, int descriptor);
// Waits without limit, through interruptions. The number of entries filled in.
int cposix_epoll_wait(int epoll, struct cposix_ready *ready, int capacity);

// --- Processes by descriptor: no number that might meanwhile be another process's.

int cposix_pidfd_open(pid_t process);
int cposix_pidfd_send_signal(int pidfd, int signal);

// The flag for posix_spawn that starts a session.
extern const short cposix_spawn_setsid;

// --- Files.

// Takes the room for the first `size` bytes on the disk.
int cposix_allocate(int descriptor, int64_t size);

// --- Threads.

// At most 15 bytes of `name` are kept.
void cposix_name_thread(pthread_t thread, const char *name);

// --- Terminals.

// Both ends of a new pseudo-terminal, close-on-exec, of the given size.
int cposix_open_terminal(int *controller, int *terminal, int columns, int rows);
int cposix_resize_terminal(int controller, int columns, int rows);

// --- Pipes and sockets.

// Both ends close on exec.
int cposix_pipe(int *reading, int *writing);
// Makes the pipe hold `size` bytes, where the system allows it.
int cposix_set_pipe_size(int descriptor, int size);
// A non-blocking, close-on-exec TCP socket on its way to IPv4 `address` (host order). errno is EINPROGRESS when the
// descriptor is returned before the connection is made (*in_progress).
int cposix_connect_tcp(uint32_t address, uint16_t port, bool *in_progress);
// 0, or the errno with which connecting ended.
int cposix_socket_error(int descriptor);
// Both ends of a connection within this machine; they close on exec.
int cposix_socket_pair(int *one, int *other);
// A connection to the socket at `path`, however long that is; it closes on exec.
int cposix_connect_local(const char *path);
// Waits at most `milliseconds` for a message; the number of its bytes, with at most `capacity` descriptors that came
// with it and their number in *count.
ssize_t cposix_receive(
    int socket, void *bytes, size_t size, int *descriptors, int capacity, int *count, int milliseconds);
// The process at the other end of a connection within this machine.
pid_t cposix_peer(int socket);
// send(2) that never raises SIGPIPE.
ssize_t cposix_send(int descriptor, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
