# Runs compare.sh in the smallest size against brokers that run already, and reads what it has written: a table with a
# line for each row, and the same as JSON. No figure is looked at.
set(json ${FOLDER}/compare_smoke.json)
file(REMOVE ${json})
execute_process(
  COMMAND ${COMPARE} --no-build --no-spring --bed ${BED} --only noop --scale 0.005 --rounds 1 --json ${json}
  OUTPUT_VARIABLE printed RESULT_VARIABLE status)
message("${printed}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "compare.sh ended with ${status}")
endif()
file(READ ${json} rows)
string(JSON count LENGTH "${rows}")
if(count LESS 3)
  message(FATAL_ERROR "${count} rows in the JSON")
endif()
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
  string(JSON work GET "${rows}" ${i} work)
  foreach(part peer gantry other ratio goal met)
    string(JSON value GET "${rows}" ${i} ${part})  # an error if it is not there
  endforeach()
  string(FIND "${printed}" "\n${work}  " at)
  if(at EQUAL -1)
    message(FATAL_ERROR "no line of the table begins with \"${work}\"")
  endif()
endforeach()
