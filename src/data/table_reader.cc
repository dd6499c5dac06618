// Reads a table in blocks of rows for a model.
#include <fmt/format.h>

#include <utility>

#include "data/columns.h"
#include "data/date_columns.h"
#include "data/extract.h"
#include "data/layout.h"
#include "data/table_columns.h"
#include "data/table_rows.h"
#include "data/table_text.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {

struct TableReader::State {
  State(const std::string& path, const ReadOptions& options_in, const std::vector<std::string>& keep_in)
      : where(path == "-" ? "stdin" : path),
        keep(keep_in),
        file(path),
        options(extract_table(file, path, options_in, notes)),
        text(file.view(), where, &file, options) {
    if (text.view().empty()) throw Error(fmt::format("{}: is empty; give a file with a row for each example", where));
    layout = find_layout(text.view(), where, options, notes);
    rows_left = count_rows(layout, text.file(), notes);
    const ChosenColumns chosen = choose_columns(layout.names, layout.header, options, where);
    columns = guess_columns(layout, chosen, options);
    guess_dates(layout, columns, options);
    for (const std::string& name : keep) kept.sources.push_back(find_kept(name));
    rows.emplace(layout, columns, text.file());
  }

  std::size_t find_kept(const std::string& name) const {
    for (std::size_t i = 0; i < layout.names.size(); ++i) {
      if (layout.names[i] == name) return i;
    }
    const auto meant = nearest_name(name, layout.names);
    throw Error(fmt::format(
        "{}: has no column {} to keep; {}", where, quote(name),
        meant ? fmt::format("did you mean {}?", quote(*meant)) : fmt::format("it has {}", list_names(layout.names))));
  }

  std::string where;
  std::vector<std::string> keep;
  std::vector<std::string> notes;
  FileText file;
  ReadOptions options;
  TableText text;
  Layout layout;
  std::int64_t rows_left = 0;
  std::vector<FeatureColumn> columns;
  KeptCells kept;
  std::optional<TableRows> rows;
};

TableReader::TableReader(const std::string& path, const ReadOptions& options, const std::vector<std::string>& keep) {
  if (options.expected_columns.empty()) {
    throw Error(fmt::format("{}: can be read in blocks of rows only for a model; give its columns", path));
  }
  ReadOptions without_target = options;
  without_target.require_target = false;
  state_ = std::make_unique<State>(path, without_target, keep);
}

TableReader::~TableReader() = default;

TableReader::Part TableReader::next(std::int64_t most_rows) {
  State& state = *state_;
  const std::int64_t count = std::min(most_rows, state.rows_left);
  const auto width = static_cast<std::int64_t>(state.columns.size());
  Part part;
  if (count == 0) return part;
  part.features = Tensor(TensorType{state.options.dtype, Shape{count, width}, {}});
  const RowWalker place = state.rows->place();
  std::vector<ColumnCells> before(state.columns.begin(), state.columns.end());
  for (;;) {
    state.kept.clear();
    state.rows->forget_cells();
    if (state.options.dtype == DType::f64) {
      state.rows->read(count, part.features.values<double>().data(), state.kept);
    } else {
      state.rows->read(count, part.features.values<float>().data(), state.kept);
    }
    if (!settle_kinds(state.layout, state.columns, count)) break;
    state.rows->go_back(place);
    for (std::size_t i = 0; i < before.size(); ++i) static_cast<ColumnCells&>(state.columns[i]) = before[i];
  }
  state.rows_left -= count;
  if (state.rows_left == 0) refuse_unseen(state.columns, state.where);
  part.rows = count;
  for (std::int64_t row = 0; row < count; ++row) {
    for (const auto& texts : state.kept.texts) part.kept.emplace_back(texts[static_cast<std::size_t>(row)]);
  }
  return part;
}

std::vector<std::string> TableReader::notes() const {
  std::vector<std::string> notes = state_->notes;
  note_cells(state_->columns, state_->where, notes);
  return notes;
}

}  // namespace hillock
