/* What a story says about itself in headline, note and copy, as desks of several languages write it; and the ordinary
 * headlines and paragraphs that only look like it. All texts are invented. */
#include "test.h"

#include "decoder.h"
#include "desk_marks.h"
#include "desk_remarks.h"

enum {
    CORR = WD_WIRE_CORRECTION,
    KILL = WD_WIRE_KILL,
    LEAD = WD_WIRE_LEAD,
    HOLD = WD_WIRE_WITHHOLD,
    ADVANCE = WD_WIRE_ADVANCE,
    PART = WD_WIRE_PART,
    REFILE = WD_WIRE_REFILE,
    REPEAT = WD_WIRE_REPEAT,
    ADVISORY = WD_WIRE_ADVISORY
};

struct marked {
    const char *text;
    uint32_t set;
};

static void headlines(void **state)
{
    static const struct marked cases[] = {
        {"CORRECTED-Harbour bridge shut after crane strikes pier", CORR},
        {"*CORRECT: BRIDGE TO REOPEN IN JULY", CORR},
        {"Bridge to Reopen in July (Correct)", CORR},
        {"Correct answers to the July quiz", 0},
        {"KORR: Br\u00FCcke gesperrt", CORR},
        {"Korr.: Br\u00FCcke gesperrt", CORR},
        {"Ponte chiuso al traffico (RPT CORRETTO)", CORR | WD_WIRE_REPEAT},
        {"(Repetition, correcting name in par four) Bridge shut", CORR | WD_WIRE_REPEAT},
        {"(Correction, kill your darlings) Bridge shut", CORR},
        {"(Kill, or be killed) A night at the theatre", 0},
        {"(Embargoed to 1800 Friday March 1) Bridge shut", WD_WIRE_ADVANCE},
        {"(UPDATE 2) Bridge shut", WD_WIRE_LEAD},
        {"() Bridge shut", 0},
        {"++ RETTIFICA: Ponte chiuso al traffico ++", CORR},
        {"CORRETTO-Ponte chiuso al traffico", CORR},
        {"(Corregge) Ponte chiuso al traffico", CORR},
        {"CORREGIDA-Puente cerrado", CORR},
        {"ELIMINAR: Puente cerrado en el puerto", KILL},
        {"(Corrige) Puente cerrado", CORR},
        {"(Corrig\u00E9) Le pont est ferm\u00E9", CORR},
        {"RETIFICA\u00C7\u00C3O: Ponte fechada", CORR},
        {"\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u0435: "
         "\u041C\u043E\u0441\u0442 \u0437\u0430\u043A\u0440\u044B\u0442",
         CORR},
        {"\u041C\u043E\u0441\u0442 \u0437\u0430\u043A\u0440\u044B\u0442 "
         "(\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u043E)",
         CORR},
        {"\u0410\u041D\u041D\u0423\u041B\u042F\u0426\u0418\u042F: \u041C\u043E\u0441\u0442 "
         "\u0437\u0430\u043A\u0440\u044B\u0442",
         KILL},
        {"\u041F\u043E\u043F\u0440\u0430\u0432\u043A\u0430: \u0447\u0435\u0433\u043E "
         "\u0436\u0434\u0430\u0442\u044C \u0432\u043E\u0434\u0438\u0442\u0435\u043B\u044F\u043C",
         0},
        {"\u062A\u0635\u0648\u064A\u0628: \u0625\u063A\u0644\u0627\u0642 "
         "\u0627\u0644\u062C\u0633\u0631",
         CORR},
        {"\u0633\u062D\u0628 \u0627\u0644\u062E\u0628\u0631: \u0625\u063A\u0644\u0627\u0642 "
         "\u0627\u0644\u062C\u0633\u0631",
         KILL},
        {"\u300A\u66F4\u6B63\u300B\u5927\u6865\u5C01\u95ED", CORR},
        {"\uFF08\u66F4\u6B63\u7248\uFF09\u5927\u6865\u5C01\u95ED", CORR},
        {"\u5168\u6587\u53D6\u6D88\uFF1A\u6A4B\u304C\u901A\u884C\u6B62\u3081", KILL},
        {"\u518D\u9001-\u8A02\u6B63\uFF1A\u6A4B\u304C\u901A\u884C\u6B62\u3081", REPEAT | CORR},
        {"\u518D\u9001\u4FE1\u306E\u4ED5\u7D44\u307F", 0},
        {"[\uACE0\uCE68] \uB2E4\uB9AC \uD3D0\uC1C4", CORR},
        {"\uACE0\uCE68: \uB2E4\uB9AC \uD3D0\uC1C4", 0},
        {"<\uC815\uC815> \uB2E4\uB9AC \uD3D0\uC1C4", CORR},
        {"[\uC804\uBB38\uCDE8\uC18C] \uB2E4\uB9AC \uD3D0\uC1C4", KILL},
        {"[\uBC14\uB85C\uC7A1\uC2B5\uB2C8\uB2E4] \uB2E4\uB9AC \uD3D0\uC1C4", CORR},
        {"\u0E22\u0E01\u0E40\u0E25\u0E34\u0E01\u0E02\u0E48\u0E32\u0E27: "
         "\u0E1B\u0E34\u0E14\u0E2A\u0E30\u0E1E\u0E32\u0E19",
         KILL},
        {"\u092D\u0942\u0932 \u0938\u0941\u0927\u093E\u0930: \u092A\u0941\u0932 \u092C\u0902\u0926",
         CORR},
        {"\u0938\u0941\u0927\u093E\u0930: \u092A\u0941\u0932 \u092C\u0902\u0926", 0},
        {"(\u0938\u0902\u0936\u094B\u0927\u093F\u0924) \u092A\u0941\u0932 \u092C\u0902\u0926",
         CORR},
        {"\u0938\u092E\u093E\u091A\u093E\u0930 \u0930\u0926\u094D\u0926: \u092A\u0941\u0932 "
         "\u092C\u0902\u0926",
         KILL},
        {"<CORRECTED> - HARBOUR BRIDGE SHUT", CORR},
        {"BANK DOWNGRADES REPUBLIC <RPT>", 0},
        {"CORRECT ANSWERS: WHAT DRIVERS MUST KNOW", 0},
        {"\u0418\u0421\u041F\u0420\u0410\u0412\u041B\u0415\u041D\u041E: \u041C\u043E\u0441\u0442 "
         "\u0437\u0430\u043A\u0440\u044B\u0442",
         CORR},
        {"\u0423\u0442\u043E\u0447\u043D\u0435\u043D\u0438\u0435: \u041C\u043E\u0441\u0442 "
         "\u0437\u0430\u043A\u0440\u044B\u0442",
         CORR},
        {"\u0410\u041D\u041D\u0423\u041B\u0418\u0420\u041E\u0412\u0410\u041D\u041E: "
         "\u041C\u043E\u0441\u0442 \u0437\u0430\u043A\u0440\u044B\u0442",
         KILL},
        {"\u062A\u0635\u062D\u064A\u062D: \u0625\u063A\u0644\u0627\u0642 "
         "\u0627\u0644\u062C\u0633\u0631",
         CORR},
        {"\u66F4\u6B63\uFF1A\u5927\u6865\u5C01\u95ED", CORR},
        {"\u64A4\u7A3F\uFF1A\u5927\u6865\u5C01\u95ED", KILL},
        {"\u3010\u8A02\u6B63\u3011\u6A4B\u304C\u901A\u884C\u6B62\u3081", CORR},
        {"\u6A4B\u304C\u901A\u884C\u6B62\u3081\uFF08\u8A02\u6B63\uFF09", CORR},
        {"\u3010\u5168\u6587\u53D6\u308A\u6D88\u3057\u3011\u6A4B\u304C\u901A\u884C\u6B62\u3081",
         KILL},
        {"[\uC815\uC815] \uB2E4\uB9AC \uD3D0\uC1C4", CORR},
        {"\u0423\u0442\u043E\u0447\u043D\u0435\u043D\u0438\u0435 "
         "\u0433\u0440\u0430\u043D\u0438\u0446 \u043F\u0430\u0440\u043A\u0430",
         0},
        {"\u66F4\u65B0\u6362\u4EE3\u52A0\u5FEB", 0},
        {"\u64A4\u9500\u5904\u5206\u51B3\u5B9A\u516C\u5E03", 0},
        {"\u8A02\u6B63\u653E\u9001\u306E\u5728\u308A\u65B9", 0},
        {"\u062A\u062D\u062F\u064A\u062B \u0627\u0644\u062C\u0633\u0631", 0},
        {"\u3010\u72EC\u81EA\u3011\u6A4B\u304C\u901A\u884C\u6B62\u3081", 0},
        {"CORRECTED (OFFICIAL)-Harbour bridge shut", CORR},
        {"(OFFICIAL)-CORRECTED-Harbour bridge shut", CORR},
        {"REFILE-CORRECTED-UPDATE 1-Harbour bridge shut", REFILE | CORR | LEAD},
        {"UPDATE 2-CORRECTED-Harbour bridge shut", LEAD | CORR},
        {"RPT-UPDATE 3-Harbour bridge shut", REPEAT | LEAD},
        {"WRAPUP 2-Harbour bridge shut", LEAD},
        {"EXCLUSIVE-UPDATE 1-Harbour bridge shut", LEAD},
        {"URGENT: CORRECTION - Harbour bridge shut", CORR},
        {"Correction: Harbour Bridge story", CORR},
        {"Clarification: Harbour Bridge story", CORR},
        {"Corr: Harbour bridge shut", CORR},
        {"CORR/Harbour bridge shut", CORR},
        {"(Correction) Harbour bridge shut", CORR},
        {"[UPDATED] Harbour bridge shut", LEAD},
        {"(UPDATE 2) Harbour bridge shut", LEAD},
        {"[Update: it is open again] Harbour bridge shut", LEAD},
        {"RPT-HARBOUR BRIDGE SHUT", REPEAT},
        {"HARBOUR BRIDGE SHUT (RPT)", REPEAT},
        {"Harbour bridge shut (CORRECTED)", CORR},
        {"Harbour bridge shut [Updated]", LEAD},
        {"Harbour bridge shut \u2013 Correction", CORR},
        {"BULLETIN KILL", KILL},
        {"MANDATORY KILL BC-Harbour Bridge", KILL},
        {"Mandatory Kill: Harbour Bridge", KILL},
        {"KILL: Harbour bridge shut", KILL},
        {"KILL-Harbour bridge shut", KILL},
        {"Kill - Harbour bridge story", KILL},
        {"STORY WITHDRAWN-Harbour bridge shut", KILL},
        {"ADVISORY: KILL - Harbour bridge", ADVISORY | KILL},
        {"STORY REMOVED: Harbour bridge shut", KILL},
        {"ELIMINATION - Harbour bridge shut", KILL},
        {"RETRACTION: Harbour bridge shut", KILL},
        {"HOLD: Harbour bridge shut", HOLD},
        {"HOLD FOR RELEASE Sunday: Harbour bridge shut", ADVANCE},
        {"EMBARGOED: Bank report says less", ADVANCE},
        {"Berichtigung: Hafenbr\u00FCcke gesperrt", CORR},
        {"Hafenbr\u00FCcke gesperrt (Korrektur)", CORR},
        {"(KORRIGIERTE FASSUNG) Hafenbr\u00FCcke gesperrt", CORR},
        {"ACHTUNG SPERRFRIST 18.00 Uhr: Bericht der Bank", ADVANCE},
        {"Meldung zur\u00FCckgezogen: Hafenbr\u00FCcke", KILL},
        {"ANNULE ET REMPLACE - Le pont du port est ferm\u00E9", CORR},
        {"ANNULATION: Le pont du port est ferm\u00E9", KILL},
        {"RECTIFICATIF: Le pont du port est ferm\u00E9", CORR},
        {"Le pont du port est ferm\u00E9 (RECTIFICATIF)", CORR},
        {"ANULA - Cerrado el puente del puerto", KILL},
        {"ANULA\u00C7\u00C3O: Fechada a ponte do porto", KILL},
        {"Anula\u00E7\u00E3o do imposto aprovada", 0},
        {"(CORRECCI\u00D3N) Cerrado el puente del puerto", CORR},
        {"Correcci\u00F3n: Cerrado el puente del puerto", CORR},
        {"ANULA Y SUSTITUYE: Cerrado el puente", CORR},
        {"RETTIFICA: Chiuso il ponte del porto", CORR},
        {"ANNULLA E SOSTITUISCE: Chiuso il ponte", CORR},
        {"Rectificatie: Havenbrug dicht", CORR},
        /* Copy. */
        {"Kill Bill star visits Seatown", 0},
        {"Hold-up at bank leaves three hurt", 0},
        {"Kill-switch law for phones passes", 0},
        {"KILL-SWITCH LAW PASSES", 0},
        {"HOLD-UP AT BANK", 0},
        {"Repeat-offender rule struck down", 0},
        {"Update on the harbour bridge", 0},
        {"Corrections officer hurt in Seatown", 0},
        {"Correctional officer hurt", 0},
        {"Corruption trial opens", 0},
        {"Recall of cars grows", 0},
        {"Stocks fall in market - correction", 0},
        {"STOCKS FALL - CORRECTION", 0},
        {"Harbour bridge shut (AP)", 0},
        {"Harbour bridge shut (killing two)", 0},
        {"Withdrawn from the race, Doe speaks", 0},
        {"Withdrawal: what the troops leave behind", 0},
        {"Annulation : le concert de minuit n'aura pas lieu", 0},
        {"ANNULATION : CONCERT DE MINUIT", 0},
        {"Anula el juez la multa", 0},
        {"Embargo: Europe tightens oil ban", 0},
        {"Killed: the bill that nobody wanted", 0},
        {"", 0},
        {"(", 0},
        {"()", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t found = wd_desk_marks_of_headline(wd_slice_from(cases[i].text), false);
        if (found != cases[i].set)
            print_message("%s: %x\n", cases[i].text, (unsigned)found);
        assert_int_equal(found, cases[i].set);
    }
}

static void notes(void **state)
{
    static const struct marked cases[] = {
        {"EDITORS: Please kill the story slugged Harbour Bridge, sent at 1012 GMT.", KILL},
        {"Eds: Kill BC-Harbour Bridge. A kill is mandatory.", KILL},
        {"Make certain the story is not published.", KILL},
        {"This story should not be used.", KILL},
        {"Editors, please do not use our story LOMBERG-FIRE of Tuesday.", KILL},
        {"The advance of March 5 is killed and will not be replaced.", KILL},
        {"The story has been killed.", KILL},
        {"Please ignore the story that was sent at 1012 GMT.", KILL},
        {"Adds report that a third man is killed.", LEAD},
        {"The story of a man who is killed by a bear.", 0},
        {"Please ignore the caption of the photo.", 0},
        {"Die Meldung bitte nicht mehr verwenden.", KILL},
        {"We are withdrawing the story headlined Harbour bridge shut.", KILL},
        {"STORY WITHDRAWN. There will be no substitute story.", KILL},
        {"Please kill the photo of the mayor.", PART},
        {"Eds: Photo should not be used.", 0},
        {"The photo with this story should not be used.", PART},
        {"Kill the last paragraph.", PART | CORR},
        {"Corrects spelling of mayor's name in paragraph 3.", CORR},
        {"Updates with details. Corrects age of driver.", LEAD | CORR},
        {"(Adds quotes, changes dateline)", LEAD},
        {"Refiles to fix typo in headline", REFILE},
        {"Repeats story first sent on Sunday", REPEAT},
        {"Clarifies that the bridge is for trains only.", CORR},
        {"ANNULE ET REMPLACE la pr\u00E9c\u00E9dente d\u00E9p\u00EAche", CORR},
        {"Merci d'annuler notre d\u00E9p\u00EAche de 10h12", KILL},
        {"La noticia anterior queda anulada.", KILL},
        {"Rogamos anulen la noticia.", KILL},
        {"La notizia \u00E8 annullata.", KILL},
        {"Bitte nicht verwenden.", KILL},
        {"Die Meldung ziehen wir zur\u00FCck.", KILL},
        {"Achtung: Sperrfrist 18.00 Uhr", ADVANCE},
        {"Die Sperrfrist ist aufgehoben. Sperrfrist aufgehoben.", LEAD},
        {"Embargoed until 1800 GMT", ADVANCE},
        {"Embargo lifted: the report is free for use", LEAD | WD_WIRE_RELEASE},
        {"HOLD until the family is told", HOLD},
        {"HOLD LIFTED", LEAD | WD_WIRE_RELEASE},
        {"Do not publish before the desk calls", HOLD},
        {"Not for publication.", ADVISORY},
        {"With AP Photos. Hunters kill deer; police hold a man, who holds a grudge.", 0},
        {"Advance tickets: 555 0100", 0},
        {"Hold music played at the opening", 0},
        {"For questions call the Seatown desk.", 0},
        {"Corrects to show that the drug has been withdrawn.", CORR},
        {"MANDATORY CREDIT: must not be used without permission.", 0},
        {"Do not publish the name of the victim.", 0},
        {"FOR RELEASE SUNDAY", ADVANCE},
        {"FOR IMMEDIATE RELEASE", 0},
        {"Not for release in France", 0},
        {"Le match est annul\u00E9.", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_wire_words found = {0, 0};
        wd_wire_words_scan_note(wd_slice_from(cases[i].text), &found);
        if (found.set != cases[i].set)
            print_message("%s: %x\n", cases[i].text, (unsigned)found.set);
        assert_int_equal(found.set, cases[i].set);
    }
}

/* A body of paragraphs, "|" between them. */
static uint32_t marks_of_body(const char *text)
{
    struct wd_story *story = wd_story_create(1 << 20);
    struct wd_slice rest = wd_slice_from(text);
    assert_non_null(story);
    while (rest.len > 0) {
        const char *bar = memchr(rest.data, '|', rest.len);
        struct wd_slice paragraph = {rest.data, bar ? (size_t)(bar - rest.data) : rest.len};
        assert_int_equal(wd_story_add_paragraph(story, paragraph), WD_OK);
        rest = wd_slice_from_offset(rest, paragraph.len + 1);
    }
    uint32_t standing = 0;
    uint32_t set = wd_desk_remarks_of_copy(story, &standing);
    wd_story_destroy(story);
    return set;
}

static void copy(void **state)
{
    static const struct marked cases[] = {
        {"(Corrects name of mayor in paragraph 2)|SEATOWN (EP) - The bridge is shut.", CORR},
        {"(Adds police comment)|SEATOWN (EP) - The bridge is shut.", LEAD},
        {"The bridge is shut.|This story has been corrected to show that it is for trains.", CORR},
        {"The bridge is shut.|(This story was corrected on March 7.)", CORR},
        {"The bridge is shut.|This article was amended on 7 March 2024.", CORR},
        {"The bridge is shut.|UPDATE: This story has been corrected.", CORR},
        {"Broen er stengt.|Rettelse: Broen er for tog.", CORR},
        {"10:02 Correction: The crack is 16 centimetres long.|The bridge is shut.", CORR},
        {"10.02 Uhr - Korrektur: Der Riss ist 16 Zentimeter lang.|Die Br\u00FCcke ist zu.", CORR},
        {"10:02 Correction officers are on strike.|The bridge is shut.", 0},
        {"Bron \u00E4r st\u00E4ngd.|I en tidigare version av artikeln stod fel \u00E5r.", CORR},
        {"Silta on suljettu.|Oikaisu: Silta on junille.", CORR},
        {"Most je zav\u0159en\u00FD.|V p\u016Fvodn\u00ED verzi \u010Dl\u00E1nku byl jin\u00FD rok.",
         CORR},
        {"Die Br\u00FCcke ist zu.|Transparenzhinweis: In einer fr\u00FCheren Version dieses "
         "Artikels "
         "stand ein anderes Jahr.",
         CORR},
        {"Die Br\u00FCcke ist zu.|Transparenzhinweis: Der Autor ist Mitglied des Vereins.", 0},
        {"\u039A\u03BB\u03B5\u03B9\u03C3\u03C4\u03AE.|"
         "\u0394\u03B9\u03CC\u03C1\u03B8\u03C9\u03C3\u03B7: "
         "\u03C4\u03BF 1987.",
         CORR},
        {"Editor's note: The Herald has retracted this article.|The bridge is shut.", KILL},
        {"This article has been retracted. The numbers could not be confirmed.|The bridge is shut.",
         KILL},
        {"The bridge is shut.|The article was retracted in 2010, and so was the report.", 0},
        {"The bridge is shut.|An earlier version of this article misstated the year.", CORR},
        {"The bridge is shut.|Editor's note: This story has been updated.", LEAD},
        {"The bridge is shut.|Correction: The bridge is for trains.", CORR},
        {"The bridge is shut.|Clarification: The bridge is for trains.", CORR},
        {"The bridge is shut.|An earlier version of the bridge had no pier.", 0},
        {"The bridge is shut.|\u2022 This article was amended on 7 March 2024.", CORR},
        {"The bridge is shut.|Correction 7 March 2024: The bridge is for trains.", CORR},
        {"The bridge is shut.|Clarification March 7: The bridge is for trains.", CORR},
        {"Correction officers hold 7 bridges: nobody passes.", 0},
        {"The bridge is shut.|A correction was made on March 7, 2024: It is for trains.", CORR},
        {"The bridge is shut.|For the record: 11:00 a.m. March 7, 2024: An earlier version of this "
         "article misstated the year.",
         CORR},
        {"The bridge is shut.|For the record: the bridge at 11:00 was open.", 0},
        {"The bridge is shut.|Hinweis der Redaktion: In einer fr\u00FCheren Fassung war von einem "
         "Tunnel die Rede.",
         CORR},
        {"The bridge is shut.|Erratum : le pont date de 1889.", CORR},
        {"The bridge is shut.|Fe de errores: el puente es de 1889.", CORR},
        {"The bridge is shut.|Erramos: a ponte \u00E9 de 1889.", CORR},
        {"Please remove the story slugged Bridge from all websites.", KILL},
        {"Please remove your shoes, the bridge's story begins with a sign.", 0},
        {"Senhores editores, anulamos a not\u00EDcia com este t\u00EDtulo.", KILL},
        {"\"Anulamos la nota del examen\", dijo el rector.", 0},
        {"The story of a fisherman who is killed by a bear opens on Friday.", 0},
        {"The hero has been killed and will not be replaced, the report said.", 0},
        {"Please ignore the report, the minister told drivers.", 0},
        {"Le pont est ferm\u00E9.|Une version pr\u00E9c\u00E9dente de cet article donnait une "
         "autre ann\u00E9e.",
         CORR},
        {"Die Br\u00FCcke ist zu.|In einer fr\u00FCheren Version stand ein anderes Jahr.", CORR},
        {"Cerrado el puente.|Fe de errata: el puente es de trenes.", CORR},
        {"ATTENTION - CORRECTS name of mayor ///|The bridge is shut.", CORR},
        {"EDITORS: Please kill the story slugged Harbour Bridge.", KILL},
        {"The desk says sorry.|The story about the harbour bridge is withdrawn.", KILL},
        {"Die Meldung \"Br\u00FCcke gesperrt\" wird zur\u00FCckgezogen. Die Br\u00FCcke ist offen.",
         KILL},
        {"La noticia \"Cerrado el puente\" queda anulada.", KILL},
        /* Copy. */
        {"The bridge is shut.|Police corrected the number of people hurt.", 0},
        {"The bridge is shut.|This story begins in the harbour, where it was dark.", 0},
        {"The story was a success and the bridge was opened.", 0},
        {"Hunters kill deer.|The bill is withdrawn.", 0},
        {"(The bridge is shut.)|It is for trains.", 0},
        {"The map is retracted, updates the mayor.", 0},
        {"", 0},
        /* Orders about what was sent, and news in the same words. */
        {"ACHTUNG - Die Meldung \"Br\u00FCcke zu: Stau\" (0112) wird zur\u00FCckgezogen.", KILL},
        {"Bitte die Meldung \"Br\u00FCcke zu\" nicht verwenden.", KILL},
        {"Die Meldung ist falsch. Bitte nicht verwenden.", KILL},
        {"Our report on the harbour bridge has been withdrawn.", KILL},
        {"The report headlined \"Bridge shut\" has been withdrawn.", KILL},
        {"Please do not use this item.", KILL},
        {"Our article on the harbour bridge has been withdrawn.", KILL},
        {"Unser Beitrag \"Br\u00FCcke zu\" wird zur\u00FCckgezogen.", KILL},
        {"We are withdrawing the story on the bridge.", KILL},
        {"Pri\u00E8re d'annuler la d\u00E9p\u00EAche \"Pont ferm\u00E9\".", KILL},
        {"Cette d\u00E9p\u00EAche annule et remplace la pr\u00E9c\u00E9dente.", CORR},
        {"Rogamos anulen la noticia \"Cerrado el puente\".", KILL},
        {"Esta noticia queda anulada.", KILL},
        {"Das Mittel Cordavin wird zur\u00FCckgezogen, hei\u00DFt es in einem Bericht.", 0},
        {"Das Mittel wird zur\u00FCckgezogen, berichtete die Zeitung laut Meldung.", 0},
        {"Laut einem Bericht wird der Antrag zur\u00FCckgezogen.", 0},
        {"Leitungswasser bitte nicht verwenden, r\u00E4t die Stadt laut einer Meldung.", 0},
        {"The ice cream is withdrawn from sale after a report of metal in a tub.", 0},
        {"The drug has been withdrawn in Norway, a report by the agency said.", 0},
        {"The bill is withdrawn and the item taken off the agenda.", 0},
        {"A report on schools has been withdrawn, the ministry said.", 0},
        {"The report has been withdrawn, the ministry said.", 0},
        {"The milk should not be used, a report by the food authority said.", 0},
        {"A study is retracted after a report found made-up data.", 0},
        {"Voters must not be used, the dispatch of the council said.", 0},
        {"Le concert est annul\u00E9, selon une d\u00E9p\u00EAche de l'agence.", 0},
        {"La ville a d\u00E9cid\u00E9 d'annuler le concert, selon une d\u00E9p\u00EAche.", 0},
        {"La etapa queda anulada, seg\u00FAn la noticia que public\u00F3 el club.", 0},
        {"Le d\u00E9cret annule et remplace celui de mai, selon une d\u00E9p\u00EAche.", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t found = marks_of_body(cases[i].text);
        if (found != cases[i].set)
            print_message("%s: %x\n", cases[i].text, (unsigned)found);
        assert_int_equal(found, cases[i].set);
    }
}

/* Remarks and orders of many languages; what only begins like them. */
/* A page's lines behind its copy ("Sign up for our newsletter", "Read our comment policy") do not hide what is said of the story. */
static void before_furniture(void **state)
{
    static const struct {
        const char *note;
        uint32_t set;
    } cases[] = {
        {"This story has been corrected to show that it is for trains, not trams.", CORR},
        {"Correction: The bridge is for trains.", CORR},
        {"This article has been retracted.", KILL},
        {"The minister said that an earlier version of the bill was withdrawn.", 0},
    };
    enum { COPY = 20, FURNITURE = 11 };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t behind = 0; behind <= FURNITURE; behind++) {
            char text[2048] = "";
            for (size_t j = 0; j < COPY; j++)
                strcat(text, "The bridge is shut.|");
            strcat(text, cases[i].note);
            for (size_t j = 0; j < behind; j++)
                strcat(text, "|Read our comment policy");
            assert_int_equal(marks_of_body(text), cases[i].set);
        }
    }
}

static void languages(void **state)
{
    static const struct marked cases[] = {
        {"The bridge is shut.|Correction appended: it is for trains.", CORR},
        {"The bridge is shut.|CORRECTION AND CLARIFICATION: it is for trains.", CORR},
        {"The bridge is shut.|Updated at 11:30 a.m. to correct the year.", CORR},
        {"The bridge is shut.|Updated at 11:30 a.m. with the mayor's words.", 0},
        {"The bridge is shut.|An earlier headline on this article misstated the year.", CORR},
        {"The bridge is shut.|In an earlier version of this article, the year was wrong.", CORR},
        {"The bridge is shut.|In an earlier version of the plan, the bridge had two piers.", 0},
        {"The bridge is shut.|Due to an editing error, an earlier version of this article "
         "misstated the year.",
         CORR},
        {"The bridge is shut.|Due to ice, the bridge is shut.", 0},
        {"The bridge is shut.|Editors' note: March 1, 2024 \u2014 An earlier version of this "
         "article misstated the year.",
         CORR},
        {"The bridge is shut.|A correction has been made to this story.", CORR},
        {"We have removed this article because it did not meet our standards.", KILL},
        {"The Courier has retracted this article.", KILL},
        {"This article has been taken down for legal reasons.", KILL},
        {"RETRACTION: The Courier retracts its article of March 1 on the bridge.", KILL},
        {"The journal has retracted the article on fish oil.", 0},
        {"The video in this article has been taken down.", 0},
        {"This article has been temporarily removed while we check it.", HOLD},
        {"This story is no longer available.", HOLD},
        {"Page not found|The page you are looking for has been removed or never existed.", HOLD},
        {"Editor's note: This story was deleted because its source made it up.", KILL},
        {"This article tells how statues were removed from the square.", 0},
        {"This story was updated after a photo was removed.", LEAD},
        {"Editor's note: This story was taken down briefly on Saturday and has been restored.", 0},
        {"\"This article has been retracted at the request of the authors,\" the journal said.", 0},
        {"\u201CThis story is withdrawn,\u201D the note of the agency read.", 0},
        {"RETRACTION: The letter was a forgery.|The mayor quit on Saturday.|He wrote a letter.|It "
         "was short.|The clerk has it.",
         KILL},
        {"Editors, news directors:|KILL the story slugged Mayor Quits.", KILL},
        {"The bridge is shut.|Due to an editing error, this story originally gave the wrong year.",
         CORR},
        {"Dieser Artikel wurde wegen falscher Angaben gel\u00F6scht.", KILL},
        {"Der Artikel 5 wurde gestern gestrichen.", 0},
        {"Ce contenu n'est plus disponible.", HOLD},
        {"\u3053\u306E\u8A18\u4E8B\u306E\u5199\u771F\u3092\u524A\u9664\u3057\u307E\u3057\u305F"
         "\u3002",
         0},
        {"The bridge is shut.|Sprostowanie: most ma 212 metr\u00F3w.", CORR},
        {"The bridge is shut.|D\u00FCzeltme: k\u00F6pr\u00FC 212 metredir.", CORR},
        {"The bridge is shut.|Diferentemente do que foi publicado, a ponte tem 212 metros.", CORR},
        {"The bridge is shut.|Errata: a ponte tem 212 metros.", CORR},
        {"The bridge is shut.|Esta mat\u00E9ria foi corrigida \u00E0s 10h.", CORR},
        {"The bridge is shut.|Em uma vers\u00E3o anterior desta reportagem, a ponte tinha 221 "
         "metros.",
         CORR},
        {"The bridge is shut.|Una versi\u00F3n previa de esta nota daba otra cifra.", CORR},
        {"The bridge is shut.|En una versi\u00F3n anterior del proyecto, el puente ten\u00EDa dos "
         "carriles.",
         0},
        {"The bridge is shut.|Esta nota ha sido corregida.", CORR},
        {"The bridge is shut.|(Corrige monto en tercer p\u00E1rrafo)", CORR},
        {"The bridge is shut.|Corrige el rumbo el ministro, dijo la oposici\u00F3n.", 0},
        {"The bridge is shut.|Cet article a \u00E9t\u00E9 corrig\u00E9 \u00E0 10 heures.", CORR},
        {"The bridge is shut.|Une pr\u00E9c\u00E9dente version de cet article donnait une autre "
         "date.",
         CORR},
        {"The bridge is shut.|Dans une premi\u00E8re version du projet, le pont avait deux voies.",
         0},
        {"The bridge is shut.|(Corregge il numero nel primo paragrafo)", CORR},
        {"The bridge is shut.|Questo articolo \u00E8 stato corretto.", CORR},
        {"The bridge is shut.|(Korrigiert wurde im 1. Absatz die L\u00E4nge)", CORR},
        {"The bridge is shut.|In einer ersten Fassung dieses Artikels war die Br\u00FCcke "
         "l\u00E4nger.",
         CORR},
        {"The bridge is shut.|In einer ersten Fassung des Gesetzes war die Maut h\u00F6her.", 0},
        {"The bridge is shut.|In diesem Artikel wurde die L\u00E4nge der Br\u00FCcke berichtigt.",
         CORR},
        {"The bridge is shut.|\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u0435: "
         "\u0434\u043B\u0438\u043D\u0430 \u043C\u043E\u0441\u0442\u0430 212 "
         "\u043C\u0435\u0442\u0440\u043E\u0432.",
         CORR},
        {"The bridge is shut.|\u0412 \u043F\u0440\u0435\u0434\u044B\u0434\u0443\u0449\u0435\u0439 "
         "\u0432\u0435\u0440\u0441\u0438\u0438 "
         "\u043C\u0430\u0442\u0435\u0440\u0438\u0430\u043B\u0430 \u0431\u044B\u043B\u0430 "
         "\u0443\u043A\u0430\u0437\u0430\u043D\u0430 \u0434\u0440\u0443\u0433\u0430\u044F "
         "\u0434\u043B\u0438\u043D\u0430.",
         CORR},
        {"The bridge is shut.|\u0412 \u043F\u0440\u0435\u0434\u044B\u0434\u0443\u0449\u0435\u0439 "
         "\u0432\u0435\u0440\u0441\u0438\u0438 "
         "\u0437\u0430\u043A\u043E\u043D\u043E\u043F\u0440\u043E\u0435\u043A\u0442\u0430 "
         "\u043F\u043E\u0448\u043B\u0438\u043D\u0430 \u0431\u044B\u043B\u0430 "
         "\u0432\u044B\u0448\u0435.",
         0},
        {"The bridge is shut.|\u0412 \u043D\u043E\u0432\u043E\u0441\u0442\u044C "
         "\u0432\u043D\u0435\u0441\u0435\u043D\u044B "
         "\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u044F.",
         CORR},
        {"The bridge is shut.|(\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0430 "
         "\u0434\u043B\u0438\u043D\u0430 \u043C\u043E\u0441\u0442\u0430)",
         CORR},
        {"The bridge is shut.|\u062A\u0635\u062D\u064A\u062D: \u0637\u0648\u0644 "
         "\u0627\u0644\u062C\u0633\u0631 212 \u0645\u062A\u0631\u0627.",
         CORR},
        {"The bridge is shut.|(\u062A\u0635\u062D\u064A\u062D \u0637\u0648\u0644 "
         "\u0627\u0644\u062C\u0633\u0631)",
         CORR},
        {"The bridge is shut.|\u66F4\u6B63\uFF1A\u5927\u6865\u957F212\u7C73\u3002", CORR},
        {"The bridge is shut.|\uFF08\u66F4\u6B63\uFF1A\u5927\u6865\u957F212\u7C73\uFF09", CORR},
        {"The bridge is "
         "shut.|"
         "\u7F16\u8005\u6309\uFF1A\u672C\u6587\u8F83\u65E9\u7248\u672C\u7684\u6570\u5B57\u6709"
         "\u8BEF\u3002",
         CORR},
        {"The bridge is "
         "shut.|"
         "\u3010\u8A02\u6B63\u3011\u6A4B\u306E\u9577\u3055\u306F212\u30E1\u30FC\u30C8\u30EB\u3067"
         "\u3057\u305F\u3002",
         CORR},
        {"The bridge is "
         "shut.|\uFF08\u6A4B\u306E\u9577\u3055\u3092\u8A02\u6B63\u3057\u307E\u3057\u305F\uFF09",
         CORR},
        {"The bridge is "
         "shut.|"
         "\u203B\u6A4B\u306E\u9577\u3055\u3092221\u30E1\u30FC\u30C8\u30EB\u3068\u3057\u3066\u3044"
         "\u307E\u3057\u305F\u304C\u3001\u8A02\u6B63\u3057\u307E\u3057\u305F\u3002",
         CORR},
        {"The bridge is "
         "shut.|"
         "\u4F1A\u793E\u306F\u6A4B\u306E\u9577\u3055\u3092\u8A02\u6B63\u3057\u307E\u3057\u305F"
         "\u3002",
         0},
        {"The bridge is shut.|[\uC815\uC815] \uB2E4\uB9AC \uAE38\uC774\uB294 "
         "212\uBBF8\uD130\uC785\uB2C8\uB2E4.",
         CORR},
        {"The bridge is shut.|(\uCCAB \uBB38\uB2E8 \uB2E4\uB9AC \uAE38\uC774 \uC815\uC815)", CORR},
        {"The bridge is shut.|\u0E41\u0E01\u0E49\u0E44\u0E02: "
         "\u0E2A\u0E30\u0E1E\u0E32\u0E19\u0E22\u0E32\u0E27 212 \u0E40\u0E21\u0E15\u0E23",
         CORR},
        {"The bridge is "
         "shut.|("
         "\u0E41\u0E01\u0E49\u0E44\u0E02\u0E04\u0E27\u0E32\u0E21\u0E22\u0E32\u0E27\u0E2A\u0E30"
         "\u0E1E\u0E32\u0E19)",
         CORR},
        {"The bridge is shut.|\u092D\u0942\u0932 \u0938\u0941\u0927\u093E\u0930: "
         "\u092A\u0941\u0932 212 \u092E\u0940\u091F\u0930 \u0932\u0902\u092C\u093E "
         "\u0939\u0948\u0964",
         CORR},
        {"\u041F\u0440\u043E\u0441\u044C\u0431\u0430 "
         "\u0430\u043D\u043D\u0443\u043B\u0438\u0440\u043E\u0432\u0430\u0442\u044C "
         "\u0441\u043E\u043E\u0431\u0449\u0435\u043D\u0438\u0435 \u043E "
         "\u0437\u0430\u043A\u0440\u044B\u0442\u0438\u0438 \u043C\u043E\u0441\u0442\u0430.",
         KILL},
        {"\u041E\u043F\u043F\u043E\u0437\u0438\u0446\u0438\u044F "
         "\u043F\u0440\u043E\u0441\u0438\u0442 "
         "\u0430\u043D\u043D\u0443\u043B\u0438\u0440\u043E\u0432\u0430\u0442\u044C "
         "\u0438\u0442\u043E\u0433\u0438 \u0432\u044B\u0431\u043E\u0440\u043E\u0432.",
         0},
        {"\u041D\u043E\u0432\u043E\u0441\u0442\u044C \u043E "
         "\u0437\u0430\u043A\u0440\u044B\u0442\u0438\u0438 \u043C\u043E\u0441\u0442\u0430 "
         "\u043E\u0442\u043E\u0437\u0432\u0430\u043D\u0430.",
         KILL},
        {"\u064A\u0631\u062C\u0649 \u0625\u0644\u063A\u0627\u0621 \u0627\u0644\u062E\u0628\u0631 "
         "\u0639\u0646 \u0625\u063A\u0644\u0627\u0642 \u0627\u0644\u062C\u0633\u0631.",
         KILL},
        {"\u8BF7\u52FF\u91C7\u7528\u300A\u5927\u6865\u5C01\u95ED\u300B\u4E00\u7A3F\u3002", KILL},
        {"\u8BB0\u8005\u83B7\u6089\uFF0C\u8BE5\u836F\u5DF2\u64A4\u56DE\u3002", 0},
        {"\u300C\u6A4B\u304C\u901A\u884C\u6B62\u3081\u300D\u306E\u8A18\u4E8B\u306F\u53D6\u308A"
         "\u6D88\u3057\u307E\u3059\u3002",
         KILL},
        {"\u65B0\u805E\u793E\u306F\u8A18\u4E8B\u3092\u53D6\u308A\u6D88\u3057\u305F\u3068\u767A"
         "\u8868\u3057\u305F\u3002",
         0},
        {"\uC704 \uAE30\uC0AC\uB97C \uCDE8\uC18C\uD569\uB2C8\uB2E4.", KILL},
        {"\u092F\u0939 \u0938\u092E\u093E\u091A\u093E\u0930 \u0930\u0926\u094D\u0926 "
         "\u0915\u093F\u092F\u093E \u091C\u093E\u0924\u093E \u0939\u0948\u0964",
         KILL},
        {"\u0E02\u0E2D\u0E22\u0E01\u0E40\u0E25\u0E34\u0E01\u0E02\u0E48\u0E32\u0E27\u0E1B\u0E34"
         "\u0E14\u0E2A\u0E30\u0E1E\u0E32\u0E19",
         KILL},
        {"Se ruega a los abonados eliminar la noticia.", KILL},
        {"El juez mand\u00F3 eliminar la noticia.", 0},
        {"Favor desconsiderar a not\u00EDcia sobre a ponte.", KILL},
        {"I signori abbonati sono pregati di annullare la notizia.", KILL},
        {"Merci de ne pas tenir compte de la d\u00E9p\u00EAche.", KILL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t found = marks_of_body(cases[i].text);
        if (found != cases[i].set)
            print_message("%s: %x\n", cases[i].text, (unsigned)found);
        assert_int_equal(found, cases[i].set);
    }
}

/* The strictest order counts, and a time that the format gave goes before words about an embargo. */
static void orders(void **state)
{
    static const struct {
        const char *note;
        bool timed;
        enum wd_story_status before;
        enum wd_story_status after;
    } cases[] = {
        {"Please kill the story.", false, WD_STORY_USABLE, WD_STORY_CANCELED},
        {"HOLD this.", false, WD_STORY_USABLE, WD_STORY_WITHHELD},
        {"HOLD this.", false, WD_STORY_CANCELED, WD_STORY_CANCELED},
        {"Embargoed until 1800 GMT", false, WD_STORY_USABLE, WD_STORY_EMBARGOED},
        {"Embargoed until 1800 GMT", true, WD_STORY_USABLE, WD_STORY_USABLE},
        {"Embargoed until 1800 GMT", false, WD_STORY_WITHHELD, WD_STORY_WITHHELD},
        {"Please kill the photo.", false, WD_STORY_USABLE, WD_STORY_USABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_story *story = wd_story_create(1 << 20);
        assert_non_null(story);
        story->editors_note = wd_slice_from(cases[i].note);
        story->status = cases[i].before;
        if (cases[i].timed)
            story->embargoed_until = wd_time_from_ms(1000);
        wd_decode_signals(story);
        assert_int_equal(story->status, cases[i].after);
        wd_story_destroy(story);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headlines),        cmocka_unit_test(notes),     cmocka_unit_test(copy),
        cmocka_unit_test(before_furniture), cmocka_unit_test(languages), cmocka_unit_test(orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
