/* libyaml's events become nodes. The library's own messages are English and short of a remedy, so
 * those that a pack's author can meet are said here in Vietnamese. */
#include "pack/yaml.h"

#include "base/vi.h"

#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 16 };

struct yaml {
    struct ctx *cx;
    yaml_parser_t parser;
    const char *path;
    const char *text;
};

static const struct {
    const char *problem; /* how libyaml's message begins */
    const char *message;
} problems[] = {
    {"did not find expected ',' or '}'", "chờ “,” hoặc “}” trong nhóm { … }"},
    {"did not find expected ',' or ']'", "chờ “,” hoặc “]” trong danh sách [ … ]"},
    {"did not find expected key", "chờ một khóa ở mức thụt dòng này"},
    {"did not find expected '-' indicator", "chờ dấu “-” của danh sách ở mức thụt dòng này"},
    {"did not find expected node content", "chờ một giá trị"},
    {"did not find expected <document start>", "thừa nội dung sau phần đã kết thúc"},
    {"mapping values are not allowed in this context",
        "dấu “:” không đứng được ở đây; chữ có “: ” phải đặt trong ngoặc kép"},
    {"block sequence entries are not allowed in this context",
        "dấu “-” của danh sách không đứng được ở đây; đưa xuống dòng mới"},
    {"could not find expected ':'", "chờ dấu “:” sau khóa"},
    {"found unexpected end of stream", "chữ trong ngoặc chưa được đóng"},
    {"found unknown escape character", "ký tự lạ sau dấu “\\” trong ngoặc kép"},
    {"found character that cannot start any token",
        "ký tự này không bắt đầu được một giá trị; đặt chữ trong ngoặc kép"},
    {"control characters are not allowed", "ký tự điều khiển không được dùng"},
};

struct fault
place_fault(struct place place)
{
    return (struct fault){.file = place.file, .line = place.line, .column = place.column};
}

/* One character of valid UTF-8 further. */
static const char *
step(const char *p)
{
    do
        p++;
    while (((unsigned char)*p & 0xC0) == 0x80);
    return p;
}

