// What training on a table is asked for; what is left out is chosen by the recipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hillock/data.h"
#include "hillock/tensor.h"

namespace hillock {

// Rows that are not trained on: a fraction of the rows, from 0 to below 1, or a file with rows of its own.
using HeldOut = std::variant<double, std::string>;

// Each field is the option of that name of `hillock train`, with _ for -.
struct TableOptions {
  // How the data are read (ReadOptions says more) and split.
  std::string target{};
  std::optional<Task> task{};
  std::optional<bool> header{};
  std::optional<char> delimiter{};
  char decimal = '.';
  std::string comment{}, encoding{};
  std::optional<std::vector<std::string>> na{};  // cells that count as missing
  std::vector<std::string> drop{}, numeric{}, categorical{};
  Missing missing = Missing::impute;
  std::optional<std::int64_t> embed_above{};
  std::optional<Scale> scale{};
  std::optional<HeldOut> validation{}, test{};
  std::string weights{}, group{}, time{};
  DType dtype = DType::f32;
  std::int64_t folds = 0;  // 0: none

  // The network.
  std::optional<std::string> net{}, activation{}, init{}, init_weights{}, init_bias{};

  // Training.
  std::optional<std::string> loss{}, class_weights{}, optimizer{}, schedule{};
  std::optional<double> label_smoothing{}, lr{}, momentum{}, target_loss{};
  bool auto_lr = false;  // --lr auto
  double weight_decay = 0, clip_norm = 0, warmup = 0;
  std::optional<std::int64_t> batch{};  // 0: all rows
  std::optional<std::int64_t> epochs{}, patience{};
  bool shuffle = true;
  std::int64_t restarts = 0;
  std::uint64_t seed = 0;
  int threads = 0;  // at most so many; 0: as many as the machine has
};

// How the data are to be read.
ReadOptions read_options(const TableOptions& options);

// What TableOptions::threads says: at most 256.
int thread_count(std::int64_t threads);

// Whether both read the same rows and columns of the same data, and split them alike by the same seed.
bool read_alike(const TableOptions& a, const TableOptions& b);

}  // namespace hillock
