// The JSON text in a model file: written from a Model, and read into a description from which a network is then built.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/error.h"
#include "hillock/model.h"

namespace hillock {

inline constexpr std::int64_t kModelFormat = 6;
inline constexpr std::string_view kMetadataKey = "hillock";

// Everything in a model file except the tensors.
struct ModelDescription {
  NetworkSpec spec;
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  DType dtype = DType::f32;
  Task task = Task::classification;
  std::string target;
  std::vector<std::string> target_names;  // format 5: if there are several
  std::vector<std::string> columns;
  std::vector<std::string> classes;
  Shape sample_shape;
  std::vector<ColumnEncoding> encodings;  // format 2: one per column; format 6: with dates
  std::optional<std::vector<std::string>> missing_tokens;
  NumberFormats formats;                // format 6: by column
  std::optional<DType> rows;            // format 3
  std::vector<std::string> statistics;  // format 4: the names of tensors that are not parameters
  Scale feature_scale = Scale::none;
  Scale target_scale = Scale::none;
  nn::LossKind loss = nn::LossKind::cross_entropy;
  double label_smoothing = 0;
  double loss_parameter = 0;
  std::string training;
};

// What is wrong with a model's metadata: what() is the message for loading a file, `fact` alone is for saving one.
struct ModelFault : Error {
  ModelFault(std::string_view where, std::string what);
  std::string fact;
};

// Throws ModelFault unless every entry is present, has its type and agrees with the others, and Error for a newer
// format.
ModelDescription parse_metadata(std::string_view text, std::string_view where);

}  // namespace hillock
