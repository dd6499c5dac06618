// hillock train --watch: draws the training on stderr. On a terminal the picture is redrawn in place; otherwise it is
// printed once, at the end.
#pragma once

#include <cstddef>
#include <vector>

#include "draw/picture.h"
#include "draw/watched_run.h"
#include "hillock/layer_norms.h"
#include "hillock/train.h"

namespace hillock::program {

class Watch {
 public:
  // The arguments are those of PictureSubject.
  Watch(const Model& model, const PreparedRows& train, const std::optional<PreparedRows>& validation);

  // Whether pictures replace the lines and the bar of Progress.
  bool is_live() const { return live_; }
  // Begins a run of `network`, which must stay in place until the run's last epoch has been reported; restart 0 is the
  // first run.
  void begin(const Network& network, std::int64_t restart);
  void on_step(const StepReport& report);
  void on_epoch(const EpochReport& report);
  const WatchedRun& run() const { return run_; }
  // Draws the last picture, for the run that is kept.
  void finish(const Network& network, const WatchedRun& run, const TrainResult& result);

 private:
  void draw_if_due(double seconds);
  void draw(const Network& network, const WatchedRun& run, PictureOptions options);

  PictureSubject subject_;
  bool live_, color_;
  std::vector<LayerSlice> layers_;
  DType dtype_ = DType::f32;
  const Network* network_ = nullptr;
  WatchedRun run_;
  double next_ = 0;                 // the time of the next picture, in the run's seconds
  std::vector<std::size_t> drawn_;  // the widths of the lines on the terminal
};

}  // namespace hillock::program
