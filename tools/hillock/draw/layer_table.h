// Layer by layer: how long the gradient is, how large the parameters are, how many units no longer learn.
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
  double gradient = 0;    // ‖∂E/∂(weights, bias)‖₂ of the last step; NaN: none yet
  double parameters = 0;  // ‖weights, bias‖₂
  std::string stuck;      // "3 of 64 dead"; "" where nothing can be stuck
};

// `rows` are those that are looked at for stuck units.
std::vector<LayerLine> layer_lines(const Network& network, const WatchedRun& run, const Tensor& rows);

inline constexpr std::size_t kLeastTable = 37;  // columns
struct LayerTableOptions {
  std::size_t columns = 80;  // kLeastTable or more
  std::size_t lines = 1000;  // at most, three or more; those that do not fit are counted
  bool color = false;
};
// A line of heads, then one for each layer. A bar's length is the logarithm of the gradient's: full for the largest,
// half for a hundredth of it, nothing for a ten-thousandth. `rows` is how many were looked at for stuck units.
TextBlock layer_table(const std::vector<LayerLine>& layers, std::int64_t rows, const LayerTableOptions& options);

// `part` of `cells` as blocks of eighths: "███▌".
std::string bar(double part, std::size_t cells);

}  // namespace hillock::program
