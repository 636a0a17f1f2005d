#include "spared_story.h"

#include "keyline.h"
#include "notice.h"
#include "says_stands.h"
#include "telex.h"
#include "wire_words.h"

enum {
    JOINED_WORDS = 3, /* "and | its main | story" */
    OWNED_WORDS = 3,  /* "the story's | main front-page | photo" */
    SLUG_BYTES_MIN = 4,
    COMPOUND_BYTES = 3, /* before a piece in one word with it: "Meldungs|foto" */
};

/* What was before a story: sent by itself. */
static const char *const alerts[] = {"alert", "alerts", "newsalert",  "flash",
                                     "snap",  "alerte", "eilmeldung", NULL};
/* What goes with a story, or is in it. */
static const char *const pieces[] = {"box",
                                     "boxes",
                                     "sidebar",
                                     "sidebars",
                                     "factbox",
                                     "glance",
                                     "photo",
                                     "photos",
                                     "photograph",
                                     "picture",
                                     "pictures",
                                     "image",
                                     "images",
                                     "graphic",
                                     "graphics",
                                     "infographic",
                                     "infographics",
                                     "interactive",
                                     "video",
                                     "videos",
                                     "audio",
                                     "soundbite",
                                     "map",
                                     "maps",
                                     "chart",
                                     "charts",
                                     "table",
                                     "tables",
                                     "agate",
                                     "timeline",
                                     "caption",
                                     "headline",
                                     "word",
                                     "words",
                                     "line",
                                     "lines",
                                     "satz",
                                     "zeile",
                                     "zeilen",
                                     "wort",
                                     "\u00FCberschrift",
                                     "\u00DCberschrift",
                                     "phrase",
                                     "frase",
                                     "mot",
                                     "mots",
                                     "palabra",
                                     "palabras",
                                     "parola",
                                     "parole",
                                     "palavra",
                                     "palavras",
                                     "p\u00E1rrafo",
                                     "paragraphe",
                                     "paragrafo",
                                     "par\u00E1grafo",
                                     "alinea",
                                     "zin",
                                     "woord",
                                     "captions",
                                     "cutline",
                                     "illustration",
                                     "cartoon",
                                     "byline",
                                     "graf",
                                     "grafs",
                                     "paragraph",
                                     "paragraphs",
                                     "sentence",
                                     "quote",
                                     "infobox",
                                     "kasten",
                                     "infokasten",
                                     "faktenkasten",
                                     "grafik",
                                     "grafiken",
                                     "infografik",
                                     "foto",
                                     "fotos",
                                     "bild",
                                     "bilder",
                                     "karte",
                                     "tabelle",
                                     "zeitleiste",
                                     "chronologie",
                                     "stichwort",
                                     "bildunterschrift",
                                     "absatz",
                                     "zitat",
                                     "infographie",
                                     "infographies",
                                     "graphique",
                                     "graphiques",
                                     "encadr\u00E9",
                                     "encadr\u00E9s",
                                     "vid\u00E9o",
                                     "vid\u00E9os",
                                     "carte",
                                     "tableau",
                                     "l\u00E9gende",
                                     "fotograf\u00EDa",
                                     "fotograf\u00EDas",
                                     "imagen",
                                     "im\u00E1genes",
                                     "gr\u00E1fico",
                                     "gr\u00E1ficos",
                                     "infograf\u00EDa",
                                     "infograf\u00EDas",
                                     "v\u00EDdeo",
                                     "v\u00EDdeos",
                                     "recuadro",
                                     "despiece",
                                     "mapa",
                                     "tabla",
                                     "cronolog\u00EDa",
                                     "fotografia",
                                     "immagine",
                                     "immagini",
                                     "grafico",
                                     "grafici",
                                     "infografica",
                                     "scheda",
                                     "tabella",
                                     "cartina",
                                     "riquadro",
                                     "didascalia",
                                     "imagem",
                                     "imagens",
                                     "infografia",
                                     "infogr\u00E1fico",
                                     "caixa",
                                     "tabela",
                                     "cronologia",
                                     "afbeelding",
                                     "afbeeldingen",
                                     "grafiek",
                                     "kader",
                                     "kaderstuk",
                                     "kaart",
                                     "tabel",
                                     "tijdlijn",
                                     NULL};
