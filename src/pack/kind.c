/* The kinds of fields as a pack writes them: one row each, with the keys that it takes. A new kind
 * is a row here and in the tables that pack/model.h names. */
#include "pack/read.h"

#include <string.h>

enum {
    TEXT_LENGTH = 250,
    LONG_TEXT_LENGTH = 20000,
    DECIMALS = 2,
    DECIMALS_MAX = 6,
    KEEP_MAX = 100
};

static void read_length(struct reader *, const struct node *, struct field *);
static void read_number(struct reader *, const struct node *, struct field *);
static void read_scaled_number(struct reader *, const struct node *, struct field *);
static void read_flag(struct reader *, const struct node *, struct field *);
static void read_choices(struct reader *, const struct node *, struct field *);
static void read_quantity(struct reader *, const struct node *, struct field *);
static void read_list(struct reader *, const struct node *, struct field *);

static void read_reference(struct reader *, const struct node *, struct field *);
static void read_files(struct reader *, const struct node *, struct field *);

static const struct {
    const char *key;
    const char *keys[6]; /* that the field's map takes besides the common ones */
    void (*read)(struct reader *, const struct node *, struct field *); /* the rest, or NULL */
} kinds[KIND__COUNT] = {
    [KIND_TEXT] = {"text", {"max_length"}, read_length},
    [KIND_LONG_TEXT] = {"long_text", {"max_length"}, read_length},
    [KIND_INTEGER] = {"integer", {"min", "max", "default"}, read_number},
    [KIND_DECIMAL] = {"decimal", {"decimals", "min", "max", "default"}, read_scaled_number},
    [KIND_DATE] = {"date", {NULL}, NULL},
    [KIND_TIME] = {"time", {NULL}, NULL},
    [KIND_BOOLEAN] = {"boolean", {"default"}, read_flag},
    [KIND_CHOICE] = {"choice", {"choices", "default"}, read_choices},
    [KIND_UNIT] = {"unit", {NULL}, NULL},
    [KIND_PERSON] = {"person", {NULL}, NULL},
    [KIND_REFERENCE] = {"reference", {"register"}, read_reference},
    [KIND_FILES] = {"files", {NULL}, read_files},
    [KIND_QUANTITY] = {"quantity", {"units", "decimals", "min", "max", "default"}, read_quantity},
    [KIND_LIST] = {"list", {"fields"}, read_list},
};

static const char *const common_keys[] = {"kind", "label", "required", "open_after_lock", "private",
    "personal"};

/* Keys that no field may have. */
static const struct {
    const char *key;
    const char *why;
} reserved[] = {
    {"shard", "cột chung của mọi sổ"},
    {"id", "cột chung của mọi sổ"},
    {"row", "cột chung của mọi sổ"},
    {"state", "cột chung của mọi sổ"},
    {"unit", "cột chung của mọi sổ"},
    {"version", "cột chung của mọi sổ"},
    {"code", "cột chung của mọi sổ"},
    {"register", "cột chung của mọi sổ"},
    {"visibility", "cột chung của mọi sổ"},
    {"created_at", "cột chung của mọi sổ"},
    {"created_by", "cột chung của mọi sổ"},
    {"updated_at", "cột chung của mọi sổ"},
    {"and", "từ của điều kiện"},
    {"or", "từ của điều kiện"},
    {"not", "từ của điều kiện"},
    {"in", "từ của điều kiện"},
    {"is", "từ của điều kiện"},
    {"null", "từ của điều kiện"},
    {"true", "từ của điều kiện"},
    {"false", "từ của điều kiện"},
    {"records", "từ của “count”"},
    {CUT_MEASURE, "tên của cách chia theo đơn vị tính"},
    {CUT_FLOW, "tên của cách chia tăng, giảm"},
    {"directives", "cột chung của mọi sổ"},
    {"origin", "cột chung của mọi sổ"},
};

const char *
kind_key(enum kind kind)
{
    return kinds[kind].key;
}

static void
read_length(struct reader *rd, const struct node *node, struct field *field)
{
    int64_t length = field->kind == KIND_TEXT ? TEXT_LENGTH : LONG_TEXT_LENGTH;
    read_integer(rd, node, "max_length", 1, LONG_TEXT_LENGTH, &length);
    field->max_length = (int)length;
}

