# gantry_add_plugin(NAME <name> SOURCES <file>… [LIBRARIES <target>…] [MIGRATIONS <dir>])
#
# Builds lib<name>.so, a library that exports gantry_plugin_v1 and nothing else, into ${GANTRY_PLUGIN_OUTPUT_DIRECTORY} if
# that is set. Targets:
#   <name>             the library
#   <name>-objects     its object files, for a unit test that links them and feeds gantry_plugin_v1 by gantry/testing.hpp
#   <name>-migrations  (with MIGRATIONS) the generated header alone
# MIGRATIONS: a folder of numbered files (0001_create_saved_orders.sql). They become constant data: <name>_migrations.hpp
# ("-" as "_") defines the array gantry::migrations::<name>, made again whenever a file changes, comes or goes.
set(GANTRY_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(gantry_add_plugin)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;MIGRATIONS" "SOURCES;LIBRARIES")
  if(NOT arg_NAME MATCHES "^[a-z0-9-]+$")
    message(FATAL_ERROR "gantry_add_plugin: NAME is lower case letters, digits and -, not \"${arg_NAME}\"")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "gantry_add_plugin(${arg_NAME}): SOURCES are missing")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gantry_add_plugin(${arg_NAME}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(name ${arg_NAME})

  add_library(${name}-objects OBJECT ${arg_SOURCES})
  target_compile_features(${name}-objects PUBLIC cxx_std_20)
  target_link_libraries(${name}-objects PUBLIC Gantry::plugin ${arg_LIBRARIES})
  target_compile_options(${name}-objects PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set_target_properties(${name}-objects PROPERTIES
    POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(arg_MIGRATIONS)
    gantry_embed_migrations(${name} ${arg_MIGRATIONS})
    target_link_libraries(${name}-objects PUBLIC ${name}-migrations)
  endif()

  add_library(${name} MODULE)
  target_link_libraries(${name} PRIVATE ${name}-objects)
  set(export_list ${GANTRY_PLUGIN_CMAKE_DIR}/plugin-exports.map)
  target_link_options(${name} PRIVATE LINKER:--version-script=${export_list})
  set_target_properties(${name} PROPERTIES PREFIX lib SUFFIX .so LINKER_LANGUAGE CXX
    LINK_DEPENDS ${export_list} SKIP_BUILD_RPATH ON INSTALL_RPATH "")
  if(NOT GANTRY_SANITIZE AND NOT "${CMAKE_C_FLAGS}${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    # A missing symbol is an error of this link, not of a load in production. The sanitizers' own are missing on purpose.
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  if(GANTRY_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${GANTRY_PLUGIN_OUTPUT_DIRECTORY})
  endif()
endfunction()

function(gantry_embed_migrations name directory)
  get_filename_component(directory ${directory} ABSOLUTE)
  file(GLOB files CONFIGURE_DEPENDS ${directory}/*.sql)
  if(NOT files)
    message(FATAL_ERROR "gantry_add_plugin(${name}): no *.sql files in MIGRATIONS ${directory}")
  endif()
  string(REPLACE "-" "_" identifier ${name})
  set(header ${CMAKE_CURRENT_BINARY_DIR}/${name}-migrations/${identifier}_migrations.hpp)
  set(list_file ${CMAKE_CURRENT_BINARY_DIR}/${name}-migrations/files.txt)
  file(CONFIGURE OUTPUT ${list_file} CONTENT "${files}\n" @ONLY)  # touched only when the set of files changes
  set(script ${GANTRY_PLUGIN_CMAKE_DIR}/EmbedMigrations.cmake)
  add_custom_command(OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DDIRECTORY=${directory} -DIDENTIFIER=${identifier} -DHEADER=${header} -P ${script}
    DEPENDS ${files} ${list_file} ${script} COMMENT "Embedding the migrations of ${name}" VERBATIM)
  add_custom_target(${name}-migrations-header DEPENDS ${header})
  add_library(${name}-migrations INTERFACE)
  target_include_directories(${name}-migrations INTERFACE ${CMAKE_CURRENT_BINARY_DIR}/${name}-migrations)
  target_link_libraries(${name}-migrations INTERFACE Gantry::plugin)
  add_dependencies(${name}-migrations ${name}-migrations-header)
endfunction()
