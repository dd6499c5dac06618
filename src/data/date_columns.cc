// What a column is taken for by its first rows is checked against all of them while they are read.
#include "data/date_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "data/cell_value.h"
#include "data/dates.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostlyDates = 0.95;

bool is_mostly(std::int64_t part, std::int64_t all) {
  return static_cast<double>(part) >= kMostlyDates * static_cast<double>(all);
}

// Whether numbers below such a name are likely to be times.
bool is_time_name(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const char* part : {"date", "time", "epoch", "unix"}) {
    if (lower.find(part) != std::string::npos) return true;
  }
  return lower == "ts" || lower.ends_with("_ts") || lower.ends_with("_at");
}

// What the first cells of a column look like.
class FirstCells {
 public:
  void add(std::string_view cell, const CellRules& rules) {
    const CellKind kind = parse_cell(cell, rules).kind;
    if (kind == CellKind::missing) return;
    ++present_;
    const std::optional<WrittenDate> date = read_date(cell);
    if (date) ++(date->time_alone ? times_ : dates_);
    if (kind == CellKind::number) {
      if (date && seconds_of(*date, DateForm::digits)) digits_.emplace(cell);
      if (const auto form = unix_form(cell)) ++(*form == DateForm::seconds ? seconds_ : milliseconds_);
      ++numbers_;
    }
  }

  std::optional<DateForm> form(std::string_view name) const {
    if (present_ == 0) return std::nullopt;
    if (numbers_ == present_) return form_of_numbers(name);
    if (is_mostly(dates_, present_)) return DateForm::ymd;
    if (is_mostly(times_, present_)) return DateForm::time_of_day;
    return std::nullopt;
  }

 private:
  // One number of eight digits in twenty-five is a date; three different ones are not by accident.
  std::optional<DateForm> form_of_numbers(std::string_view name) const {
    constexpr std::size_t kTelling = 3;
    if (dates_ == present_ && digits_.size() >= kTelling) return DateForm::digits;
    if (!is_time_name(name)) return std::nullopt;
    if (seconds_ == present_) return DateForm::seconds;
    if (milliseconds_ == present_) return DateForm::milliseconds;
    return std::nullopt;
  }

  std::int64_t present_ = 0, dates_ = 0, times_ = 0, numbers_ = 0, seconds_ = 0, milliseconds_ = 0;
  std::set<std::string, std::less<>> digits_;
};

void take_for_dates(FeatureColumn& column, DateForm form, const ReadOptions& options) {
  const bool written_by_people = form == DateForm::ymd || form == DateForm::dmy || form == DateForm::mdy;
  const bool given = options.dates.has_value() && written_by_people;
  column.dates.emplace(given ? *options.dates : form, given || !options.expected_dates.empty());
  column.categorical = column.profiled = false;
  column.notes.clear();
}

const char* order_text(DateForm form) {
  switch (form) {
    case DateForm::dmy: return " (day, month, year)";
    case DateForm::mdy: return " (month, day, year)";
    case DateForm::digits: return " (as 20240301)";
    case DateForm::seconds: return " (in seconds since 1970)";
    case DateForm::milliseconds: return " (in milliseconds since 1970)";
    default: return "";
  }
}

[[noreturn]] void refuse_open_order(std::string_view where, std::string_view what, const DateCells& dates) {
  const Remedy day_first{"--dates", {"dmy"}}, month_first{"--dates", {"mdy"}};
  throw Error(
      fmt::format("{}: {} holds dates such as {} (line {}), and no cell tells the day from the month; pass {} or {}",
                  where, what, quote(dates.open_cell()), dates.open_line(), day_first.text(), month_first.text()),
      {day_first, month_first});
}

// Whether another order would make dates of the cell.
std::vector<Remedy> other_orders(const FeatureColumn& column) {
  std::vector<Remedy> remedies;
  const std::optional<WrittenDate> date = read_date(column.texts.first);
  for (const DateForm form : {DateForm::dmy, DateForm::mdy}) {
    if (date && date->open && form != column.dates->form() && seconds_of(*date, form))
      remedies.push_back({"--dates", {std::string(name_of(form))}});
  }
  return remedies;
}

[[noreturn]] void refuse_texts(const Layout& layout, const FeatureColumn& column, std::int64_t dates) {
  std::vector<Remedy> remedies = column.kind_given ? other_orders(column) : std::vector<Remedy>();
  std::string advice = column.kind_given ? "write them as 2024-03-01" : "correct them";
  for (const Remedy& remedy : remedies) advice += fmt::format(", pass {}", remedy.text());
  const Remedy missing{"--na-add", {column.texts.first}}, categorical{"--categorical", {column.name}};
  advice += fmt::format(", pass {} to take them as missing", missing.text());
  remedies.push_back(missing);
  if (!column.kind_given) {
    advice += fmt::format(", or pass {} to take every value as a category", categorical.text());
    remedies.push_back(categorical);
  }
  throw Error(
      fmt::format("{}: column {} has {} among {} that {} no {}{} ({}); {}", layout.where, quote(column.name),
                  counted(column.texts.count, "cell"), counted(dates, "date"), column.texts.count == 1 ? "is" : "are",
                  column.dates->form() == DateForm::time_of_day ? "time of the day" : "date",
                  order_text(column.dates->form()), column.texts.places(), advice),
      std::move(remedies));
}

}  // namespace

double FeatureColumn::date_of(std::string_view cell, const CellRules& rules, std::int64_t line) {
  if (parse_cell(cell, rules).kind == CellKind::missing) {
    missing.add(line, cell);
    return kNaN;
  }
  if (means_missing(cell)) {
    words.add(line, cell);
    missing.add(line, cell);
    return kNaN;
  }
  const std::optional<double> seconds = dates->read(cell, line);
  if (!seconds) texts.add(line, cell);
  return seconds.value_or(kNaN);
}

