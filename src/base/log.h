/* The log: one line on stderr for each thing that an operator may want to know. English, lower
 * case, names in quotes. Never a person's data. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* Line breaks in what is put in become blanks; what is longer than 1000 bytes is cut. */
void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
