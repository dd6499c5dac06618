// The answers of a network with two numeric columns over the plane of both, with training rows marked on it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "draw/text_block.h"
#include "hillock/data.h"
#include "hillock/model.h"

namespace hillock::program {

// A part of the plane in the columns' units, and rows on it.
struct Plane {
  struct Row {
    double x = 0, y = 0;
    double target = 0;  // the class, or the number in the target's units
  };
  std::array<double, 2> low{}, high{};
  std::vector<Row> rows;  // some of the training rows, evenly spaced
  std::int64_t all_rows = 0;
};

// Returns nothing unless the model has exactly two columns, both numeric, and one target. `train` must be prepared.
std::optional<Plane> plane_of(const Model& model, const PreparedRows& train);

// The centers of columns × rows cells, starting at the top left: f64 [cells, 2] in the columns' units, which f32 might
// not tell apart (Model::rows_in_f64).
Tensor plane_points(const Plane& plane, std::size_t columns, std::size_t rows);
// The answers of `network` at these points: [cells, outputs]; for regression in f64 and the target's units.
Tensor plane_outputs(const Model& model, const Network& network, const Tensor& points);

struct PlaneMapOptions {
  std::size_t columns = 40, rows = 16;  // columns includes the scale on the left; title, axis and legend need more rows
  bool color = false;
};
TextBlock draw_plane(const Model& model, const Network& network, const Plane& plane, const PlaneMapOptions& options);

}  // namespace hillock::program
