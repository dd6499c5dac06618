// Gathers what the options and the data say of a model's origin.
#include "table/origin.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "hillock/error.h"
#include "table/splits.h"

namespace hillock {

Origin origin_of(const TableOptions& options, const LoadedSplits& loaded) {
  const auto held_out = [](double fraction, const std::string& file, const std::optional<Dataset>& rows) {
    if (!file.empty()) return file;
    return rows && fraction == 0 ? std::string("own rows") : fmt::format("{}", fraction);
  };
  return {.command = options.command,
          .file = loaded.fingerprint,
          .rows = loaded.rows,
          .columns = loaded.splits.train.feature_count(),
          .validation = held_out(loaded.validation, loaded.validation_file, loaded.splits.validation),
          .test = held_out(loaded.test, loaded.test_file, loaded.splits.test),
          .group = options.group,
          .time = options.time,
          .folds = options.folds,
          .weights = options.weights,
          .drop = options.drop};
}

std::string date_of_making() {
  std::time_t seconds = std::time(nullptr);
  if (const char* const given = std::getenv("SOURCE_DATE_EPOCH"); given != nullptr && *given != '\0') {
    constexpr std::int64_t kEndOfYear9999 = 253402300799;
    const std::string_view text(given);
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > kEndOfYear9999) {
      throw Error(
          fmt::format("SOURCE_DATE_EPOCH: \"{}\" is not a number of seconds since 1970; give one, or unset it", text));
    }
    seconds = static_cast<std::time_t>(number);
  }
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace hillock
