/* Expressions of PostgreSQL's tsquery. 'ab':* is the beginning of a word; words are [a-z0-9_]. */
#include "store/postgres.h"

#include "base/buf.h"

static void
add_beginnings(struct buf *out, const struct fulltext_term *term)
{
    for (int i = 0; i < term->count; i++)
        buf_printf(out, "%s'%s':*", i > 0 ? " & " : "", term->words[i]);
}

/* A term that has both is found by its beginning too: "05-CT/T" finds 05-CT/TW. */
static void
add_term(struct buf *out, const struct fulltext_term *term, bool is_exact)
{
    if (term->whole == NULL)
        add_beginnings(out, term);
    else if (term->count == 0 || is_exact)
        buf_printf(out, "'%s'", term->whole);
    else {
        buf_printf(out, "('%s':* | (", term->whole);
        add_beginnings(out, term);
        buf_text(out, "))");
    }
}

static void
add_terms(struct buf *out, const struct fulltext *wanted, bool is_exact)
{
    for (int i = 0; i < wanted->count; i++) {
        buf_text(out, i > 0 ? " & " : "");
        add_term(out, &wanted->terms[i], is_exact);
    }
}

const char *
postgres_match(struct arena *arena, const struct fulltext *wanted, enum fulltext_part part)
{
    struct buf out = buf_new(arena);
    buf_char(&out, '(');
    add_terms(&out, wanted, part == FULLTEXT_EXACT);
    buf_char(&out, ')');
    for (int i = 0; i < wanted->one_of_count; i++)
        buf_printf(&out, "%s'%s'", i == 0 ? " & (" : " | ", wanted->one_of[i]);
    buf_text(&out, wanted->one_of_count > 0 ? ")" : "");
    if (part == FULLTEXT_REST) {
        buf_text(&out, " & !(");
        add_terms(&out, wanted, true);
        buf_char(&out, ')');
    }
    return buf_string(&out);
}
