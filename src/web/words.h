/* Definitions in words: how an indicator is counted, for people who do not read its pack. */
#ifndef WEB_WORDS_H
#define WEB_WORDS_H

#include "base/buf.h"
#include "domain/world.h"
#include "pack/expr.h"

/* "cấp xã": the levels of the administrative tree by the keys of the lists; others as they are. */
const char *words_level(const struct ctx *, const char *level);
/* "cộng Số lượng của từng dòng Đối tượng" */
const char *words_counted(const struct ctx *, const struct indicator *);
/* What a ratio or a change is made of: a label of an indicator, "số đơn vị: chi bộ". */
const char *words_base(const struct ctx *, const struct base *);
/* "Đã kết luận, Đã lưu hồ sơ": the states in which a record counts. */
const char *words_states(const struct ctx *, const struct indicator *);
/* "Loại là một trong: Kiểm tra chấp hành, …; và Đối tượng – Kiểu là Tổ chức đảng" */
const char *words_condition(const struct ctx *, const struct expr *);

#endif
