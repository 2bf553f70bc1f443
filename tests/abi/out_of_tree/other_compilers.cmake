# cmake -DGANTRY=<program> -DPREFIX=<installed package> -DSOURCE=<this folder> -DPLAIN_C=<file> -DWORK=<scratch> …
# -P other_compilers.cmake: the same plugin by clang, and one in plain C by nothing but pkg-config and the compiler; the host
# takes both.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../commands.cmake)

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/clang -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX}
    -DCMAKE_CXX_COMPILER=${CLANGXX} -DCMAKE_C_COMPILER=${CLANG} -DCMAKE_BUILD_TYPE=Debug)
run(${CMAKE_COMMAND} --build ${WORK}/clang)
run(${GANTRY} plugins ${WORK}/clang/libacme-audit.so)
expect("handler audit:")

file(GLOB_RECURSE pc ${PREFIX}/gantry-plugin.pc)
get_filename_component(folder ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${folder})
# The prefix is the package's, and it was installed elsewhere for this test.
run(pkg-config --define-variable=prefix=${PREFIX} --cflags gantry-plugin)
separate_arguments(flags UNIX_COMMAND "${out}")
run(${CC} -std=c11 -Wall -Wextra -Werror -fPIC -shared ${flags} ${PLAIN_C} -o ${WORK}/libaudit-in-c.so)
run(${GANTRY} plugins ${WORK}/libaudit-in-c.so)
expect("handler audit-in-c:")
