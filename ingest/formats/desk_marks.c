#include "desk_marks.h"

#include "phrase_index.h"

#include <pthread.h>

enum { ENDING_BYTES_MAX = 40 }; /* a mark at the end of a headline */

/* Where a mark counts. */
enum {
    CAPITALS = 1,  /* in capitals only: in small letters it is a word of the copy */
    LOOSE = 2,     /* nothing need separate it from the headline */
    ENDS = 4,      /* also behind a dash at the end */
    COMPOUND = 8,  /* with a hyphen it makes other words: "kill-switch" */
    BRACKETS = 16, /* in brackets only: "(corrigido)" */
    NOUN = 32,     /* papers head news with it, too: above copy it orders nothing but in brackets */
};

struct mark {
    struct wd_slice text;
    uint32_t set; /* enum wd_wire_word; 0: stands among marks and says nothing */
    unsigned how;
};

static const struct mark marks[] = {
    /* English */
    {WD_SLICE("CORRECTION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECTIONS"), WD_WIRE_CORRECTION, CAPITALS | ENDS}, /* also a ministry's */
    {WD_SLICE("CORRECTED VERSION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECTED REPEAT"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CORRECTED"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECTS"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CORRECT"), WD_WIRE_CORRECTION, CAPITALS},
    {WD_SLICE("Correct"), WD_WIRE_CORRECTION, BRACKETS}, /* Bloomberg */
    {WD_SLICE("CORRECTING"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CORRECTING AND REPLACING"), WD_WIRE_CORRECTION, LOOSE}, /* of press releases */
    {WD_SLICE("C O R R E C T I O N"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CORRECTION FROM SOURCE"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("DISREGARD RELEASE"), WD_WIRE_KILL, 0},
    {WD_SLICE("CORRECTIVE"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORR"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("OFFICIAL CORRECTION"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CLARIFICATION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CLARIFIED"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CLARIFIES"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("ERRATUM"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("UPDATE"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("UPDATED"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("UPDATES"), WD_WIRE_LEAD, 0},
    {WD_SLICE("UPDATING"), WD_WIRE_LEAD, 0},
    {WD_SLICE("RECASTS"), WD_WIRE_LEAD, 0},
    {WD_SLICE("WRAPUP"), WD_WIRE_LEAD, 0},
    {WD_SLICE("KILL"), WD_WIRE_KILL, COMPOUND},
    {WD_SLICE("KILL NOTICE"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("KILL ADVISORY"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("BULLETIN KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("MANDATORY KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("MANDATORY STORY KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("ADVISORY KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("URGENT KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("STORY KILL"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("STORY KILLED"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("STORY REMOVED"), WD_WIRE_KILL, 0},
    {WD_SLICE("STORY WITHDRAWN"), WD_WIRE_KILL, 0},
    {WD_SLICE("STORY RETRACTED"), WD_WIRE_KILL, 0},
    {WD_SLICE("ARTICLE REMOVED"), WD_WIRE_KILL, 0},
    {WD_SLICE("ARTICLE WITHDRAWN"), WD_WIRE_KILL, 0},
    {WD_SLICE("ARTICLE RETRACTED"), WD_WIRE_KILL, 0},
    {WD_SLICE("ELIMINATION"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("BULLETIN ELIMINATION"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("MANDATORY ELIMINATION"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("ELIMINATE"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("DISREGARD"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("WITHDRAWN"), WD_WIRE_KILL, 0},
    {WD_SLICE("WITHDRAWAL"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("RETRACTED"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("RETRACTION"), WD_WIRE_KILL, NOUN},
    {WD_SLICE("REFILE"), WD_WIRE_REFILE, 0},
    {WD_SLICE("REFILED"), WD_WIRE_REFILE, 0},
    {WD_SLICE("REFILES"), WD_WIRE_REFILE, 0},
    {WD_SLICE("RESENDING"), WD_WIRE_REPEAT, 0},
    {WD_SLICE("REPEAT"), WD_WIRE_REPEAT, COMPOUND},
    {WD_SLICE("REPEATS"), WD_WIRE_REPEAT, 0},
    {WD_SLICE("REPEATING"), WD_WIRE_REPEAT, 0},
    {WD_SLICE("RPT"), WD_WIRE_REPEAT, 0},
    {WD_SLICE("Repetition"), WD_WIRE_REPEAT, BRACKETS},
    {WD_SLICE("HOLD"), WD_WIRE_WITHHOLD, COMPOUND},
    {WD_SLICE("MANDATORY HOLD"), WD_WIRE_WITHHOLD, LOOSE},
    {WD_SLICE("STORY HOLD"), WD_WIRE_WITHHOLD, 0},
    {WD_SLICE("STORY WITHHELD"), WD_WIRE_WITHHOLD, 0},
    {WD_SLICE("WITHHOLD"), WD_WIRE_WITHHOLD, CAPITALS | COMPOUND},
    {WD_SLICE("HOLD FOR RELEASE"), WD_WIRE_ADVANCE, LOOSE},
    {WD_SLICE("EMBARGOED"), WD_WIRE_ADVANCE, CAPITALS},
    {WD_SLICE("UNDER EMBARGO"), WD_WIRE_ADVANCE, CAPITALS},
    {WD_SLICE("EMBARGOED UNTIL"), WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {WD_SLICE("EMBARGO UNTIL"), WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {WD_SLICE("Embargoed until"), WD_WIRE_ADVANCE, BRACKETS | LOOSE},
    {WD_SLICE("Embargoed to"), WD_WIRE_ADVANCE, BRACKETS | LOOSE},
    {WD_SLICE("NOT FOR RELEASE BEFORE"), WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {WD_SLICE("NOT FOR PUBLICATION"), WD_WIRE_ADVISORY, CAPITALS | LOOSE},
    {WD_SLICE("ADVISORY"), WD_WIRE_ADVISORY, 0},
    {WD_SLICE("MEDIA ADVISORY"), WD_WIRE_ADVISORY, 0},
    {WD_SLICE("NOTE TO EDITORS"), WD_WIRE_ADVISORY, 0},
    /* German */
    {WD_SLICE("BERICHTIGUNG"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("BERICHTIGT"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("KORREKTUR"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("KORR"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("KORR."), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("CORR."), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("KORRIGIERT"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("KORRIGIERTE FASSUNG"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("BERICHTIGTE FASSUNG"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RICHTIGSTELLUNG"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("AKTUALISIERT"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("AKTUALISIERUNG"), WD_WIRE_LEAD, 0},
    {WD_SLICE("NEUFASSUNG"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("ZUSAMMENFASSUNG"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("WIEDERHOLUNG"), WD_WIRE_REPEAT, ENDS},
    {WD_SLICE("STORNO"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ANNULLIERUNG"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ELIMINIERUNG"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("STORNIERUNG"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ZUR\u00DCCKGEZOGEN"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ZURUECKGEZOGEN"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("MELDUNG ZUR\u00FCCKGEZOGEN"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("MELDUNG ZURUECKGEZOGEN"), WD_WIRE_KILL, LOOSE},
    {WD_SLICE("Zur\u00FCckziehung"), WD_WIRE_KILL, BRACKETS},
    {WD_SLICE("ACHTUNG SPERRFRIST"), WD_WIRE_ADVANCE, LOOSE},
    {WD_SLICE("SPERRFRIST"), WD_WIRE_ADVANCE, 0},
    /* French */
    {WD_SLICE("RECTIFICATIF"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RECTIFICATION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECTIF"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRIGE"), WD_WIRE_CORRECTION, CAPITALS},
    {WD_SLICE("CORRIG\u00C9"), WD_WIRE_CORRECTION, CAPITALS | ENDS},
    {WD_SLICE("Corrig\u00E9"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("Corrige"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("ANNULE ET REMPLACE"), WD_WIRE_CORRECTION, LOOSE},
    {WD_SLICE("ANNULATION"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ANNULE"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ACTUALISATION"), WD_WIRE_LEAD, 0},
    {WD_SLICE("SOUS EMBARGO"), WD_WIRE_ADVANCE, CAPITALS},
    /* Spanish and Portuguese */
    {WD_SLICE("CORRECCI\u00D3N"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("Correcci\u00F3n"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECCION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RECTIFICACI\u00D3N"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("Rectificaci\u00F3n"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RECTIFICACION"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORREGIDA"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORREGIDO"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("VERSI\u00D3N CORREGIDA"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("Versi\u00F3n corregida"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("FE DE ERRATAS"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("ANULA Y SUSTITUYE"), WD_WIRE_CORRECTION, LOOSE},
    {WD_SLICE("ANULA Y REEMPLAZA"), WD_WIRE_CORRECTION, LOOSE},
    {WD_SLICE("ANULA"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ANULACI\u00D3N"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ANULACION"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ANULAR"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ELIMINACI\u00D3N"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ELIMINACION"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("ELIMINAR"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ACTUALIZA"), WD_WIRE_LEAD, CAPITALS},
    {WD_SLICE("ACTUALIZADO"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("ACTUALIZACI\u00D3N"), WD_WIRE_LEAD, 0},
    {WD_SLICE("REPETICI\u00D3N"), WD_WIRE_REPEAT, CAPITALS},
    {WD_SLICE("REPITE"), WD_WIRE_REPEAT, CAPITALS},
    {WD_SLICE("BAJO EMBARGO"), WD_WIRE_ADVANCE, CAPITALS},
    {WD_SLICE("ANULA\u00C7\u00C3O"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("CORRE\u00C7\u00C3O"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("Corre\u00E7\u00E3o"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRIGIDO"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRIGIDA"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RETIFICA\u00C7\u00C3O"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("Retifica\u00E7\u00E3o"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("ANULA E SUBSTITUI"), WD_WIRE_CORRECTION, LOOSE},
    /* Italian and Dutch */
    {WD_SLICE("CORREZIONE"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("RETTIFICA"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORREGGE"), WD_WIRE_CORRECTION, CAPITALS},
    {WD_SLICE("Corregge"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("CORRETTA"), WD_WIRE_CORRECTION, CAPITALS},
    {WD_SLICE("CORRETTO"), WD_WIRE_CORRECTION, CAPITALS},
    {WD_SLICE("ERRATA CORRIGE"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("ANNULLA E SOSTITUISCE"), WD_WIRE_CORRECTION, LOOSE},
    {WD_SLICE("ANNULLA"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ANNULLARE"), WD_WIRE_KILL, CAPITALS},
    {WD_SLICE("ANNULLAMENTO"), WD_WIRE_KILL, CAPITALS | NOUN},
    {WD_SLICE("RECTIFICATIE"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("CORRECTIE"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("ANNULERING"), WD_WIRE_KILL, CAPITALS | NOUN},
    /* Russian */
    {WD_SLICE("\u0418\u0421\u041F\u0420\u0410\u0412\u041B\u0415\u041D\u041E"), WD_WIRE_CORRECTION,
     ENDS},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u043E"), WD_WIRE_CORRECTION,
     ENDS},
    {WD_SLICE("\u0418\u0421\u041F\u0420\u0410\u0412\u041B\u0415\u041D\u0418\u0415"),
     WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u041F\u041E\u041F\u0420\u0410\u0412\u041A\u0410"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0423\u0422\u041E\u0427\u041D\u0415\u041D\u0418\u0415"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0423\u0442\u043E\u0447\u043D\u0435\u043D\u0438\u0435"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("\u041E\u0411\u041D\u041E\u0412\u041B\u0415\u041D\u041E"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("\u041E\u0431\u043D\u043E\u0432\u043B\u0435\u043D\u043E"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("\u041F\u041E\u0412\u0422\u041E\u0420"), WD_WIRE_REPEAT, ENDS},
    {WD_SLICE("\u0410\u041D\u041D\u0423\u041B\u0418\u0420\u041E\u0412\u0410\u041D\u041E"),
     WD_WIRE_KILL, 0},
    {WD_SLICE("\u0410\u041D\u041D\u0423\u041B\u0418\u0420\u0423\u0415\u0422\u0421\u042F"),
     WD_WIRE_KILL, 0},
    {WD_SLICE("\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u043E"), WD_WIRE_CORRECTION,
     BRACKETS},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u0435"),
     WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u0435"),
     WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\u0410\u041D\u041D\u0423\u041B\u042F\u0426\u0418\u042F"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u0410\u043D\u043D\u0443\u043B\u0438\u0440\u043E\u0432\u0430\u043D\u043E"),
     WD_WIRE_KILL, 0},
    /* Arabic */
    {WD_SLICE("\u062A\u0635\u0648\u064A\u0628"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0645\u0635\u062D\u062D"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("\u0633\u062D\u0628 \u0627\u0644\u062E\u0628\u0631"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u062A\u0635\u062D\u064A\u062D"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u062A\u062D\u062F\u064A\u062B"), WD_WIRE_LEAD, 0},
    {WD_SLICE("\u0625\u0644\u063A\u0627\u0621 \u0627\u0644\u062E\u0628\u0631"), WD_WIRE_KILL, 0},
    /* Chinese, Japanese, Korean, Thai */
    {WD_SLICE("\u66F4\u6B63"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u52D8\u8BEF"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("\u66F4\u6B63\u7248"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u66F4\u6B63\u542F\u4E8B"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("\u66F4\u65B0"), WD_WIRE_LEAD, 0},
    {WD_SLICE("\u64A4\u7A3F"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u64A4\u7A3F\u901A\u77E5"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u64A4\u9500"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u8A02\u6B63"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u5168\u6587\u8A02\u6B63"), WD_WIRE_CORRECTION, 0},
    {WD_SLICE("\u5DEE\u3057\u66FF\u3048"), WD_WIRE_LEAD, ENDS},
    {WD_SLICE("\u5168\u6587\u53D6\u308A\u6D88\u3057"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u8A18\u4E8B\u53D6\u308A\u6D88\u3057"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u53D6\u308A\u6D88\u3057"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u5168\u6587\u53D6\u6D88"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u8A18\u4E8B\u524A\u9664"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u5168\u6587\u524A\u9664"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u8A18\u4E8B\u53D6\u6D88"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u518D\u9001"), WD_WIRE_REPEAT, ENDS},
    {WD_SLICE("\u767A\u8868\u8005\u5074\u306E\u7533\u3057\u51FA"), 0, BRACKETS},
    {WD_SLICE("\uC815\uC815"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\uACE0\uCE68"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\uBC14\uB85C\uC7A1\uC2B5\uB2C8\uB2E4"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\uBC14\uB85C\uC7A1\uC74C"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\uC804\uBB38\uCDE8\uC18C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\uC804\uBB38 \uCDE8\uC18C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\uAE30\uC0AC\uCDE8\uC18C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\uAE30\uC0AC\uC0AD\uC81C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\uAE30\uC0AC \uC0AD\uC81C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\uAE30\uC0AC \uCDE8\uC18C"), WD_WIRE_KILL, 0},
    {WD_SLICE("\u0E41\u0E01\u0E49\u0E44\u0E02"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0E22\u0E01\u0E40\u0E25\u0E34\u0E01\u0E02\u0E48\u0E32\u0E27"), WD_WIRE_KILL, 0},
    /* Hindi */
    {WD_SLICE("\u092D\u0942\u0932 \u0938\u0941\u0927\u093E\u0930"), WD_WIRE_CORRECTION, ENDS},
    {WD_SLICE("\u0938\u0941\u0927\u093E\u0930"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\u0938\u0902\u0936\u094B\u0927\u093F\u0924"), WD_WIRE_CORRECTION, BRACKETS},
    {WD_SLICE("\u0936\u0941\u0926\u094D\u0927\u093F\u092A\u0924\u094D\u0930"), WD_WIRE_CORRECTION,
     0},
    {WD_SLICE("\u0938\u092E\u093E\u091A\u093E\u0930 \u0930\u0926\u094D\u0926"), WD_WIRE_KILL, 0},
    /* Marks that say nothing about the version; what follows may. */
    {WD_SLICE("OFFICIAL"), 0, 0},
    {WD_SLICE("URGENT"), 0, 0},
    {WD_SLICE("BREAKING"), 0, 0},
    {WD_SLICE("BREAKING NEWS"), 0, 0},
    {WD_SLICE("EXCLUSIVE"), 0, 0},
    {WD_SLICE("ALERT"), 0, 0},
    {WD_SLICE("BULLETIN"), 0, 0},
    {WD_SLICE("FLASH"), 0, 0},
    {WD_SLICE("TOP NEWS"), 0, 0},
    {WD_SLICE("ATTENTION"), 0, 0},
    {WD_SLICE("ATTENTION EDITORS"), 0, 0},
    {WD_SLICE("EDITORS"), 0, 0},
    {WD_SLICE("ACHTUNG"), 0, 0},
    {WD_SLICE("EILMELDUNG"), 0, 0},
    {WD_SLICE("EIL"), 0, 0},
};
enum { MARK_COUNT = sizeof(marks) / sizeof(marks[0]) };

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_small_letters(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_small(text.data[i]))
            return true;
    }
    return false;
}

/* Marks by their first three bytes: none is shorter. */
static struct wd_phrase_index mark_index;
static pthread_once_t mark_index_once = PTHREAD_ONCE_INIT;

static void make_mark_index(void)
{
    wd_phrase_index_init(&mark_index, 3);
    for (size_t i = 0; i < MARK_COUNT; i++)
        wd_phrase_index_add(&mark_index, i, marks[i].text);
}

static void prepare(void)
{
    (void)pthread_once(&mark_index_once, make_mark_index);
}

/* Wide forms of ":" and of closing brackets: no letters. */
static bool starts_wide(struct wd_slice text)
{
    static const char *const wide[] = {"\uFF1A", "\uFF09", "\u3011", "\u3015"};
    bool starts = false;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]) && !starts; i++)
        starts = wd_slice_starts(text, wd_slice_from(wide[i]));
    return starts;
}

/* Whether a word that ended before `rest` goes on. */
static bool goes_on(struct wd_slice rest)
{
    return rest.len > 0 && is_letter(rest.data[0]) && !starts_wide(rest);
}

/* The longest mark that `text` begins with and that ends there as a word; NULL when there is none. */
static const struct mark *find_mark(struct wd_slice text, bool in_brackets)
{
    const struct mark *best = NULL;
    unsigned next = wd_phrase_index_first(&mark_index, text);
    for (; next > 0; next = wd_phrase_index_next(&mark_index, next - 1)) {
        const struct mark *mark = &marks[next - 1];
        size_t len = mark->text.len;
        if ((best && len <= best->text.len) || !wd_text_starts_ascii_case(text, mark->text) ||
            goes_on(wd_slice_from_offset(text, len)) || ((mark->how & BRACKETS) && !in_brackets))
            continue;
        if (!(mark->how & CAPITALS) || !has_small_letters(wd_slice_make(text.data, len)))
            best = mark;
    }
    return best;
}

static size_t skip_blanks(struct wd_slice text, size_t i)
{
    while (i < text.len && (text.data[i] == ' ' || text.data[i] == '\t'))
        i++;
    return i;
}

/* The dash at `i`: its bytes, 0 when there is none. */
static size_t dash_len(struct wd_slice text, size_t i)
{
    struct wd_slice rest = wd_slice_from_offset(text, i);
    if (wd_slice_starts(rest, WD_SLICE("-")))
        return 1;
    bool long_dash = wd_slice_starts(rest, WD_SLICE("\u2013")) || /* en dash */
                     wd_slice_starts(rest, WD_SLICE("\u2014"));   /* em dash */
    return long_dash ? 3 : 0;
}

/* What separates a mark from what follows it: a number, then ":", "/", "|" or a dash, then blanks; the end of the text does,
 * too. A hyphen with neither blank nor number before it only behind capitals, in front of a headline that is not all
 * capitals: "CORRECTED-Bridge ...", not "Hold-up at bank" or "KILL-SWITCH LAW". False when the mark is but a word: nor is there
 * any telling whether "ANNULATION: CONCERT DE MINUIT" is about a story. */
static bool take_separator(struct wd_slice *rest, const struct mark *mark, struct wd_slice word)
{
    size_t i = skip_blanks(*rest, 0);
    while (i < rest->len && wd_text_is_digit(rest->data[i]))
        i++;
    size_t end = skip_blanks(*rest, i);
    if (end == rest->len || (mark->how & LOOSE)) {
        *rest = wd_slice_from_offset(*rest, end);
        return true;
    }
    char c = rest->data[end];
    size_t len = c == ':' || c == '/' || c == '|' || c == ',' ? 1 : dash_len(*rest, end);
    if (wd_slice_starts(wd_slice_from_offset(*rest, end), WD_SLICE("\uFF1A"))) /* wide ":" */
        len = 3;
    struct wd_slice after = wd_slice_from_offset(*rest, end + len);
    bool glued = c == '-' && end == 0;
    if (len == 0 || c == ',' || (glued && has_small_letters(word)))
        return false;
    bool order = mark->set & (WD_WIRE_KILL | WD_WIRE_WITHHOLD);
    bool doubtful = (glued && (mark->how & COMPOUND)) || (order && (mark->how & CAPITALS));
    if (doubtful && !has_small_letters(after) && !find_mark(after, false))
        return false;
    *rest = wd_slice_from_offset(after, skip_blanks(after, 0));
    return true;
}

static const struct bracket {
    struct wd_slice open, close;
} brackets[] = {
    {WD_SLICE("("), WD_SLICE(")")},           {WD_SLICE("["), WD_SLICE("]")},
    {WD_SLICE("\u3010"), WD_SLICE("\u3011")}, {WD_SLICE("\uFF08"), WD_SLICE("\uFF09")},
    {WD_SLICE("\u3014"), WD_SLICE("\u3015")}, {WD_SLICE("\u300A"), WD_SLICE("\u300B")},
    {WD_SLICE("\uFF3B"), WD_SLICE("\uFF3D")}, {WD_SLICE("<"), WD_SLICE(">")},
};
enum { BRACKET_COUNT = sizeof(brackets) / sizeof(brackets[0]) };

/* The bracket that `text` begins with; NULL when it does not. */
static const struct bracket *find_bracket(struct wd_slice text)
{
    const struct bracket *found = NULL;
    for (size_t i = 0; i < BRACKET_COUNT && !found; i++)
        found = wd_slice_starts(text, brackets[i].open) ? &brackets[i] : NULL;
    return found;
}

static bool ends_with(struct wd_slice text, struct wd_slice end)
{
    return text.len >= end.len && memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}

/* By no ">": what shares are called stands so at the end, "<RPT>". */
static bool is_closed(struct wd_slice text)
{
    bool closed = false;
    for (size_t i = 0; i < BRACKET_COUNT && !closed; i++)
        closed = !wd_slice_is(brackets[i].close, ">") && ends_with(text, brackets[i].close);
    return closed;
}

/* Marks and nothing else: "UPDATE 2", "RPT CORRETTO"; or what follows them is told behind a ":" or, but for orders, a comma:
 * "Update: it is open", "Repetition, correcting name in par four", "Embargoed to 1800". */
static bool read_inside(struct wd_slice inside, uint32_t *set)
{
    bool told = false; /* what follows may be anything */
    *set = 0;
    while (inside.len > 0) {
        const struct mark *mark = find_mark(inside, true);
        if (!mark)
            return told;
        uint32_t orders = WD_WIRE_KILL | WD_WIRE_WITHHOLD;
        *set |= told ? mark->set & ~orders : mark->set;
        inside = wd_slice_from_offset(inside, mark->text.len);
        size_t i = skip_blanks(inside, 0);
        while (i < inside.len && (wd_text_is_digit(inside.data[i]) || inside.data[i] == ' '))
            i++;
        inside = wd_slice_from_offset(inside, i);
        bool comma = inside.len > 0 && inside.data[0] == ',';
        size_t dash = i > 0 ? dash_len(inside, 0) : 0; /* "(Achtung - Zur\u00FCckziehung)" */
        inside = wd_slice_from_offset(inside, dash > 0 ? skip_blanks(inside, dash) : 0);
        if ((mark->how & LOOSE) || (inside.len > 0 && inside.data[0] == ':'))
            return true;
        told = told || (comma && !(mark->set & orders));
        inside = wd_slice_from_offset(inside, comma ? skip_blanks(inside, 1) : 0);
    }
    return true;
}

/* "(OFFICIAL)", "[CORRECTED]" at the beginning: what its marks say, and the text behind it. False when it holds anything
 * else. */
static bool take_bracket(struct wd_slice *text, uint32_t *set)
{
    const struct bracket *bracket = find_bracket(*text);
    struct wd_slice rest = wd_slice_from_offset(*text, bracket->open.len);
    const char *close =
        rest.len > 0 ? memmem(rest.data, rest.len, bracket->close.data, bracket->close.len) : NULL;
    if (!close)
        return false;
    struct wd_slice inside = wd_text_trim(wd_slice_make(rest.data, (size_t)(close - rest.data)));
    if (inside.len == 0 || !read_inside(inside, set))
        return false;
    rest = wd_slice_from_offset(rest, (size_t)(close - rest.data) + bracket->close.len);
    size_t i = skip_blanks(rest, 0);
    i += i < rest.len && rest.data[i] == ':' ? 1 : dash_len(rest, i);
    *text = wd_slice_from_offset(rest, skip_blanks(rest, i));
    return true;
}

/* "Bridge shut (CORRECTED)", "Bridge shut - Berichtigung". */
static uint32_t marks_at_end(struct wd_slice headline)
{
    size_t from = headline.len > ENDING_BYTES_MAX ? headline.len - ENDING_BYTES_MAX : 0;
    bool closed = is_closed(headline);
    for (size_t i = headline.len; i > from; i--) {
        struct wd_slice rest = wd_slice_from_offset(headline, i - 1);
        if (closed && find_bracket(rest)) {
            uint32_t set = 0;
            return take_bracket(&rest, &set) && rest.len == 0 ? set : 0;
        }
        if (i < 2 || headline.data[i - 2] != ' ')
            continue;
        size_t dash = dash_len(headline, i - 1);
        if (dash == 0)
            continue;
        rest = wd_text_trim(wd_slice_from_offset(rest, dash));
        const struct mark *mark = find_mark(rest, false);
        bool whole = mark && (mark->how & ENDS) && mark->text.len == rest.len;
        /* "Stocks fall - correction" is about stocks. */
        return whole && !is_small(rest.data[0]) && has_small_letters(headline) ? mark->set : 0;
    }
    return 0;
}

/* What flashes and press releases begin with: "*CORRECT: ...", "++ RETTIFICA: ... ++", "/DISREGARD RELEASE: ... /". */
static struct wd_slice without_stars(struct wd_slice text)
{
    while (text.len > 0 && (text.data[0] == '*' || text.data[0] == '+' || text.data[0] == '/' ||
                            text.data[0] == ' '))
        text = wd_slice_from_offset(text, 1);
    return text;
}

uint32_t wd_desk_marks_of_headline(struct wd_slice headline, bool brings_copy)
{
    prepare();
    struct wd_slice rest = without_stars(wd_text_trim(headline));
    uint32_t lifted = wd_wire_words_lifted(rest);
    if (lifted)
        return lifted;
    uint32_t set = marks_at_end(rest);
    for (uint32_t found = 0;; set |= found) {
        if (find_bracket(rest)) {
            if (!take_bracket(&rest, &found))
                return set;
            continue;
        }
        const struct mark *mark = find_mark(rest, false);
        if (!mark)
            return set;
        uint32_t ignored = 0;
        struct wd_slice word = {rest.data, mark->text.len};
        rest = wd_slice_from_offset(rest, word.len);
        size_t blanks = skip_blanks(rest, 0);
        struct wd_slice bracket = wd_slice_from_offset(rest, blanks);
        if (blanks > 0 && find_bracket(bracket) && take_bracket(&bracket, &ignored))
            rest = bracket; /* "CORRECTED (OFFICIAL)-": with what separates it */
        else if (!take_separator(&rest, mark, word))
            return set;
        found = brings_copy && (mark->how & NOUN) ? 0 : mark->set;
    }
}
