/* One request on its way to one document with two faces: the template shows it, JSON sends its
 * `data`. What all pages share is here; each page family has a file of its own. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/catalogue.h"
#include "base/doc.h"
#include "base/embed.h"
#include "base/template.h"
#include "domain/figure.h"
#include "domain/world.h"
#include "http/server.h"

/* A language in which pages are shown; the first is Vietnamese. */
struct language {
    const char *code;                  /* "en", as HTML and the cookie have it */
    const char *label;                 /* "English" */
    const char *file;                  /* of its catalogue; NULL: Vietnamese */
    const struct catalogue *catalogue; /* NULL: Vietnamese */
    struct template_set *templates;
    struct embedded script; /* assets/app.js with its texts in this language */
    const char *script_address;
};

enum { LANGUAGES = 2 };

/* What all requests share: written at start, then only read. */
struct app {
    struct store *store;
    struct worlds *worlds;
    struct language languages[LANGUAGES];
    const char *style, *icon, *icons; /* addresses with the hash of the content */
    struct throttle *throttle; /* of attempts to sign in; with a lock of its own, like the next */
    struct seen *seen;         /* sessions that were used */
    struct buf *missing;       /* tests: names that a template asked for in vain; else NULL */
};

/* Compile the templates and name the assets, in cx's arena. */
MUST_CHECK enum status app_open(struct ctx *, struct store *, struct worlds *, struct app *out);
/* Is it a request that takes long: one that a password is hashed for? */
bool app_is_slow(void *app, const struct request *);
/* How long the body of a form with files may be: 0 where there are none. */
size_t app_upload_limit(void *app, const struct request *);
/* Answer one request; an http_handler with a struct app. */
void app_answer(void *app, int worker, struct request *, struct response *);

enum { PATH_PARTS = 2, PAGE_RECORDS = 50, UPLOAD_LIMIT = 25 * 1024 * 1024 };

struct range {
    int32_t from, to;
};

/* Who asks, as visitor_find has found out. */
struct visitor {
    bool is_known;                 /* signed in; or the operator, when there are no accounts */
    const struct session *session; /* NULL: none */
    const char *token;             /* that a form must send as `ma`; "" without a session */
};

struct page {
    const struct app *app;
    struct ctx *cx;
    struct request *request;
    struct response *response;
    const char *origin;               /* under which the page was asked for: "https://…" */
    const char *path;                 /* without ".json" */
    const char *argument[PATH_PARTS]; /* what the stars of the route's pattern stand for */
    bool is_json;
    const struct language *language; /* of a page; what is sent as JSON or a file is Vietnamese */
    int code;                        /* of a failure that no status tells, else 0 */
    const char *template;            /* set by the handler */
    const char *title;
    const char *asked; /* what the field of search holds */
    struct doc *root;
    struct doc *page; /* "page": title, menu, tokens: for the template only */
    struct doc *data; /* "data": what the page says */
    struct doc *crumbs;
    struct visitor visitor;
    const char *unread;   /* how many notifications, as the frame shows it; NULL: none */
    bool is_answered;     /* the handler has filled the response itself */
    struct pair *headers; /* of the response, as long as it grows */
};

/* A parameter of the address, cleaned; NULL when absent or empty. */
const char *page_param(const struct page *, const char *name);

/* The days of the period `ky` (or "2016-05-15_2019-06-30"), else of `tu` and `den`, or the usual
 * ones; the faults of both are told. */
MUST_CHECK enum status page_range(struct page *, struct range *out);
/* The range that is shown when none is asked: the demo's, else the current year. */
struct range page_usual_range(const struct ctx *);
/* "tu=2016-05-15&den=2019-06-30" */
const char *page_range_query(struct arena *, struct range);
/* The unit that bears the code on the range's last day, else the last that bore it in the range. */
MUST_CHECK enum status page_unit(struct page *, const char *code, struct range,
    const struct unit **out);
/* The unit that the menu and the home page speak of: that of the viewer's first role; NULL when
 * there are none. */
const struct unit *page_home_unit(struct ctx *);

/* The title, which is also the last of the breadcrumb. */
void page_set_title(struct page *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_crumb(struct page *, const char *href, const char *label);
/* A unit's superiors, and itself unless `above_only`, as they stood at the end of the range. */
void page_unit_crumbs(struct page *, const struct unit *, struct range, bool above_only);

/* { code, name, href } of a unit as it was called at the end of the range. Of one that the viewer
 * may not know, and that a record names which he or she reads, href is null. */
void page_unit_doc(const struct ctx *, struct doc *in, const char *key, const struct unit *,
    struct range);
/* One cell of a table or list of figures: value, declared, word, href, is_empty... */
void page_figure_doc(struct doc *object, const struct world *, const struct figure *);

/* The reviews that are due, of one directive or (NULL) all, as html/reviews.html shows them. */
void page_add_reviews(struct page *, const struct directive *only);

/* A text as part of an address: "05-CT%2FTW" with `is_value`, in which a slash means nothing. */
void page_url_text(struct buf *out, const char *text, bool is_value);

/* The address of this page with what was asked; `ending` (".json") names another face. */
const char *page_address(const struct page *, const char *ending);

/* One more header of the answer, also of a failure's. */
void page_header(struct page *, const char *name, const char *value);

/* What is wrong with a form that is shown again: the faults become `faults` and, of the fields
 * named, blank between, `errors`; the answer is 422, 409 for what somebody else has changed
 * meanwhile, or 429 when there was too much of something. Without faults both are empty. */
void page_form(struct page *, const char *fields, enum status);
/* The first fault of a field, or NULL. */
const char *page_fault(const struct page *, const char *field);
/* A field of the form that was sent, cleaned; "" when it was not. */
const char *page_sent(const struct page *, const char *name);
/* The same, but NULL when it is empty. */
const char *page_sent_or_null(const struct page *, const char *name);
/* The version that the page of a form showed. */
MUST_CHECK enum status page_version(struct page *, int64_t *out);

/* A cookie "__Host-NAME" that no script reads; below 0 seconds it ends with the browser. */
void page_cookie(struct page *, const char *name, const char *value, int seconds);
/* Go there with 303. */
void page_redirect(struct page *, const char *location);
/* Answer with a file. */
void page_send_file(struct page *, const char *type, const char *bytes, size_t length);

#endif
