// The options of `hillock train` as they were given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arguments/reading_arguments.h"
#include "table/options.h"

namespace CLI {
class App;
}

namespace hillock::program {

class Arguments;

struct TrainArguments {
  std::string data;
  std::string target;
  ReadingArguments reading;
  std::vector<std::string> drop, numeric, categorical;
  std::string weights, group, time;
  std::optional<std::string> task, dtype, scale, missing;
  std::optional<std::string> validation, test;  // a fraction or a file
  std::optional<std::string> net, activation, init, init_weights, init_bias;
  std::optional<std::string> loss, optimizer, schedule, batch, class_weights;
  std::int64_t folds = 0;  // 0: none
  std::optional<std::int64_t> epochs, patience, log_every, embed_above;
  std::optional<double> rate, momentum, target_loss, label_smoothing;
  double weight_decay = 0, clip_norm = 0, warmup = 0;
  std::int64_t seed = 0, threads = 0, restarts = 0;
  std::optional<std::string> out;
  bool auto_rate = false;  // --lr auto
  bool no_shuffle = false, json = false, quiet = false, watch = false;
};

// Adds them to `app`; `arguments` must live as long.
void describe_train(CLI::App& app, TrainArguments& arguments);

inline constexpr const char* kDataHelp = "A table, .npy file, IDX directory, - for stdin, or a built-in set's name";

// Its parts, for other commands that train: how the data are read and split, and network and training.
void describe_data(Arguments& options, TrainArguments& arguments);
void describe_run(Arguments& options, TrainArguments& arguments);

// What the library takes. Throws Error for texts that say nothing it knows.
TableOptions table_options(const TrainArguments& arguments);

}  // namespace hillock::program
