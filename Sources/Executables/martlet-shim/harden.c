// What a process may do with what it sees: as whom, with which rights, by which system calls. All of it is inherited, and
// none of it can be taken back.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool become_user(const struct options *options) {
    if (!options->has_user) return true;
    if (setgroups(options->group_count, options->groups) < 0 && options->group_count > 0) return false;
    return setresgid(options->group, options->group, options->group) == 0 &&
           setresuid(options->user, options->user, options->user) == 0;
}

// None of root's rights, now or by executing something.
bool drop_capabilities(void) {
    for (int number = 0; number <= 63; number++)
        if (prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0 && errno != EPERM)
            return false;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return syscall(SYS_capset, &header, none) == 0;
}

bool forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }
