# gantry_options: what every target of this project is compiled with. Link it PRIVATE.
add_library(gantry_options INTERFACE)
target_compile_options(gantry_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow=local
                       $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
# Not with sanitizers: GCC then warns of what is not there (maybe-uninitialized, tsan), inside of library headers too.
# The same sources are held to it in the builds without.
if(GANTRY_WERROR AND NOT GANTRY_SANITIZE)
  target_compile_options(gantry_options INTERFACE -Werror)
endif()
if(GANTRY_SANITIZE)
  # Also for targets that do not link gantry_options: a sanitizer that sees half of a program reports nonsense.
  add_compile_options(-fsanitize=${GANTRY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GANTRY_SANITIZE})
endif()

# gantry_library(NAME SOURCES… ): a static library of one folder of host/, whose headers are named from host/.
function(gantry_library name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/host)
  target_link_libraries(${name} PRIVATE gantry_options)
endfunction()
