/* Deciding: what waits for the one who is signed in, register by register, several at once; and
 * what was returned. */
#include "web/routes.h"

#include "domain/inbox.h"
#include "domain/rights.h"
#include "web/listing.h"

#include <string.h>

/* The steps of a kind that can be taken of any of the records: those that return or those that do
 * not. */
static void
add_steps(struct page *page, struct doc *list, const struct inbox_part *part, bool returns)
{
    for (int i = 0; i < part->reg->transition_count; i++) {
        const struct transition *step = &part->reg->transitions[i];
        bool is_possible = false;
        for (int r = 0; r < part->count && !is_possible && step->returns == returns; r++)
            is_possible = reg_transition(part->reg, part->records[r]->state, step->key) == step &&
                may_step(page->cx, step, part->records[r]);
        if (!is_possible)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "verb", step->key);
        doc_text(object, "label", label_text(page->cx, &step->label));
        doc_bool(object, "is_first", list->first == object);
    }
}

static enum status
add_part(struct page *page, struct doc *list, const struct inbox_part *part)
{
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "register", part->reg->key);
    doc_text(object, "label", label_text(page->cx, &part->reg->label));
    doc_integer(object, "count", part->count);
    doc_bool(object, "more", part->more);
    TRY(listing_doc(doc_list(object, "records"), page, part->records, part->count, NULL));
    add_steps(page, doc_list(object, "steps"), part, false);
    struct doc *returns = doc_list(object, "returns");
    add_steps(page, returns, part, true);
    doc_bool(object, "can_return", returns->first != NULL);
    return OK;
}

enum status
review_page_show(struct page *page)
{
    struct inbox_part *parts;
    struct record **returned;
    int count, returned_count, total = 0;
    bool shows_returned = page_param(page, "tra_lai") != NULL;
    TRY(inbox_waiting(page->cx, &parts, &count));
    TRY(inbox_returned(page->cx, &returned, &returned_count));
    page->template = "review";
    page_set_title(page, "Duyệt");
    struct doc *list = doc_list(page->data, "parts");
    for (int i = 0; i < count; i++) {
        total += parts[i].count;
        if (!shows_returned)
            TRY(add_part(page, list, &parts[i]));
    }
    doc_integer(page->data, "waiting_count", total);
    doc_integer(page->data, "returned_count", returned_count);
    doc_bool(page->data, "shows_returned", shows_returned);
    TRY(listing_doc(doc_list(page->data, "returned"), page, returned,
        shows_returned ? returned_count : 0, NULL));
    doc_bool(page->data, "is_empty", shows_returned ? returned_count == 0 : total == 0);
    listing_outcome(page);
    return OK;
}

enum status
review_page_steps(struct page *page)
{
    return listing_take_steps(page, "/duyet");
}
