# One target carries warnings, sanitizers and hardening; everything of ours links it.
add_library(wd_build_options INTERFACE)
target_compile_options(wd_build_options INTERFACE -Wall -Wextra -Wshadow -Wconversion
                                                  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>)
target_compile_definitions(wd_build_options INTERFACE _GNU_SOURCE)
if(WD_WERROR)
  target_compile_options(wd_build_options INTERFACE -Werror)
endif()
if(WD_SANITIZE)
  # -O1: faster tests, and clang looks for uses after a scope only when optimising. Sanitizers' own code
  # misleads GCC's guesses about lengths and values; the dev preset has all warnings.
  target_compile_options(
    wd_build_options
    INTERFACE -O1 -fsanitize=${WD_SANITIZE} -fno-omit-frame-pointer
              $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation -Wno-maybe-uninitialized>)
  target_link_options(wd_build_options INTERFACE -fsanitize=${WD_SANITIZE})
  if(WD_SANITIZE MATCHES "undefined") # which otherwise is told, and the test passes
    target_compile_options(wd_build_options INTERFACE -fno-sanitize-recover=undefined)
    target_link_options(wd_build_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(WD_FUZZ) # what libFuzzer steers by: without it in the libraries it sees nothing but the target itself
  target_compile_options(wd_build_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(wd_build_options INTERFACE -fsanitize=fuzzer-no-link)
  if(NOT WD_SANITIZE) # optimised for speed, but an edge of the source stays one edge: no copies by inlining or unrolling
    target_compile_options(wd_build_options INTERFACE -O1 -fno-inline -fno-unroll-loops -fno-vectorize
                                                      -fno-slp-vectorize)
  endif()
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  target_compile_options(wd_build_options INTERFACE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
                                                    -fPIE)
  target_link_options(wd_build_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
