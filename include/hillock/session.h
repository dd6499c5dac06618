// Runs a plan: walks its steps, allocating nothing and deciding nothing.
//
// A session belongs to one thread at a time. Many sessions may share one plan; sessions that share a store take turns.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "hillock/plan.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

struct SessionOptions {
  int threads = 1;             // results do not depend on it
  bool force_threads = false;  // use them for the smallest step too (for tests)
};

class Session {
 public:
  // `plan` and `store` must outlive the session. Throws Error if the store lacks a state of the plan or has it with
  // another type, if the rule of an op now chooses another kernel than for the plan, or if the processor lacks the
  // instructions that the library was compiled for.
  Session(const Plan& plan, Store& store, const SessionOptions& options = {});
  // For a plan that updates no state (throws Error otherwise): the store is only read, so many such sessions may share
  // it.
  Session(const Plan& plan, const Store& store, const SessionOptions& options = {});
  // The same for states that lie in several stores; each is taken from the first that has it.
  Session(const Plan& plan, std::span<const Store* const> stores, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Feeds input number `index` (the order of Plan::inputs) from `data`, dense and row-major, which must stay valid and
  // unchanged while the session runs. Nothing is copied. Integers are checked against the input's range; throws Error.
  void bind(std::size_t index, const void* data);
  // The same by name; also checks the type. `tensor` must outlive the run.
  void bind(std::string_view name, const Tensor& tensor);

  // Runs all steps. Throws Error, before any step, if an input was never bound.
  void run();
  // The same in two parts: every step that leaves the states as they were, then the rest. Between the two a caller may
  // look at outputs (the loss) and decide not to update.
  void run_before_writes();
  void run_writes();

  // Runs step number `step` (the order of Plan::steps) alone, as it stands, on what its buffers hold: for measuring.
  // Throws Error as run() does, or if there is no such step.
  void run_step(std::size_t step);

  // Output number `index` (the order of PlanOptions::outputs); valid until the next run. Throws Error if there is none,
  // or if T is not its dtype.
  const void* output(std::size_t index) const;
  template <class T>
  std::span<const T> output_values(std::size_t index) const {
    const void* const values = output(index, DTypeOf<T>::value);
    return {static_cast<const T*>(values), static_cast<std::size_t>(plan().outputs()[index].type.elements())};
  }
  double scalar(std::size_t index) const;  // an output of one element, as a double

  const Plan& plan() const;

 private:
  // Not to be taken for the constructor above, which reads its stores only.
  Session(const std::vector<Store*>& stores, const Plan& plan, const SessionOptions& options);
  const void* output(std::size_t index, DType dtype) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock
