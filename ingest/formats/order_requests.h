/* order_requests.h - sentences by which a desk asks that what it sent be taken back, by how they are built.
 *
 * Why:    no list has all of them: "Subscribers are requested to kill the story headlined ...", "Sírvanse anular nuestra
 *         noticia", "Pede-se que seja anulada a notícia", "La notizia va eliminata". What they have in common is who is asked, for
 *         what, and what of; a sentence that has all three in their order, and nothing before them, is no news.
 * Thread: any; no state.
 * Limits: short copy (notice.h) and notes; sentences of WORDS_MAX words.
 * Source: advisories of wires in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian;
 *         tests/pipeline/scenarios/requests.json. */
#ifndef WD_ORDER_REQUESTS_H
#define WD_ORDER_REQUESTS_H

#include "story.h"

/* Whether a sentence of the text asks so, begins with what was sent and says that it must go ("La dépêche intitulée ... est à
 * supprimer", "The story slugged X stands withdrawn"), or says in the first person that it is taken back ("We are retracting our
 * story"). What stands in quotation marks is somebody's words. `*wait`: where none does, one asks that it be not used before a time: "The
 * story must not be used before 1800 GMT" is an embargo. */
bool wd_order_requests_kill(struct wd_slice text, bool *wait);
/* Whether the use that the sentence speaks of, whatever of, ends or begins at a time. */
bool wd_order_requests_until(struct wd_slice text);
/* Whether the story's provider, or its source, says so of itself: "The Herald is retracting its story", of the provider "herald".
 * Anybody else's copy with these words is news; what is said to desks (`to_desks`) is of the house that says it, whatever it calls
 * itself. */
bool wd_order_requests_own(const struct wd_story *story, struct wd_slice text, bool to_desks);

#endif
