# cmake -DDIRECTORY=… -DIDENTIFIER=… -DHEADER=… -P EmbedMigrations.cmake
# Writes numbered SQL files as constant data. As characters and not as literals: no quoting, no limit of length, any bytes.
cmake_minimum_required(VERSION 3.25)
file(GLOB files ${DIRECTORY}/*.sql)
set(arrays "")
set(entries "")
set(numbers "")
foreach(file IN LISTS files)
  get_filename_component(base ${file} NAME)
  if(NOT base MATCHES "^([0-9]+)_([A-Za-z0-9_-]+)\\.sql$")
    message(FATAL_ERROR "${file}: a migration is named like 0001_create_orders.sql")
  endif()
  set(title ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
  if(number STREQUAL "")
    message(FATAL_ERROR "${file}: migrations are numbered from 1")
  endif()
  if(number IN_LIST numbers)
    message(FATAL_ERROR "${file}: two migrations have the number ${number}")
  endif()
  list(APPEND numbers ${number})
  file(READ ${file} bytes HEX)
  if(bytes STREQUAL "")
    message(FATAL_ERROR "${file}: the migration is empty")
  endif()
  string(REGEX MATCHALL ".." bytes "${bytes}")
  if("00" IN_LIST bytes)
    message(FATAL_ERROR "${file}: holds a NUL byte, which SQL text can't")
  endif()
  list(JOIN bytes "','\\x" characters)
  string(APPEND arrays "inline constexpr char ${IDENTIFIER}_${number}[] = {'\\x${characters}','\\0'};\n")
  list(APPEND order "${number}")
  set(entry_${number} "    {${number}, \"${title}\", detail::${IDENTIFIER}_${number}, nullptr},\n")
endforeach()
list(SORT order COMPARE NATURAL)
foreach(number IN LISTS order)
  string(APPEND entries "${entry_${number}}")
endforeach()
file(WRITE ${HEADER} "// Generated from numbered SQL files by gantry_add_plugin. Do not edit.
#pragma once
#include <gantry/options.hpp>
namespace gantry::migrations {
namespace detail {
${arrays}}
inline constexpr ::gantry::Migration ${IDENTIFIER}[] = {
${entries}};
}  // namespace gantry::migrations
")
