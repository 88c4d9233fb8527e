/* A DOCX file: the parts, what relates them, and the zip archive around them. The same tree gives
 * the same bytes: the archive's times are fixed, and the only clock is the context's. */
#include "report/report.h"

#include "base/date.h"
#include "base/log.h"
#include "report/docx.h"

#include <string.h>
#include <zip.h>

#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define MIME    "application/vnd.openxmlformats-"
#define WORD    MIME "officedocument.wordprocessingml."

/* 1980-01-01 00:00, where the clock of zip archives begins. Given as such, since a time_t would
 * pass through the time zone of the machine. */
enum { ZIP_DATE = 1 << 5 | 1, ZIP_TIME = 0 };

enum owner { OF_PACKAGE, OF_DOCUMENT };

/* A part of the file. Content types and relations are written from the same table, so none can
 * name what is not there. */
struct part {
    const char *path;
    const char *type; /* its content type */
    enum owner owner; /* whose relation it is */
    const char *id;   /* of that relation */
    const char *relation;
    void (*write)(const struct docx *, struct buf *out);
};

static void
write_core(const struct docx *docx, struct buf *out)
{
    struct arena *arena = docx->cx->arena;
    const char *made =
        arena_strndup(arena, instant_iso(arena, docx->cx->now), strlen("2026-09-05T00:30:00"));
    buf_text(out,
        XML_HEAD
        "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n<dc:title>");
    buf_xml(out, docx_text(docx, docx->tree, "type_name"));
    buf_char(out, ' ');
    buf_xml(out, docx_text(docx, docx->tree, "subject"));
    buf_text(out, "</dc:title>\n<dc:creator>");
    buf_xml(out, docx_text(docx, docx->tree, "issuer"));
    buf_text(out, "</dc:creator>\n<dc:language>vi-VN</dc:language>\n");
    buf_printf(out,
        "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%sZ</dcterms:created>\n"
        "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%sZ</dcterms:modified>\n",
        made, made);
    buf_text(out, "</cp:coreProperties>\n");
}

static void
write_app(const struct docx *docx, struct buf *out)
{
    (void)docx;
    buf_text(out,
        XML_HEAD "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/"
                 "2006/extended-properties\"><Application>chithi</Application></Properties>\n");
}

/* Mode 15 keeps Word from opening the file as one of an older Word. */
static void
write_settings(const struct docx *docx, struct buf *out)
{
    (void)docx;
    buf_text(out,
        XML_HEAD "<w:settings " WORD_NAMESPACES ">"
                 "<w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"567\"/>"
                 "<w:characterSpacingControl w:val=\"doNotCompress\"/>"
                 "<w:compat><w:compatSetting w:name=\"compatibilityMode\" "
                 "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>"
                 "<w:themeFontLang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"vi-VN\"/>"
                 "<w:decimalSymbol w:val=\",\"/><w:listSeparator w:val=\";\"/></w:settings>\n");
}

static void
write_fonts(const struct docx *docx, struct buf *out)
{
    (void)docx;
    buf_text(out,
        XML_HEAD "<w:fonts " WORD_NAMESPACES "><w:font w:name=\"Times New Roman\">"
                 "<w:panose1 w:val=\"02020603050405020304\"/><w:charset w:val=\"00\"/>"
                 "<w:family w:val=\"roman\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>\n");
}

static const struct part parts[] = {
    {"word/document.xml", WORD "document.main+xml", OF_PACKAGE, "rIdDocument",
        OFFICE "officeDocument", docx_document},
    {"docProps/core.xml", MIME "package.core-properties+xml", OF_PACKAGE, "rIdCore",
        PACKAGE "relationships/metadata/core-properties", write_core},
    {"docProps/app.xml", MIME "officedocument.extended-properties+xml", OF_PACKAGE, "rIdApp",
        OFFICE "extended-properties", write_app},
    {"word/styles.xml", WORD "styles+xml", OF_DOCUMENT, "rIdStyles", OFFICE "styles", docx_styles},
    {"word/settings.xml", WORD "settings+xml", OF_DOCUMENT, "rIdSettings", OFFICE "settings",
        write_settings},
    {"word/fontTable.xml", WORD "fontTable+xml", OF_DOCUMENT, "rIdFonts", OFFICE "fontTable",
        write_fonts},
    {"word/header1.xml", WORD "header+xml", OF_DOCUMENT, HEADER_ID, OFFICE "header", docx_header},
    {"word/header2.xml", WORD "header+xml", OF_DOCUMENT, HEADER_FIRST_ID, OFFICE "header",
        docx_header_first},
};

