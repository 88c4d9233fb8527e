/* What a template is compiled to: a flat array of operations whose names are already split. A
 * section knows where it ends, a partial which template it means. template_parse.c makes it and
 * template_render.c walks it; nobody else looks in. */
#ifndef BASE_TEMPLATE_OPS_H
#define BASE_TEMPLATE_OPS_H

#include "base/map.h"

#include <stdbool.h>
#include <stddef.h>

enum op_kind { OP_TEXT, OP_VALUE, OP_RAW, OP_SECTION, OP_INVERTED, OP_PARTIAL };

struct op {
    enum op_kind kind;
    bool begins_line;               /* OP_TEXT: the indentation of a partial stands before it */
    int end;                        /* sections: the operation after the last one inside */
    int part_count;                 /* 0 is ".", the innermost thing */
    const char **parts;             /* of a dotted name, each a key */
    const char *text;               /* OP_TEXT: in the source; OP_PARTIAL: its indentation */
    size_t length;                  /* of the text */
    const struct template *partial; /* NULL: absent, shows nothing */
};

struct template
{
    const char *name;
    struct op *ops;
    int count;
};

struct template_set {
    struct map *templates; /* by name */
};

#endif
