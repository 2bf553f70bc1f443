# cmake -DGANTRY=<program> -DPREFIX=<installed package> -DWORK=<scratch> … -P build.cmake: what `gantry new-plugin` writes
# builds against the installed package, its test passes, and the host takes its library, route and migration.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../commands.cmake)

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(folder ${WORK})
run(${GANTRY} new-plugin acme-keeper)
set(folder ${WORK}/acme-keeper)
run(${CMAKE_COMMAND} -B build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_C_COMPILER=${CC} "-DCMAKE_CXX_FLAGS=${FLAGS} -Wall -Wextra" -DCMAKE_BUILD_TYPE=Debug)
run(${CMAKE_COMMAND} --build build)
run(${CMAKE_CTEST_COMMAND} --test-dir build --output-on-failure --no-tests=error)
file(MAKE_DIRECTORY ${folder}/routes.d)
file(COPY_FILE ${folder}/route.toml ${folder}/routes.d/acme-keeper.toml)
file(WRITE ${folder}/gantry.toml "
[kafka]
\"bootstrap.servers\" = \"localhost:9092\"
[plugins]
dirs = [\"${folder}/build\"]
[database.main]
dsn = \"postgresql://localhost/main\"
")
run(${GANTRY} check --config gantry.toml)
expect("acme-keeper-topic")
run(${GANTRY} db print --config gantry.toml)
expect("CREATE TABLE acme_keeper_messages")
