// Lowers a graph to storages, accesses through views, and steps. Inputs of concatenations are placed in the result, and
// states are updated in place.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "hillock/error.h"
#include "plan/draft.h"
#include "plan/program.h"

namespace hillock {

StorageId root_of(const Draft& draft, StorageId id) {
  while (draft.storages[static_cast<std::size_t>(id)].parent >= 0)
    id = draft.storages[static_cast<std::size_t>(id)].parent;
  return id;
}

std::vector<std::size_t> producers_of(const Draft& draft, StorageId id) {
  std::vector<std::size_t> producers;
  for (std::size_t s = 0; s < draft.steps.size(); ++s) {
    for (StorageId out : draft.steps[s].out) {
      const bool is_part = draft.storages[static_cast<std::size_t>(id)].is_concatenation &&
                           draft.storages[static_cast<std::size_t>(out)].parent == id;
      if (out == id || is_part) producers.push_back(s);
    }
  }
  return producers;
}

namespace {

class Lowering {
 public:
  Lowering(const Graph& graph, const PlanOptions& options, const Fusion& fusion)
      : graph_(graph), options_(options), fusion_(fusion) {}

  Draft run() {
    draft_.constant_states = options_.constant_states;
    mark_used_outside();
    for (std::size_t k = 0; k < graph_.inputs().size(); ++k) {
      add_source(graph_.inputs()[k], Location::Kind::input, k);
    }
    for (std::size_t k = 0; k < graph_.states().size(); ++k) {
      add_source(graph_.states()[k].old, Location::Kind::state, k);
    }
    for (NodeId id = 0; id < graph_.size(); ++id) lower_node(id);
    lower_outputs();
    if (options_.update) bind_states();
    return std::move(draft_);
  }

 private:
  Storage& storage(StorageId id) { return draft_.storages[static_cast<std::size_t>(id)]; }
  UnitId unit(NodeId id) const { return fusion_.unit[static_cast<std::size_t>(id)]; }
  bool needed(NodeId id) const { return fusion_.needed[static_cast<std::size_t>(id)]; }

  StorageId add_storage(TensorType type) {
    type.range.reset();
    draft_.storages.push_back({.type = std::move(type)});
    return static_cast<StorageId>(draft_.storages.size() - 1);
  }
  void add_source(Value value, Location::Kind kind, std::size_t index) {
    const StorageId id = add_storage(graph_.type(value));
    storage(id).kind = kind;
    storage(id).index = static_cast<std::int32_t>(index);
    accesses_[value] = {id, View::dense(graph_.type(value).shape)};
  }
  DraftStep& add_step() {
    draft_.steps.emplace_back();
    draft_.steps.back().order = static_cast<std::int64_t>(draft_.steps.size());
    return draft_.steps.back();
  }
  StorageId add_copy(const Access& from, StorageId to, KernelReason reason) {
    const DType dtype = storage(to).type.dtype;
    DraftStep& step = add_step();
    step.in = {from};
    step.out = {to};
    step.is_program = true;
    step.program = build_copy(from.view, dtype);
    step.reason = reason;
    return to;
  }

  void mark_used_outside() {
    used_outside_.assign(static_cast<std::size_t>(graph_.size()), false);
    auto mark = [&](Value value) { used_outside_[static_cast<std::size_t>(value.node)] = true; };
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!needed(id)) continue;
      for (Value value : graph_.node(id).inputs) {
        if (unit(id) < 0 || unit(id) != unit(value.node)) mark(value);
      }
    }
    for (Value value : options_.outputs) mark(value);
    for (const StatePair& pair : graph_.states()) {
      if (options_.update && pair.next) mark(pair.next);
    }
  }

  void lower_node(NodeId id) {
    const Node& node = graph_.node(id);
    if (!needed(id) || accesses_.contains({id, 0})) return;
    if (node.op->view != nullptr) {
      accesses_[{id, 0}] = lower_view(id);
    } else if (node.op->concatenates) {
      accesses_[{id, 0}] = lower_concat(id);
    } else if (unit(id) >= 0) {
      const auto& members = fusion_.members[static_cast<std::size_t>(unit(id))];
      if (members.back() != id) return;  // the chain is lowered at its last member
      if (node.op->pointwise != nullptr) {
        lower_chain(members);
      } else {
        lower_kernel(id);
      }
    }
  }

