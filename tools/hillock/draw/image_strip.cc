// Chooses the rows that are shown as images, and draws them.
#include "draw/image_strip.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

#include "hillock/decision.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr std::size_t kMostImages = 12, kLeastSide = 5, kGap = 2, kLeastCell = 8, kMostName = 10;

struct Size {
  std::size_t height = 0, width = 0;
};

// A table of images is recognized by its column names: the number of any other columns may be a square too.
bool names_pixels(const std::vector<std::string>& columns) {
  return std::ranges::all_of(columns, [](const std::string& name) {
    return name.starts_with("pixel") && name.size() > 5 && std::isdigit(static_cast<unsigned char>(name.back())) != 0;
  });
}

std::optional<Size> size_of(const Model& model, const PreparedRows& data) {
  const auto columns = static_cast<std::int64_t>(model.columns.size());
  if (data.features.shape()[1] != columns) return std::nullopt;  // the columns are not pixels
  if (!model.target_names.empty()) return std::nullopt;          // there is room for one target below an image
  Size size;
  if (model.sample_shape.rank() == 2) {
    size = {static_cast<std::size_t>(model.sample_shape[0]), static_cast<std::size_t>(model.sample_shape[1])};
  } else if (names_pixels(model.columns)) {
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(columns))));
    size = {side, side};
  }
  const bool all = size.height * size.width == static_cast<std::size_t>(columns);
  return all && std::min(size.height, size.width) >= kLeastSide ? std::optional(size) : std::nullopt;
}

// The first row of each class, followed by the first of the others.
std::vector<std::int64_t> rows_to_show(const PreparedRows& data, Task task) {
  std::vector<std::int64_t> rows;
  std::set<double> seen;
  const auto take = [&](std::int64_t row) {
    return rows.size() < kMostImages && seen.insert(data.targets.at(row)).second;
  };
  for (std::int64_t row = 0; task == Task::classification && row < data.rows(); ++row) {
    if (take(row)) rows.push_back(row);
  }
  for (std::int64_t row = 0; row < data.rows() && rows.size() < kMostImages; ++row) {
    if (std::ranges::find(rows, row) == rows.end()) rows.push_back(row);
  }
  return rows;
}

// Scales the numbers of all images from 0 for the lowest to 1 for the highest.
std::vector<std::vector<double>> shades_of(const Model& model, const Tensor& rows) {
  const std::int64_t pixels = rows.shape()[1];
  std::vector<std::vector<double>> shades(static_cast<std::size_t>(rows.shape()[0]));
  double low = INFINITY, high = -INFINITY;
  for (std::int64_t k = 0; k < rows.elements(); ++k) {
    const double value = model.features.undo(rows.at(k), static_cast<std::size_t>(k % pixels));
    shades[static_cast<std::size_t>(k / pixels)].push_back(value);
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (std::vector<double>& image : shades) {
    for (double& value : image) value = low < high && std::isfinite(high - low) ? (value - low) / (high - low) : 0;
  }
  return shades;
}

// Removes the rows and columns at the borders that are blank in all images.
void crop(ImageSet& images) {
  constexpr double kBlank = 0.02;
  Size begin{images.height, images.width}, end;
  for (const std::vector<double>& image : images.shades) {
    for (std::size_t k = 0; k < image.size(); ++k) {
      if (image[k] < kBlank) continue;
      const Size at{k / images.width, k % images.width};
      begin = {std::min(begin.height, at.height), std::min(begin.width, at.width)};
      end = {std::max(end.height, at.height + 1), std::max(end.width, at.width + 1)};
    }
  }
  if (begin.height >= end.height) return;
  for (std::vector<double>& image : images.shades) {
    std::vector<double> kept;
    for (std::size_t k = 0; k < image.size(); ++k) {
      const Size at{k / images.width, k % images.width};
      const bool inside = at.height >= begin.height && at.height < end.height && at.width >= begin.width;
      if (inside && at.width < end.width) kept.push_back(image[k]);
    }
    image = std::move(kept);
  }
  images.height = end.height - begin.height;
  images.width = end.width - begin.width;
}

// An image of fewer pixels, each the mean of those that it covers.
class Picture {
 public:
  Picture(const std::vector<double>& shades, Size from, Size to) : size_(to) {
    for (std::size_t row = 0; row < to.height; ++row) {
      for (std::size_t column = 0; column < to.width; ++column) {
        const Size begin{row * from.height / to.height, column * from.width / to.width};
        const Size end{(row + 1) * from.height / to.height, (column + 1) * from.width / to.width};
        double sum = 0;
        for (std::size_t y = begin.height; y < end.height; ++y) {
          for (std::size_t x = begin.width; x < end.width; ++x) sum += shades[y * from.width + x];
        }
        pixels_.push_back(sum / static_cast<double>((end.height - begin.height) * (end.width - begin.width)));
      }
    }
  }
  double at(std::size_t row, std::size_t column) const {
    return row < size_.height ? pixels_[row * size_.width + column] : 0;
  }

 private:
  Size size_;
  std::vector<double> pixels_;
};

// How an image becomes characters. A pixel is half a character in color; otherwise one, or two if there are not many.
struct Raster {
  Size pixels;
  std::size_t columns = 0, lines = 0;
  bool color = false;
};

Raster raster_for(const ImageSet& images, bool color) {
  constexpr std::size_t kFew = 12, kMostInColor = 16, kMost = 28;
  const std::size_t most = color ? kMostInColor : kMost;
  const std::size_t by = (std::max(images.width, images.height) + most - 1) / most;
  Raster raster{.pixels = {std::max<std::size_t>(1, images.height / by), std::max<std::size_t>(1, images.width / by)},
                .color = color};
  raster.columns = raster.pixels.width;
  raster.lines = (raster.pixels.height + 1) / 2;
  if (color) return raster;
  if (images.width <= kFew) {
    raster.columns *= 2;
    raster.lines = raster.pixels.height;
  } else {
    raster.pixels.height = raster.lines;
  }
  return raster;
}

int gray(double shade) { return 232 + static_cast<int>(std::lround(shade * 23)); }

std::string raster_line(const Picture& picture, const Raster& raster, std::size_t line) {
  static constexpr std::array<const char*, 5> kShades{" ", "░", "▒", "▓", "█"};
  std::string text;
  for (std::size_t column = 0; column < raster.pixels.width; ++column) {
    if (raster.color) {
      text += fmt::format("\x1b[38;5;{};48;5;{}m▀", gray(picture.at(2 * line, column)),
                          gray(picture.at(2 * line + 1, column)));
      continue;
    }
    const char* shade = kShades[static_cast<std::size_t>(std::lround(4 * picture.at(line, column)))];
    for (std::size_t k = 0; k < raster.columns / raster.pixels.width; ++k) text += shade;
  }
  return raster.color ? text + "\x1b[0m" : text;
}

struct Label {
  std::string says, truth;  // truth: empty if the prediction is right
};

std::vector<Label> labels_of(const Model& model, const Network& network, const ImageSet& images) {
  const Tensor outputs = predict(network, images.rows);
  std::vector<Label> labels;
  if (model.task == Task::regression) {
    for (std::size_t k = 0; k < images.targets.size(); ++k) {
      labels.push_back({fmt::format("{:.3g}", model.targets.undo(outputs.at(static_cast<std::int64_t>(k)), 0)),
                        fmt::format("is {:.3g}", images.targets[k])});
    }
    return labels;
  }
  const bool margins = model.loss_function().margins();
  const std::vector<Decision> decisions = decide(outputs, margins);
  for (std::size_t k = 0; k < decisions.size(); ++k) {
    const auto truth = static_cast<std::size_t>(images.targets[k]);
    Label& label = labels.emplace_back(Label{shortened(model.classes[decisions[k].winner], kMostName), ""});
    if (!margins) label.says += fmt::format(": {:.0f} %", 100 * decisions[k].confidence);
    if (decisions[k].winner != truth) label.truth = fmt::format("✗ is {}", shortened(model.classes[truth], kMostName));
  }
  return labels;
}

// The columns of an image with its label and the gap after them.
std::size_t cell_width(const Model& model, const Raster& raster) {
  constexpr std::size_t kBesideName = 7;  // ": 100 %"
  std::size_t width = std::max(raster.columns, kLeastCell);
  for (const std::string& name : model.classes)
    width = std::max(width, std::min(display_width(name), kMostName) + kBesideName);
  return width + kGap;
}

// Adds the line without its trailing blanks.
void push(TextBlock& block, std::string line) {
  line.resize(line.find_last_not_of(' ') + 1);
  block.push_back(std::move(line));
}

}  // namespace

