#include "says_stands.h"

#include "notice.h"
#include "text.h"

enum { DENIED_BEHIND = 2 };

static const char *const stands[] = {"stands",
                                     "stand",
                                     "valid",
                                     "usable",
                                     "unchanged",
                                     "ok",
                                     "okay",
                                     "fine",
                                     "unaffected",
                                     "gilt",
                                     "gelten",
                                     "g\u00FCltig",
                                     "gueltig",
                                     "unver\u00E4ndert",
                                     "unber\u00FChrt",
                                     "verwendbar",
                                     "valable",
                                     "valables",
                                     "valide",
                                     "inchang\u00E9e",
                                     "utilisable",
                                     "vale",
                                     "vigente",
                                     "v\u00E1lida",
                                     "v\u00E1lido",
                                     "valida",
                                     "valido",
                                     "utilizable",
                                     "mant\u00E9m-se",
                                     "mant\u00E9m",
                                     "mantiene",
                                     "utilizzabile",
                                     "utiliz\u00E1vel",
                                     "geldig",
                                     "bruikbaar",
                                     NULL};
/* In more than a word. */
static const char *const may_be_used[] = {"may be used",
                                          "can be used",
                                          "may still be used",
                                          "can still be used",
                                          "darf verwendet",
                                          "kann verwendet",
                                          "weiter verwendet",
                                          "peut \u00EAtre utilis",
                                          "puede utilizarse",
                                          "puede usarse",
                                          "pode ser utilizad",
                                          "pode ser usad",
                                          "pu\u00F2 essere utilizzat",
                                          "kan worden gebruikt",
                                          "blijft staan",
                                          "bleibt bestehen",
                                          "sigue en pie",
                                          "is correct",
                                          "are correct",
                                          "ist korrekt",
                                          "ist richtig",
                                          "est correcte",
                                          "es correcta",
                                          "\u00E8 corretta",
                                          "est\u00E1 correta",
                                          "is juist",
                                          NULL};
/* What stands is not. */
static const char *const affected[] = {
    "affected",      "concerned",    "betroffen", "ber\u00FChrt", "concern\u00E9e", "concern\u00E9",
    "affect\u00E9e", "affect\u00E9", "afectada",  "afectado",     "afetada",        "afetado",
    "interessata",   "interessato",  "coinvolta", "coinvolto",    "getroffen",      NULL};
static const char *const denials[] = {"not",        "no",
                                      "never",      "longer",
                                      "cannot",     "nicht",
                                      "nichts",     "plus",
                                      "pas",        "non",
                                      "ya",         "n\u00E3o",
                                      "mai",        "niet",
                                      "geen",       "kein",
                                      "keine",      "nor",
                                      "neither",    "withdrawn",
                                      "cancelled",  "canceled",
                                      "killed",     "retracted",
                                      "deleted",    "withheld",
                                      "revoked",    "will",
                                      "replaced",   "replacement",
                                      "substitute", "until",
                                      "unless",     "gesperrt",
                                      "gestrichen", "isn't",
                                      "doesn't",    "zur\u00FCckgezogen",
                                      NULL};
static const char *const negations[] = {"not",      "no",   "nicht", "pas",     "non",
                                        "n\u00E3o", "niet", "isn't", "neither", NULL};

bool wd_says_stands(struct wd_slice clause)
{
    struct wd_token token;
    size_t position = 0;
    size_t behind = 0; /* words since it was said; 0: it was not */
    bool negated = false;
    bool denied = false;
    bool said = false;
    size_t end = 0; /* of a quotation: its words are a headline's */
    while (wd_text_next_token(clause, &position, &token)) {
        struct wd_slice word = {clause.data + token.begin, token.end - token.begin};
        end = wd_notice_quotation_end(clause, end, token.begin);
        if (token.begin < end)
            continue;
        if (wd_text_equal_any(word, affected)) {
            if (!negated)
                return false;
            said = true;
            behind = DENIED_BEHIND + 1;
            denied = false;
        } else if (wd_text_equal_any(word, stands)) {
            said = true;
            behind = 1;
        } else if (wd_text_equal_any(word, denials) && (!said || behind <= DENIED_BEHIND)) {
            denied = true;
            negated = wd_text_equal_any(word, negations);
        }
        behind += said && behind <= DENIED_BEHIND;
    }
    if (!said && wd_text_contains_any(clause, may_be_used))
        said = true;
    return said && !denied;
}
