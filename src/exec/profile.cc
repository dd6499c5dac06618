// Times the steps of a plan, repeating each until the clock resolves it.
#include "hillock/profile.h"

#include <algorithm>
#include <chrono>

#include "core/random.h"
#include "hillock/session.h"

namespace hillock {
namespace {

// A step that moves no more than this is compared with the cache's bandwidth: its data stay in the cache between runs.
constexpr std::size_t kCachedBytes = std::size_t{1} << 20;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Tensor made_up(const PlanTensor& input) {
  Tensor tensor(input.type);
  PhiloxStream random(0, input.name);
  const IntegerRange range = input.type.range.value_or(IntegerRange{0, 1});
  const bool whole = input.type.dtype == DType::i32 || input.type.dtype == DType::i64;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    tensor.set(i, whole ? static_cast<double>(range.begin) +
                              static_cast<double>(random.below(static_cast<std::uint64_t>(range.end - range.begin)))
                        : random.uniform());
  }
  return tensor;
}

double median_seconds(Session& session, std::size_t step) {
  constexpr int kSamples = 9;
  constexpr double kSampleSeconds = 1e-3;
  std::int64_t runs = 1;
  std::vector<double> samples;
  while (samples.size() < kSamples) {
    const double start = now();
    for (std::int64_t run = 0; run < runs; ++run) session.run_step(step);
    const double took = now() - start;
    if (took < kSampleSeconds) {
      runs *= 2;
    } else {
      samples.push_back(took / static_cast<double>(runs));
    }
  }
  std::ranges::nth_element(samples, samples.begin() + kSamples / 2);
  return samples[kSamples / 2];
}

double least_seconds(const Step& step, const MachineLimits& limits) {
  const bool f64 = !step.out_types.empty() && step.out_types[0].dtype == DType::f64;
  const std::size_t bytes = step.bytes_read + step.bytes_written;
  const double flops_per_second = f64 ? limits.f64_flops_per_second : limits.f32_flops_per_second;
  const double bytes_per_second =
      bytes <= kCachedBytes ? limits.cache_bytes_per_second : limits.memory_bytes_per_second;
  return std::max(step.flops / flops_per_second, static_cast<double>(bytes) / bytes_per_second);
}

}  // namespace

std::vector<StepTime> time_steps(const Plan& plan, Store& store, const MachineLimits& limits) {
  Session session(plan, store, {.threads = limits.threads});
  std::vector<Tensor> inputs;
  for (const PlanTensor& input : plan.inputs()) inputs.push_back(made_up(input));
  for (std::size_t k = 0; k < inputs.size(); ++k) session.bind(k, inputs[k].raw());
  session.run();
  std::vector<StepTime> times;
  for (std::size_t k = 0; k < plan.steps().size(); ++k)
    times.push_back({.seconds = median_seconds(session, k), .least_seconds = least_seconds(plan.steps()[k], limits)});
  return times;
}

}  // namespace hillock
