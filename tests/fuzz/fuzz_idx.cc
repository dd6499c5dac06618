// IDX images with their labels, as from a directory with MNIST's names.
#include "data/sources.h"
#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {

void idx(std::string_view bytes) {
  constexpr std::string_view kLabels("\0\0\x08\x01", 4);
  const std::size_t at = bytes.find(kLabels);
  const std::string_view images = bytes.substr(0, at);
  const std::string_view labels = at == std::string_view::npos ? std::string_view() : bytes.substr(at);
  accepts([&] { (void)parse_idx(bytes, 2, "whole"); });
  for (const DType dtype : {DType::f32, DType::f64}) {
    ReadOptions options;
    options.dtype = dtype;
    options.require_target = !labels.empty();
    accepts([&] {
      LoadedData loaded;
      loaded.train = read_idx_pair({images, "images"}, {labels, "labels"}, options, loaded.notes);
      require_loaded(loaded, options);
    });
  }
}

}  // namespace hillock::fuzz
