/* All addresses in one table: what is asked, who may, and who answers. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "web/page.h"

/* Who may. Until there are accounts, whoever reaches the loopback address is the operator, and is
 * taken as signed in. */
enum right {
    RIGHT_NONE_NEEDED, /* no data is read */
    RIGHT_PUBLIC,      /* everybody; a handler of its own says what is shown to whom */
    RIGHT_SIGNED_IN,   /* what then is shown, the domain decides (cx->viewer) */
    RIGHT_ADMIN        /* the same for administrators; for others there is no such page */
};

typedef enum status page_handler(struct page *);

struct route {
    const char *method; /* "GET" takes HEAD as well */
    const char *path;   /* '*' stands for a part of the path without '/' */
    enum right right;
    page_handler *handler;
    bool is_slow;     /* hashes a password: never holds up others */
    bool takes_files; /* its form may bring some */
};

extern const struct route routes[];
extern const int routes_count;

/* The route of a request, and what its stars stand for. NULL: none; *allow then lists the methods
 * that the path takes, NULL when it is no path of ours. */
const struct route *route_find(struct arena *, const char *method, const char *path,
    const char **argument, const char **allow);

/* The handlers, by file. */
page_handler home_show;      /* home.c */
page_handler work_page_show; /* work_page.c; by home.c */
page_handler submission_page_show, submission_page_send, submission_page_receive,
    submission_page_return, submission_page_missing, submission_page_remind; /* submission_page.c */
page_handler sheet_page_show, sheet_page_make;                               /* sheet_page.c */
page_handler public_page_show, public_page_publish, public_page_withdraw;    /* public_page.c */
page_handler review_page_show, review_page_steps;                            /* review_page.c */
page_handler unit_page_show;                                                 /* unit_page.c */
page_handler figure_page_show;                                               /* figure_page.c */
page_handler figure_page_table;                                              /* figure_parts.c */
page_handler record_page_show, record_page_move, record_page_void, record_page_reader,
    record_page_file; /* record_page.c */
page_handler record_form_new, record_form_create, record_form_edit,
    record_form_change;              /* record_form.c */
page_handler notification_page_show; /* notification_page.c */
page_handler member_page_show, member_page_add, member_page_person,
    member_page_change; /* member_page.c */
page_handler register_page_show, register_page_steps, register_page_table,
    register_page_filter;                        /* register_page.c */
page_handler report_page_show, report_page_docx; /* report_page.c */
page_handler calendar_page_show;                 /* calendar_page.c */
page_handler directive_page_show;                /* directive_page.c */
page_handler search_page_show;                   /* search_page.c */
page_handler sample_create;                      /* sample.c */
page_handler showcase_page_show;                 /* showcase_page.c */
page_handler text_size_choose;                   /* frame.c */
page_handler language_choose;                    /* language.c */
page_handler sign_in_show, sign_in_do, sign_in_do_code, sign_in_do_set_up, sign_in_out,
    invitation_show, invitation_do; /* sign_in.c */
page_handler account_page_show, account_page_password, account_page_totp, account_page_set_totp,
    account_page_drop_totp, account_page_recovery, account_page_end_session,
    account_page_forget_device, account_page_end_all;               /* account_page.c */
page_handler audit_page_show, audit_page_table;                     /* audit_page.c */
page_handler own_page_show, own_page_contest;                       /* own_page.c */
page_handler admin_page_units, admin_page_roles, admin_page_system; /* admin_page.c */
page_handler admin_unit_page_show, admin_unit_page_form, admin_unit_page_change, admin_merge_show,
    admin_merge_do;                        /* admin_unit_page.c */
page_handler admin_add_show, admin_add_do; /* admin_add_page.c */
page_handler admin_account_page_list, admin_account_page_show,
    admin_account_page_do;                                     /* admin_account_page.c */
page_handler admin_calendar_page_show, admin_calendar_page_do; /* admin_calendar_page.c */
page_handler asset_show;                                       /* asset.c */

/* The address of a file of assets/, with the hash of its content. */
const char *asset_address(struct arena *, const char *name);
const char *asset_address_of(struct arena *, const struct embedded *);

#endif