static void
read_number(struct reader *rd, const struct node *node, struct field *field)
{
    field->has_default = node_get(node, "default") != NULL;
    read_scaled(rd, node, "min", field->decimals, &field->min);
    read_scaled(rd, node, "max", field->decimals, &field->max);
    if (field->min > field->max)
        read_refuse(rd, node_get(node, "min")->place, "“min” phải không lớn hơn “max”");
    int faults = rd->cx->faults.count;
    read_scaled(rd, node, "default", field->decimals, &field->default_value);
    bool is_within = field->default_value >= field->min && field->default_value <= field->max;
    if (field->has_default && faults == rd->cx->faults.count && !is_within)
        read_refuse(rd, node_get(node, "default")->place,
            "“default”: chờ một số trong khoảng “min” đến “max”, gặp “%s”",
            node_get(node, "default")->text);
}

static void
read_scaled_number(struct reader *rd, const struct node *node, struct field *field)
{
    int64_t decimals = DECIMALS;
    read_integer(rd, node, "decimals", 1, DECIMALS_MAX, &decimals);
    field->decimals = (int)decimals;
    read_number(rd, node, field);
}

static void
read_flag(struct reader *rd, const struct node *node, struct field *field)
{
    bool value = false;
    field->has_default = node_get(node, "default") != NULL;
    read_bool(rd, node, "default", &value);
    field->default_value = value;
}

static void
read_choices(struct reader *rd, const struct node *node, struct field *field)
{
    const struct node *choices = read_member(rd, node, "choices");
    const struct node *preset = node_get(node, "default");
    if (choices == NULL || !read_items(rd, choices, NODE_MAP))
        return;
    field->choices = ARENA_ARRAY(rd->cx->arena, struct choice, (size_t)choices->count);
    for (int i = 0; i < choices->count; i++) {
        struct choice *choice = &field->choices[field->choice_count++];
        choice->key = choices->items[i].key;
        read_key(rd, choice->key, choices->items[i].key_place);
        read_label_of(rd, &choices->items[i], &choice->label);
    }
    if (preset == NULL)
        return;
    field->has_default = true;
    field->default_value = preset->type == NODE_TEXT ? choice_find(field, preset->text) : -1;
    if (field->default_value < 0)
        read_refuse_value(rd, preset,
            arena_printf(rd->cx->arena, "một trong: %s",
                read_choice_names(rd->cx->arena, field->choices, field->choice_count)));
}

static const struct measure *
measure_find(const struct reader *rd, const char *key)
{
    for (int i = rd->measure_first; i < rd->model->measure_count; i++)
        if (strcmp(rd->model->measures[i].key, key) == 0)
            return &rd->model->measures[i];
    return NULL;
}

static const char *
names_of_measures(struct reader *rd)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = rd->measure_first; i < rd->model->measure_count; i++)
        read_add_name(&names, rd->model->measures[i].key);
    return buf_string(&names);
}

/* The unit of measure that a node names. A pack that lists none takes any key, with the key as its
 * label. */
