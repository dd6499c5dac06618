// For each layer: the norm of the gradient, the norm of the parameters, and the number of units that no longer learn.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "draw/text_block.h"
#include "draw/watched_run.h"
#include "hillock/network.h"
#include "hillock/train.h"

namespace hillock::program {

struct LayerLine {
  std::string name;
  std::int64_t units = 0;
  double gradient = 0;    // ‖∂E/∂(weights, bias)‖₂ of the last step; NaN if there is none yet
  double parameters = 0;  // ‖weights, bias‖₂
  std::string stuck;      // "3 of 64 dead"; empty if nothing can be stuck
};

// `rows` are those that are examined for stuck units.
std::vector<LayerLine> layer_lines(const Network& network, const WatchedRun& run, const Tensor& rows);

inline constexpr std::size_t kLeastTable = 37;  // columns
struct LayerTableOptions {
  std::size_t columns = 80;  // at least kLeastTable
  std::size_t lines = 1000;  // at least three; layers that do not fit are counted
  bool color = false;
};
// A line of headings, then one line per layer. The length of a bar is the logarithm of the gradient: full for the
// largest, half for a hundredth of it, empty for a ten-thousandth. `rows` is the number of rows that were examined for
// stuck units.
TextBlock layer_table(const std::vector<LayerLine>& layers, std::int64_t rows, const LayerTableOptions& options);

// A bar of length `part` times `cells`, in eighths of a cell: "███▌".
std::string bar(double part, std::size_t cells);

}  // namespace hillock::program
