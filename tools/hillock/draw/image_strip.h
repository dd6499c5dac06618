// Shows a small number of images that were not trained on, with the network's predictions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "draw/text_block.h"
#include "hillock/model.h"

namespace hillock::program {

struct ImageSet {
  std::size_t height = 0, width = 0;  // of the part that is shown; borders that are blank in all images are cut off
  std::string part;                   // "validation", or "training" if there are no validation rows
  Tensor rows;                        // prepared, one per image
  std::vector<std::vector<double>> shades;  // per image height × width, from 0 to 1
  std::vector<double> targets;              // the class, or the number in the target's units
};

// The first rows of each class, if rows are known to be images: data with two axes (digits, MNIST's files, arrays), or
// a table whose columns are pixel0, pixel1, …, a square number of them.
std::optional<ImageSet> images_of(const Model& model, const PreparedRows& train,
                                  const std::optional<PreparedRows>& validation);

struct ImageStripOptions {
  std::size_t columns = 79;
  bool color = false;
};
// Draws as many images side by side as fit: a title, the images, and below each the prediction, its probability and, if
// it is wrong, the truth. Empty if not even one image fits.
TextBlock draw_images(const Model& model, const Network& network, const ImageSet& images,
                      const ImageStripOptions& options);
// The number of lines that draw_images needs.
std::size_t image_lines(const ImageSet& images, bool color);

}  // namespace hillock::program
