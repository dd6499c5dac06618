// Reads the header event by event. What it does not expect is refused at once, and no tree is built.
#include "model/safetensors_header.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "hillock/error.h"

namespace hillock {
namespace {

constexpr DType kDTypes[] = {DType::f32, DType::f64, DType::i32, DType::i64};

// The header has three levels: the names of tensors, a tensor's fields or the metadata, and the numbers of a field.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(std::string_view where) : where_(where) {}
  SafetensorsHeader take() { return std::move(header_); }

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a truth value"); }
  bool number_integer(number_integer_t) override { return refuse("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return refuse("a fraction or a number beyond 64 bits");
  }
  bool binary(binary_t&) override { return refuse("binary data"); }

  bool number_unsigned(number_unsigned_t number) override {
    if (state_ == State::shape) {
      if (shape_->size() == Shape::kMaxRank) return refuse("more than 8 extents");
      if (number > static_cast<std::uint64_t>(INT64_MAX)) return refuse("an extent beyond 63 bits");
      shape_->push_back(static_cast<std::int64_t>(number));
    } else if (state_ == State::offsets) {
      if (offsets_->size() == 2) return refuse("more than two offsets");
      offsets_->push_back(number);
    } else {
      return refuse("a number");
    }
    return true;
  }

  bool string(string_t& text) override {
    if (state_ == State::metadata && !field_.empty()) {
      header_.metadata.emplace(std::exchange(field_, {}), std::move(text));
      return true;
    }
    if (state_ != State::tensor || field_ != "dtype") return refuse("a text");
    for (DType dtype : kDTypes) {
      if (safetensors_name(dtype) == text) dtype_ = dtype;
    }
    if (!dtype_) {
      throw Error(fmt::format("{}: tensor {} has element type {}; F32, F64, I32 and I64 are read: convert it", where_,
                              show_name(name_), show_name(text)));
    }
    field_.clear();
    return true;
  }

  bool start_object(std::size_t) override {
    if (state_ == State::start) {
      state_ = State::names;
    } else if (state_ == State::name) {
      state_ = name_ == "__metadata__" ? State::metadata : State::tensor;
    } else {
      return refuse("an object");
    }
    return true;
  }

  bool end_object() override {
    if (state_ == State::tensor) add_entry();
    name_.clear();
    state_ = state_ == State::names ? State::end : State::names;
    return true;
  }

  bool key(string_t& text) override {
    if (state_ == State::names) {
      if (!seen_.insert(text).second) return refuse(fmt::format("the name {} twice", show_name(text)));
      name_ = std::move(text);
      state_ = State::name;
    } else if (state_ == State::metadata) {
      if (header_.metadata.contains(text)) return refuse(fmt::format("the metadata key {} twice", show_name(text)));
      // An empty key would look like no key here, and no program writes one.
      if (text.empty()) return refuse("an empty metadata key");
      field_ = std::move(text);
    } else {
      const bool again =
          (text == "dtype" && dtype_) || (text == "shape" && shape_) || (text == "data_offsets" && offsets_);
      if (again) return refuse(fmt::format("the field {} twice", show_name(text)));
      if (text != "dtype" && text != "shape" && text != "data_offsets") {
        return refuse(fmt::format("the unknown field {}", show_name(text)));
      }
      field_ = std::move(text);
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (state_ != State::tensor || field_ == "dtype") return refuse("a list");
    if (field_ == "shape") {
      shape_.emplace();
      state_ = State::shape;
    } else {
      offsets_.emplace();
      state_ = State::offsets;
    }
    field_.clear();
    return true;
  }

  bool end_array() override {
    state_ = State::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    throw Error(
        fmt::format("{}: the header is not JSON (at its byte {}); the file is damaged or no safetensors file, take "
                    "another copy of it",
                    where_, position));
  }

 private:
  enum class State { start, names, name, metadata, tensor, shape, offsets, end };

  bool refuse(std::string_view what) const {
    const std::string at = name_.empty() ? "the header" : fmt::format("the header's entry {}", show_name(name_));
    throw Error(
        fmt::format("{}: {} has {} where the format has none; the file is damaged or hostile, take another copy of it",
                    where_, at, what));
  }

  void add_entry() {
    if (!dtype_ || !shape_ || !offsets_ || offsets_->size() != 2) {
      const char* field = !dtype_ ? "dtype" : !shape_ ? "shape" : "data_offsets";
      throw Error(fmt::format("{}: tensor {} lacks a complete \"{}\"; the file is damaged, take another copy of it",
                              where_, show_name(name_), field));
    }
    SafetensorsEntry entry{std::move(name_), *dtype_, {}, (*offsets_)[0], (*offsets_)[1]};
    // Products are limited to the claimed number of bytes, so that they cannot overflow. An extent of zero makes the
    // size zero.
    const std::uint64_t claimed = entry.end >= entry.begin ? entry.end - entry.begin : 0;
    std::uint64_t bytes = size_in_bytes(entry.dtype);
    bool none = false;
    for (const std::int64_t dim : *shape_) none = none || dim == 0;
    if (none) bytes = 0;
    for (const std::int64_t dim : *shape_) {
      if (none) break;
      bytes = bytes > claimed / static_cast<std::uint64_t>(dim) ? claimed + 1 : bytes * static_cast<std::uint64_t>(dim);
      if (bytes > claimed) break;
    }
    if (entry.end < entry.begin || bytes != claimed) {
      throw Error(
          fmt::format("{}: tensor {} has data offsets {} to {}, which do not match its type and shape; the file is "
                      "damaged, take another copy of it",
                      where_, show_name(entry.name), entry.begin, entry.end));
    }
    try {
      entry.shape = Shape(std::span<const std::int64_t>(*shape_));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: tensor {}: {}; the file is damaged, take another copy of it", where_,
                              show_name(entry.name), error.what()));
    }
    header_.entries.push_back(std::move(entry));
    dtype_.reset();
    shape_.reset();
    offsets_.reset();
    name_.clear();
  }

  std::string_view where_;
  State state_ = State::start;
  std::string name_;   // the tensor whose fields are being read
  std::string field_;  // the field or metadata key of the next value
  std::set<std::string> seen_;
  std::optional<DType> dtype_;
  std::optional<std::vector<std::int64_t>> shape_;
  std::optional<std::vector<std::uint64_t>> offsets_;
  SafetensorsHeader header_;
};

}  // namespace

std::string_view safetensors_name(DType dtype) {
  switch (dtype) {
    case DType::f32: return "F32";
    case DType::f64: return "F64";
    case DType::i32: return "I32";
    case DType::i64: return "I64";
  }
  return "?";
}

std::string show_name(std::string_view name) {
  std::string shown(name.substr(0, 60));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return fmt::format("\"{}\"", shown);
}

SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view where) {
  if (!text.starts_with('{')) {
    throw Error(fmt::format("{}: the header does not begin with {{; it is damaged or no safetensors file", where));
  }
  HeaderReader reader(where);
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

}  // namespace hillock
