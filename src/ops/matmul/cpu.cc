// The matrix product on the CPU: tiles of rows by panels of columns, computed by the kernels of cpu/matrix_kernel.h.
//
// Panels of b are packed, one k-block at a time, unless b is small and has the right layout. Strips of a are packed
// only if a is stored transposed. Accepts every case that the type rule accepts.
#include <algorithm>
#include <utility>

#include "cpu/matrix_kernel.h"
#include "ops/matmul/matmul.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

using cpu::kStripRows;
using cpu::Strip;
using cpu::StripMode;

enum : std::size_t {
  kM,
  kK,
  kN,
  kTransposeA,
  kTransposeB,
  kSwapped,        // whether in[1] is used as a, and in[0] as b
  kReadsBInPlace,  // whether panels of b are read without packing
  kPacksA,
  kDepth,  // of a k-block, which is one chain: all of k, or kMatmulChain
  kTileRows,
  kTilePanels,
  kRowBlocks,
  kStrips,  // the strips of a direct product, and how rows are divided among them
  kShortRows,
  kLongStrips,
  kARow,  // the strides of a: from row to row, and from k to k
  kAK,
  kTarget,
};

template <class T>
const cpu::MatrixKernels<T>& planned_kernels(const std::int64_t* parameters) {
  return cpu::matrix_kernels<T>(static_cast<cpu::InstructionSet>(parameters[kTarget]));
}

// A block of the product: rows [row, row_end) by panels [panel, panel_end).
struct Part {
  std::int64_t row, row_end, panel, panel_end;
};

// Rows are divided evenly among the smallest possible number of strips: 8 rows are 4 + 4, because a strip of 2 would
// wait for its sums.
struct Strips {
  explicit Strips(std::int64_t all)
      : count(ceil_div(all, kStripRows)),
        short_rows(all / std::max<std::int64_t>(count, 1)),
        long_strips(all - short_rows * count) {}
  std::int64_t rows(std::int64_t index) const { return short_rows + (index < long_strips ? 1 : 0); }

  std::int64_t count;
  std::int64_t short_rows;
  std::int64_t long_strips;
};

template <class T>
class Product {
 public:
  explicit Product(const KernelCall& call)
      : kernels_(planned_kernels<T>(call.parameters)),
        p_(call.parameters),
        a_(static_cast<const T*>(call.in[p_[kSwapped]])),
        b_(static_cast<const T*>(call.in[1 - p_[kSwapped]])),
        c_(static_cast<T*>(call.out[0])),
        panels_(reinterpret_cast<T*>(call.workspace)),
        strip_(panels_ + p_[kTilePanels] * panel_columns_ * p_[kDepth]) {}

  void run(const Part& part) const {
    for (std::int64_t k = 0; k < p_[kK]; k += p_[kDepth]) {
      const std::int64_t depth = std::min(p_[kDepth], p_[kK] - k);
      pack_panels(part, k, depth);
      multiply(part, k, depth, k == 0 ? StripMode::overwrite : StripMode::accumulate);
    }
  }

 private:
  std::int64_t columns_of(std::int64_t panel) const {
    return std::min(panel_columns_, p_[kN] - panel * panel_columns_);
  }

  void pack_panels(const Part& part, std::int64_t k, std::int64_t depth) const {
    if (p_[kReadsBInPlace] != 0) return;
    T* to = panels_;
    for (std::int64_t panel = part.panel; panel < part.panel_end; ++panel, to += depth * panel_columns_) {
      if (p_[kTransposeB] != 0) {
        kernels_.pack_transposed_panel(b_ + panel * panel_columns_ * p_[kK] + k, p_[kK], depth, columns_of(panel), to);
      } else {
        kernels_.pack_panel(b_ + k * p_[kN] + panel * panel_columns_, p_[kN], depth, columns_of(panel), to);
      }
    }
  }

  void multiply(const Part& part, std::int64_t k, std::int64_t depth, StripMode mode) const {
    Strip<T> strip;
    strip.depth = depth;
    strip.c_row = p_[kN];
    strip.mode = mode;
    const bool in_place = p_[kReadsBInPlace] != 0;
    strip.b_k = in_place ? p_[kN] : panel_columns_;
    strip.b_ends_with_columns = in_place;
    const Strips strips(part.row_end - part.row);
    std::int64_t row = part.row;
    for (std::int64_t index = 0; index < strips.count; ++index) {
      const std::int64_t rows = strips.rows(index);
      place_a(strip, row, rows, k);
      const auto multiply_strip = kernels_.multiply[static_cast<std::size_t>(rows)];
      const T* packed = panels_;
      for (std::int64_t panel = part.panel; panel < part.panel_end; ++panel, packed += depth * panel_columns_) {
        strip.b = in_place ? b_ + k * p_[kN] + panel * panel_columns_ : packed;
        strip.c = c_ + row * p_[kN] + panel * panel_columns_;
        strip.columns = columns_of(panel);
        multiply_strip(strip);
      }
      row += rows;
    }
  }

