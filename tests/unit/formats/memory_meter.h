/* memory_meter.h - what the program under test takes from the system, to the byte.
 *
 * Why:    "not more than twenty times the input" is about everything: arenas, buffers, libxml2's parser, ICU's converters.
 * Owns:   nothing. Blocks taken before the start are not counted when they are freed later: call start when all is quiet.
 * Thread: one. The linker sends malloc and its kin here (--wrap); libraries are asked to use the same. */
#ifndef WD_MEMORY_METER_H
#define WD_MEMORY_METER_H

#include <stddef.h>

/* First of all things in main: libraries take what they are given then. */
void memory_meter_install(void);
/* Counts from here on. */
void memory_meter_start(void);
/* The most that was held at one time since the start. */
size_t memory_meter_peak(void);

#endif
