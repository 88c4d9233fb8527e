/* The certificate that the server shows, looked at before it is used: the library says nothing when
 * it does not like one. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/status.h"

/* TLS 1.2 and 1.3, without what is broken. */
extern const char tls_priorities[];

/* NULL, or why certificate and key, both as PEM, cannot be used, in Vietnamese. */
MUST_CHECK const char *tls_check(const char *certificate, const char *key);

#endif
