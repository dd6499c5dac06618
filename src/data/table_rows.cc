// A row of plain numbers and unquoted texts is read in one pass over its bytes; any other row is read cell by cell.
#include "data/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/error.h"

namespace hillock {

std::int64_t count_rows(const Layout& layout, const FileText* file) {
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
    : layout_(layout), columns_(columns), file_(file), walker_(layout.at_first_row()), lost_(columns.size()) {}

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
  categorical_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].categorical) {
      each_once = take(columns_[i].source, RowWalker::kept_cell(categorical_.size())) && each_once;
      categorical_.push_back(i);
    } else {
      each_once = take(columns_[i].source, static_cast<std::int32_t>(i)) && each_once;
    }
  }
  for (std::size_t k = 0; k < kept.sources.size(); ++k) {
    each_once = take(kept.sources[k], RowWalker::kept_cell(categorical_.size() + k)) && each_once;
  }
  texts_.resize(categorical_.size() + kept.sources.size());
  return each_once ? places : std::vector<std::int32_t>();
}

template <class T>
bool TableRows::read_plain(T* out, KeptCells& kept) {
  if (places_.empty() || !walker_.next_numbers<T>(places_, out, texts_, lost_.data())) return false;
  for (std::size_t k = 0; k < categorical_.size(); ++k) {
    out[categorical_[k]] = static_cast<T>(columns_[categorical_[k]].code_of(texts_[k], layout_.rules, walker_.line()));
  }
  for (std::size_t k = 0; k < kept.sources.size(); ++k) kept.texts[k].push_back(texts_[categorical_.size() + k]);
  return true;
}

template <class T>
bool TableRows::read_any(T* out, KeptCells& kept) {
  if (!walker_.next(cells_)) return false;
  require_cells(layout_, cells_.size(), walker_.line());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    FeatureColumn& column = columns_[i];
    const std::string_view cell = cells_[column.source];
    if (column.categorical) {
      out[i] = static_cast<T>(column.code_of(cell, layout_.rules, walker_.line()));
      continue;
    }
    const double number = column.number_of(cell, layout_.rules, walker_.line());
    out[i] = static_cast<T>(number);
    if (std::isfinite(number) && !std::isfinite(out[i])) column.infinite.add(walker_.line(), cell);
    if (std::isfinite(out[i])) lost_[i] = std::max(lost_[i], std::abs(number - static_cast<double>(out[i])));
  }
  for (std::size_t k = 0; k < kept.sources.size(); ++k) kept.texts[k].push_back(cells_[kept.sources[k]]);
  return true;
}

template <class T>
std::int64_t TableRows::read(std::int64_t rows, T* out, KeptCells& kept) {
  constexpr std::int64_t kRowsBetweenReleases = 16384;
  kept.texts.resize(kept.sources.size());
  places_ = find_places(kept);
  std::int64_t row = 0;
  for (; row < rows; ++row, out += columns_.size()) {
    if (!read_plain(out, kept) && !read_any(out, kept)) break;
    if (!kept.sources.empty()) kept.lines.push_back(walker_.line());
    if (file_ != nullptr) {
      for (auto& column : kept.texts) column.back() = kept.copies.add(column.back());
    }
    if (file_ != nullptr && row % kRowsBetweenReleases == 0) file_->release_before(walker_.position());
  }
  return row;
}
template std::int64_t TableRows::read(std::int64_t, float*, KeptCells&);
template std::int64_t TableRows::read(std::int64_t, double*, KeptCells&);

}  // namespace hillock
