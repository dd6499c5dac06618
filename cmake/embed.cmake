# Turns files into one C++ source that defines hillock::embedded_file(name). Run as
#   cmake -DINPUTS=a.csv;b.csv.gz -DOUTPUT=embedded_data.cc -P embed.cmake
set(arrays "")
set(entries "")
set(number 0)
foreach(input IN LISTS INPUTS)
  get_filename_component(name "${input}" NAME)
  file(READ "${input}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "const unsigned char kFile${number}[] = {${bytes}};\n")
  string(APPEND entries
    "  if (name == \"${name}\") return {reinterpret_cast<const char*>(kFile${number}), sizeof(kFile${number})};\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from data/ by cmake/embed.cmake.
#include \"data/embedded.h\"

namespace hillock {
namespace {
${arrays}}  // namespace

std::string_view embedded_file(std::string_view name) {
${entries}  return {};
}

}  // namespace hillock
")
