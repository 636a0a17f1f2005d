/* address.h - the one page that many addresses lead to.
 *
 * Why:    a paper hands its page on with http and https, with and without "www.", for telephones, for AMP, and with words
 *         that count readers behind "?": a correction of one is a correction of all.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: tells pages apart rather than not: a query that is not known to count readers names another page, and so does a
 *         fragment. Nothing is fetched.
 * Source: RFC 3986; the words that analytics and social networks append. */
#ifndef WD_ADDRESS_H
#define WD_ADDRESS_H

#include "buffer.h"
#include "slice.h"

/* Appends what is the same for all addresses of the page; what is no address of the web as it is. */
void wd_address_append_page(struct wd_buffer *out, struct wd_slice address);

#endif
