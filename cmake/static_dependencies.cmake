# GANTRY_STATIC_DEPS: what other distributions do not have under the same soname becomes part of the host and the plugins.
# The targets stay those of cmake/dependencies.cmake; what they link is another thing. libpqxx and prometheus-cpp
# come by PKG_CONFIG_PATH, from packaging/rpm/static_libraries.sh. packaging/README.md has the reasons.

# gantry_link_instead(TARGET LIBRARY…): the headers stay those of the installed package.
function(gantry_link_instead target)
  set_property(TARGET ${target} PROPERTY INTERFACE_LINK_LIBRARIES ${ARGN})
endfunction()

# gantry_stub(NAME SOVERSION): gantry_stub_NAME, a library to link with that only has the names of the functions of this
# machine's libNAME, as libNAME.so.SOVERSION and without symbol versions. What is linked with it takes the functions from
# whatever has that soname where it runs.
function(gantry_stub name soversion)
  find_library(shared_${name} ${name} REQUIRED)
  execute_process(COMMAND ${CMAKE_NM} -D --defined-only --without-symbol-versions ${shared_${name}}
                  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " T [A-Za-z0-9_]+" functions "${symbols}")
  list(TRANSFORM functions REPLACE " T (.+)" "void \\1(void) {}\n")
  list(JOIN functions "" source)
  set(folder ${PROJECT_BINARY_DIR}/stubs)
  file(CONFIGURE OUTPUT ${folder}/${name}.c CONTENT "${source}" @ONLY)
  add_library(gantry_stub_${name} SHARED ${folder}/${name}.c)
  set_target_properties(gantry_stub_${name} PROPERTIES OUTPUT_NAME ${name} SOVERSION ${soversion}
                        LIBRARY_OUTPUT_DIRECTORY ${folder} C_VISIBILITY_PRESET default)
endfunction()

find_library(static_rdkafka librdkafka.a REQUIRED)
foreach(name lz4 zstd z ssl)
  find_library(shared_${name} ${name} REQUIRED)
endforeach()

# Debian's libcurl has symbol versions of its own (CURL_OPENSSL_4) and calls libsasl2.so.3 libsasl2.so.2. Both are the same
# libraries elsewhere, and look after the certificates and the plugins of their distribution.
gantry_stub(curl 4)
gantry_stub(sasl2 3)

target_compile_definitions(gantry_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(gantry_spdlog INTERFACE fmt::fmt-header-only Threads::Threads)
# Its flags ask for the shared library.
set_target_properties(PkgConfig::tomlplusplus PROPERTIES INTERFACE_LINK_LIBRARIES "" INTERFACE_COMPILE_OPTIONS "")
gantry_link_instead(PkgConfig::libcurl gantry_stub_curl)
gantry_link_instead(PkgConfig::rdkafka ${static_rdkafka} gantry_stub_sasl2 ${shared_lz4} ${shared_zstd} ${shared_z}
                    ${shared_ssl} PkgConfig::libcrypto Threads::Threads ${CMAKE_DL_LIBS} m)
