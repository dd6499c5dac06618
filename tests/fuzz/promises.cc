// Checks the promises one by one.
#include "tests/fuzz/promises.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace hillock::fuzz {
namespace {

void require_features(const Dataset& data, const ReadOptions& options) {
  require(data.rows() > 0 && data.feature_count() > 0, "there are rows and columns");
  require(data.features.dtype() == options.dtype, "features have the dtype that was asked for");
  const auto width = static_cast<std::size_t>(data.feature_count());
  require(data.columns.size() == width, "each column has a name");
  require(data.sample_shape.elements() == data.feature_count(), "a row's shape has a place for each feature");
  require(data.categories.empty() || data.categories.size() == width, "categories belong to columns");
  for (std::int64_t i = 0; i < data.features.elements(); ++i) {
    const double value = data.features.at(i);
    const std::size_t column = static_cast<std::size_t>(i) % width;
    require(!std::isinf(value), "features are not infinite");
    require(!std::isnan(value) || options.missing == Missing::impute, "no cell is missing where that is refused");
    if (!data.is_categorical(column) || std::isnan(value)) continue;
    require(value >= 0 && value <= static_cast<double>(data.categories[column].size()) && value == std::floor(value),
            "a category's number is one");
  }
}

void require_targets(const Dataset& data, const ReadOptions& options) {
  require(data.has_targets() == options.require_target, "targets are there if they are asked for");
  if (!data.has_targets()) return;
  if (data.task == Task::classification) {
    require(data.targets.dtype() == DType::i32 && data.targets.shape() == Shape{data.rows()}, "labels are i32 [rows]");
    require(data.classes.size() >= 2 || !options.expected_classes.empty(), "there are two classes");
    const std::set<std::string> distinct(data.classes.begin(), data.classes.end());
    require(distinct.size() == data.classes.size(), "classes have names of their own");
    for (const std::int32_t label : data.targets.values<std::int32_t>()) {
      require(label >= 0 && static_cast<std::size_t>(label) < data.classes.size(), "a label is a class");
    }
    return;
  }
  require(data.targets.dtype() == options.dtype &&
              data.targets.shape() == Shape({data.rows(), std::ssize(data.all_targets())}),
          "targets are [rows, names of targets]");
  for (std::int64_t i = 0; i < data.targets.elements(); ++i)
    require(std::isfinite(data.targets.at(i)), "targets are finite");
}

}  // namespace

void require_message(const std::string& message) {
  require(!message.empty(), "an error says something");
  require(message.size() < 4096, "a message is short");
  for (const char c : message) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a message has no control characters");
  }
}

void require_dataset(const Dataset& data, const ReadOptions& options) {
  require_features(data, options);
  require_targets(data, options);
  if (data.has_weights()) {
    require(data.weights.shape() == Shape{data.rows()}, "each row has a weight");
    for (std::int64_t i = 0; i < data.rows(); ++i) {
      require(std::isfinite(data.weights.at(i)) && data.weights.at(i) >= 0, "weights are finite and not negative");
    }
  }
  const auto rows = static_cast<std::size_t>(data.rows());
  require(data.groups.empty() || data.groups.size() == rows, "each row has a group");
  require(data.times.empty() || data.times.size() == rows, "each row has a time");
  require(std::all_of(data.times.begin(), data.times.end(), [](double time) { return std::isfinite(time); }),
          "times are finite");
}

void require_loaded(const LoadedData& loaded, const ReadOptions& options) {
  require_dataset(loaded.train, options);
  if (loaded.validation) require_dataset(*loaded.validation, options);
  if (loaded.test) require_dataset(*loaded.test, options);
  for (const std::string& note : loaded.notes) require_message(note);
}

}  // namespace hillock::fuzz
