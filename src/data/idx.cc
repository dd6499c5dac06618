// Reads IDX, the format of MNIST: big-endian sizes and numbers. http://yann.lecun.com/exdb/mnist/
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <future>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "core/file.h"
#include "data/columns.h"
#include "data/idx_files.h"
#include "data/npy_array.h"
#include "data/sources.h"
#include "data/targets.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr std::string_view kTargetName = "label";
constexpr double kWhite = 255;

std::int64_t big_endian(std::string_view four) {
  std::int64_t value = 0;
  for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// NumPy's name of the elements, which the third byte tells; empty if there are none of this number.
std::string_view element_type(char code) {
  switch (code) {
    case 0x08: return "|u1";
    case 0x09: return "|i1";
    case 0x0B: return ">i2";
    case 0x0C: return ">i4";
    case 0x0D: return ">f4";
    case 0x0E: return ">f8";
    default: return {};
  }
}

bool holds_pixels(std::string_view bytes) { return bytes[2] == 0x08; }

// Pixels divided by 255, [rows, pixels], of the chosen columns.
Tensor scale_pixels(const NpyArray& images, const ChosenColumns& columns, DType dtype) {
  const std::int64_t rows = images.dims[0];
  const auto pixels = static_cast<std::size_t>(images.columns());
  Tensor features(TensorType{dtype, Shape{rows, static_cast<std::int64_t>(columns.features.size())}, {}});
  bool whole = columns.features.size() == pixels;
  for (std::size_t k = 0; k < columns.features.size(); ++k) whole = whole && columns.features[k] == k;
  const auto fill = [&](auto* out) {
    using T = std::remove_pointer_t<decltype(out)>;
    std::array<T, 256> scaled;
    for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] = static_cast<T>(static_cast<double>(i) / kWhite);
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
      const char* image = images.values + row * pixels;
      if (whole) {
        for (std::size_t k = 0; k < pixels; ++k) *out++ = scaled[static_cast<unsigned char>(image[k])];
        continue;
      }
      for (const std::size_t column : columns.features) *out++ = scaled[static_cast<unsigned char>(image[column])];
    }
  };
  if (dtype == DType::f64) {
    fill(features.values<double>().data());
  } else {
    fill(features.values<float>().data());
  }
  return features;
}

TargetArray parse_labels(const FileBytes& file, std::int64_t rows) {
  TargetArray labels{file.path, std::string(kTargetName), parse_idx(file.bytes, 1, file.path)};
  if (labels.values.dims[0] != rows) {
    throw Error(fmt::format("{}: has {} for {}; the two files do not belong together", file.path,
                            counted(labels.values.dims[0], "label"), counted(rows, "image")));
  }
  return labels;
}

// Images of `rank` axes, the rows' included.
NpyArray parse_images(const FileBytes& file) {
  const int rank = begins_as_idx(file.bytes) ? file.bytes[3] : 3;
  if (rank == 1) {
    throw Error(
        fmt::format("{}: has one number for each row (IDX, 1 axis), expected images; check whether it holds "
                    "the labels",
                    file.path));
  }
  NpyArray images = parse_idx(file.bytes, rank, file.path);
  if (std::ranges::find(images.dims, 0) != images.dims.end())
    throw Error(fmt::format("{}: holds no images; fetch the file again", file.path));
  return images;
}

// `bytes` is the content of the images' file.
Dataset read_pair(const std::string& bytes, const std::string& images_path, const std::string& labels_path,
                  const ReadOptions& options, std::vector<std::string>& notes) {
  std::string labels;
  if (options.require_target) labels = read_decompressed_file(labels_path);
  return read_idx_pair({bytes, images_path}, {labels, labels_path}, options, notes);
}

}  // namespace

bool begins_as_idx(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && !element_type(bytes[2]).empty() && bytes[3] >= 1 &&
         bytes[3] <= 4;
}