/* As the end of a word that others begin. */
static const char *const compound_pieces[] = {"foto",     "fotos", "bild",   "bilder", "grafik",
                                              "grafiken", "video", "videos", NULL};
static const char *const joins[] = {"and",  "or",   "nor", "plus", "und", "sowie",
                                    "oder", "noch", "et",  "ni",   "ou",  "y",
                                    "e",    "o",    "ed",  "en",   NULL};
/* In a sentence that orders something to go. */
static const char *const orders[] = {"kill",
                                     "eliminat",
                                     "withhold",
                                     "hold ",
                                     "disregard",
                                     "remove",
                                     "delete",
                                     "pull ",
                                     "take down",
                                     "do not use",
                                     "not be used",
                                     "do not publish",
                                     "longer be used",
                                     "withdraw",
                                     "retract",
                                     "spike",
                                     "ignore",
                                     "zur\u00FCckgezogen",
                                     "zurueckgezogen",
                                     "nicht verwenden",
                                     "nicht mehr verwenden",
                                     "verwenden sie",
                                     "benutzen sie",
                                     "storn",
                                     "streichen",
                                     "entf\u00E4llt",
                                     "supprim",
                                     "annul",
                                     "retir",
                                     "pas utiliser",
                                     "pas publier",
                                     "anul",
                                     "elimin",
                                     "no utiliz",
                                     "no utilic",
                                     "no publi",
                                     "n\u00E3o utiliz",
                                     "n\u00E3o publi",
                                     "non utilizz",
                                     "non pubblic",
                                     "ritir",
                                     "niet te gebruiken",
                                     "niet gebruiken",
                                     "geannuleerd",
                                     "ingetrokken",
                                     "verwijder",
                                     NULL};

/* What a sentence speaks of. */
enum subject { NOTHING, PIECE, STORY };

/* Behind "l'" and "d'", before "'s". */
static struct wd_slice bare_word(struct wd_slice word)
{
    static const struct wd_slice curly = WD_SLICE("\u2019");
    for (size_t i = 0; i < word.len; i++) {
        struct wd_slice rest = wd_slice_from_offset(word, i);
        size_t len = word.data[i] == '\'' ? 1 : wd_slice_starts(rest, curly) ? curly.len : 0;
        if (len > 0)
            return i == 1 ? wd_slice_from_offset(rest, len) : wd_slice_make(word.data, i);
    }
    return word;
}

static bool is_piece(struct wd_slice word)
{
    bool piece = wd_text_equal_any(word, pieces) || wd_text_equal_any(word, alerts);
    for (size_t i = 0; compound_pieces[i] && !piece; i++) {
        struct wd_slice end = wd_slice_from(compound_pieces[i]);
        piece = word.len >= end.len + COMPOUND_BYTES &&
                wd_text_equal_ascii_case(wd_slice_from_offset(word, word.len - end.len), end);
    }
    return piece;
}

bool wd_spared_is_piece(struct wd_slice word)
{
    return is_piece(bare_word(word));
}

static struct wd_slice token_of(struct wd_slice sentence, const struct wd_token *token)
{
    return wd_slice_make(sentence.data + token->begin, token->end - token->begin);
}

/* "the BC-EP--Ferry Fire | photo": a word in small letters right behind one of the slug's. */
static bool is_behind_slug(struct wd_slice before, struct wd_slice piece)
{
    size_t at = before.len;
    if (at < 2 || before.data[at - 1] != ' ')
        return false;
    for (at--; at > 0 && before.data[at - 1] != ' ' && before.data[at - 1] != '-';)
        at--;
    return before.data[at] >= 'A' && before.data[at] <= 'Z' && piece.data[0] >= 'a' &&
           piece.data[0] <= 'z';
}

/* "BC-XX--Ferry Fire", "Ferry Fire-Box": what has a slug or a quote in front of what it names is about that. */
static bool names_another(struct wd_slice before)
{
    static const char *const marks[] = {"--",     "BC-",    "slug",   "\"",
                                        "\u201C", "\u201E", "\u00AB", NULL};
    return wd_text_contains_any(before, marks);
}

