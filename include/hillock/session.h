// Sessions run plans: they execute the steps in order, without allocating memory or making decisions.
//
// A session must be used by one thread at a time. Many sessions may share a plan. Sessions that share a store must not
// run at the same time if one of them writes to it.
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
  int threads = 1;             // does not affect results
  bool force_threads = false;  // use all threads even for the smallest steps (for tests)
};

class Session {
 public:
  // `plan` and `store` must outlive the session; if the states of the plan are constant, the store must not change
  // meanwhile. Throws Error if the store lacks a state of the plan or has it with another type, if an op's kernel rule
  // now chooses another kernel than in the plan, or if the processor lacks
  // instructions that the library was compiled for.
  Session(const Plan& plan, Store& store, const SessionOptions& options = {});
  // For a plan that writes no state (throws Error otherwise). The store is only read, so many such sessions may run at
  // the same time.
  Session(const Plan& plan, const Store& store, const SessionOptions& options = {});
  // The same for states in several stores; each state is taken from the first store that has it.
  Session(const Plan& plan, std::span<const Store* const> stores, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Binds input number `index` (in the order of Plan::inputs) to `data`, dense and row-major. Nothing is copied: `data`
  // must stay valid and unchanged while the session runs. Throws Error if an integer is outside the input's range.
  void bind(std::size_t index, const void* data);
  // The same by name; also checks the type. `tensor` must outlive the run.
  void bind(std::string_view name, const Tensor& tensor);

  // Runs all steps but those of the prologue, which ran when the session was made. Throws Error, before the first step,
  // if an input was never bound.
  void run();
  // The same in two parts: the steps that do not change any state, then the others. Between the two, a caller may read
  // outputs, such as the loss, and decide not to update.
  void run_before_writes();
  void run_writes();

  // Runs step number `step` (in the order of Plan::steps) alone, on the current contents of its buffers, to measure it.
  // Throws Error as run() does, or if there is no such step.
  void run_step(std::size_t step);

  // Output number `index` (in the order of PlanOptions::outputs), valid until the next run. Throws Error if there is no
  // such output, or if T is not its dtype.
  const void* output(std::size_t index) const;
  template <class T>
  std::span<const T> output_values(std::size_t index) const {
    const void* const values = output(index, DTypeOf<T>::value);
    return {static_cast<const T*>(values), static_cast<std::size_t>(plan().outputs()[index].type.elements())};
  }
  double scalar(std::size_t index) const;  // the value of an output of one element

  const Plan& plan() const;

 private:
  // The arguments are reordered to distinguish it from the constructor above, whose stores are only read.
  Session(const std::vector<Store*>& stores, const Plan& plan, const SessionOptions& options);
  const void* output(std::size_t index, DType dtype) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock
