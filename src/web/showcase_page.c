/* The page of all components, for whoever builds or judges pages; the browser tests look at it in
 * every width. What it shows is made up and touches no data; what
 * is sent to it is forgotten. */
#include "web/routes.h"

struct shown_row {
    const char *code, *name, *unit, *at, *text, *tag, *state;
    int count;
};

static const struct shown_row rows[] = {
    {"1", "Nguyễn Văn An – cam kết quý III", "Chi bộ Khu phố 2", "2 giờ trước",
        "Đọc báo Nhân dân mỗi ngày", "wait", "Chờ duyệt", 3},
    {"2", "Trần Thị Ánh – cam kết quý III về tiết kiệm điện nước và giấy in ở cơ quan",
        "Chi bộ Văn phòng Đảng ủy phường Phú Khương", "hôm qua", "Không in bản nháp", "back",
        "Bị trả lại", 12},
    {"3", "Lê Ân", "Chi bộ Khu phố 1", "05/09/2026", "Giúp một hộ nghèo", "done", "Đã duyệt", 1400},
    {"4", "Phạm Đào", "Chi bộ Khu phố 1", "04/09/2026", "", "draft", "Nháp", 0},
};

static const char *const people[][3] = {{"1", "Nguyễn Văn An", "Bí thư"},
    {"2", "Trần Thị Ánh", "Phó bí thư"}, {"3", "Lê Ân", "Đảng viên"},
    {"4", "Đỗ Thị Bình", "Đảng viên dự bị"}, {"5", "Vũ Dũng", "Đảng viên"},
    {"6", "Phạm Đào", "Đảng viên"}};

static void
add_rows(struct page *page)
{
    struct doc *list = doc_list(page->data, "rows");
    int64_t total = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct doc *row = doc_object(list, NULL);
        doc_text(row, "code", rows[i].code);
        doc_text(row, "name", rows[i].name);
        doc_text(row, "unit", rows[i].unit);
        doc_text(row, "at", rows[i].at);
        doc_text(row, "text", rows[i].text);
        doc_text(row, "tag", rows[i].tag);
        doc_text(row, "state", rows[i].state);
        doc_integer(row, "count", rows[i].count);
        total += rows[i].count;
    }
    doc_integer(page->data, "total", total);
}

static void
add_people(struct page *page)
{
    struct doc *list = doc_list(page->data, "people");
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        struct doc *person = doc_object(list, NULL);
        doc_text(person, "code", people[i][0]);
        doc_text(person, "name", people[i][1]);
        doc_text(person, "post", people[i][2]);
        doc_bool(person, "is_there", i % 2 == 0);
    }
}

enum status
showcase_page_show(struct page *page)
{
    page->template = "showcase";
    page_set_title(page, "Mẫu giao diện");
    page_crumb(page, "/he_thong/mau", page->title);
    add_rows(page);
    add_people(page);
    return OK;
}