/* "The alert | headlined "Mayor quits"", "the box, | BC-EP--Ferry Fire-Box": who can be told of it is. */
static bool is_named(struct wd_slice behind)
{
    static const char *const names[] = {"headlined", "slugged", "titled", "BC-", NULL};
    while (behind.len > 0 && strchr(" ,:", behind.data[0]))
        behind = wd_slice_from_offset(behind, 1);
    return wd_notice_quoted_len(behind) > 0 || wd_text_starts_any(behind, names);
}

/* "the story's | main photo", "the story | photo": what goes with the story is spoken of, and not the story. Nothing but blanks
 * stands between. */
static bool owns_a_piece(struct wd_slice sentence, const struct wd_token *story)
{
    struct wd_token token;
    size_t position = story->end;
    size_t end = story->end;
    bool owner = bare_word(token_of(sentence, story)).len < story->end - story->begin;
    for (size_t i = 0; i < (owner ? OWNED_WORDS : 1); i++) {
        if (!wd_text_next_token(sentence, &position, &token))
            return false;
        for (; end < token.begin; end++) {
            if (sentence.data[end] != ' ')
                return false;
        }
        if (is_piece(bare_word(token_of(sentence, &token))))
            return !is_named(wd_slice_from_offset(sentence, token.end));
        if (wd_text_equal_any(token_of(sentence, &token), joins))
            return false;
        end = token.end;
    }
    return false;
}

/* Of the first noun of the sentence that desks use. A story that is joined to it ("the photo and the story") is what the
 * sentence speaks of, too. */
static enum subject subject_of(struct wd_slice sentence)
{
    struct wd_token token;
    size_t position = 0;
    size_t since = JOINED_WORDS + 1; /* words since it was joined */
    enum subject first = NOTHING;
    size_t end = 0; /* of a quotation */
    while (wd_text_next_token(sentence, &position, &token)) {
        struct wd_slice word = bare_word(token_of(sentence, &token));
        end = wd_notice_quotation_end(sentence, end, token.begin);
        if (token.begin < end)
            continue;
        bool piece = is_piece(word);
        bool story = !piece && wd_notice_names_copy(word) && !owns_a_piece(sentence, &token);
        if (piece && first == NOTHING) {
            struct wd_slice before = {sentence.data, token.begin};
            if ((names_another(before) && !is_behind_slug(before, word)) ||
                is_named(wd_slice_from_offset(sentence, token.end)))
                return STORY;
            first = PIECE;
        }
        if (story && (first == NOTHING || since <= JOINED_WORDS))
            return STORY;
        since = wd_text_equal_any(word, joins) ? 1 : piece ? JOINED_WORDS + 1 : since + 1;
    }
    return first;
}

struct reading {
    struct wd_slice slug; /* the order's own, without cycle; "" of a note */
    bool pieces;          /* are to go */
    bool stands;          /* the story */
    bool other;           /* something else is to go, or is not said to stand */
    bool numbered;        /* an alert is to go, and its number is told */
};

bool wd_spared_says_stands(struct wd_slice sentence)
{
    return subject_of(sentence) == STORY && wd_says_stands(sentence);
}

/* "BC-EP--Ferry Fire | stands": not "BC-EP--Ferry Fire-Box". */
static bool names_own_slug(const struct reading *reading, struct wd_slice sentence)
{
    struct wd_slice slug = reading->slug;
    const char *at = slug.len >= SLUG_BYTES_MIN && sentence.len > 0
                         ? memmem(sentence.data, sentence.len, slug.data, slug.len)
                         : NULL;
    size_t end = at ? (size_t)(at - sentence.data) + slug.len : 0;
    return at && (end == sentence.len || strchr(" ,.;", sentence.data[end]));
}

