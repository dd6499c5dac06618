// A session finds functions and resolves pointers once, then walks over the steps.
#include "hillock/session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <new>
#include <vector>

#include "core/float_mode.h"
#include "core/thread_pool.h"
#include "exec/step_functions.h"
#include "hillock/error.h"
#include "ir/fused_chain.h"

namespace hillock {
namespace {

constexpr std::align_val_t kAlignment{64};
// A step is divided among threads only above this much work; below it waking the threads costs more than it saves.
constexpr double kThreadedFlops = 2e6;
constexpr std::size_t kThreadedBytes = std::size_t{1} << 20;

struct AlignedFree {
  void operator()(std::byte* pointer) const { ::operator delete(pointer, kAlignment); }
};
using AlignedBytes = std::unique_ptr<std::byte, AlignedFree>;

AlignedBytes allocate(std::size_t bytes) {
  return AlignedBytes(static_cast<std::byte*>(::operator new(bytes + 64, kAlignment)));
}

void require_processor() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    throw Error(
        "session: this processor lacks AVX2 or fused multiply-add, which Hillock's arithmetic is defined by; use one "
        "made after about 2015");
  }
#endif
}

template <class T>
void require_range(const PlanTensor& input, const void* data) {
  const T* values = static_cast<const T*>(data);
  const std::int64_t elements = input.type.elements();
  for (std::int64_t i = 0; i < elements; ++i) {
    if (values[i] < input.type.range->begin || values[i] >= input.type.range->end) {
      throw Error(fmt::format("bind: element {} of input \"{}\" is {}, outside [{}, {}); check the labels", i,
                              input.name, values[i], input.type.range->begin, input.type.range->end));
    }
  }
}

Tensor& find_state(const std::vector<Store*>& stores, std::string_view name) {
  if (stores.empty()) throw Error(fmt::format("session: the plan has the state \"{}\"; pass a store", name));
  for (Store* const store : stores) {
    if (store->has(name)) return store->get(name);
  }
  return stores.back()->get(name);  // throws, since no store has the block
}

}  // namespace

struct Session::State {
  // A step with its functions and the addresses of its buffers. The calls of small steps are prepared.
  struct BoundStep {
    enum class Kind : std::uint8_t { kernel, fused_chain, program, threaded };
    Kind kind;
    const Step* step;
    StepFunctions functions;
    void** in;
    void** out;
    std::int64_t tiles;
    KernelCall kernel_call;  // used unless threaded
    FusedCall fused_call;    // used for a fused chain
  };
  // A pointer that is set when its input is bound.
  struct Follower {
    void** pointer;
    std::size_t bytes_offset;
  };

  const Plan* plan;
  AlignedBytes arena;
  AlignedBytes workspace;
  std::size_t workspace_stride = 0;
  std::vector<std::byte*> states;  // by state of the plan
  std::vector<void*> pointers;
  void** next = nullptr;  // the next free one of pointers
  std::vector<BoundStep> steps;
  std::vector<std::vector<Follower>> followers;  // by input
  std::vector<const void*> bound;                // by input
  std::vector<void*> outputs;
  std::unique_ptr<ThreadPool> pool;

  void find_states(const std::vector<Store*>& stores);
  void make_pointers();
  // Sets the next pointer to what lies `offset` bytes after `location`; for an input, once that is bound.
  void resolve(const Location& location, std::size_t offset = 0);
  void add_step(const Step& step, const SessionOptions& options);
  void run(std::size_t begin, std::size_t end);
  void require_bound() const;
};

namespace {

struct ThreadedStep {
  const Step* step;
  const StepFunctions* functions;
  void** in;
  void** out;
  std::byte* workspace;
  std::size_t workspace_stride;
};

void run_part(void* context, int worker, std::int64_t begin, std::int64_t end) {
  const auto& call = *static_cast<const ThreadedStep*>(context);
  std::byte* const workspace = call.workspace + static_cast<std::size_t>(worker) * call.workspace_stride;
  call.functions->run(*call.step, call.in, call.out, workspace, {begin, end});
}

}  // namespace

void Session::State::require_bound() const {
  for (std::size_t k = 0; k < bound.size(); ++k) {
    if (bound[k] == nullptr && !followers[k].empty()) {
      throw Error(fmt::format("run: input \"{}\" was never bound; call bind first", plan->inputs()[k].name));
    }
  }
}