static const struct measure *
measure_named(struct reader *rd, const struct node *node)
{
    const struct measure *known = measure_find(rd, node->text);
    if (known != NULL)
        return known;
    if (rd->measures_declared) {
        read_refuse(rd, node->place, "không có đơn vị tính “%s”; có: %s",
            read_shown(rd->cx->arena, node->text), names_of_measures(rd));
        return NULL;
    }
    if (read_key(rd, node->text, node->place) == NULL)
        return NULL;
    if (rd->model->measure_count - rd->measure_first == MEASURES_MAX) {
        read_refuse(rd, node->place, "gói có quá %d đơn vị tính", MEASURES_MAX);
        return NULL;
    }
    struct measure *measure = &rd->model->measures[rd->model->measure_count++];
    char *label = arena_strdup(rd->cx->arena, node->text);
    for (char *p = label; *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
    *measure = (struct measure){node->text, {label, label}};
    return measure;
}

static void
read_units(struct reader *rd, const struct node *node, struct field *field)
{
    const struct node *names;
    int count = read_names(rd, node, &names);
    field->measures = ARENA_ARRAY(rd->cx->arena, const struct measure *, (size_t)count);
    for (int i = 0; i < count; i++) {
        const struct measure *measure = measure_named(rd, &names[i]);
        for (int j = 0; j < field->measure_count; j++)
            if (field->measures[j] == measure) {
                read_refuse(rd, names[i].place, "đơn vị tính “%s” bị lặp", names[i].text);
                measure = NULL;
                break;
            }
        if (measure != NULL)
            field->measures[field->measure_count++] = measure;
    }
}

static void
read_quantity(struct reader *rd, const struct node *node, struct field *field)
{
    int64_t decimals = 0;
    const struct node *units = read_member(rd, node, "units");
    if (units != NULL)
        read_units(rd, units, field);
    read_integer(rd, node, "decimals", 0, DECIMALS_MAX, &decimals);
    field->decimals = (int)decimals;
    read_number(rd, node, field);
}

static void
read_list(struct reader *rd, const struct node *node, struct field *field)
{
    if (field->list != NULL) {
        read_refuse(rd, node_get(node, "kind")->place,
            "danh sách không được nằm trong danh sách “%s”", field->list->key);
        return;
    }
    const struct node *fields = read_member(rd, node, "fields");
    if (fields != NULL)
        kind_read_fields(rd, fields, field, 0, &field->fields, &field->field_count);
}

/* The register may be in a file that is read later. */
static void
read_reference(struct reader *rd, const struct node *node, struct field *field)
{
    const struct node *named = read_member(rd, node, "register");
    if (named != NULL && named->type == NODE_TEXT && !node_is_nothing(named))
        *ARENA_PUSH(rd->cx->arena, rd->references, rd->reference_count) =
            (struct pending_reference){field, named, rd->pack};
    else if (named != NULL)
        read_refuse_value(rd, named, "khóa của một sổ");
}

void
kind_resolve(struct reader *rd)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < rd->model->register_count; i++)
        read_add_name(&names, rd->model->registers[i].key);
    for (int i = 0; i < rd->reference_count; i++) {
        const struct pending_reference *pending = &rd->references[i];
        const struct reg *target = model_register(rd->model, pending->named->text);
        pending->field->target = target;
        rd->pack = pending->pack;
        if (target != NULL)
            read_check_use(rd, target, pending->named->place);
        else if (!rd->is_partial)
            read_refuse(rd, pending->named->place, "không có sổ “%s”; có: %s",
                read_shown(rd->cx->arena, pending->named->text), buf_string(&names));
    }
}

static void
read_files(struct reader *rd, const struct node *node, struct field *field)
{
    field->max_length = LONG_TEXT_LENGTH;
    if (field->list != NULL)
        read_refuse(rd, node_get(node, "kind")->place,
            "tệp đính kèm không được nằm trong danh sách “%s”; đặt trường files ở sổ",
            field->list->key);
}

bool
kind_takes_others(enum kind kind)
{
    return kind == KIND_DECIMAL || kind == KIND_QUANTITY || kind == KIND_LONG_TEXT;
}

static enum kind
kind_read(struct reader *rd, const struct node *node)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < KIND__COUNT; i++) {
        if (node->type == NODE_TEXT && strcmp(node->text, kinds[i].key) == 0)
            return (enum kind)i;
        read_add_name(&names, kinds[i].key);
    }
    read_refuse_value(rd, node,
        arena_printf(rd->cx->arena, "một trong các kiểu: %s", buf_string(&names)));
    return KIND__COUNT;
}

/* Words that an engine of the store keeps to itself, by the lists of keywords in the manuals of
 * both: a column of that name would have to be quoted by whoever reads the data with SQL. */
static const char *const sql_words[] = {"add", "all", "alter", "analyse", "analyze", "any", "array",
    "as", "asc", "asymmetric", "authorization", "between", "binary", "both", "case", "cast",
    "check", "collate", "collation", "column", "commit", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "delete", "desc", "distinct",
    "do", "drop", "else", "end", "escape", "except", "exists", "fetch", "for", "foreign", "freeze",
    "from", "full", "grant", "group", "having", "if", "ilike", "index", "indexed", "initially",
    "inner", "insert", "intersect", "into", "isnull", "join", "lateral", "leading", "left", "like",
    "limit", "localtime", "localtimestamp", "natural", "nothing", "notnull", "offset", "on", "only",
    "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right",
    "select", "session_user", "set", "similar", "some", "symmetric", "table", "tablesample", "then",
    "to", "trailing", "transaction", "union", "unique", "update", "user", "using", "values",
    "variadic", "verbose", "when", "where", "window", "with"};

