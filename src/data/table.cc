// Tables: delimited text to a Dataset. The text is walked twice: once to count rows, once to parse each number into its
// place.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "core/wording.h"
#include "data/cells.h"
#include "data/columns.h"
#include "data/targets.h"
#include "hillock/data.h"
#include "hillock/error.h"

namespace hillock {
namespace {

using Cells = std::vector<std::string_view>;

struct Layout {
  std::string_view text;  // without byte order mark
  std::string_view where;
  char delimiter = ',';
  std::size_t cells_a_row = 0;
  bool header = false;
  std::vector<std::string> names;
};

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

void refuse_binary(std::string_view text, std::string_view where) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(fmt::format("{}: is UTF-16 text; save it as UTF-8", where));
  }
  if (text.find('\0') != std::string_view::npos) {
    throw Error(fmt::format("{}: is not a table (byte {} is zero); give CSV, .npy or a directory of IDX files", where,
                            text.find('\0') + 1));
  }
}

// The number of cells that most of the first rows have.
std::size_t usual_cell_count(std::string_view text, char delimiter, std::string_view where) {
  constexpr int kRows = 20;
  RowWalker walker(text, delimiter, where);
  Cells cells;
  std::map<std::size_t, int> rows_with;
  for (int row = 0; row < kRows && walker.next(cells); ++row) ++rows_with[cells.size()];
  if (rows_with.empty()) throw Error(fmt::format("{}: is empty; give a file with a row for each example", where));
  return std::max_element(rows_with.begin(), rows_with.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

bool holds_wanted_name(const Cells& first, const ReadOptions& options) {
  const auto in_first = [&](std::string_view name) {
    return std::find(first.begin(), first.end(), name) != first.end();
  };
  const bool target_is_name = options.target != "last" && parse_cell(options.target).kind == CellKind::text;
  if (target_is_name && in_first(options.target)) return true;
  return std::any_of(options.expected_columns.begin(), options.expected_columns.end(), [&](const std::string& name) {
    return parse_cell(name).kind == CellKind::text && in_first(name);
  });
}

// Whether the first row names the columns: some cell of it is text where the rows below have nothing but numbers.
bool sniff_header(const Layout& layout, const ReadOptions& options) {
  constexpr int kRows = 100;
  RowWalker walker(layout.text, layout.delimiter, layout.where);
  Cells first, cells;
  walker.next(first);
  if (options.header) return *options.header;
  if (holds_wanted_name(first, options)) return true;
  std::vector<bool> numbers(first.size()), texts(first.size());
  int rows = 0;
  for (; rows < kRows && walker.next(cells); ++rows) {
    for (std::size_t i = 0; i < std::min(cells.size(), first.size()); ++i) {
      const CellKind kind = parse_cell(cells[i]).kind;
      if (kind == CellKind::number) numbers[i] = true;
      if (kind == CellKind::text) texts[i] = true;
    }
  }
  bool only_texts = true;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool is_text = parse_cell(first[i]).kind == CellKind::text;
    if (is_text && numbers[i] && !texts[i]) return true;
    only_texts = only_texts && is_text;
  }
  return rows == 0 && only_texts;
}

std::vector<std::string> read_names(const Layout& layout) {
  if (!layout.header) return numbered_names(layout.cells_a_row);
  RowWalker walker(layout.text, layout.delimiter, layout.where);
  Cells cells;
  walker.next(cells);
  std::vector<std::string> names(cells.begin(), cells.end());
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("c{}", i + 1);
    const auto [other, fresh] = positions.emplace(names[i], i);
    if (!fresh) {
      throw Error(fmt::format("{}: columns {} and {} are both called {}; rename one", layout.where, other->second + 1,
                              i + 1, quote(names[i])));
    }
  }
  return names;
}

// Counts the rows below the header and throws Error for one with another number of cells.
std::int64_t count_rows(const Layout& layout) {
  RowWalker walker(layout.text, layout.delimiter, layout.where);
  std::size_t cell_count = 0;
  std::int64_t rows = 0;
  while (walker.skip(cell_count)) {
    ++rows;
    if (cell_count == layout.cells_a_row) continue;
    throw Error(fmt::format(
        "{}: line {} has {}, expected {} as in the other lines; correct the line (cells are separated by {})",
        layout.where, walker.line(), counted(static_cast<std::int64_t>(cell_count), "cell"), layout.cells_a_row,
        layout.delimiter == '\t' ? "tabs" : quote({&layout.delimiter, 1})));
  }
  if (layout.header) --rows;
  if (rows <= 0) throw Error(fmt::format("{}: has a header but no rows below it; add rows", layout.where));
  return rows;
}

Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options) {
  refuse_binary(text, where);
  Layout layout;
  layout.text = without_byte_order_mark(text);
  layout.where = where;
  layout.delimiter = sniff_delimiter(layout.text);
  layout.cells_a_row = usual_cell_count(layout.text, layout.delimiter, where);
  layout.header = sniff_header(layout, options);
  return layout;
}

// The cells of one feature column that cannot be used, by kind.
struct Problems {
  struct Some {
    std::int64_t count = 0;
    std::int64_t first_line = 0;
    std::string first_text;
  };
  std::array<Some, 4> by_kind;  // indexed by CellKind

  void add(CellKind kind, std::int64_t line, std::string_view text) {
    Some& some = by_kind[static_cast<std::size_t>(kind)];
    if (some.count++ == 0) {
      some.first_line = line;
      some.first_text = text;
    }
  }
};

