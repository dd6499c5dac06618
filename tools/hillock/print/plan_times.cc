// Prints the table of steps and the line of limits.
#include "print/plan_times.h"

#include <fmt/format.h>

#include "hillock/text.h"

namespace hillock::program {
namespace {

std::string row(std::string_view number, std::string_view what, double flops, double bytes, const StepTime& time) {
  return fmt::format("{:>4}  {:<44} {:>12.0f} {:>11.0f} {:>11.3f} {:>8.1f} {:>8.1f} {:>8.1f}", number, what, flops,
                     bytes, time.seconds * 1e6, flops / time.seconds * 1e-9, bytes / time.seconds * 1e-9,
                     100 * time.least_seconds / time.seconds);
}

}  // namespace

std::string limits_text(const MachineLimits& limits) {
  return fmt::format(
      "limits of this machine, {}, {}: {:.1f} GFLOP/s in f32, {:.1f} in f64; {:.1f} GB/s in the first-level cache, "
      "{:.1f} in memory\n",
      counted(limits.threads, "thread"), instruction_set(), limits.f32_flops_per_second * 1e-9,
      limits.f64_flops_per_second * 1e-9, limits.cache_bytes_per_second * 1e-9, limits.memory_bytes_per_second * 1e-9);
}

std::string plan_times_text(const Plan& plan, const std::vector<StepTime>& times) {
  std::string text = fmt::format("{:>4}  {:<44} {:>12} {:>11} {:>11} {:>8} {:>8} {:>8}\n", "step", "what", "operations",
                                 "bytes", "us", "GFLOP/s", "GB/s", "% limit");
  StepTime all;
  for (std::size_t k = 0; k < times.size(); ++k) {
    const Step& step = plan.steps()[k];
    text += row(std::to_string(k), step.name, step.flops, static_cast<double>(step.bytes_read + step.bytes_written),
                times[k]);
    if (!step.label.empty()) text += "  # " + step.label;
    text += "\n";
    all.seconds += times[k].seconds;
    all.least_seconds += times[k].least_seconds;
  }
  return text + row("", "all steps", plan.flops(), static_cast<double>(plan.bytes_moved()), all) + "\n";
}

}  // namespace hillock::program