static void
check_key(struct reader *rd, const struct field *field)
{
    read_key(rd, field->key, field->place);
    if (strstr(field->key, "__") != NULL)
        read_refuse(rd, field->place,
            "trường “%s” không được có “__”: cột do chương trình đặt tên như vậy; dùng một “_”",
            field->key);
    for (size_t i = 0; i < COUNT_OF(reserved); i++)
        if (strcmp(field->key, reserved[i].key) == 0)
            read_refuse(rd, field->place, "trường không được tên là “%s”: đó là %s; chọn tên khác",
                field->key, reserved[i].why);
    for (size_t i = 0; i < COUNT_OF(sql_words); i++)
        if (strcmp(field->key, sql_words[i]) == 0)
            read_refuse(rd, field->place,
                "trường không được tên là “%s”: đó là từ của SQL; chọn tên khác", field->key);
}

static void
check_keys(struct reader *rd, const struct node *node, enum kind kind)
{
    const char *keys[COUNT_OF(common_keys) + COUNT_OF(kinds[0].keys) + 1] = {NULL};
    size_t count = 0;
    for (; count < COUNT_OF(common_keys); count++)
        keys[count] = common_keys[count];
    for (size_t i = 0; i < COUNT_OF(kinds[0].keys) && kinds[kind].keys[i] != NULL; i++)
        keys[count++] = kinds[kind].keys[i];
    read_closed(rd, node, keys);
}

static void
personal_read(struct reader *rd, const struct node *node, struct field *field)
{
    static const char *const keys[] = {"purpose", "viewers", "keep", NULL};
    struct personal *personal = ARENA_NEW(rd->cx->arena, struct personal);
    int64_t keep = 0;
    if (!read_closed(rd, node, keys))
        return;
    read_label(rd, node, "purpose", &personal->purpose);
    read_label(rd, node, "viewers", &personal->viewers);
    if (read_member(rd, node, "keep") != NULL)
        read_integer(rd, node, "keep", 1, KEEP_MAX, &keep);
    personal->keep = (int)keep;
    field->personal = personal;
}

/* What is kept about a person has a purpose, viewers and an end, or is not kept. */
static void
protection_read(struct reader *rd, const struct node *node, struct field *field)
{
    const struct node *personal = node_get(node, "personal");
    read_bool(rd, node, "private", &field->is_private);
    if (personal != NULL)
        personal_read(rd, personal, field);
    else if (field->is_private || field->kind == KIND_PERSON)
        read_refuse(rd, field->place,
            "trường “%s” nói về một người: thiếu “personal” (purpose, viewers, keep)", field->key);
}

static void
lock_read(struct reader *rd, const struct node *node, struct field *field)
{
    read_bool(rd, node, "open_after_lock", &field->open_after_lock);
    if (field->open_after_lock && field->list != NULL)
        read_refuse(rd, node_get(node, "open_after_lock")->key_place,
            "“open_after_lock” đặt ở danh sách “%s”, không ở cột của nó", field->list->key);
}

/* A field whose kind is not known keeps KIND__COUNT: conditions that name it say nothing more. */
static void
field_read(struct reader *rd, const struct node *node, struct field *field)
{
    field->key = node->key;
    field->label = (struct label){node->key, node->key};
    field->kind = KIND__COUNT;
    field->min = INT64_MIN;
    field->max = INT64_MAX;
    field->place = node->key_place;
    check_key(rd, field);
    if (node->type != NODE_MAP) {
        read_refuse_value(rd, node, "một nhóm “khóa: giá trị” có “kind”");
        return;
    }
    const struct node *kind = read_member(rd, node, "kind");
    if (kind != NULL)
        field->kind = kind_read(rd, kind);
    if (field->kind == KIND__COUNT)
        return;
    check_keys(rd, node, field->kind);
    if (node_get(node, "label") != NULL)
        read_label(rd, node, "label", &field->label);
    read_bool(rd, node, "required", &field->required);
    lock_read(rd, node, field);
    protection_read(rd, node, field);
    if (kinds[field->kind].read != NULL)
        kinds[field->kind].read(rd, node, field);
}

void
kind_read_fields(struct reader *rd, const struct node *node, const struct field *list, int spare,
    struct field **out, int *count)
{
    if (!read_items(rd, node, NODE_MAP))
        return;
    *out = ARENA_ARRAY(rd->cx->arena, struct field, (size_t)(node->count + spare));
    *count = node->count;
    for (int i = 0; i < node->count; i++) {
        (*out)[i].index = i;
        (*out)[i].list = list;
        field_read(rd, &node->items[i], &(*out)[i]);
    }
}
