/* Sentences of reports: a template is cut at its {{names}} once, when the pack is read, so that a
 * request only joins pieces. */
#include "pack/drafting.h"

#include "base/vi.h"

#include <string.h>

/* What a sentence may name besides figures and lists. */
static const char *const given_names[PIECE__COUNT] = {[PIECE_UNIT] = "unit",
    [PIECE_PLACE] = "place",
    [PIECE_SUPERIOR] = "superior",
    [PIECE_FROM] = "from",
    [PIECE_TO] = "to"};

static bool
find_given(const char *name, struct piece *piece)
{
    for (int i = 0; i < PIECE__COUNT; i++) {
        if (given_names[i] == NULL || strcmp(given_names[i], name) != 0)
            continue;
        piece->kind = (enum piece_kind)i;
        return true;
    }
    return false;
}

/* KEY or KEY.count of a list. */
static bool
find_list(const struct report_def *report, const char *name, struct piece *piece)
{
    size_t length = strcspn(name, ".");
    for (int i = 0; i < report->list_count; i++) {
        const char *key = report->lists[i].key;
        if (key == NULL || strlen(key) != length || strncmp(key, name, length) != 0)
            continue;
        if (name[length] != '\0' && strcmp(name + length, ".count") != 0)
            return false;
        piece->kind = name[length] == '\0' ? PIECE_NAMES : PIECE_COUNT;
        piece->index = i;
        return true;
    }
    return false;
}

static void
add_name(struct drafting *d, const char *text, size_t length, struct place place,
    struct sentence *out)
{
    struct arena *arena = d->rd->cx->arena;
    const char *name = vi_clean(arena, arena_strndup(arena, text, length));
    struct piece piece = {.kind = PIECE_FIGURE};
    if (!find_given(name, &piece) && !find_list(d->report, name, &piece)) {
        if (!key_is_valid(arena_strndup(arena, name, strcspn(name, ".")))) {
            read_refuse(d->rd, place, "chờ {{tên}} của một số liệu, gặp “{{%s}}”",
                read_shown(arena, name));
            return;
        }
        piece.index =
            drafting_number(d, name, place, "; và unit, place, superior, from, to", &piece.aspect);
    }
    if (piece.kind != PIECE_FIGURE || piece.index >= 0)
        *ARENA_PUSH(arena, out->pieces, out->count) = piece;
}

static void
add_text(struct drafting *d, const char *text, size_t length, struct sentence *out)
{
    struct arena *arena = d->rd->cx->arena;
    if (length > 0)
        *ARENA_PUSH(arena, out->pieces, out->count) =
            (struct piece){.kind = PIECE_TEXT, .text = arena_strndup(arena, text, length)};
}

/* Characters before a byte of a text. */
static int
offset_of(struct drafting *d, const char *text, const char *at)
{
    return utf8_count(arena_strndup(d->rd->cx->arena, text, (size_t)(at - text)));
}

void
sentence_read(struct drafting *d, const struct node *node, struct sentence *out)
{
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(d->rd, node, "một dòng chữ");
        return;
    }
    const char *text = vi_clean(d->rd->cx->arena, node->text), *open;
    out->source = text;
    while ((open = strstr(text, "{{")) != NULL) {
        struct place place = node_place(node, offset_of(d, out->source, open));
        const char *close = strstr(open, "}}");
        if (close == NULL) {
            read_refuse(d->rd, place, "“{{” chưa được đóng bằng “}}”");
            return;
        }
        add_text(d, text, (size_t)(open - text), out);
        add_name(d, open + 2, (size_t)(close - open - 2), place, out);
        text = close + 2;
    }
    add_text(d, text, strlen(text), out);
}
