// hillock train --watch: a picture of the training on stderr. On a terminal it is drawn again and again in place;
// elsewhere once, at the end.
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
  // As PictureSubject.
  Watch(const Model& model, const PreparedRows& train, const std::optional<PreparedRows>& validation);

  // Whether it takes the place of the lines and the bar of Progress.
  bool is_live() const { return live_; }
  // A run of `network`, which stays where it is until the run's last epoch has been reported; restart 0 is the first.
  void begin(const Network& network, std::int64_t restart);
  void on_step(const StepReport& report);
  void on_epoch(const EpochReport& report);
  const WatchedRun& run() const { return run_; }
  // The last picture, of the run that is kept.
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
  double next_ = 0;                 // when the next picture is due, in the run's seconds
  std::vector<std::size_t> drawn_;  // how wide the lines are that are on the terminal
};

}  // namespace hillock::program
