/* The operator is told which of the two texts is wrong; what GnuTLS says of it is for its makers.
 */
#include "http/tls.h"

#include <gnutls/gnutls.h>
#include <string.h>

const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

static gnutls_datum_t
datum(const char *text)
{
    return (gnutls_datum_t){(unsigned char *)text, (unsigned)strlen(text)};
}

static const char *
reason(int error)
{
    switch (error) {
    case GNUTLS_E_CERTIFICATE_KEY_MISMATCH:
        return "khóa riêng không phải của chứng chỉ này";
    case GNUTLS_E_MEMORY_ERROR:
        return "hệ thống không cấp đủ bộ nhớ";
    default:
        return "chứng chỉ hoặc khóa riêng không đọc được; cả hai phải ở dạng PEM và khóa không có "
               "mật khẩu";
    }
}

const char *
tls_check(const char *certificate, const char *key)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t public = datum(certificate), private = datum(key);
    int error = gnutls_certificate_allocate_credentials(&credentials);
    if (error != GNUTLS_E_SUCCESS)
        return reason(error);
    error =
        gnutls_certificate_set_x509_key_mem(credentials, &public, &private, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(credentials);
    return error < 0 ? reason(error) : NULL;
}
