// NumPy's files, for training, for prediction and for a model.
#include "data/sources.h"
#include "data/zip.h"
#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {

void npy(std::string_view bytes) {
  ReadOptions model{.target = "species", .task = Task::classification, .dtype = DType::f64};
  model.expected_columns = {"a", "b", "c"};
  model.expected_classes = {"0", "1"};
  for (const ReadOptions& options : {ReadOptions{}, ReadOptions{.target = "1", .dtype = DType::f64},
                                     ReadOptions{.task = Task::classification, .require_target = false}, model}) {
    accepts([&] {
      require_loaded(begins_as_zip(bytes) ? read_npz(bytes, "a.npz", options) : read_npy(bytes, "a.npy", options),
                     options);
    });
  }
}

}  // namespace hillock::fuzz
