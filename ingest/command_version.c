#include "command.h"
#include "exit_code.h"
#include "json.h"

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <libxml/xmlversion.h>
#include <microhttpd.h>
#include <stdio.h>
#include <unicode/uvernum.h>
#include <uv.h>
#include <xxhash.h>

static int run(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return wd_command_usage(&wd_command_version, "version takes no arguments");
    (void)printf("wiredesk %s\n", WD_VERSION_TEXT);
    /* Not XXH_versionNumber: librdkafka has one of its own, of an xxHash of 2018. */
    (void)printf("librdkafka %s, yyjson %s, Jansson %s, libuv %s, ICU %s, libxml2 %s, "
                 "libmicrohttpd %s, xxHash %d.%d.%d\n",
                 rd_kafka_version_str(), YYJSON_VERSION_STRING, JANSSON_VERSION,
                 uv_version_string(), U_ICU_VERSION, LIBXML_DOTTED_VERSION, MHD_get_version(),
                 XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE);
    return WD_EXIT_OK;
}

const struct wd_command wd_command_version = {
    .name = "version",
    .arguments = "",
    .summary = "the version of the program and of its libraries",
    .help = "Prints two lines.\n",
    .run = run,
};
