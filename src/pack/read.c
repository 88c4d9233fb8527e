/* Plain values out of nodes, with the faults that say what was expected. */
#include "pack/read.h"

#include "base/date.h"
#include "base/number.h"
#include "base/vi.h"

#include <stdarg.h>
#include <string.h>

enum { SHOWN_MAX = 60, DECIMALS_MAX = 6 };

void
read_refuse(struct reader *rd, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(rd->cx->arena, format, arguments);
    va_end(arguments);
    fault_at(rd->cx, ERR_INVALID, place_fault(place), "%s", message);
}

const char *
read_shown(struct arena *arena, const char *text)
{
    size_t length = 0;
    for (int count = 0; text[length] != '\0'; length++) {
        bool is_start = ((unsigned char)text[length] & 0xC0) != 0x80;
        if (is_start && ++count > SHOWN_MAX)
            return arena_printf(arena, "%.*s…", (int)length, text);
    }
    return text;
}

void
read_refuse_value(struct reader *rd, const struct node *node, const char *expected)
{
    const char *name = node->key != NULL ? arena_printf(rd->cx->arena, "“%s”: ", node->key) : "";
    if (node->type == NODE_MAP)
        read_refuse(rd, node->place, "%schờ %s, gặp một nhóm “khóa: giá trị”", name, expected);
    else if (node->type == NODE_LIST)
        read_refuse(rd, node->place, "%schờ %s, gặp một danh sách", name, expected);
    else if (node_is_nothing(node))
        read_refuse(rd, node_head(node), "%schờ %s, chưa có giá trị", name, expected);
    else
        read_refuse(rd, node->place, "%schờ %s, gặp “%s”", name, expected,
            read_shown(rd->cx->arena, node->text));
}

void
read_add_name(struct buf *names, const char *name)
{
    if (names->length > 0)
        buf_text(names, ", ");
    buf_text(names, name);
}

const char *
read_field_names(struct arena *arena, const struct field *fields, int count)
{
    struct buf names = buf_new(arena);
    for (int i = 0; i < count; i++)
        read_add_name(&names, fields[i].key);
    return buf_string(&names);
}

const char *
read_choice_names(struct arena *arena, const struct choice *choices, int count)
{
    struct buf names = buf_new(arena);
    for (int i = 0; i < count; i++)
        read_add_name(&names, choices[i].key);
    return buf_string(&names);
}