void Session::State::run(std::size_t begin, std::size_t end) {
  const FlushToZero mode;
  for (std::size_t s = begin; s < end; ++s) {
    const BoundStep& bound_step = steps[s];
    switch (bound_step.kind) {
      case BoundStep::Kind::kernel: bound_step.functions.kernel(bound_step.kernel_call, {0, bound_step.tiles}); break;
      case BoundStep::Kind::fused_chain: bound_step.functions.program.fused(bound_step.fused_call); break;
      case BoundStep::Kind::program:
        run_program(bound_step.functions.program, bound_step.in, bound_step.out, workspace.get(),
                    {0, bound_step.tiles});
        break;
      case BoundStep::Kind::threaded: {
        ThreadedStep call{bound_step.step, &bound_step.functions, bound_step.in,
                          bound_step.out,  workspace.get(),       workspace_stride};
        pool->run(bound_step.tiles, run_part, &call);
      }
    }
  }
}

void Session::State::find_states(const std::vector<Store*>& stores) {
  for (const PlanTensor& wanted : plan->states()) {
    Tensor& held = find_state(stores, wanted.name);
    if (held.dtype() != wanted.type.dtype || held.shape() != wanted.type.shape) {
      throw Error(fmt::format("session: state \"{}\" is {} in the store and {} in the plan", wanted.name,
                              held.type().to_string(), wanted.type.to_string()));
    }
    states.push_back(static_cast<std::byte*>(held.raw()));
  }
}

void Session::State::make_pointers() {
  std::size_t count = plan->output_locations().size();
  for (const Step& step : plan->steps()) count += step.in.size() + step.out.size() + step.program.fused_leaves.size();
  pointers.assign(count, nullptr);
  next = pointers.data();
  followers.resize(plan->inputs().size());
  bound.assign(plan->inputs().size(), nullptr);
}

void Session::State::resolve(const Location& location, std::size_t offset) {
  void** const pointer = next++;
  const auto index = static_cast<std::size_t>(location.index);
  switch (location.kind) {
    case Location::Kind::arena: *pointer = arena.get() + location.bytes_offset + offset; break;
    case Location::Kind::state: *pointer = states[index] + location.bytes_offset + offset; break;
    case Location::Kind::input: followers[index].push_back({pointer, location.bytes_offset + offset}); break;
  }
}

void Session::State::add_step(const Step& step, const SessionOptions& options) {
  using Kind = BoundStep::Kind;
  const bool pays =
      options.force_threads || step.flops >= kThreadedFlops || step.bytes_read + step.bytes_written >= kThreadedBytes;
  const PointwiseProgram& program = step.program;
  const std::int64_t columns = program.fused_columns;
  const Kind kind = options.threads > 1 && step.tiles() > 1 && pays ? Kind::threaded
                    : !step.is_program                              ? Kind::kernel
                    : program.fused != nullptr                      ? Kind::fused_chain
                                                                    : Kind::program;
  void** const in = next;
  void** const out = in + step.in.size();
  steps.push_back(
      {.kind = kind,
       .step = &step,
       .functions = find_functions(step),
       .in = in,
       .out = out,
       .tiles = step.tiles(),
       .kernel_call = {.in = in, .out = out, .parameters = step.kernel.parameters.data(), .workspace = workspace.get()},
       .fused_call = {.leaves = out + step.out.size(),
                      .outputs = out,
                      .rows = columns == 0 ? 1 : program.elements / columns,
                      .columns = columns == 0 ? program.elements : columns}});
  for (const Location& location : step.in) resolve(location);
  for (const Location& location : step.out) resolve(location);
  for (const PointwiseProgram::Leaf& leaf : program.fused_leaves) {
    if (leaf.operand < 0) {
      *next++ = const_cast<std::byte*>(leaf.constant.data());  // leaves are only read
      continue;
    }
    const auto operand = static_cast<std::size_t>(leaf.operand);
    resolve(step.in[operand], static_cast<std::size_t>(program.operands[operand].offset) * program.element_bytes);
  }
}

Session::Session(const std::vector<Store*>& stores, const Plan& plan, const SessionOptions& options)
    : state_(std::make_unique<State>()) {
  require_processor();
  if (options.threads < 1 || options.threads > 1024) {
    throw Error(fmt::format("session: {} threads; ask for 1 to 1024", options.threads));
  }
  State& state = *state_;
  state.plan = &plan;
  state.arena = allocate(plan.arena_bytes());
  state.workspace_stride = (plan.workspace_bytes() + 127) / 64 * 64;
  state.workspace = allocate(state.workspace_stride * static_cast<std::size_t>(options.threads));
  if (options.threads > 1) state.pool = std::make_unique<ThreadPool>(options.threads);
  state.find_states(stores);
  state.make_pointers();
  state.steps.reserve(plan.steps().size());
  for (const Step& step : plan.steps()) state.add_step(step, options);
  for (const Location& output : plan.output_locations()) state.resolve(output);
  state.run(0, plan.prologue_steps());
}