  void place_a(Strip<T>& strip, std::int64_t row, std::int64_t rows, std::int64_t k) const {
    if (p_[kPacksA] != 0) {
      kernels_.pack_strip(a_ + k * p_[kM] + row, p_[kM], strip.depth, rows, strip_);
      strip.a = strip_;
      strip.a_row = 1;
      strip.a_k = rows;
    } else if (p_[kTransposeA] != 0) {
      strip.a = a_ + k * p_[kM] + row;
      strip.a_row = 1;
      strip.a_k = p_[kM];
    } else {
      strip.a = a_ + row * p_[kK] + k;
      strip.a_row = p_[kK];
      strip.a_k = 1;
    }
  }

  const cpu::MatrixKernels<T>& kernels_;
  const std::int64_t panel_columns_ = kernels_.panel_columns;
  const std::int64_t* p_;
  const T* a_;
  const T* b_;
  T* c_;
  T* panels_;  // [panels of a tile, depth, columns of a panel], aligned for whole vectors
  T* strip_;   // [depth, rows of a strip]
};

// A product of one strip and one panel, which leaves nothing to decide.
template <class T>
void run_strip(const KernelCall& call, TileRange) {
  const std::int64_t* p = call.parameters;
  planned_kernels<T>(p).multiply[static_cast<std::size_t>(p[kM])]({.a = static_cast<const T*>(call.in[0]),
                                                                   .a_row = p[kARow],
                                                                   .a_k = p[kAK],
                                                                   .b = static_cast<const T*>(call.in[1]),
                                                                   .b_k = p[kN],
                                                                   .b_ends_with_columns = true,
                                                                   .depth = p[kK],
                                                                   .c = static_cast<T*>(call.out[0]),
                                                                   .c_row = p[kN],
                                                                   .columns = p[kN],
                                                                   .mode = StripMode::overwrite});
}

// A small product, for which the usual decisions would take as long as the product.
template <class T>
void run_direct(const KernelCall& call, TileRange) {
  const std::int64_t* p = call.parameters;
  const cpu::MatrixKernels<T>& kernels = planned_kernels<T>(p);
  const std::int64_t n = p[kN];
  Strip<T> strip;
  strip.a = static_cast<const T*>(call.in[0]);
  strip.a_row = p[kARow];
  strip.a_k = p[kAK];
  strip.b_k = n;
  strip.b_ends_with_columns = true;
  strip.depth = p[kK];
  strip.c_row = n;
  T* c = static_cast<T*>(call.out[0]);
  for (std::int64_t index = 0; index < p[kStrips]; ++index) {
    const std::int64_t rows = p[kShortRows] + (index < p[kLongStrips] ? 1 : 0);
    const auto multiply_strip = kernels.multiply[static_cast<std::size_t>(rows)];
    for (std::int64_t column = 0; column < n; column += kernels.panel_columns) {
      strip.b = static_cast<const T*>(call.in[1]) + column;
      strip.c = c + column;
      strip.columns = std::min(kernels.panel_columns, n - column);
      multiply_strip(strip);
    }
    strip.a += rows * strip.a_row;
    c += rows * n;
  }
}

// Tiles run down the rows first, so that a range of tiles packs each panel once.
template <class T>
void run(const KernelCall& call, TileRange tiles) {
  const std::int64_t* p = call.parameters;
  if (p[kM] == 0 || p[kN] == 0) return;
  if (p[kK] == 0) {
    T* c = static_cast<T*>(call.out[0]);
    std::fill(c, c + p[kM] * p[kN], T{0});
    return;
  }
  const Product<T> product(call);
  const std::int64_t panels = ceil_div(p[kN], planned_kernels<T>(p).panel_columns);
  for (std::int64_t tile = tiles.begin; tile < tiles.end;) {
    const std::int64_t group = tile / p[kRowBlocks];
    const std::int64_t next = std::min(tiles.end, (group + 1) * p[kRowBlocks]);
    const std::int64_t panel = group * p[kTilePanels];
    product.run({.row = (tile - group * p[kRowBlocks]) * p[kTileRows],
                 .row_end = std::min((next - group * p[kRowBlocks]) * p[kTileRows], p[kM]),
                 .panel = panel,
                 .panel_end = std::min(panel + p[kTilePanels], panels)});
    tile = next;
  }
}

