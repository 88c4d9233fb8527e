/* Planted defects: each kind of check proves that it can fail. In a build with -Dplant=true a test
 * names one defect and the program then has it; in any other build PLANTED is a constant 0. */
#ifndef BASE_PLANT_H
#define BASE_PLANT_H

#ifdef CHITHI_PLANT
#include <string.h>
extern const char *plant_name; /* of the defect that is in force, "" for none */
#define PLANTED(name) (strcmp(plant_name, name) == 0)
/* Take the name from CHITHI_PLANT: for tests of the program as a whole. */
void plant_from_environment(void);
#else
#define PLANTED(name)            0
#define plant_from_environment() ((void)0)
#endif

#endif
