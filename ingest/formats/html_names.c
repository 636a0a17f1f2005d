#include "html_names.h"

#include <libxml/dict.h>
#include <libxml/parserInternals.h>

void wd_html_limit_names(htmlParserCtxt *parser)
{
    (void)xmlDictSetLimit(parser->dict, WD_HTML_NAME_BYTES_MAX);
}

void wd_html_stop_at_names(htmlParserCtxt *parser)
{
    if (wd_html_names_full(parser))
        xmlStopParser(parser);
}

bool wd_html_names_full(const htmlParserCtxt *parser)
{
    return xmlDictGetUsage(parser->dict) > WD_HTML_NAME_BYTES_MAX;
}
