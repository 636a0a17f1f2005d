# The processors library knows neither libuv nor librdkafka: nm shows no symbol of either.
execute_process(COMMAND nm -A ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed OR NOT symbols MATCHES "wd_pipeline_process")
  message(FATAL_ERROR "nm could not read ${LIBRARY}")
endif()
if(symbols MATCHES " U (uv_|rd_kafka_)[a-z_]*")
  message(FATAL_ERROR "the processors library uses ${CMAKE_MATCH_0}")
endif()
