// Reads .npz archives into a Dataset. The names of the arrays tell which is which.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "data/columns.h"
#include "data/npy_array.h"
#include "data/sources.h"
#include "data/zip.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::string_view kFeatureNames[] = {"x", "X", "features", "data"};
constexpr std::string_view kTargetNames[] = {"y", "Y", "label", "labels", "target", "targets"};
constexpr std::string_view kArrayEnding = ".npy";

// The name of an array, which is numpy.savez's keyword: the member's name without its ending.
std::string_view array_name(const ZipMember& member) {
  return member.name.substr(0, member.name.size() - kArrayEnding.size());
}

// The endings of the arrays of validation rows: "x_val".
constexpr std::string_view kValidationNames[] = {"val", "valid", "validation", "dev"};

// The arrays of one split; nullptr for none.
struct Arrays {
  const ZipMember* features = nullptr;
  const ZipMember* target = nullptr;
};

// The arrays to read.
struct Roles {
  Arrays train, validation, test;
};

class NpzReader {
 public:
  NpzReader(std::string_view bytes, const std::string& where, const ReadOptions& options)
      : bytes_(bytes), where_(where), options_(options), arrays_(list_arrays(bytes, where)) {}

  LoadedData read() const {
    std::vector<std::string> notes;
    const Roles roles = find_roles(notes);
    LoadedData data = read_part(roles.train, options_);
    data.notes.insert(data.notes.begin(), notes.begin(), notes.end());
    ReadOptions as_train = options_;
    as_train.task = data.train.task;
    as_train.dtype = data.train.features.dtype();
    as_train.expected_columns = data.train.columns;
    as_train.expected_targets = data.train.target_names;
    as_train.expected_classes = data.train.classes;
    as_train.expected_formats = data.train.formats;
    if (!options_.require_target) as_train.task = options_.task;
    data.validation = read_like(roles.validation, as_train, data);
    data.test = read_like(roles.test, as_train, data);
    return data;
  }

 private:
  static std::vector<ZipMember> list_arrays(std::string_view bytes, const std::string& where) {
    std::vector<ZipMember> arrays = list_zip_members(bytes, where);
    for (const ZipMember& member : arrays) {
      if (member.name.ends_with(kArrayEnding)) continue;
      throw Error(
          fmt::format("{}: is a zip archive with the member {}, which is no array (a spreadsheet?); save the table as "
                      "CSV, or arrays with numpy.savez",
                      where, quote(member.name)));
    }
    if (arrays.empty()) throw Error(fmt::format("{}: is a zip archive without arrays; save it again", where));
    return arrays;
  }

  std::string names() const {
    std::vector<std::string> names;
    for (const ZipMember& array : arrays_) names.emplace_back(array_name(array));
    return list_names(names);
  }

  const ZipMember* find(std::string_view name) const {
    const auto found =
        std::find_if(arrays_.begin(), arrays_.end(), [&](const ZipMember& array) { return array_name(array) == name; });
    return found == arrays_.end() ? nullptr : &*found;
  }

  // The only array that has one of the names.
  const ZipMember* find_only(std::span<const std::string_view> names, std::string_view role) const {
    const ZipMember* found = nullptr;
    for (const std::string_view name : names) {
      const ZipMember* const array = find(name);
      if (array != nullptr && found != nullptr) {
        throw Error(fmt::format("{}: both {} and {} may be the {}; leave one out (arrays: {})", where_,
                                quote(array_name(*found)), quote(array_name(*array)), role, this->names()));
      }
      if (array != nullptr) found = array;
    }
    return found;
  }

  // Whether the options allow any array with a usual target name. A model may have been trained on data in which the
  // target had another name.
  bool target_is_open() const { return options_.target.empty() || !options_.expected_columns.empty(); }

  // The array whose columns are a model's targets.
  const ZipMember* find_expected() const {
    const std::vector<std::string>& expected = options_.expected_targets;
    const auto found = std::ranges::find_if(arrays_, [&](const ZipMember& array) {
      return numbered_names(expected.size(), array_name(array)) == expected;
    });
    return expected.empty() || found == arrays_.end() ? nullptr : &*found;
  }

  const ZipMember* find_target() const {
    if (const ZipMember* const expected = find_expected()) return expected;
    if (!options_.target.empty()) {
      if (const ZipMember* const named = find(options_.target)) return named;
    }
    return target_is_open() ? find_only(kTargetNames, "target") : nullptr;
  }

