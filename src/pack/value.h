/* The values of a record in memory, in the shape that its register gives them. */
#ifndef PACK_VALUE_H
#define PACK_VALUE_H

#include "pack/model.h"

/* One field's value. Which members hold follows from the field's kind. */
struct value {
    bool is_null;
    int64_t number;   /* integer, day, 0 or 1, choice's index, unit's id, scaled quantity */
    const char *text; /* text and long text */
    int measure;      /* quantity: index in the field's measures */
    int word;         /* quantity: the published word (base/number.h), 0 exact */
    struct row *rows; /* list; NULL and 0 when empty */
    int row_count;
};

/* One row of a list, or the fields of a record: values by field index. */
struct row {
    struct value *values;
};

#endif
