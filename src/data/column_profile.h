// Decides from the different texts of a column whether they are numbers in one dress, or categories.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/cell_value.h"
#include "hillock/number_format.h"

namespace hillock {

// The different texts of a column, in the order in which they came, and how often each occurs.
class TextCounts {
 public:
  void add(std::string_view text, std::int64_t count = 1);

  struct Entry {
    std::string text;
    std::int64_t count = 0;
  };
  const std::vector<Entry>& entries() const { return entries_; }
  // Cells with further texts, which are not kept: there are too many.
  std::int64_t others() const { return others_; }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> places_;
  std::int64_t others_ = 0;
};

struct ColumnProfile {
  enum class Outcome : std::uint8_t {
    categories,
    numbers,        // all of them, as `format` says
    decimal_comma,  // numbers with one, where the decimal mark is a point
    two_readings,   // 1,500 in every cell
    mostly_numbers  // but for texts that are neither numbers nor missing
  };
  Outcome outcome = Outcome::categories;
  std::optional<NumberFormat> format{};  // none: plain numbers
  std::string example{};                 // a cell that needs the format
  double example_number = 0;
  std::int64_t numbers = 0;          // cells
  std::vector<std::string> texts{};  // different ones that are no number: up to three
  std::int64_t text_cells = 0, different_texts = 0;
  std::vector<std::string> units{};  // more than one: why they are categories
  std::string missing_word{};        // the one text that counts as missing
};

struct ProfileOptions {
  bool numeric = false;  // it is known to hold numbers: by an option, or a model
  bool coerce = false;   // and texts are missing cells
  bool word_may_be_missing = true;
};

// `counts`: of cells that are not missing.
ColumnProfile profile_column(const TextCounts& counts, const CellRules& rules, const ProfileOptions& options);

}  // namespace hillock
