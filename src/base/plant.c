/* The defect that a test has planted. */
#include "base/plant.h"

#ifdef CHITHI_PLANT
const char *plant_name = "";
#else
typedef int plant_nothing; /* a translation unit must not be empty */
#endif
