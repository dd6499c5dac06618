// What training tells while it runs, on stderr: a line every few epochs, and on a terminal a bar with the time left.
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
  // Whether it has told something.
  bool on_epoch(const EpochReport& report);
  // Removes the bar.
  void finish();

 private:
  void draw(double done, double seconds, const std::string& text);
  void clear();

  Options options_;
  bool bar_ = false;
  bool drawn_ = false;
  double last_drawn_ = -1;  // seconds
  std::string scores_;      // of the last epoch, in short
};

}  // namespace hillock::program
