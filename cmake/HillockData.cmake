# Makes the files of data/ part of the library, so that the built-in sets need no source tree.
function(hillock_embed_data target)
  set(inputs "")
  foreach(name IN ITEMS breast_cancer.csv.gz digits.csv.gz iris.csv wine_data.csv xor.csv)
    list(APPEND inputs "${PROJECT_SOURCE_DIR}/data/${name}")
  endforeach()
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed.cmake")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_data.cc")
  # VERBATIM keeps the list's semicolons together as one argument.
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUTS=${inputs}" "-DOUTPUT=${output}" -P "${script}"
    DEPENDS ${inputs} "${script}" COMMENT "Embedding the built-in data sets" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()

hillock_embed_data(hillock)
