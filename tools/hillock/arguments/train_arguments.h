// The options of `hillock train` as they were given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arguments/reading_arguments.h"
#include "hillock/table.h"

namespace CLI {
class App;
}

namespace hillock::program {

class Arguments;

struct TrainArguments {
  std::string data;
  TableOptions table;  // without what stands below as text
  ReadingArguments reading;
  std::optional<std::string> task, dtype, scale, missing;
  std::optional<std::string> validation, test;  // a fraction or a file
  std::optional<std::string> batch;
  std::int64_t seed = 0, threads = 0;
  bool no_shuffle = false;
  // What only the program knows.
  std::optional<std::string> out;
  std::optional<std::int64_t> log_every;
  bool json = false, quiet = false, watch = false;
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
