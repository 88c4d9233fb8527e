/* What a process that has entered the sandbox can still do, and what not. Each test is a process of
 * its own: there is no way back. */
#include "base/sandbox.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Beside the folder that may be written stand one that may be read and one that may not. */
struct places {
    char root[64];
    char own[80], file[96], other[80], other_file[96], hidden[80], hidden_file[96];
};

static void
put_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static int
set_up(void **state)
{
    struct places *p = calloc(1, sizeof(*p));
    strcpy(p->root, "/tmp/chithi-sandbox.XXXXXX");
    if (mkdtemp(p->root) == NULL)
        return -1;
    snprintf(p->own, sizeof(p->own), "%s/own", p->root);
    snprintf(p->other, sizeof(p->other), "%s/other", p->root);
    snprintf(p->hidden, sizeof(p->hidden), "%s/hidden", p->root);
    snprintf(p->file, sizeof(p->file), "%s/f", p->own);
    snprintf(p->other_file, sizeof(p->other_file), "%s/f", p->other);
    snprintf(p->hidden_file, sizeof(p->hidden_file), "%s/f", p->hidden);
    *state = p;
    if (mkdir(p->own, 0700) != 0 || mkdir(p->other, 0700) != 0 || mkdir(p->hidden, 0700) != 0)
        return -1;
    put_file(p->file);
    put_file(p->other_file);
    put_file(p->hidden_file);
    return 0;
}

static int
tear_down(void **state)
{
    struct places *p = *state;
    unlink(p->file);
    unlink(p->other_file);
    unlink(p->hidden_file);
    rmdir(p->own);
    rmdir(p->other);
    rmdir(p->hidden);
    rmdir(p->root);
    free(p);
    return 0;
}

/* Run it in the sandbox, in another process. What it gives back is the number of what was wrong, 0
 * for nothing. Skips the test where the kernel, or the build, has no such sandbox. */
typedef int act_fn(const struct places *);

static void
inside(const struct places *places, int wanted, act_fn *act)
{
    enum { ABSENT = 99 };
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sandbox sandbox = {(const char *const[]){places->other, NULL},
            (const char *const[]){places->own, "/nowhere", NULL}};
        int in_force = sandbox_enter(&sandbox);
        _exit((in_force & wanted) != wanted ? ABSENT : act(places));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == ABSENT)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
opens(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool
is_refused(long result, int error)
{
    return result == -1 && errno == error;
}

static int
use_files(const struct places *p)
{
    char second[128];
    snprintf(second, sizeof(second), "%s.second", p->file);
    if (!opens(second, O_RDWR | O_CREAT | O_EXCL) || rename(second, p->file) != 0)
        return 1;
    if (!opens(p->file, O_RDWR | O_TRUNC) || !opens(p->own, O_RDONLY | O_DIRECTORY))
        return 2;
    if (!opens(p->other_file, O_RDONLY) || opens(p->other_file, O_WRONLY) || errno != EACCES)
        return 3;
    if (opens(p->hidden_file, O_RDONLY) || errno != EACCES)
        return 4;
    if (!is_refused(truncate(p->other_file, 0), EACCES) ||
        !is_refused(unlink(p->other_file), EACCES))
        return 5;
    if (opens("/etc/shadow", O_RDONLY) || opens("/proc/self/environ", O_RDONLY))
        return 6;
    if (!is_refused(rename(p->file, p->other_file), EACCES) &&
        !is_refused(rename(p->file, p->other_file), EXDEV))
        return 7;
    return opens(p->root, O_RDONLY | O_DIRECTORY) ? 8 : 0;
}

static void
test_sandbox__files_are_its_own_and_what_libraries_read(void **state)
{
    inside(*state, SANDBOX_FILES, use_files);
}

static int
make_calls(const struct places *p)
{
    char *const none[] = {NULL};
    (void)p;
    if (!is_refused(execve("/bin/true", none, none), EPERM))
        return 1;
    if (!is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM))
        return 2;
    if (!is_refused(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0), EPERM))
        return 3;
    if (!is_refused(unshare(CLONE_NEWUSER), EPERM) ||
        !is_refused(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM))
        return 4;
    if (!is_refused(mount("none", "/tmp", "tmpfs", 0, NULL), EPERM) ||
        !is_refused(chroot("/tmp"), EPERM))
        return 5;
    if (!is_refused(syscall(SYS_bpf, 0, NULL, 0), EPERM) ||
        !is_refused(syscall(SYS_io_uring_setup, 1, NULL), EPERM) ||
        !is_refused(syscall(SYS_keyctl, 0, 0, 0, 0, 0), EPERM))
        return 6;
    if (!is_refused(socket(AF_PACKET, SOCK_RAW, 0), EAFNOSUPPORT))
        return 7;
    return is_refused(setuid(getuid()), EPERM) ? 0 : 8;
}

static void
test_sandbox__a_server_s_calls_are_left_and_no_others(void **state)
{
    inside(*state, SANDBOX_CALLS, make_calls);
}

static void *
nothing(void *arg)
{
    return arg;
}

/* Threads, names, zones, sockets, temporary files. */
static int
work(const struct places *p)
{
    struct addrinfo *found, wanted = {.ai_socktype = SOCK_STREAM};
    pthread_t thread;
    (void)p;
    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    if (getaddrinfo("localhost", "80", &wanted, &found) != 0)
        return 2;
    freeaddrinfo(found);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || listen(fd, 1) != 0)
        return 3;
    if (!opens("/usr/share/zoneinfo", O_RDONLY | O_DIRECTORY) || !opens("/dev/null", O_WRONLY) ||
        !opens("/dev/urandom", O_RDONLY))
        return 4;
    return 0;
}

static void
test_sandbox__what_a_server_does_works(void **state)
{
    inside(*state, SANDBOX_FILES | SANDBOX_CALLS, work);
}

/* A thread has what the one that began it has. */
static void *
try_outside(void *arg)
{
    const struct places *p = arg;
    char *const none[] = {NULL};
    bool is_in =
        !opens(p->hidden_file, O_RDONLY) && is_refused(execve("/bin/true", none, none), EPERM);
    return is_in ? NULL : arg;
}

static int
begin_thread(const struct places *p)
{
    struct places copy = *p;
    pthread_t thread;
    void *wrong;
    if (pthread_create(&thread, NULL, try_outside, &copy) != 0)
        return 1;
    return pthread_join(thread, &wrong) != 0 || wrong != NULL ? 2 : 0;
}

static void
test_sandbox__threads_are_in_it_too(void **state)
{
    inside(*state, SANDBOX_FILES | SANDBOX_CALLS, begin_thread);
}

#define sandbox_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        sandbox_test(test_sandbox__files_are_its_own_and_what_libraries_read),
        sandbox_test(test_sandbox__a_server_s_calls_are_left_and_no_others),
        sandbox_test(test_sandbox__what_a_server_does_works),
        sandbox_test(test_sandbox__threads_are_in_it_too),
    };
    return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
