// limits: the peak rates of this machine, with which every other figure is compared.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "hillock/machine.h"

int main(int argc, char** argv) {
  using namespace hillock;
  int most = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  bool json = false;
  CLI::App app("Measures the peak of fused multiply-adds and the bandwidth of memory.");
  app.add_option("--threads", most, "Measure with 1 to so many (as many as there are processors)")
      ->check(CLI::Range(1, 256));
  app.add_flag("--json", json, "One JSON object a line");
  CLI11_PARSE(app, argc, argv);
  if (!json) fmt::print("{:>7}{:>16}{:>16}{:>12}\n", "threads", "f32 GFLOP/s", "f64 GFLOP/s", "triad GB/s");
  for (int threads = 1; threads <= most; ++threads) {
    const MachineLimits limits = measure_machine_limits(threads);
    if (json) {
      const nlohmann::ordered_json line{{"threads", threads},
                                        {"f32_flops_per_second", limits.f32_flops_per_second},
                                        {"f64_flops_per_second", limits.f64_flops_per_second},
                                        {"triad_bytes_per_second", limits.memory_bytes_per_second}};
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{:>7}{:>16.1f}{:>16.1f}{:>12.1f}\n", threads, limits.f32_flops_per_second / 1e9,
                 limits.f64_flops_per_second / 1e9, limits.memory_bytes_per_second / 1e9);
    }
  }
}
