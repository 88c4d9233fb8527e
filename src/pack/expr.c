/* Conditions: from text to a typed tree. The first fault of a condition ends its reading. What a
 * tree means is in evaluate.c. */
#include "pack/expr.h"

#include "base/date.h"
#include "pack/read.h"

#include <stdarg.h>
#include <string.h>

enum {
    TEXT_MAX = 4000, /* bytes of a condition: bounds the height of the tree */
    DEPTH_MAX = 32,  /* of parentheses, "not" and signs */
    SCALE_MAX = 12   /* decimals of a product */
};

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_TEXT,
    TOKEN_SYMBOL /* = <> ... ( ) , and the words of the language */
};

struct token {
    enum token_kind kind;
    const char *start;
    size_t length;    /* of what stands in the condition */
    const char *text; /* a name, a word or a symbol; the content of a text */
    int64_t number;
    int scale;
    struct place place;
};

struct parser {
    struct ctx *cx;
    const struct reg *reg;
    const char *at;     /* behind the token */
    struct place place; /* of `at` */
    struct token token; /* the one to be taken next */
    const struct field *list;
    int depth;
};

static const char *const words[] = {"and", "or", "not", "in", "is", "null", "true", "false"};
/* The longer ones first. "!=" is another way to write "<>". */
static const char *const symbols[] = {"<>", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(",
    ")", ",", "."};

static const struct {
    const char *sign; /* in a condition */
    enum expr_op op;
} comparisons[] = {
    {"=", EXPR_EQ},
    {"<>", EXPR_NE},
    {"!=", EXPR_NE},
    {"<", EXPR_LT},
    {"<=", EXPR_LE},
    {">", EXPR_GT},
    {">=", EXPR_GE},
};

static const char *const type_names[] = {
    [TYPE_BOOLEAN] = "đúng hoặc sai",
    [TYPE_NUMBER] = "số",
    [TYPE_DATE] = "ngày",
    [TYPE_TIME] = "giờ",
    [TYPE_TEXT] = "chữ",
    [TYPE_CHOICE] = "lựa chọn",
    [TYPE_UNIT] = "đơn vị",
    [TYPE_CODE] = "mã",
};

/* NULL, so that a function that builds a node can end with it. */
static struct expr *wrong(struct parser *, struct place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct expr *
wrong(struct parser *p, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(p->cx->arena, format, arguments);
    va_end(arguments);
    fault_at(p->cx, ERR_INVALID, place_fault(place), "%s", message);
    return NULL;
}

static void
skip(struct parser *p, size_t bytes)
{
    for (; bytes > 0; bytes--, p->at++)
        p->place.column += ((unsigned char)*p->at & 0xC0) != 0x80;
}

static bool
read_quoted(struct parser *p, struct token *token)
{
    struct buf text = buf_new(p->cx->arena);
    const char *end = token->start + 1;
    for (;; end++) {
        if (*end == '\0')
            return wrong(p, token->place, "chữ bắt đầu bằng ' chưa được đóng bằng '") != NULL;
        if (*end == '\'' && end[1] != '\'')
            break;
        end += *end == '\'';
        buf_char(&text, *end);
    }
    token->kind = TOKEN_TEXT;
    token->text = buf_string(&text);
    token->length = (size_t)(end + 1 - token->start);
    return true;
}

static bool
read_word(struct parser *p, struct token *token)
{
    token->length = strspn(token->start,
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        "0123456789_");
    token->text = arena_strndup(p->cx->arena, token->start, token->length);
    token->kind = TOKEN_NAME;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(token->text, words[i]) == 0)
            token->kind = TOKEN_SYMBOL;
    return true;
}

static bool
read_digits(struct parser *p, struct token *token)
{
    token->length = strspn(token->start,
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        "0123456789_.");
    token->kind = TOKEN_NUMBER;
    if (read_decimal(token->start, token->length, &token->number, &token->scale))
        return true;
    return wrong(p, token->place, "“%.*s” không phải là số; chờ một số như 12 hoặc 1.5",
               (int)token->length, token->start) != NULL;
}

static bool
read_symbol(struct parser *p, struct token *token)
{
    for (size_t i = 0; i < COUNT_OF(symbols); i++) {
        token->length = strlen(symbols[i]);
        if (strncmp(token->start, symbols[i], token->length) == 0) {
            token->kind = TOKEN_SYMBOL;
            token->text = symbols[i];
            return true;
        }
    }
    size_t length = 1;
    while (((unsigned char)token->start[length] & 0xC0) == 0x80)
        length++;
    return wrong(p, token->place, "ký tự “%.*s” không dùng được trong điều kiện", (int)length,
               token->start) != NULL;
}

/* Take the next token; false after a fault. */
static bool
advance(struct parser *p)
{
    skip(p, strspn(p->at, " \n\r"));
    struct token token = {.start = p->at, .place = p->place};
    char c = *p->at;
    bool is_read = true;
    if (c == '\'')
        is_read = read_quoted(p, &token);
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
        is_read = read_word(p, &token);
    else if (c >= '0' && c <= '9')
        is_read = read_digits(p, &token);
    else if (c != '\0')
        is_read = read_symbol(p, &token);
    skip(p, is_read ? token.length : 0);
    p->token = token;
    return is_read;
}

static bool
is_next(const struct parser *p, const char *symbol)
{
    return p->token.kind == TOKEN_SYMBOL && strcmp(p->token.text, symbol) == 0;
}

static struct expr *
unexpected(struct parser *p, const char *expected)
{
    const struct token *token = &p->token;
    if (token->kind == TOKEN_END)
        return wrong(p, token->place, "chờ %s, gặp chỗ hết điều kiện", expected);
    return wrong(p, token->place, "chờ %s, gặp “%s”", expected,
        read_shown(p->cx->arena, arena_strndup(p->cx->arena, token->start, token->length)));
}

static bool
take(struct parser *p, const char *symbol)
{
    if (is_next(p, symbol))
        return advance(p);
    return unexpected(p, arena_printf(p->cx->arena, "“%s”", symbol)) != NULL;
}

static struct expr *
build(struct parser *p, enum expr_op op, enum expr_type type, struct place place, int count)
{
    struct expr *e = ARENA_NEW(p->cx->arena, struct expr);
    e->op = op;
    e->type = type;
    e->place = place;
    e->items = ARENA_ARRAY(p->cx->arena, const struct expr *, (size_t)count);
    e->item_count = count;
    return e;
}

static struct expr *
pair(struct parser *p, enum expr_op op, enum expr_type type, struct place place,
    const struct expr *left, const struct expr *right)
{
    struct expr *e = build(p, op, type, place, 2);
    e->items[0] = left;
    e->items[1] = right;
    return e;
}

static struct expr *
literal(struct parser *p, enum expr_type type, int64_t number, int scale, struct place place)
{
    struct expr *e = build(p, EXPR_NUMBER, type, place, 0);
    e->number = number;
    e->scale = scale;
    return e;
}

/* The same number with more decimals: a literal is written so, anything else is multiplied by a
 * one that has them. */
static const struct expr *
rescale(struct parser *p, const struct expr *e, int scale)
{
    int64_t number;
    if (e->scale == scale)
        return e;
    if (!read_scale_up(e->op == EXPR_NUMBER ? e->number : 1, scale - e->scale, &number))
        return wrong(p, e->place, "số này quá lớn");
    if (e->op == EXPR_NUMBER)
        return literal(p, TYPE_NUMBER, number, scale, e->place);
    struct expr *product = pair(p, EXPR_MUL, TYPE_NUMBER, e->place, e,
        literal(p, TYPE_NUMBER, number, scale - e->scale, e->place));
    product->scale = scale;
    return product;
}

/* A text in quotes as what stands beside it wants it. */
static const struct expr *
adapt(struct parser *p, const struct expr *text, const struct expr *other)
{
    struct arena *arena = p->cx->arena;
    if (text->op != EXPR_TEXT || other->type == TYPE_TEXT)
        return text;
    if (other->type == TYPE_CHOICE) {
        const struct field *field = other->field;
        struct expr *e = literal(p, TYPE_CHOICE, choice_find(field, text->text), 0, text->place);
        e->field = field;
        return e->number >= 0 ? e
                              : wrong(p, text->place, "“%s” không có lựa chọn “%s”; có: %s",
                                    field->key, read_shown(arena, text->text),
                                    read_choice_names(arena, field->choices, field->choice_count));
    }
    int32_t day;
    int minutes;
    if (other->type == TYPE_TIME)
        return time_parse(text->text, &minutes)
            ? literal(p, TYPE_TIME, minutes, 0, text->place)
            : wrong(p, text->place, "chờ một giờ viết như '14:30', gặp '%s'",
                  read_shown(arena, text->text));
    if (other->type != TYPE_DATE)
        return text;
    if (date_parse(text->text, &day) && strcmp(date_iso(arena, day), text->text) == 0)
        return literal(p, TYPE_DATE, day, 0, text->place);
    return wrong(p, text->place, "chờ một ngày viết như '2019-06-30', gặp '%s'",
        read_shown(arena, text->text));
}

/* A condition has no way to write a unit, a record or a person. */
static bool
is_named_thing(const struct expr *e)
{
    return e->type == TYPE_UNIT || e->type == TYPE_CODE;
}

static const struct expr *
compare(struct parser *p, enum expr_op op, const struct token *sign, const struct expr *left,
    const struct expr *right)
{
    bool is_order = op != EXPR_EQ && op != EXPR_NE;
    if ((left = adapt(p, left, right)) == NULL || (right = adapt(p, right, left)) == NULL)
        return NULL;
    if (left->type != right->type)
        return wrong(p, sign->place,
            "hai bên “%s” phải cùng kiểu; bên trái là %s, bên phải là %s%s", sign->text,
            type_names[left->type], type_names[right->type],
            is_named_thing(left) || is_named_thing(right)
                ? "; đơn vị và mã chỉ so sánh với một trường khác, hoặc “is null”"
                : "");
    if (is_order && left->type != TYPE_NUMBER && left->type != TYPE_DATE && left->type != TYPE_TIME)
        return wrong(p, sign->place, "“%s” chỉ so sánh số, ngày hoặc giờ; đây là %s", sign->text,
            type_names[left->type]);
    if (left->type == TYPE_CHOICE && left->op == EXPR_FIELD && right->op == EXPR_FIELD)
        return wrong(p, sign->place, "một lựa chọn chỉ so sánh được với một khóa trong dấu nháy");
    if (left->type == TYPE_BOOLEAN && (left->item_count > 0 || right->item_count > 0))
        return wrong(p, sign->place,
            "“%s” chỉ so sánh một trường với true hoặc false; nối điều kiện bằng and, or, not",
            sign->text);
    if (left->type == TYPE_NUMBER) {
        int scale = left->scale > right->scale ? left->scale : right->scale;
        if ((left = rescale(p, left, scale)) == NULL || (right = rescale(p, right, scale)) == NULL)
            return NULL;
    }
    return pair(p, op, TYPE_BOOLEAN, sign->place, left, right);
}

static const struct expr *
arithmetic(struct parser *p, enum expr_op op, const struct token *sign, const struct expr *left,
    const struct expr *right)
{
    if (left->type != TYPE_NUMBER || right->type != TYPE_NUMBER)
        return wrong(p, sign->place, "“%s” chỉ tính với số; bên trái là %s, bên phải là %s",
            sign->text, type_names[left->type], type_names[right->type]);
    int scale = left->scale > right->scale ? left->scale : right->scale;
    if (op == EXPR_MUL)
        scale = left->scale + right->scale;
    else if ((left = rescale(p, left, scale)) == NULL || (right = rescale(p, right, scale)) == NULL)
        return NULL;
    if (scale > SCALE_MAX)
        return wrong(p, sign->place, "tích có quá %d chữ số thập phân", SCALE_MAX);
    struct expr *e = pair(p, op, TYPE_NUMBER, sign->place, left, right);
    e->scale = scale;
    return e;
}

static bool
is_condition(struct parser *p, const struct expr *e)
{
    if (e->type == TYPE_BOOLEAN)
        return true;
    wrong(p, e->place, "chờ một điều kiện đúng hoặc sai, gặp %s", type_names[e->type]);
    return false;
}

static bool
deeper(struct parser *p)
{
    if (++p->depth <= DEPTH_MAX)
        return true;
    wrong(p, p->token.place, "điều kiện lồng quá %d mức", DEPTH_MAX);
    return false;
}

static const struct expr *
field_expr(struct parser *p, const struct field *field, struct place place)
{
    static const enum expr_type types[KIND__COUNT] = {
        [KIND_TEXT] = TYPE_TEXT,
        [KIND_LONG_TEXT] = TYPE_TEXT,
        [KIND_INTEGER] = TYPE_NUMBER,
        [KIND_DECIMAL] = TYPE_NUMBER,
        [KIND_DATE] = TYPE_DATE,
        [KIND_TIME] = TYPE_TIME,
        [KIND_BOOLEAN] = TYPE_BOOLEAN,
        [KIND_CHOICE] = TYPE_CHOICE,
        [KIND_UNIT] = TYPE_UNIT,
        [KIND_PERSON] = TYPE_CODE,
        [KIND_REFERENCE] = TYPE_CODE,
        [KIND_FILES] = TYPE_TEXT,
        [KIND_QUANTITY] = TYPE_NUMBER,
    };
    if (field->kind == KIND__COUNT)
        return NULL; /* its own fault has been noted */
    if (field->kind == KIND_LIST)
        return wrong(p, place, "“%s” là một danh sách; chờ một cột của nó: %s.%s", field->key,
            field->key, field->field_count > 0 ? field->fields[0].key : "…");
    struct expr *e = build(p, EXPR_FIELD, types[field->kind], place, 0);
    e->field = field;
    e->scale = field->decimals;
    return e;
}

/* The column of `list` that comes next, behind the point. */
static const struct expr *
column(struct parser *p, const struct field *list, struct place place)
{
    if (!advance(p))
        return NULL;
    if (list->kind == KIND__COUNT)
        return NULL;
    if (list->kind != KIND_LIST)
        return wrong(p, place, "“%s” không phải là một danh sách nên không có cột", list->key);
    if (p->token.kind != TOKEN_NAME)
        return unexpected(p, "tên một cột");
    struct token name = p->token;
    const struct field *field = list_field(list, name.text);
    if (field == NULL)
        return wrong(p, name.place, "danh sách “%s” không có cột “%s”; có: %s", list->key,
            read_shown(p->cx->arena, name.text),
            read_field_names(p->cx->arena, list->fields, list->field_count));
    if (p->list != NULL && p->list != list)
        return wrong(p, place, "điều kiện đã đọc danh sách “%s”; không đọc thêm “%s” được",
            p->list->key, list->key);
    p->list = list;
    return advance(p) ? field_expr(p, field, place) : NULL;
}

static const struct expr *
named(struct parser *p)
{
    struct token name = p->token;
    const struct field *field = reg_field(p->reg, name.text);
    if (field == NULL)
        return wrong(p, name.place, "không có trường “%s”; có: %s",
            read_shown(p->cx->arena, name.text),
            read_field_names(p->cx->arena, p->reg->fields, p->reg->field_count));
    if (!advance(p))
        return NULL;
    return is_next(p, ".") ? column(p, field, name.place) : field_expr(p, field, name.place);
}

static const struct expr *
constant(struct parser *p)
{
    struct token token = p->token;
    if (!advance(p))
        return NULL;
    if (token.kind == TOKEN_NUMBER)
        return literal(p, TYPE_NUMBER, token.number, token.scale, token.place);
    if (token.kind == TOKEN_SYMBOL)
        return literal(p, TYPE_BOOLEAN, strcmp(token.text, "true") == 0, 0, token.place);
    struct expr *e = build(p, EXPR_TEXT, TYPE_TEXT, token.place, 0);
    e->text = token.text;
    return e;
}

static const struct expr *either(struct parser *);

static const struct expr *
operand(struct parser *p)
{
    if (p->token.kind == TOKEN_NAME)
        return named(p);
    if (p->token.kind == TOKEN_NUMBER || p->token.kind == TOKEN_TEXT || is_next(p, "true") ||
        is_next(p, "false"))
        return constant(p);
    if (is_next(p, "null"))
        return wrong(p, p->token.place,
            "không so sánh với null; viết “is null” hoặc “is not null”");
    if (!is_next(p, "("))
        return unexpected(p, "một trường, một số, một chữ trong dấu nháy hoặc “(”");
    if (!deeper(p) || !advance(p))
        return NULL;
    const struct expr *e = either(p);
    if (e == NULL || !take(p, ")"))
        return NULL;
    p->depth--;
    return e;
}

static const struct expr *
negative(struct parser *p)
{
    struct token sign = p->token;
    if (!is_next(p, "-"))
        return operand(p);
    if (!deeper(p) || !advance(p))
        return NULL;
    const struct expr *e = negative(p);
    p->depth--;
    if (e == NULL)
        return NULL;
    if (e->type != TYPE_NUMBER)
        return wrong(p, sign.place, "“-” chỉ tính với số; đây là %s", type_names[e->type]);
    if (e->op == EXPR_NUMBER)
        return literal(p, TYPE_NUMBER, -e->number, e->scale, sign.place);
    struct expr *minus = build(p, EXPR_NEG, TYPE_NUMBER, sign.place, 1);
    minus->items[0] = e;
    minus->scale = e->scale;
    return minus;
}

static const struct expr *
product(struct parser *p)
{
    const struct expr *left = negative(p);
    while (left != NULL && is_next(p, "*")) {
        struct token sign = p->token;
        const struct expr *right = advance(p) ? negative(p) : NULL;
        left = right != NULL ? arithmetic(p, EXPR_MUL, &sign, left, right) : NULL;
    }
    return left;
}

static const struct expr *
sum(struct parser *p)
{
    const struct expr *left = product(p);
    while (left != NULL && (is_next(p, "+") || is_next(p, "-"))) {
        struct token sign = p->token;
        const struct expr *right = advance(p) ? product(p) : NULL;
        enum expr_op op = sign.text[0] == '+' ? EXPR_ADD : EXPR_SUB;
        left = right != NULL ? arithmetic(p, op, &sign, left, right) : NULL;
    }
    return left;
}

/* A literal among those of "in": as the operand wants it. */
static const struct expr *
member(struct parser *p, const struct expr *of)
{
    const struct token token = p->token;
    bool is_literal = token.kind == TOKEN_NUMBER || token.kind == TOKEN_TEXT || is_next(p, "-");
    const struct expr *e =
        is_literal ? negative(p) : unexpected(p, "một chữ trong dấu nháy hoặc số");
    e = e != NULL ? adapt(p, e, of) : NULL;
    if (e == NULL || (e->type == of->type && e->item_count == 0 && e->op != EXPR_FIELD))
        return e;
    return wrong(p, token.place, "chờ %s như ở bên trái “in”, gặp %s", type_names[of->type],
        type_names[e->type]);
}

static const struct expr *
among(struct parser *p, const struct expr *left)
{
    struct token sign = p->token;
    const struct expr **items = NULL;
    int count = 0, scale = left->scale;
    if (left->type == TYPE_BOOLEAN || is_named_thing(left))
        return wrong(p, sign.place, "“in” chỉ đứng sau số, ngày, giờ, chữ hoặc lựa chọn; đây là %s",
            type_names[left->type]);
    if (!advance(p) || !take(p, "("))
        return NULL;
    *ARENA_PUSH(p->cx->arena, items, count) = left;
    for (;;) {
        const struct expr *e = member(p, left);
        if (e == NULL)
            return NULL;
        scale = e->scale > scale ? e->scale : scale;
        *ARENA_PUSH(p->cx->arena, items, count) = e;
        if (!is_next(p, ","))
            break;
        if (!advance(p))
            return NULL;
    }
    if (!take(p, ")"))
        return NULL;
    for (int i = 0; left->type == TYPE_NUMBER && i < count; i++)
        if ((items[i] = rescale(p, items[i], scale)) == NULL)
            return NULL;
    struct expr *e = build(p, EXPR_IN, TYPE_BOOLEAN, sign.place, 0);
    e->items = items;
    e->item_count = count;
    return e;
}

static const struct expr *
nullness(struct parser *p, const struct expr *left)
{
    struct token sign = p->token;
    if (left->op != EXPR_FIELD)
        return wrong(p, sign.place, "“is null” chỉ đứng sau một trường");
    if (!advance(p))
        return NULL;
    bool is_not = is_next(p, "not");
    if ((is_not && !advance(p)) || !take(p, "null"))
        return NULL;
    struct expr *e =
        build(p, is_not ? EXPR_IS_NOT_NULL : EXPR_IS_NULL, TYPE_BOOLEAN, sign.place, 1);
    e->items[0] = left;
    return e;
}

static const struct expr *
comparison(struct parser *p)
{
    const struct expr *left = sum(p);
    if (left == NULL || p->token.kind != TOKEN_SYMBOL)
        return left;
    if (is_next(p, "in"))
        return among(p, left);
    if (is_next(p, "is"))
        return nullness(p, left);
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        if (!is_next(p, comparisons[i].sign))
            continue;
        struct token sign = p->token;
        const struct expr *right = advance(p) ? sum(p) : NULL;
        return right != NULL ? compare(p, comparisons[i].op, &sign, left, right) : NULL;
    }
    return left;
}

