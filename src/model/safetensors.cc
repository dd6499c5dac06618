// The safetensors format: a strict reader and an atomic writer.
#include "hillock/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "core/file.h"
#include "hillock/error.h"
#include "hillock/file.h"
#include "model/safetensors_header.h"

namespace hillock {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the format's own implementation

std::uint64_t little_endian(std::span<const std::byte> eight) {
  std::uint64_t value = 0;
  for (std::size_t i = eight.size(); i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(eight[i]);
  return value;
}

// The file is most likely a table that was given instead of a model.
bool begins_as_text(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return (c >= 0x20 && c != 0x7F && c < 0xF5) || c == '\n' || c == '\r' || c == '\t';
  });
}

// Returns the header's text. Throws Error unless it lies within the file.
std::string_view find_header(std::span<const std::byte> bytes, std::string_view where) {
  if (bytes.size() < kLengthBytes) {
    throw Error(fmt::format("{}: has {} bytes, too few for a safetensors file; it is truncated or of another kind",
                            where, bytes.size()));
  }
  const std::uint64_t length = little_endian(bytes.first(kLengthBytes));
  if (length > kMaxHeaderBytes && begins_as_text(bytes.first(kLengthBytes))) {
    throw Error(fmt::format("{}: is a text, no safetensors file; give a file that hillock train wrote", where));
  }
  if (length > kMaxHeaderBytes) {
    throw Error(
        fmt::format("{}: claims a header of {} bytes, at most {} are read; it is damaged or no safetensors file", where,
                    length, kMaxHeaderBytes));
  }
  if (length > bytes.size() - kLengthBytes) {
    throw Error(fmt::format("{}: claims a header of {} bytes, but {} follow; it is truncated or no safetensors file",
                            where, length, bytes.size() - kLengthBytes));
  }
  return {reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, static_cast<std::size_t>(length)};
}

// Throws Error unless the entries, ordered by their bytes, fill the data without overlaps or gaps.
void require_adjoining(const std::vector<SafetensorsEntry>& entries, std::uint64_t data_bytes, std::string_view where) {
  std::uint64_t end = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin != end) {
      throw Error(
          fmt::format("{}: tensor {} begins at byte {} of the data, but {} was expected ({}); the file is damaged, "
                      "take another copy of it",
                      where, show_name(entry.name), entry.begin, end, entry.begin < end ? "an overlap" : "a hole"));
    }
    end = entry.end;
  }
  if (end != data_bytes) {
    throw Error(fmt::format("{}: the header describes {} bytes of data, but the file has {}; it is {}", where, end,
                            data_bytes, end > data_bytes ? "truncated" : "damaged"));
  }
}

Tensor copy_tensor(const SafetensorsEntry& entry, std::span<const std::byte> data) {
  Tensor tensor(TensorType{entry.dtype, entry.shape, {}});
  if (tensor.bytes() > 0) std::memcpy(tensor.raw(), data.data() + entry.begin, tensor.bytes());
  return tensor;
}

std::string to_json(const SafetensorsFile& file, const std::vector<const NamedTensor*>& order) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::size_t begin = 0;
  for (const NamedTensor* named : order) {
    const auto dims = named->tensor.shape().dims();
    const std::size_t end = begin + named->tensor.bytes();
    header[named->name] = {{"dtype", safetensors_name(named->tensor.dtype())},
                           {"shape", std::vector<std::int64_t>(dims.begin(), dims.end())},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  return text;
}

void require_names(const SafetensorsFile& file, std::string_view path) {
  std::set<std::string_view> names;
  for (const NamedTensor& named : file.tensors) {
    if (named.tensor.raw() == nullptr) {
      throw Error(fmt::format("{}: tensor {} has no elements to write; give it a type", path, show_name(named.name)));
    }
    if (named.name == "__metadata__" || !names.insert(named.name).second) {
      throw Error(fmt::format("{}: cannot hold two things called {}; rename one", path, show_name(named.name)));
    }
  }
}

}  // namespace

const Tensor* SafetensorsFile::find(std::string_view name) const {
  for (const NamedTensor& named : tensors) {
    if (named.name == name) return &named.tensor;
  }
  return nullptr;
}

SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, std::string_view where) {
  const std::string_view text = find_header(bytes, where);
  const std::span<const std::byte> data = bytes.subspan(kLengthBytes + text.size());
  SafetensorsHeader header = parse_safetensors_header(text, where);
  // An empty tensor comes before the one that begins where it ends.
  std::stable_sort(header.entries.begin(), header.entries.end(),
                   [](const auto& a, const auto& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  require_adjoining(header.entries, data.size(), where);
  SafetensorsFile file;
  file.metadata = std::move(header.metadata);
  file.tensors.reserve(header.entries.size());
  for (SafetensorsEntry& entry : header.entries) {
    Tensor tensor = copy_tensor(entry, data);
    file.tensors.push_back({std::move(entry.name), std::move(tensor)});
  }
  return file;
}

SafetensorsFile read_safetensors(const std::string& path) {
  const std::string bytes = read_file(path);
  return parse_safetensors(std::as_bytes(std::span(bytes)), path);
}

namespace {

// The beginning of the file, before the bytes of the tensors in `order`.
std::string header_of(const SafetensorsFile& file, const std::vector<const NamedTensor*>& order,
                      std::string_view where) {
  std::string head(kLengthBytes, '\0');
  try {
    const std::string text = to_json(file, order);
    if (text.size() > kMaxHeaderBytes) {
      throw Error(
          fmt::format("{}: the names and texts of the file take {} bytes, a safetensors file holds {}; give it "
                      "fewer or shorter names",
                      where, text.size(), kMaxHeaderBytes));
    }
    for (std::size_t i = 0; i < kLengthBytes; ++i)
      head[i] = static_cast<char>(std::uint64_t{text.size()} >> (8 * i) & 0xFF);
    return head + text;
  } catch (const nlohmann::json::exception&) {
    throw Error(fmt::format("{}: a name or metadata text is not UTF-8; safetensors files hold nothing else", where));
  }
}

// Calls write(bytes) with each piece of the file in turn.
template <class Write>
void write_pieces(const SafetensorsFile& file, std::string_view where, const Write& write) {
  require_names(file, where);
  std::vector<const NamedTensor*> order;
  for (const NamedTensor& named : file.tensors) order.push_back(&named);
  std::stable_partition(order.begin(), order.end(),
                        [](const NamedTensor* named) { return size_in_bytes(named->tensor.dtype()) == 8; });
  write(header_of(file, order, where));
  for (const NamedTensor* named : order)
    write(std::string_view(static_cast<const char*>(named->tensor.raw()), named->tensor.bytes()));
}

}  // namespace

void write_safetensors(FileWriter& to, const SafetensorsFile& file, std::string_view where) {
  write_pieces(file, where, [&](std::string_view piece) { to.write(piece); });
}

std::vector<std::byte> safetensors_bytes(const SafetensorsFile& file, std::string_view where) {
  std::vector<std::byte> bytes;
  write_pieces(file, where, [&](std::string_view piece) {
    const auto part = std::as_bytes(std::span(piece));
    bytes.insert(bytes.end(), part.begin(), part.end());
  });
  return bytes;
}

void write_safetensors(const std::string& path, const SafetensorsFile& file) {
  FileWriter writer(path);
  write_safetensors(writer, file, path);
  writer.commit();
}

}  // namespace hillock
