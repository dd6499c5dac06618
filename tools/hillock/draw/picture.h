// Draws a training as lines of text: its progress, its losses, its layers, and the network's answers.
#pragma once

#include <cstddef>
#include <optional>

#include "draw/image_strip.h"
#include "draw/plane_map.h"
#include "draw/text_block.h"
#include "draw/watched_run.h"
#include "hillock/network.h"

namespace hillock::program {

// What is drawn throughout a training, chosen once.
struct PictureSubject {
  // `model` must outlive this object; its network may be moved away.
  PictureSubject(const Model& subject, const PreparedRows& train, const std::optional<PreparedRows>& validation);

  const Model* model;
  Tensor rows;  // some of the training rows, which are examined for units that no longer learn
  std::optional<Plane> plane;
  std::optional<ImageSet> images;
};

struct PictureOptions {
  std::size_t columns = 79;  // the most columns of a line
  std::size_t rows = 1000;   // the most lines; parts are left out if they do not fit
  bool color = false;
  bool times = false;  // whether to print the remaining time
  std::string note;    // a line below the first one; may be empty
};
TextBlock draw_picture(const PictureSubject& subject, const Network& network, const WatchedRun& run,
                       const PictureOptions& options);

}  // namespace hillock::program
