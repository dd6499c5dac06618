// A row of plain numbers and unquoted texts is read in one pass over its bytes; any other row is read cell by cell.
#include "data/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {

std::int64_t count_rows(const Layout& layout, const FileText* file, std::vector<std::string>& notes) {
  constexpr std::int64_t kRowsBetweenReleases = 65536;
  RowWalker walker = layout.at_first_row();
  std::size_t cell_count = 0;
  std::int64_t rows = 0;
  while (walker.skip(cell_count)) {
    ++rows;
    require_cells(layout, cell_count, walker.line());
    if (file != nullptr && rows % kRowsBetweenReleases == 0) file->release_before(walker.position());
  }
  if (rows == 0) throw Error(fmt::format("{}: has a header but no rows below it; add rows", layout.where));
  if (const std::int64_t empty = walker.empty_rows_skipped(); empty > 0) {
    notes.push_back(
        fmt::format("{} of nothing but delimiters {} left out", counted(empty, "row"), empty == 1 ? "is" : "are"));
  }
  return rows;
}

std::string_view TextCopies::add(std::string_view text) {
  constexpr std::size_t kBlockBytes = 1 << 20;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back().reserve(std::max(kBlockBytes, text.size()));
  }
  std::string& block = blocks_.back();
  block += text;
  return std::string_view(block).substr(block.size() - text.size());
}

void KeptCells::clear() {
  for (auto& column : texts) column.clear();
  lines.clear();
  copies.clear();
}

TableRows::TableRows(const Layout& layout, std::vector<FeatureColumn>& columns, const FileText* file)
    : layout_(layout),
      columns_(columns),
      file_(file),
      walker_(layout.at_first_row()),
      lost_(columns.size()),
      ranges_(columns.size(), {HUGE_VAL, -HUGE_VAL}) {}

// Where each cell of a row goes. Empty if one cell goes to two places, or if the rules allow other notations of
// numbers.
std::vector<std::int32_t> TableRows::find_places(const KeptCells& kept) {
  if (!layout_.rules.plain()) return {};
  std::vector<std::int32_t> places(layout_.cells_a_row, RowWalker::kIgnoredCell);
  const auto take = [&](std::size_t source, std::int32_t place) {
    const bool free = places[source] == RowWalker::kIgnoredCell;
    places[source] = place;
    return free;
  };
  bool each_once = true;
  of_texts_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].categorical || columns_[i].format || columns_[i].dates) {
      each_once = take(columns_[i].source, RowWalker::kept_cell(of_texts_.size())) && each_once;
      of_texts_.push_back(i);
    } else {
      each_once = take(columns_[i].source, static_cast<std::int32_t>(i)) && each_once;
    }
  }
  for (std::size_t k = 0; k < kept.sources.size(); ++k) {
    each_once = take(kept.sources[k], RowWalker::kept_cell(of_texts_.size() + k)) && each_once;
  }
  texts_.resize(of_texts_.size() + kept.sources.size());
  return each_once ? places : std::vector<std::int32_t>();
}

template <class T>
void TableRows::store(std::size_t i, std::string_view cell, T* out) {
  FeatureColumn& column = columns_[i];
  if (column.categorical) {
    out[i] = static_cast<T>(column.code_of(cell, layout_.rules, walker_.line()));
    return;
  }
  const double number = column.dates ? column.date_of(cell, layout_.rules, walker_.line())
                                     : column.number_of(cell, layout_.rules, walker_.line());
  out[i] = static_cast<T>(number);
  if (std::isfinite(number) && !std::isfinite(out[i])) column.infinite.add(walker_.line(), cell);
  if (std::isfinite(out[i])) lost_[i] = std::max(lost_[i], std::abs(number - static_cast<double>(out[i])));
}

template <class T>
bool TableRows::read_plain(T* out, KeptCells& kept) {
  if (places_.empty() || !walker_.next_numbers<T>(places_, out, texts_, lost_.data())) return false;
  for (std::size_t k = 0; k < of_texts_.size(); ++k) store(of_texts_[k], texts_[k], out);
  for (std::size_t k = 0; k < kept.sources.size(); ++k) kept.texts[k].push_back(texts_[of_texts_.size() + k]);
  return true;
}

template <class T>
bool TableRows::read_any(T* out, KeptCells& kept) {
  if (!walker_.next(cells_)) return false;
  require_cells(layout_, cells_.size(), walker_.line());
  for (std::size_t i = 0; i < columns_.size(); ++i) store(i, cells_[columns_[i].source], out);
  for (std::size_t k = 0; k < kept.sources.size(); ++k) kept.texts[k].push_back(cells_[kept.sources[k]]);
  return true;
}

namespace {

// Takes the values of a row into the range of each column; a NaN changes nothing.
template <class T>
void widen(const T* __restrict row, std::size_t width, T* __restrict low, T* __restrict high) {
  for (std::size_t i = 0; i < width; ++i) {
    low[i] = row[i] < low[i] ? row[i] : low[i];
    high[i] = row[i] > high[i] ? row[i] : high[i];
  }
}

}  // namespace

template <class T>
std::int64_t TableRows::read(std::int64_t rows, T* out, KeptCells& kept) {
  constexpr std::int64_t kRowsBetweenReleases = 16384;
  kept.texts.resize(kept.sources.size());
  places_ = find_places(kept);
  std::int64_t row = 0;
  const std::size_t width = columns_.size();
  std::vector<T> low(width, std::numeric_limits<T>::infinity()), high(width, -std::numeric_limits<T>::infinity());
  for (; row < rows; ++row, out += width) {
    if (!read_plain(out, kept) && !read_any(out, kept)) break;
    widen(out, width, low.data(), high.data());
    if (!kept.sources.empty()) kept.lines.push_back(walker_.line());
    if (file_ != nullptr) {
      for (auto& column : kept.texts) column.back() = kept.copies.add(column.back());
    }
    if (file_ != nullptr && row % kRowsBetweenReleases == 0) file_->release_before(walker_.position());
  }
  for (std::size_t i = 0; i < width; ++i) {
    ranges_[i] = {std::min(ranges_[i].low, static_cast<double>(low[i])),
                  std::max(ranges_[i].high, static_cast<double>(high[i]))};
  }
  return row;
}
template std::int64_t TableRows::read(std::int64_t, float*, KeptCells&);
template std::int64_t TableRows::read(std::int64_t, double*, KeptCells&);

}  // namespace hillock
