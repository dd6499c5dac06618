// A picture of a training as lines of text: where it is, its losses, its layers, and what the network answers.
#pragma once

#include <cstddef>
#include <optional>

#include "draw/image_strip.h"
#include "draw/plane_map.h"
#include "draw/text_block.h"
#include "draw/watched_run.h"
#include "hillock/network.h"

namespace hillock::program {

// What is looked at throughout a training, chosen once.
struct PictureSubject {
  // `model` must outlive it; its network may be moved away.
  PictureSubject(const Model& subject, const PreparedRows& train, const std::optional<PreparedRows>& validation);

  const Model* model;
  Tensor rows;  // some of the training rows: where units are looked for that no longer learn
  std::optional<Plane> plane;
  std::optional<ImageSet> images;
};

struct PictureOptions {
  std::size_t columns = 79;  // no line takes more
  std::size_t rows = 1000;   // and there are no more lines; parts are left out for it
  bool color = false;
  bool times = false;  // tell how much time is left
  std::string note;    // a line below the first; "" for none
};
TextBlock draw_picture(const PictureSubject& subject, const Network& network, const WatchedRun& run,
                       const PictureOptions& options);

}  // namespace hillock::program
