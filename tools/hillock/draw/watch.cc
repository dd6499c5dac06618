// Decides when to draw, and replaces the last picture by the next one.
#include "draw/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "hillock/compare.h"
#include "interrupt.h"
#include "print/output.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

constexpr double kLeastSeconds = 0.125;  // the least time between two pictures
// in multiples of the time that a picture took, so that drawing takes at most a tenth of the time
constexpr double kPause = 9;

// Moves the cursor up to the first of lines of these widths. A narrower window has wrapped those that no longer fit.
std::string upwards(const std::vector<std::size_t>& widths, const TerminalSize& size) {
  std::size_t rows = 0;
  for (const std::size_t width : widths) rows += width == 0 ? 1 : (width + size.columns - 1) / size.columns;
  rows = std::min(rows, size.rows - 1);
  return rows == 0 ? "" : fmt::format("\x1b[{}A\r", rows);
}

}  // namespace

Watch::Watch(const Model& model, const PreparedRows& train, const std::optional<PreparedRows>& validation)
    : subject_(model, train, validation), live_(is_terminal(stderr)), color_(draws_color(stderr)) {}

void Watch::begin(const Network& network, std::int64_t restart) {
  network_ = &network;
  layers_ = layer_slices(network.layout());
  dtype_ = network.options().dtype;
  run_ = WatchedRun{.restart = restart, .validation_loss = NAN, .metric = NAN};
  next_ = 0;
}

// The gradient is only valid during this call. The last step of an epoch, or before an interruption, may be the last of
// all.
void Watch::on_step(const StepReport& report) {
  const bool last = report.steps_done_in_epoch == report.steps_in_epoch;
  const bool due = live_ && report.seconds >= next_;
  if (!last && !due && !interrupted()) return;
  run_.epochs = report.epochs;
  run_.step = report.step;
  run_.seconds = report.seconds;
  run_.done = report.done();
  if (run_.epoch == 0) run_.train_loss = report.loss;
  run_.gradient_norms = layer_norms(layers_, report.training_step->gradient(), dtype_);
  run_.gradient_step = report.step;
  if (!last) draw_if_due(report.seconds);
}

void Watch::on_epoch(const EpochReport& report) {
  run_.epoch = report.epoch;
  run_.train_loss = report.train_loss;
  run_.rate = report.rate;
  if (report.validation) {
    run_.validation_loss = report.validation->loss;
    run_.metric = main_score(*report.validation, subject_.model->task);
  }
  run_.losses.add({report.epoch, run_.train_loss, run_.validation_loss});
  draw_if_due(report.seconds);
}

void Watch::draw_if_due(double seconds) {
  if (!live_ || seconds < next_) return;
  const auto start = std::chrono::steady_clock::now();
  PictureOptions options;
  options.times = true;
  draw(*network_, run_, std::move(options));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  next_ = seconds + took + std::max(kLeastSeconds, kPause * took);
}

void Watch::finish(const Network& network, const WatchedRun& run, const TrainResult& result) {
  if (run.gradient_step == 0) return;  // no step was finished
  PictureOptions options;
  if (result.best_weights)
    options.note = fmt::format("weights kept: of epoch {}, the best by validation", result.best_epoch);
  draw(network, run, std::move(options));
}

void Watch::draw(const Network& network, const WatchedRun& run, PictureOptions options) {
  options.color = color_;
  const TerminalSize size = terminal_size(stderr);
  if (live_) {
    options.columns = std::max<std::size_t>(size.columns, 2) - 1;
    options.rows = size.rows - 1;
  }
  const TextBlock lines = draw_picture(subject_, network, run, options);
  std::string text = live_ ? upwards(drawn_, size) : "";
  for (const std::string& line : lines) text += line + (live_ ? "\x1b[K\n" : "\n");
  if (live_) text += "\x1b[J";
  drawn_.clear();
  for (const std::string& line : lines) drawn_.push_back(visible_width(line));
  write_to(stderr, text);
  std::fflush(stderr);
}

}  // namespace hillock::program