std::optional<ImageSet> images_of(const Model& model, const PreparedRows& train,
                                  const std::optional<PreparedRows>& validation) {
  const PreparedRows& data = validation ? *validation : train;
  if (data.rows() == 0) return std::nullopt;
  const std::optional<Size> size = size_of(model, data);
  if (!size) return std::nullopt;
  const std::vector<std::int64_t> shown = rows_to_show(data, model.task);
  ImageSet images;
  images.height = size->height;
  images.width = size->width;
  images.part = validation ? "validation" : "training";
  images.rows = take_rows(data.features, shown);
  images.shades = shades_of(model, images.rows);
  const TargetScale scale = model.target_scale();
  for (const std::int64_t row : shown) images.targets.push_back(scale.unscaled(data.targets.at(row)));
  crop(images);
  return images;
}

std::size_t image_lines(const ImageSet& images, bool color) { return raster_for(images, color).lines + 3; }

TextBlock draw_images(const Model& model, const Network& network, const ImageSet& images,
                      const ImageStripOptions& options) {
  const Raster raster = raster_for(images, options.color);
  const std::size_t cell = cell_width(model, raster);
  const std::size_t count = std::min((options.columns + kGap) / cell, images.targets.size());
  if (count == 0) return {};
  const std::vector<Label> labels = labels_of(model, network, images);
  std::vector<Picture> pictures;
  for (std::size_t k = 0; k < count; ++k)
    pictures.emplace_back(images.shades[k], Size{images.height, images.width}, raster.pixels);
  TextBlock block{
      shortened(fmt::format("{} images, what the network says and how sure it is", images.part), options.columns)};
  const std::string after(cell - raster.columns, ' ');
  for (std::size_t line = 0; line < raster.lines; ++line) {
    std::string text;
    for (std::size_t k = 0; k < count; ++k) text += raster_line(pictures[k], raster, line) + after;
    push(block, std::move(text));
  }
  std::string says, truth;
  for (std::size_t k = 0; k < count; ++k) {
    const bool red = options.color && !labels[k].truth.empty() && model.task == Task::classification;
    says += left_aligned(shortened(labels[k].says, cell - kGap), cell);
    const std::string wrong = shortened(labels[k].truth, cell - kGap);
    truth += (red ? painted(wrong, "31") : wrong) + std::string(cell - display_width(wrong), ' ');
  }
  push(block, std::move(says));
  if (options.color || truth.find_first_not_of(' ') != std::string::npos) push(block, std::move(truth));
  return block;
}

}  // namespace hillock::program