void guess_dates(const Layout& layout, std::vector<FeatureColumn>& columns, const ReadOptions& options) {
  constexpr int kRows = 1000;
  std::vector<FirstCells> first(columns.size());
  RowWalker walker = layout.at_first_row();
  std::vector<std::string_view> cells;
  for (int row = 0; row < kRows && options.expected_columns.empty() && walker.next(cells); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].kind_given && columns[i].source < cells.size())
        first[i].add(cells[columns[i].source], layout.rules);
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::optional<DateForm> form =
        i < options.expected_dates.size() ? options.expected_dates[i] : first[i].form(columns[i].name);
    if (form) take_for_dates(columns[i], *form, options);
  }
}

void guess_late_dates(std::vector<FeatureColumn>& columns, const ReadOptions& options) {
  for (FeatureColumn& column : columns) {
    if (!column.categorical || column.kind_given || column.no_dates || column.texts.first.empty()) continue;
    const std::optional<WrittenDate> date = read_date(column.texts.first);
    if (date) take_for_dates(column, date->time_alone ? DateForm::time_of_day : DateForm::ymd, options);
  }
}

bool settle_dates(const Layout& layout, FeatureColumn& column, std::int64_t rows) {
  DateCells& dates = *column.dates;
  if (const DateForm told = dates.told_form(); told != dates.form()) {
    dates.set_form(told);
    return true;
  }
  const std::int64_t present = rows - column.missing.count, read = present - column.texts.count;
  const bool holds_dates = column.texts.count == 0 || (!dates.are_numbers() && is_mostly(read, present));
  if (!column.kind_given && !holds_dates) {
    column.categorical = !dates.are_numbers();
    column.no_dates = true;
    column.dates.reset();
    return true;
  }
  if (dates.order_is_open()) refuse_open_order(layout.where, fmt::format("column {}", quote(column.name)), dates);
  if (column.texts.count > 0) refuse_texts(layout, column, read);
  return false;
}

void note_dates(const std::vector<FeatureColumn>& columns, const ReadOptions& options,
                std::vector<std::string>& notes) {
  if (!options.expected_columns.empty()) return;
  for (const FeatureColumn& column : columns) {
    if (!column.dates) continue;
    const bool alone = column.dates->form() == DateForm::time_of_day;
    notes.push_back(fmt::format("column {} holds {}{}{}", quote(column.name), alone ? "times of the day" : "dates",
                                order_text(column.dates->form()),
                                column.dates->has_short_years() ? "; years of two digits are 1969 to 2068" : ""));
  }
}

namespace {

// Whether two texts have digits in the same places and are alike in the others.
bool same_form(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::ranges::equal(a, b, [&](char x, char y) { return is_digit(x) ? is_digit(y) : x == y; });
}

// The places of texts among the sorted texts, where all begin with a year and have one form: 2024-W05, 2024-Q3.
std::vector<double> sorted_places(const std::vector<std::string_view>& cells) {
  for (const std::string_view cell : cells) {
    if (cell.find_first_not_of("0123456789") != 4 || !same_form(cell, cells[0])) return {};
  }
  std::vector<std::string_view> sorted(cells);
  std::ranges::sort(sorted);
  std::vector<double> places;
  for (const std::string_view cell : cells)
    places.push_back(static_cast<double>(std::ranges::lower_bound(sorted, cell) - sorted.begin()));
  return places;
}

// The numbers of all cells; fewer where one is none.
std::vector<double> leading_numbers(const std::vector<std::string_view>& cells, const CellRules& rules) {
  std::vector<double> numbers;
  for (const std::string_view cell : cells) {
    const CellValue value = parse_cell(cell, rules);
    if (value.kind != CellKind::number) break;
    numbers.push_back(value.number);
  }
  return numbers;
}

// The seconds of dates; NaN where a cell is none.
std::vector<double> seconds_of_all(const std::vector<std::string_view>& cells, const std::vector<std::int64_t>& lines,
                                   DateCells& dates) {
  std::vector<double> times;
  for (int pass = 0; pass < 2; ++pass) {
    times.clear();
    dates.clear();
    for (std::size_t row = 0; row < cells.size(); ++row)
      times.push_back(dates.read(cells[row], lines[row]).value_or(kNaN));
    if (dates.told_form() == dates.form()) break;
    dates.set_form(dates.told_form());
  }
  return times;
}

}  // namespace

std::vector<double> read_times(const std::vector<std::string_view>& cells, const std::vector<std::int64_t>& lines,
                               std::string_view column, const Layout& layout, const ReadOptions& options) {
  std::vector<double> times = leading_numbers(cells, layout.rules);
  const std::size_t numbers = times.size();  // before the first cell that is none
  if (numbers == cells.size()) return times;
  const bool alone = read_date(cells[0]).value_or(WrittenDate()).time_alone;
  DateCells dates(alone ? DateForm::time_of_day : options.dates.value_or(DateForm::ymd), options.dates.has_value());
  times = seconds_of_all(cells, lines, dates);
  if (dates.order_is_open()) refuse_open_order(layout.where, fmt::format("--time column {}", quote(column)), dates);
  const auto unread = std::ranges::find_if(times, [](double time) { return std::isnan(time); });
  if (unread == times.end()) return times;
  if (std::vector<double> places = sorted_places(cells); !places.empty()) return places;
  const std::size_t row = numbers > 0 ? numbers : static_cast<std::size_t>(unread - times.begin());
  throw Error(fmt::format("{}: --time column {} holds {} (line {}); give numbers, or dates as 2024-05-31 in every row",
                          layout.where, quote(column), quote(cells[row]), lines[row]));
}

}  // namespace hillock
