// A new Martlet: it gets Martlet's ends of the streams with one line, `streams`, and a letter for each of them.
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_ours(int connection) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static bool hand_over(int connection, const struct options *options) {
    char line[16] = "streams ";
    int streams[3];
    size_t count = 0;
    const struct { int stream; char letter; } all[] = {
        {options->output, 'o'}, {options->error, 'e'}, {options->input, 'i'}};
    for (size_t i = 0; i < 3; i++)
        if (all[i].stream >= 0) {
            line[8 + count] = all[i].letter;
            streams[count++] = all[i].stream;
        }
    line[8 + count] = '\n';
    struct iovec text = {.iov_base = line, .iov_len = 9 + count};
    union {
        char bytes[CMSG_SPACE(sizeof streams)];
        struct cmsghdr aligned;
    } control = {0};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof *streams);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof *streams);
        memcpy(CMSG_DATA(header), streams, count * sizeof *streams);
    }
    return sendmsg(connection, &message, MSG_NOSIGNAL) == (ssize_t)text.iov_len;
}

int welcome(int listener, const struct options *options) {
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) return -1;
    if (is_ours(connection) && hand_over(connection, options)) return connection;
    close(connection);
    return -1;
}
