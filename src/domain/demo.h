/* The demo data of the pack: the calendar, places, simulated party bodies, simulated records, and
 * the declarations that published texts made. */
#ifndef DOMAIN_DEMO_H
#define DOMAIN_DEMO_H

#include "domain/world.h"

/* Load it into a database that has the pack. Again: nothing is doubled. */
MUST_CHECK enum status demo_load(struct ctx *);

#endif