static void
write_types(struct buf *out)
{
    buf_text(out,
        XML_HEAD "<Types xmlns=\"" PACKAGE "content-types\">\n"
                 "<Default Extension=\"rels\" ContentType=\"" MIME "package.relationships+xml\"/>\n"
                 "<Default Extension=\"xml\" ContentType=\"application/xml\"/>\n");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        buf_printf(out, "<Override PartName=\"/%s\" ContentType=\"%s\"/>\n", parts[i].path,
            parts[i].type);
    buf_text(out, "</Types>\n");
}

/* A relation's target is named from the folder of its owner; the document's is word/. */
static void
write_relations(enum owner owner, struct buf *out)
{
    size_t folder = owner == OF_DOCUMENT ? strlen("word/") : 0;
    buf_text(out, XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">\n");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].owner == owner)
            buf_printf(out, "<Relationship Id=\"%s\" Type=\"%s\" Target=\"%s\"/>\n", parts[i].id,
                parts[i].relation, parts[i].path + folder);
    buf_text(out, "</Relationships>\n");
}

/* The archive while it is made. libzip reads the texts only when it closes; they live in the
 * arena until then. */
struct package {
    struct ctx *cx;
    zip_source_t *bytes; /* what the archive is written into */
    zip_t *zip;
};

static void
package_drop(void *thing)
{
    struct package *package = thing;
    if (package->zip != NULL)
        zip_discard(package->zip);
    if (package->bytes != NULL)
        zip_source_free(package->bytes);
}

static enum status
failed(struct package *package, const char *why)
{
    log_note("docx: not written: \"%s\"", why);
    return fault_set(package->cx, ERR_STORE, "Không tạo được tệp DOCX. Hãy thử lại.");
}

static enum status
package_open(struct package *package)
{
    zip_error_t error;
    zip_error_init(&error);
    arena_defer(package->cx->arena, package_drop, package);
    package->bytes = zip_source_buffer_create(NULL, 0, 0, &error);
    if (package->bytes == NULL)
        return failed(package, zip_error_strerror(&error));
    package->zip = zip_open_from_source(package->bytes, ZIP_TRUNCATE, &error);
    if (package->zip == NULL)
        return failed(package, zip_error_strerror(&error));
    zip_source_keep(package->bytes); /* the archive frees its own share */
    return OK;
}

static enum status
package_add(struct package *package, const char *path, const struct buf *text)
{
    zip_t *zip = package->zip;
    zip_source_t *source = zip_source_buffer(zip, text->bytes, text->length, 0);
    zip_int64_t index = source == NULL ? -1 : zip_file_add(zip, path, source, 0);
    if (source != NULL && index < 0)
        zip_source_free(source);
    if (index < 0 || zip_file_set_dostime(zip, (zip_uint64_t)index, ZIP_TIME, ZIP_DATE, 0) != 0)
        return failed(package, zip_strerror(zip));
    return OK;
}

static enum status
package_close(struct package *package, struct buf *out)
{
    zip_source_t *bytes = package->bytes;
    zip_stat_t about;
    if (zip_close(package->zip) != 0)
        return failed(package, zip_strerror(package->zip));
    package->zip = NULL;
    if (zip_source_stat(bytes, &about) != 0 || zip_source_open(bytes) != 0)
        return failed(package, zip_error_strerror(zip_source_error(bytes)));
    char *copy = arena_alloc(package->cx->arena, about.size);
    zip_int64_t length = zip_source_read(bytes, copy, about.size);
    zip_source_close(bytes);
    if (length < 0 || (zip_uint64_t)length != about.size)
        return failed(package, "short read");
    buf_add(out, copy, about.size);
    return OK;
}

enum status
report_docx(struct ctx *cx, const struct page_layout *layout, const struct doc *tree,
    struct buf *out)
{
    const struct docx docx = {cx, layout, tree};
    struct package *package = ARENA_NEW(cx->arena, struct package);
    struct buf types = buf_new(cx->arena), of_package = types, of_document = types;
    package->cx = cx;
    TRY(package_open(package));
    write_types(&types);
    write_relations(OF_PACKAGE, &of_package);
    write_relations(OF_DOCUMENT, &of_document);
    TRY(package_add(package, "[Content_Types].xml", &types));
    TRY(package_add(package, "_rels/.rels", &of_package));
    TRY(package_add(package, "word/_rels/document.xml.rels", &of_document));
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct buf text = buf_new(cx->arena);
        parts[i].write(&docx, &text);
        TRY(package_add(package, parts[i].path, &text));
    }
    return package_close(package, out);
}
