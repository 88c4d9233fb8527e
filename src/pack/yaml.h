/* Definition files as trees whose every node knows its line and column. Of YAML only what
 * definitions need: maps, lists and texts. Anchors, tags, tabs and a second document are faults.
 * What the keys mean is not known here.
 *
 * In one thing it is kinder than YAML: in { vi: Kiểm tra, giám sát, en: Inspection } the piece
 * without a colon belongs to the text before it. Vietnamese labels are full of commas. */
#ifndef PACK_YAML_H
#define PACK_YAML_H

#include "base/ctx.h"
#include "pack/model.h"

enum node_type {
    NODE_TEXT,
    NODE_LIST,
    NODE_MAP,
    NODE_END /* closes a list or a map while it is read; in no tree */
};

struct node {
    enum node_type type;
    struct place place;     /* of the first character of the value */
    const char *key;        /* in the map around it; NULL in a list and at the root */
    struct place key_place; /* of the key */
    const char *text;       /* NODE_TEXT */
    char quote;             /* NODE_TEXT: ' or ", | for a block, 0 for a plain one */
    bool is_wrapped;        /* NODE_TEXT: over several lines */
    struct node *items;     /* of a list or a map, in the order of the file */
    int count;
    const char *source; /* text of the whole file */
};

/* Read one file into a tree in the context's arena. ERR_INVALID when there is no tree to go on
 * with; a key that stands twice is a fault too, but the tree, with the first of them, is given. */
MUST_CHECK enum status yaml_read(struct ctx *, const char *path, const char *text,
    const struct node **out);

/* The member of a map, or NULL. */
const struct node *node_get(const struct node *map, const char *key);
/* Written with nothing after the key, or as null. */
bool node_is_nothing(const struct node *);
/* Where to point when something is missing in a node: at its key, or else at its beginning. */
struct place node_head(const struct node *);
/* Where the character `offset` (from 0) of a text stands in the file; the beginning of the text
 * when it runs over several lines. */
struct place node_place(const struct node *, int offset);

/* The place as a fault wants it. */
struct fault place_fault(struct place);

#endif
