// Lays out a picture: which of its parts fit, and where they go.
#include "draw/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "draw/layer_table.h"
#include "draw/learning_curves.h"
#include "hillock/compare.h"
#include "hillock/text.h"
#include "print/progress.h"

namespace hillock::program {
namespace {

constexpr std::int64_t kRowsLookedAt = 1000;

// Evenly spaced rows.
Tensor some_rows(const PreparedRows& data) {
  const std::int64_t count = std::min(data.rows(), kRowsLookedAt);
  std::vector<std::int64_t> chosen;
  for (std::int64_t k = 0; k < count; ++k) chosen.push_back(k * data.rows() / count);
  return take_rows(data.features, chosen);
}

// On one line if it fits, otherwise on two.
TextBlock headlines(const PictureSubject& subject, const WatchedRun& run, const PictureOptions& options) {
  std::string place = run.restart > 0 ? fmt::format("restart {}  ", run.restart) : "";
  place += fmt::format("epoch {}/{}  step {}", run.epoch, run.epochs, run.step);
  if (run.rate > 0) place += fmt::format("  rate {:.3g}", run.rate);
  if (options.times && run.done > 0 && run.done < 1)
    place += fmt::format("  {} left", duration(run.seconds * (1 - run.done) / run.done));
  std::string scores = fmt::format("loss {:.4g}", run.train_loss);
  if (!std::isnan(run.validation_loss)) {
    const Model& model = *subject.model;
    const std::string_view score = name_of_main_score(model.task, !model.target_names.empty());
    scores += fmt::format("  validation {:.4g}", run.validation_loss);
    scores +=
        score == "rmse" ? fmt::format("  rmse {:.4g}", run.metric) : fmt::format("  {} {:.4f}", score, run.metric);
  }
  if (place.size() + scores.size() + 2 <= options.columns) return {place + "  " + scores};
  return {shortened(place, options.columns), shortened(scores, options.columns)};
}

TextBlock draw_losses(const WatchedRun& run, std::size_t columns, std::size_t rows, bool color) {
  LearningCurve train{.name = "training"}, validation{.name = "validation"};
  for (const LossPoint& point : run.losses.points()) {
    train.epochs.push_back(static_cast<double>(point.epoch));
    train.median.push_back(point.train);
    if (std::isnan(point.validation)) continue;
    validation.epochs.push_back(static_cast<double>(point.epoch));
    validation.median.push_back(point.validation);
  }
  return lines_of(draw_curves({train, validation}, {.columns = static_cast<int>(columns + 1),
                                                    .rows = static_cast<int>(rows),
                                                    .color = color,
                                                    .title = "loss by epoch, logarithmic",
                                                    .marks = "*o",
                                                    .short_legend = true}));
}

void append(TextBlock& block, const TextBlock& more) { block.insert(block.end(), more.begin(), more.end()); }

std::size_t width_of(const TextBlock& block) {
  std::size_t width = 0;
  for (const std::string& line : block) width = std::max(width, visible_width(line));
  return width;
}

// The lines of a chart and a map besides the grid.
constexpr std::size_t kChartFrame = 4, kMapFrame = 5;
constexpr std::size_t kLeastRows = 6;                              // of a grid
constexpr std::size_t kLeastChart = 36, kLeastMap = 30, kGap = 3;  // columns

// The largest number of grid rows that fits. The scale of the chart has a number at every fifth row and the last.
std::size_t grid_rows(std::size_t lines, std::size_t frame) {
  for (const std::size_t rows : {std::size_t{16}, std::size_t{11}, kLeastRows}) {
    if (rows + frame <= lines) return rows;
  }
  return 0;
}

// The map of two columns, or images that fit nowhere else; of at most this size, and empty if it does not
// fit.
TextBlock draw_answers(const PictureSubject& subject, const Network& network, const PictureOptions& options,
                       std::size_t columns, std::size_t rows) {
  if (subject.plane) {
    const PlaneMapOptions map{
        .columns = std::min(columns, std::max(kLeastMap, 3 * rows)), .rows = rows, .color = options.color};
    return draw_plane(*subject.model, network, *subject.plane, map);
  }
  if (!subject.images || image_lines(*subject.images, options.color) > rows + kMapFrame) return {};
  return draw_images(*subject.model, network, *subject.images, {.columns = columns, .color = options.color});
}

// The losses and the network's answers, side by side, or one below the other in a narrow window.
TextBlock draw_grids(const PictureSubject& subject, const Network& network, const WatchedRun& run,
                     const PictureOptions& options, std::size_t lines, bool with_answers) {
  if (options.columns < kLeastMap) return {};
  if (with_answers && options.columns >= kLeastChart + kGap + kLeastMap) {
    const std::size_t rows = grid_rows(lines, kMapFrame);
    if (rows == 0) return {};
    const TextBlock answers = draw_answers(subject, network, options, options.columns - kLeastChart - kGap, rows);
    const std::size_t left = std::min<std::size_t>(options.columns - width_of(answers) - kGap, 60);
    return beside(draw_losses(run, left, rows, options.color), answers, left + kGap);
  }
  const std::size_t below = with_answers ? grid_rows(lines / 2, kMapFrame) : 0;
  TextBlock answers;
  if (below > 0) answers = draw_answers(subject, network, options, options.columns, below);
  const std::size_t rows = grid_rows(lines - answers.size(), kChartFrame);
  TextBlock block;
  if (rows > 0) block = draw_losses(run, std::min<std::size_t>(options.columns, 100), rows, options.color);
  append(block, answers);
  return block;
}

}  // namespace

PictureSubject::PictureSubject(const Model& subject, const PreparedRows& train,
                               const std::optional<PreparedRows>& validation)
    : model(&subject),
      rows(some_rows(train)),
      plane(plane_of(subject, train)),
      images(images_of(subject, train, validation)) {}

TextBlock draw_picture(const PictureSubject& subject, const Network& network, const WatchedRun& run,
                       const PictureOptions& options) {
  TextBlock picture = headlines(subject, run, options);
  if (!options.note.empty()) picture.push_back(shortened(options.note, options.columns));
  picture.resize(std::min(picture.size(), options.rows));
  std::size_t left = options.rows - picture.size();
  TextBlock table, images;
  if (left >= 3 && options.columns >= kLeastTable) {
    table =
        layer_table(layer_lines(network, run, subject.rows), subject.rows.shape()[0],
                    {.columns = options.columns, .lines = std::max<std::size_t>(3, left / 3), .color = options.color});
  }
  left -= table.size();
  // Images are drawn if the smallest chart still fits beside them.
  if (subject.images && image_lines(*subject.images, options.color) + kLeastRows + kChartFrame <= left)
    images =
        draw_images(*subject.model, network, *subject.images, {.columns = options.columns, .color = options.color});
  left -= images.size();
  const TextBlock grids = draw_grids(subject, network, run, options, left, images.empty());
  left -= grids.size();
  for (const TextBlock* part : {&std::as_const(grids), &std::as_const(images), &std::as_const(table)}) {
    if (part->empty()) continue;
    if (left > 0) picture.emplace_back();
    left -= left > 0 ? 1 : 0;
    append(picture, *part);
  }
  return picture;
}

}  // namespace hillock::program