// The reason that the parameters imply.
KernelReason reason_of(const std::array<std::int64_t, 24>& p, std::int64_t panel_columns, std::int64_t element_bytes) {
  if (p[kM] == 0 || p[kN] == 0 || p[kK] == 0) return {"no terms: nothing to multiply"};
  if (p[kSwapped] != 0) return {"1 column: a row of {}, by the transposed matrix", {p[kN]}};
  if (p[kReadsBInPlace] == 0) {
    if (p[kPacksA] != 0)
      return {"{} rows of a transposed matrix: packed, as panels of {} columns", {p[kM], panel_columns}};
    if (p[kTransposeB] != 0)
      return {"{} rows by a transposed matrix: panels of {} columns packed", {p[kM], panel_columns}};
    return {"{} rows: panels of {} columns packed", {p[kM], panel_columns}};
  }
  if (p[kM] <= 2 * kStripRows) return {"{} rows: too few for packing {} x {}", {p[kM], p[kK], p[kN]}};
  return {"{} x {} take {} bytes: read in place", {p[kK], p[kN], p[kK] * p[kN] * element_bytes}};
}

template <class T>
KernelPlan plan(MatmulShape shape) {
  static constexpr const char* kNames[] = {"matmul.nn", "matmul.nt", "matmul.tn", "matmul.tt"};
  const cpu::InstructionSet target = cpu::chosen_instruction_set();
  const std::int64_t panel_columns = cpu::matrix_kernels<T>(target).panel_columns;
  KernelPlan plan;
  plan.name = kNames[(shape.transpose_a ? 2 : 0) + (shape.transpose_b ? 1 : 0)];
  plan.run = &run<T>;
  auto& p = plan.parameters;
  p[kTarget] = static_cast<std::int64_t>(target);
  constexpr std::int64_t kSmallColumn = 256;
  if (shape.k == 1) shape.transpose_b = false;  // a single row or column has the same layout either way
  // A single column is computed as a row, c' = b' a': the same chains, but without unused columns. For a small column
  // packing a costs too much.
  if (shape.n == 1 && shape.m > 1 && shape.m * shape.k > kSmallColumn) {
    p[kSwapped] = 1;
    shape = {.m = 1, .k = shape.k, .n = shape.m, .transpose_a = false, .transpose_b = !shape.transpose_a};
  }
  // A k-block of a panel and of a strip should fit the first-level cache, and a group of panels a part of the
  // second-level cache.
  constexpr std::int64_t kPanelGroupBytes = 256 * 1024;
  constexpr std::int64_t kRowsOfTile = 16 * kStripRows;
  constexpr std::int64_t kInPlaceBytes = 16 * 1024;
  const std::int64_t panels = std::max<std::int64_t>(ceil_div(shape.n, panel_columns), 1);
  const std::int64_t size = static_cast<std::int64_t>(sizeof(T));
  p[kM] = shape.m;
  p[kK] = shape.k;
  p[kN] = shape.n;
  p[kTransposeA] = shape.transpose_a;
  p[kTransposeB] = shape.transpose_b;
  p[kDepth] = std::clamp<std::int64_t>(shape.k, 1, kMatmulChain);
  p[kTilePanels] = std::clamp<std::int64_t>(kPanelGroupBytes / (p[kDepth] * panel_columns * size), 1, panels);
  p[kTileRows] = std::clamp<std::int64_t>(shape.m, 1, kRowsOfTile);
  p[kRowBlocks] = std::max<std::int64_t>(ceil_div(shape.m, p[kTileRows]), 1);
  p[kPacksA] = shape.transpose_a && shape.m > 1 && panels > 1;
  p[kReadsBInPlace] = !shape.transpose_b && (shape.m <= 2 * kStripRows || shape.k * shape.n * size <= kInPlaceBytes);
  const Strips strips(shape.m);
  p[kStrips] = strips.count;
  p[kShortRows] = strips.short_rows;
  p[kLongStrips] = strips.long_strips;
  const bool is_direct = p[kReadsBInPlace] != 0 && p[kPacksA] == 0 && p[kSwapped] == 0 && p[kRowBlocks] == 1 &&
                         p[kTilePanels] == panels && shape.k > 0 && shape.k <= kMatmulChain;
  p[kARow] = shape.transpose_a ? 1 : shape.k;
  p[kAK] = shape.transpose_a ? shape.m : 1;
  if (is_direct) plan.run = strips.count == 1 && panels == 1 ? &run_strip<T> : &run_direct<T>;
  plan.tiles = shape.k == 0 ? 1 : p[kRowBlocks] * ceil_div(panels, p[kTilePanels]);
  const std::int64_t workspace = (p[kPacksA] != 0 ? kStripRows : 0) + p[kTilePanels] * panel_columns;
  plan.workspace_bytes = static_cast<std::size_t>(workspace * p[kDepth] * size);
  plan.reason = reason_of(p, panel_columns, size);
  return plan;
}

}  // namespace

KernelPlan plan_matmul(const OpSignature& signature) {
  const MatmulShape shape = matmul_shape(signature);
  return signature.in[0].dtype == DType::f64 ? plan<double>(shape) : plan<float>(shape);
}

}  // namespace hillock
