/* The program: src/cli knows the commands. */
#include "base/plant.h"
#include "cli/cli_main.h"

int
main(int argc, char **argv)
{
    plant_from_environment();
    return cli_main(argc, argv);
}
