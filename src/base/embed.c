/* Looking up the files of the program. */
#include "base/embed.h"

#include <string.h>

const struct embedded *
embed_find(const char *path)
{
    for (int i = 0; i < resources_count; i++) {
        if (strcmp(resources[i].path, path) == 0)
            return &resources[i];
    }
    return NULL;
}
