/* What a process gives up before it talks to anybody: files that it has no business with
 * (Landlock), calls of the system that a server never makes (seccomp), and new privileges. A defect
 * in what reads strangers' bytes then opens less. Linux only knows the one or the other from some
 * version on: what the kernel does not have is left out, and the caller is told.
 *
 * In builds with an address or thread sanitizer nothing is given up: they trace the process when it
 * ends, and run other programs to name places. */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

/* What is in force. */
enum { SANDBOX_FILES = 1, SANDBOX_CALLS = 2 };

/* Lists end with NULL. A folder stands for all below it; what is not there is passed over. */
struct sandbox {
    const char *const *reads;
    const char *const *writes; /* and reads; folders also for making and removing files */
};

/* For this thread and those that it begins from now on, so before the first; there is no way back.
 * Files that are open stay open. */
int sandbox_enter(const struct sandbox *);

/* The places that the system's libraries read: name service, time zones, certificates, locales. */
extern const char *const sandbox_system[];

#endif
