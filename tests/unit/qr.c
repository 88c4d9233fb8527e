/* The path of a QR code, drawn again into modules: what a reader looks for first is where the
 * standard has it, and what is in it are the bits of the text. */
#include "web/qr.h"

#include "domain/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 190, MARGIN = 4 }; /* the margin that the standard asks for */

struct picture {
    int side; /* without the margin */
    char dark[MOST][MOST];
};

/* Every run is one module high, lies inside the margin, and on nothing that is dark already. */
static void
draw_again(const struct qr *qr, struct picture *out)
{
    int x, y, n, back, used;
    memset(out, 0, sizeof(*out));
    out->side = qr->side - 2 * MARGIN;
    for (const char *at = qr->path; *at != '\0'; at += used) {
        used = 0;
        assert_int_equal(sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &n, &back, &used), 4);
        assert_true(used > 0 && n > 0 && n == back);
        assert_true(x >= MARGIN && x + n <= qr->side - MARGIN);
        assert_true(y >= MARGIN && y < qr->side - MARGIN);
        for (int i = x - MARGIN; i < x - MARGIN + n; i++) {
            assert_int_equal(out->dark[y - MARGIN][i], 0);
            out->dark[y - MARGIN][i] = 1;
        }
    }
}

/* A square in a ring, with a white line around where the code goes on. */
static void
look_for_finder(const struct picture *p, int left, int top)
{
    for (int y = -1; y <= 7; y++) {
        for (int x = -1; x <= 7; x++) {
            int column = left + x, row = top + y;
            if (column < 0 || row < 0 || column >= p->side || row >= p->side)
                continue;
            bool in_ring =
                x >= 0 && x <= 6 && y >= 0 && y <= 6 && (x == 0 || x == 6 || y == 0 || y == 6);
            bool in_square = x >= 2 && x <= 4 && y >= 2 && y <= 4;
            assert_int_equal(p->dark[row][column], in_ring || in_square);
        }
    }
}

/* The level of correction and the mask: five bits of 15, which also stand below the other finders.
 */
static int
format_of(const struct picture *p)
{
    static const struct {
        int x, y;
    } first[] = {{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}, {7, 8}, {8, 8}, {8, 7}, {8, 5},
        {8, 4}, {8, 3}, {8, 2}, {8, 1}, {8, 0}};
    int bits = 0;
    for (int i = 0; i < 15; i++) {
        int dark = p->dark[first[i].y][first[i].x];
        int again = i < 7 ? p->dark[p->side - 1 - i][8] : p->dark[8][p->side - 15 + i];
        assert_int_equal(dark, again);
        bits = bits << 1 | dark;
    }
    return (bits ^ 0x5412) >> 10;
}

static bool
is_masked(int mask, int x, int y)
{
    switch (mask) {
    case 0:
        return (x + y) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (x + y) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return x * y % 2 + x * y % 3 == 0;
    case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
        return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

/* The first bits of the data, from the corner at the right below, two columns wide, upward: of a
 * small code in one block they are the head and the text. */
static void
read_bytes(const struct picture *p, int mask, unsigned char *bytes, int count)
{
    int bit = 0;
    memset(bytes, 0, (size_t)count);
    for (int y = p->side - 1; y > 8 && bit < count * 8; y--) {
        for (int x = p->side - 1; x >= p->side - 2 && bit < count * 8; x--, bit++)
            bytes[bit / 8] =
                (unsigned char)(bytes[bit / 8] << 1 | (p->dark[y][x] ^ is_masked(mask, x, y)));
    }
}

static void
test_qr__is_what_a_reader_looks_for(void **state)
{
    static const char *const texts[] = {"a", "lan", "otpauth://totp/chithi:lan?secret=x",
        "một câu tiếng Việt có dấu"};
    static struct picture p;
    struct arena *arena = arena_new();
    struct qr qr;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(qr_draw(arena, texts[i], &qr));
        draw_again(&qr, &p);
        assert_true(p.side >= 21 && (p.side - 21) % 4 == 0);
        look_for_finder(&p, 0, 0);
        look_for_finder(&p, p.side - 7, 0);
        look_for_finder(&p, 0, p.side - 7);
        for (int k = 8; k < p.side - 8; k++) {
            assert_int_equal(p.dark[6][k], k % 2 == 0);
            assert_int_equal(p.dark[k][6], k % 2 == 0);
        }
        assert_int_equal(p.dark[p.side - 8][8], 1);
        assert_int_equal(format_of(&p) >> 3, 0); /* level M */
    }
    arena_free(arena);
}

static void
test_qr__holds_the_bytes_of_the_text(void **state)
{
    static const char text[] = "lan";
    static struct picture p;
    struct arena *arena = arena_new();
    unsigned char bytes[3];
    struct qr qr;
    (void)state;
    assert_true(qr_draw(arena, text, &qr));
    draw_again(&qr, &p);
    read_bytes(&p, format_of(&p) & 7, bytes, 3);
    /* bytes follow (4), so many (3), and the text */
    assert_int_equal(bytes[0] >> 4, 4);
    assert_int_equal((bytes[0] & 15) << 4 | bytes[1] >> 4, strlen(text));
    assert_int_equal((bytes[1] & 15) << 4 | bytes[2] >> 4, text[0]);
    arena_free(arena);
}

static void
test_qr__an_authenticator_s_address_fits_and_what_is_longer_than_any_code_does_not(void **state)
{
    struct arena *arena = arena_new();
    char login[61], longest[4000];
    struct qr qr;
    (void)state;
    memset(login, 'w', sizeof(login) - 1);
    login[sizeof(login) - 1] = '\0';
    const char *address = totp_address(arena, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", login);
    assert_true(qr_draw(arena, address, &qr));
    assert_true(qr.side <= 65);
    memset(longest, 'w', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(qr_draw(arena, longest, &qr));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qr__is_what_a_reader_looks_for),
        cmocka_unit_test(test_qr__holds_the_bytes_of_the_text),
        cmocka_unit_test(
            test_qr__an_authenticator_s_address_fits_and_what_is_longer_than_any_code_does_not),
    };
    return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
