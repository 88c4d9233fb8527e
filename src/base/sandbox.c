/* Landlock by its calls, for which the C library has no names yet, and seccomp by libseccomp. The
 * calls are a list of what is refused: a list of what is allowed would break with the next version
 * of any library. */
#include "base/sandbox.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

const char *const sandbox_system[] = {"/usr", "/lib", "/lib64", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf",
    "/etc/gai.conf", "/etc/services", "/etc/protocols", "/etc/passwd", "/etc/group", "/etc/ssl",
    "/etc/pki", "/etc/ca-certificates", "/etc/gnutls", "/etc/crypto-policies", "/etc/krb5.conf",
    "/etc/postgresql-common", "/run/systemd/resolve", "/run/NetworkManager/resolv.conf",
    "/sys/devices/system/cpu", "/proc/sys/vm", "/proc/cpuinfo", "/proc/meminfo", "/dev/urandom",
    "/dev/random", NULL};

/* Files */

/* Of a later version than the headers that the program may be built with. */
static const uint64_t access_truncate = UINT64_C(1) << 14;
static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | access_truncate;
static const uint64_t of_files =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | access_truncate;

/* All that a version can refuse. */
static uint64_t
known_access(long version)
{
    uint64_t first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2)
        first |= LANDLOCK_ACCESS_FS_REFER;
    return version >= 3 ? first | access_truncate : first;
}

static bool
allow(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access,
        .parent_fd = open(path, O_PATH | O_CLOEXEC)};
    struct stat about;
    if (rule.parent_fd < 0)
        return true;
    if (fstat(rule.parent_fd, &about) == 0 && !S_ISDIR(about.st_mode))
        rule.allowed_access &= of_files;
    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return done;
}

static bool
allow_all(int rules, const char *const *paths, uint64_t access)
{
    for (int i = 0; paths[i] != NULL; i++) {
        if (!allow(rules, paths[i], access))
            return false;
    }
    return true;
}

static bool
leave_files(const struct sandbox *wanted)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    uint64_t known = known_access(version);
    struct landlock_ruleset_attr all = {.handled_access_fs = known};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    if (rules < 0)
        return false;
    bool done = allow_all(rules, sandbox_system, reading) &&
        allow_all(rules, wanted->reads, reading) &&
        allow_all(rules, wanted->writes, (reading | writing) & known) &&
        allow(rules, "/dev/null", of_files & known) &&
        syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done;
}

/* Calls */

static const char *const refused[] = {
    /* other programs: what runs here is this one */
    "execve", "execveat",
    /* the memory and the files of other processes */
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    /* another view of the file system, past the rules above, or another one altogether */
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "mknod", "mknodat",
    "swapon", "swapoff", "quotactl", "quotactl_fd",
    /* namespaces, in which one is root */
    "unshare", "setns",
    /* other rights than those that it began with */
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid",
    "setfsgid", "capset", "personality",
    /* the kernel: its code, its clock, its log, and interfaces with a history of holes */
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
    "bpf", "perf_event_open", "userfaultfd", "syslog", "acct", "iopl", "ioperm", "modify_ldt",
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime", "sethostname",
    "setdomainname", "vhangup", "nfsservctl", "lookup_dcookie",
    /* what would be done without asking the filter */
    "io_uring_setup", "io_uring_enter", "io_uring_register",
    /* keys that are kept in the kernel */
    "add_key", "request_key", "keyctl"};

static const unsigned namespaces[] = {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
    CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};
/* Raw packets, the kernel's ciphers, virtual machines. */
static const unsigned families[] = {AF_PACKET, AF_ALG, AF_VSOCK};

/* A call that this architecture does not have need not be refused. */
static bool
refuse(scmp_filter_ctx filter, const char *name, int error)
{
    int call = seccomp_syscall_resolve_name(name);
    return call == __NR_SCMP_ERROR ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), call, 0) == 0;
}

/* New namespaces and families are told by the first argument. The flags of clone3 lie where a
 * filter cannot look: without it the C library takes clone. */
static bool
refuse_by_argument(scmp_filter_ctx filter)
{
    bool done = refuse(filter, "clone3", ENOSYS);
    for (size_t i = 0; i < COUNT_OF(namespaces); i++)
        done = done &&
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i])) == 0;
    for (size_t i = 0; i < COUNT_OF(families); i++)
        done = done &&
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                SCMP_A0(SCMP_CMP_EQ, families[i])) == 0;
    return done;
}

/* The kernel notes what it refuses; the filter is a tree, because each call goes through it. */
static bool
leave_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return false;
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    bool done = refuse_by_argument(filter);
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        done = done && refuse(filter, refused[i], EPERM);
    done = done && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return done;
}

int
sandbox_enter(const struct sandbox *wanted)
{
    int in_force = 0;
    if (IS_SANITIZED || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 0;
    if (leave_files(wanted))
        in_force |= SANDBOX_FILES;
    if (leave_calls())
        in_force |= SANDBOX_CALLS;
    return in_force;
}
