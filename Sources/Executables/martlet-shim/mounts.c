#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Older libc headers lack these.
enum {
    CLONE_TREE = 1, TREE_CLOEXEC = O_CLOEXEC, RECURSIVE = 0x8000, EMPTY_PATH = 0x1000, FROM_EMPTY_PATH = 4,
    ATTRIBUTE_READ_ONLY = 1, ATTRIBUTE_NOSUID = 2, ATTRIBUTE_NODEV = 4,
};
struct attributes { uint64_t set, clear, propagation, user_namespace; };

int open_tree_at(const char *path, bool read_only, bool has_devices) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, CLONE_TREE | TREE_CLOEXEC | RECURSIVE);
    if (tree < 0) return -1;
    struct attributes attributes = {.set = ATTRIBUTE_NOSUID};
    if (read_only) attributes.set |= ATTRIBUTE_READ_ONLY;
    if (!has_devices) attributes.set |= ATTRIBUTE_NODEV;
    if (syscall(SYS_mount_setattr, tree, "", EMPTY_PATH | RECURSIVE, &attributes, sizeof attributes) == 0) return tree;
    int error = errno;
    close(tree);
    return errno = error, -1;
}

int copy_tree(int tree) { return (int)syscall(SYS_open_tree, tree, "", CLONE_TREE | TREE_CLOEXEC | EMPTY_PATH); }

bool attach_tree(int tree, const char *target) {
    return syscall(SYS_move_mount, tree, "", AT_FDCWD, target, FROM_EMPTY_PATH) == 0;
}

bool make_read_only(const char *path) {
    struct attributes attributes = {.set = ATTRIBUTE_READ_ONLY};
    return syscall(SYS_mount_setattr, AT_FDCWD, path, 0, &attributes, sizeof attributes) == 0;
}
