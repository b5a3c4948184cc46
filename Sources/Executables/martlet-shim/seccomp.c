// The system calls that a model server has no use for and an attacker has: refused with EPERM, as Docker's default filter
// does. clone3 is told to be unknown, since its flags cannot be seen from here; C libraries then take clone.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define OUR_ARCHITECTURE 0
#endif

static const uint32_t refused[] = {
    // Mounts and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_open_tree, SYS_move_mount, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_quotactl, SYS_swapon, SYS_swapoff,
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd, SYS_process_madvise,
    // The kernel.
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load, SYS_reboot, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, SYS_syslog, SYS_acct, SYS_lookup_dcookie, SYS_fanotify_init,
    SYS_open_by_handle_at, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_vhangup,
    // Keys, clocks, names.
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
    SYS_sethostname, SYS_setdomainname, SYS_nfsservctl,
#if defined(__x86_64__)
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS_create_module, SYS_get_kernel_syms,
    SYS_query_module, SYS__sysctl,
#endif
};

enum {
    NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
    COUNT = sizeof refused / sizeof *refused,
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// The lower half of an argument; both architectures are little-endian.
#define LOAD_ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (n))
#define GIVE(value) BPF_STMT(BPF_RET | BPF_K, value)
#define IF_NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define REFUSE GIVE(SECCOMP_RET_ERRNO | EPERM)

bool filter_calls(void) {
    if (!OUR_ARCHITECTURE) return errno = ENOSYS, false;
    const struct sock_filter before[] = {
        LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0),
        REFUSE, LOAD(nr),
        // The x32 numbers of x86.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE,
        IF_NOT(SYS_clone3, 1), GIVE(SECCOMP_RET_ERRNO | ENOSYS),
        IF_NOT(SYS_clone, 4), LOAD_ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1), REFUSE,
        GIVE(SECCOMP_RET_ALLOW),
        IF_NOT(SYS_ioctl, 4), LOAD_ARGUMENT(1), IF_NOT(TIOCSTI, 1), REFUSE, GIVE(SECCOMP_RET_ALLOW),
        // Kinds of sockets with much of the kernel behind them: raw packets, its cryptography, machines' sockets.
        IF_NOT(SYS_socket, 7), LOAD_ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_PACKET, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_ALG, 3, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_VSOCK, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_KEY, 1, 0), GIVE(SECCOMP_RET_ALLOW), REFUSE,
    };
    enum { BEFORE = sizeof before / sizeof *before };
    struct sock_filter program[BEFORE + COUNT + 2];
    for (size_t i = 0; i < BEFORE; i++) program[i] = before[i];
    for (size_t i = 0; i < COUNT; i++)
        program[BEFORE + i] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, refused[i], (uint8_t)(COUNT - i), 0);
    program[BEFORE + COUNT] = (struct sock_filter)GIVE(SECCOMP_RET_ALLOW);
    program[BEFORE + COUNT + 1] = (struct sock_filter)REFUSE;
    struct sock_fprog filter = {.len = BEFORE + COUNT + 2, .filter = program};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}
