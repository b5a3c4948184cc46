// Binds and their mount points: in the machine's own file system, which nothing of it touches, or in a root of our own.
#define _GNU_SOURCE
#include "mounts.h"
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

// The directories that were covered.
static char *covers[MAX_BINDS];
static size_t cover_count;

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
    snprintf(link, sizeof link, "/proc/self/fd/%d/%s", covered, name);
    int tree = open_tree_at(link, false, true);
    if (tree < 0) return;
    attach_tree(tree, path);
    close(tree);
}

// Puts a tmpfs over `directory` that shows what was there, so that mount points can be made in it without touching
// the host.
static bool cover(const char *directory) {
    if (cover_count < MAX_BINDS) covers[cover_count++] = strdup(directory);
    DIR *covered = opendir(directory);
    if (!covered) return false;
    if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0) return false;
    for (struct dirent *entry; (entry = readdir(covered));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            show_again(dirfd(covered), entry->d_name, directory);
    closedir(covered);
    return true;
}

// Makes what leads to `target`, from the end of what is there, and it itself.
static bool make_rest(const char *target, size_t existing, bool is_directory) {
    char path[PATH_MAX];
    strcpy(path, target);
    for (char *end = path + existing + 1; (end = strchr(end, '/')); *end++ = '/') {
        *end = 0;
        if (mkdir(path, 0755) < 0 && errno != EEXIST) return false;
    }
    return (is_directory ? mkdir(target, 0755) : mknod(target, S_IFREG | 0444, 0)) == 0;
}

// Makes `target` exist, in a root of our own if that can be written to there; else its nearest existing directory is
// covered first, which may be anything but the root.
static bool make_mount_point(const char *target, bool is_directory, bool is_own_root) {
    struct stat existing;
    if (stat(target, &existing) == 0) return true;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", target) >= (int)sizeof path) return errno = ENAMETOOLONG, false;
    char *end = path + strlen(path);
    do {
        while (end > path && *end != '/') end--;
        *end = 0;
        if (end == path) {
            if (is_own_root) return make_rest(target, 0, is_directory);
            return errno = ENOENT, false;
        }
    } while (stat(path, &existing) < 0);
    size_t length = (size_t)(end - path);
    if (is_own_root && make_rest(target, length, is_directory)) return true;
    return (!is_own_root || errno == EROFS) && cover(path) && make_rest(target, length, is_directory);
}

bool attach_bind(int tree, const char *target, bool is_own_root) {
    struct stat source;
    return fstat(tree, &source) == 0 && make_mount_point(target, S_ISDIR(source.st_mode), is_own_root) &&
           attach_tree(tree, target);
}

void make_covers_read_only(void) {
    for (size_t i = 0; i < cover_count; i++) make_read_only(covers[i]);
}

bool mount_binds(const struct options *options) {
    // All sources first: a bind may lie over the source of the next one.
    int trees[MAX_BINDS];
    for (size_t i = 0; i < options->bind_count; i++)
        if ((trees[i] = open_tree_at(options->binds[i].source, options->binds[i].read_only, false)) < 0) return false;
    for (size_t i = 0; i < options->bind_count; i++) {
        if (!attach_bind(trees[i], options->binds[i].target, false)) return false;
        close(trees[i]);
    }
    return true;
}

bool has_sources(const struct options *options) {
    for (size_t i = 0; i < options->bind_count; i++)
        if (access(options->binds[i].source, F_OK) < 0) return false;
    return true;
}
