# GANTRY_STATIC_DEPS: Boost::json compiled here, as Debian's libboost_json.a is not position independent. Before
# find_package(Boost COMPONENTS json), which is content with a target of that name.
find_package(Boost 1.81 REQUIRED)
file(CONFIGURE OUTPUT json.cpp CONTENT "#include <boost/json/src.hpp>\n")
add_library(gantry_json STATIC ${PROJECT_BINARY_DIR}/json.cpp)
# As of a shared one, so that what includes it is the same for the compiler, and ccache, either way.
target_compile_definitions(gantry_json PUBLIC
  BOOST_JSON_NO_LIB BOOST_JSON_DYN_LINK BOOST_CONTAINER_NO_LIB BOOST_CONTAINER_DYN_LINK)
target_link_libraries(gantry_json PUBLIC Boost::headers)
add_library(Boost::json ALIAS gantry_json)
