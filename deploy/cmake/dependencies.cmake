# Libraries. Debian's by pkg-config; librdkafka (2.10 or newer) and yyjson as README says.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)

# The daemon's allocator. Sanitizers bring their own.
add_library(wd_allocator INTERFACE)
find_library(WD_JEMALLOC libjemalloc_pic.a)
if(NOT WD_SANITIZE)
  if(NOT WD_JEMALLOC)
    message(FATAL_ERROR "jemalloc is missing: run deploy/dependencies")
  endif()
  target_link_libraries(wd_allocator INTERFACE "${WD_JEMALLOC}" m dl Threads::Threads)
endif()

# What deploy/dependencies fetched and built, pinned by deploy/dependencies.lock.
set(cache "$ENV{HOME}/.cache/wiredesk")
if(DEFINED ENV{WD_CACHE})
  set(cache "$ENV{WD_CACHE}")
endif()
set(WD_DEPENDENCIES "${cache}/deps" CACHE PATH "Where deploy/dependencies built")
set(WD_RDKAFKA_ROOT "${WD_DEPENDENCIES}/librdkafka-2.15.1" CACHE PATH
    "Prefix of a librdkafka of 2.10 or newer; the system's is taken where it is new enough")
set(WD_YYJSON_DIR "${WD_DEPENDENCIES}/yyjson-0.10.0" CACHE PATH "Folder with yyjson.c and yyjson.h")

pkg_check_modules(SYSTEM_RDKAFKA QUIET IMPORTED_TARGET rdkafka>=2.10)
add_library(wd_rdkafka INTERFACE)
if(EXISTS "${WD_RDKAFKA_ROOT}/lib/librdkafka.a")
  # Linked statically: the installed program needs no library path.
  target_include_directories(wd_rdkafka SYSTEM INTERFACE "${WD_RDKAFKA_ROOT}/include")
  target_link_libraries(wd_rdkafka INTERFACE "${WD_RDKAFKA_ROOT}/lib/librdkafka.a"
                                             curl ssl crypto sasl2 zstd z m dl rt Threads::Threads)
elseif(SYSTEM_RDKAFKA_FOUND)
  target_link_libraries(wd_rdkafka INTERFACE PkgConfig::SYSTEM_RDKAFKA)
else()
  message(FATAL_ERROR "librdkafka 2.10 or newer is missing: run deploy/dependencies, or give "
                      "-DWD_RDKAFKA_ROOT=PREFIX")
endif()

if(NOT EXISTS "${WD_YYJSON_DIR}/yyjson.c")
  message(FATAL_ERROR "yyjson is missing: run deploy/dependencies, or give -DWD_YYJSON_DIR=FOLDER")
endif()
add_library(yyjson STATIC "${WD_YYJSON_DIR}/yyjson.c")
target_include_directories(yyjson SYSTEM PUBLIC "${WD_YYJSON_DIR}")
target_compile_options(yyjson PRIVATE -w)
set_target_properties(yyjson PROPERTIES POSITION_INDEPENDENT_CODE ON)
