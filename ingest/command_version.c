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
    (void)printf("librdkafka %s, yyjson %s, Jansson %s, libuv %s, ICU %s, libxml2 %s, "
                 "libmicrohttpd %s, xxHash %u.%u.%u\n",
                 rd_kafka_version_str(), YYJSON_VERSION_STRING, JANSSON_VERSION,
                 uv_version_string(), U_ICU_VERSION, LIBXML_DOTTED_VERSION, MHD_get_version(),
                 XXH_versionNumber() / 10000, XXH_versionNumber() / 100 % 100,
                 XXH_versionNumber() % 100);
    return WD_EXIT_OK;
}

const struct wd_command wd_command_version = {
    .name = "version",
    .arguments = "",
    .summary = "the version of the program and of its libraries",
    .help = "Prints two lines.\n",
    .run = run,
};
