// A few images that were not trained on, and what the network takes them for.
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
  std::size_t height = 0, width = 0;        // of what is shown: borders that are blank in all of them are left out
  std::string part;                         // "validation", or "training" where there is none
  Tensor rows;                              // prepared, one an image
  std::vector<std::vector<double>> shades;  // of each image height × width, from 0 to 1
  std::vector<double> targets;              // the class, or the number in the target's units
};

// Of the first rows of each class, if what a row holds is known to be an image: data of two axes (digits, MNIST's
// files, arrays), or a table whose columns are pixel0, pixel1, …, as many as a square has.
std::optional<ImageSet> images_of(const Model& model, const PreparedRows& train,
                                  const std::optional<PreparedRows>& validation);

struct ImageStripOptions {
  std::size_t columns = 79;
  bool color = false;
};
// As many side by side as there is room for: a title, the images, below each the prediction and how sure it is, and
// where it is wrong what is true. No lines where not even one fits.
TextBlock draw_images(const Model& model, const Network& network, const ImageSet& images,
                      const ImageStripOptions& options);
// How many lines that takes.
std::size_t image_lines(const ImageSet& images, bool color);

}  // namespace hillock::program
