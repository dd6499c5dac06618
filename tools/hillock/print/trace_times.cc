// Prints the cost of gradients.
#include "print/trace_times.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "hillock/text.h"

namespace hillock::program {
namespace {

std::string duration(double seconds) {
  const auto [value, unit] = seconds < 1e-3 ? std::pair(seconds * 1e6, "us")
                             : seconds < 1  ? std::pair(seconds * 1e3, "ms")
                                            : std::pair(seconds, "s");
  return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, unit);
}

std::string ratio(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 1 : 0); }

}  // namespace

std::string to_text(const GradientTimes& times) {
  const auto line = [](std::string_view label, const std::string& what, double seconds, const std::string& note) {
    std::string text = fmt::format("{:<11}{:<28}{:<12}{}", label, what, duration(seconds), note);
    while (text.ends_with(' ')) text.pop_back();
    return text + "\n";
  };
  const std::string run = times.passes_run == times.passes ? "" : fmt::format(", from {} of them", times.passes_run);
  return line("time", "one forward pass", times.forward, "") +
         line("", "forward and backward pass", times.forward_backward,
              fmt::format("{} forward passes, all {}", ratio(times.forward_backward / times.forward),
                          counted(times.parameters, "gradient"))) +
         line("", fmt::format("{} forward passes", times.passes), times.differences,
              fmt::format("what forward differences of {} need: {} times as long{}",
                          counted(times.parameters, "parameter"), ratio(times.differences / times.forward_backward),
                          run));
}

}  // namespace hillock::program
