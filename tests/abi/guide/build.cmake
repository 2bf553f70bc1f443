# cmake -DREADME=… -DPREFIX=<installed package> -DWORK=<scratch> … -P build.cmake: builds the project that the author's
# guide shows, against the installed package, and runs its test.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../commands.cmake)
file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} -DREADME=${README} -DTO=${WORK}/source -P ${CMAKE_CURRENT_LIST_DIR}/extract.cmake)
run(${CMAKE_COMMAND} -S ${WORK}/source -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${CC} "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror ${FLAGS}"
    -DCMAKE_BUILD_TYPE=Debug)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure --no-tests=error)
foreach(plugin acme-audit acme-order-log acme-notify)
  if(NOT EXISTS ${WORK}/build/lib${plugin}.so)
    message(FATAL_ERROR "the guide's project did not build lib${plugin}.so")
  endif()
endforeach()
