// What a network of two numeric columns answers over the plane, with the training rows upon it.
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

// A part of the plane, in the units of the columns, and rows upon it.
struct Plane {
  struct Row {
    double x = 0, y = 0;
    double target = 0;  // the class, or the number in the target's units
  };
  std::array<double, 2> low{}, high{};
  std::vector<Row> rows;  // some of the training rows, evenly spaced among them
  std::int64_t all_rows = 0;
};

// Nothing unless the model has exactly two columns, both numbers, and one target. `train` is prepared.
std::optional<Plane> plane_of(const Model& model, const PreparedRows& train);

// The centers of columns × rows cells, from the top left: f64 [cells, 2], in the columns' units, which f32 need not
// tell apart (Model::rows_in_f64).
Tensor plane_points(const Plane& plane, std::size_t columns, std::size_t rows);
// What `network` says there: [cells, outputs], regression in f64 and in the target's units.
Tensor plane_outputs(const Model& model, const Network& network, const Tensor& points);

struct PlaneMapOptions {
  std::size_t columns = 40, rows = 16;  // columns with the scale on the left; title, axis and legend are more rows
  bool color = false;
};
TextBlock draw_plane(const Model& model, const Network& network, const Plane& plane, const PlaneMapOptions& options);

}  // namespace hillock::program