bool is_number_with_comma(std::string text) {
  std::replace(text.begin(), text.end(), ',', '.');
  return parse_cell(text).kind == CellKind::number;
}

std::string remedy_for(CellKind kind, const Problems::Some& some) {
  if (kind == CellKind::missing)
    return "fill them in or remove these rows (empty ? NA N/A NaN null - count as missing)";
  if (kind == CellKind::infinite) {
    const bool finite = std::isfinite(parse_cell(some.first_text).number);
    return finite ? "numbers of f32 end at 3.4e38: choose f64 or correct them" : "correct them or remove these rows";
  }
  if (is_number_with_comma(some.first_text)) return "write decimals with a point";
  return "only numbers are read as features: encode the column as numbers or remove it";
}

void refuse_problems(const Layout& layout, const ChosenColumns& columns, const std::vector<Problems>& problems) {
  for (const auto& [kind, noun] : {std::pair{CellKind::text, "text cell"}, std::pair{CellKind::missing, "missing cell"},
                                   std::pair{CellKind::infinite, "infinite cell"}}) {
    const auto of_kind = [k = static_cast<std::size_t>(kind)](const Problems& p) -> const Problems::Some& {
      return p.by_kind[k];
    };
    std::size_t first = problems.size();
    std::int64_t others = -1;
    for (std::size_t i = problems.size(); i-- > 0;) {
      if (of_kind(problems[i]).count == 0) continue;
      first = i;
      ++others;
    }
    if (first == problems.size()) continue;
    const Problems::Some& some = of_kind(problems[first]);
    const std::string more =
        others > 0
            ? fmt::format(", as {}", others == 1 ? "has 1 more column" : fmt::format("have {} more columns", others))
            : "";
    throw Error(fmt::format("{}: column {} has {} (first: line {}, {}){}; {}", layout.where,
                            quote(columns.names[first]), counted(some.count, noun), some.first_line,
                            quote(some.first_text), more, remedy_for(kind, some)));
  }
}

// Where the number in each cell of a row goes (RowWalker::next_numbers); empty if one cell goes to two places.
std::vector<std::int32_t> places_of(const Layout& layout, const ChosenColumns& columns) {
  std::vector<std::int32_t> places(layout.cells_a_row, RowWalker::kIgnoredCell);
  if (columns.target) places[*columns.target] = RowWalker::kKeptCell;
  for (std::size_t i = 0; i < columns.features.size(); ++i) {
    std::int32_t& place = places[columns.features[i]];
    if (place != RowWalker::kIgnoredCell) return {};
    place = static_cast<std::int32_t>(i);
  }
  return places;
}

// Parses the feature cells into [rows, columns] and collects those of the target.
template <class T>
void fill(const Layout& layout, const ChosenColumns& columns, Tensor& features, TargetCells& target,
          RowWalker& walker) {
  std::vector<Problems> problems(columns.features.size());
  T* out = features.values<T>().data();  // [rows, columns]
  const std::vector<std::int32_t> places = places_of(layout, columns);
  Cells cells;
  if (layout.header) walker.next(cells);
  for (std::string_view target_text;; out += columns.features.size()) {
    if (places.empty() || !walker.next_numbers(places, out, target_text)) {
      if (!walker.next(cells)) break;
      for (std::size_t i = 0; i < columns.features.size(); ++i) {
        const std::string_view cell = cells[columns.features[i]];
        CellValue value = parse_cell(cell);
        out[i] = static_cast<T>(value.number);
        if (value.kind == CellKind::number && !std::isfinite(out[i])) value.kind = CellKind::infinite;
        if (value.kind != CellKind::number) problems[i].add(value.kind, walker.line(), cell);
      }
      if (columns.target) target_text = cells[*columns.target];
    }
    if (!columns.target) continue;
    target.texts.push_back(target_text);
    target.lines.push_back(walker.line());
  }
  refuse_problems(layout, columns, problems);
}

}  // namespace

LoadedData parse_table(std::string_view text, std::string_view where, const ReadOptions& options) {
  Layout layout = find_layout(text, where, options);
  const std::int64_t rows = count_rows(layout);
  layout.names = read_names(layout);
  const ChosenColumns columns = choose_columns(layout.names, layout.header, options, where);
  LoadedData data;
  Dataset& dataset = data.train;
  dataset.columns = columns.names;
  const auto feature_count = static_cast<std::int64_t>(columns.features.size());
  dataset.sample_shape = Shape{feature_count};
  dataset.features = Tensor(TensorType{options.dtype, Shape{rows, feature_count}, {}});
  TargetCells target;
  if (columns.target) {
    target.texts.reserve(static_cast<std::size_t>(rows));
    target.lines.reserve(static_cast<std::size_t>(rows));
  }
  RowWalker walker(layout.text, layout.delimiter, where);  // the target's cells point into it
  if (options.dtype == DType::f64) {
    fill<double>(layout, columns, dataset.features, target, walker);
  } else {
    fill<float>(layout, columns, dataset.features, target, walker);
  }
  dataset.task = options.task.value_or(options.expected_classes.empty() ? Task::regression : Task::classification);
  dataset.target = options.target;
  dataset.classes = options.expected_classes;
  if (columns.target) {
    target.name = layout.names[*columns.target];
    set_targets(dataset, target, options, where, data.notes);
  }
  if (options.expected_columns.empty() && !layout.header) {
    data.notes.push_back(
        fmt::format("the first line holds data, so the columns are called c1 to c{}", layout.cells_a_row));
  }
  return data;
}

}  // namespace hillock