/* The place of a byte; what comes before it is valid UTF-8. */
static struct place
place_of_byte(const struct yaml *y, size_t offset)
{
    struct place place = {y->path, 1, 1};
    for (const char *p = y->text; p < y->text + offset; p = step(p)) {
        place.column++;
        if (*p == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static struct place
place_of_mark(const struct yaml *y, yaml_mark_t mark)
{
    return (struct place){y->path, (int)mark.line + 1, (int)mark.column + 1};
}

static bool
refuse(struct yaml *y, struct place place, const char *message)
{
    fault_at(y->cx, ERR_INVALID, place_fault(place), "%s", message);
    return false;
}

static bool
refuse_syntax(struct yaml *y)
{
    const char *message = "cú pháp YAML sai ở đây";
    for (size_t i = 0; y->parser.problem != NULL && i < COUNT_OF(problems); i++)
        if (strncmp(y->parser.problem, problems[i].problem, strlen(problems[i].problem)) == 0)
            message = problems[i].message;
    if (y->parser.error == YAML_READER_ERROR)
        return refuse(y, place_of_byte(y, y->parser.problem_offset), message);
    if (y->parser.context != NULL && y->parser.context_mark.line != y->parser.problem_mark.line)
        message = arena_printf(y->cx->arena, "%s; phần này bắt đầu ở dòng %d", message,
            (int)y->parser.context_mark.line + 1);
    return refuse(y, place_of_mark(y, y->parser.problem_mark), message);
}

static bool
refuse_extras(struct yaml *y, yaml_mark_t mark, const void *anchor, const void *tag)
{
    if (anchor != NULL)
        return refuse(y, place_of_mark(y, mark), "neo “&…” không được dùng; viết lại giá trị");
    if (tag != NULL)
        return refuse(y, place_of_mark(y, mark), "nhãn kiểu “!…” không được dùng; bỏ nó đi");
    return true;
}

static bool read_node(struct yaml *, int depth, struct node *out);

static bool
read_text(struct yaml *y, const yaml_event_t *event, struct node *out)
{
    out->text = arena_strndup(y->cx->arena, (const char *)event->data.scalar.value,
        event->data.scalar.length);
    if (strlen(out->text) != event->data.scalar.length)
        return refuse(y, out->place, "ký tự “\\0” không được dùng trong chữ");
    switch (event->data.scalar.style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        out->quote = '\'';
        break;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        out->quote = '"';
        break;
    case YAML_PLAIN_SCALAR_STYLE:
        out->quote = 0;
        break;
    default:
        out->quote = '|';
        break;
    }
    out->is_wrapped = event->end_mark.line != event->start_mark.line;
    return refuse_extras(y, event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
}

static bool
read_list(struct yaml *y, int depth, struct node *out)
{
    out->type = NODE_LIST;
    for (;;) {
        struct node item = {0};
        if (!read_node(y, depth + 1, &item))
            return false;
        if (item.type == NODE_END)
            return true;
        *ARENA_PUSH(y->cx->arena, out->items, out->count) = item;
    }
}

/* Where the node begins in the file's text; the end of the text when line breaks other than the
 * usual ones led the count astray. */
static const char *
node_source(const struct node *node)
{
    const char *p = node->source;
    for (int line = 1; line < node->place.line; line++) {
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    for (int column = 1; column < node->place.column && *p != '\0'; column++)
        p = step(p);
    return p;
}

/* Is a key of a { } map, with nothing after it, a piece of the text before? */
static bool
is_piece(const struct node *map, const struct node *key, const struct node *value)
{
    const struct node *before = map->count > 0 ? &map->items[map->count - 1] : NULL;
    if (before == NULL || before->type != NODE_TEXT || before->quote != 0 || key->quote != 0 ||
        !node_is_nothing(value) || value->text[0] != '\0')
        return false;
    if (key->is_wrapped)
        return true;
    const char *behind = node_source(key) + strlen(key->text);
    return behind[strspn(behind, " ")] != ':';
}

static bool
read_map(struct yaml *y, int depth, bool is_flow, struct node *out)
{
    out->type = NODE_MAP;
    for (;;) {
        struct node key = {0}, value = {0};
        if (!read_node(y, depth + 1, &key))
            return false;
        if (key.type == NODE_END)
            return true;
        if (key.type != NODE_TEXT)
            return refuse(y, key.place, "khóa phải là một chữ, không phải danh sách hay nhóm");
        if (!read_node(y, depth + 1, &value))
            return false;
        if (is_flow && is_piece(out, &key, &value)) {
            const char **text = &out->items[out->count - 1].text;
            *text = arena_printf(y->cx->arena, "%s, %s", *text, key.text);
            continue;
        }
        const struct node *before = node_get(out, key.text);
        if (before != NULL) {
            fault_at(y->cx, ERR_INVALID, place_fault(key.place),
                "khóa “%s” bị lặp; đã có ở dòng %d", key.text, before->key_place.line);
            continue;
        }
        value.key = key.text;
        value.key_place = key.place;
        *ARENA_PUSH(y->cx->arena, out->items, out->count) = value;
    }
}

static bool
read_event(struct yaml *y, const yaml_event_t *event, int depth, struct node *out)
{
    *out = (struct node){.place = place_of_mark(y, event->start_mark), .source = y->text};
    bool is_start =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    if (is_start && depth > DEPTH_MAX)
        return refuse(y, out->place, "lồng quá 16 mức");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_text(y, event, out);
    case YAML_SEQUENCE_START_EVENT:
        return refuse_extras(y, event->start_mark, event->data.sequence_start.anchor,
                   event->data.sequence_start.tag) &&
            read_list(y, depth, out);
    case YAML_MAPPING_START_EVENT:
        return refuse_extras(y, event->start_mark, event->data.mapping_start.anchor,
                   event->data.mapping_start.tag) &&
            read_map(y, depth, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, out);
    case YAML_ALIAS_EVENT:
        return refuse(y, out->place, "bí danh “*…” không được dùng; viết lại giá trị");
    default:
        out->type = NODE_END;
        return true;
    }
}

static bool
read_node(struct yaml *y, int depth, struct node *out)
{
    yaml_event_t event;
    if (!yaml_parser_parse(&y->parser, &event))
        return refuse_syntax(y);
    bool is_read = read_event(y, &event, depth, out);
    yaml_event_delete(&event);
    return is_read;
}

/* The events around the tree: the start of the stream and of its one document, and their ends. */
static bool
read_document(struct yaml *y, struct node *out)
{
    struct node mark;
    if (!read_node(y, 0, &mark) || !read_node(y, 0, &mark) || !read_node(y, 1, out))
        return false;
    if (out->type == NODE_END)
        return refuse(y, (struct place){y->path, 1, 1}, "tệp trống");
    if (!read_node(y, 0, &mark))
        return false;
    yaml_event_t event;
    if (!yaml_parser_parse(&y->parser, &event))
        return refuse_syntax(y);
    bool is_end = event.type == YAML_STREAM_END_EVENT;
    mark.place = place_of_mark(y, event.start_mark);
    yaml_event_delete(&event);
    return is_end || refuse(y, mark.place, "tệp chỉ được có một phần, không có “---” thứ hai");
}

static bool
check_bytes(struct yaml *y)
{
    long invalid = utf8_invalid_at(y->text);
    if (invalid >= 0)
        return refuse(y, place_of_byte(y, (size_t)invalid),
            "byte này không phải UTF-8; lưu tệp bằng mã UTF-8");
    const char *tab = strchr(y->text, '\t');
    if (tab != NULL)
        return refuse(y, place_of_byte(y, (size_t)(tab - y->text)),
            "ký tự tab; thụt dòng và cách chữ bằng dấu cách");
    return true;
}

enum status
yaml_read(struct ctx *cx, const char *path, const char *text, const struct node **out)
{
    struct yaml y = {.cx = cx, .path = path, .text = text};
    struct node *root = ARENA_NEW(cx->arena, struct node);
    if (!check_bytes(&y))
        return ERR_INVALID;
    if (!yaml_parser_initialize(&y.parser))
        return fault_set(cx, ERR_LIMIT, "Không đủ bộ nhớ để đọc gói.");
    yaml_parser_set_input_string(&y.parser, (const unsigned char *)text, strlen(text));
    yaml_parser_set_encoding(&y.parser, YAML_UTF8_ENCODING);
    bool is_read = read_document(&y, root);
    yaml_parser_delete(&y.parser);
    *out = root;
    return is_read ? OK : ERR_INVALID;
}

const struct node *
node_get(const struct node *map, const char *key)
{
    for (int i = 0; i < map->count; i++)
        if (map->type == NODE_MAP && strcmp(map->items[i].key, key) == 0)
            return &map->items[i];
    return NULL;
}

bool
node_is_nothing(const struct node *node)
{
    return node->type == NODE_TEXT && node->quote == 0 &&
        (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

struct place
node_head(const struct node *node)
{
    return node->key != NULL ? node->key_place : node->place;
}

/* A quote inside quotes takes two columns: '' and \". Longer escapes (\u00e9) are not counted out:
 * the column is then some too small. */
struct place
node_place(const struct node *node, int offset)
{
    struct place place = node->place;
    if (node->is_wrapped)
        return place;
    const char *p = node_source(node);
    if (node->quote != 0 && *p != '\0') {
        p = step(p);
        place.column++;
    }
    for (; offset > 0 && *p != '\0'; offset--) {
        bool is_double = (node->quote == '\'' && *p == '\'') || (node->quote == '"' && *p == '\\');
        for (int i = 0; i <= is_double && *p != '\0'; i++) {
            p = step(p);
            place.column++;
        }
    }
    return place;
}
