// Day and month are told apart by every cell that is a date in one order alone.
#include "data/date_cells.h"

#include "data/dates.h"

namespace hillock {

std::optional<double> DateCells::read(std::string_view cell, std::int64_t line) {
  if (form_ == DateForm::seconds || form_ == DateForm::milliseconds) return parse_date(cell, form_);
  const std::optional<WrittenDate> date = read_date(cell);
  if (!date || date->time_alone != (form_ == DateForm::time_of_day)) return std::nullopt;
  if (date->open && !given_) {
    const auto as_dmy = seconds_of(*date, DateForm::dmy), as_mdy = seconds_of(*date, DateForm::mdy);
    note_order(as_dmy.has_value(), as_mdy.has_value(), as_dmy != as_mdy, cell, line);
  }
  if (date->short_year) ++short_years_;
  return seconds_of(*date, form_);
}

void DateCells::note_order(bool day_first, bool month_first, bool differ, std::string_view cell, std::int64_t line) {
  if (day_first != month_first) ++(day_first ? day_first_ : month_first_);
  if (!day_first || !month_first) return;
  ++(differ ? either_ : same_);
  if (!differ || either_ > 1) return;
  open_line_ = line;
  open_cell_ = cell;
}

void DateCells::clear() {
  day_first_ = month_first_ = either_ = same_ = open_line_ = short_years_ = 0;
  open_cell_.clear();
}

bool DateCells::are_numbers() const {
  return form_ == DateForm::digits || form_ == DateForm::seconds || form_ == DateForm::milliseconds;
}

DateForm DateCells::told_form() const {
  if (given_ || (form_ != DateForm::ymd && form_ != DateForm::dmy && form_ != DateForm::mdy)) return form_;
  if (day_first_ > month_first_) return DateForm::dmy;
  if (month_first_ > day_first_) return DateForm::mdy;
  if (either_ == 0 && same_ == 0) return day_first_ == 0 ? DateForm::ymd : form_;
  return form_ == DateForm::ymd ? DateForm::dmy : form_;
}

}  // namespace hillock