  // A chain may be lowered after nodes (views, concatenations) that refer to its earlier members. All look-ups
  // therefore go through here and lower what is missing. The rules of fusion guarantee that this ends.
  Access access(Value value) {
    if (!accesses_.contains(value)) {
      const UnitId u = unit(value.node);
      lower_node(u >= 0 ? fusion_.members[static_cast<std::size_t>(u)].back() : value.node);
    }
    return accesses_.at(value);
  }

  Access dense_access(Value value) {
    const Access seen = access(value);
    return seen.view.is_dense() ? seen : dense_copy(seen, graph_.type(value));
  }
  Access dense_copy(const Access& seen, const TensorType& type) {
    for (const auto& [from, to] : copies_) {
      if (from == seen) return to;
    }
    const KernelReason reason{"the reader takes dense operands only"};
    const Access result{add_copy(seen, add_storage(type), reason), View::dense(type.shape)};
    copies_.emplace_back(seen, result);
    return result;
  }

  Access lower_view(NodeId id) {
    const Node& node = graph_.node(id);
    Access seen = access(node.inputs[0]);
    const TensorType type = graph_.type(node.inputs[0]);
    const OpSignature signature{.in = {&type, 1}, .out = node.outputs, .attributes = node.attributes};
    std::optional<View> view = node.op->view(signature, seen.view);
    if (!view) {
      seen = dense_copy(seen, type);
      view = node.op->view(signature, seen.view);
      if (!view) throw Error(fmt::format("plan: op {} cannot view a dense operand; fix its view rule", node.op->name));
    }
    return {seen.storage, *view};
  }

  Access lower_concat(NodeId id) {
    const Node& node = graph_.node(id);
    const StorageId whole = add_storage(node.outputs[0]);
    storage(whole).is_concatenation = true;
    std::size_t offset = 0;
    for (Value value : node.inputs) {
      const TensorType& type = graph_.type(value);
      const Access part = access(value);
      Storage& candidate = storage(part.storage);
      if (candidate.kind == Location::Kind::arena && candidate.parent < 0 && !candidate.is_concatenation &&
          part.covers(candidate) && type.elements() > 0) {
        candidate.parent = whole;
        candidate.parent_offset = offset;
      } else if (type.elements() > 0) {
        const StorageId target = add_storage(type);
        storage(target).parent = whole;
        storage(target).parent_offset = offset;
        add_copy(part, target, {"a part of a concatenation that is not written in place"});
      }
      offset += type.bytes();
    }
    return {whole, View::dense(node.outputs[0].shape)};
  }

  void lower_kernel(NodeId id) {
    const Node& node = graph_.node(id);
    std::vector<Access> in;
    for (Value value : node.inputs) in.push_back(dense_access(value));
    std::vector<StorageId> out;
    for (std::size_t k = 0; k < node.outputs.size(); ++k) {
      out.push_back(add_storage(node.outputs[k]));
      accesses_[{id, static_cast<std::int32_t>(k)}] = {out.back(), View::dense(node.outputs[k].shape)};
    }
    DraftStep& step = add_step();
    step.nodes = {id};
    step.in = std::move(in);
    step.out = std::move(out);
  }

  void lower_chain(const std::vector<NodeId>& members) {
    ChainOfNodes chain{
        .members = members, .operands = {}, .outputs = {}, .access = [this](Value value) { return access(value); }};
    for (NodeId id : members) {
      for (Value value : graph_.node(id).inputs) {
        if (unit(value.node) == unit(id) || is_nullary_pointwise(graph_.node(value.node))) continue;
        const Access seen = access(value);
        if (std::ranges::find(chain.operands, seen) == chain.operands.end()) chain.operands.push_back(seen);
      }
      if (used_outside_[static_cast<std::size_t>(id)]) chain.outputs.push_back(id);
    }
    std::vector<StorageId> out;
    for (NodeId id : chain.outputs) {
      out.push_back(add_storage(graph_.type({id, 0})));
      accesses_[{id, 0}] = {out.back(), View::dense(graph_.type({id, 0}).shape)};
    }
    PointwiseProgram program = build_program(graph_, chain);
    DraftStep& step = add_step();
    step.nodes = members;
    step.in = chain.operands;
    step.out = std::move(out);
    step.is_program = true;
    step.program = std::move(program);
  }

  bool is_overwritten(const Storage& candidate) const {
    return options_.update && candidate.kind == Location::Kind::state &&
           graph_.states()[static_cast<std::size_t>(candidate.index)].next;
  }

