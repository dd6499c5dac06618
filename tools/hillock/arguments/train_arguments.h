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
  TableOptions table;  // except for the members below that are given as text
  ReadingArguments reading;
  std::optional<std::string> task, dtype, scale, missing;
  std::optional<std::string> validation, test;  // a fraction or a file
  std::optional<std::string> batch;
  std::int64_t seed = 0, threads = 0;
  bool no_shuffle = false;
  // Members that only the program uses, not the library.
  std::optional<std::string> out;
  std::optional<std::int64_t> log_every;
  bool json = false, quiet = false, watch = false;
};

// Adds the options to `app`; `arguments` must outlive it.
void describe_train(CLI::App& app, TrainArguments& arguments);

inline constexpr const char* kDataHelp =
    "A table, SQLite database, .npy or .npz file, IDX directory, - for stdin, or a built-in set";

// Subsets of the options for other commands that train: how data are read and split; network and training.
void describe_data(Arguments& options, TrainArguments& arguments);
void describe_run(Arguments& options, TrainArguments& arguments);

// The options for the library. Throws Error for texts that it does not know.
TableOptions table_options(const TrainArguments& arguments);

}  // namespace hillock::program