NpyArray parse_idx(std::string_view bytes, int rank, const std::string& where) {
  const std::size_t header = 4 + 4 * static_cast<std::size_t>(rank);
  if (bytes.size() < header) {
    throw Error(fmt::format("{}: has {} bytes, too few for an IDX header; fetch the file again", where, bytes.size()));
  }
  if (!begins_as_idx(bytes) || bytes[3] != rank) {
    throw Error(fmt::format(
        "{}: begins with {:#010x}, expected {:#010x} (IDX, unsigned bytes, {}); check which file "
        "it is",
        where, big_endian(bytes.substr(0, 4)), 0x800 + rank, rank == 1 ? "1 axis" : fmt::format("{} axes", rank)));
  }
  NpyArray array = array_of_type(element_type(bytes[2]), where);
  const std::string_view values = bytes.substr(header);
  array.values = values.data();
  std::size_t expected = array.value_bytes;
  for (int axis = 0; axis < rank; ++axis) {
    const std::int64_t dim = big_endian(bytes.substr(4 + 4 * static_cast<std::size_t>(axis), 4));
    array.dims.push_back(dim);
    const auto extent = static_cast<std::size_t>(dim);
    const bool too_many = extent != 0 && expected > std::numeric_limits<std::size_t>::max() / extent;
    expected = too_many ? std::numeric_limits<std::size_t>::max() : expected * extent;
  }
  if (expected != values.size()) {
    throw Error(fmt::format("{}: its header says {} of values, but {} follow; fetch the file again", where,
                            fmt::format("[{}]", fmt::join(array.dims, ", ")),
                            counted(static_cast<std::int64_t>(values.size()), "byte")));
  }
  return array;
}

Dataset read_idx_pair(const FileBytes& file, const FileBytes& labels, const ReadOptions& options,
                      std::vector<std::string>& notes) {
  const NpyArray images = parse_images(file);
  std::optional<TargetArray> target;
  if (options.require_target) target = parse_labels(labels, images.dims[0]);
  if (!holds_pixels(file.bytes)) {
    LoadedData data = read_arrays(images, target ? &*target : nullptr, file.path, options);
    notes.insert(notes.end(), data.notes.begin(), data.notes.end());
    data.train.target = kTargetName;
    return std::move(data.train);
  }
  require_columns_of_model(images, false, file.path, options);
  ReadOptions choice = options;
  choice.require_target = false;
  choice.target.clear();
  choice.expected_targets.clear();
  const std::int64_t pixels = images.columns();
  const ChosenColumns columns =
      choose_columns(numbered_names(static_cast<std::size_t>(pixels)), false, choice, file.path);
  Dataset dataset;
  dataset.columns = columns.names;
  dataset.target = kTargetName;
  dataset.scale = Scale::none;
  dataset.features = scale_pixels(images, columns, options.dtype);
  const bool whole = static_cast<std::int64_t>(columns.features.size()) == pixels;
  dataset.sample_shape = whole ? Shape(std::span(images.dims).subspan(1)) : Shape{dataset.feature_count()};
  if (target) read_target_array(*target, options, dataset, notes);
  return dataset;
}

LoadedData read_idx_directory(const std::string& directory, const ReadOptions& options) {
  require_own_target(options, kTargetName, directory);
  const IdxFiles files = find_idx_files(directory);
  const std::array<std::string, 4> paths = {files.train_images, files.train_labels, files.test_images,
                                            files.test_labels};
  constexpr std::array<std::string_view, 4> kNames = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                      "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  const bool has_test = !paths[2].empty() || !paths[3].empty();
  for (std::size_t i = 0; i < (has_test ? 4u : 2u); ++i) {
    if (!paths[i].empty() || (i % 2 == 1 && !options.require_target)) continue;
    throw Error(fmt::format("{}: is a directory without {} or {}.gz; name a file, or a directory of IDX files",
                            directory, kNames[i], kNames[i]));
  }
  LoadedData data;
  // Decompression takes most of the time, so the test images are read in parallel with the others. get() throws their
  // errors in the usual order.
  std::future<std::string> test_images;
  if (has_test) test_images = std::async([&] { return read_decompressed_file(paths[2]); });
  data.train = read_pair(read_decompressed_file(paths[0]), paths[0], paths[1], options, data.notes);
  if (!has_test) return data;
  ReadOptions as_train = options;
  as_train.task = data.train.task;
  as_train.dtype = data.train.features.dtype();
  as_train.expected_columns = data.train.columns;
  as_train.expected_classes = data.train.classes;
  data.test = read_pair(test_images.get(), paths[2], paths[3], as_train, data.notes);
  if (data.test->sample_shape != data.train.sample_shape) {
    throw Error(fmt::format("{}: has images of {} and {} has {}; the two files do not belong together", paths[2],
                            data.test->sample_shape.to_string(), paths[0], data.train.sample_shape.to_string()));
  }
  return data;
}

}  // namespace hillock