  void lower_outputs() {
    for (Value value : options_.outputs) {
      Access seen = access(value);
      if (!seen.view.is_dense() || is_overwritten(storage(seen.storage))) {
        // A copy of its own rather than a shared one, because the caller reads it after the run.
        const KernelReason reason = seen.view.is_dense() ? KernelReason{"an output that the update would overwrite"}
                                                         : KernelReason{"an output is dense"};
        seen = {add_copy(seen, add_storage(graph_.type(value)), reason), View::dense(graph_.type(value).shape)};
      }
      storage(root_of(draft_, seen.storage)).is_output = true;
      storage(seen.storage).is_output = true;
      draft_.outputs.push_back(seen);
    }
  }

  // --- states ---

  std::vector<std::size_t> readers_of(StorageId id) const {
    std::vector<std::size_t> readers;
    for (std::size_t s = 0; s < draft_.steps.size(); ++s) {
      for (const Access& access : draft_.steps[s].in) {
        if (access.storage == id) {
          readers.push_back(s);
          break;
        }
      }
    }
    return readers;
  }
  bool depends_on(std::size_t step, std::size_t target) const {
    std::vector<bool> seen(draft_.steps.size(), false);
    std::vector<std::size_t> frontier{step};
    while (!frontier.empty()) {
      const std::size_t s = frontier.back();
      frontier.pop_back();
      if (s == target) return true;
      if (seen[s]) continue;
      seen[s] = true;
      for (std::size_t before : draft_.steps[s].after) frontier.push_back(before);
      for (const Access& access : draft_.steps[s].in) {
        for (std::size_t before : producers_of(draft_, access.storage)) frontier.push_back(before);
      }
    }
    return false;
  }

  void bind_states() {
    // First copies next values that are themselves inputs or other states: a swap of two states must read both old
    // values.
    std::vector<std::pair<StorageId, Access>> pending;
    for (const StatePair& pair : graph_.states()) {
      if (!pair.next || pair.next == pair.old) continue;
      Access next = access(pair.next);
      const StorageId old = accesses_.at(pair.old).storage;
      if (storage(next.storage).kind == Location::Kind::state) {
        next = {add_copy(next, add_storage(graph_.type(pair.next)), {"the old value of a state, for another one"}),
                View::dense(graph_.type(pair.next).shape)};
      }
      pending.emplace_back(old, next);
    }
    for (const auto& [old, next] : pending) {
      if (!bind_in_place(old, next)) write_by_copy(old, next);
    }
  }

  bool bind_in_place(StorageId old, const Access& next) {
    const Storage& target = storage(next.storage);
    if (target.kind != Location::Kind::arena || target.parent >= 0 || target.is_concatenation || !next.covers(target))
      return false;
    const std::vector<std::size_t> producers = producers_of(draft_, next.storage);
    if (producers.size() != 1) return false;
    const std::size_t writer = producers.front();
    std::vector<std::size_t> before;
    for (std::size_t reader : readers_of(old)) {
      if (reader == writer) {
        if (!writer_may_overwrite(draft_.steps[writer], old, next.storage)) return false;
      } else if (depends_on(reader, writer)) {
        return false;
      } else {
        before.push_back(reader);
      }
    }
    DraftStep& step = draft_.steps[writer];
    step.overwrites = old;
    step.after.insert(step.after.end(), before.begin(), before.end());
    storage(next.storage).parent = old;
    storage(next.storage).parent_offset = 0;
    return true;
  }
  static bool writer_may_overwrite(const DraftStep& step, StorageId old, StorageId next) {
    if (!step.is_program) return false;
    const auto output = static_cast<std::size_t>(std::ranges::find(step.out, next) - step.out.begin());
    for (std::size_t k = 0; k < step.in.size(); ++k) {
      if (step.in[k].storage != old) continue;
      if (step.in[k].view.offset != 0 || !may_overwrite(step.program, k, output)) return false;
    }
    return true;
  }

  void write_by_copy(StorageId old, const Access& next) {
    const StorageId target = add_storage(storage(old).type);
    storage(target).parent = old;
    std::vector<std::size_t> before = readers_of(old);
    add_copy(next, target, {"a state's next value that cannot be computed in place"});
    draft_.steps.back().overwrites = old;
    draft_.steps.back().after = std::move(before);
  }

  const Graph& graph_;
  const PlanOptions& options_;
  const Fusion& fusion_;
  Draft draft_;
  std::map<Value, Access> accesses_;
  std::vector<bool> used_outside_;
  std::vector<std::pair<Access, Access>> copies_;
};

}  // namespace

Draft lower(const Graph& graph, const PlanOptions& options, const Fusion& fusion) {
  return Lowering(graph, options, fusion).run();
}

}  // namespace hillock