static const struct expr *
negation(struct parser *p)
{
    struct token sign = p->token;
    if (!is_next(p, "not"))
        return comparison(p);
    if (!deeper(p) || !advance(p))
        return NULL;
    const struct expr *e = negation(p);
    p->depth--;
    if (e == NULL || !is_condition(p, e))
        return NULL;
    struct expr *not_e = build(p, EXPR_NOT, TYPE_BOOLEAN, sign.place, 1);
    not_e->items[0] = e;
    return not_e;
}

static const struct expr *
joined(struct parser *p, enum expr_op op, const char *word,
    const struct expr *(*read)(struct parser *))
{
    const struct expr *left = read(p);
    while (left != NULL && is_next(p, word)) {
        struct token sign = p->token;
        const struct expr *right = is_condition(p, left) && advance(p) ? read(p) : NULL;
        if (right == NULL || !is_condition(p, right))
            return NULL;
        left = pair(p, op, TYPE_BOOLEAN, sign.place, left, right);
    }
    return left;
}

static const struct expr *
both(struct parser *p)
{
    return joined(p, EXPR_AND, "and", negation);
}

static const struct expr *
either(struct parser *p)
{
    return joined(p, EXPR_OR, "or", both);
}

enum status
expr_parse(struct ctx *cx, const struct reg *reg, const char *text, struct place place,
    const struct expr **out, const struct field **list)
{
    struct parser p = {.cx = cx, .reg = reg, .at = text, .place = place};
    if (strlen(text) > TEXT_MAX) {
        wrong(&p, place, "điều kiện dài quá %d byte", TEXT_MAX);
        return ERR_INVALID;
    }
    const struct expr *e = advance(&p) ? either(&p) : NULL;
    if (e == NULL || !is_condition(&p, e))
        return ERR_INVALID;
    if (p.token.kind != TOKEN_END) {
        unexpected(&p, "and, or hoặc chỗ hết điều kiện");
        return ERR_INVALID;
    }
    *out = e;
    *list = p.list;
    return OK;
}
