#include "abbreviations.h"

#include <stdlib.h>

/* Each sorted by bytes: they are searched by halving. */
static const char *const titles[] = {
    "Adm", "Amb",  "Brig", "Capt", "Cmdr", "Col",  "Cols", "Cpl", "Cpt", "Dr",   "Drs",
    "Ft",  "Gen",  "Gens", "Gov",  "Govs", "Hon",  "Insp", "Lt",  "Lts", "Maj",  "Messrs",
    "Mr",  "Mrs",  "Ms",   "Msgr", "Mt",   "Pres", "Prof", "Pvt", "Rep", "Reps", "Rev",
    "Sen", "Sens", "Sgt",  "Spc",  "St",   "Ste",  "Supt", "al",  "e.g", "i.e",  "vs",
};
static const char *const words[] = {
    "Ala",  "Apr",  "Ariz", "Ark",  "Aug",  "Ave",  "Bhd",  "Blvd", "Bros", "Calif", "Co",
    "Colo", "Conn", "Corp", "Cos",  "Dec",  "Del",  "Dept", "Esq",  "Etc",  "Feb",   "Fla",
    "Fri",  "Ga",   "Ill",  "Inc",  "Ind",  "Intl", "Jan",  "Jr",   "Jul",  "Jun",   "Kan",
    "Ky",   "La",   "Ltd",  "Mar",  "Mass", "Md",   "Mfg",  "Mich", "Minn", "Miss",  "Mo",
    "Mon",  "Mont", "Neb",  "Nev",  "Nov",  "Oct",  "Okla", "Ont",  "Ore",  "Pa",    "Ph.D",
    "Prov", "Pte",  "Pty",  "Que",  "Rd",   "Sat",  "Sep",  "Sept", "Sr",   "Sun",   "Tenn",
    "Tex",  "Thu",  "Tue",  "Univ", "Va",   "Vt",   "Wash", "Wed",  "Wis",  "Wyo",   "approx",
    "dept", "est",  "etc",  "ft",   "hrs",  "lbs",  "mins", "mph",  "oz",   "yds",
};
static const char *const numbers[] = {
    "Art", "Fig", "No", "Nos", "Op", "Vol", "no", "nos", "pp",
};
static const char *const starters[] = {
    "A",       "About",  "After",   "All",   "Also",  "Although",  "An",   "And",       "Another",
    "As",      "At",     "Before",  "But",   "By",    "During",    "Each", "Earlier",   "For",
    "Four",    "From",   "He",      "Her",   "Here",  "His",       "How",  "However",   "I",
    "If",      "In",     "It",      "Its",   "Last",  "Later",     "Many", "Meanwhile", "Most",
    "My",      "No",     "Not",     "Now",   "Of",    "Officials", "On",   "One",       "Other",
    "Our",     "Police", "Several", "She",   "Since", "So",        "Some", "Such",      "That",
    "The",     "Their",  "Then",    "There", "These", "They",      "This", "Those",     "Three",
    "Through", "To",     "Two",     "Under", "Until", "We",        "What", "When",      "Where",
    "Which",   "While",  "Who",     "With",  "You",
};

static int compare(const void *key, const void *element)
{
    const struct wd_slice *word = key;
    const char *entry = *(const char *const *)element;
    size_t len = strlen(entry);
    int order = memcmp(word->data, entry, word->len < len ? word->len : len);
    if (order != 0)
        return order;
    return word->len < len ? -1 : word->len > len;
}

static bool holds(const char *const *list, size_t count, struct wd_slice word)
{
    return word.len > 0 && bsearch(&word, list, count, sizeof(*list), compare) != NULL;
}

#define HOLDS(list, word) holds(list, sizeof(list) / sizeof((list)[0]), word)

enum wd_abbreviation wd_abbreviation_of(struct wd_slice word)
{
    if (HOLDS(titles, word))
        return WD_ABBREVIATION_TITLE;
    if (HOLDS(words, word))
        return WD_ABBREVIATION_WORD;
    return HOLDS(numbers, word) ? WD_ABBREVIATION_NUMBER : WD_ABBREVIATION_NONE;
}

bool wd_abbreviation_may_end(struct wd_slice token)
{
    struct wd_slice word = wd_slice_make(token.data, token.len - 1);
    bool initial = word.len == 1;
    return !initial && !HOLDS(titles, word) && !HOLDS(numbers, word);
}

bool wd_abbreviation_starter(struct wd_slice word)
{
    return HOLDS(starters, word);
}
