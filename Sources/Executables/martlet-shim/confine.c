// What the container sees of the file system, in a mount namespace of its own.
#define _GNU_SOURCE
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The mount calls by descriptor (Linux 5.12) and their constants: older libc headers lack them.
enum {
    CLONE_TREE = 1, TREE_CLOEXEC = O_CLOEXEC, RECURSIVE = 0x8000, EMPTY_PATH = 0x1000, NO_FOLLOW = 0x100,
    FROM_EMPTY_PATH = 4, ATTRIBUTE_READ_ONLY = 1, ATTRIBUTE_NOSUID = 2, ATTRIBUTE_NODEV = 4,
};
struct attributes { uint64_t set, clear, propagation, user_namespace; };

// A copy of the mounts at `path`, not yet attached anywhere.
static int clone_tree(int directory, const char *path, int flags) {
    return (int)syscall(SYS_open_tree, directory, path, CLONE_TREE | TREE_CLOEXEC | RECURSIVE | flags);
}

static bool attach(int tree, const char *target) {
    return syscall(SYS_move_mount, tree, "", AT_FDCWD, target, FROM_EMPTY_PATH) == 0;
}

// One entry of a covered directory is shown again in the tmpfs above it. What cannot be shown is left out.
static void show_again(int covered, const char *name, const char *directory) {
    char path[PATH_MAX], link[PATH_MAX];
    struct stat entry;
    if (fstatat(covered, name, &entry, AT_SYMLINK_NOFOLLOW) < 0) return;
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) return;
    if (S_ISLNK(entry.st_mode)) {
        ssize_t length = readlinkat(covered, name, link, sizeof link - 1);
        if (length < 0) return;
        link[length] = 0;
        if (symlink(link, path) < 0) return;
        return;
    }
    int made = S_ISDIR(entry.st_mode) ? mkdir(path, 0755) : mknod(path, S_IFREG | 0444, 0);
    if (made < 0) return;
    int tree = clone_tree(covered, name, NO_FOLLOW);
    if (tree < 0) return;
    attach(tree, path);
    close(tree);
}

// Puts a tmpfs over `directory` that shows what was there, so that mount points can be made in it without touching
// the host.
static bool cover(const char *directory) {
    DIR *covered = opendir(directory);
    if (!covered) return false;
    if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0) return false;
    for (struct dirent *entry; (entry = readdir(covered));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            show_again(dirfd(covered), entry->d_name, directory);
    closedir(covered);
    return true;
}

// Makes `path` exist. Its parent's nearest existing directory is covered first; that may be anything but the root.
static bool make_mount_point(const char *target, bool is_directory) {
    struct stat existing;
    if (stat(target, &existing) == 0) return true;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", target) >= (int)sizeof path) return errno = ENAMETOOLONG, false;
    char *end = path + strlen(path);
    do {
        while (end > path && *end != '/') end--;
        *end = 0;
        if (end == path) return errno = ENOENT, false;
    } while (stat(path, &existing) < 0);
    if (!cover(path)) return false;
    while ((end = strchr(strcpy(path, target) + (end - path) + 1, '/'))) {
        *end = 0;
        if (mkdir(path, 0755) < 0 && errno != EEXIST) return false;
    }
    return (is_directory ? mkdir(target, 0755) : mknod(target, S_IFREG | 0444, 0)) == 0;
}

// What a bind shows, not yet attached; -1 where it cannot be had.
static int open_bind(const struct bind *bind) {
    int tree = clone_tree(AT_FDCWD, bind->source, 0);
    struct attributes attributes = {.set = ATTRIBUTE_NOSUID | ATTRIBUTE_NODEV};
    if (bind->read_only) attributes.set |= ATTRIBUTE_READ_ONLY;
    if (tree >= 0 && syscall(SYS_mount_setattr, tree, "", EMPTY_PATH | RECURSIVE, &attributes, sizeof attributes) < 0)
        return -1;
    return tree;
}

static bool attach_bind(int tree, const char *target) {
    struct stat source;
    return fstat(tree, &source) == 0 && make_mount_point(target, S_ISDIR(source.st_mode)) && attach(tree, target);
}

bool mount_binds(const struct options *options) {
    // All sources first: a bind may lie over the source of the next one.
    int trees[MAX_BINDS];
    for (size_t i = 0; i < options->bind_count; i++)
        if ((trees[i] = open_bind(&options->binds[i])) < 0) return false;
    for (size_t i = 0; i < options->bind_count; i++) {
        if (!attach_bind(trees[i], options->binds[i].target)) return false;
        close(trees[i]);
    }
    return true;
}

bool has_sources(const struct options *options) {
    for (size_t i = 0; i < options->bind_count; i++)
        if (access(options->binds[i].source, F_OK) < 0) return false;
    return true;
}
