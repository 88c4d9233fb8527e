/* Notifications: what others did that concerns whoever asks, the newest first. As a page it counts
 * as seen; as JSON, which pages ask by themselves, it does not. */
#include "web/routes.h"

#include "domain/notification.h"
#include "domain/session.h"
#include "web/listing.h"
#include "web/visitor.h"

static const char *
report_href(struct arena *arena, const struct notification *item)
{
    if (item->period == NULL)
        return NULL;
    return arena_printf(arena, "/nop?dv=%s&ky=%s", unit_code(arena, item->unit, item->period->to),
        item->period->key);
}

static void
add_report(struct doc *object, const struct ctx *cx, const struct notification *item)
{
    struct arena *arena = object->arena;
    bool is_returned = item->state == SUBMISSION_RETURNED;
    doc_text(object, "kind_label",
        is_returned ? tr(cx, "Báo cáo bị trả lại") : tr(cx, "Báo cáo đã được nhận"));
    doc_text(object, "tag", submission_state_tag(item->state));
    doc_text(object, "title",
        item->period == NULL ? tr(cx, "Báo cáo") : period_name(cx, item->period));
    doc_text(object, "href", report_href(arena, item));
}

static void
add_record(struct doc *object, const struct ctx *cx, const struct notification *item)
{
    const struct record *record = item->record;
    doc_printf(object, "kind_label", tr(cx, "Hồ sơ: %s"), record_state_label(cx, record));
    doc_text(object, "tag", listing_tag(record));
    doc_printf(object, "title", "%s %s", label_text(cx, &record->reg->label), record->code);
    doc_printf(object, "href", "/hs/%s", record->code);
}

static void
add_item(struct page *page, struct doc *list, const struct notification *item)
{
    const struct world *world = page->cx->world;
    struct doc *object = doc_object(list, NULL);
    bool has_text = true;
    switch (item->kind) {
    case NOTIFICATION_REMINDER:
        doc_text(object, "kind_label", tr(page->cx, "Đôn đốc"));
        doc_text(object, "tag", "wait");
        doc_text(object, "title", item->text);
        doc_text(object, "href", report_href(page->cx->arena, item));
        has_text = false;
        break;
    case NOTIFICATION_REPORT:
        add_report(object, page->cx, item);
        break;
    case NOTIFICATION_RECORD:
        add_record(object, page->cx, item);
        break;
    case NOTIFICATION_SESSION:
        doc_text(object, "kind_label", tr(page->cx, "Đăng nhập mới"));
        doc_text(object, "tag", "info");
        doc_text(object, "title", item->text);
        doc_text(object, "href", "/tai_khoan");
        has_text = false;
        break;
    }
    doc_text(object, "text", has_text ? item->text : NULL);
    doc_text(object, "who", item->who);
    doc_text(object, "unit",
        item->unit == NULL ? NULL : unit_named(item->unit, world->today)->name);
    doc_time(object, "at", item->at, world->zone_offset);
    doc_bool(object, "is_new", item->is_new);
}

enum status
notification_page_show(struct page *page)
{
    struct notification *items;
    int count, unread = 0;
    if (page->visitor.session == NULL)
        return visitor_no_accounts(page);
    TRY(notification_list(page->cx, page->visitor.session->digest, &items, &count));
    page->template = "notifications";
    page_set_title(page, "Thông báo");
    struct doc *list = doc_list(page->data, "notifications");
    for (int i = 0; i < count; i++) {
        add_item(page, list, &items[i]);
        unread += items[i].is_new;
    }
    doc_integer(page->data, "unread", unread);
    doc_bool(page->data, "has_notifications", count > 0);
    return unread > 0 && !page->is_json ? notification_seen(page->cx) : OK;
}
