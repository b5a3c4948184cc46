// Mounts by descriptor (Linux 5.12): copies of trees that are not attached anywhere yet.
#pragma once

#include <stdbool.h>

// A copy of the mounts at `path`, without set-user-id programs; -1 and errno where it cannot be had.
int open_tree_at(const char *path, bool read_only, bool has_devices);
// Another copy of an attached one.
int copy_tree(int tree);
bool attach_tree(int tree, const char *target);
bool make_read_only(const char *path);

// confine.c: attaches a copy at `target`, which is made if it is not there.
bool attach_bind(int tree, const char *target, bool is_own_root);
void make_covers_read_only(void);