/* The order stands under the very slug of what is to go, and names no other: "BC-EP--Ferry Fire-Box, KILL", "Kill the box". */
static bool is_of_own_slug(const struct reading *reading, struct wd_slice sentence)
{
    struct wd_token token;
    size_t position = 0;
    struct wd_slice last = WD_SLICE_NONE;
    bool same = false;
    while (wd_text_next_token(reading->slug, &position, &token))
        last = token_of(reading->slug, &token);
    position = 0;
    bool other = names_another(sentence);
    while (last.len > 0 && !other && wd_text_next_token(sentence, &position, &token) && !same) {
        struct wd_slice word = bare_word(token_of(sentence, &token));
        same = is_piece(word) && last.len >= word.len &&
               wd_text_equal_ascii_case(wd_slice_from_offset(last, last.len - word.len), word);
    }
    return same;
}

/* "the alert, W0099", "die Eilmeldung exa 0199". */
static bool numbers_an_alert(struct wd_slice sentence)
{
    struct wd_token token;
    size_t position = 0;
    bool alert = false;
    bool number = false;
    struct wd_slice before = WD_SLICE_NONE;
    while (wd_text_next_token(sentence, &position, &token) && !number) {
        struct wd_slice word = token_of(sentence, &token);
        number = alert && wd_telex_is_number(word) &&
                 (wd_telex_is_agency(before) || !wd_text_is_digit(word.data[0]));
        alert |= wd_text_equal_any(bare_word(word), alerts);
        before = word;
    }
    return number;
}

static void read_sentence(struct reading *reading, struct wd_slice sentence)
{
    static const char *const mandatory[] = {"mandatory", NULL};
    struct wd_wire_words mark;
    if (wd_wire_words_parse(sentence, &mark))
        return; /* "STORNO", above what is ordered */
    enum subject subject = subject_of(sentence);
    bool story = subject == STORY || (subject == NOTHING && names_own_slug(reading, sentence));
    if (story && wd_says_stands(sentence)) {
        reading->stands = true;
        return;
    }
    if (!wd_text_contains_any(sentence, orders))
        return;
    bool set_phrase = subject == NOTHING && wd_text_contains_any(sentence, mandatory) &&
                      !names_another(sentence); /* "A kill is mandatory" */
    bool piece = subject == PIECE && !is_of_own_slug(reading, sentence);
    reading->pieces |= piece;
    reading->numbered |= piece && numbers_an_alert(sentence);
    reading->other |= !piece && !set_phrase;
}

/* Where the sentence ends that `text` begins with. */
static size_t sentence_len(struct wd_slice text)
{
    static const struct wd_slice but = WD_SLICE(", but ");
    for (size_t i = 0; i < text.len; i++) {
        bool blank = i + 1 == text.len || text.data[i + 1] == ' ' || text.data[i + 1] == '\n';
        if (text.data[i] == '\n' || (blank && strchr(".;!", text.data[i])) ||
            wd_slice_starts(wd_slice_from_offset(text, i), but))
            return i + 1;
    }
    return text.len;
}

static void read_text(struct reading *reading, struct wd_slice text)
{
    while (text.len > 0) {
        size_t len = sentence_len(text);
        read_sentence(reading, wd_slice_make(text.data, len));
        text = wd_slice_from_offset(text, len);
    }
}

bool wd_spared_by_note(struct wd_slice note)
{
    struct reading reading = {.slug = WD_SLICE_NONE};
    read_text(&reading, wd_utf8_cut(note, WD_NOTICE_BYTES_MAX));
    return reading.pieces && reading.stands && !reading.other && note.len <= WD_NOTICE_BYTES_MAX;
}

bool wd_spared_story(const struct wd_story *story, bool *numbered)
{
    struct reading reading = {.slug = wd_keyline_without_cycle(story->slug)};
    if (story->paragraph_count > WD_NOTICE_PARAGRAPHS_MAX ||
        wd_story_copy_bytes(story) > WD_NOTICE_BYTES_MAX ||
        story->editors_note.len > WD_NOTICE_BYTES_MAX)
        return false;
    read_text(&reading, story->editors_note);
    for (size_t i = 0; i < story->paragraph_count; i++)
        read_text(&reading, story->paragraphs[i]);
    *numbered = reading.numbered;
    return reading.pieces && reading.stands && !reading.other;
}
