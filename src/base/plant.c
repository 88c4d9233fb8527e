/* The defect that a test has planted. */
#include "base/plant.h"

#ifdef CHITHI_PLANT
#include <stdlib.h>

const char *plant_name = "";

void
plant_from_environment(void)
{
    const char *name = getenv("CHITHI_PLANT");
    plant_name = name == NULL ? "" : name;
}
#else
typedef int plant_nothing; /* a translation unit must not be empty */
#endif
