// The cells of one column of dates while they are read, and what they tell about the order of day and month.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hillock/data.h"

namespace hillock {

class DateCells {
 public:
  // `given`: the form is an option's or a model's, and is not looked for.
  explicit DateCells(DateForm form, bool given = false) : form_(form), given_(given) {}

  // The seconds of a cell that is not missing; nothing if it is no date, or none in this form.
  std::optional<double> read(std::string_view cell, std::int64_t line);
  // Forgets the cells.
  void clear();

  DateForm form() const { return form_; }
  void set_form(DateForm form) { form_ = form; }
  // Whether a cell is a plain number, so that a column that does not hold dates after all holds numbers.
  bool are_numbers() const;
  // The form that the cells tell; the present one where they do not.
  DateForm told_form() const;
  // Whether there are cells with day and month in the same column that may be read either way, and no cell tells.
  bool order_is_open() const { return !given_ && either_ > 0 && day_first_ == 0 && month_first_ == 0; }
  std::int64_t open_cells() const { return either_; }
  std::int64_t open_line() const { return open_line_; }
  const std::string& open_cell() const { return open_cell_; }
  bool has_short_years() const { return short_years_ > 0; }

 private:
  void note_order(bool day_first, bool month_first, bool differ, std::string_view cell, std::int64_t line);

  DateForm form_;
  bool given_;
  // Cells of numbers alone with the year last: that are dates with the day first alone, with the month first alone,
  // either way with different days, and either way with the same.
  std::int64_t day_first_ = 0, month_first_ = 0, either_ = 0, same_ = 0;
  std::int64_t open_line_ = 0;  // of the first that may be read either way
  std::string open_cell_;
  std::int64_t short_years_ = 0;
};

}  // namespace hillock