static bool
is_among(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

bool
read_closed(struct reader *rd, const struct node *node, const char *const *keys)
{
    if (node->type != NODE_MAP) {
        read_refuse_value(rd, node, "một nhóm “khóa: giá trị”");
        return false;
    }
    struct buf names = buf_new(rd->cx->arena);
    for (const char *const *key = keys; *key != NULL; key++)
        read_add_name(&names, *key);
    for (int i = 0; i < node->count; i++)
        if (!is_among(node->items[i].key, keys))
            read_refuse(rd, node->items[i].key_place,
                "khóa “%s” không dùng được ở đây; có thể dùng: %s",
                read_shown(rd->cx->arena, node->items[i].key), buf_string(&names));
    return true;
}

const struct node *
read_member(struct reader *rd, const struct node *map, const char *key)
{
    const struct node *member = node_get(map, key);
    if (member != NULL)
        return member;
    if (map->key != NULL)
        read_refuse(rd, map->key_place, "“%s” thiếu khóa “%s”", read_shown(rd->cx->arena, map->key),
            key);
    else
        read_refuse(rd, map->place, "thiếu khóa “%s”", key);
    return NULL;
}

bool
read_items(struct reader *rd, const struct node *node, enum node_type type)
{
    if (node->type == type && node->count > 0)
        return true;
    if (node->type == type)
        read_refuse(rd, node_head(node), "“%s” trống; chờ ít nhất một mục", node->key);
    else
        read_refuse_value(rd, node,
            type == NODE_LIST ? "một danh sách" : "một nhóm “khóa: giá trị”");
    return false;
}

static bool
is_plain(const struct node *node)
{
    return node->type == NODE_TEXT && node->quote == 0 && !node_is_nothing(node);
}

void
read_bool(struct reader *rd, const struct node *map, const char *key, bool *out)
{
    const struct node *node = node_get(map, key);
    if (node == NULL)
        return;
    bool is_true = is_plain(node) && strcmp(node->text, "true") == 0;
    if (is_true || (is_plain(node) && strcmp(node->text, "false") == 0))
        *out = is_true;
    else
        read_refuse_value(rd, node, "true hoặc false");
}

bool
read_scale_up(int64_t number, int by, int64_t *out)
{
    for (; by > 0; by--)
        if (!multiply_checked(number, 10, &number))
            return false;
    *out = number;
    return true;
}

bool
read_decimal(const char *text, size_t length, int64_t *number, int *scale)
{
    bool is_negative = length > 0 && text[0] == '-';
    size_t i = is_negative;
    int64_t value = 0;
    int decimals = -1; /* after the point; -1 before it */
    for (; i < length; i++) {
        if (text[i] == '.' && decimals < 0 && i > is_negative) {
            decimals = 0;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || decimals == DECIMALS_MAX)
            return false;
        int64_t digit = text[i] - '0';
        if (!read_scale_up(value, 1, &value) ||
            !add_checked(value, is_negative ? -digit : digit, &value))
            return false;
        decimals += decimals >= 0;
    }
    if (i == is_negative || decimals == 0)
        return false;
    *number = value;
    *scale = decimals > 0 ? decimals : 0;
    return true;
}

void
read_integer(struct reader *rd, const struct node *map, const char *key, int64_t min, int64_t max,
    int64_t *out)
{
    const struct node *node = node_get(map, key);
    int64_t number;
    int scale;
    if (node == NULL)
        return;
    if (is_plain(node) && read_decimal(node->text, strlen(node->text), &number, &scale) &&
        scale == 0 && number >= min && number <= max)
        *out = number;
    else if (min == INT64_MIN && max == INT64_MAX)
        read_refuse_value(rd, node, "một số nguyên");
    else
        read_refuse_value(rd, node,
            arena_printf(rd->cx->arena, "một số nguyên từ %lld đến %lld", (long long)min,
                (long long)max));
}

void
read_scaled(struct reader *rd, const struct node *map, const char *key, int scale, int64_t *out)
{
    const struct node *node = node_get(map, key);
    int64_t number;
    int decimals;
    if (node == NULL)
        return;
    if (is_plain(node) && read_decimal(node->text, strlen(node->text), &number, &decimals) &&
        decimals <= scale && read_scale_up(number, scale - decimals, &number))
        *out = number;
    else if (scale == 0)
        read_refuse_value(rd, node, "một số nguyên");
    else
        read_refuse_value(rd, node,
            arena_printf(rd->cx->arena, "một số có nhiều nhất %d chữ số sau dấu chấm", scale));
}

void
read_date(struct reader *rd, const struct node *map, const char *key, int32_t *out)
{
    const struct node *node = node_get(map, key);
    int32_t day;
    if (node == NULL)
        return;
    if (node->type == NODE_TEXT && date_parse(node->text, &day) &&
        strcmp(date_iso(rd->cx->arena, day), node->text) == 0)
        *out = day;
    else
        read_refuse_value(rd, node, "một ngày viết như 2019-06-30");
}

static const char *
text_of(struct reader *rd, const struct node *node)
{
    if (node->type == NODE_TEXT && !node_is_nothing(node)) {
        const char *text = vi_clean(rd->cx->arena, node->text);
        if (text[0] != '\0')
            return text;
    }
    read_refuse_value(rd, node, "một dòng chữ");
    return NULL;
}

const char *
read_text(struct reader *rd, const struct node *map, const char *key)
{
    const struct node *node = read_member(rd, map, key);
    return node != NULL ? text_of(rd, node) : NULL;
}

bool
read_label_of(struct reader *rd, const struct node *node, struct label *out)
{
    static const char *const languages[] = {"vi", "en", NULL};
    if (node->type != NODE_MAP) {
        out->vi = out->en = text_of(rd, node);
        return out->vi != NULL;
    }
    if (!read_closed(rd, node, languages))
        return false;
    out->vi = read_text(rd, node, "vi");
    out->en = node_get(node, "en") != NULL ? read_text(rd, node, "en") : out->vi;
    return out->vi != NULL && out->en != NULL;
}

bool
read_label(struct reader *rd, const struct node *map, const char *key, struct label *out)
{
    const struct node *node = read_member(rd, map, key);
    return node != NULL && read_label_of(rd, node, out);
}

const char *
read_key(struct reader *rd, const char *key, struct place place)
{
    if (key_is_valid(key))
        return key;
    read_refuse(rd, place,
        "khóa “%s” phải viết bằng a-z, 0-9 và _, bắt đầu bằng chữ, không quá 60 ký tự",
        read_shown(rd->cx->arena, key));
    return NULL;
}

int
read_names(struct reader *rd, const struct node *node, const struct node **out)
{
    *out = node;
    if (node->type == NODE_TEXT && !node_is_nothing(node))
        return 1;
    if (!read_items(rd, node, NODE_LIST))
        return 0;
    for (int i = 0; i < node->count; i++)
        if (node->items[i].type != NODE_TEXT || node_is_nothing(&node->items[i])) {
            read_refuse_value(rd, &node->items[i], "một tên");
            return 0;
        }
    *out = node->items;
    return node->count;
}
