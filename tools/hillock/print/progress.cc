// Prints the progress bar and the log lines.
#include "print/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "print/output.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr std::size_t kMostCells = 24;

// For several targets R², which has no unit.
std::string main_score_of(const Metrics& metrics, bool regression) {
  if (!regression) return fmt::format("accuracy {:.4f}", metrics.accuracy);
  return metrics.targets.empty() ? fmt::format("rmse {:.5g}", metrics.rmse) : fmt::format("r2 {:.4f}", metrics.r2);
}

std::string scores_of(const EpochReport& report, bool regression) {
  std::string text = fmt::format("loss {:.5g}", report.train_loss);
  if (!report.validation) return text;
  const Metrics& validation = *report.validation;
  text += fmt::format("  validation {:.5g}", validation.loss);
  return text + "  " + main_score_of(validation, regression);
}

// What fits beside the bar: the loss, and the metric that people read.
std::string short_scores_of(const EpochReport& report, bool regression) {
  std::string text = fmt::format("loss {:.5g}", report.train_loss);
  if (!report.validation) return text;
  const Metrics& validation = *report.validation;
  return text + "  validation " + main_score_of(validation, regression);
}

}  // namespace

std::string duration(double seconds) {
  constexpr double kMost = 1e15;  // for a run whose end cannot be foreseen
  const auto whole = static_cast<std::int64_t>(std::min(seconds + 0.5, kMost));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

Progress::Progress(const Options& options) : options_(options), bar_(!options.quiet && is_terminal(stderr)) {}

void Progress::on_step(const StepReport& report) {
  if (!bar_ || report.seconds - last_drawn_ < kRedrawSeconds) return;
  // there are no scores yet
  const std::string scores = scores_.empty() ? fmt::format("loss {:.5g}", report.loss) : scores_;
  draw(report.done(), report.seconds, fmt::format("epoch {}/{}  {}", report.epoch, report.epochs, scores));
}

bool Progress::on_epoch(const EpochReport& report) {
  if (options_.quiet) return false;
  scores_ = short_scores_of(report, options_.regression);
  const bool due = report.epoch % options_.log_every == 0 || report.epoch == 1;
  if (due) {
    clear();
    const int width = static_cast<int>(fmt::formatted_size("{}", report.epochs));
    print_to(stderr, "epoch {:>{}}/{}  {}\n", report.epoch, width, report.epochs,
             scores_of(report, options_.regression));
    last_drawn_ = -1;
  }
  if (!bar_ || report.seconds - last_drawn_ < kRedrawSeconds) return due;
  const double done = static_cast<double>(report.epoch) / static_cast<double>(report.epochs);
  draw(done, report.seconds, fmt::format("epoch {}/{}  {}", report.epoch, report.epochs, scores_));
  return due;
}

void Progress::draw(double done, double seconds, const std::string& text) {
  const std::string words = done > 0 ? fmt::format("{} left  {}", duration(seconds * (1 - done) / done), text) : text;
  // The bar gets the columns that the words leave. The last column stays empty so that the line does not wrap.
  const std::size_t room = terminal_size(stderr).columns - 1, taken = words.size() + 3;
  const std::size_t cells = room > taken ? std::min(room - taken, kMostCells) : 0;
  const auto full = static_cast<std::size_t>(done * static_cast<double>(cells));
  std::string line = fmt::format("[{}{}] {}", std::string(full, '='), std::string(cells - full, ' '), words);
  line.resize(std::min(line.size(), room));
  print_to(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
  last_drawn_ = seconds;
}

void Progress::clear() {
  if (drawn_) print_to(stderr, "\r\x1b[K");
  drawn_ = false;
}

void Progress::finish() { clear(); }

}  // namespace hillock::program