namespace {
// For a plan none of whose steps writes to its stores.
std::vector<Store*> read_only(const Plan& plan, std::span<const Store* const> stores) {
  if (plan.first_write() != plan.steps().size()) {
    throw Error("session: the plan updates states but the store is const; pass a store that may change");
  }
  std::vector<Store*> result;
  for (const Store* const store : stores) result.push_back(const_cast<Store*>(store));
  return result;
}
}  // namespace

Session::Session(const Plan& plan, Store& store, const SessionOptions& options)
    : Session(std::vector<Store*>{&store}, plan, options) {}

Session::Session(const Plan& plan, const Store& store, const SessionOptions& options)
    : Session(read_only(plan, std::vector<const Store*>{&store}), plan, options) {}

Session::Session(const Plan& plan, std::span<const Store* const> stores, const SessionOptions& options)
    : Session(read_only(plan, stores), plan, options) {}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Plan& Session::plan() const { return *state_->plan; }

void Session::bind(std::size_t index, const void* data) {
  if (index >= state_->bound.size()) {
    throw Error(fmt::format("bind: there is no input {}; the plan has {}", index, state_->bound.size()));
  }
  const PlanTensor& input = state_->plan->inputs()[index];
  if (data == nullptr && input.type.elements() > 0)
    throw Error(fmt::format("bind: input \"{}\" got no data; pass {}", input.name, input.type.to_string()));
  if (input.type.range) {
    if (input.type.dtype == DType::i32) require_range<std::int32_t>(input, data);
    if (input.type.dtype == DType::i64) require_range<std::int64_t>(input, data);
  }
  state_->bound[index] = data;
  for (const State::Follower& follower : state_->followers[index]) {
    // Inputs are only read; but the steps' pointer tables are shared with outputs and hence not const.
    *follower.pointer = const_cast<std::byte*>(static_cast<const std::byte*>(data)) + follower.bytes_offset;
  }
}

void Session::bind(std::string_view name, const Tensor& tensor) {
  for (std::size_t k = 0; k < state_->bound.size(); ++k) {
    const PlanTensor& input = state_->plan->inputs()[k];
    if (input.name != name) continue;
    if (tensor.dtype() != input.type.dtype || tensor.shape() != input.type.shape) {
      throw Error(
          fmt::format("bind: input \"{}\" is {}, got {}", name, input.type.to_string(), tensor.type().to_string()));
    }
    bind(k, tensor.raw());
    return;
  }
  std::vector<std::string> names;
  for (const PlanTensor& input : state_->plan->inputs()) names.push_back(input.name);
  throw Error(fmt::format("bind: there is no input \"{}\"; the plan has {}", name, fmt::join(names, ", ")));
}

void Session::run() {
  state_->require_bound();
  state_->run(state_->plan->prologue_steps(), state_->steps.size());
}

void Session::run_before_writes() {
  state_->require_bound();
  state_->run(state_->plan->prologue_steps(), state_->plan->first_write());
}

void Session::run_writes() { state_->run(state_->plan->first_write(), state_->steps.size()); }

void Session::run_step(std::size_t step) {
  if (step >= state_->steps.size()) {
    throw Error(fmt::format("run: there is no step {}; the plan has {}", step, state_->steps.size()));
  }
  state_->require_bound();
  state_->run(step, step + 1);
}

const void* Session::output(std::size_t index) const {
  if (index >= state_->plan->outputs().size()) {
    throw Error(fmt::format("session: there is no output {}; the plan has {}", index, state_->plan->outputs().size()));
  }
  const std::size_t first = state_->pointers.size() - state_->plan->outputs().size();
  return state_->pointers[first + index];
}

const void* Session::output(std::size_t index, DType dtype) const {
  const void* const values = output(index);
  const TensorType& type = state_->plan->outputs()[index].type;
  if (type.dtype == dtype) return values;
  throw Error(fmt::format("session: output {} is {}, not of {}", index, type.to_string(), name_of(dtype)));
}

double Session::scalar(std::size_t index) const {
  const void* const value = output(index);
  const TensorType& type = state_->plan->outputs()[index].type;
  if (type.elements() != 1)
    throw Error(fmt::format("session: output {} is {}, not one number", index, type.to_string()));
  if (type.dtype == DType::f32) return static_cast<double>(*static_cast<const float*>(value));
  if (type.dtype == DType::f64) return *static_cast<const double*>(value);
  if (type.dtype == DType::i32) return *static_cast<const std::int32_t*>(value);
  return static_cast<double>(*static_cast<const std::int64_t*>(value));
}

}  // namespace hillock
