// safetensors files, and models that are kept in them.
//
// Besides whole files, two parts of them that a mutation would hardly keep consistent with the rest: bytes that begin
// with { are a header, whose length is put before it, up to a zero byte, and then the tensors' bytes; those that begin
// with M are a model's metadata.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "hillock/model.h"
#include "hillock/safetensors.h"
#include "model/metadata.h"
#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {
namespace {

void require_model(const Model& model) {
  const std::string text = model_metadata(model);
  const ModelDescription again = parse_metadata(text, "again");
  require(again.columns == model.columns && again.classes == model.classes && again.target == model.target,
          "metadata written again say the same");
  require(again.spec.hidden == model.spec.hidden, "the network's text says the same");
  constexpr std::int64_t kSmall = 10'000;  // a larger network takes its time, and computes in the same way
  if (model.network.parameter_count() > kSmall || model.columns.size() > kSmall) return;
  const auto columns = static_cast<std::int64_t>(model.columns.size());
  const Tensor out = model.predict(Tensor(TensorType{DType::f64, Shape{2, columns}, {}}), {.threads = 1});
  require(out.shape() == Shape({2, model.network.outputs()}), "a prediction for each row");
}

// A file of "header\0data".
std::string with_length(std::string_view bytes) {
  const std::size_t header = std::min(bytes.find('\0'), bytes.size());
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>(std::uint64_t{header} >> (8 * i) & 0xFF);
  file += bytes.substr(0, header);
  return file += bytes.substr(std::min(header + 1, bytes.size()));
}

}  // namespace

void safetensors(std::string_view bytes) {
  if (bytes.starts_with('M')) {
    accepts([&] { (void)parse_metadata(bytes.substr(1), "m"); });
    return;
  }
  std::string built;
  if (bytes.starts_with('{')) bytes = built = with_length(bytes);
  SafetensorsFile file;
  if (!accepts([&] { file = parse_safetensors(std::as_bytes(std::span(bytes)), "m"); })) return;
  std::size_t held = 0;
  for (const NamedTensor& named : file.tensors) {
    require(named.tensor.raw() != nullptr, "a tensor has memory");
    require(file.find(named.name) == &named.tensor, "a tensor is found by its name");
    held += named.tensor.bytes();
  }
  require(held < bytes.size(), "tensors hold no more than the file");
  accepts([&] { require_model(model_from(file, "m")); });
}

}  // namespace hillock::fuzz
