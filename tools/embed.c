/* Build tool: files into one C source, so that the program is one file.
 *     embed OUT.c NAME ROOT FILE...
 * NAME becomes a `const struct embedded NAME[]` with NAME_count; paths are relative to ROOT. */
#include "base/buf.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct buf
read_file(struct arena *arena, const char *path)
{
    struct buf bytes = buf_new(arena);
    char chunk[65536];
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        exit(1);
    }
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), in)) > 0;)
        buf_add(&bytes, chunk, n);
    fclose(in);
    return bytes;
}

static void
write_bytes(FILE *out, const struct buf *bytes)
{
    for (size_t i = 0; i < bytes->length; i++)
        fprintf(out, "%d,%s", (unsigned char)bytes->bytes[i], i % 24 == 23 ? "\n" : "");
    fputs("0", out);
}

int
main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    static char path[PATH_MAX];
    struct arena *arena = arena_new();
    FILE *out = fopen(argv[1], "w");
    if (out == NULL) {
        perror(argv[1]);
        return 1;
    }
    size_t root = strlen(argv[3]) + 1; /* the source root is absolute, inputs may not be */
    fputs("/* Made by tools/embed.c. */\n#include \"base/embed.h\"\n", out);
    for (int i = 4; i < argc; i++) {
        struct buf bytes = read_file(arena, argv[i]);
        fprintf(out, "static const unsigned char file_%d[] = {\n", i);
        write_bytes(out, &bytes);
        fputs("};\n", out);
    }
    fprintf(out, "const struct embedded %s[] = {\n", argv[2]);
    for (int i = 4; i < argc; i++)
        fprintf(out, "{\"%s\", (const char *)file_%d, sizeof(file_%d) - 1},\n",
            realpath(argv[i], path) + root, i, i);
    fprintf(out, "};\nconst int %s_count = %d;\n", argv[2], argc - 4);
    arena_free(arena);
    return fclose(out) == 0 ? 0 : 1;
}
