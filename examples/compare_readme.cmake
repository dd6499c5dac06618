# Fails unless a C++ block of README is the program PROGRAM, character for character.
file(READ "${README}" readme)
file(READ "${PROGRAM}" program)
string(FIND "${readme}" "```cpp\n${program}```" begin)
if(begin EQUAL -1)
  message(FATAL_ERROR "no C++ block of ${README} is ${PROGRAM}; copy the program there")
endif()
