// Prints a plan as a table.
#include <fmt/format.h>

#include <span>
#include <string>

#include "hillock/plan.h"
#include "ir/fused_chain.h"

namespace hillock {
namespace {

std::string place_name(const Location& location, std::span<const PlanTensor> inputs,
                       std::span<const PlanTensor> states) {
  const std::string offset = location.bytes_offset == 0 ? "" : fmt::format("+{}", location.bytes_offset);
  switch (location.kind) {
    case Location::Kind::input: return inputs[static_cast<std::size_t>(location.index)].name + offset;
    case Location::Kind::state: return states[static_cast<std::size_t>(location.index)].name + offset;
    case Location::Kind::arena: break;
  }
  return fmt::format("@{}", location.bytes_offset);
}

// "matmul(transpose_a=0, transpose_b=1) f32[32, 10] f32[32, 10] -> f32[32, 32]". A program's name lists its ops, and
// all have one type, so only its ops with attributes are printed again.
std::string what_it_computes(const Step& step) {
  std::string text;
  for (const Step::Computed& computed : step.ops) {
    const std::string attributes = computed.attributes.to_string();
    if (step.is_program && attributes.empty()) continue;
    text += computed.op->name;
    if (!attributes.empty()) text += fmt::format("({})", attributes);
    text += " ";
  }
  if (step.is_program) return text + step.out_types.front().to_string();
  for (const TensorType& type : step.in_types) text += fmt::format("{} ", type.to_string());
  text += "->";
  for (const TensorType& type : step.out_types) text += fmt::format(" {}", type.to_string());
  return text;
}

}  // namespace

std::string Step::reason_text() const {
  return program.fused == nullptr ? reason.to_string() : fmt::format("fused chain {}", program.fused->name);
}

std::string Plan::to_string() const {
  std::string text = fmt::format("{:>4}  {:<44} {:>12} {:>11} {:>6}  {}\n", "step", "what", "operations", "bytes",
                                 "tiles", "in -> out");
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const Step& step = steps_[s];
    std::string places;
    for (const Location& in : step.in) places += place_name(in, inputs_, states_) + " ";
    places += "->";
    for (const Location& out : step.out) places += fmt::format(" {}", place_name(out, inputs_, states_));
    if (!step.label.empty()) places += fmt::format("  # {}", step.label);
    text += fmt::format("{:>4}  {:<44} {:>12.0f} {:>11} {:>6}  {}{}\n", s, step.name, step.flops,
                        step.bytes_read + step.bytes_written, step.tiles(), places,
                        step.writes_state     ? "  (writes state)"
                        : s < prologue_steps_ ? "  (once, when a session is made)"
                                              : "");
    const std::string reason = step.reason_text();
    text += fmt::format("{:>4}    {}{}{}\n", "", what_it_computes(step), reason.empty() ? "" : ": ", reason);
  }
  text += fmt::format("{} steps, {:.0f} operations, {} bytes moved, arena {} bytes (peak of live bytes {})\n",
                      steps_.size(), flops(), bytes_moved(), arena_bytes_, peak_live_bytes_);
  return text;
}

}  // namespace hillock
