// Writes NumPy's files for tests.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hillock {

// An archive of stored arrays, as numpy.savez writes it.
inline std::string npz(const std::vector<std::pair<std::string, std::string>>& arrays) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 255);
    return text;
  };
  std::string members, directory;
  for (const auto& [name, bytes] : arrays) {
    const std::string file = name + ".npy";
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    // version, flags, method, time and date, then sum, sizes, and the lengths of the name and of no extra field
    const std::string facts = number(20, 2) + number(0, 8) + number(sum, 4) + number(bytes.size(), 4) +
                              number(bytes.size(), 4) + number(file.size(), 2) + number(0, 2);
    directory += "PK\x01\x02" + number(20, 2) + facts + number(0, 10) + number(members.size(), 4) + file;
    members += "PK\x03\x04" + facts + file + bytes;
  }
  return members + directory + "PK\x05\x06" + number(0, 4) + number(arrays.size(), 2) + number(arrays.size(), 2) +
         number(directory.size(), 4) + number(members.size(), 4) + number(0, 2);
}

// A .npy file of f64.
inline std::string array(const std::string& shape, const std::vector<double>& values) {
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += {static_cast<char>(header.size()), '\0'};
  bytes += header;
  for (const double value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

}  // namespace hillock
