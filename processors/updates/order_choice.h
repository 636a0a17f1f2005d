/* order_choice.h - which transmissions an order is about, where it says that another one stands.
 *
 * Why:    a telex that went out twice, or a lead that was wrong, is killed by its number: "Kill BC-X, W0130. It duplicates W0101,
 *         which stands". All of them are one story, and who took W0101 must not lose it.
 * Owns:   the numbers lie in the story's arena.
 * Thread: its lane; no state.
 * Limits: WD_CHOICE_NUMBERS_MAX numbers; copy of WD_CHOICE_BYTES_MAX bytes. Numbers of telexes alone: ids name what they are about.
 * Source: kills of North American wires by number, of German agencies by "exa 0230". */
#ifndef WD_ORDER_CHOICE_H
#define WD_ORDER_CHOICE_H

#include "story.h"

enum { WD_CHOICE_NUMBERS_MAX = 8, WD_CHOICE_BYTES_MAX = 1200 };

struct wd_order_choice {
    struct wd_slice numbers; /* "W0130 W0131"; "" where the order is about all that it concerns */
    bool twice;              /* they are the copy that stands, sent again */
};

/* What an order to stop chooses: nothing, unless it names one number to be stopped and says of another, or of the story (flag
 * story_spared), that it stands. */
enum wd_status wd_order_choice_read(const struct wd_story *story,
                                    struct wd_order_choice *choice) WD_MUST_CHECK;
/* The one number that an order of a telex names, "" when it names none or several, or a slug. */
enum wd_status wd_order_one_number(const struct wd_story *story,
                                   struct wd_slice *number) WD_MUST_CHECK;
/* The number of the telex that the story is, as orders name it: "W0130", "exa0230"; "" when it is none. */
struct wd_slice wd_order_number_of(const struct wd_story *story);
/* Whether the id (story_uri.h, of a transmission) is of one of the numbers. */
bool wd_order_choice_has(struct wd_slice numbers, struct wd_slice id);

#endif
