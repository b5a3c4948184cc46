// The file system of a container: a root of its own, in which nothing of the machine is but the system's programs, read-only,
// what was bound, and private places for what is temporary.
#define _GNU_SOURCE
#include "mounts.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Where the new root is put together; hidden from then on, in our namespace only.
static const char place[] = "/tmp";

// What is seen of the machine, where it has it.
static const char *const system_folders[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/gnu", "/sys",
};

static const char *const device_files[] = {"null", "zero", "full", "random", "urandom", "tty"};

// What even the user who owns it has no business with in a container.
static const char *const secrets[] = {
    "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh",
    "/etc/ssl/private", "/etc/kubernetes", "/etc/rancher", "/etc/krb5.keytab", "/sys/firmware", "/sys/fs/bpf",
    "/sys/kernel/security", "/sys/kernel/debug", "/sys/kernel/tracing",
};
static const char *const hidden_processes[] = {
    "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/sched_debug", "/proc/timer_list", "/proc/acpi", "/proc/scsi",
};
static const char *const read_only_processes[] = {
    "/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs",
};

static const char *below(const char *path) {
    static char joined[PATH_MAX];
    snprintf(joined, sizeof joined, "%s%s", place, path);
    return joined;
}

// Makes `path` in the new root, a directory or an empty file, with all that leads to it.
static bool make(const char *path, bool is_directory) {
    char made[PATH_MAX];
    if (snprintf(made, sizeof made, "%s%s", place, path) >= (int)sizeof made) return errno = ENAMETOOLONG, false;
    for (char *end = made + sizeof place; (end = strchr(end, '/')); *end++ = '/') {
        *end = 0;
        if (mkdir(made, 0755) < 0 && errno != EEXIST) return false;
    }
    struct stat existing;
    if (stat(made, &existing) == 0) return true;
    return is_directory ? mkdir(made, 0755) == 0 : mknod(made, S_IFREG | 0444, 0) == 0;
}

static bool put(int tree, const char *path) {
    struct stat source;
    if (tree < 0 || fstat(tree, &source) < 0 || !make(path, S_ISDIR(source.st_mode))) return false;
    bool is_put = attach_tree(tree, below(path));
    close(tree);
    return is_put;
}

static void show_system(void) {
    for (size_t i = 0; i < sizeof system_folders / sizeof *system_folders; i++) {
        char link[PATH_MAX];
        ssize_t length = readlink(system_folders[i], link, sizeof link - 1);
        if (length > 0) {
            link[length] = 0;
            if (symlink(link, below(system_folders[i])) < 0) continue;
        } else put(open_tree_at(system_folders[i], true, false), system_folders[i]);
    }
    // Names are resolved by what this link leads to.
    char names[PATH_MAX];
    if (realpath("/etc/resolv.conf", names) && strncmp(names, "/etc/", 5) != 0)
        put(open_tree_at(names, true, false), names);
}

// The machine's file, as Martlet's user may use it.
static void show_device(const char *path) {
    struct stat device;
    if (stat(path, &device) < 0) return;
    put(open_tree_at(path, false, true), path);
}

static bool make_devices(const struct options *options) {
    char shared[64];
    if (!make("/dev", true) || mount("tmpfs", below("/dev"), "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") < 0)
        return false;
    for (size_t i = 0; i < sizeof device_files / sizeof *device_files; i++) {
        char path[64];
        snprintf(path, sizeof path, "/dev/%s", device_files[i]);
        show_device(path);
    }
    for (size_t i = 0; i < options->device_count; i++) show_device(options->devices[i]);
    static const char *const links[][2] = {
        {"/proc/self/fd", "/dev/fd"}, {"/proc/self/fd/0", "/dev/stdin"}, {"/proc/self/fd/1", "/dev/stdout"},
        {"/proc/self/fd/2", "/dev/stderr"}, {"pts/ptmx", "/dev/ptmx"},
    };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlink(links[i][0], below(links[i][1])) < 0) return false;
    // Terminals of its own; where there are none to be had, it has none.
    if (make("/dev/pts", true))
        mount("devpts", below("/dev/pts"), "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
    if (options->shared_memory) snprintf(shared, sizeof shared, "mode=1777,size=%llu", options->shared_memory);
    else snprintf(shared, sizeof shared, "mode=1777");
    return make("/dev/shm", true) &&
           mount("tmpfs", below("/dev/shm"), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, shared) == 0;
}

// The pod's own, or what is in memory.
static bool make_temporary(const int trees[2]) {
    static const char *const paths[] = {"/tmp", "/var/tmp"};
    for (size_t i = 0; i < 2; i++) {
        if (trees[i] >= 0 ? !put(trees[i], paths[i])
                          : !make(paths[i], true) ||
                                mount("tmpfs", below(paths[i]), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") < 0)
            return false;
    }
    return make("/run", true) && mount("tmpfs", below("/run"), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=16m") == 0;
}

static bool enter_root(void) {
    if (chdir(place) < 0 || syscall(SYS_pivot_root, ".", ".") < 0) return false;
    return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

// Lies an empty, read-only file or directory over it.
static void hide(const char *path, int nothing, int emptiness) {
    struct stat hidden;
    if (stat(path, &hidden) < 0) return;
    int tree = copy_tree(S_ISDIR(hidden.st_mode) ? emptiness : nothing);
    if (tree < 0) return;
    attach_tree(tree, path);
    close(tree);
}

static void hide_secrets(void) {
    int nothing = open("/dev/null", O_PATH | O_CLOEXEC), emptiness = open("/empty", O_PATH | O_CLOEXEC);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) hide(secrets[i], nothing, emptiness);
    for (size_t i = 0; i < sizeof hidden_processes / sizeof *hidden_processes; i++)
        hide(hidden_processes[i], nothing, emptiness);
    for (size_t i = 0; i < sizeof read_only_processes / sizeof *read_only_processes; i++) {
        int tree = open_tree_at(read_only_processes[i], true, false);
        if (tree < 0) continue;
        attach_tree(tree, read_only_processes[i]);
        close(tree);
    }
    if (nothing >= 0) close(nothing);
    if (emptiness >= 0) close(emptiness);
}

bool make_root(const struct options *options) {
    // All sources first: the new root lies over some.
    int trees[MAX_BINDS];
    for (size_t i = 0; i < options->bind_count; i++)
        if ((trees[i] = open_tree_at(options->binds[i].source, options->binds[i].read_only, false)) < 0) return false;
    int temporary[2] = {-1, -1};
    for (size_t i = 0; options->temporary && i < 2; i++)
        if ((temporary[i] = open_tree_at(options->temporary, false, false)) < 0) return false;
    if (mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m") < 0) return false;
    if (!make("/empty", true)) return false;
    show_system();
    // The one of our pid namespace; the machine's where we have none.
    if (!put(open_tree_at("/proc", false, false), "/proc")) return false;
    if (!make_devices(options) || !make_temporary(temporary)) return false;
    if (options->directory) make(options->directory, true);
    if (!enter_root()) return false;
    for (size_t i = 0; i < options->bind_count; i++) {
        if (!attach_bind(trees[i], options->binds[i].target, true)) return false;
        close(trees[i]);
    }
    make_covers_read_only();
    hide_secrets();
    return make_read_only("/");
}
