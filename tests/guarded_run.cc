// Guard bands hold the byte 0xFF too, so that reading past an operand's end gives NaN.
#include "tests/guarded_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

#include "core/float_mode.h"
#include "exec/step_functions.h"

namespace hillock {
namespace {

constexpr std::size_t kGuardBytes = 64;
constexpr std::byte kFill{0xFF};

class GuardedBuffer {
 public:
  GuardedBuffer(std::size_t bytes, std::size_t shift_bytes) : bytes_(bytes), storage_(bytes + 4 * kGuardBytes, kFill) {
    const auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
    start_ = (kGuardBytes - address % kGuardBytes) % kGuardBytes + kGuardBytes + shift_bytes;
  }
  std::byte* data() { return storage_.data() + start_; }
  std::span<const std::byte> content() const { return std::span(storage_).subspan(start_, bytes_); }
  void fill(std::span<const std::byte> source) { std::ranges::copy(source, data()); }
  bool is_intact_outside() const {
    const auto untouched = [](std::byte byte) { return byte == kFill; };
    const std::span whole(storage_);
    return std::ranges::all_of(whole.first(start_), untouched) &&
           std::ranges::all_of(whole.subspan(start_ + bytes_), untouched);
  }

 private:
  std::size_t bytes_;
  std::size_t start_ = 0;
  std::vector<std::byte> storage_;
};

// The bytes of inputs and arena between steps.
struct Memory {
  std::vector<std::vector<std::byte>> inputs;
  std::vector<std::byte> arena;

  std::vector<std::byte>& of(const Location& location) {
    return location.kind == Location::Kind::input ? inputs[static_cast<std::size_t>(location.index)] : arena;
  }
  std::span<std::byte> from(const Location& location) { return std::span(of(location)).subspan(location.bytes_offset); }
};

std::vector<TileRange> ranges_of(std::int64_t tiles, TileOrder order) {
  switch (order) {
    case TileOrder::all_at_once: return {{0, tiles}};
    case TileOrder::in_two_parts: return {{0, tiles / 3}, {tiles / 3, tiles}};
    case TileOrder::one_by_one_reversed: break;
  }
  std::vector<TileRange> ranges;
  for (std::int64_t tile = tiles; tile > 0; --tile) ranges.push_back({tile - 1, tile});
  return ranges;
}

void run_tiles(const Step& step, const std::vector<const void*>& in, const std::vector<void*>& out,
               std::byte* workspace, TileRange tiles) {
  const FlushToZero mode;
  find_functions(step).run(step, in.data(), out.data(), workspace, tiles);
}

void require(bool holds, const Step& step, const char* what) {
  if (!holds) throw std::runtime_error(fmt::format("{}: {}", step.name, what));
}

void run_step(const Step& step, Memory& memory, const GuardedOptions& options) {
  const auto shift = [&](std::size_t element_bytes) { return options.aligned ? std::size_t{0} : element_bytes; };
  std::vector<GuardedBuffer> in;
  std::vector<const void*> in_pointers;
  for (const Location& location : step.in) {
    const std::span<const std::byte> source = memory.from(location);
    // A step does not know its operands' element types; eight bytes suit all of them.
    in.emplace_back(source.size(), shift(8)).fill(source);
  }
  for (GuardedBuffer& buffer : in) in_pointers.push_back(buffer.data());
  std::vector<GuardedBuffer> out;
  std::vector<void*> out_pointers;
  for (const TensorType& type : step.out_types) out.emplace_back(type.bytes(), shift(size_in_bytes(type.dtype)));
  for (GuardedBuffer& buffer : out) out_pointers.push_back(buffer.data());

  for (TileRange tiles : ranges_of(step.tiles(), options.order)) {
    // Each call gets a new workspace: nothing may be passed from one call to the next, which may run on another thread.
    GuardedBuffer workspace(step.workspace_bytes(), 0);
    run_tiles(step, in_pointers, out_pointers, workspace.data(), tiles);
    require(workspace.is_intact_outside(), step, "wrote outside its workspace");
  }
  for (std::size_t k = 0; k < in.size(); ++k) {
    require(in[k].is_intact_outside(), step, "wrote outside an operand");
    require(std::ranges::equal(in[k].content(), memory.from(step.in[k])), step, "changed an operand");
  }
  for (std::size_t k = 0; k < out.size(); ++k) {
    require(out[k].is_intact_outside(), step, "wrote outside a result");
    std::ranges::copy(out[k].content(), memory.from(step.out[k]).begin());
  }
}

}  // namespace

std::vector<Tensor> run_guarded(const AppliedOp& applied, const std::vector<Value>& outputs,
                                const GuardedOptions& options) {
  const Plan plan(applied.graph, {.outputs = outputs});
  Memory memory;
  memory.arena.assign(plan.arena_bytes(), kFill);
  for (const PlanTensor& input : plan.inputs()) {
    const Tensor& tensor = applied.bound.at(input.name);
    const auto* bytes = static_cast<const std::byte*>(tensor.raw());
    memory.inputs.emplace_back(bytes, bytes + tensor.bytes());
  }
  for (const Step& step : plan.steps()) run_step(step, memory, options);
  std::vector<Tensor> results;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    TensorType type = plan.outputs()[k].type;
    type.range.reset();
    Tensor& result = results.emplace_back(type);
    const auto source = memory.from(plan.output_locations()[k]).first(type.bytes());
    std::ranges::copy(source, static_cast<std::byte*>(result.raw()));
  }
  return results;
}

}  // namespace hillock