  const ZipMember* find_features(const ZipMember* target) const {
    std::vector<const ZipMember*> others;
    for (const ZipMember& array : arrays_) {
      if (&array != target) others.push_back(&array);
    }
    if (others.size() == 1) return others[0];
    const ZipMember* const named = find_only(kFeatureNames, "features");
    if (named != nullptr && named != target) return named;
    throw Error(
        fmt::format("{}: has {} arrays, and none called x, features or data; name the one of features x, the one of "
                    "the target y (arrays: {})",
                    where_, arrays_.size(), names()));
  }

  // The arrays "x_train" and "y_train" for the names x, y and an ending. Without a target there are no features either,
  // if the target is required.
  Arrays find_arrays(const char* x, const char* y, std::string_view ending, std::vector<std::string>& notes) const {
    Arrays arrays{find(fmt::format("{}_{}", x, ending)), find(fmt::format("{}_{}", y, ending))};
    if (arrays.features == nullptr) return {};
    if (arrays.target != nullptr || !options_.require_target) return arrays;
    if (ending != "train") {
      notes.push_back(fmt::format("{}: {} is not used, because there is no array {}_{}", where_,
                                  quote(array_name(*arrays.features)), y, ending));
    }
    return {};
  }

  Arrays find_validation(const char* x, const char* y, std::vector<std::string>& notes) const {
    Arrays found;
    for (const std::string_view ending : kValidationNames) {
      const Arrays arrays = find_arrays(x, y, ending, notes);
      if (arrays.features == nullptr) continue;
      if (found.features != nullptr) {
        throw Error(fmt::format("{}: both {} and {} may be the validation rows; leave one out (arrays: {})", where_,
                                quote(array_name(*found.features)), quote(array_name(*arrays.features)), names()));
      }
      found = arrays;
    }
    return found;
  }

  // "y" and "y_train" are the same for somebody who names the target of a file with training rows of their own.
  void require_named(const ZipMember& target, std::string_view y) const {
    if (options_.expected_columns.empty() && options_.target != y)
      require_own_target(options_, array_name(target), where_);
  }

  Roles find_roles(std::vector<std::string>& notes) const {
    for (const auto& [x, y] : {std::pair("x", "y"), std::pair("X", "Y"), std::pair("X", "y")}) {
      Roles roles;
      roles.train = find_arrays(x, y, "train", notes);
      if (roles.train.features == nullptr) continue;
      if (options_.require_target) require_named(*roles.train.target, y);
      roles.validation = find_validation(x, y, notes);
      roles.test = find_arrays(x, y, "test", notes);
      return roles;
    }
    Roles roles;
    roles.train.target = find_target();
    roles.train.features = find_features(roles.train.target);
    if (options_.require_target && roles.train.target == nullptr && options_.target.empty() && arrays_.size() > 1) {
      throw Error(
          fmt::format("{}: has no array called y, labels or targets; pass --target with the array's name "
                      "(arrays: {}), or with a column of {}",
                      where_, names(), quote(array_name(*roles.train.features))));
    }
    return roles;
  }

  LoadedData read_part(const Arrays& arrays, const ReadOptions& options) const {
    std::string room, target_room;
    const std::string where = place(*arrays.features);
    const NpyArray array = parse_npy(read_zip_member(bytes_, *arrays.features, room, where_), where);
    if (arrays.target == nullptr || !options.require_target) return read_arrays(array, nullptr, where, options);
    const std::string target_where = place(*arrays.target);
    const TargetArray targets{target_where, std::string(array_name(*arrays.target)),
                              parse_npy(read_zip_member(bytes_, *arrays.target, target_room, where_), target_where)};
    return read_arrays(array, &targets, where, options);
  }

  // Reads the rows of another split as those of training were read. If one of them has missing cells, both count as a
  // table's rows, since images have none.
  std::optional<Dataset> read_like(const Arrays& arrays, const ReadOptions& as_train, LoadedData& data) const {
    if (arrays.features == nullptr) return std::nullopt;
    LoadedData part = read_part(arrays, as_train);
    if (has_missing_cells(part.train.features)) data.train.sample_shape = Shape{data.train.feature_count()};
    data.notes.insert(data.notes.end(), part.notes.begin(), part.notes.end());
    return std::move(part.train);
  }

  std::string place(const ZipMember& array) const {
    return fmt::format("{}, array {}", where_, quote(array_name(array)));
  }

  std::string_view bytes_;
  const std::string& where_;
  const ReadOptions& options_;
  std::vector<ZipMember> arrays_;
};

}  // namespace

LoadedData read_npz(std::string_view bytes, const std::string& where, const ReadOptions& options) {
  return NpzReader(bytes, where, options).read();
}

}  // namespace hillock
