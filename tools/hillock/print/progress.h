// What training prints on stderr while it runs: a line at intervals, and on a terminal a bar with the remaining time.
#pragma once

#include <cstdint>
#include <string>

#include "hillock/train.h"

namespace hillock::program {

// "42 s", "3 min 05 s".
std::string duration(double seconds);

class Progress {
 public:
  struct Options {
    bool quiet = false;
    std::int64_t log_every = 10;
    bool regression = false;
  };
  explicit Progress(const Options& options);

  void on_step(const StepReport& report);
  // Returns whether it has printed a line.
  bool on_epoch(const EpochReport& report);
  // Removes the bar.
  void finish();

 private:
  void draw(double done, double seconds, const std::string& text);
  void clear();

  Options options_;
  bool bar_ = false;
  bool drawn_ = false;
  double last_drawn_ = -1;  // in seconds
  std::string scores_;      // of the last epoch, abbreviated
};

}  // namespace hillock::program
