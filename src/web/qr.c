/* libqrencode makes the modules; what is drawn is the runs of dark ones, row by row. */
#include "web/qr.h"

#include "base/buf.h"

#include <qrencode.h>

static bool
is_dark(const QRcode *code, int x, int y)
{
    return x < code->width && (code->data[y * code->width + x] & 1) != 0;
}

static void
draw_row(struct buf *path, const QRcode *code, int y)
{
    int from = 0;
    while (from < code->width) {
        int to = from;
        while (is_dark(code, to, y))
            to++;
        if (to > from)
            buf_printf(path, "M%d %dh%dv1h-%dz", from + QR_MARGIN, y + QR_MARGIN, to - from,
                to - from);
        from = to + 1;
    }
}

bool
qr_draw(struct arena *arena, const char *text, struct qr *out)
{
    struct buf path = buf_new(arena);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    for (int y = 0; y < code->width; y++)
        draw_row(&path, code, y);
    *out = (struct qr){.side = code->width + 2 * QR_MARGIN, .path = buf_string(&path)};
    QRcode_free(code);
    return true;
}
