/* Pages in Vietnamese and in other languages: all is compiled at start, so that a page costs the
 * same in each. Which one is a choice of the person, kept in a cookie; browsers are not asked what
 * they prefer, since those sold here prefer English whoever sits before them. */
#include "web/language.h"

#include "web/frame.h"
#include "web/routes.h"

#include <string.h>

const char language_cookie[] = "__Host-lang";

static const struct language known[LANGUAGES] = {{.code = "vi", .label = "Tiếng Việt"},
    {.code = "en", .label = "English", .file = "po/en.po"}};

/* Compiling */

/* "html/unit.html" is the template "unit". */
static const char *
template_name(struct arena *arena, const char *path)
{
    static const char folder[] = "html/", ending[] = ".html";
    size_t length = strlen(path);
    if (strncmp(path, folder, strlen(folder)) != 0)
        return NULL;
    return arena_strndup(arena, path + strlen(folder), length - strlen(folder) - strlen(ending));
}

static enum status
compile_templates(struct ctx *cx, struct language *language)
{
    struct template_source *sources = NULL;
    int count = 0;
    for (int i = 0; i < resources_count; i++) {
        const char *name = template_name(cx->arena, resources[i].path);
        const char *text = resources[i].bytes;
        if (name == NULL)
            continue;
        if (language->catalogue != NULL)
            text = template_translate(cx->arena, language->catalogue, text, NULL);
        *ARENA_PUSH(cx->arena, sources, count) = (struct template_source){name, text};
    }
    return template_compile(cx, sources, count, false, &language->templates);
}

const char *
script_translate(struct arena *arena, const struct catalogue *catalogue, const char *source,
    struct buf *missing)
{
    struct buf out = buf_new(arena);
    while (*source != '\0') {
        size_t before = strcspn(source, "\"`");
        buf_add(&out, source, before);
        source += before;
        const char *end = *source == '\0' ? NULL : strchr(source + 1, *source);
        if (end == NULL) {
            buf_text(&out, source);
            break;
        }
        const char *text = arena_strndup(arena, source + 1, (size_t)(end - source - 1));
        const char *found = catalogue_find(catalogue, text);
        if (found == NULL && missing != NULL)
            buf_printf(missing, "%s\n", text);
        buf_printf(&out, "%c%s%c", *source, found != NULL ? found : text, *source);
        source = end + 1;
    }
    return buf_string(&out);
}

static void
make_script(struct arena *arena, struct language *language)
{
    language->script = *embed_find("assets/app.js");
    if (language->catalogue != NULL) {
        const char *text =
            script_translate(arena, language->catalogue, language->script.bytes, NULL);
        const char *path = arena_printf(arena, "assets/app.%s.js", language->code);
        language->script = (struct embedded){path, text, strlen(text)};
    }
    language->script_address = asset_address_of(arena, &language->script);
}

static enum status
open_language(struct ctx *cx, struct language *language)
{
    if (language->file != NULL) {
        struct catalogue *catalogue;
        const struct embedded *file = embed_find(language->file);
        TRY(catalogue_read(cx, file->path, file->bytes, &catalogue));
        language->catalogue = catalogue;
    }
    make_script(cx->arena, language);
    return compile_templates(cx, language);
}

enum status
languages_open(struct ctx *cx, struct language languages[LANGUAGES])
{
    for (int i = 0; i < LANGUAGES; i++) {
        languages[i] = known[i];
        TRY(open_language(cx, &languages[i]));
    }
    return OK;
}

/* Choosing */

static int
language_index(const char *code)
{
    int i = LANGUAGES - 1;
    while (i > 0 && (code == NULL || strcmp(code, known[i].code) != 0))
        i--;
    return i;
}

void
language_set(struct page *page, const char *code)
{
    page->language = &page->app->languages[language_index(code)];
    page->cx->language = page->language->catalogue;
}

void
language_add(struct page *page)
{
    struct doc *list = doc_list(page->page, "languages");
    doc_text(page->page, "lang", page->language->code);
    for (int i = 0; i < LANGUAGES; i++) {
        struct doc *object = doc_object(list, NULL);
        bool is_chosen = &page->app->languages[i] == page->language;
        doc_text(object, "code", known[i].code);
        doc_text(object, "label", known[i].label);
        doc_text(object, "pressed", is_chosen ? "true" : "false");
    }
}

enum status
language_choose(struct page *page)
{
    int chosen = language_index(request_form(page->request, "ngon_ngu"));
    frame_cookie(page, language_cookie, known[chosen].code);
    return OK;
}
