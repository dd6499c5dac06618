# Installs the build BUILD to a fresh prefix and builds and runs consumer/ against it, both in a directory outside the
# source and build trees, which the installed files must not mention.
#
#   cmake -DBUILD=… -DSOURCE=… -DCOMPILER=… -DCONFIGURATION=… -P install_test.cmake
set(temporary "$ENV{TMPDIR}")
if(NOT temporary)
  set(temporary "/tmp")
endif()
string(RANDOM LENGTH 12 suffix)
set(root "${temporary}/hillock-install-${suffix}")

function(run_step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    file(REMOVE_RECURSE "${root}")
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

run_step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${root}/prefix")
file(GLOB_RECURSE packages "${root}/prefix/*.cmake")
foreach(package IN LISTS packages)
  file(READ "${package}" text)
  foreach(tree IN ITEMS "${BUILD}" "${SOURCE}")
    string(FIND "${text}" "${tree}/" place)
    if(NOT place EQUAL -1)
      file(REMOVE_RECURSE "${root}")
      message(FATAL_ERROR "${package} mentions ${tree}")
    endif()
  endforeach()
endforeach()

file(COPY "${CMAKE_CURRENT_LIST_DIR}/consumer" DESTINATION "${root}")
run_step("${CMAKE_COMMAND}" -S "${root}/consumer" -B "${root}/consumer-build" "-DCMAKE_PREFIX_PATH=${root}/prefix"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${CONFIGURATION}")
run_step("${CMAKE_COMMAND}" --build "${root}/consumer-build")
run_step("${root}/consumer-build/consumer" "${root}/xor.safetensors")
# The installed program reads the model that the consumer wrote.
run_step("${root}/prefix/bin/hillock" show "${root}/xor.safetensors")
file(REMOVE_RECURSE "${root}")
